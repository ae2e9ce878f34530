/* What the result table says: what each stage added, and whether the result convinces. Nothing here is chosen by it. */
#include "pipeline/run.h"

#include "base/host.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REGIMES_NEEDED = 4 };

#define SURE 0.05        /* level of tests, corrected by Holm */
#define HEDGE_MARGIN 0.05 /* of SCE's tracking error */

/* Everyone less `base`; rows as the policies. */
static pab_status compare(const pab__run *run, const char *base, int32_t regime, int32_t measure,
                          pab_contrast out[PAB__RUN_POLICIES])
{
    for (uint32_t p = 0; p < run->policies; p++)
        out[p] = (pab_contrast){.struct_size = sizeof out[p]};
    return pab_eval_compare(run->eval, (uint32_t)pab__run_find(run, base), regime, measure, out, run->policies);
}

static pab_status mean_cost(const pab__run *run, const char *name, int32_t regime, pab_eval_summary *out)
{
    *out = (pab_eval_summary){.struct_size = sizeof *out};
    return pab_eval_summarize(run->eval, (uint32_t)pab__run_find(run, name), regime, out);
}

/* --- Increments --- */

static pab_status increment(const pab__run *run, const char *of, const char *over, pab__findings *out)
{
    pab_contrast rows[PAB__RUN_POLICIES];
    pab_status status = PAB_OK;
    for (int32_t g = -1; status == PAB_OK && g < PAB_REGIME_COUNT; g++) {
        status = compare(run, over, g, PAB_MEASURE_PAIR_COST, rows);
        if (status == PAB_OK)
            out->increment[out->increments++] =
                (pab__increment){.of = of, .over = over, .regime = g, .less = rows[pab__run_find(run, of)]};
    }
    return status;
}

/* The expert with the least mean pair cost, in this very table: hard on the ensemble, if anything. */
static const char *best_expert(const pab__run *run)
{
    const char *best = NULL;
    double least = INFINITY;
    for (int32_t e = 0; e < PAB_EXPERT_COUNT; e++) {
        char name[PAB__RUN_NAME];
        pab_eval_summary s;
        snprintf(name, sizeof name, "%s%s", run->options.rules ? "" : "q:", pab_policy_builtin((uint32_t)e));
        if (mean_cost(run, name, -1, &s) == PAB_OK && s.pair_cost < least) {
            least = s.pair_cost;
            best = run->name[pab__run_find(run, name)];
        }
    }
    return best;
}

static pab_status judge_increments(pab__run *run, pab__findings *out)
{
    pab_pipeline_result *r = &run->result;
    pab_status status = PAB_OK;
    for (uint32_t e = 0; status == PAB_OK && !run->options.rules && e < PAB_EXPERT_COUNT; e++) {
        char name[PAB__RUN_NAME];
        snprintf(name, sizeof name, "q:%s", pab_policy_builtin(e));
        const uint32_t at = out->increments;
        status = increment(run, run->name[pab__run_find(run, name)], pab_policy_builtin(e), out);
        r->learned_mean += out->increment[at].less.mean / PAB_EXPERT_COUNT;
    }
    const uint32_t at = out->increments;
    if (status == PAB_OK)
        status = increment(run, "sip", best_expert(run), out);
    if (status == PAB_OK)
        status = increment(run, "moe", "sip", out);
    if (status != PAB_OK)
        return status;
    const pab_contrast *sip = &out->increment[at].less, *moe = &out->increment[at + 1 + PAB_REGIME_COUNT].less;
    r->ensemble_mean = sip->mean, r->ensemble_low = sip->low, r->ensemble_high = sip->high;
    r->mixture_mean = moe->mean, r->mixture_low = moe->low, r->mixture_high = moe->high;
    return PAB_OK;
}

/* --- A convincing result --- */

/* Single experts and baselines: whatever is not made of several experts. */
static int32_t is_rival(const char *name)
{
    static const char *const own[] = {"moe", "distilled", "sip", "uniform"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i], name) == 0)
            return 0;
    return strncmp(name, "moe:", 4) != 0;
}

/* 1: dearer than the mixture, every one of them for sure; -1: the best of them is cheaper for sure; else 0. */
static pab_status judge_regime(const pab__run *run, int32_t regime, int32_t *out)
{
    pab_contrast less[PAB__RUN_POLICIES];
    int32_t all = 1, best = -1;
    pab_status status = compare(run, "moe", regime, PAB_MEASURE_PAIR_COST, less);
    for (uint32_t p = 0; p < run->policies; p++) {
        if (!is_rival(run->name[p]))
            continue;
        all &= less[p].mean > 0 && less[p].p_holm < SURE;
        if (best < 0 || less[p].mean < less[best].mean)
            best = (int32_t)p;
    }
    *out = all ? 1 : best >= 0 && less[best].mean < 0 && less[best].p_holm < SURE ? -1 : 0;
    return status;
}

