/* What the pools of a book hold, and the small steps every part of the book takes on them. */
#ifndef PAB_BOOK_STATE_H
#define PAB_BOOK_STATE_H

#include "book/book.h"

enum {
    PAB__BOOK_ORDERS,    /* pab__resting */
    PAB__BOOK_LEVELS,    /* pab__price_level */
    PAB__BOOK_IDS,       /* uint32_t: hash table of chains, id -> order */
    PAB__BOOK_WINDOWS,   /* pab__window, one per side */
    PAB__BOOK_FAR,       /* pab__far_block: levels outside the window */
    PAB__BOOK_DIRECTORY, /* pab__far_entry: the bids' blocks in key order, then the asks' */
    PAB__BOOK_TAPE,      /* pab__tape_entry: shares bought by aggressors */
    PAB__BOOK_TAPE_SOLD  /* pab__tape_entry: shares sold by aggressors */
};

/* Largest price and quantity the book takes: neighbours, totals and price*quantity sums cannot overflow. */
#define PAB__PRICE_MAX (INT64_C(1) << 62)
#define PAB__QUANTITY_MAX (INT64_C(1) << 40)

enum { PAB__HALF_NONE = 0, PAB__HALF_VISIBLE = 1, PAB__HALF_HIDDEN = 2 };

/* One resting order, in one queue of one level. A free slot has no level. */
typedef struct pab__resting {
    int64_t id;
    int64_t quantity;
    uint32_t next, prev; /* in its queue */
    uint32_t level;
    uint32_t twin; /* other half of a price-to-comply order */
    int32_t agent;
    uint32_t ref;
    uint16_t flags; /* PAB_ORDER_... */
    uint8_t side;   /* 0: bid, 1: ask */
    uint8_t half;   /* PAB__HALF_... */
    uint32_t chain; /* next order of the same id hash, + 1 */
} pab__resting;

/* The two queues of a level; queue[1] is the hidden one. */
typedef struct pab__price_level {
    int64_t key;
    int64_t total; /* visible shares */
    struct {
        uint32_t head, tail;
    } queue[2];
    uint32_t prev, next; /* better and worse neighbour */
} pab__price_level;

typedef struct pab__tape_entry {
    int64_t time;
    int64_t sum; /* shares up to and including this time, modulo 2^64 */
} pab__tape_entry;

_Static_assert(sizeof(pab__resting) == 48, "no padding");
_Static_assert(sizeof(pab__price_level) == 40, "no padding");
_Static_assert(sizeof(pab__book_core) == 160, "no padding");

static inline uint32_t pab__book_side_index(int32_t side)
{
    return side == PAB_SELL;
}

/* Its own inverse. */
static inline int64_t pab__book_key(uint32_t side, int64_t price)
{
    return price ^ ((int64_t)side - 1);
}

static inline pab__resting *pab__order_at(const pab__book *b, uint32_t index)
{
    return (pab__resting *)(void *)b->pools[PAB__BOOK_ORDERS].data + index;
}

static inline pab__price_level *pab__level_at(const pab__book *b, uint32_t index)
{
    return (pab__price_level *)(void *)b->pools[PAB__BOOK_LEVELS].data + index;
}

/* Sums wrap instead of overflowing: bounded quantities cannot get there, hostile sequences of modifies might. */
static inline int64_t pab__book_add(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int64_t pab__book_sub(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static inline int pab__book_quirk(const pab__book *b, uint32_t bit)
{
    return (b->quirks & bit) != 0;
}

/* Entries and fills move the feed's clock only when it is not stale. */
static inline void pab__book_touch(pab__book *b, int64_t now)
{
    if (!pab__book_quirk(b, PAB_QUIRK_STALE_FEED))
        b->core.last_update = now;
}

/* --- book.c, for changes that let an order enter anew --- */

/* Why a limit order cannot enter, or 0. `replaced` is the resting order that makes way for it, or PAB__NONE. */
int32_t pab__book_refuse(const pab__book *b, const pab_order *order, uint32_t replaced);
/* A limit order that may enter. Returns what is left of it. `quiet`: its acceptance is not reported. */
int64_t pab__book_enter(pab__book *b, int64_t now, const pab_order *order, int quiet);

/* --- volume.c --- */

void pab__tape_record(pab__book *b, uint32_t side, int64_t now, int64_t quantity);

#endif
