/* The last stage: tables as CSV, and report.json: what was run, what was decided, how every policy did. */
#include "pipeline/result_table.h"

#include <pairsabides/version.h>

#include "base/json.h"
#include "scenario/scenario.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const report_files[] = {"report.json", NULL};

static void put_run(const pab__run *run, pab__json *j)
{
    static const char *const splits[] = {"", "train", "validation", "test"};
    const pab_pipeline_options *o = &run->options;
    pab__json_open_row(j, "run", '{');
    pab__json_put_uint(j, "seed", o->master_seed);
    pab__json_put_real(j, "budget", o->budget);
    pab__json_put_real(j, "eta", o->eta);
    pab__json_put_real(j, "tracking", o->tracking);
    pab__json_put_uint(j, "rounds", o->rounds);
    pab__json_put_bool(j, "rules", o->rules);
    pab__json_put_text(j, "split", splits[o->split]);
    pab__json_put_uint(j, "episodes", o->episodes);
    pab__json_put_uint(j, "skip", o->skip);
    pab__json_put_uint(j, "resamples", o->resamples);
    pab__json_close(j);
}

/* What the ensemble was trained for: the weight of tracking error and its bound on the seeds that chose it. */
static void put_tracking(const pab__run *run, pab__json *j)
{
    pab_sip_info info = {.struct_size = sizeof info};
    pab_sip_finalist shipped = {.struct_size = sizeof shipped};
    if (pab_sip_describe(run->artefacts->sip, &info) != PAB_OK ||
        pab_sip_finalist_get(run->artefacts->sip, info.shipped, &shipped) != PAB_OK)
        return;
    pab__json_open_row(j, "tracking", '{');
    pab__json_put_real(j, "eta", info.eta_asked);
    pab__json_put_real(j, "multiplier", info.eta);
    pab__json_put_real(j, "bound", info.bound > 0 ? info.bound : NAN);
    pab__json_put_real(j, "ensemble", shipped.tracking);
    pab__json_close(j);
}

static void put_increments(const pab__increments *increments, pab__json *j)
{
    pab__json_open(j, "increments", '[');
    for (uint32_t i = 0; i < increments->count; i++) {
        const pab__increment *n = &increments->row[i];
        pab__json_open_row(j, NULL, '{');
        pab__json_put_text(j, "policy", n->of);
        pab__json_put_text(j, "less", n->over);
        pab__json_put_text(j, "regime", n->regime < 0 ? "all" : pab_regime_name(n->regime));
        pab__json_put_real(j, "mean", n->less.mean);
        pab__json_put_real(j, "low", n->less.low);
        pab__json_put_real(j, "high", n->less.high);
        pab__json_close(j);
    }
    pab__json_close(j);
}

static void put_summary_row(const char *policy, int32_t regime, const pab_eval_summary *s, pab__json *j)
{
    pab__json_open_row(j, NULL, '{');
    pab__json_put_text(j, "policy", policy);
    pab__json_put_text(j, "regime", regime < 0 ? "all" : pab_regime_name(regime));
    pab__json_put_uint(j, "episodes", s->episodes);
    for (const pab__summary_column *c = pab__summary_columns; c->name; c++)
        pab__json_put_real(j, c->name, *(const double *)((const char *)s + c->offset));
    pab__json_close(j);
}

static pab_status put_summary(const pab__run *run, pab__json *j)
{
    pab_status status = PAB_OK;
    pab__json_open(j, "summary", '[');
    for (uint32_t p = 0; p < run->list.count; p++)
        for (int32_t g = -1; status == PAB_OK && g < PAB_REGIME_COUNT; g++) {
            pab_eval_summary s = {.struct_size = sizeof s};
            status = pab_eval_summarize(run->eval, p, g, &s);
            put_summary_row(run->list.name[p], g, &s, j);
        }
    pab__json_close(j);
    return status;
}

/* Names of the run's CSV files, those of this stage included. */
static void put_tables(const pab__run *run, pab__json *j)
{
    pab__json_open_row(j, "tables", '[');
    for (uint32_t i = 0; i < run->dir.count; i++) {
        const char *name = run->dir.name[i], *dot = strrchr(name, '.');
        if (dot && strcmp(dot, ".csv") == 0)
            pab__json_put_text(j, NULL, name);
    }
    pab__json_close(j);
}

static void put_scenario(const pab_scenario *scn, pab__json *j)
{
    char fingerprint[17];
    snprintf(fingerprint, sizeof fingerprint, "%016llx", (unsigned long long)scn->fingerprint);
    pab__json_open_row(j, "scenario", '{');
    pab__json_put_text(j, "name", scn->name);
    pab__json_put_text(j, "fingerprint", fingerprint);
    pab__json_close(j);
}

static pab_status write_report(pab__run *run, const pab__increments *increments)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__json j = {.out = &t};
    pab__json_open(&j, NULL, '{');
    pab__json_put_int(&j, "format", 2);
    pab__json_put_text(&j, "library", pab_version());
    put_scenario(run->artefacts->scn, &j);
    put_run(run, &j);
    pab__json_put_text(&j, "shipped", pab__shipped_keys[run->result.shipped]);
    pab__json_put_uint(&j, "rounds", run->result.rounds);
    pab__json_put_uint(&j, "accepted", run->result.accepted);
    put_tracking(run, &j);
    put_increments(increments, &j);
    pab_status status = put_summary(run, &j);
    put_tables(run, &j);
    pab__json_close(&j);
    if (status == PAB_OK)
        return pab__text_save(&t, pab__run_dir_path(&run->dir, report_files[0], path));
    pab__text_free(&t);
    return status;
}

pab_status pab__run_report(pab__run *run)
{
    int32_t tables, report;
    pab__increments increments;
    pab_status status = pab__run_increments(run, &increments);
    if (status == PAB_OK)
        status = pab__stage_begin(run, "tables", 0, pab__run_tables_files, NULL, &tables);
    if (status == PAB_OK && !tables)
        status = pab__run_tables(run, &increments);
    if (status == PAB_OK && !tables)
        status = pab__stage_end(run, pab__run_tables_files, NULL);
    if (status == PAB_OK)
        status = pab__stage_begin(run, "report", 0, report_files, NULL, &report);
    if (status == PAB_OK && !report)
        status = write_report(run, &increments);
    return status == PAB_OK && !report ? pab__stage_end(run, report_files, NULL) : status;
}

int32_t pab__run_finished(const pab__run_dir *dir)
{
    return pab__run_dir_has(dir, report_files[0]);
}
