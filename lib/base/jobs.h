/* Numbered jobs on a fixed number of threads: all parallel work that can be cut into independent pieces.
 *
 * Used by evaluation, calibration, training and data collection. Fill in a pab__jobs on the stack and call
 * pab__jobs_run, which returns when all jobs are done or one has failed. Threads take the next job in order, so which
 * thread does a job is chance: what a job writes must depend on its number only. What belongs to a thread (an
 * environment, scratch) is indexed by `thread`; eval/workers.h has the usual kind. */
#ifndef PAB_BASE_JOBS_H
#define PAB_BASE_JOBS_H

#include <pairsabides/progress.h>

#include "base/threads.h"

/* Where the results of jobs lie: job j writes `pieces` pieces of `size` bytes, piece p at
 * first + j * stride + p * pitch. Jobs find their room by pab__results_at, so that what is declared is where they
 * write. Jobs whose results are all declared can be shared between processes: each does some and they exchange these
 * bytes. */
typedef struct pab__results {
    void *first;    /* piece 0 of job 0 */
    size_t size;    /* bytes of a piece */
    size_t stride;  /* bytes from a piece of one job to the same piece of the next */
    size_t pitch;   /* bytes from one piece of a job to its next */
    uint32_t pieces;
} pab__results;

static inline void *pab__results_at(const pab__results *results, uint32_t job, uint32_t piece)
{
    return (unsigned char *)results->first + job * results->stride + piece * results->pitch;
}

/* One piece of `size` bytes per job, side by side in an array. */
static inline pab__results pab__results_array(void *first, size_t size)
{
    return (pab__results){.first = first, .size = size, .stride = size, .pieces = 1};
}

typedef struct pab__jobs {
    uint32_t count;
    /* Does job `job` with what belongs to `thread`; sets an error where it fails. */
    pab_status (*run)(void *user, uint32_t thread, uint32_t job);
    int (*wanted)(const void *user, uint32_t job); /* 0: leave this job out; NULL: all are wanted */
    void *user;
    const char *what;             /* names a job in errors: "episode"; NULL: the error speaks for itself */
    const pab_progress *progress; /* NULL: none; called on the caller's thread */
    const char *stage;
    uint64_t before, total;       /* of the stage: jobs that were done earlier, and all */
    const pab__results *results;  /* `result_count` arrays that jobs write; 0: results lie elsewhere, too */
    uint32_t result_count;
} pab__jobs;

/* Runs all jobs. The first failure by number is returned, whatever the number of threads; PAB_E_CANCELLED when the
 * hook asks to stop. */
pab_status pab__jobs_run(pab__threads *threads, const pab__jobs *jobs);

/* Is a hook (NULL: none) one that can be called? Asked with the other options, before any work. */
pab_status pab__progress_check(const pab_progress *hook, const char *what);

/* Reports progress to a hook (NULL: none); PAB_E_CANCELLED when it asks to stop. */
pab_status pab__progress_report(const pab_progress *hook, const char *stage, uint64_t done, uint64_t total);

#endif
