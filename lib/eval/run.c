/* Playing the episodes of a table. A job is one seed: the market is warmed up once, and every policy starts from there.
 * Threads take the next job that nobody has; what a job writes depends on its number only. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/host.h"
#include "eval/table.h"

enum { ERROR_TEXT = 900 };

/* One thread's own. */
typedef struct player {
    pab_env *env;
    pab_policy **policies; /* clones */
    uint32_t failed_job;   /* UINT32_MAX: none */
    pab_status status;
    char error[ERROR_TEXT];
} player;

typedef struct match {
    pab_eval *eval;
    player *players;
    uint32_t threads;
    uint32_t jobs; /* seeds of all shards */
    uint32_t wanted; /* of this shard, incomplete */
    _Atomic uint32_t next, finished;
    _Atomic int stop; /* an episode failed, or the caller has had enough */
    pab_status told; /* by the hook */
} match;

pab_status pab__episode_play(pab_env *env, pab_policy *policy, uint64_t seed, const pab_reset_options *options,
                             pab_episode_metrics *out)
{
    pab_step_result result = {.struct_size = sizeof result};
    pab_status status = pab_env_reset(env, seed, options, NULL, 0);
    if (status == PAB_OK)
        status = pab_policy_reset(policy, env);
    while (status == PAB_OK && (result.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0) {
        pab_decision decision = {0};
        status = pab_policy_act(policy, env, &decision);
        if (status == PAB_OK)
            status = pab_env_step_exact(env, &decision, NULL, 0, &result);
    }
    return status == PAB_OK ? pab_env_metrics(env, out) : status;
}

/* Whether some policy's row of this job is to be played here. */
static int is_wanted(const pab_eval *e, uint32_t job)
{
    const uint32_t stratum = job / e->options.episodes, episode = job % e->options.episodes;
    if (episode % e->options.shards != e->options.shard)
        return 0;
    for (uint32_t p = 0; p < e->policies; p++)
        if (pab__eval_row(e, p, stratum, episode)->struct_size == 0)
            return 1;
    return 0;
}

static void note_failure(const pab_eval *e, player *own, uint32_t job, uint32_t policy, pab_status status)
{
    char why[ERROR_TEXT / 2];
    const int32_t regime = e->regime[job / e->options.episodes];
    const uint32_t episode = job % e->options.episodes;
    pab_last_error(why, sizeof why);
    snprintf(own->error, sizeof own->error, "policy '%s', regime %s, episode %u (seed %llu): %s", e->names[policy],
             pab_regime_name(regime), episode, (unsigned long long)pab_eval_seed(e, regime, episode), why);
    own->failed_job = job;
    own->status = status;
}

static pab_status play_job(match *m, player *own, uint32_t job)
{
    pab_eval *e = m->eval;
    const uint32_t stratum = job / e->options.episodes, episode = job % e->options.episodes;
    const uint64_t seed = pab_eval_seed(e, e->regime[stratum], episode);
    for (uint32_t p = 0; p < e->policies; p++) {
        pab_episode_metrics *row = pab__eval_row(e, p, stratum, episode);
        pab_episode_metrics fresh = {.struct_size = sizeof fresh};
        if (row->struct_size != 0)
            continue;
        pab_status status = pab__episode_play(own->env, own->policies[p], seed, e->options.episode, &fresh);
        if (status != PAB_OK) {
            note_failure(e, own, job, p, status);
            return status;
        }
        *row = fresh;
    }
    return PAB_OK;
}

/* The hook runs on the caller's thread, which is number 0. */
static void tell(match *m, uint32_t thread)
{
    if (thread != 0)
        return;
    m->told = pab__tell(m->eval->options.progress, "evaluate", atomic_load(&m->finished), m->wanted);
    if (m->told != PAB_OK)
        atomic_store(&m->stop, 1);
}

/* A job that was taken is always played, so the first failure by number is the same for any number of threads. */
static void play(void *user, uint32_t thread, uint32_t threads)
{
    match *m = user;
    player *own = &m->players[thread];
    (void)threads;
    while (!atomic_load(&m->stop)) {
        uint32_t job = atomic_fetch_add(&m->next, 1);
        if (job >= m->jobs)
            break;
        if (!is_wanted(m->eval, job))
            continue;
        if (play_job(m, own, job) != PAB_OK) {
            atomic_store(&m->stop, 1);
            break;
        }
        atomic_fetch_add(&m->finished, 1);
        tell(m, thread);
    }
}

static void release_players(match *m)
{
    const pab_eval *e = m->eval;
    for (uint32_t t = 0; m->players && t < m->threads; t++) {
        player *own = &m->players[t];
        for (uint32_t p = 0; own->policies && p < e->policies; p++)
            pab_policy_free(own->policies[p]);
        pab__release(&e->host, own->policies, e->policies * sizeof(pab_policy *));
        pab_env_free(own->env);
    }
    pab__release(&e->host, m->players, m->threads * sizeof *m->players);
}

static pab_status make_player(const pab_eval *e, pab_scenario *scn, pab_policy *const *policies, player *own)
{
    own->failed_job = UINT32_MAX;
    own->policies = pab__alloc(&e->host, e->policies * sizeof(pab_policy *));
    if (!own->policies)
        return pab__fail(PAB_E_MEMORY, "no memory for clones of %u policies", e->policies);
    pab_status status = pab_env_new(scn, &own->env);
    for (uint32_t p = 0; status == PAB_OK && p < e->policies; p++)
        status = pab_policy_clone(policies[p], &own->policies[p]);
    return status;
}

static pab_status make_players(match *m, pab_scenario *scn, pab_policy *const *policies)
{
    m->players = pab__alloc(&m->eval->host, m->threads * sizeof *m->players);
    if (!m->players)
        return pab__fail(PAB_E_MEMORY, "no memory for %u threads", m->threads);
    pab_status status = PAB_OK;
    for (uint32_t t = 0; status == PAB_OK && t < m->threads; t++)
        status = make_player(m->eval, scn, policies, &m->players[t]);
    return status;
}

static pab_status outcome(const match *m)
{
    const player *first = NULL;
    for (uint32_t t = 0; t < m->threads; t++) {
        const player *own = &m->players[t];
        if (own->status != PAB_OK && (!first || own->failed_job < first->failed_job))
            first = own;
    }
    if (first)
        return pab__fail(first->status, "%s", first->error);
    return m->told;
}

static pab_status check_policies(const pab_eval *e, const pab_scenario *scn, pab_policy *const *policies)
{
    if (!e || !scn || !policies)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !e ? "eval" : !scn ? "scn" : "policies");
    for (uint32_t p = 0; p < e->policies; p++)
        if (!policies[p])
            return pab__fail(PAB_E_ARGUMENT, "policies[%u] is NULL; expected the policy '%s'", p, e->names[p]);
    return PAB_OK;
}

pab_status pab_eval_run(pab_eval *eval, pab_scenario *scn, pab_policy *const *policies)
{
    pab_status status = check_policies(eval, scn, policies);
    if (status != PAB_OK)
        return status;
    pab__threads *threads = NULL;
    match m = {.eval = eval, .jobs = eval->strata * eval->options.episodes};
    for (uint32_t job = 0; job < m.jobs; job++)
        m.wanted += (uint32_t)is_wanted(eval, job);
    status = pab__threads_new(&eval->host, eval->options.threads, "options.threads", &threads);
    if (status != PAB_OK)
        return status;
    m.threads = pab__threads_count(threads);
    status = make_players(&m, scn, policies);
    if (status == PAB_OK) {
        pab__threads_run(threads, play, &m);
        status = outcome(&m);
    }
    release_players(&m);
    pab__threads_free(threads);
    return status;
}
