#include "criteria.h"

#include <stdio.h>
#include <string.h>

enum { REGIMES_NEEDED = 4 };

#define SURE 0.05         /* level of tests, corrected by Holm */
#define HEDGE_MARGIN 0.05 /* of SCE's tracking error */

/* --- Cost --- */

/* Single experts and baselines: whatever is not made of several experts. */
static int is_rival(const char *name)
{
    static const char *const own[] = {"moe", "distilled", "sip", "uniform"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i], name) == 0)
            return 0;
    return strncmp(name, "moe:", 4) != 0;
}

/* 1: every rival is significantly dearer than the mixture; -1: the best is significantly cheaper; else 0. */
static pab_status judge_regime(const finished *f, int32_t regime, int *out)
{
    pab_contrast less[FINISHED_POLICIES];
    int all = 1, best = -1;
    pab_status status = finished_compare(f, "moe", regime, PAB_MEASURE_PAIR_COST, less);
    for (uint32_t p = 0; p < pab_eval_policies(f->eval); p++) {
        if (!is_rival(pab_eval_policy(f->eval, p)))
            continue;
        all &= less[p].mean > 0 && less[p].p_holm < SURE;
        if (best < 0 || less[p].mean < less[best].mean)
            best = (int)p;
    }
    *out = all ? 1 : best >= 0 && less[best].mean < 0 && less[best].p_holm < SURE ? -1 : 0;
    return status;
}

static pab_status judge_cost(const finished *f, criterion *out)
{
    int won = 0, lost = 0;
    pab_status status = PAB_OK;
    for (int32_t g = 0; status == PAB_OK && g < PAB_REGIME_COUNT; g++) {
        int is = 0;
        status = judge_regime(f, g, &is);
        won += is > 0;
        lost += is < 0;
    }
    out->met = won >= REGIMES_NEEDED && lost == 0;
    snprintf(out->text, sizeof out->text,
             "pair cost significantly below every single expert and baseline (p < 0.05, Holm) in at least %d of %d "
             "regimes, and in none significantly above the best of them: below in %d, above in %d", REGIMES_NEEDED,
             PAB_REGIME_COUNT, won, lost);
    return status;
}

/* --- Tracking error, tail --- */

/* The criterion names the rule; the learned SCE is given for comparison. */
static pab_status add_learned_hedge(const finished *f, char *text, size_t cap)
{
    pab_contrast less[FINISHED_POLICIES];
    pab_status status = finished_compare(f, "q:sce", -1, PAB_MEASURE_TRACKING_ERROR, less);
    const pab_contrast *moe = &less[finished_find(f, "moe")];
    snprintf(text, cap, "; from the learned SCE %.3g [%.3g, %.3g]", moe->mean, moe->low, moe->high);
    return status;
}

static pab_status judge_hedge(const finished *f, criterion *out)
{
    pab_contrast less[FINISHED_POLICIES];
    pab_eval_summary sce;
    pab_status status = finished_compare(f, "sce", -1, PAB_MEASURE_TRACKING_ERROR, less);
    if (status == PAB_OK)
        status = finished_summary(f, "sce", -1, &sce);
    if (status != PAB_OK)
        return status;
    const pab_contrast *moe = &less[finished_find(f, "moe")];
    out->met = moe->high <= HEDGE_MARGIN * sce.tracking_error;
    int len = snprintf(out->text, sizeof out->text,
                       "tracking error no more than 5 %% above SCE's %.3g %%: the difference is %.3g [%.3g, %.3g] "
                       "points", sce.tracking_error, moe->mean, moe->low, moe->high);
    return f->info.rules ? PAB_OK : add_learned_hedge(f, out->text + len, sizeof out->text - (size_t)len);
}

static pab_status judge_tail(const finished *f, criterion *out)
{
    pab_contrast less[FINISHED_POLICIES];
    pab_status status = finished_compare(f, "sip", -1, PAB_MEASURE_PAIR_COST, less);
    const pab_contrast *moe = &less[finished_find(f, "moe")];
    out->met = moe->cvar_low <= 0;
    snprintf(out->text, sizeof out->text, "CVaR95 of the shortfall no worse than the ensemble's: the difference is "
             "%.3g [%.3g, %.3g] bps", moe->cvar, moe->cvar_low, moe->cvar_high);
    return status;
}

/* --- Completion --- */

static pab_status judge_completion(const finished *f, uint32_t threads, criteria *all)
{
    uint32_t count[COMPLETED_EXCLUDED + 1] = {0};
    int own = 0;
    criterion *out = &all->each[CRITERIA_COMPLETION];
    pab_status status = completed_compare(f->eval, f->info.resamples, threads, all->completed, &all->completed_count);
    for (uint32_t i = 0; i < all->completed_count; i++) {
        count[all->completed[i].verdict]++;
        own |= strcmp(all->completed[i].policy, "moe") == 0;
    }
    out->met = !own && count[COMPLETED_NOT_CHEAPER] == 0 && count[COMPLETED_FEW] == 0;
    snprintf(out->text, sizeof out->text,
             "every policy fills at least 98 %% before liquidation, or costs more on the episodes that both complete: "
             "%u of %u fill less%s; on joint episodes the mixture is significantly cheaper than %u of them, not than "
             "%u; too few joint episodes for %u; %u complete under 5 %% and are excluded", all->completed_count,
             pab_eval_policies(f->eval), own ? " (the mixture is one)" : "", count[COMPLETED_CHEAPER],
             count[COMPLETED_NOT_CHEAPER], count[COMPLETED_FEW], count[COMPLETED_EXCLUDED]);
    return status;
}

pab_status criteria_judge(const finished *f, uint32_t threads, criteria *out)
{
    *out = (criteria){.completed_count = 0};
    pab_status status = judge_cost(f, &out->each[CRITERIA_COST]);
    if (status == PAB_OK)
        status = judge_hedge(f, &out->each[CRITERIA_HEDGE]);
    if (status == PAB_OK)
        status = judge_tail(f, &out->each[CRITERIA_TAIL]);
    return status == PAB_OK ? judge_completion(f, threads, out) : status;
}
