/* Calibration from beginning to end: record, fit, write, probe with the fitted scenario, write again. */
#include "calib/calib.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "eval/workers.h"
#include "scenario/config.h"

enum { DRIVERS = 5 };

static const char *const drivers[DRIVERS] = {"twap:work", "lae", "sce", "ome", "rae"};

/* Scratch of a worker: who drives the episodes that bins are made of. */
typedef struct driver {
    pab_policy *policy[DRIVERS];
} driver;

/* Markets of a thread, for recording. */
typedef struct markets {
    pab_market *market[PAB_REGIME_COUNT]; /* NULL until needed */
} markets;

typedef struct calibration {
    pab_host host;
    pab_calibrate_options options;
    pab_scenario *scn, *known; /* as given; with the keys that recordings gave */
    pab__threads *threads;
    uint32_t count;       /* threads */
    markets *markets;     /* by thread */
    pab__workers workers; /* on `known`: probe, and drive */
    int32_t regime[PAB_REGIME_COUNT];
    uint32_t regimes, train, all; /* regimes that take part; training episodes; with validation */
    uint64_t done, total;         /* episodes, for the progress hook */
    pab__recording_plan plan;
    pab__recording *recordings;
    pab__decision_sample *decisions;         /* theirs */
    pab__touch_sample *touches;
    pab__probe *probes;
    double *values, *space;   /* for bins; NULL: fixed ones */
    pab__calibrated measured;
    pab_config cfg;           /* a copy of the caller's tree; its types are lent */
} calibration;

pab_status pab_calibrate_options_init(pab_calibrate_options *options, uint32_t size)
{
    static const pab_calibrate_options defaults = {
        .struct_size = sizeof defaults, .regimes = (1u << PAB_REGIME_COUNT) - 1, .episodes = 64, .validation = 32};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, PAB__UPTO(pab_calibrate_options, report), "options");
}

static pab_status check_options(const pab_calibrate_options *o)
{
    if (o->regimes == 0 || o->regimes >> PAB_REGIME_COUNT != 0)
        return pab__fail(PAB_E_RANGE, "options.regimes is %#x; expected some of the %d lowest bits", o->regimes,
                         PAB_REGIME_COUNT);
    if (o->episodes == 0 || o->episodes > 100000)
        return pab__fail(PAB_E_RANGE, "options.episodes is %u; expected 1 to 100000", o->episodes);
    if (o->validation > 100000)
        return pab__fail(PAB_E_RANGE, "options.validation is %u; expected at most 100000", o->validation);
    if (o->bins != PAB_BINS_FIXED && o->bins != PAB_BINS_QUANTILE)
        return pab__fail(PAB_E_RANGE, "options.bins is %d; expected PAB_BINS_FIXED or PAB_BINS_QUANTILE", o->bins);
    return PAB_OK;
}

static pab_status check_scenario(const pab_scenario *scn)
{
    const pab__pair_plan *p = &pab__pair_of(scn)->plan;
    if (!pab__pair_of(scn)->given)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has no section 'pair'", scn->name);
    if (scn->rng != PAB_RNG_FAST)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" draws with rng: abides; calibration needs rng: fast",
                         scn->name);
    if (scn->clock.market_open + p->warmup + p->horizon > scn->clock.market_close)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\": the market closes before an episode can end", scn->name);
    return PAB_OK;
}

/* Compiles the present keys. */
static pab_status compile(calibration *c, pab_scenario **out)
{
    *out = NULL;
    return pab_scenario_new(&c->cfg, out);
}

static pab_status check_origin(calibration *c)
{
    pab_scenario *same;
    pab_status status = compile(c, &same);
    if (status == PAB_OK && same->fingerprint != c->scn->fingerprint)
        status = pab__fail(PAB_E_KIND, "scn (%016llx) was not made of out (%016llx)",
                           (unsigned long long)c->scn->fingerprint, (unsigned long long)same->fingerprint);
    pab_scenario_free(same);
    return status;
}

/* --- Episodes --- */

