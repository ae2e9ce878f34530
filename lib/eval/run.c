/* Running the episodes of a table. A job is one seed: the market is warmed up once, and every policy starts there. */
#include <string.h>

#include "eval/rollout.h"
#include "eval/table.h"
#include "eval/workers.h"

enum { ERROR_TEXT = 450 };

typedef struct evaluation {
    pab_eval *eval;
    pab__workers workers; /* their scratch: clones of the policies, pab_policy *[policies] */
    pab__results rows;
} evaluation;

/* Whether some policy's row of this job is missing, and to be made by this shard. */
static int is_wanted(const void *user, uint32_t job)
{
    const pab_eval *e = ((const evaluation *)user)->eval;
    const uint32_t stratum = job / e->options.episodes, episode = job % e->options.episodes;
    if (episode % e->options.shards != e->options.shard)
        return 0;
    for (uint32_t p = 0; p < e->policies; p++)
        if (pab__eval_row(e, p, stratum, episode)->struct_size == 0)
            return 1;
    return 0;
}

static pab_status name_failure(const pab_eval *e, uint32_t job, uint32_t policy, uint64_t seed, pab_status status)
{
    char why[ERROR_TEXT];
    pab_last_error(why, sizeof why);
    return pab__fail(status, "policy '%s', regime %s, episode %u (seed %llu): %s", e->names[policy],
                     pab_regime_name(e->regime[job / e->options.episodes]), job % e->options.episodes,
                     (unsigned long long)seed, why);
}

static pab_status run_seed(void *user, uint32_t thread, uint32_t job)
{
    const evaluation *v = user;
    const pab_eval *e = v->eval;
    const pab__worker *own = &v->workers.worker[thread];
    pab_policy *const *policies = own->scratch;
    const uint64_t seed = pab_eval_seed(e, e->regime[job / e->options.episodes], job % e->options.episodes);
    for (uint32_t p = 0; p < e->policies; p++) {
        pab_episode_metrics *row = pab__results_at(&v->rows, job, p), fresh;
        if (row->struct_size != 0)
            continue;
        const pab__rollout r = {.env = own->env, .policy = policies[p]};
        pab_status status = pab__rollout_episode(&r, seed, e->options.episode, &fresh);
        if (status != PAB_OK)
            return name_failure(e, job, p, seed, status);
        *row = fresh;
    }
    return PAB_OK;
}

static pab_status clone_policies(evaluation *v, pab_policy *const *policies)
{
    pab_status status = PAB_OK;
    for (uint32_t t = 0; t < v->workers.count; t++) {
        pab_policy **own = v->workers.worker[t].scratch;
        for (uint32_t p = 0; status == PAB_OK && p < v->eval->policies; p++)
            status = pab_policy_clone(policies[p], &own[p]);
    }
    return status;
}

static void free_clones(evaluation *v)
{
    for (uint32_t t = 0; t < v->workers.count; t++) {
        pab_policy **own = v->workers.worker[t].scratch;
        for (uint32_t p = 0; p < v->eval->policies; p++)
            pab_policy_free(own[p]);
    }
}

static pab_status run_jobs(evaluation *v)
{
    const pab_eval *e = v->eval;
    pab__jobs jobs = {.count = e->strata * e->options.episodes, .run = run_seed, .wanted = is_wanted, .user = v,
                      .progress = e->options.progress, .stage = "evaluate", .results = &v->rows, .result_count = 1};
    for (uint32_t job = 0; job < jobs.count; job++)
        jobs.total += (uint64_t)is_wanted(v, job);
    return pab__jobs_run(v->workers.threads, &jobs);
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
    const size_t row = sizeof(pab_episode_metrics), rows = (size_t)eval->strata * eval->options.episodes;
    const pab__workers_plan plan = {.threads = eval->options.threads, .scratch = eval->policies * sizeof(pab_policy *)};
    evaluation v = {.eval = eval, .rows = {eval->rows, row, row, rows * row, eval->policies}};
    status = pab__workers_new(&eval->host, scn, &plan, &v.workers);
    if (status == PAB_OK)
        status = clone_policies(&v, policies);
    if (status == PAB_OK)
        status = run_jobs(&v);
    free_clones(&v);
    pab__workers_free(&v.workers);
    return status;
}
