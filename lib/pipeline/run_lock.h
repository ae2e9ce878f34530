/* The lock of a run's directory: one run at a time writes there.
 *
 * The file .pairsabides.lock says which process on which host holds it. The system gives the lock back when that
 * process ends, however it ends: a file that a dead process left is taken over. */
#ifndef PAB_PIPELINE_RUN_LOCK_H
#define PAB_PIPELINE_RUN_LOCK_H

#include <pairsabides/status.h>

enum { PAB__RUN_LOCK_PATH = 4096 };

typedef struct pab__run_lock {
    int held; /* 0: no lock; a record of zeros holds none */
    int fd;
    char path[PAB__RUN_LOCK_PATH];
} pab__run_lock;

/* PAB_E_STATE, naming the holder, where another run has it, of this process or of another. */
pab_status pab__run_lock_take(const char *dir, pab__run_lock *out);
void pab__run_lock_free(pab__run_lock *lock); /* deletes the file; one that is not held is allowed */

#endif
