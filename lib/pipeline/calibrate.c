/* The calibration stage of a run: a scenario without `calibration` is calibrated, any other is used as it is. */
#include "pipeline/run.h"

#include <pairsabides/calibrate.h>

#include "scenario/config.h"
#include "base/csv_write.h"

enum { EPISODES = 64, VALIDATION = 32 };

/* Rows of the pair have no second value. */
static void end_short_row(pab__csv_out *csv)
{
    pab__csv_put_empty(csv);
    pab__csv_end_row(csv);
}

static void put_number(pab__csv_out *csv, const char *name, double value)
{
    pab__csv_put_text(csv, name);
    pab__csv_put_real(csv, value);
    end_short_row(csv);
}

static pab_status write_summary(const pab__run *run, const pab_calibration *c, const char *file)
{
    static const char *const labels[] = {"none", "makers", "retreat"};
    const struct {
        const char *name;
        const double *of; /* legs */
    } row[] = {
        {"spread_ticks", c->spread},         {"touch_shares", c->touch},      {"volatility_bps", c->volatility},
        {"volume_per_hour", c->volume},      {"half_spread_bps", c->half_spread}, {"impact_eta", c->impact_eta},
    };
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__csv_out csv = {.out = &t};
    pab__csv_head(&csv, "what,a,b");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        pab__csv_put_text(&csv, row[i].name);
        pab__csv_put_reals(&csv, row[i].of, 2);
        pab__csv_end_row(&csv);
    }
    pab__csv_put_text(&csv, "parent_shares");
    pab__csv_put_int(&csv, c->quantity);
    end_short_row(&csv);
    put_number(&csv, "beta", c->beta);
    pab__csv_put_text(&csv, "labels");
    pab__csv_put_text(&csv, labels[c->label]);
    end_short_row(&csv);
    put_number(&csv, "auc", c->auc);
    put_number(&csv, "brier", c->brier);
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

static pab_status calibrate(pab__run *run, const char *const *files)
{
    char path[PAB__RUN_DIR_PATH];
    pab_calibrate_options how;
    pab_calibration report = {.struct_size = sizeof report};
    pab_status status = pab_calibrate_options_init(&how, sizeof how);
    how.episodes = pab__pipeline_scaled(run->options.budget, EPISODES, 4);
    how.validation = pab__pipeline_scaled(run->options.budget, VALIDATION, 2);
    how.threads = run->options.threads;
    how.progress = &run->at.relay;
    how.report = &report;
    if (status == PAB_OK)
        status = pab_calibrate(run->artefacts->scn, &how, run->artefacts->cfg);
    if (status == PAB_OK)
        status = pab_config_save(run->artefacts->cfg, pab__run_dir_path(&run->dir, files[0], path));
    if (status == PAB_OK)
        status = write_summary(run, &report, files[1]);
    return status == PAB_OK ? pab__stage_end(run, files, NULL) : status;
}

pab_status pab__run_calibrate(pab__run *run)
{
    static const char *const files[] = {"calibrated.yaml", "calibration.csv", NULL};
    char path[PAB__RUN_DIR_PATH];
    pab_pipeline *artefacts = run->artefacts;
    int32_t done;
    pab__stage_cost w;
    if (!run->options.calibrate || pab__node_find(artefacts->cfg->tree.root, "calibration"))
        return PAB_OK;
    pab__stage_costs(&run->options, &w);
    pab_status status = pab__stage_begin(run, "calibrate", w.calibrate, files, NULL, &done);
    if (status == PAB_OK && !done)
        status = calibrate(run, files);
    if (status != PAB_OK)
        return status;
    /* From the file in either case: a resumed run has the same scenario to the last bit. */
    pab_scenario_free(artefacts->scn);
    artefacts->scn = NULL;
    status = pab_config_load(artefacts->cfg, pab__run_dir_path(&run->dir, files[0], path));
    return status == PAB_OK ? pab_scenario_new(artefacts->cfg, &artefacts->scn) : status;
}
