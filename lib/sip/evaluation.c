/* Seeds are jobs on threads; a result depends on the seed's number only. */
#include "sip/evaluation.h"

#include <string.h>

pab_status pab__sip_workers_open(const pab_host *host, pab_scenario *scn, uint32_t threads,
                               const pab_qtable *const experts[PAB_EXPERT_COUNT], pab__sip_workers *out)
{
    pab__sip_workers workers = {.host = *host, .experts = experts};
    pab_status status = pab__threads_new(host, threads, "options.threads", &workers.threads);
    if (status != PAB_OK)
        return status;
    uint32_t count = pab__threads_count(workers.threads);
    workers.worker = pab__alloc(host, count * sizeof *workers.worker);
    if (!workers.worker)
        status = pab__fail(PAB_E_MEMORY, "no memory for %u workers", count);
    for (uint32_t t = 0; status == PAB_OK && t < count; t++) {
        workers.worker[t].psi = pab__alloc(host, sizeof(pab__psi));
        if (!workers.worker[t].psi)
            status = pab__fail(PAB_E_MEMORY, "no memory for the scores of a worker");
        else
            status = pab_env_new(scn, &workers.worker[t].env);
    }
    if (status == PAB_OK)
        *out = workers;
    else
        pab__sip_workers_close(&workers);
    return status;
}

void pab__sip_workers_close(pab__sip_workers *workers)
{
    uint32_t count = pab__threads_count(workers->threads);
    for (uint32_t t = 0; workers->worker && t < count; t++) {
        pab_env_free(workers->worker[t].env);
        pab__release(&workers->host, workers->worker[t].psi, sizeof(pab__psi));
    }
    pab__release(&workers->host, workers->worker, count * sizeof *workers->worker);
    pab__threads_free(workers->threads);
}

uint64_t pab__sip_seed(int32_t split, uint64_t master_seed, uint32_t block, uint32_t n)
{
    enum { STAGE = 2 };
    uint64_t run = pab__rng_key(master_seed, STAGE, 1) & 0xfff;
    uint64_t index = (uint64_t)STAGE << 44 | run << 32 | (uint64_t)block << 16 | n;
    return pab_seed(split, (int32_t)(n % PAB_REGIME_COUNT), index);
}

pab_status pab__sip_finish_episode(const pab_qtable *const *experts, const pab__sip_table *table,
                                   pab__sip_memory *memory, pab_env *env, pab__psi *psi, double *visits,
                                   pab_step_result *r, pab_episode_metrics *out)
{
    pab_status status = PAB_OK;
    r->struct_size = sizeof *r;
    while (status == PAB_OK && (r->flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0) {
        status = pab__sip_rank(experts, table, memory, env, psi);
        if (status != PAB_OK)
            break;
        if (visits)
            visits[psi->cell]++;
        const int32_t action[] = {psi->best / PAB_ENV_LEG_ACTIONS, psi->best % PAB_ENV_LEG_ACTIONS};
        status = pab_env_step(env, action, NULL, 0, r);
    }
    out->struct_size = sizeof *out;
    return status == PAB_OK ? pab_env_metrics(env, out) : status;
}

pab_status pab__sip_episode(const pab_qtable *const *experts, const pab__sip_table *table, uint64_t seed, pab_env *env,
                            pab__psi *psi, double *visits, pab_episode_metrics *out)
{
    pab__sip_memory memory = {0};
    pab_step_result r = {0};
    pab_status status = pab_env_reset(env, seed, NULL, NULL, 0);
    return status == PAB_OK ? pab__sip_finish_episode(experts, table, &memory, env, psi, visits, &r, out) : status;
}

typedef struct session {
    const pab__sip_workers *workers;
    const pab__sip_evaluation *evaluation;
} session;

static pab_status play_seed(void *user, uint32_t thread, uint32_t n)
{
    const session *s = user;
    const pab__sip_evaluation *t = s->evaluation;
    pab__sip_worker *own = &s->workers->worker[thread];
    const uint64_t seed = pab__sip_seed(t->split, t->master_seed, t->block, n);
    for (uint32_t i = 0; i < t->tables; i++) {
        pab_episode_metrics metrics;
        double *visits = own->visits ? own->visits + (size_t)i * PAB__SIP_CELLS : NULL;
        pab_status status = pab__sip_episode(s->workers->experts, &t->table[i], seed, own->env, own->psi, visits,
                                             &metrics);
        if (status != PAB_OK)
            return status;
        t->shortfall[(size_t)i * t->seeds + n] = metrics.shortfall;
        t->tracking[(size_t)i * t->seeds + n] = metrics.tracking_error;
    }
    return PAB_OK;
}

pab_status pab__sip_evaluate(pab__sip_workers *workers, const pab__sip_evaluation *evaluation)
{
    session s = {.workers = workers, .evaluation = evaluation};
    uint32_t threads = pab__threads_count(workers->threads);
    size_t cells = evaluation->visits ? (size_t)evaluation->tables * PAB__SIP_CELLS : 0;
    double *all = NULL;
    if (cells > 0) {
        all = pab__alloc(&workers->host, threads * cells * sizeof *all);
        if (!all)
            return pab__fail(PAB_E_MEMORY, "no memory to count visits of %u tables", evaluation->tables);
    }
    for (uint32_t t = 0; t < threads; t++)
        workers->worker[t].visits = all ? all + t * cells : NULL;
    const pab__jobs jobs = {.count = evaluation->seeds, .run = play_seed, .user = &s};
    pab_status status = pab__jobs_run(workers->threads, &jobs);
    for (size_t c = 0; c < cells; c++) {
        evaluation->visits[c] = 0;
        for (uint32_t t = 0; t < threads; t++)
            evaluation->visits[c] += all[t * cells + c];
    }
    pab__release(&workers->host, all, threads * cells * sizeof *all);
    return status;
}
