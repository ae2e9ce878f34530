/* Quotes and trades of one instrument, as plain columns that only grow. */
#ifndef PAB_STAGE0_TAPE_H
#define PAB_STAGE0_TAPE_H

#include <pairsabides/stage0.h>

#include "base/host.h"
#include "base/units.h"

/* A side that is not there has price 0. */
typedef struct pab__quote {
    int64_t time; /* ns */
    int64_t bid, ask; /* 1e-8 currency units */
    double bid_size, ask_size;
} pab__quote;

typedef struct pab__trade {
    int64_t time; /* ns */
    int64_t price; /* 1e-8 currency units */
    double size;
    int32_t sign; /* 0: not known */
    uint32_t flags; /* PAB_TRADE_... */
} pab__trade;

struct pab_tape {
    pab_host host;
    pab__quote *quotes;
    pab__trade *trades;
    int64_t *gaps;    /* ns, ascending: bars that do not follow on the one before, by nights or missing rows */
    uint64_t quote_count, quote_cap, trade_count, trade_cap, gap_count, gap_cap;
    int64_t from, to; /* window; equal: none yet */
    int64_t tick;     /* as set, 1e-8 currency units; 0: from the quotes */
    int32_t bars;     /* rows are closes of bars: spreads and sizes are not known */
    int32_t reserved;
};

/* The caller's tick, or the greatest that divides all quoted prices; 0 without quotes. */
int64_t pab__tape_tick(const pab_tape *tape);

/* The bar that is added next does not follow on the last one. */
pab_status pab__tape_add_gap(pab_tape *tape, int64_t time);
/* 1 where a gap lies after `from` and up to `to`: what happened between them is no return. */
int pab__tape_has_gap(const pab_tape *tape, int64_t from, int64_t to);

/* Widens the window. */
void pab__tape_widen(pab_tape *tape, int64_t from, int64_t to);

/* Mid in currency units; 0 when a side is missing. */
static inline double pab__quote_mid(const pab__quote *q)
{
    return q->bid > 0 && q->ask > 0 ? (double)(q->bid + q->ask) / (2.0 * PAB_TAPE_PRICE) : 0.0;
}

/* First quote after `time`, so that the one before it holds at `time`. */
uint64_t pab__tape_after(const pab_tape *tape, int64_t time);

#endif
