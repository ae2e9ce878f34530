/* Tables of episodes: made empty, filled row by row, read. */
#include "eval/table.h"

#include <string.h>

#include "base/host.h"
#include "env/env.h"

#define ALL_REGIMES ((UINT32_C(1) << PAB_REGIME_COUNT) - 1)
#define ROWS_MAX (UINT64_C(1) << 28)

pab_status pab_eval_options_init(pab_eval_options *options, uint32_t size)
{
    static const pab_eval_options defaults = {
        .struct_size = sizeof defaults,
        .split = PAB_SPLIT_VALIDATION,
        .regimes = ALL_REGIMES,
        .episodes = 64,
        .resamples = 10000,
        .shards = 1,
        .bootstrap = 1,
    };
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, PAB__UPTO(pab_eval_options, progress), "options");
}

static pab_status check_options(const pab_eval_options *o, uint32_t policies)
{
    if (policies == 0)
        return pab__fail(PAB_E_ARGUMENT, "count is 0; expected at least one policy");
    if (o->split < PAB_SPLIT_TRAIN || o->split > PAB_SPLIT_TEST)
        return pab__fail(PAB_E_RANGE, "options.split is %d; expected PAB_SPLIT_TRAIN, _VALIDATION or _TEST", o->split);
    if (o->regimes == 0 || (o->regimes & ~ALL_REGIMES) != 0)
        return pab__fail(PAB_E_RANGE, "options.regimes is 0x%x; expected bits 0 to %d, at least one", o->regimes,
                         PAB_REGIME_COUNT - 1);
    if (o->episodes == 0 || (uint64_t)o->episodes * PAB_REGIME_COUNT > ROWS_MAX / policies)
        return pab__fail(PAB_E_RANGE, "options.episodes is %u; expected 1 to %llu for %u policies", o->episodes,
                         (unsigned long long)(ROWS_MAX / policies / PAB_REGIME_COUNT), policies);
    if (o->first >= UINT64_C(1) << 48 || o->first + o->episodes > UINT64_C(1) << 48)
        return pab__fail(PAB_E_RANGE, "options.first is %llu; expected seed indices below 2^48",
                         (unsigned long long)o->first);
    if (o->resamples == 0 || o->resamples > 1000000)
        return pab__fail(PAB_E_RANGE, "options.resamples is %u; expected 1 to 1000000", o->resamples);
    if (o->shards == 0 || o->shard >= o->shards)
        return pab__fail(PAB_E_RANGE, "options.shard is %u of %u; expected shard below shards", o->shard, o->shards);
    if (o->threads > PAB__THREADS_MAX)
        return pab__fail(PAB_E_RANGE, "options.threads is %u; expected 0 to %d", o->threads, PAB__THREADS_MAX);
    return PAB_OK;
}

static pab_status take_options(pab_eval *e, const pab_eval_options *given)
{
    pab_status status = pab_eval_options_init(&e->options, sizeof e->options);
    if (status == PAB_OK && given)
        status = pab__record_in(&e->options, sizeof e->options, given,
                                PAB__UPTO(pab_eval_options, progress), "options");
    if (status == PAB_OK)
        status = check_options(&e->options, e->policies);
    if (status == PAB_OK && e->options.episode) {
        status = pab__env_options_take(e->options.episode, &e->episode);
        e->options.episode = &e->episode;
    }
    if (status == PAB_OK && e->options.progress) {
        status = pab__record_in(&e->progress, sizeof e->progress, e->options.progress,
                                PAB__UPTO(pab_progress, report), "options.progress");
        e->options.progress = &e->progress;
    }
    for (int32_t r = 0; r < PAB_REGIME_COUNT; r++) {
        int takes_part = (e->options.regimes >> r & 1) != 0;
        e->stratum[r] = takes_part ? (int32_t)e->strata : -1;
        if (takes_part)
            e->regime[e->strata++] = r;
    }
    return status;
}

static pab_status take_names(pab_eval *e, const char *const *names)
{
    for (uint32_t i = 0; i < e->policies; i++) {
        if (!names[i] || names[i][0] == '\0')
            return pab__fail(PAB_E_ARGUMENT, "names[%u] is %s; expected a name", i, names[i] ? "empty" : "NULL");
        if (strlen(names[i]) >= PAB__POLICY_NAME)
            return pab__fail(PAB_E_RANGE, "names[%u] has %zu characters; expected at most %d", i, strlen(names[i]),
                             PAB__POLICY_NAME - 1);
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(names[i], names[j]) == 0)
                return pab__fail(PAB_E_ARGUMENT, "policy '%s' stands there twice; expected different names", names[i]);
        memcpy(e->names[i], names[i], strlen(names[i]) + 1);
    }
    return PAB_OK;
}

static size_t rows_size(const pab_eval *e)
{
    return (size_t)e->policies * e->strata * e->options.episodes * sizeof *e->rows;
}

