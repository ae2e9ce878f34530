/* Summaries of policies and comparisons between them. */
#include <math.h>
#include <string.h>

#include "base/host.h"
#include "base/sort.h"
#include "eval/bootstrap.h"
#include "eval/stats.h"
#include "eval/table.h"

/* Gathers a measure of the rows there are; returns how many. */
static uint32_t gather(const pab_eval *e, uint32_t policy, uint32_t first, uint32_t end, int32_t measure, double *out)
{
    uint32_t n = 0;
    for (uint32_t s = first; s < end; s++) {
        for (uint32_t i = 0; i < e->options.episodes; i++) {
            const pab_episode_metrics *row = pab__eval_row(e, policy, s, i);
            if (row->struct_size != 0)
                out[n++] = pab__measure_of(measure, row);
        }
    }
    return n;
}

static double mean_of(const pab_eval *e, uint32_t policy, uint32_t first, uint32_t end, int32_t measure, double *space)
{
    return pab__stats_mean(space, gather(e, policy, first, end, measure, space));
}

static void summarize(const pab_eval *e, uint32_t policy, uint32_t first, uint32_t end, double *x,
                      pab_eval_summary *out)
{
    uint32_t n = gather(e, policy, first, end, PAB_MEASURE_SHORTFALL, x);
    out->episodes = n;
    out->shortfall = pab__stats_mean(x, n);
    out->shortfall_sd = pab__stats_sd(x, n);
    pab__sort_reals(x, n);
    out->shortfall_iqm = pab__stats_interquartile_mean(x, n);
    out->shortfall_cvar = pab__stats_tail_mean(x, n);
    gather(e, policy, first, end, PAB_MEASURE_TRACKING_ERROR, x);
    out->tracking_error = pab__stats_mean(x, n);
    out->tracking_rms = pab__stats_root_mean_square(x, n);
    gather(e, policy, first, end, PAB_MEASURE_HEDGE_MAX, x);
    pab__sort_reals(x, n);
    out->hedge_p99 = pab__stats_nearest_rank(x, n, 99);
    out->completion = mean_of(e, policy, first, end, PAB_MEASURE_COMPLETION, x);
    out->forced = mean_of(e, policy, first, end, PAB_MEASURE_FORCED, x);
    out->passive = mean_of(e, policy, first, end, PAB_MEASURE_PASSIVE, x);
    out->vwap_slippage = mean_of(e, policy, first, end, PAB_MEASURE_VWAP_SLIPPAGE, x);
    out->markout = mean_of(e, policy, first, end, PAB_MEASURE_MARKOUT, x);
    out->pair_cost = mean_of(e, policy, first, end, PAB_MEASURE_PAIR_COST, x);
    out->objective = pab__eval_objective(out, &(pab__objective){.eta = PAB__OBJECTIVE_ETA, .bound = INFINITY});
}

#define OVER_BOUND 10 /* bps per % of tracking error above a bound */

double pab__eval_objective(const pab_eval_summary *s, const pab__objective *goal)
{
    return s->shortfall + goal->eta * s->tracking_error + PAB__OBJECTIVE_TAIL * s->shortfall_cvar +
           OVER_BOUND * fmax(0, s->tracking_error - goal->bound);
}

pab_status pab_eval_summarize(const pab_eval *eval, uint32_t policy, int32_t regime, pab_eval_summary *out)
{
    uint32_t first = 0, end = 0;
    pab_eval_summary full = {.struct_size = sizeof full};
    pab_status status = pab__eval_strata(eval, regime, &first, &end);
    if (status != PAB_OK)
        return status;
    if (policy >= eval->policies)
        return pab__fail(PAB_E_RANGE, "there is no policy %u, the table has %u", policy, eval->policies);
    size_t size = (size_t)(end - first) * eval->options.episodes * sizeof(double);
    double *space = pab__alloc(&eval->host, size);
    if (!space)
        return pab__fail(PAB_E_MEMORY, "no memory for a summary");
    summarize(eval, policy, first, end, space, &full);
    pab__release(&eval->host, space, size);
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_eval_summary, objective), "the summary");
}

/* --- Comparison --- */

/* Columns of a comparison, each [policies][episodes], one after the other. */
enum { COLUMN_MEASURE, COLUMN_SHORTFALL, COLUMN_TRACKING, COLUMNS };

static pab_status fill_columns(const pab_eval *e, uint32_t first, uint32_t end, int32_t measure, double *columns)
{
    const int32_t measures[COLUMNS] = {measure, PAB_MEASURE_SHORTFALL, PAB_MEASURE_TRACKING_ERROR};
    const uint32_t n = (end - first) * e->options.episodes;
    for (int c = 0; c < COLUMNS; c++) {
        for (uint32_t p = 0; p < e->policies; p++, columns += n) {
            uint32_t got = gather(e, p, first, end, measures[c], columns);
            if (got != n)
                return pab__fail(PAB_E_STATE, "policy '%s' has played %u of %u episodes; expected all of them",
                                 e->names[p], got, n);
        }
    }
    return PAB_OK;
}

/* Holm's correction runs over all policies but the base. */
static pab_status correct(const pab_eval *e, uint32_t base, const pab__bootstrap_estimate *estimates, double *p_holm)
{
    const uint32_t others = e->policies - 1;
    const size_t size = e->policies * (2 * sizeof(double) + sizeof(uint32_t));
    double *p = pab__alloc(&e->host, size);
    if (!p)
        return pab__fail(PAB_E_MEMORY, "no memory for a comparison");
    double *adjusted = p + e->policies;
    for (uint32_t i = 0, k = 0; i < e->policies; i++)
        if (i != base)
            p[k++] = estimates[i * PAB__ESTIMATE_COUNT + PAB__ESTIMATE_MEAN].p;
    pab__stats_holm(p, others, (uint32_t *)(void *)(adjusted + e->policies), adjusted);
    for (uint32_t i = 0, k = 0; i < e->policies; i++)
        p_holm[i] = i != base ? adjusted[k++] : 1.0;
    pab__release(&e->host, p, size);
    return PAB_OK;
}

