/* The comparison at equal forced fraction: the mixture against each policy that leaves much to liquidation, on those
 * episodes in which neither did. They are the policy's luckiest, so the comparison is hard on the mixture. */
#include "pipeline/run.h"

#include "base/threads.h"
#include "eval/bootstrap.h"

#include <math.h>

enum { EPISODES_NEEDED = 30, SHARE_NEEDED = 20 /* one in so many */ };

const char *const pab__verdict_names[] = {"below", "not below", "too few episodes", "hardly ever done"};

typedef struct pairing {
    uint32_t count;
    double *measure, *shortfall, *tracking; /* [2][all]: the mixture's, the policy's; then closed up to [2][count] */
} pairing;

static pab_status take(const pab__run *run, uint32_t policy, int32_t regime, uint32_t episode, pairing *out)
{
    const uint32_t who[] = {(uint32_t)pab__run_find(run, "moe"), policy};
    pab_episode_metrics row[2] = {{.struct_size = sizeof *row}, {.struct_size = sizeof *row}};
    pab_status status = pab_eval_get(run->eval, who[0], regime, episode, &row[0]);
    if (status == PAB_OK)
        status = pab_eval_get(run->eval, who[1], regime, episode, &row[1]);
    if (status != PAB_OK || row[0].completion < PAB__COMPLETED || row[1].completion < PAB__COMPLETED)
        return status;
    for (uint32_t k = 0; k < 2; k++) {
        const size_t at = k * (size_t)PAB_REGIME_COUNT * run->options.episodes + out->count;
        out->shortfall[at] = row[k].shortfall;
        out->tracking[at] = row[k].tracking_error;
        out->measure[at] = row[k].shortfall + PAB__OBJECTIVE_ETA * row[k].tracking_error;
    }
    out->count++;
    return PAB_OK;
}

static pab_status gather(const pab__run *run, uint32_t policy, pairing *out)
{
    const size_t all = (size_t)PAB_REGIME_COUNT * run->options.episodes;
    pab_status status = PAB_OK;
    for (int32_t g = 0; g < PAB_REGIME_COUNT; g++)
        for (uint32_t i = 0; status == PAB_OK && i < run->options.episodes; i++)
            status = take(run, policy, g, i, out);
    for (uint32_t i = 0; i < out->count; i++) {
        out->measure[out->count + i] = out->measure[all + i];
        out->shortfall[out->count + i] = out->shortfall[all + i];
        out->tracking[out->count + i] = out->tracking[all + i];
    }
    return status;
}

/* Regimes take part as they come: the episodes are drawn together, without strata. */
static pab_status compare(const pab__run *run, const pairing *pair, pab__restatement *out)
{
    const pab__bootstrap_sample trials = {
        .policies = 2, .base = 1, .strata = 1, .per_stratum = pair->count, .measure = pair->measure,
        .shortfall = pair->shortfall, .tracking = pair->tracking, .seed = 1, .resamples = run->options.resamples,
    };
    pab__bootstrap_estimate estimates[2 * PAB__ESTIMATE_COUNT];
    pab__threads *threads = NULL;
    pab_status status = pab__threads_new(&run->host, run->options.threads, "options.threads", &threads);
    if (status != PAB_OK)
        return status;
    status = pab__bootstrap_run(&run->host, &trials, threads, estimates);
    pab__threads_free(threads);
    if (status != PAB_OK)
        return status;
    out->mean = estimates[PAB__ESTIMATE_MEAN].value;
    out->low = estimates[PAB__ESTIMATE_MEAN].low;
    out->high = estimates[PAB__ESTIMATE_MEAN].high;
    out->verdict = out->high < 0 ? PAB__VERDICT_BELOW : PAB__VERDICT_NOT_BELOW;
    return PAB_OK;
}

/* Who hardly ever finishes does another task: there is nothing to restate. A few episodes more say nothing yet. */
static pab_status restate(const pab__run *run, uint32_t policy, pab__restatement *out)
{
    const size_t all = (size_t)PAB_REGIME_COUNT * run->options.episodes, reals = 3 * 2 * all;
    double *space = pab__alloc(&run->host, reals * sizeof *space);
    pairing pair = {.measure = space};
    if (!space)
        return pab__fail(PAB_E_MEMORY, "no memory to restate %zu episodes", all);
    pair.shortfall = space + 2 * all;
    pair.tracking = space + 4 * all;
    pab_status status = gather(run, policy, &pair);
    out->episodes = pair.count;
    if (status == PAB_OK && pair.count >= EPISODES_NEEDED)
        status = compare(run, &pair, out);
    else
        out->verdict = (size_t)pair.count * SHARE_NEEDED < all ? PAB__VERDICT_NEVER : PAB__VERDICT_FEW;
    pab__release(&run->host, space, reals * sizeof *space);
    return status;
}

pab_status pab__run_restate(const pab__run *run, pab__findings *out)
{
    pab_status status = PAB_OK;
    for (uint32_t p = 0; status == PAB_OK && p < run->policies; p++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(run->eval, p, -1, &s);
        if (status != PAB_OK || s.completion >= PAB__COMPLETED)
            continue;
        pab__restatement *row = &out->restated[out->restatements++];
        *row = (pab__restatement){.policy = run->name[p], .completion = s.completion, .mean = NAN, .low = NAN,
                                  .high = NAN};
        status = restate(run, p, row);
    }
    return status;
}
