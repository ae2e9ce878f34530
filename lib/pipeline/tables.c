/* Tables of a run as CSV, made from artefacts and the result table alone: the same whenever they are made. */
#include "pipeline/run.h"

#include "base/csv_write.h"

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

static void put_regime(pab__csv_out *csv, int32_t regime)
{
    pab__csv_put_text(csv, regime < 0 ? "all" : pab_regime_name(regime));
}

static pab_status put_summary(const pab__run *run, uint32_t p, int32_t regime, pab__csv_out *csv)
{
    pab_eval_summary s = {.struct_size = sizeof s};
    pab_status status = pab_eval_summarize(run->eval, p, regime, &s);
    if (status != PAB_OK)
        return status;
    pab__csv_put_text(csv, run->list.name[p]);
    put_regime(csv, regime);
    pab__csv_put_uint(csv, s.episodes);
    for (const pab__summary_column *c = pab__summary_columns; c->name; c++)
        pab__csv_put_real(csv, *(const double *)((const char *)&s + c->offset));
    pab__csv_end_row(csv);
    return PAB_OK;
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
    pab__csv_out csv = {.out = &t};
    pab_status status = PAB_OK;
    pab__csv_put_text(&csv, "policy");
    pab__csv_put_text(&csv, "regime");
    pab__csv_put_text(&csv, "episodes");
    for (const pab__summary_column *c = pab__summary_columns; c->name; c++)
        pab__csv_put_text(&csv, c->name);
    pab__csv_end_row(&csv);
    for (uint32_t p = 0; p < run->list.count; p++)
        for (int32_t g = -1; status == PAB_OK && g < PAB_REGIME_COUNT; g++)
            status = put_summary(run, p, g, &csv);
    if (status == PAB_OK)
        return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
    pab__text_free(&t);
    return status;
}

static void put_contrast(pab__csv_out *csv, const char *policy, int32_t regime, const char *measure,
                         const pab_contrast *c)
{
    pab__csv_put_text(csv, policy);
    put_regime(csv, regime);
    pab__csv_put_text(csv, measure);
    PAB__CSV_REALS(csv, c->mean, c->low, c->high, c->p, c->p_holm, c->cvar, c->cvar_low, c->cvar_high);
    pab__csv_end_row(csv);
}

/* Every policy less the mixture: pair cost, and the two measures that show how much the weight of TE matters. */
static pab_status write_contrasts(const pab__run *run, const char *file)
{
    static const int32_t measures[] = {PAB_MEASURE_PAIR_COST, PAB_MEASURE_SHORTFALL, PAB_MEASURE_PAIR_COST_1};
    char path[PAB__RUN_DIR_PATH];
    pab_contrast c[PAB__RUN_POLICIES];
    pab__text t = {.host = &run->host};
    pab__csv_out csv = {.out = &t};
    pab_status status = PAB_OK;
    pab__csv_head(&csv, "policy,regime,measure,mean,low,high,p,p_holm,cvar,cvar_low,cvar_high");
    for (int32_t g = -1; g < PAB_REGIME_COUNT; g++)
        for (size_t m = 0; status == PAB_OK && m < sizeof measures / sizeof *measures; m++) {
            pab_measure_info info = {.struct_size = sizeof info};
            for (uint32_t p = 0; p < run->list.count; p++)
                c[p] = (pab_contrast){.struct_size = sizeof c[p]};
            status = pab_measure_get(measures[m], &info);
            if (status == PAB_OK)
                status = pab_eval_compare(run->eval, 0, g, measures[m], c, run->list.count);
            for (uint32_t p = 1; status == PAB_OK && p < run->list.count; p++)
                put_contrast(&csv, run->list.name[p], g, info.name, &c[p]);
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
    pab__csv_out csv = {.out = &t};
    pab__csv_head(&csv, "policy,less,regime,mean,low,high,p");
    for (uint32_t i = 0; i < v->count; i++) {
        const pab__increment *n = &v->row[i];
        pab__csv_put_text(&csv, n->of);
        pab__csv_put_text(&csv, n->over);
        put_regime(&csv, n->regime);
        PAB__CSV_REALS(&csv, n->less.mean, n->less.low, n->less.high, n->less.p);
        pab__csv_end_row(&csv);
    }
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

static pab_status write_gate(const pab__run *run, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    const pab_moe *moe = run->artefacts->moe ? run->artefacts->moe : run->artefacts->distilled;
    pab__text t = {.host = &run->host};
    pab__csv_out csv = {.out = &t};
    pab__csv_head(&csv, "cell,visits,gate_lae,gate_sce,gate_ome,gate_rae,gate_anchor,lae,sce,ome,rae,entropy,dominant");
    for (int32_t c = 0; c < PAB_MOE_CELLS; c++) {
        pab_moe_cell cell = {.struct_size = sizeof cell};
        pab_status status = pab_moe_cell_get(moe, c, &cell);
        if (status != PAB_OK) {
            pab__text_free(&t);
            return status;
        }
        pab__csv_put_int(&csv, c);
        pab__csv_put_real(&csv, cell.visits);
        pab__csv_put_reals(&csv, cell.gate, PAB_MOE_COMPONENTS);
        pab__csv_put_reals(&csv, cell.resolved, PAB_EXPERT_COUNT);
        pab__csv_put_real(&csv, cell.entropy);
        pab__csv_put_text(&csv, cell.dominant >= 0 ? pab_policy_builtin((uint32_t)cell.dominant) : "");
        pab__csv_end_row(&csv);
    }
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

/* Parts of the cost, by whatever measures there are of them. */
static pab_status write_costs(const pab__run *run, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__csv_out csv = {.out = &t};
    pab_status status = PAB_OK;
    pab__csv_head(&csv, "policy,regime,part,mean");
    for (uint32_t p = 0; p < run->list.count; p++)
        for (int32_t g = -1; g < PAB_REGIME_COUNT; g++)
            for (int32_t m = 0; status == PAB_OK && m < PAB_MEASURE_COUNT; m++) {
                pab_measure_info info = {.struct_size = sizeof info};
                double mean = 0;
                status = pab_measure_get(m, &info);
                if (status != PAB_OK || (strncmp(info.name, "cost_", 5) != 0 && m != PAB_MEASURE_TRACKING_ERROR))
                    continue;
                status = mean_of(run, p, g, m, &mean);
                pab__csv_put_text(&csv, run->list.name[p]);
                put_regime(&csv, g);
                pab__csv_put_text(&csv, info.name);
                pab__csv_put_real(&csv, mean);
                pab__csv_end_row(&csv);
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