/* Training episodes regime by regime, then validation episodes in the same way. */
static uint64_t seed_of(const calibration *c, uint32_t job, int32_t *regime)
{
    const int train = job < c->train;
    const uint32_t each = train ? c->options.episodes : c->options.validation, n = train ? job : job - c->train;
    *regime = c->regime[n / each];
    return pab_seed(train ? PAB_SPLIT_TRAIN : PAB_SPLIT_VALIDATION, *regime, c->options.first + n % each);
}

static pab_status record_one(void *user, uint32_t thread, uint32_t job)
{
    calibration *c = user;
    int32_t regime;
    uint64_t seed = seed_of(c, job, &regime);
    pab_market **market = &c->markets[thread].market[regime];
    pab_status status = *market ? PAB_OK : pab_market_new(pab__scenario_variant(c->scn, regime), market);
    return status == PAB_OK ? pab__recording_episode(*market, &c->plan, seed, &c->recordings[job]) : status;
}

static pab_status probe_one(void *user, uint32_t thread, uint32_t job)
{
    calibration *c = user;
    const pab__worker *own = &c->workers.worker[thread];
    int32_t regime;
    return pab__probe_episode(own->env, own->fork, seed_of(c, job, &regime), &c->probes[job]);
}

/* Half benchmark, half rules. */
static pab_status drive_one(void *user, uint32_t thread, uint32_t job)
{
    calibration *c = user;
    const pab__worker *own = &c->workers.worker[thread];
    const driver *drives = own->scratch;
    int32_t regime;
    const uint32_t which = job % 2 == 0 ? 0 : 1 + job / 2 % (DRIVERS - 1);
    return pab__edges_episode(own->env, drives->policy[which], seed_of(c, job, &regime), c->plan.steps,
                              c->values + (size_t)job * c->plan.steps * PAB__EDGE_VALUES);
}

static pab_status run_episodes(calibration *c, uint32_t count, pab_status (*one)(void *, uint32_t, uint32_t),
                               const pab__results *results, uint32_t result_count)
{
    const pab__jobs jobs = {.count = count, .run = one, .user = c, .what = "calibration episode",
                            .progress = c->options.progress, .stage = "calibrate", .before = c->done,
                            .total = c->total, .results = results, .result_count = result_count};
    pab_status status = pab__jobs_run(c->threads, &jobs);
    c->done += count;
    return status;
}

/* --- What they need --- */

static size_t touches_per_leg(const calibration *c)
{
    return (size_t)c->plan.steps * c->plan.parts + 1;
}

static size_t rows_of(const calibration *c)
{
    return (size_t)c->train * c->plan.steps;
}

static pab_status make_room(calibration *c)
{
    const size_t steps = c->plan.steps, touches = touches_per_leg(c);
    c->markets = pab__alloc(&c->host, c->count * sizeof *c->markets);
    c->recordings = pab__alloc(&c->host, c->all * sizeof *c->recordings);
    c->decisions = pab__alloc(&c->host, 2 * c->all * steps * sizeof *c->decisions);
    c->touches = pab__alloc(&c->host, 2 * c->all * touches * sizeof *c->touches);
    c->probes = pab__alloc(&c->host, c->train * sizeof *c->probes);
    int made = c->markets && c->recordings && c->decisions && c->touches && c->probes;
    if (made && c->options.bins == PAB_BINS_QUANTILE) {
        c->values = pab__alloc(&c->host, rows_of(c) * PAB__EDGE_VALUES * sizeof *c->values);
        c->space = pab__alloc(&c->host, rows_of(c) * 2 * sizeof *c->space);
        made = c->values && c->space;
    }
    if (!made)
        return pab__fail(PAB_E_MEMORY, "no memory for a calibration of %u episodes", c->all);
    for (uint32_t i = 0; i < c->all; i++) {
        for (uint32_t leg = 0; leg < 2; leg++) {
            c->recordings[i].decision[leg] = c->decisions + (2 * (size_t)i + leg) * steps;
            c->recordings[i].touch[leg] = c->touches + (2 * (size_t)i + leg) * touches;
        }
    }
    return PAB_OK;
}

