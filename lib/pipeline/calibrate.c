/* The calibration stage of a run: a scenario without `calibration` is calibrated, any other is used as it is. */
#include "pipeline/run.h"

#include <pairsabides/calibrate.h>

#include "scenario/config.h"
#include "base/text.h"

enum { EPISODES = 64, VALIDATION = 32 };

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
    pab__text_put(&t, "what,a,b\n");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        pab__text_say(&t, "%s,%.10g,%.10g\n", row[i].name, row[i].of[0], row[i].of[1]);
    pab__text_say(&t, "parent_shares,%lld,\nbeta,%.10g,\nlabels,%s,\n", (long long)c->quantity, c->beta,
                  labels[c->label]);
    pab__text_put(&t, "auc,");
    pab__text_put_real(&t, c->auc);
    pab__text_put(&t, ",\nbrier,");
    pab__text_put_real(&t, c->brier);
    pab__text_put(&t, ",\n");
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
