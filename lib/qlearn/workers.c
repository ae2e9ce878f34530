/* Jobs on threads. A job's results do not depend on the thread that runs it. */
#include "qlearn/workers.h"

#include "base/jobs.h"
#include "env/pair.h"

enum { ERROR_TEXT = 700 };

typedef struct batch {
    pab__qlearn_workers *workers;
    const pab__learning_task *task;
    pab__transition *moves;
    pab__learning_result *result;
} batch;

pab_status pab__qlearn_workers_new(pab_scenario *scn, uint32_t threads, pab__qlearn_workers *out)
{
    const pab__pair_plan *plan = &pab__pair_of(scn)->plan;
    pab__qlearn_workers workers = {.host = scn->host, .steps = (uint32_t)(plan->horizon / plan->interval)};
    pab_status status = pab__threads_new(&workers.host, threads, "options.threads", &workers.threads);
    if (status != PAB_OK)
        return status;
    workers.count = pab__threads_count(workers.threads);
    workers.worker = pab__alloc(&workers.host, workers.count * sizeof *workers.worker);
    if (!workers.worker)
        status = pab__fail(PAB_E_MEMORY, "no memory for %u threads", workers.count);
    for (uint32_t i = 0; status == PAB_OK && i < workers.count; i++) {
        status = pab_env_new(scn, &workers.worker[i].env);
        if (status == PAB_OK)
            status = pab_env_new(scn, &workers.worker[i].fork);
        workers.worker[i].before = pab__alloc(&workers.host, workers.steps * sizeof(double));
        if (status == PAB_OK && !workers.worker[i].before)
            status = pab__fail(PAB_E_MEMORY, "no memory for an episode of %u steps", workers.steps);
    }
    if (status == PAB_OK)
        *out = workers;
    else
        pab__qlearn_workers_free(&workers);
    return status;
}

void pab__qlearn_workers_free(pab__qlearn_workers *workers)
{
    for (uint32_t i = 0; workers->worker && i < workers->count; i++) {
        pab_env_free(workers->worker[i].env);
        pab_env_free(workers->worker[i].fork);
        pab__release(&workers->host, workers->worker[i].before, workers->steps * sizeof(double));
    }
    if (workers->worker)
        pab__release(&workers->host, workers->worker, workers->count * sizeof *workers->worker);
    pab__threads_free(workers->threads);
    *workers = (pab__qlearn_workers){0};
}

static pab_status play(void *user, uint32_t thread, uint32_t job)
{
    const batch *r = user;
    const pab__learning_task *s = r->task;
    size_t first = (size_t)job * s->repeats;
    pab_status status = pab__episodes_play(s, &r->workers->worker[thread], job,
                                           r->moves + first * pab__learning_task_moves(s), r->result + first);
    char why[ERROR_TEXT];
    if (status == PAB_OK)
        return PAB_OK;
    pab_last_error(why, sizeof why);
    return pab__fail(status, "episode of seed %llu: %s", (unsigned long long)s->seed(s, job), why);
}

pab_status pab__qlearn_workers_run(pab__qlearn_workers *workers, const pab__learning_task *task, pab__transition *moves,
                                   pab__learning_result *result)
{
    batch r = {.workers = workers, .task = task, .moves = moves, .result = result};
    const pab__jobs jobs = {.count = task->jobs, .run = play, .user = &r};
    return pab__jobs_run(workers->threads, &jobs);
}
