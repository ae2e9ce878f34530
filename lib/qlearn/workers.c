/* Jobs on threads. A job's results do not depend on the thread that runs it. */
#include "qlearn/workers.h"

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
    out->steps = (uint32_t)(plan->horizon / plan->interval);
    const pab__workers_plan workers = {.threads = threads, .forks = 1, .scratch = out->steps * sizeof(double)};
    return pab__workers_new(&scn->host, scn, &workers, &out->all);
}

void pab__qlearn_workers_free(pab__qlearn_workers *workers)
{
    pab__workers_free(&workers->all);
}

static pab_status play(void *user, uint32_t thread, uint32_t job)
{
    const batch *r = user;
    const pab__learning_task *s = r->task;
    size_t first = (size_t)job * s->repeats;
    pab_status status = pab__episodes_play(s, &r->workers->all.worker[thread], job,
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
    return pab__jobs_run(workers->all.threads, &jobs);
}
