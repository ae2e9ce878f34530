/* Reading of one file into a tape: what the formats share.
 *
 * pab_tape_read opens the file and its header, tells the format, and lets one of pab__read_... go through the rows.
 * Rows
 * pass pab__put_quote and pab__put_trade, which apply window and session. What was left out or changed is counted in
 * `counts`, and said in the tape's report. */
#ifndef PAB_STAGE0_READ_H
#define PAB_STAGE0_READ_H

#include "base/csv.h"
#include "base/stamp.h"
#include "stage0/tape.h"

/* Longest time that a stream of exchange times may step back: such a row counts as of the time reached. */
#define PAB__STEP_BACK (5 * PAB__SECOND)

/* Time columns of the header. */
typedef struct pab__time_column {
    uint32_t first, second; /* second: the clock beside a date, or local times beside exchange times */
    int32_t decimals, decimals_second; /* counts: powers of ten to ns; -1: a stamp, with a form of its own */
    pab__stamp_form form;
    int32_t coarse_prices; /* whole prices are in 1/10000 */
    int32_t clock, clock_second; /* PAB__CLOCK_... */
    int32_t split;         /* 1: `first` holds the date, `second` the time of day */
    int32_t chosen;        /* 1: between first and second, by the first row */
    char name[48];
} pab__time_column;

typedef struct pab__read_counts {
    uint64_t rows, clamped, no_time, no_price, outside, not_trades, repeated;
} pab__read_counts;

typedef struct pab__reader {
    pab__csv csv;
    pab_tape *tape;
    const pab_read_options *options; /* complete */
    pab__quote before;  /* last quote before the window or session */
    int32_t has_before;
    int32_t rows;       /* 1: something was read */
    int64_t last;       /* latest time read */
    int64_t first;      /* earliest */
    int64_t offset;     /* of the file's clock from UTC, ns */
    int32_t zoned;      /* 1: times have a zone */
    int32_t price_decimals; /* of prices: 8, 4, or -1 for units of 1e-9; 0: not told yet */
    pab__time_column time;
    uint32_t symbol;    /* column that names the instrument */
    char symbol_text[64];
    pab__read_counts counts;
    char notes[256];    /* further words for the report */
} pab__reader;

/* Each reads to the end of the file; the row last read is the header (LOBSTER: the first row). */
pab_status pab__read_quotes(pab__reader *r);
pab_status pab__read_trades(pab__reader *r);
pab_status pab__read_bars(pab__reader *r);
pab_status pab__read_lobster(pab__reader *r);

/* Finds the columns of times in the header. `needed` 0: there may be none (first is PAB__CSV_NONE). */
pab_status pab__time_columns(pab__reader *r, int needed);

/* Time of the row, ns; *known is 0 where it has none (counted). Never before the last row's, unless it is too early to
 * be an accident. */
pab_status pab__row_time(pab__reader *r, int64_t *out, int *known);
pab_status pab__check_time(pab__reader *r, int64_t *time);
/* The same without the order of rows. */
pab_status pab__row_stamp(pab__reader *r, int64_t *out, int *known);

/* Rows of a file with a header all have its number of fields; empty ones may follow. */
pab_status pab__next_row(pab__reader *r, uint32_t fields, int *more);

/* Price as on a tape, from currency units or 1/10000; 0 for a missing one. Size in shares. */
pab_status pab__read_price(pab__reader *r, uint32_t column, const char *name, int64_t *out);
pab_status pab__read_size(pab__reader *r, uint32_t column, const char *name, double *out);

/* Adds a row that lies in the window and session, or remembers a quote before it. */
pab_status pab__put_quote(pab__reader *r, const pab__quote *q);
pab_status pab__put_trade(pab__reader *r, const pab__trade *t);

/* The first of the names (NULL at the end) that the header has; PAB__CSV_NONE for none. */
uint32_t pab__find_column(const pab__reader *r, const char *const *names);
/* The same, or PAB_E_KEY naming the first two. */
pab_status pab__need_column(const pab__reader *r, const char *const *names, uint32_t *out);

extern const char *const pab__bid_names[], *const pab__ask_names[];

#endif
