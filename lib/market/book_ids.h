/* Order id -> resting order: chains through the orders themselves, so nothing piles up as ids grow for ever. */
#ifndef PAB_MARKET_BOOK_IDS_H
#define PAB_MARKET_BOOK_IDS_H

#include "market/book_state.h"

/* Empties the table at its first size. */
pab_status pab__ids_reset(pab__book *b);

/* Doubles the table; PAB_E_MEMORY leaves it as it was. */
pab_status pab__ids_grow(pab__book *b);

/* First order of the id's chain, + 1; 0 for none. */
static inline uint32_t *pab__ids_chain(const pab__book *b, int64_t id)
{
    uint64_t hash = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t *)(void *)b->pools[PAB__BOOK_IDS].data + (hash >> b->core.ids_shift);
}

static inline uint32_t pab__ids_find(const pab__book *b, int64_t id)
{
    uint32_t next = *pab__ids_chain(b, id);
    while (next != 0) {
        const pab__resting *order = pab__resting_at(b, next - 1);
        if (order->id == id)
            return next - 1;
        next = order->chain;
    }
    return PAB__NONE;
}

/* Whether one more id needs a larger table: chains are short, since a mispredicted step costs more than a miss. */
static inline int pab__ids_full(const pab__book *b)
{
    return b->pools[PAB__BOOK_ORDERS].mark.live >= b->pools[PAB__BOOK_IDS].mark.count / 3;
}

/* The id must be absent and the table not full. */
static inline void pab__ids_insert(pab__book *b, pab__resting *order, uint32_t index)
{
    uint32_t *chain = pab__ids_chain(b, order->id);
    order->chain = *chain;
    *chain = index + 1;
}

/* The order must be in the table. */
static inline void pab__ids_remove(pab__book *b, const pab__resting *order, uint32_t index)
{
    uint32_t *link = pab__ids_chain(b, order->id);
    while (*link != index + 1)
        link = &pab__resting_at(b, *link - 1)->chain;
    *link = order->chain;
}

#endif
