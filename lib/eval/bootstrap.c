/* The paired bootstrap. A resample is a count per episode, a function of (seed, number) alone; every policy is weighted
 * with the same counts, and threads share the resamples. */
#include "eval/bootstrap.h"

#include <string.h>

#include "base/rng.h"
#include "base/sort.h"
#include "eval/stats.h"

enum { PURPOSE_RESAMPLE = 0x626f6f74 };

typedef struct job {
    const pab__bootstrap_sample *sample;
    uint32_t episodes;
    uint32_t *counts;   /* [threads][episodes] */
    uint32_t *worst;    /* [policies][episodes]: episodes by falling shortfall */
    uint32_t *lower;    /* [policies][episodes]: 2 where the measure is below the base's, 1 where they are equal */
    double *totals;     /* [threads][policies][3] */
    double *draws;      /* [policies][PAB__ESTIMATE_COUNT][resamples] */
} job;

/* Sums of one policy under a weighting: of the measure, of J's mean part, and CVaR95. */
enum { SUM_MEASURE, SUM_COST, SUM_TAIL, SUMS };

enum { POLICIES_AT_ONCE = 4 }; /* policies */

void pab__bootstrap_resample(const pab__bootstrap_sample *sample, uint32_t r, uint32_t *counts)
{
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    uint32_t n = sample->per_stratum;
    pab__rng_seed(&rng, pab__rng_key(sample->seed, r, PURPOSE_RESAMPLE));
    memset(counts, 0, (size_t)sample->strata * n * sizeof *counts);
    for (uint32_t s = 0; s < sample->strata; s++) {
        for (uint32_t i = 0; i < n; i++)
            counts[s * n + (uint32_t)((uint64_t)pab__draw_word(&draw) * n >> 32)]++;
    }
}

/* Mean of the costliest 5 % of the episodes drawn, each as many times as it was drawn. */
static double tail_of(const double *shortfall, const uint32_t *worst, const uint32_t *counts, uint32_t n)
{
    uint32_t left = pab__stats_tail_count(n);
    double sum = 0;
    for (uint32_t i = 0; left > 0; i++) {
        uint32_t taken = counts[worst[i]] < left ? counts[worst[i]] : left;
        sum += taken * shortfall[worst[i]];
        left -= taken;
    }
    return sum / pab__stats_tail_count(n);
}

/* Sums of policies `first` and up to three more, each in the order of its episodes. Four at a time hide the latency of
 * additions. */
static void weight_policies(const job *j, const uint32_t *counts, uint32_t first, double *sums)
{
    const pab__bootstrap_sample *t = j->sample;
    const uint32_t n = j->episodes, left = t->policies - first;
    const uint32_t many = left < POLICIES_AT_ONCE ? left : POLICIES_AT_ONCE;
    const double *measure[POLICIES_AT_ONCE], *shortfall[POLICIES_AT_ONCE], *tracking[POLICIES_AT_ONCE];
    double total[POLICIES_AT_ONCE] = {0}, cost[POLICIES_AT_ONCE] = {0};
    for (uint32_t k = 0; k < POLICIES_AT_ONCE; k++) { /* fewer than four: the first again */
        const size_t at = (size_t)(first + (k < many ? k : 0)) * n;
        measure[k] = t->measure + at;
        shortfall[k] = t->shortfall + at;
        tracking[k] = t->tracking + at;
    }
    for (uint32_t i = 0; i < n; i++) {
        const double count = counts[i];
        for (uint32_t k = 0; k < POLICIES_AT_ONCE; k++) {
            total[k] += count * measure[k][i];
            cost[k] += count * (shortfall[k][i] + PAB__OBJECTIVE_ETA * tracking[k][i]);
        }
    }
    for (uint32_t k = 0; k < many; k++) {
        double *own = sums + (size_t)(first + k) * SUMS;
        own[SUM_MEASURE] = total[k] / n;
        own[SUM_COST] = cost[k] / n;
        own[SUM_TAIL] = tail_of(shortfall[k], j->worst + (size_t)(first + k) * n, counts, n);
    }
}

static double lower_share(const job *j, const uint32_t *counts, uint32_t policy)
{
    const uint32_t n = j->episodes, *lower = j->lower + (size_t)policy * n;
    uint32_t halves = 0; /* at most 2 n */
    for (uint32_t i = 0; i < n; i++)
        halves += counts[i] * lower[i];
    return (double)halves / (2.0 * n);
}

/* Estimates of all policies under one weighting; `stride` apart, from out[at] on. */
static void estimate(const job *j, const uint32_t *counts, double *sums, double *out, size_t stride)
{
    const pab__bootstrap_sample *t = j->sample;
    for (uint32_t p = 0; p < t->policies; p += POLICIES_AT_ONCE)
        weight_policies(j, counts, p, sums);
    const double *base = sums + (size_t)t->base * SUMS;
    for (uint32_t p = 0; p < t->policies; p++, out += PAB__ESTIMATE_COUNT * stride) {
        const double *own = sums + (size_t)p * SUMS;
        double tail = own[SUM_TAIL] - base[SUM_TAIL];
        out[PAB__ESTIMATE_MEAN * stride] = own[SUM_MEASURE] - base[SUM_MEASURE];
        out[PAB__ESTIMATE_LOWER * stride] = lower_share(j, counts, p);
        out[PAB__ESTIMATE_CVAR * stride] = tail;
        out[PAB__ESTIMATE_OBJECTIVE * stride] = own[SUM_COST] - base[SUM_COST] + PAB__OBJECTIVE_TAIL * tail;
    }
}