static pab_status make_workers(calibration *c)
{
    const pab__workers_plan plan = {.lent = c->threads, .forks = 1, .scratch = sizeof(driver)};
    pab_status status = pab__workers_new(&c->host, c->known, &plan, &c->workers);
    for (uint32_t t = 0; t < c->workers.count && c->values; t++) {
        driver *own = c->workers.worker[t].scratch;
        for (int i = 0; i < DRIVERS && status == PAB_OK; i++)
            status = pab_policy_parse(&c->host, drivers[i], &own->policy[i]);
    }
    return status;
}

static void free_workers(calibration *c)
{
    for (uint32_t t = 0; t < c->workers.count; t++) {
        driver *own = c->workers.worker[t].scratch;
        for (int i = 0; i < DRIVERS; i++)
            pab_policy_free(own->policy[i]);
    }
    pab__workers_free(&c->workers);
}

static void free_all(calibration *c)
{
    free_workers(c);
    for (uint32_t t = 0; c->markets && t < c->count; t++)
        for (int32_t r = 0; r < PAB_REGIME_COUNT; r++)
            pab_market_free(c->markets[t].market[r]);
    pab__release(&c->host, c->space, rows_of(c) * 2 * sizeof *c->space);
    pab__release(&c->host, c->values, rows_of(c) * PAB__EDGE_VALUES * sizeof *c->values);
    pab__release(&c->host, c->probes, c->train * sizeof *c->probes);
    pab__release(&c->host, c->touches, 2 * c->all * touches_per_leg(c) * sizeof *c->touches);
    pab__release(&c->host, c->decisions, 2 * (size_t)c->all * c->plan.steps * sizeof *c->decisions);
    pab__release(&c->host, c->recordings, c->all * sizeof *c->recordings);
    pab__release(&c->host, c->markets, c->count * sizeof *c->markets);
    pab_scenario_free(c->known);
    pab__threads_free(c->threads);
    pab__tree_free(&c->cfg.tree);
}

/* --- From beginning to end --- */

/* The parent that `pair.participation` means, where the configuration names none. */
static int64_t quantity_for(const calibration *c)
{
    const pab__pair_plan *p = &pab__pair_of(c->scn)->plan;
    const pab__node *given = pab__node_find(pab__node_find(c->cfg.tree.root, "pair"), "quantity");
    if (given && p->quantity > 0)
        return 0;
    double shares = p->participation * c->measured.leg[0].ref.volume_per_second * (double)p->horizon * 1e-9;
    return shares < 1 ? 1 : shares > 1e9 ? 1000000000 : (int64_t)nearbyint(shares);
}

static pab_status record(calibration *c, pab_calibration *report)
{
    pab__calibrated *m = &c->measured;
    const size_t steps = 2 * (size_t)c->plan.steps, touches = 2 * touches_per_leg(c);
    const pab__results results[] = {
        {c->recordings->profile, sizeof *c->recordings - offsetof(pab__recording, profile), sizeof *c->recordings, 0,
         1},
        pab__results_array(c->decisions, steps * sizeof *c->decisions),
        pab__results_array(c->touches, touches * sizeof *c->touches),
    };
    pab_status status = run_episodes(c, c->all, record_one, results, 3);
    if (status != PAB_OK)
        return status;
    pab__reference_measure(c->recordings, c->regimes, c->options.episodes, &c->plan, c->scn, m);
    pab__micro_price_measure(c->recordings, c->train, &c->plan, m->leg);
    m->quantity = quantity_for(c);
    for (int i = 0; i < PAB__EDGE_LISTS; i++)
        if (pab__pair_of(c->scn)->edges[i] > 0)
            m->has_edges = -1;
    status = pab__crumble_fit(&c->host, c->recordings, c->train, c->all, &c->plan, c->scn, m, report);
    if (status == PAB_OK)
        status = pab__calibration_write(&c->host, m, &c->cfg);
    return status == PAB_OK ? compile(c, &c->known) : status;
}

static pab_status probe(calibration *c, pab_calibration *report)
{
    pab__calibrated *m = &c->measured;
    const pab__results probes = pab__results_array(c->probes, sizeof *c->probes);
    pab_status status = make_workers(c);
    if (status == PAB_OK)
        status = run_episodes(c, c->train, probe_one, &probes, 1);
    if (status == PAB_OK)
        pab__probe_summarize(c->probes, c->train, m, report);
    if (status != PAB_OK || !c->values)
        return status;
    const size_t episode = c->plan.steps * PAB__EDGE_VALUES * sizeof *c->values;
    const pab__results values = pab__results_array(c->values, episode);
    status = run_episodes(c, c->train, drive_one, &values, 1);
    if (status == PAB_OK) {
        pab__edges_fit(c->values, rows_of(c), c->space, m->edge);
        m->has_edges = 1;
    }
    return status;
}

