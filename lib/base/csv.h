/* Comma-separated files as other programs write them, plain or gzip (several members too), a row at a time.
 *
 * The separator (comma, semicolon, tab or |) comes from the first row. A byte order mark, blank rows, CR LF, spaces
 * around fields, and quotes are read; a quoted field ends on its line. Other encodings, archives and zero bytes are
 * refused. Column names are found whatever their capitals, and with a space, '-' or '.' for '_'.
 *
 *     pab__csv_open(host, path, &csv);
 *     while ((status = pab__csv_next(&csv, &more)) == PAB_OK && more) ...
 *     pab__csv_close(&csv);
 *
 * Used by tapes (stage0), by series of fundamental values (scenario) and by tests of what csv_write.h writes. */
#ifndef PAB_BASE_CSV_H
#define PAB_BASE_CSV_H

#include "base/host.h"

#define PAB__CSV_FIELDS 512
#define PAB__CSV_NONE UINT32_MAX /* no such column */

typedef struct pab__csv {
    const pab_host *host;
    const char *path;  /* lent by the caller */
    void *file;        /* gzFile */
    char *buf;         /* read but not yet given out: start .. end */
    size_t start, end;
    uint64_t line;     /* of the row, from 1 */
    uint64_t blank;    /* rows left out so far because all their fields are empty */
    uint32_t count;    /* fields of the row */
    char separator;    /* '\0' before the first row */
    char *field[PAB__CSV_FIELDS]; /* terminated, valid until the next row */
} pab__csv;

pab_status pab__csv_open(const pab_host *host, const char *path, pab__csv *out);
void pab__csv_close(pab__csv *csv);

/* The next row that is not blank; *more is 0 past the last. */
pab_status pab__csv_next(pab__csv *csv, int *more);

/* Column of this name in the row, PAB__CSV_NONE if there is none; `prefix` (may be NULL) and "_" stand before it. */
uint32_t pab__csv_column(const pab__csv *csv, const char *prefix, const char *name);

/* Sets the error "PATH:LINE: ..." and returns `code`. */
pab_status pab__csv_fail(const pab__csv *csv, pab_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* The row's fields for an error, cut where they are long: "Datetime, Close, Volume". Control bytes show as '?'. */
void pab__csv_show(const pab__csv *csv, char *buf, size_t cap);

/* 1 for an empty field and for what programs write where a number is not known: NaN, null, None, N/A ... */
int pab__csv_missing(const char *text);

/* A number times 10^decimals, rounded to the nearest whole: digits beyond and exponents are read. `name` stands in
 * errors. */
pab_status pab__csv_decimal(const pab__csv *csv, uint32_t column, const char *name, int decimals, int64_t *out);

/* The same without a file; 0 when the text is such a number and fits. */
int pab__decimal_parse(const char *text, int decimals, int64_t *out);

#endif
