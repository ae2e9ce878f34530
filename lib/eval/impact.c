/* Impact of an order that takes: three forks of one state, two of which trade once; mids are compared afterwards. */
#include <pairsabides/eval.h>

#include <math.h>
#include <string.h>

#include "env/pair.h"
#include "eval/rollout.h"
#include "eval/stats.h"
#include "eval/workers.h"

#define TENTH INT64_C(100000000) /* ns */

enum { SLICES = 60, FORKS = PAB_IMPACT_PROBES + 1 };

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

typedef struct measurement {
    pab_impact_options options;
    pab__workers workers;
    pab__results traces; /* by seed */
} measurement;

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
    const pab__pair_plan *plan = &pab__pair_of(scn)->plan;
    if (!pab__pair_of(scn)->given)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has no section 'pair'", scn->name);
    if (plan->interval != TENTH)
        return pab__fail(PAB_E_UNSUPPORTED, "pair.interval is %.10g s; an impact probe expects 0.1 s",
                         1e-9 * (double)plan->interval);
    if (plan->horizon <= tenths[PAB_IMPACT_TIMES - 1] * TENTH)
        return pab__fail(PAB_E_UNSUPPORTED, "pair.horizon is %.10g s; an impact probe expects more than 300 s",
                         1e-9 * (double)plan->horizon);
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
    if (o->first >= UINT64_C(1) << 48 || o->first + o->seeds > UINT64_C(1) << 48)
        return pab__fail(PAB_E_RANGE, "options.first is %llu; expected seed indices below 2^48",
                         (unsigned long long)o->first);
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

/* One fork: a trade, then its mids. */
typedef struct probe {
    uint32_t symbol;
    int next;         /* time to write down */
    int64_t quantity; /* to take at the first decision; 0: none */
    double shares, mids[PAB_IMPACT_TIMES];
} probe;

/* Takes the quantity at once, then holds. */
static pab_status take_once(void *user, const pab_env *env, pab_decision *out)
{
    probe *p = user;
    (void)env;
    if (p->quantity > 0) {
        out->action[0] = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_SWEEP + 1;
        out->quantity[0] = p->quantity;
    }
    p->quantity = 0;
    return PAB_OK;
}

static pab_status write_mid(void *user, const pab_env *env, const pab_decision *decision, const pab_step_result *result)
{
    probe *p = user;
    (void)decision;
    if (result->step == tenths[p->next])
        p->mids[p->next++] = true_mid(env, p->symbol);
    p->shares = (double)result->filled[0];
    return p->next < PAB_IMPACT_TIMES ? PAB_OK : PAB__ROLLOUT_STOP;
}

static pab_status follow(const pab__worker *own, probe *p)
{
    const pab__rollout r = {.env = own->fork, .decide = take_once, .after = write_mid, .user = p};
    pab_status status = pab_env_copy(own->fork, own->env);
    return status == PAB_OK ? pab__rollout_resume(&r, NULL) : status;
}

static void write_trace(const probe forks[FORKS], int32_t side, trace *out)
{
    const double *base = forks[0].mids;
    for (int p = 0; p < PAB_IMPACT_PROBES; p++) {
        const double *mids = forks[p + 1].mids;
        out->shares[p] = forks[p + 1].shares;
        for (int t = 0; t < PAB_IMPACT_TIMES; t++) {
            int known = base[t] > 0 && mids[t] > 0;
            out->bps[p][t] = known ? 1e4 * side * log(mids[t] / base[t]) : 0;
        }
    }
}

static pab_status probe_seed(void *user, uint32_t thread, uint32_t number)
{
    const measurement *m = user;
    const pab_impact_options *o = &m->options;
    const pab__worker *own = &m->workers.worker[thread];
    pab_reset_options episode;
    pab_env_status at = {.struct_size = sizeof at};
    probe forks[FORKS] = {{0}};
    pab_status status = pab_reset_options_init(&episode, sizeof episode);
    episode.shield = 0;
    /* Any parent with room for the larger probe; without a slice, the scenario's parent gives its size. */
    episode.quantity_a = o->slice > 0 ? o->slice * SLICES : 0;
    if (status == PAB_OK)
        status = pab_env_reset(own->env, pab_seed(o->split, o->regime, o->first + number), &episode, NULL, 0);
    if (status == PAB_OK)
        status = pab_env_describe(own->env, &at);
    const int64_t slice = (at.parent[0] + SLICES - 1) / SLICES;
    for (int f = 0; status == PAB_OK && f < FORKS; f++) {
        forks[f].symbol = (uint32_t)at.symbol[0];
        forks[f].quantity = f > 0 ? slice * slices_of[f - 1] : 0;
        status = follow(own, &forks[f]);
    }
    if (status == PAB_OK)
        write_trace(forks, at.side[0], pab__results_at(&m->traces, number, 0));
    return status;
}

