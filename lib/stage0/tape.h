/* Quotes and trades of one instrument, as plain columns that only grow. */
#ifndef PAB_STAGE0_TAPE_H
#define PAB_STAGE0_TAPE_H

#include <pairsabides/stage0.h>

#include "base/host.h"
#include "base/text.h"
#include "base/units.h"

/* A side that is not there has price 0. */
typedef struct pab__quote {
    int64_t time; /* ns */
    int64_t bid, ask; /* 1e-8 currency units */
    double bid_size, ask_size;
    uint32_t bid_venue, ask_venue; /* pab__venue_of; 0: not known */
} pab__quote;

typedef struct pab__trade {
    int64_t time; /* ns */
    int64_t price; /* 1e-8 currency units */
    double size;
    int32_t sign; /* 0: not known */
    uint32_t flags; /* PAB_TRADE_... */
    uint32_t venue; /* 0: not known */
} pab__trade;

/* Venues of recorded markets: the book itself, and whatever trades elsewhere. */
#define PAB__VENUE_BOOK "BOOK"
#define PAB__VENUE_AWAY "AWAY"

/* The first four characters of a venue's name as a number. */
static inline uint32_t pab__venue_of(const char *name)
{
    uint32_t venue = 0;
    for (int i = 0; i < 4 && name[i]; i++)
        venue = venue << 8 | (unsigned char)name[i];
    return venue;
}

/* A time at which nothing trades: a night, a lunch break, a halt. Returns over it are none, and its time does not
 * count.
 * Of bars: that one does not follow on the one before, by nights or missing rows. */
typedef struct pab__gap {
    int64_t from, to; /* ns, excluded at both ends */
} pab__gap;

/* Whose clock times are of; 0: not known. */
enum { PAB__CLOCK_EXCHANGE = 1, PAB__CLOCK_LOCAL = 2 };

struct pab_tape {
    pab_host host;
    pab__quote *quotes;
    pab__trade *trades;
    pab__gap *gaps;   /* ascending */
    int64_t *stamps;  /* bars: times of their rows as the file has them, as many as quotes */
    uint64_t quote_count, quote_cap, trade_count, trade_cap, gap_count, gap_cap, stamp_cap;
    int64_t from, to; /* window; equal: none yet */
    int64_t tick;     /* as set, 1e-8 currency units; 0: from the quotes */
    int32_t bars;     /* rows are closes of bars: spreads and sizes are not known */
    int32_t stamped;  /* bars have times of their own */
    int64_t bar;      /* length of a bar, ns */
    int32_t clock;    /* PAB__CLOCK_... */
    int32_t half_open; /* 1: the window was set, so that a trade at its end belongs to the next */
    uint64_t stubs;   /* sides of quotes left out because no market is there */
    pab__text report; /* a line for each file, and for each warning */
};

/* The caller's tick, or the greatest that divides all quoted prices; 0 without quotes. */
int64_t pab__tape_tick(const pab_tape *tape);

/* Room for one more row of `size` bytes. */
pab_status pab__tape_grow(pab_tape *tape, void **rows, uint64_t count, uint64_t *cap, size_t size);

pab_status pab__tape_add_gap(pab_tape *tape, int64_t from, int64_t to);
/* Time of [from, to) outside of gaps, ns. */
int64_t pab__tape_open_time(const pab_tape *tape, int64_t from, int64_t to);
/* 1 within a gap. */
int pab__tape_closed(const pab_tape *tape, int64_t time);
/* Finds the gaps of quotes and trades: no row for five minutes and a hundred times what is usual. */
pab_status pab__tape_find_gaps(pab_tape *tape);

/* Appends a bar laid at `time`, whose row's own time is `stamp`. */
pab_status pab__tape_add_bar(pab_tape *tape, int64_t time, int64_t stamp, int64_t close, double volume);

/* Takes out sides of quotes that are far from all others ("199999.99"), counting them. */
void pab__tape_drop_stubs(pab_tape *tape);

/* Bars of both tapes that have the same times, laid anew, with a gap wherever one of the tapes has one or lacks a row;
 * without times, all bars by row: then the tapes must be equally long. alone[] (may be NULL): rows left out of each. */
pab_status pab__tape_join(const pab_tape *a, const pab_tape *b, pab_tape *out[2], uint64_t alone[2]);

/* Adds a warning to the report and tells the log. */
void pab__tape_warn(pab_tape *tape, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forgets rows added since `old` was copied from it. */
void pab__tape_return(pab_tape *tape, const pab_tape *old);

/* 1 where a gap lies between `from` and `to`: what happened between them is no return. */
int pab__tape_has_gap(const pab_tape *tape, int64_t from, int64_t to);

/* Widens the window. */
void pab__tape_widen(pab_tape *tape, int64_t from, int64_t to);

/* Mid in currency units; 0 when a side is missing. */
static inline double pab__quote_mid(const pab__quote *q)
{
    return q->bid > 0 && q->ask > 0 ? (double)(q->bid + q->ask) / (2.0 * PAB_TAPE_PRICE) : 0.0;
}

/* Equal best quotes follow one another while deeper levels change: only the first is a quote. */
static inline int pab__quote_same(const pab__quote *a, const pab__quote *b)
{
    return a->bid == b->bid && a->ask == b->ask && !(a->bid_size < b->bid_size) && !(a->bid_size > b->bid_size) &&
           !(a->ask_size < b->ask_size) && !(a->ask_size > b->ask_size);
}

/* First quote after `time`, so that the one before it holds at `time`. */
uint64_t pab__tape_after(const pab_tape *tape, int64_t time);

#endif