static pab_status judge_cost(const pab__run *run, pab__criterion *out)
{
    int32_t won = 0, lost = 0;
    pab_status status = PAB_OK;
    for (int32_t g = 0; status == PAB_OK && g < PAB_REGIME_COUNT; g++) {
        int32_t is = 0;
        status = judge_regime(run, g, &is);
        won += is > 0;
        lost += is < 0;
    }
    out->met = won >= REGIMES_NEEDED && lost == 0;
    snprintf(out->text, sizeof out->text,
             "pair cost below every expert and baseline (Holm, 5 %%) in at least %d of %d regimes and nowhere above "
             "the best of them: below in %d, above in %d", REGIMES_NEEDED, PAB_REGIME_COUNT, won, lost);
    return status;
}

/* The rule is what the criterion names; SCE as it has learned is told beside it. */
static pab_status add_learned_hedge(const pab__run *run, char *text, size_t cap)
{
    pab_contrast less[PAB__RUN_POLICIES];
    pab_status status = compare(run, "q:sce", -1, PAB_MEASURE_TRACKING_ERROR, less);
    const pab_contrast *moe = &less[pab__run_find(run, "moe")];
    snprintf(text, cap, "; from the learned SCE %.3g [%.3g, %.3g]", moe->mean, moe->low, moe->high);
    return status;
}

static pab_status judge_hedge(const pab__run *run, pab__criterion *out)
{
    pab_contrast less[PAB__RUN_POLICIES];
    pab_eval_summary sce;
    pab_status status = compare(run, "sce", -1, PAB_MEASURE_TRACKING_ERROR, less);
    if (status == PAB_OK)
        status = mean_cost(run, "sce", -1, &sce);
    if (status != PAB_OK)
        return status;
    const pab_contrast *moe = &less[pab__run_find(run, "moe")];
    out->met = moe->high <= HEDGE_MARGIN * sce.tracking_error;
    int len = snprintf(out->text, sizeof out->text,
                       "tracking error no more than 5 %% above SCE's %.3g %%: the difference is %.3g [%.3g, %.3g] "
                       "points", sce.tracking_error, moe->mean, moe->low, moe->high);
    return run->options.rules ? PAB_OK : add_learned_hedge(run, out->text + len, sizeof out->text - (size_t)len);
}

static pab_status judge_tail(const pab__run *run, pab__criterion *out)
{
    pab_contrast less[PAB__RUN_POLICIES];
    pab_status status = compare(run, "sip", -1, PAB_MEASURE_PAIR_COST, less);
    const pab_contrast *moe = &less[pab__run_find(run, "moe")];
    out->met = moe->cvar_low <= 0;
    snprintf(out->text, sizeof out->text,
             "worst twentieth no worse than the ensemble's: CVaR95 differs by %.3g [%.3g, %.3g] bps", moe->cvar,
             moe->cvar_low, moe->cvar_high);
    return status;
}

/* Who does not finish must cost more than the mixture where both do, unless that hardly ever happens. */
static pab_status judge_completion(const pab__run *run, pab__findings *out, pab__criterion *criterion)
{
    uint32_t count[PAB__VERDICT_NEVER + 1] = {0};
    int32_t own = 0;
    pab_status status = pab__run_restate(run, out);
    for (uint32_t i = 0; i < out->restatements; i++) {
        count[out->restated[i].verdict]++;
        own |= strcmp(out->restated[i].policy, "moe") == 0;
    }
    criterion->met = !own && count[PAB__VERDICT_NOT_BELOW] == 0 && count[PAB__VERDICT_FEW] == 0;
    snprintf(criterion->text, sizeof criterion->text,
             "every policy fills at least 98 %% before liquidation, or costs more where it does: %u of %u do not%s. "
             "Where it does: below it for sure %u, not below %u, too few episodes %u, hardly ever %u",
             out->restatements, run->policies, own ? " (the mixture, too)" : "", count[PAB__VERDICT_BELOW],
             count[PAB__VERDICT_NOT_BELOW], count[PAB__VERDICT_FEW], count[PAB__VERDICT_NEVER]);
    return status;
}

pab_status pab__run_judge(pab__run *run, pab__findings *out)
{
    static pab_status (*const judge[])(const pab__run *, pab__criterion *) = {judge_cost, judge_hedge, judge_tail};
    enum { COMPLETION = PAB__CRITERIA - 1 };
    *out = (pab__findings){0};
    run->result.learned_mean = 0;
    run->result.criteria = PAB__CRITERIA;
    run->result.met = 0;
    pab_status status = judge_increments(run, out);
    for (int i = 0; status == PAB_OK && i < COMPLETION; i++)
        status = judge[i](run, &out->criterion[i]);
    if (status == PAB_OK)
        status = judge_completion(run, out, &out->criterion[COMPLETION]);
    for (int i = 0; status == PAB_OK && i < PAB__CRITERIA; i++)
        run->result.met += (uint32_t)out->criterion[i].met;
    return status;
}
