/* Reading of one file into a tape: what the formats share. */
#ifndef PAB_STAGE0_READ_H
#define PAB_STAGE0_READ_H

#include "base/csv.h"
#include "stage0/tape.h"

/* Longest time that a stream of exchange times may step back: such a row counts as of the time reached. */
#define PAB__STEP_BACK (5 * PAB__SECOND)

typedef struct pab__reader {
    pab__csv csv;
    pab_tape *tape;
    const pab_read_options *options; /* complete */
    pab__quote before;  /* last quote before options->from */
    int32_t has_before;
    int32_t rows;       /* 1: something was read */
    int64_t last;       /* latest time read */
    int64_t first;      /* earliest */
} pab__reader;

/* Each reads to the end of the file; the row last read is the header (LOBSTER: the first row). */
pab_status pab__read_quotes(pab__reader *r);
pab_status pab__read_trades(pab__reader *r);
pab_status pab__read_bars(pab__reader *r);
pab_status pab__read_lobster(pab__reader *r);

/* Time columns of the header: `second` is used where `first` is empty. */
typedef struct pab__time_column {
    uint32_t first, second;
    int decimals_first, decimals_second; /* powers of ten to nanoseconds */
    int32_t coarse_prices;               /* prices are in 1/10000 */
    int32_t reserved;
} pab__time_column;

pab_status pab__time_columns(const pab__csv *csv, pab__time_column *out);

/* Time of the row, ns: never before the last row's, unless it is too early to be an accident. */
pab_status pab__row_time(pab__reader *r, const pab__time_column *column, int64_t *out);
pab_status pab__check_time(pab__reader *r, int64_t *time);

/* Adds a row that lies in the window, or remembers a quote before it. */
pab_status pab__put_quote(pab__reader *r, const pab__quote *q);
pab_status pab__put_trade(pab__reader *r, const pab__trade *t);

/* Required column, or PAB_E_KEY naming it. */
pab_status pab__need_column(const pab__reader *r, const char *name, const char *other, uint32_t *out);

#endif
