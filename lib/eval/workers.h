/* Workers: a thread each, with what an episode needs: an environment, on demand a second one for forks, and scratch.
 *
 * To run many episodes in parallel, make workers once, run jobs (base/jobs.h) on workers.threads any number of times,
 * and free them. A job's `thread` is the number of its worker:
 *
 *     pab__worker *own = &workers->worker[thread];
 *
 * What a module keeps per worker (rewards, visits, clones of policies) is a struct of its own in the scratch. */
#ifndef PAB_EVAL_WORKERS_H
#define PAB_EVAL_WORKERS_H

#include <pairsabides/env.h>

#include "base/jobs.h"

typedef struct pab__worker {
    pab_env *env;
    pab_env *fork; /* NULL: not asked for */
    void *scratch; /* zeroed when made, aligned to 64 bytes; NULL: not asked for */
} pab__worker;

/* What to make. */
typedef struct pab__workers_plan {
    uint32_t threads;      /* 0 and 1: the caller's alone; errors call it options.threads */
    int32_t forks;         /* 1: with `fork` */
    pab__threads *lent;    /* threads to use instead of own ones; NULL: own ones. They outlive the workers */
    size_t scratch;        /* bytes of each worker; 0: none */
} pab__workers_plan;

typedef struct pab__workers {
    pab_host host;
    pab__workers_plan plan;
    pab__threads *threads;
    uint32_t count;
    pab__worker *worker; /* [count] */
} pab__workers;

/* On error `out` holds nothing, and may be freed all the same. */
pab_status pab__workers_new(const pab_host *host, pab_scenario *scn, const pab__workers_plan *plan, pab__workers *out);
void pab__workers_free(pab__workers *workers); /* zeroed ones are allowed; zeroes them */

#endif
