/* Simulating candidates: every seed of every candidate is a job. */
#include "stage0/fit.h"

#include <math.h>
#include <string.h>

#include "base/jobs.h"

#define WARM_UP (300 * PAB__SECOND)

/* One market of one candidate. */
typedef struct run {
    double facts[PAB__FIT_FACTS];
} run;

typedef struct batch {
    const pab_host *host;
    const pab__fit_plan *plan;
    const pab__fit_trial *trials;
    pab__results runs; /* trial by trial */
    uint32_t seeds;
    uint64_t seed;
} batch;

static pab_status make_scenario(const pab_host *host, const pab__fit_plan *plan, const pab__knobs *knobs,
                                pab_scenario **out)
{
    pab_config *cfg = NULL;
    pab_status status = pab_config_new(host, &cfg);
    if (status == PAB_OK)
        status = pab_config_parse(cfg, plan->text, plan->text_len, "the configuration before the fit");
    if (status == PAB_OK)
        status = pab__fit_apply(plan, knobs, cfg);
    if (status == PAB_OK)
        status = pab_scenario_new(cfg, out);
    pab_config_free(cfg);
    return status;
}

static pab_status measure(const pab__fit_plan *plan, pab_tape *const tapes[2], double *facts)
{
    pab_status status = PAB_OK;
    for (int leg = 0; leg < 2 && status == PAB_OK; leg++) {
        status = pab_tape_set_tick(tapes[leg], plan->real_tick[leg]);
        if (status == PAB_OK)
            status = pab_facts_leg(tapes[leg], facts + leg * PAB_LEG_FACT_COUNT, PAB_LEG_FACT_COUNT);
    }
    return status == PAB_OK
               ? pab_facts_pair(tapes[0], tapes[1], facts + 2 * PAB_LEG_FACT_COUNT, PAB__FIT_PAIR_FACTS)
               : status;
}

static pab_status simulate(const pab_host *host, const pab__fit_plan *plan, const pab__knobs *knobs, uint64_t seed,
                           double *facts)
{
    pab_scenario *scn = NULL;
    pab_market *market = NULL;
    pab_tape *tapes[2] = {NULL, NULL};
    pab_status status = make_scenario(host, plan, knobs, &scn);
    if (status == PAB_OK)
        status = pab_market_new(scn, &market);
    for (int leg = 0; leg < 2 && status == PAB_OK; leg++)
        status = pab_tape_new(host, &tapes[leg]);
    if (status == PAB_OK)
        status = pab_market_reset(market, seed);
    if (status == PAB_OK)
        status = pab_market_run(market, plan->open + WARM_UP, NULL);
    if (status == PAB_OK)
        status = pab_tape_record(market, tapes, plan->tick, 2, plan->close);
    if (status == PAB_OK)
        status = measure(plan, tapes, facts);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
    pab_market_free(market);
    pab_scenario_free(scn);
    return status;
}

static pab_status simulate_seed(void *user, uint32_t thread, uint32_t job)
{
    const batch *b = user;
    const uint64_t seed = b->seed + job % b->seeds;
    run *r = pab__results_at(&b->runs, job, 0);
    char why[256];
    (void)thread;
    pab_status status = simulate(b->host, b->plan, &b->trials[job / b->seeds].knobs, seed, r->facts);
    if (status == PAB_OK)
        return PAB_OK;
    pab_last_error(why, sizeof why);
    return pab__fail(status, "seed %llu of a candidate: %s", (unsigned long long)seed, why);
}

/* Means over the seeds whose facts are known, NaN where none is; and the share of the others. */
static void mean_facts(const run *runs, uint32_t seeds, double *facts, double *missing)
{
    for (int f = 0; f < PAB__FIT_FACTS; f++) {
        double sum = 0, n = 0;
        for (uint32_t s = 0; s < seeds; s++) {
            if (isfinite(runs[s].facts[f])) {
                sum += runs[s].facts[f];
                n += 1;
            }
        }
        facts[f] = n > 0 ? sum / n : NAN;
        missing[f] = 1 - n / seeds;
    }
}

pab_status pab__fit_simulate(const pab__fit_plan *plan, pab__threads *threads, const pab_host *host,
                             pab__fit_trial *trials, uint32_t count, uint32_t seeds, uint64_t seed)
{
    const size_t size = (size_t)count * seeds * sizeof(run);
    run *runs = pab__alloc(host, size);
    if (!runs)
        return pab__fail(PAB_E_MEMORY, "no memory for the results of %u runs", count * seeds);
    batch b = {.host = host, .plan = plan, .trials = trials, .runs = pab__results_array(runs, sizeof *runs),
               .seeds = seeds, .seed = seed};
    const pab__jobs jobs = {.count = count * seeds, .run = simulate_seed, .user = &b, .results = &b.runs,
                            .result_count = 1};
    pab_status status = pab__jobs_run(threads, &jobs);
    for (uint32_t t = 0; t < count && status == PAB_OK; t++) {
        mean_facts(runs + (size_t)t * seeds, seeds, trials[t].facts, trials[t].missing);
        trials[t].loss = pab__fit_loss(plan->wanted, trials[t].facts, trials[t].missing);
    }
    pab__release(host, runs, size);
    return status;
}
