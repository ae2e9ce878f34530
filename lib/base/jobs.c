/* Threads take the next job from a counter until there is none, one has failed or the hook asks to stop. */
#include "base/jobs.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { ERROR_TEXT = 900 };

typedef struct run_state {
    const pab__jobs *jobs;
    _Atomic uint32_t next, finished;
    _Atomic int stop;
    pab_status hook; /* what the progress hook returned: PAB_OK or PAB_E_CANCELLED */
    /* The first failure by number of its job. */
    atomic_flag lock;
    uint32_t failed_job;
    pab_status status;
    char error[ERROR_TEXT];
} run_state;

pab_status pab__progress_check(const pab_progress *hook, const char *what)
{
    return hook ? pab__record_check(hook, PAB__UPTO(pab_progress, report), what) : PAB_OK;
}

pab_status pab__progress_report(const pab_progress *hook, const char *stage, uint64_t done, uint64_t total)
{
    if (!hook || !hook->report || hook->report(hook->user, stage, done, total) == 0)
        return PAB_OK;
    return pab__fail(PAB_E_CANCELLED, "%s: the progress hook asked to stop", stage);
}

static void note_failure(run_state *s, uint32_t job, pab_status status)
{
    char why[ERROR_TEXT - 100]; /* room for the name */
    pab_last_error(why, sizeof why);
    atomic_store(&s->stop, 1);
    while (atomic_flag_test_and_set(&s->lock))
        continue;
    if (s->status == PAB_OK || job < s->failed_job) {
        if (s->jobs->what)
            snprintf(s->error, sizeof s->error, "%s %u: %s", s->jobs->what, job, why);
        else
            memcpy(s->error, why, sizeof why);
        s->failed_job = job;
        s->status = status;
    }
    atomic_flag_clear(&s->lock);
}

/* A job that was taken is always done, so the first failure is the same for any number of threads. */
static void work(void *user, uint32_t thread, uint32_t threads)
{
    run_state *s = user;
    const pab__jobs *j = s->jobs;
    (void)threads;
    while (!atomic_load(&s->stop)) {
        uint32_t job = atomic_fetch_add(&s->next, 1);
        if (job >= j->count)
            break;
        if (j->wanted && !j->wanted(j->user, job))
            continue;
        pab_status status = j->run(j->user, thread, job);
        if (status != PAB_OK)
            note_failure(s, job, status);
        uint64_t done = j->before + atomic_fetch_add(&s->finished, 1) + 1;
        if (thread != 0)
            continue;
        s->hook = pab__progress_report(j->progress, j->stage, done, j->total);
        if (s->hook != PAB_OK)
            atomic_store(&s->stop, 1);
    }
}

pab_status pab__jobs_run(pab__threads *threads, const pab__jobs *jobs)
{
    run_state s = {.jobs = jobs, .lock = ATOMIC_FLAG_INIT};
    pab__threads_run(threads, work, &s);
    if (s.status != PAB_OK)
        return pab__fail(s.status, "%s", s.error);
    if (s.hook != PAB_OK) /* set again: later jobs may have set another error */
        return pab__fail(s.hook, "%s: the progress hook asked to stop", jobs->stage);
    return PAB_OK;
}