static pab_status fill_in(pab_eval *e, const char *const *names, const pab_eval_options *options)
{
    pab_status status = take_options(e, options);
    if (status != PAB_OK)
        return status;
    e->names = pab__alloc(&e->host, e->policies * sizeof *e->names);
    e->rows = pab__alloc(&e->host, rows_size(e));
    if (!e->names || !e->rows)
        return pab__fail(PAB_E_MEMORY, "no memory for a table of %u episodes of %u policies",
                         e->strata * e->options.episodes, e->policies);
    return take_names(e, names);
}

pab_status pab_eval_new(const pab_host *host, const char *const *names, uint32_t count, const pab_eval_options *options,
                        pab_eval **out)
{
    pab_host full;
    if (!names || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !names ? "names" : "out");
    pab_status status = pab__host_take(host, &full);
    if (status != PAB_OK)
        return status;
    pab_eval *e = pab__alloc(&full, sizeof *e);
    if (!e)
        return pab__fail(PAB_E_MEMORY, "no memory for an evaluation");
    e->host = full;
    e->policies = count;
    status = fill_in(e, names, options);
    if (status != PAB_OK) {
        pab_eval_free(e);
        return status;
    }
    *out = e;
    return PAB_OK;
}

void pab_eval_free(pab_eval *eval)
{
    if (!eval)
        return;
    pab_host host = eval->host;
    pab__release(&host, eval->rows, rows_size(eval));
    pab__release(&host, eval->names, eval->policies * sizeof *eval->names);
    pab__release(&host, eval, sizeof *eval);
}

uint32_t pab_eval_policies(const pab_eval *eval)
{
    return eval ? eval->policies : 0;
}

const char *pab_eval_policy(const pab_eval *eval, uint32_t policy)
{
    return eval && policy < eval->policies ? eval->names[policy] : NULL;
}

static int has_regime(const pab_eval *e, int32_t regime)
{
    return e && regime >= 0 && regime < PAB_REGIME_COUNT && e->stratum[regime] >= 0;
}

uint32_t pab_eval_episodes(const pab_eval *eval, int32_t regime)
{
    return has_regime(eval, regime) ? eval->options.episodes : 0;
}

uint64_t pab_eval_seed(const pab_eval *eval, int32_t regime, uint32_t episode)
{
    return eval ? pab_seed(eval->options.split, regime, eval->options.first + episode) : 0;
}

pab_status pab__eval_strata(const pab_eval *e, int32_t regime, uint32_t *first, uint32_t *end)
{
    if (!e)
        return pab__fail(PAB_E_ARGUMENT, "eval is NULL");
    if (regime != -1 && !has_regime(e, regime))
        return pab__fail(PAB_E_RANGE, "regime %d takes no part in this evaluation", regime);
    *first = regime == -1 ? 0 : (uint32_t)e->stratum[regime];
    *end = regime == -1 ? e->strata : *first + 1;
    return PAB_OK;
}

/* Finds a row by the caller's numbers. */
static pab_status find_row(const pab_eval *e, uint32_t policy, int32_t regime, uint32_t episode,
                           pab_episode_metrics **row)
{
    if (!e)
        return pab__fail(PAB_E_ARGUMENT, "eval is NULL");
    if (policy >= e->policies)
        return pab__fail(PAB_E_RANGE, "there is no policy %u, the table has %u", policy, e->policies);
    if (!has_regime(e, regime))
        return pab__fail(PAB_E_RANGE, "regime %d takes no part in this evaluation", regime);
    if (episode >= e->options.episodes)
        return pab__fail(PAB_E_RANGE, "there is no episode %u, a regime has %u", episode, e->options.episodes);
    *row = pab__eval_row(e, policy, (uint32_t)e->stratum[regime], episode);
    return PAB_OK;
}

pab_status pab_eval_put(pab_eval *eval, uint32_t policy, int32_t regime, uint32_t episode,
                        const pab_episode_metrics *metrics)
{
    pab_episode_metrics *row = NULL, full;
    pab_status status = find_row(eval, policy, regime, episode, &row);
    if (status == PAB_OK)
        status = pab__record_in(&full, sizeof full, metrics, PAB__UPTO(pab_episode_metrics, fills), "metrics");
    if (status == PAB_OK)
        *row = full;
    return status;
}

pab_status pab_eval_get(const pab_eval *eval, uint32_t policy, int32_t regime, uint32_t episode,
                        pab_episode_metrics *out)
{
    pab_episode_metrics *row = NULL;
    pab_status status = find_row(eval, policy, regime, episode, &row);
    if (status == PAB_OK && row->struct_size == 0)
        status = pab__fail(PAB_E_STATE, "policy '%s' has not played episode %u of regime %s", eval->names[policy],
                           episode, pab_regime_name(regime));
    if (status == PAB_OK)
        status = pab__record_out(out, row, sizeof *row, PAB__UPTO(pab_episode_metrics, fills), "the metrics");
    return status;
}
