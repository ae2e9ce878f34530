/* What each stage added in the result table: learned experts less their rules, the ensemble less the best expert, the
 * mixture less the ensemble. Nothing is chosen by it. */
#include "pipeline/result_table.h"

#include <math.h>
#include <stdio.h>

/* Every policy less `base`, in the order of the list. */
static pab_status compare(const pab__run *run, const char *base, int32_t regime, int32_t measure,
                          pab_contrast out[PAB__RUN_POLICIES])
{
    for (uint32_t p = 0; p < run->list.count; p++)
        out[p] = (pab_contrast){.struct_size = sizeof out[p]};
    return pab_eval_compare(run->eval, (uint32_t)pab__policy_list_find(&run->list, base), regime, measure, out,
                            run->list.count);
}

static pab_status summarize(const pab__run *run, const char *name, int32_t regime, pab_eval_summary *out)
{
    *out = (pab_eval_summary){.struct_size = sizeof *out};
    return pab_eval_summarize(run->eval, (uint32_t)pab__policy_list_find(&run->list, name), regime, out);
}

static pab_status increment(const pab__run *run, const char *of, const char *over, pab__increments *out)
{
    pab_contrast rows[PAB__RUN_POLICIES];
    pab_status status = PAB_OK;
    for (int32_t g = -1; status == PAB_OK && g < PAB_REGIME_COUNT; g++) {
        status = compare(run, over, g, PAB_MEASURE_PAIR_COST, rows);
        if (status == PAB_OK)
            out->row[out->count++] = (pab__increment){.of = of, .over = over, .regime = g,
                                                      .less = rows[pab__policy_list_find(&run->list, of)]};
    }
    return status;
}

/* The expert with the least mean pair cost in this very table: a choice in hindsight, which favours the expert. */
static pab_status best_expert(const pab__run *run, const char **best)
{
    double least = INFINITY;
    pab_status status = PAB_OK;
    for (int32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++) {
        char name[PAB__RUN_NAME];
        pab_eval_summary s;
        snprintf(name, sizeof name, "%s%s", run->options.rules ? "" : "q:", pab_policy_builtin((uint32_t)e));
        status = summarize(run, name, -1, &s);
        if (status == PAB_OK && s.pair_cost < least) {
            least = s.pair_cost;
            *best = run->list.name[pab__policy_list_find(&run->list, name)];
        }
    }
    return status;
}

pab_status pab__run_increments(pab__run *run, pab__increments *out)
{
    pab_pipeline_result *r = &run->result;
    pab_status status = PAB_OK;
    *out = (pab__increments){0};
    r->learned_mean = 0;
    for (uint32_t e = 0; status == PAB_OK && !run->options.rules && e < PAB_EXPERT_COUNT; e++) {
        char name[PAB__RUN_NAME];
        snprintf(name, sizeof name, "q:%s", pab_policy_builtin(e));
        const uint32_t at = out->count;
        status = increment(run, run->list.name[pab__policy_list_find(&run->list, name)], pab_policy_builtin(e), out);
        r->learned_mean += out->row[at].less.mean / PAB_EXPERT_COUNT;
    }
    const uint32_t at = out->count;
    const char *best = pab_policy_builtin(0);
    if (status == PAB_OK)
        status = best_expert(run, &best);
    if (status == PAB_OK)
        status = increment(run, "sip", best, out);
    if (status == PAB_OK)
        status = increment(run, "moe", "sip", out);
    if (status != PAB_OK)
        return status;
    const pab_contrast *sip = &out->row[at].less, *moe = &out->row[at + 1 + PAB_REGIME_COUNT].less;
    r->ensemble_mean = sip->mean, r->ensemble_low = sip->low, r->ensemble_high = sip->high;
    r->mixture_mean = moe->mean, r->mixture_low = moe->low, r->mixture_high = moe->high;
    return PAB_OK;
}
