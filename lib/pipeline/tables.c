/* Tables of a run as CSV, made from artefacts and the result table alone: the same whenever they are made. */
#include "pipeline/run.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

const pab__summary_column pab__summary_columns[] = {
#define COLUMN(name) {#name, offsetof(pab_eval_summary, name)}
    COLUMN(shortfall),  COLUMN(shortfall_sd), COLUMN(shortfall_iqm), COLUMN(shortfall_cvar), COLUMN(tracking_error),
    COLUMN(tracking_rms), COLUMN(hedge_p99),  COLUMN(completion),    COLUMN(forced),         COLUMN(passive),
    COLUMN(vwap_slippage), COLUMN(markout),   COLUMN(pair_cost),     COLUMN(objective),
#undef COLUMN
    {NULL, 0},
};

static void put_summary(const pab__run *run, uint32_t p, int32_t regime, pab__text *t)
{
    pab_eval_summary s = {.struct_size = sizeof s};
    if (pab_eval_summarize(run->eval, p, regime, &s) != PAB_OK)
        return;
    pab__text_say(t, "%s,%s,%u", run->list.name[p], regime < 0 ? "all" : pab_regime_name(regime), s.episodes);
    for (const pab__summary_column *c = pab__summary_columns; c->name; c++) {
        pab__text_put(t, ",");
        pab__text_put_real(t, *(const double *)((const char *)&s + c->offset));
    }
    pab__text_put(t, "\n");
}

/* Mean of a measure over the episodes of a regime, -1: of all. */
static pab_status mean_of(const pab__run *run, uint32_t policy, int32_t regime, int32_t measure, double *out)
{
    double sum = 0, n = 0;
    pab_status status = PAB_OK;
    for (int32_t g = 0; g < PAB_REGIME_COUNT; g++)
        for (uint32_t i = 0; status == PAB_OK && (regime < 0 || regime == g) && i < run->options.episodes; i++) {
            pab_episode_metrics row = {.struct_size = sizeof row};
            double x = 0;
            status = pab_eval_get(run->eval, policy, g, i, &row);
            if (status == PAB_OK)
                status = pab_measure_value(measure, &row, &x);
            sum += x;
            n++;
        }
    *out = sum / n;
    return status;
}

