/* The last stage: tables as CSV, and report.json: what was run, what was decided, how every policy did. */
#include "pipeline/result_table.h"

#include <pairsabides/version.h>

#include "scenario/scenario.h"
#include "pipeline/text.h"

#include <string.h>

static const char *const report_files[] = {"report.json", NULL};

static void put_run(const pab__run *run, pab__text *t)
{
    static const char *const splits[] = {"", "train", "validation", "test"};
    const pab_pipeline_options *o = &run->options;
    pab__text_say(t, "  \"run\": {\"seed\": %llu, \"budget\": %.10g, \"eta\": %.10g, \"tracking\": %.10g, ",
                  (unsigned long long)o->master_seed, o->budget, o->eta, o->tracking);
    pab__text_say(t, "\"rounds\": %u, \"rules\": %s, \"split\": \"%s\", \"episodes\": %u, \"skip\": %u, "
                  "\"resamples\": %u},\n", o->rounds, o->rules ? "true" : "false", splits[o->split], o->episodes,
                  o->skip, o->resamples);
}

/* What the ensemble was trained for: the weight of tracking error and its bound on the seeds that chose it. */
static void put_tracking(const pab__run *run, pab__text *t)
{
    pab_sip_info info = {.struct_size = sizeof info};
    pab_sip_finalist shipped = {.struct_size = sizeof shipped};
    if (pab_sip_describe(run->artefacts->sip, &info) != PAB_OK ||
        pab_sip_finalist_get(run->artefacts->sip, info.shipped, &shipped) != PAB_OK)
        return;
    pab__text_say(t, "  \"tracking\": {\"eta\": %.10g, \"multiplier\": %.10g, \"bound\": ", info.eta_asked, info.eta);
    if (info.bound > 0)
        pab__json_real(t, info.bound);
    else
        pab__text_put(t, "null");
    pab__text_say(t, ", \"ensemble\": %.10g},\n", shipped.tracking);
}

static void put_increments(const pab__increments *increments, pab__text *t)
{
    pab__text_put(t, "  \"increments\": [");
    for (uint32_t i = 0; i < increments->count; i++) {
        const pab__increment *n = &increments->row[i];
        pab__text_say(t, "%s\n    {\"policy\": \"%s\", \"less\": \"%s\", \"regime\": \"%s\", \"mean\": ",
                      i > 0 ? "," : "", n->of, n->over, n->regime < 0 ? "all" : pab_regime_name(n->regime));
        pab__json_real(t, n->less.mean);
        pab__text_put(t, ", \"low\": ");
        pab__json_real(t, n->less.low);
        pab__text_put(t, ", \"high\": ");
        pab__json_real(t, n->less.high);
        pab__text_put(t, "}");
    }
    pab__text_put(t, "],\n");
}

static pab_status put_summary(const pab__run *run, pab__text *t)
{
    const char *before = "";
    pab__text_put(t, "  \"summary\": [");
    for (uint32_t p = 0; p < run->list.count; p++)
        for (int32_t g = -1; g < PAB_REGIME_COUNT; g++) {
            pab_eval_summary s = {.struct_size = sizeof s};
            pab_status status = pab_eval_summarize(run->eval, p, g, &s);
            if (status != PAB_OK)
                return status;
            pab__text_say(t, "%s\n    {\"policy\": \"%s\", \"regime\": \"%s\", \"episodes\": %u", before,
                          run->list.name[p], g < 0 ? "all" : pab_regime_name(g), s.episodes);
            for (const pab__summary_column *c = pab__summary_columns; c->name; c++) {
                pab__text_say(t, ", \"%s\": ", c->name);
                pab__json_real(t, *(const double *)((const char *)&s + c->offset));
            }
            pab__text_put(t, "}");
            before = ",";
        }
    pab__text_put(t, "],\n");
    return PAB_OK;
}

/* Names of the run's CSV files, those of this stage included. */
static void put_tables(const pab__run *run, pab__text *t)
{
    const char *before = "";
    pab__text_put(t, "  \"tables\": [");
    for (uint32_t i = 0; i < run->dir.count; i++) {
        const char *name = run->dir.name[i], *dot = strrchr(name, '.');
        if (!dot || strcmp(dot, ".csv") != 0)
            continue;
        pab__text_say(t, "%s\"%s\"", before, name);
        before = ", ";
    }
    pab__text_put(t, "]\n");
}

static pab_status write_report(pab__run *run, const pab__increments *increments)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__text_say(&t, "{\n  \"format\": 2,\n  \"library\": \"%s\",\n  \"scenario\": {\"name\": ", pab_version());
    pab__json_text(&t, run->artefacts->scn->name);
    pab__text_say(&t, ", \"fingerprint\": \"%016llx\"},\n", (unsigned long long)run->artefacts->scn->fingerprint);
    put_run(run, &t);
    pab__text_say(&t, "  \"shipped\": \"%s\",\n  \"rounds\": %u,\n  \"accepted\": %u,\n",
                  pab__shipped_keys[run->result.shipped], run->result.rounds, run->result.accepted);
    put_tracking(run, &t);
    put_increments(increments, &t);
    pab_status status = put_summary(run, &t);
    put_tables(run, &t);
    pab__text_put(&t, "}\n");
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
        status = pab__stage_begin(run, "tables", 0, pab__run_tables_files, &tables);
    if (status == PAB_OK && !tables)
        status = pab__run_tables(run, &increments);
    if (status == PAB_OK && !tables)
        status = pab__stage_end(run, pab__run_tables_files, NULL);
    if (status == PAB_OK)
        status = pab__stage_begin(run, "report", 0, report_files, &report);
    if (status == PAB_OK && !report)
        status = write_report(run, &increments);
    return status == PAB_OK && !report ? pab__stage_end(run, report_files, NULL) : status;
}

int32_t pab__run_finished(const pab__run_dir *dir)
{
    return pab__run_dir_has(dir, report_files[0]);
}