static pab_contrast contrast_of(uint32_t episodes, const pab__bootstrap_estimate *of, double p_holm)
{
    const pab__bootstrap_estimate *mean = &of[PAB__ESTIMATE_MEAN], *lower = &of[PAB__ESTIMATE_LOWER];
    const pab__bootstrap_estimate *cvar = &of[PAB__ESTIMATE_CVAR], *objective = &of[PAB__ESTIMATE_OBJECTIVE];
    return (pab_contrast){
        .struct_size = sizeof(pab_contrast),
        .episodes = episodes,
        .mean = mean->value, .low = mean->low, .high = mean->high,
        .p = mean->p, .p_holm = p_holm,
        .lower = lower->value, .lower_low = lower->low, .lower_high = lower->high,
        .cvar = cvar->value, .cvar_low = cvar->low, .cvar_high = cvar->high,
        .objective = objective->value, .objective_low = objective->low, .objective_high = objective->high,
    };
}

static pab_status check_contrasts(const pab_eval *e, uint32_t base, int32_t measure, const pab_contrast *out,
                                  uint32_t count)
{
    if (base >= e->policies)
        return pab__fail(PAB_E_RANGE, "there is no base policy %u, the table has %u", base, e->policies);
    if (measure < 0 || measure >= PAB_MEASURE_COUNT)
        return pab__fail(PAB_E_RANGE, "there is no measure %d; expected 0 to %d", measure, PAB_MEASURE_COUNT - 1);
    if (!out || count != e->policies)
        return pab__fail(PAB_E_ARGUMENT, "count is %u; expected one record for each of %u policies",
                         !out ? 0 : count, e->policies);
    uint32_t size = out->struct_size;
    pab_status status = pab__record_check(out, PAB__UPTO(pab_contrast, objective_high), "out");
    if (status != PAB_OK)
        return status;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t own;
        memcpy(&own, (const unsigned char *)out + (size_t)i * size, sizeof own);
        if (own != size)
            return pab__fail(PAB_E_ARGUMENT, "out[%u]: struct_size is %u; expected %u as in out[0]", i, own, size);
    }
    return PAB_OK;
}

/* `estimates` has room for all, and a value per policy behind them. */
static pab_status compare(const pab_eval *e, uint32_t base, uint32_t strata, const double *columns,
                          pab__bootstrap_estimate *estimates, pab_contrast *out)
{
    const uint32_t n = strata * e->options.episodes;
    const size_t column = (size_t)e->policies * n;
    const pab__bootstrap_sample trials = {
        .policies = e->policies, .base = base, .strata = strata, .per_stratum = e->options.episodes,
        .measure = columns + COLUMN_MEASURE * column, .shortfall = columns + COLUMN_SHORTFALL * column,
        .tracking = columns + COLUMN_TRACKING * column,
        .seed = e->options.bootstrap, .resamples = e->options.resamples,
    };
    double *p_holm = (double *)(void *)(estimates + (size_t)e->policies * PAB__ESTIMATE_COUNT);
    pab__threads *threads = NULL;
    pab_status status = pab__threads_new(&e->host, e->options.threads, "options.threads", &threads);
    if (status != PAB_OK)
        return status;
    status = pab__bootstrap_run(&e->host, &trials, threads, estimates);
    pab__threads_free(threads);
    if (status == PAB_OK)
        status = correct(e, base, estimates, p_holm);
    uint32_t size = out->struct_size;
    for (uint32_t i = 0; status == PAB_OK && i < e->policies; i++) {
        pab_contrast full = contrast_of(n, &estimates[(size_t)i * PAB__ESTIMATE_COUNT], p_holm[i]);
        status = pab__record_out((unsigned char *)out + (size_t)i * size, &full, sizeof full,
                                 PAB__UPTO(pab_contrast, objective_high), "out");
    }
    return status;
}

pab_status pab_eval_compare(const pab_eval *eval, uint32_t base, int32_t regime, int32_t measure, pab_contrast *out,
                            uint32_t count)
{
    uint32_t first = 0, end = 0;
    pab_status status = pab__eval_strata(eval, regime, &first, &end);
    if (status == PAB_OK)
        status = check_contrasts(eval, base, measure, out, count);
    if (status != PAB_OK)
        return status;
    const size_t n = (size_t)(end - first) * eval->options.episodes;
    const size_t columns_size = COLUMNS * eval->policies * n * sizeof(double);
    const size_t per_policy = PAB__ESTIMATE_COUNT * sizeof(pab__bootstrap_estimate) + sizeof(double);
    const size_t estimates_size = eval->policies * per_policy;
    double *columns = pab__alloc(&eval->host, columns_size);
    pab__bootstrap_estimate *estimates = pab__alloc(&eval->host, estimates_size);
    if (!columns || !estimates)
        status = pab__fail(PAB_E_MEMORY, "no memory for comparing %u policies", eval->policies);
    if (status == PAB_OK)
        status = fill_columns(eval, first, end, measure, columns);
    if (status == PAB_OK)
        status = compare(eval, base, end - first, columns, estimates, out);
    pab__release(&eval->host, estimates, estimates_size);
    pab__release(&eval->host, columns, columns_size);
    return status;
}