static pab_status write_summary(const pab__run *run, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__text_put(&t, "policy,regime,episodes");
    for (const pab__summary_column *c = pab__summary_columns; c->name; c++)
        pab__text_say(&t, ",%s", c->name);
    pab__text_put(&t, "\n");
    for (uint32_t p = 0; p < run->list.count; p++)
        for (int32_t g = -1; g < PAB_REGIME_COUNT; g++)
            put_summary(run, p, g, &t);
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

/* Every policy less the mixture: pair cost, and the two measures that show how much the weight of TE matters. */
static pab_status write_contrasts(const pab__run *run, const char *file)
{
    static const int32_t measures[] = {PAB_MEASURE_PAIR_COST, PAB_MEASURE_SHORTFALL, PAB_MEASURE_PAIR_COST_1};
    char path[PAB__RUN_DIR_PATH];
    pab_contrast c[PAB__RUN_POLICIES];
    pab__text t = {.host = &run->host};
    pab_status status = PAB_OK;
    pab__text_put(&t, "policy,regime,measure,mean,low,high,p,p_holm,cvar,cvar_low,cvar_high\n");
    for (int32_t g = -1; g < PAB_REGIME_COUNT; g++)
        for (size_t m = 0; status == PAB_OK && m < sizeof measures / sizeof *measures; m++) {
            pab_measure_info info = {.struct_size = sizeof info};
            for (uint32_t p = 0; p < run->list.count; p++)
                c[p] = (pab_contrast){.struct_size = sizeof c[p]};
            status = pab_measure_get(measures[m], &info);
            if (status == PAB_OK)
                status = pab_eval_compare(run->eval, 0, g, measures[m], c, run->list.count);
            for (uint32_t p = 1; status == PAB_OK && p < run->list.count; p++)
                pab__text_say(&t, "%s,%s,%s,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g\n", run->list.name[p],
                              g < 0 ? "all" : pab_regime_name(g), info.name, c[p].mean, c[p].low, c[p].high, c[p].p,
                              c[p].p_holm, c[p].cvar, c[p].cvar_low, c[p].cvar_high);
        }
    if (status == PAB_OK)
        return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
    pab__text_free(&t);
    return status;
}

static pab_status write_increments(const pab__run *run, const pab__increments *v, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__text_put(&t, "policy,less,regime,mean,low,high,p\n");
    for (uint32_t i = 0; i < v->count; i++) {
        const pab__increment *n = &v->row[i];
        pab__text_say(&t, "%s,%s,%s,%.10g,%.10g,%.10g,%.10g\n", n->of, n->over,
                      n->regime < 0 ? "all" : pab_regime_name(n->regime), n->less.mean, n->less.low, n->less.high,
                      n->less.p);
    }
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

static pab_status write_gate(const pab__run *run, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    const pab_moe *moe = run->artefacts->moe ? run->artefacts->moe : run->artefacts->distilled;
    pab__text t = {.host = &run->host};
    pab__text_put(&t, "cell,visits,gate_lae,gate_sce,gate_ome,gate_rae,gate_anchor,lae,sce,ome,rae,entropy,dominant\n");
    for (int32_t c = 0; c < PAB_MOE_CELLS; c++) {
        pab_moe_cell cell = {.struct_size = sizeof cell};
        pab_status status = pab_moe_cell_get(moe, c, &cell);
        if (status != PAB_OK) {
            pab__text_free(&t);
            return status;
        }
        pab__text_say(&t, "%d,%.10g", c, cell.visits);
        for (int e = 0; e < PAB_MOE_COMPONENTS; e++)
            pab__text_say(&t, ",%.10g", cell.gate[e]);
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            pab__text_say(&t, ",%.10g", cell.resolved[e]);
        pab__text_say(&t, ",%.10g,%s\n", cell.entropy,
                      cell.dominant >= 0 ? pab_policy_builtin((uint32_t)cell.dominant) : "");
    }
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

/* Parts of the cost, by whatever measures there are of them. */
static pab_status write_costs(const pab__run *run, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab_status status = PAB_OK;
    pab__text_put(&t, "policy,regime,part,mean\n");
    for (uint32_t p = 0; p < run->list.count; p++)
        for (int32_t g = -1; g < PAB_REGIME_COUNT; g++)
            for (int32_t m = 0; status == PAB_OK && m < PAB_MEASURE_COUNT; m++) {
                pab_measure_info info = {.struct_size = sizeof info};
                double mean = 0;
                status = pab_measure_get(m, &info);
                if (status != PAB_OK || (strncmp(info.name, "cost_", 5) != 0 && m != PAB_MEASURE_TRACKING_ERROR))
                    continue;
                status = mean_of(run, p, g, m, &mean);
                pab__text_say(&t, "%s,%s,%s,%.10g\n", run->list.name[p], g < 0 ? "all" : pab_regime_name(g), info.name,
                              mean);
            }
    if (status == PAB_OK)
        return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
    pab__text_free(&t);
    return status;
}

const char *const pab__run_tables_files[] = {"summary.csv", "contrasts.csv", "increments.csv", "gate.csv",
                                             "costs.csv", NULL};

pab_status pab__run_tables(pab__run *run, const pab__increments *increments)
{
    const char *const *files = pab__run_tables_files;
    pab_status status = write_summary(run, files[0]);
    if (status == PAB_OK)
        status = write_contrasts(run, files[1]);
    if (status == PAB_OK)
        status = write_increments(run, increments, files[2]);
    if (status == PAB_OK)
        status = write_gate(run, files[3]);
    return status == PAB_OK ? write_costs(run, files[4]) : status;
}
