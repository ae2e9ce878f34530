/* Jobs on threads. A job's results do not depend on the thread that runs it. */
#include "qlearn/workers.h"

#include "env/pair.h"

enum { ERROR_TEXT = 700 };

enum { RESULT_MOVES, RESULT_SUMMARIES, RESULTS };

typedef struct batch {
    const pab__qlearn_workers *workers;
    const pab__learning_task *task;
    pab__results results[RESULTS];
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
    const batch *b = user;
    const pab__learning_task *s = b->task;
    pab_status status = pab__episodes_play(s, &b->workers->all.worker[thread], job,
                                           pab__results_at(&b->results[RESULT_MOVES], job, 0),
                                           pab__results_at(&b->results[RESULT_SUMMARIES], job, 0));
    char why[ERROR_TEXT];
    if (status == PAB_OK)
        return PAB_OK;
    pab_last_error(why, sizeof why);
    return pab__fail(status, "episode of seed %llu: %s", (unsigned long long)s->seed(s, job), why);
}

pab_status pab__qlearn_workers_run(pab__qlearn_workers *workers, const pab__learning_task *task, pab__transition *moves,
                                   pab__learning_result *result)
{
    const size_t transitions = (size_t)task->repeats * pab__learning_task_moves(task);
    batch b = {.workers = workers, .task = task};
    const pab__jobs jobs = {.count = task->jobs, .run = play, .user = &b, .results = b.results,
                            .result_count = RESULTS};
    b.results[RESULT_MOVES] = pab__results_array(moves, transitions * sizeof *moves);
    b.results[RESULT_SUMMARIES] = pab__results_array(result, task->repeats * sizeof *result);
    return pab__jobs_run(workers->all.threads, &jobs);
}
