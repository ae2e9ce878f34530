/* One symbol's limit order book: docs/abides.md 5, with the quirks of the book as switches.
 *
 * Flat state: `core` and the pools are all there is to save, copy and hash. The files, from the outside in:
 *   api.c             pab_book_...: arguments checked, then the calls below
 *   book.c, change.c  the operations: limit and market orders; cancel, modify, replace
 *   match.c, report.c matching; events and history rows
 *   query.c, volume.c read only: levels and orders as a feed shows them; volume that traded in a window
 *   check.c           whether a state read from a file is one that a book can have
 *   orders.c, ids.c   orders in the queues of their level; the table from order id to order
 *   levels.c, far.c   price levels of a side: a window of ticks around the best price, blocks of levels beyond it
 */
#ifndef PAB_BOOK_BOOK_H
#define PAB_BOOK_BOOK_H

#include <pairsabides/book.h>

#include "base/pool.h"

/* Pools of a book; state.h lists what each holds. */
#define PAB__BOOK_POOLS 8

/* Scalars of one side. A side's prices are ordered by key: ask = price, bid = ~price, so the least key is the best. */
typedef struct pab__book_side {
    int64_t visible;        /* shares in all visible queues */
    int64_t window;         /* least key of the tick window */
    uint32_t best;          /* level, PAB__NONE when the side is empty */
    uint32_t levels;
    uint32_t window_levels; /* levels found through the window */
    uint32_t far_blocks;    /* blocks of levels outside it */
    uint32_t near_misses;   /* levels opened near the best price but outside it, since it last moved */
    uint32_t reserved;
} pab__book_side;

/* Scalars of the state; no padding left unset. The book's owner reads the first part. */
typedef struct pab__book_core {
    int64_t last_trade;    /* ticks */
    int64_t last_update;   /* ns */
    int64_t accepted;      /* orders that came to rest with an acceptance */
    int64_t cancelled;     /* cancels that found their order */
    int64_t trades;        /* fills */
    int64_t traded_volume; /* shares */
    pab__book_side sides[2]; /* 0: bids, 1: asks */
    int64_t tape_base[2];    /* running sum of transacted volume before the first kept entry, by aggressor's side */
    int64_t newest_id;       /* greatest id that ever rested: greater ones need no search */
    uint32_t ids_shift;      /* 64 - log2 of the id table's size */
    uint32_t reserved;
} pab__book_core;

typedef struct pab__book {
    pab__book_core core;
    pab__pool pools[PAB__BOOK_POOLS];
    /* not state: */
    const pab_host *host;
    pab_book_sink sink;
    uint32_t quirks;
    int32_t failed; /* PAB_E_MEMORY once a pool could not grow; the operation is then incomplete */
    int64_t volume_window; /* ns of transacted volume kept for queries; INT64_MAX: all */
    int32_t no_self_trade; /* an order that meets one of its owner is rejected */
    int32_t reserved;
} pab__book;

/* `host` must outlive the book. Call pab__book_free also after a failure. */
pab_status pab__book_init(pab__book *b, const pab_host *host, uint32_t quirks, int64_t volume_window);
void pab__book_free(pab__book *b);
void pab__book_reset(pab__book *b, int64_t now, int64_t last_trade); /* empty; last_update := now */

/* The operations of pairsabides/book.h without argument checks; `now` never decreases. */
void pab__book_limit(pab__book *b, int64_t now, const pab_order *order);
/* As pab__book_limit of an order that is sound, new and does not cross; its owner is not told. */
void pab__book_post(pab__book *b, int64_t now, const pab_order *order);
/* As pab__book_cancel of the order in this slot; its owner is not told. */
void pab__book_drop(pab__book *b, int64_t now, uint32_t slot);
void pab__book_market(pab__book *b, int64_t now, const pab_order *order);
void pab__book_cancel(pab__book *b, int64_t now, const pab_order *order);
void pab__book_partial_cancel(pab__book *b, int64_t now, const pab_order *order, int64_t quantity);
void pab__book_modify(pab__book *b, int64_t now, const pab_order *order, const pab_order *changed);
void pab__book_replace(pab__book *b, int64_t now, int32_t requester, const pab_order *order, const pab_order *fresh);

/* Queries. L1 takes the first ask level with visible shares and the first bid level as it is (docs/abides.md 5.9);
 * with zero_is_none off both sides take the first level with visible shares. */
void pab__book_l1(const pab__book *b, pab_level *bid, pab_level *ask);
/* The best visible level of a side: pab__book_l2 to a depth of one. Zeros for none. */
pab_level pab__book_best(const pab__book *b, int32_t side);
uint32_t pab__book_l2(const pab__book *b, int32_t side, uint32_t depth, pab_level *out, uint32_t cap);
uint32_t pab__book_l3(const pab__book *b, int32_t side, pab_resting_order *out, uint32_t cap);
void pab__book_volume(const pab__book *b, int64_t now, int64_t lookback, int64_t *bought, int64_t *sold);
double pab__book_imbalance(const pab__book *b, int32_t *side);
void pab__book_describe(const pab__book *b, pab_book_summary *out);

#endif
