/* Seeds are jobs on threads; a result depends on the seed's number only. */
#include "sip/evaluation.h"

pab_status pab__sip_workers_open(const pab_host *host, pab_scenario *scn, uint32_t threads, int32_t forks,
                                 const pab_qtable *const experts[PAB_EXPERT_COUNT], pab__sip_workers *out)
{
    const pab__workers_plan plan = {.threads = threads, .forks = forks, .scratch = sizeof(pab__psi)};
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

enum { RESULT_SHORTFALL, RESULT_TRACKING, RESULT_VISITS, RESULTS };

typedef struct session {
    const pab__sip_workers *workers;
    const pab__sip_evaluation *evaluation;
    uint16_t *visits; /* [seeds][tables][cells]; NULL: not wanted */
    pab__results results[RESULTS];
} session;

static pab_status play_seed(void *user, uint32_t thread, uint32_t n)
{
    const session *s = user;
    const pab__sip_evaluation *t = s->evaluation;
    const pab__worker *own = &s->workers->all.worker[thread];
    const uint64_t seed = pab__sip_seed(t->split, t->master_seed, t->block, n);
    for (uint32_t i = 0; i < t->tables; i++) {
        pab_episode_metrics metrics;
        pab__sip_actor actor = {.experts = s->workers->experts, .table = &t->table[i], .psi = own->scratch,
                                .visits = s->visits ? pab__results_at(&s->results[RESULT_VISITS], n, i) : NULL};
        const pab__rollout r = {.env = own->env, .decide = pab__sip_decide, .user = &actor};
        pab_status status = pab__rollout_episode(&r, seed, NULL, &metrics);
        if (status != PAB_OK)
            return status;
        *(double *)pab__results_at(&s->results[RESULT_SHORTFALL], n, i) = metrics.shortfall;
        *(double *)pab__results_at(&s->results[RESULT_TRACKING], n, i) = metrics.tracking_error;
    }
    return PAB_OK;
}

static pab__results results_by_table(double *first, const pab__sip_evaluation *t)
{
    return (pab__results){first, sizeof *first, sizeof *first, t->seeds * sizeof *first, t->tables};
}

static void sum_visits(const session *s)
{
    const pab__sip_evaluation *t = s->evaluation;
    const size_t cells = (size_t)t->tables * PAB__SIP_CELLS;
    for (size_t c = 0; c < cells; c++)
        t->visits[c] = 0;
    for (size_t n = 0; n < t->seeds; n++)
        for (size_t c = 0; c < cells; c++)
            t->visits[c] += s->visits[n * cells + c];
}

pab_status pab__sip_evaluate(pab__sip_workers *workers, const pab__sip_evaluation *evaluation)
{
    session s = {.workers = workers, .evaluation = evaluation};
    const pab_host *host = &workers->all.host;
    const size_t cells = PAB__SIP_CELLS * sizeof *s.visits;
    const size_t size = (size_t)evaluation->seeds * evaluation->tables * cells;
    pab__jobs jobs = {.count = evaluation->seeds, .run = play_seed, .user = &s, .results = s.results,
                      .result_count = RESULT_VISITS};
    if (evaluation->visits) {
        s.visits = pab__alloc(host, size);
        if (!s.visits)
            return pab__fail(PAB_E_MEMORY, "no memory to count visits of %u tables", evaluation->tables);
        jobs.result_count = RESULTS;
    }
    s.results[RESULT_SHORTFALL] = results_by_table(evaluation->shortfall, evaluation);
    s.results[RESULT_TRACKING] = results_by_table(evaluation->tracking, evaluation);
    s.results[RESULT_VISITS] = (pab__results){s.visits, cells, evaluation->tables * cells, cells, evaluation->tables};
    pab_status status = pab__jobs_run(workers->all.threads, &jobs);
    if (s.visits)
        sum_visits(&s);
    pab__release(host, s.visits, size);
    return status;
}