static void draw_share(void *user, uint32_t thread, uint32_t threads)
{
    const job *j = user;
    uint32_t first, end;
    uint32_t *counts = j->counts + (size_t)thread * j->episodes;
    double *sums = j->totals + (size_t)thread * j->sample->policies * SUMS;
    pab__threads_share(j->sample->resamples, thread, threads, &first, &end);
    for (uint32_t r = first; r < end; r++) {
        pab__bootstrap_resample(j->sample, r, counts);
        estimate(j, counts, sums, j->draws + r, j->sample->resamples);
    }
}

/* Ranks episodes by descending shortfall, ties by number. */
static void rank_policy(const double *shortfall, uint32_t n, double *falling, uint32_t *worst)
{
    for (uint32_t i = 0; i < n; i++)
        falling[i] = -shortfall[i];
    pab__sort_rank(falling, n, worst);
}

static void interval_of(double *draws, uint32_t n, double value, pab__bootstrap_estimate *out)
{
    uint32_t below = 0, above = 0;
    for (uint32_t i = 0; i < n; i++) {
        below += draws[i] <= 0;
        above += draws[i] >= 0;
    }
    uint32_t fewer = below < above ? below : above;
    double p = 2.0 * (fewer + 1.0) / (n + 1.0);
    pab__sort_reals(draws, n);
    *out = (pab__bootstrap_estimate){.value = value, .low = pab__stats_quantile(draws, n, 0.025),
                           .high = pab__stats_quantile(draws, n, 0.975), .p = p < 1 ? p : 1};
}

static void mark_lower(const pab__bootstrap_sample *t, uint32_t n, uint32_t *lower)
{
    const double *base = t->measure + (size_t)t->base * n;
    for (uint32_t p = 0; p < t->policies; p++)
        for (uint32_t i = 0; i < n; i++) {
            const double x = t->measure[(size_t)p * n + i];
            lower[(size_t)p * n + i] = (uint32_t)((x < base[i]) + (x <= base[i]));
        }
}

/* The sample itself: every episode is drawn once. */
static void estimate_all(const job *j, pab__bootstrap_estimate *out)
{
    const pab__bootstrap_sample *t = j->sample;
    double *plain = j->totals + (size_t)t->policies * SUMS;
    for (uint32_t i = 0; i < j->episodes; i++)
        j->counts[i] = 1;
    estimate(j, j->counts, j->totals, plain, 1);
    for (size_t i = 0; i < (size_t)t->policies * PAB__ESTIMATE_COUNT; i++)
        interval_of(j->draws + i * t->resamples, t->resamples, plain[i], &out[i]);
}

pab_status pab__bootstrap_run(const pab_host *host, const pab__bootstrap_sample *sample, pab__threads *threads,
                              pab__bootstrap_estimate *out)
{
    const size_t policies = sample->policies, thread_count = pab__threads_count(threads);
    job j = {.sample = sample, .episodes = sample->strata * sample->per_stratum};
    const size_t n = j.episodes;
    const size_t counts = thread_count * n * sizeof *j.counts, worst = policies * n * sizeof *j.worst;
    const size_t totals = (thread_count * SUMS + PAB__ESTIMATE_COUNT + SUMS) * policies * sizeof *j.totals;
    const size_t draws = policies * PAB__ESTIMATE_COUNT * sample->resamples * sizeof *j.draws;
    double *falling = pab__alloc(host, n * sizeof *falling);
    j.counts = pab__alloc(host, counts);
    j.worst = pab__alloc(host, worst);
    j.lower = pab__alloc(host, worst);
    j.totals = pab__alloc(host, totals);
    j.draws = pab__alloc(host, draws);
    pab_status status = PAB_OK;
    if (!falling || !j.counts || !j.worst || !j.lower || !j.totals || !j.draws) {
        status = pab__fail(PAB_E_MEMORY, "no memory for %u resamples of %zu policies", sample->resamples, policies);
    } else {
        for (size_t p = 0; p < policies; p++)
            rank_policy(sample->shortfall + p * n, j.episodes, falling, j.worst + p * n);
        mark_lower(sample, j.episodes, j.lower);
        pab__threads_run(threads, draw_share, &j);
        estimate_all(&j, out);
    }
    pab__release(host, j.draws, draws);
    pab__release(host, j.totals, totals);
    pab__release(host, j.lower, worst);
    pab__release(host, j.worst, worst);
    pab__release(host, j.counts, counts);
    pab__release(host, falling, n * sizeof *falling);
    return status;
}
