/* The training log: one row of numbers an epoch, written as CSV. It is plain data, part of a run's checkpointed state,
 * so that a resumed run writes the same file. */
#ifndef PAB_MOEDPO_TRAINING_LOG_H
#define PAB_MOEDPO_TRAINING_LOG_H

#include "base/host.h"

enum { PAB__TRAINING_LOG_ROWS = 192, PAB__TRAINING_LOG_COLUMNS = 20 };

typedef struct pab__training_log {
    uint64_t count;
    double value[PAB__TRAINING_LOG_ROWS][PAB__TRAINING_LOG_COLUMNS];
} pab__training_log;

/* Adds a row of zeros to fill in; when there is no more room, the last row is overwritten. */
double *pab__training_log_add(pab__training_log *log);
/* Rewrites the whole file. `head` names the columns, separated by commas. path NULL: does nothing. */
pab_status pab__training_log_write(const pab_host *host, const char *path, const char *head,
                                   const pab__training_log *log);

#endif
