/* Seeds are jobs on threads; a result depends on the seed's number only. */
#include "sip/evaluation.h"

pab_status pab__sip_workers_open(const pab_host *host, pab_scenario *scn, uint32_t threads, int32_t forks,
                                 const pab_qtable *const experts[PAB_EXPERT_COUNT], pab__sip_workers *out)
{
    const pab__workers_plan plan = {.threads = threads, .forks = forks, .scratch = sizeof(pab__sip_scratch)};
    out->experts = experts;
    return pab__workers_new(host, scn, &plan, &out->all);
}

void pab__sip_workers_close(pab__sip_workers *workers)
{
    pab__workers_free(&workers->all);
}

uint64_t pab__sip_seed(int32_t split, uint64_t master_seed, uint32_t block, uint32_t n)
{
    enum { STAGE = 2 };
    uint64_t run = pab__rng_key(master_seed, STAGE, 1) & 0xfff;
    uint64_t index = (uint64_t)STAGE << 44 | run << 32 | (uint64_t)block << 16 | n;
    return pab_seed(split, (int32_t)(n % PAB_REGIME_COUNT), index);
}

pab_status pab__sip_decide(void *actor, const pab_env *env, pab_decision *out)
{
    pab__sip_actor *a = actor;
    pab_status status = pab__sip_rank(a->experts, a->table, &a->memory, env, a->psi);
    if (status != PAB_OK)
        return status;
    if (a->visits)
        a->visits[a->psi->cell]++;
    *out = pab__sip_decision(a->psi->best);
    return PAB_OK;
}

typedef struct session {
    const pab__sip_workers *workers;
    const pab__sip_evaluation *evaluation;
} session;

static pab_status play_seed(void *user, uint32_t thread, uint32_t n)
{
    const session *s = user;
    const pab__sip_evaluation *t = s->evaluation;
    const pab__worker *own = &s->workers->all.worker[thread];
    pab__sip_scratch *scratch = own->scratch;
    const uint64_t seed = pab__sip_seed(t->split, t->master_seed, t->block, n);
    for (uint32_t i = 0; i < t->tables; i++) {
        pab_episode_metrics metrics;
        pab__sip_actor actor = {.experts = s->workers->experts, .table = &t->table[i], .psi = &scratch->psi,
                                .visits = scratch->visits ? scratch->visits + (size_t)i * PAB__SIP_CELLS : NULL};
        const pab__rollout r = {.env = own->env, .decide = pab__sip_decide, .user = &actor};
        pab_status status = pab__rollout_episode(&r, seed, NULL, &metrics);
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
    const pab_host *host = &workers->all.host;
    const uint32_t threads = workers->all.count;
    size_t cells = evaluation->visits ? (size_t)evaluation->tables * PAB__SIP_CELLS : 0;
    double *all = NULL;
    if (cells > 0) {
        all = pab__alloc(host, threads * cells * sizeof *all);
        if (!all)
            return pab__fail(PAB_E_MEMORY, "no memory to count visits of %u tables", evaluation->tables);
    }
    for (uint32_t t = 0; t < threads; t++)
        ((pab__sip_scratch *)workers->all.worker[t].scratch)->visits = all ? all + t * cells : NULL;
    const pab__jobs jobs = {.count = evaluation->seeds, .run = play_seed, .user = &s};
    pab_status status = pab__jobs_run(workers->all.threads, &jobs);
    for (size_t c = 0; c < cells; c++) {
        evaluation->visits[c] = 0;
        for (uint32_t t = 0; t < threads; t++)
            evaluation->visits[c] += all[t * cells + c];
    }
    pab__release(host, all, threads * cells * sizeof *all);
    return status;
}
