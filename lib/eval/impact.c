/* How a book answers an order that takes: three forks of one state, two of which trade once. */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/host.h"
#include "base/threads.h"
#include "eval/stats.h"
#include "eval/table.h"
#include "scenario/scenario.h"

#define TENTH INT64_C(100000000) /* ns */

enum { ERROR_TEXT = 600, SLICES = 60, FORKS = PAB_IMPACT_PROBES + 1 };

static const int32_t tenths[PAB_IMPACT_TIMES] = {
#define TIME_ENTRY(tenths) tenths,
    PAB_IMPACT_TABLE(TIME_ENTRY)
#undef TIME_ENTRY
};
static const int64_t slices_of[PAB_IMPACT_PROBES] = {1, 4};

/* What one seed gives. */
typedef struct trace {
    double shares[PAB_IMPACT_PROBES];
    double bps[PAB_IMPACT_PROBES][PAB_IMPACT_TIMES];
} trace;

typedef struct prober {
    pab_env *trunk, *fork;
    uint32_t failed_seed; /* UINT32_MAX: none */
    pab_status status;
    char error[ERROR_TEXT];
} prober;

typedef struct campaign {
    pab_host host;
    pab_impact_options options;
    prober *probers;
    trace *traces; /* by seed */
    uint32_t threads;
    _Atomic uint32_t next, finished;
    _Atomic int stop;
    pab_status told; /* by the hook */
} campaign;

pab_status pab_impact_options_init(pab_impact_options *options, uint32_t size)
{
    static const pab_impact_options defaults = {
        .struct_size = sizeof defaults, .split = PAB_SPLIT_TRAIN, .regime = PAB_REGIME_CALM, .seeds = 64};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, PAB__UPTO(pab_impact_options, progress), "options");
}

static pab_status check_scenario(const pab_scenario *scn)
{
    const pab__pair_plan *plan = &scn->pair.plan;
    if (!scn->pair.given)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has no section 'pair'", scn->name);
    if (plan->interval != TENTH)
        return pab__fail(PAB_E_UNSUPPORTED, "pair.interval is %lld ns; an impact probe expects 100ms",
                         (long long)plan->interval);
    if (plan->horizon <= tenths[PAB_IMPACT_TIMES - 1] * TENTH)
        return pab__fail(PAB_E_UNSUPPORTED, "pair.horizon is %lld ns; an impact probe expects more than 300s",
                         (long long)plan->horizon);
    return PAB_OK;
}

static pab_status check_options(const pab_impact_options *o)
{
    if (o->split < PAB_SPLIT_TRAIN || o->split > PAB_SPLIT_TEST)
        return pab__fail(PAB_E_RANGE, "options.split is %d; expected PAB_SPLIT_TRAIN, _VALIDATION or _TEST", o->split);
    if (o->regime < 0 || o->regime >= PAB_REGIME_COUNT)
        return pab__fail(PAB_E_RANGE, "options.regime is %d; expected 0 to %d", o->regime, PAB_REGIME_COUNT - 1);
    if (o->seeds == 0 || o->seeds > 1000000)
        return pab__fail(PAB_E_RANGE, "options.seeds is %u; expected 1 to 1000000", o->seeds);
    if (o->slice < 0 || o->slice > 100000000)
        return pab__fail(PAB_E_RANGE, "options.slice is %lld; expected 0 to 100000000 shares", (long long)o->slice);
    return PAB_OK;
}

/* The true mid of leg A, not the one that has reached the executor; 0 where a side is empty. */
static double true_mid(const pab_env *env, uint32_t symbol)
{
    pab_level bid, ask;
    if (pab_market_l1(pab_env_market(env), symbol, &bid, &ask) != PAB_OK || bid.price == 0 || ask.price == 0)
        return 0;
    return 0.5 * (double)(bid.price + ask.price);
}

