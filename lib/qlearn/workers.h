/* Workers of a learning task: environments and scratch per thread. Results of job j lie at place j. */
#ifndef PAB_QLEARN_WORKERS_H
#define PAB_QLEARN_WORKERS_H

#include "qlearn/episodes.h"

typedef struct pab__qlearn_workers {
    pab__workers all; /* with forks; scratch is a double per step */
    uint32_t steps;   /* N of the scenario */
} pab__qlearn_workers;

pab_status pab__qlearn_workers_new(pab_scenario *scn, uint32_t threads, pab__qlearn_workers *out);
void pab__qlearn_workers_free(pab__qlearn_workers *workers); /* zeroed is allowed */

/* Plays all jobs of a task: moves[job][repeat][steps], result[job][repeat]. */
pab_status pab__qlearn_workers_run(pab__qlearn_workers *workers, const pab__learning_task *task, pab__transition *moves,
                                   pab__learning_result *result);

#endif
