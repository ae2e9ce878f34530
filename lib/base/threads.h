/* A fixed number of threads, the caller's among them, that do one piece of work together and then wait for the next. */
#ifndef PAB_BASE_THREADS_H
#define PAB_BASE_THREADS_H

#include "base/host.h"

enum { PAB__THREADS_MAX = 1024 };

typedef struct pab__threads pab__threads;

/* One thread's part of the work; `thread` counts from 0, the caller's, to `threads` - 1. */
typedef void (*pab__work)(void *user, uint32_t thread, uint32_t threads);

/* Starts count - 1 threads: 0 and 1 both mean the caller's alone. `what` names the setting in errors. */
pab_status pab__threads_new(const pab_host *host, uint32_t count, const char *what, pab__threads **out);
void pab__threads_free(pab__threads *t); /* NULL is allowed */
uint32_t pab__threads_count(const pab__threads *t); /* at least 1 */

/* PAB_E_STATE in a process that was forked after the threads were started: they exist in its parent only, and a call
 * would wait for them without end. A module that keeps threads between public calls checks before each use. */
pab_status pab__threads_check(const pab__threads *t, const char *what);

/* Calls `work` once on each thread and returns when all calls have. */
void pab__threads_run(pab__threads *t, pab__work work, void *user);

/* Items *first .. *end - 1 belong to `thread`: runs of equal length, give or take one. */
static inline void pab__threads_share(uint32_t items, uint32_t thread, uint32_t threads, uint32_t *first,
                                      uint32_t *end)
{
    *first = (uint32_t)((uint64_t)items * thread / threads);
    *end = (uint32_t)((uint64_t)items * (thread + 1) / threads);
}

#endif
