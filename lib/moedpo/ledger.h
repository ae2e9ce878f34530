/* The learning curve of a run as CSV, and the checkpoint that lets it go on after a kill as if nothing had been. */
#ifndef PAB_MOEDPO_LEDGER_H
#define PAB_MOEDPO_LEDGER_H

#include "base/file.h"

enum { PAB__LEDGER_ROWS = 192, PAB__LEDGER_COLUMNS = 20 };

/* Part of a run's state, so that a resumed run writes the same curve. */
typedef struct pab__ledger_rows {
    uint64_t count;
    double value[PAB__LEDGER_ROWS][PAB__LEDGER_COLUMNS];
} pab__ledger_rows;

/* Adds a row; the last one is overwritten when there is no more room. NULL: there is none to fill in. */
double *pab__ledger_add(pab__ledger_rows *rows);
/* Rewrites the whole file. `head` names the columns, comma by comma. path NULL: nothing is written. */
pab_status pab__ledger_write(const pab_host *host, const char *path, const char *head, const pab__ledger_rows *rows);

/* A state of `size` bytes that belongs to run `run`: written whole, read whole. path NULL: nothing happens. */
pab_status pab__checkpoint_write(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
                                 const void *state, size_t size);
/* *found: 0 where there is no such file. A file of another run is PAB_E_KIND. */
pab_status pab__checkpoint_read(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
                                void *state, size_t size, int32_t *found);

#endif
