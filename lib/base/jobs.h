/* Numbered jobs dealt out to threads. Which thread does a job must change nothing of what the job writes. */
#ifndef PAB_BASE_JOBS_H
#define PAB_BASE_JOBS_H

#include <pairsabides/progress.h>

#include "base/threads.h"

typedef struct pab__jobs {
    uint32_t count;
    /* Does job `job` with what belongs to `thread`; sets an error where it fails. */
    pab_status (*run)(void *user, uint32_t thread, uint32_t job);
    void *user;
    const char *what;             /* names a job in errors: "episode"; NULL: the error speaks for itself */
    const pab_progress *progress; /* NULL: none; called on the caller's thread */
    const char *stage;
    uint64_t before, total;       /* of the stage: jobs that were done earlier, and all */
} pab__jobs;

/* Runs all jobs. The first failure by number is returned, whatever the number of threads; PAB_E_CANCELLED when the
 * hook wants no more. */
pab_status pab__jobs_run(pab__threads *threads, const pab__jobs *jobs);

/* Tells a hook (NULL: none) how far a call is; PAB_E_CANCELLED when it wants no more. */
pab_status pab__tell(const pab_progress *hook, const char *stage, uint64_t done, uint64_t total);

#endif
