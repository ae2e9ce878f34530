/* Order id -> resting order: chains through the orders themselves, so nothing piles up as ids grow for ever. */
#ifndef PAB_BOOK_IDS_H
#define PAB_BOOK_IDS_H

#include "book/state.h"

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

/* The link that leads to the order of this id, or to the 0 that ends its chain. */
static inline uint32_t *pab__ids_link(const pab__book *b, int64_t id)
{
    uint32_t *link = pab__ids_chain(b, id);
    while (*link != 0 && pab__order_at(b, *link - 1)->id != id)
        link = &pab__order_at(b, *link - 1)->chain;
    return link;
}

static inline uint32_t pab__ids_find(const pab__book *b, int64_t id)
{
    return id > b->core.newest_id ? PAB__NONE : *pab__ids_link(b, id) - 1;
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
    b->core.newest_id = order->id > b->core.newest_id ? order->id : b->core.newest_id;
    order->chain = *chain;
    *chain = index + 1;
}

/* Takes the order at a link out of its chain. */
static inline void pab__ids_unlink(const pab__book *b, uint32_t *link)
{
    *link = pab__order_at(b, *link - 1)->chain;
}

#endif
