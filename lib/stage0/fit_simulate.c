/* Candidates are simulated: every seed of every candidate is one piece of work, dealt out to threads by number. */
#include "stage0/fit.h"

#include <math.h>
#include <string.h>

#define WARM_UP (300 * PAB__SECOND)

/* One market of one candidate. Workers use their own memory hooks: the caller's run on the caller's thread only. */
typedef struct run {
    pab_status status;
    char error[256];
    double facts[PAB__FIT_FACTS];
} run;

typedef struct batch {
    const pab__fit_plan *plan;
    const pab__fit_trial *trials;
    run *runs; /* trial by trial */
    uint32_t count, seeds;
    uint64_t seed;
} batch;

static pab_status make_scenario(const pab__fit_plan *plan, const pab__knobs *knobs, pab_scenario **out)
{
    pab_config *cfg = NULL;
    pab_status status = pab_config_new(NULL, &cfg);
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

static pab_status simulate(const pab__fit_plan *plan, const pab__knobs *knobs, uint64_t seed, double *facts)
{
    pab_scenario *scn = NULL;
    pab_market *market = NULL;
    pab_tape *tapes[2] = {NULL, NULL};
    pab_status status = make_scenario(plan, knobs, &scn);
    if (status == PAB_OK)
        status = pab_market_new(scn, &market);
    for (int leg = 0; leg < 2 && status == PAB_OK; leg++)
        status = pab_tape_new(NULL, &tapes[leg]);
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

static void work(void *user, uint32_t thread, uint32_t threads)
{
    batch *b = user;
    for (uint32_t i = thread; i < b->count * b->seeds; i += threads) {
        run *r = &b->runs[i];
        r->status = simulate(b->plan, &b->trials[i / b->seeds].knobs, b->seed + i % b->seeds, r->facts);
        if (r->status != PAB_OK)
            pab_last_error(r->error, sizeof r->error);
    }
}

/* Means over the seeds that tell; NaN where none does. */
static void mean_facts(const run *runs, uint32_t seeds, double *facts)
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
    }
}

pab_status pab__fit_simulate(const pab__fit_plan *plan, pab__threads *threads, const pab_host *host,
                             pab__fit_trial *trials, uint32_t count, uint32_t seeds, uint64_t seed)
{
    size_t size = (size_t)count * seeds * sizeof(run);
    batch b = {.plan = plan, .trials = trials, .count = count, .seeds = seeds, .seed = seed};
    b.runs = pab__alloc(host, size);
    if (!b.runs)
        return pab__fail(PAB_E_MEMORY, "no memory for the results of %u runs", count * seeds);
    pab__threads_run(threads, work, &b);
    pab_status status = PAB_OK;
    for (uint32_t i = 0; i < count * seeds && status == PAB_OK; i++)
        if (b.runs[i].status != PAB_OK)
            status = pab__fail(b.runs[i].status, "seed %llu of a candidate: %s",
                               (unsigned long long)(seed + i % seeds), b.runs[i].error);
    for (uint32_t t = 0; t < count && status == PAB_OK; t++) {
        mean_facts(b.runs + (size_t)t * seeds, seeds, trials[t].facts);
        trials[t].loss = pab__fit_loss(plan->wanted, trials[t].facts);
    }
    pab__release(host, b.runs, size);
    return status;
}