static void fill_report(const calibration *c, const pab_scenario *made, pab_calibration *r)
{
    r->struct_size = sizeof *r;
    r->episodes = c->train;
    r->validation = c->all - c->train;
    r->beta = pab__pair_of(made)->beta;
    r->quantity = pab__pair_of(made)->plan.quantity;
    r->fingerprint = made->fingerprint;
    for (int leg = 0; leg < 2; leg++) {
        const pab__reference *ref = &pab__pair_of(made)->legs[leg].ref;
        r->spread[leg] = ref->spread_mean;
        r->touch[leg] = ref->touch_mean;
        r->volatility[leg] = ref->volatility;
        r->volume[leg] = 3600 * ref->volume_per_second;
        r->half_spread[leg] = ref->half_spread;
        r->impact_eta[leg] = ref->impact_eta;
    }
}

static pab_status calibrate(calibration *c, pab_calibration *report)
{
    pab_scenario *made = NULL;
    pab_status status = make_room(c);
    if (status == PAB_OK)
        status = record(c, report);
    if (status == PAB_OK)
        status = probe(c, report);
    if (status == PAB_OK)
        status = pab__calibration_write(&c->host, &c->measured, &c->cfg);
    if (status == PAB_OK)
        status = compile(c, &made);
    if (status == PAB_OK)
        fill_report(c, made, report);
    pab_scenario_free(made);
    return status;
}

static pab_status prepare(calibration *c, pab_scenario *scn, const pab_config *cfg)
{
    c->scn = scn;
    c->plan = pab__recording_plan_of(scn);
    for (int32_t r = 0; r < PAB_REGIME_COUNT; r++)
        if (c->options.regimes >> r & 1)
            c->regime[c->regimes++] = r;
    c->train = c->regimes * c->options.episodes;
    c->all = c->train + c->regimes * c->options.validation;
    c->total = (uint64_t)c->all + c->train * (c->options.bins == PAB_BINS_QUANTILE ? 2u : 1u);
    pab_status status = pab__config_copy(cfg, &c->cfg);
    if (status == PAB_OK)
        status = check_origin(c);
    if (status == PAB_OK)
        status = pab__threads_new(&c->host, c->options.threads, "options.threads", &c->threads);
    if (status == PAB_OK)
        c->count = pab__threads_count(c->threads);
    return status;
}

pab_status pab_calibrate(pab_scenario *scn, const pab_calibrate_options *options, pab_config *out)
{
    calibration c = {0};
    pab_calibration report = {.struct_size = sizeof report};
    if (!scn || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !scn ? "scn" : "out");
    pab_status status = pab_calibrate_options_init(&c.options, sizeof c.options);
    if (status == PAB_OK && options)
        status = pab__record_in(&c.options, sizeof c.options, options, PAB__UPTO(pab_calibrate_options, report),
                                "options");
    if (status == PAB_OK)
        status = pab__progress_check(c.options.progress, "options.progress");
    if (status == PAB_OK && c.options.report)
        status = pab__record_check(c.options.report, PAB__UPTO(pab_calibration, fingerprint), "options.report");
    if (status == PAB_OK)
        status = check_options(&c.options);
    if (status == PAB_OK)
        status = check_scenario(scn);
    if (status == PAB_OK)
        status = pab__host_take(&scn->host, &c.host);
    if (status != PAB_OK)
        return status;
    status = prepare(&c, scn, out);
    if (status == PAB_OK)
        status = calibrate(&c, &report);
    if (status == PAB_OK && c.options.report)
        status = pab__record_out(c.options.report, &report, sizeof report, PAB__UPTO(pab_calibration, fingerprint),
                                 "options.report");
    if (status == PAB_OK)
        status = pab__config_merge(out, c.cfg.tree.root, NULL);
    free_all(&c);
    return status;
}