/* Takes `quantity` shares at once (0: none), then holds, and writes the mids down. */
static pab_status follow(pab_env *env, uint32_t symbol, int64_t quantity, double *shares, double *mids)
{
    pab_decision decision = {0};
    pab_step_result result = {.struct_size = sizeof result};
    int next = 0;
    if (quantity > 0) {
        decision.action[0] = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_SWEEP + 1;
        decision.quantity[0] = quantity;
    }
    for (int32_t step = 1; next < PAB_IMPACT_TIMES; step++) {
        pab_status status = pab_env_step_exact(env, &decision, NULL, 0, &result);
        if (status != PAB_OK)
            return status;
        decision = (pab_decision){0};
        if (step == tenths[next])
            mids[next++] = true_mid(env, symbol);
    }
    *shares = (double)result.filled[0];
    return PAB_OK;
}

static pab_status probe(const campaign *c, prober *own, uint32_t number, trace *out)
{
    const pab_impact_options *o = &c->options;
    pab_reset_options episode;
    pab_env_status at = {.struct_size = sizeof at};
    double mids[FORKS][PAB_IMPACT_TIMES], shares[FORKS];
    pab_status status = pab_reset_options_init(&episode, sizeof episode);
    episode.shield = 0;
    /* Any parent that leaves the larger probe room; a calibrated one tells the size of a slice. */
    episode.quantity_a = o->slice > 0 ? o->slice * SLICES : 0;
    if (status == PAB_OK)
        status = pab_env_reset(own->trunk, pab_seed(o->split, o->regime, o->first + number), &episode, NULL, 0);
    if (status == PAB_OK)
        status = pab_env_describe(own->trunk, &at);
    const int64_t slice = (at.parent[0] + SLICES - 1) / SLICES;
    for (int f = 0; status == PAB_OK && f < FORKS; f++) {
        status = pab_env_copy(own->fork, own->trunk);
        if (status == PAB_OK)
            status = follow(own->fork, (uint32_t)at.symbol[0], f > 0 ? slice * slices_of[f - 1] : 0, &shares[f],
                            mids[f]);
    }
    for (int p = 0; status == PAB_OK && p < PAB_IMPACT_PROBES; p++) {
        out->shares[p] = shares[p + 1];
        for (int t = 0; t < PAB_IMPACT_TIMES; t++) {
            int known = mids[0][t] > 0 && mids[p + 1][t] > 0;
            out->bps[p][t] = known ? 1e4 * at.side[0] * log(mids[p + 1][t] / mids[0][t]) : 0;
        }
    }
    return status;
}

static void tell(campaign *c, uint32_t thread)
{
    if (thread != 0)
        return;
    c->told = pab__tell(c->options.progress, "impact", atomic_load(&c->finished), c->options.seeds);
    if (c->told != PAB_OK)
        atomic_store(&c->stop, 1);
}

static void work(void *user, uint32_t thread, uint32_t threads)
{
    campaign *c = user;
    prober *own = &c->probers[thread];
    (void)threads;
    while (!atomic_load(&c->stop)) {
        uint32_t number = atomic_fetch_add(&c->next, 1);
        if (number >= c->options.seeds)
            break;
        own->status = probe(c, own, number, &c->traces[number]);
        if (own->status != PAB_OK) {
            own->failed_seed = number;
            pab_last_error(own->error, sizeof own->error);
            atomic_store(&c->stop, 1);
            break;
        }
        atomic_fetch_add(&c->finished, 1);
        tell(c, thread);
    }
}

/* The mean over seeds of the doubles at `offset` in each trace, and its standard error. */
static void average(const campaign *c, size_t offset, double *space, double *mean, double *error)
{
    const uint32_t n = c->options.seeds;
    for (uint32_t i = 0; i < n; i++)
        memcpy(&space[i], (const unsigned char *)&c->traces[i] + offset, sizeof *space);
    *mean = pab__mean(space, n);
    *error = pab__deviation(space, n) / sqrt(n);
}

