/* Results as text and CSV. Everything is made from artefacts and the result table, so that it is the same whenever it
 * is made. */
#include "pipeline/run.h"

#include "base/host.h"
#include "pipeline/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const pab__shipped_names[] = {"the ensemble (sip)", "the mixture as distilled", "the tuned mixture"};

/* --- result.txt --- */

static pab_status put_table(const pab__run *run, pab__text *t)
{
    pab_contrast less[PAB__RUN_POLICIES];
    for (uint32_t p = 0; p < run->policies; p++)
        less[p] = (pab_contrast){.struct_size = sizeof less[p]};
    pab_status status = pab_eval_compare(run->eval, 0, -1, PAB_MEASURE_PAIR_COST, less, run->policies);
    pab__text_say(t, "%-11s %8s %7s %8s %7s %7s %6s %8s %8s   %s\n", "policy", "IS bps", "sd", "CVaR95", "TE %",
                  "done %", "pass %", "cost", "J", "cost less moe's [95 %], Holm p");
    for (uint32_t p = 0; status == PAB_OK && p < run->policies; p++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(run->eval, p, -1, &s);
        pab__text_say(t, "%-11s %8.3f %7.2f %8.2f %7.3f %7.2f %6.1f %8.3f %8.3f", run->name[p], s.shortfall,
                      s.shortfall_sd, s.shortfall_cvar, s.tracking_error, 100 * s.completion, 100 * s.passive,
                      s.pair_cost, s.objective);
        if (p > 0)
            pab__text_say(t, "   %7.3f [%7.3f, %7.3f] %.4f", less[p].mean, less[p].low, less[p].high, less[p].p_holm);
        pab__text_put(t, "\n");
    }
    return status;
}

static void put_increments(const pab__findings *v, pab__text *t)
{
    for (uint32_t i = 0; i < v->increments; i++) {
        const pab__increment *n = &v->increment[i];
        pab__text_say(t, "%-6s less %-6s %-10s %8.3f [%8.3f, %8.3f]\n", n->of, n->over,
                      n->regime < 0 ? "all" : pab_regime_name(n->regime), n->less.mean, n->less.low, n->less.high);
    }
}

static void put_restated(const pab__findings *v, pab__text *t)
{
    if (v->restatements > 0)
        pab__text_put(t, "\nWho does not fill 98 %: the mixture's pair cost less its, where both do, bps\n\n");
    for (uint32_t i = 0; i < v->restatements; i++) {
        const pab__restatement *r = &v->restated[i];
        pab__text_say(t, "moe less %-11s %7.2f %% done, %6u episodes", r->policy, 100 * r->completion, r->episodes);
        if (!isnan(r->mean))
            pab__text_say(t, " %8.3f [%8.3f, %8.3f]", r->mean, r->low, r->high);
        pab__text_say(t, "   %s\n", pab__verdict_names[r->verdict]);
    }
}

/* What the stages after the experts learned for. */
static void put_price(const pab__run *run, pab__text *t)
{
    pab_sip_info info = {.struct_size = sizeof info};
    pab_sip_finalist shipped = {.struct_size = sizeof shipped};
    if (pab_sip_describe(run->artefacts->sip, &info) != PAB_OK ||
        pab_sip_finalist_get(run->artefacts->sip, info.shipped, &shipped) != PAB_OK)
        return;
    pab__text_say(t, "\nTrained for IS + %.3g TE", info.eta_asked);
    if (info.bound > 0)
        pab__text_say(t, " with a TE of at most %.4g %%: the ensemble has %.4g %% on the seeds that chose it. The "
                      "price of tracking there is %.3g bps per %%", info.bound, shipped.tracking, info.eta);
    pab__text_put(t, ".\n");
}

static pab_status write_result(const pab__run *run, const pab__findings *v, const char *file)
{
    static const char *const splits[] = {"", "training", "validation", "test"};
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    const pab_pipeline_options *o = &run->options;
    pab__text_say(&t, "%u %s episodes in each of %d regimes, budget %g, seed %llu. bps; cost = IS + 0.5 TE, "
                  "J = cost + 0.1 CVaR95; less is better.\n\n", o->episodes, splits[o->split], PAB_REGIME_COUNT,
                  o->budget, (unsigned long long)o->master_seed);
    pab_status status = put_table(run, &t);
    pab__text_put(&t, "\nWhat each stage added: pair cost, bps, with 95 % intervals\n\n");
    put_increments(v, &t);
    pab__text_say(&t, "\nRounds of preferences: %u, of which %u changed the mixture. Shipped, by validation: %s.\n",
                  run->result.rounds, run->result.accepted, pab__shipped_names[run->result.shipped]);
    put_price(run, &t);
    put_restated(v, &t);
    pab__text_put(&t, "\nA convincing result, as far as one training run can tell:\n\n");
    for (int i = 0; i < PAB__CRITERIA; i++)
        pab__text_say(&t, "%-8s %s\n", v->criterion[i].met ? "met" : "not met", v->criterion[i].text);
    if (status == PAB_OK)
        return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
    pab__text_free(&t);
    return status;
}

/* The long tables, against the mixture. */
static pab_status write_tables(const pab__run *run, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    size_t needed = 0;
    pab_status status = pab_eval_text(run->eval, 0, NULL, 0, &needed);
    char *text = status == PAB_OK ? pab__alloc(&run->host, needed + 1) : NULL;
    if (status == PAB_OK && !text)
        status = pab__fail(PAB_E_MEMORY, "no memory for the tables");
    if (status == PAB_OK)
        status = pab_eval_text(run->eval, 0, text, needed + 1, NULL);
    if (status == PAB_OK)
        status = pab__file_write(pab__run_dir_path(&run->dir, file, path), text, needed);
    pab__release(&run->host, text, needed + 1);
    return status;
}

