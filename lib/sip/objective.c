/* The objective, its confidence interval, and the Pareto front. */
#include "sip/objective.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "base/sort.h"
#include "eval/bootstrap.h"
#include "eval/stats.h"

enum { RESAMPLES = 2000 };

void pab__sip_costs_of(const double *shortfall, const double *tracking, uint32_t n, double *spare,
                       pab__sip_costs *out)
{
    memcpy(spare, shortfall, n * sizeof *spare);
    pab__sort_reals(spare, n);
    out->shortfall = pab__stats_mean(shortfall, n);
    out->tracking = pab__stats_mean(tracking, n);
    out->tail = pab__stats_tail_mean(spare, n);
}

double pab__sip_objective(const pab__sip_costs *costs, double eta)
{
    return costs->shortfall + eta * costs->tracking + PAB__OBJECTIVE_TAIL * costs->tail;
}

/* The objective of those episodes that `pick` names. */
static double resampled(const pab__sip_run *run, const uint32_t *pick, uint32_t n, double eta, double *spare)
{
    pab__sip_costs costs;
    double *shortfall = spare, *tracking = spare + n;
    for (uint32_t i = 0; i < n; i++) {
        shortfall[i] = run->shortfall[pick[i]];
        tracking[i] = run->tracking[pick[i]];
    }
    pab__sip_costs_of(shortfall, tracking, n, spare + 2 * n, &costs);
    return pab__sip_objective(&costs, eta);
}

static double difference(const pab__sip_run *a, const pab__sip_run *b, const uint32_t *pick, uint32_t n, double eta,
                         double *spare)
{
    double value = resampled(a, pick, n, eta, spare);
    return b ? value - resampled(b, pick, n, eta, spare) : value;
}

pab_status pab__sip_compare(const pab_host *host, const pab__sip_run *a, const pab__sip_run *b, uint32_t n, double eta,
                            uint64_t key, pab__sip_interval *out)
{
    size_t size = (3 * (size_t)n + RESAMPLES) * sizeof(double) + n * sizeof(uint32_t);
    double *values = pab__alloc(host, size), *spare = values + RESAMPLES;
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    if (!values)
        return pab__fail(PAB_E_MEMORY, "no memory to resample %u episodes", n);
    uint32_t *pick = (uint32_t *)(void *)(spare + 3 * (size_t)n);
    for (uint32_t i = 0; i < n; i++)
        pick[i] = i;
    out->value = difference(a, b, pick, n, eta, spare);
    pab__rng_seed(&rng, pab__rng_key(key, n, 1));
    for (uint32_t r = 0; r < RESAMPLES; r++) {
        for (uint32_t i = 0; i < n; i++)
            pick[i] = (uint32_t)pab__draw_randint(&draw, 0, n);
        values[r] = difference(a, b, pick, n, eta, spare);
    }
    pab__sort_reals(values, RESAMPLES);
    out->low = pab__stats_quantile(values, RESAMPLES, 0.025);
    out->high = pab__stats_quantile(values, RESAMPLES, 0.975);
    pab__release(host, values, size);
    return PAB_OK;
}

void pab__sip_front(const pab__sip_costs *costs, uint32_t n, uint8_t *front)
{
    for (uint32_t i = 0; i < n; i++) {
        front[i] = 1;
        for (uint32_t j = 0; j < n && front[i]; j++) {
            int no_worse = costs[j].shortfall <= costs[i].shortfall && costs[j].tracking <= costs[i].tracking;
            int better = costs[j].shortfall < costs[i].shortfall || costs[j].tracking < costs[i].tracking;
            front[i] = !(no_worse && better);
        }
    }
}
