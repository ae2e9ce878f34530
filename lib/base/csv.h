/* Comma-separated files, plain or gzip, a row at a time. */
#ifndef PAB_BASE_CSV_H
#define PAB_BASE_CSV_H

#include "base/host.h"

#define PAB__CSV_FIELDS 256
#define PAB__CSV_NONE UINT32_MAX /* no such column */

typedef struct pab__csv {
    const pab_host *host;
    const char *path;  /* lent by the caller */
    void *file;        /* gzFile */
    char *buf;         /* read but not yet given out: start .. end */
    size_t start, end;
    uint64_t line;     /* of the row, from 1 */
    uint32_t count;    /* fields of the row */
    char *field[PAB__CSV_FIELDS]; /* terminated, valid until the next row */
} pab__csv;

pab_status pab__csv_open(const pab_host *host, const char *path, pab__csv *out);
void pab__csv_close(pab__csv *csv);

/* The next row; *more is 0 past the last. */
pab_status pab__csv_next(pab__csv *csv, int *more);

/* Column of this name in the row, PAB__CSV_NONE if there is none; `prefix` (may be NULL) and "_" stand before it. */
uint32_t pab__csv_column(const pab__csv *csv, const char *prefix, const char *name);

/* Sets the error "PATH:LINE: ..." and returns `code`. */
pab_status pab__csv_fail(const pab__csv *csv, pab_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* Added to `decimals`: further digits are dropped instead of refused. */
#define PAB__CSV_CUT 64

/* A plain decimal number times 10^decimals; further digits must be zeros. `name` stands in errors. */
pab_status pab__csv_decimal(const pab__csv *csv, uint32_t column, const char *name, int decimals, int64_t *out);

/* The same without a file; 0 when the text is such a number and fits. */
int pab__decimal_parse(const char *text, int decimals, int64_t *out);

#endif