/* --- CSV --- */

static void put_summary(const pab__run *run, uint32_t p, int32_t regime, pab__text *t)
{
    pab_eval_summary s = {.struct_size = sizeof s};
    if (pab_eval_summarize(run->eval, p, regime, &s) != PAB_OK)
        return;
    const double value[] = {s.shortfall, s.shortfall_sd, s.shortfall_iqm, s.shortfall_cvar, s.tracking_error,
                            s.tracking_rms, s.hedge_p99, s.completion, s.forced, s.passive, s.vwap_slippage, s.markout,
                            s.pair_cost, s.objective};
    pab__text_say(t, "%s,%s,%u", run->name[p], regime < 0 ? "all" : pab_regime_name(regime), s.episodes);
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        pab__text_put(t, ",");
        pab__text_real(t, value[i]);
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
    pab__text_put(&t, "policy,regime,episodes,shortfall,shortfall_sd,shortfall_iqm,shortfall_cvar,tracking_error,"
                      "tracking_rms,hedge_p99,completion,forced,passive,vwap_slippage,markout,pair_cost,objective\n");
    for (uint32_t p = 0; p < run->policies; p++)
        for (int32_t g = -1; g < PAB_REGIME_COUNT; g++)
            put_summary(run, p, g, &t);
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

/* Everyone less the mixture, for the headline and the two measures that frame it. */
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
            for (uint32_t p = 0; p < run->policies; p++)
                c[p] = (pab_contrast){.struct_size = sizeof c[p]};
            status = pab_measure_get(measures[m], &info);
            if (status == PAB_OK)
                status = pab_eval_compare(run->eval, 0, g, measures[m], c, run->policies);
            for (uint32_t p = 1; status == PAB_OK && p < run->policies; p++)
                pab__text_say(&t, "%s,%s,%s,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g\n", run->name[p],
                              g < 0 ? "all" : pab_regime_name(g), info.name, c[p].mean, c[p].low, c[p].high, c[p].p,
                              c[p].p_holm, c[p].cvar, c[p].cvar_low, c[p].cvar_high);
        }
    if (status == PAB_OK)
        return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
    pab__text_free(&t);
    return status;
}

static pab_status write_increments(const pab__run *run, const pab__findings *v, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__text_put(&t, "policy,less,regime,mean,low,high,p\n");
    for (uint32_t i = 0; i < v->increments; i++) {
        const pab__increment *n = &v->increment[i];
        pab__text_say(&t, "%s,%s,%s,%.10g,%.10g,%.10g,%.10g\n", n->of, n->over,
                      n->regime < 0 ? "all" : pab_regime_name(n->regime), n->less.mean, n->less.low, n->less.high,
                      n->less.p);
    }
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

static pab_status write_restated(const pab__run *run, const pab__findings *v, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__text_put(&t, "policy,completion,episodes,mean,low,high,verdict\n");
    for (uint32_t i = 0; i < v->restatements; i++) {
        const pab__restatement *r = &v->restated[i];
        const double value[] = {r->mean, r->low, r->high};
        pab__text_say(&t, "%s,%.10g,%u,", r->policy, r->completion, r->episodes);
        for (size_t k = 0; k < sizeof value / sizeof *value; k++) {
            pab__text_real(&t, value[k]);
            pab__text_put(&t, ",");
        }
        pab__text_say(&t, "%s\n", pab__verdict_names[r->verdict]);
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
    for (uint32_t p = 0; p < run->policies; p++)
        for (int32_t g = -1; g < PAB_REGIME_COUNT; g++)
            for (int32_t m = 0; status == PAB_OK && m < PAB_MEASURE_COUNT; m++) {
                pab_measure_info info = {.struct_size = sizeof info};
                double mean = 0;
                status = pab_measure_get(m, &info);
                if (status != PAB_OK || (strncmp(info.name, "cost_", 5) != 0 && m != PAB_MEASURE_TRACKING_ERROR))
                    continue;
                status = mean_of(run, p, g, m, &mean);
                pab__text_say(&t, "%s,%s,%s,%.10g\n", run->name[p], g < 0 ? "all" : pab_regime_name(g), info.name,
                              mean);
            }
    if (status == PAB_OK)
        return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
    pab__text_free(&t);
    return status;
}

const char *const pab__run_tables_files[] = {"result.txt", "tables.txt", "summary.csv", "contrasts.csv",
                                             "increments.csv", "gate.csv", "costs.csv", "restated.csv", NULL};

pab_status pab__run_tables(pab__run *run, const pab__findings *found)
{
    const char *const *files = pab__run_tables_files;
    pab_status status = write_result(run, found, files[0]);
    if (status == PAB_OK)
        status = write_tables(run, files[1]);
    if (status == PAB_OK)
        status = write_summary(run, files[2]);
    if (status == PAB_OK)
        status = write_contrasts(run, files[3]);
    if (status == PAB_OK)
        status = write_increments(run, found, files[4]);
    if (status == PAB_OK)
        status = write_gate(run, files[5]);
    if (status == PAB_OK)
        status = write_costs(run, files[6]);
    return status == PAB_OK ? write_restated(run, found, files[7]) : status;
}