/* The mean over seeds of the doubles at `offset` in each trace, and its standard error. */
static void average(const measurement *m, size_t offset, double *space, double *mean, double *error)
{
    const uint32_t n = m->options.seeds;
    for (uint32_t i = 0; i < n; i++)
        memcpy(&space[i], (const unsigned char *)pab__results_at(&m->traces, i, 0) + offset, sizeof *space);
    *mean = pab__stats_mean(space, n);
    *error = pab__stats_sd(space, n) / sqrt(n);
}

static void summarize(const measurement *m, double *space, pab_impact *out)
{
    double unused;
    *out = (pab_impact){.struct_size = sizeof *out, .seeds = m->options.seeds};
    for (int t = 0; t < PAB_IMPACT_TIMES; t++)
        out->times[t] = tenths[t] / 10.0;
    for (size_t p = 0; p < PAB_IMPACT_PROBES; p++) {
        average(m, offsetof(trace, shares) + p * sizeof(double), space, &out->shares[p], &unused);
        for (size_t t = 0; t < PAB_IMPACT_TIMES; t++)
            average(m, offsetof(trace, bps) + (p * PAB_IMPACT_TIMES + t) * sizeof(double), space, &out->mean[p][t],
                    &out->error[p][t]);
    }
}

static pab_status measure(measurement *m, const pab_host *host, pab_impact *out)
{
    const uint32_t n = m->options.seeds;
    trace *traces = pab__alloc(host, n * sizeof *traces);
    double *space = pab__alloc(host, n * sizeof *space);
    pab_status status = PAB_OK;
    if (!traces || !space)
        status = pab__fail(PAB_E_MEMORY, "no memory for %u impact probes", n);
    m->traces = pab__results_array(traces, sizeof *traces);
    const pab__jobs jobs = {.count = n, .run = probe_seed, .user = m, .what = "impact probe", .stage = "impact",
                            .progress = m->options.progress, .total = n, .results = &m->traces, .result_count = 1};
    if (status == PAB_OK)
        status = pab__jobs_run(m->workers.threads, &jobs);
    if (status == PAB_OK)
        summarize(m, space, out);
    pab__release(host, space, n * sizeof *space);
    pab__release(host, traces, n * sizeof *traces);
    return status;
}

pab_status pab_impact_measure(pab_scenario *scn, const pab_impact_options *options, pab_impact *out)
{
    measurement m = {0};
    pab_host host;
    pab_impact full;
    if (!scn)
        return pab__fail(PAB_E_ARGUMENT, "scn is NULL");
    pab_status status = pab__record_check(out, PAB__UPTO(pab_impact, error), "the impact");
    if (status == PAB_OK)
        status = pab_impact_options_init(&m.options, sizeof m.options);
    if (status == PAB_OK && options)
        status = pab__record_in(&m.options, sizeof m.options, options,
                                PAB__UPTO(pab_impact_options, progress), "options");
    if (status == PAB_OK)
        status = pab__progress_check(m.options.progress, "options.progress");
    if (status == PAB_OK)
        status = check_options(&m.options);
    if (status == PAB_OK)
        status = check_scenario(scn);
    if (status == PAB_OK)
        status = pab__host_take(&scn->host, &host);
    if (status != PAB_OK)
        return status;
    const pab__workers_plan plan = {.threads = m.options.threads, .forks = 1};
    status = pab__workers_new(&host, scn, &plan, &m.workers);
    if (status == PAB_OK)
        status = measure(&m, &host, &full);
    pab__workers_free(&m.workers);
    return status == PAB_OK ? pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_impact, error), "the impact")
                            : status;
}