static void conclude(const campaign *c, double *space, pab_impact *out)
{
    double unused;
    *out = (pab_impact){.struct_size = sizeof *out, .seeds = c->options.seeds};
    for (int t = 0; t < PAB_IMPACT_TIMES; t++)
        out->times[t] = tenths[t] / 10.0;
    for (size_t p = 0; p < PAB_IMPACT_PROBES; p++) {
        average(c, offsetof(trace, shares) + p * sizeof(double), space, &out->shares[p], &unused);
        for (size_t t = 0; t < PAB_IMPACT_TIMES; t++)
            average(c, offsetof(trace, bps) + (p * PAB_IMPACT_TIMES + t) * sizeof(double), space, &out->mean[p][t],
                    &out->error[p][t]);
    }
}

static pab_status outcome(const campaign *c)
{
    const prober *first = NULL;
    for (uint32_t t = 0; t < c->threads; t++)
        if (c->probers[t].status != PAB_OK && (!first || c->probers[t].failed_seed < first->failed_seed))
            first = &c->probers[t];
    if (first)
        return pab__fail(first->status, "impact probe %u: %s", first->failed_seed, first->error);
    return c->told;
}

static pab_status make_probers(campaign *c, pab_scenario *scn)
{
    pab_status status = PAB_OK;
    for (uint32_t t = 0; status == PAB_OK && t < c->threads; t++) {
        status = pab_env_new(scn, &c->probers[t].trunk);
        if (status == PAB_OK)
            status = pab_env_new(scn, &c->probers[t].fork);
    }
    return status;
}

static pab_status run(campaign *c, pab_scenario *scn, pab__threads *threads, pab_impact *out)
{
    const uint32_t n = c->options.seeds;
    c->threads = pab__threads_count(threads);
    c->probers = pab__alloc(&c->host, c->threads * sizeof *c->probers);
    c->traces = pab__alloc(&c->host, n * sizeof *c->traces);
    double *space = pab__alloc(&c->host, n * sizeof *space);
    pab_status status = PAB_OK;
    if (!c->probers || !c->traces || !space)
        status = pab__fail(PAB_E_MEMORY, "no memory for %u impact probes", n);
    if (status == PAB_OK)
        status = make_probers(c, scn);
    if (status == PAB_OK) {
        pab__threads_run(threads, work, c);
        status = outcome(c);
    }
    if (status == PAB_OK)
        conclude(c, space, out);
    for (uint32_t t = 0; c->probers && t < c->threads; t++) {
        pab_env_free(c->probers[t].fork);
        pab_env_free(c->probers[t].trunk);
    }
    pab__release(&c->host, space, n * sizeof *space);
    pab__release(&c->host, c->traces, n * sizeof *c->traces);
    pab__release(&c->host, c->probers, c->threads * sizeof *c->probers);
    return status;
}

pab_status pab_impact_measure(pab_scenario *scn, const pab_impact_options *options, pab_impact *out)
{
    campaign c = {0};
    pab__threads *threads = NULL;
    pab_impact full;
    if (!scn)
        return pab__fail(PAB_E_ARGUMENT, "scn is NULL");
    pab_status status = pab_impact_options_init(&c.options, sizeof c.options);
    if (status == PAB_OK && options)
        status = pab__record_in(&c.options, sizeof c.options, options,
                                PAB__UPTO(pab_impact_options, progress), "options");
    if (status == PAB_OK)
        status = check_options(&c.options);
    if (status == PAB_OK)
        status = check_scenario(scn);
    if (status == PAB_OK)
        status = pab__host_take(&scn->host, &c.host);
    if (status == PAB_OK)
        status = pab__threads_new(&c.host, c.options.threads, "options.threads", &threads);
    if (status != PAB_OK)
        return status;
    status = run(&c, scn, threads, &full);
    pab__threads_free(threads);
    return status == PAB_OK ? pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_impact, error), "the impact")
                            : status;
}
