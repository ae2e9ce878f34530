/* Resting orders: into their queues, out of them, and found again. */
#ifndef PAB_BOOK_ORDERS_H
#define PAB_BOOK_ORDERS_H

#include "book/ids.h"
#include "book/levels.h"

/* Puts an order at the end of its queue, or both halves of a price-to-comply order; PAB_E_MEMORY leaves the book as it
 * was. No order of its id may rest. */
pab_status pab__order_rest(pab__book *b, const pab_order *order);

/* Takes `quantity`, less than there is, off an order and its twin. */
void pab__order_reduce(pab__book *b, uint32_t index, int64_t quantity);

/* Sets the quantity; an increase loses the place in the queue. The twin is left alone. */
void pab__order_resize(pab__book *b, uint32_t index, int64_t quantity);

/* An order as it rests. */
pab_order pab__order_view(const pab__book *b, uint32_t index);

static inline uint32_t pab__order_queue(const pab__resting *order)
{
    return (order->flags & PAB_ORDER_HIDDEN) != 0;
}

/* Visible shares of an order's level and side change by `quantity`. */
static inline void pab__level_count_shares(pab__book *b, const pab__resting *order, pab__price_level *level,
                                           int64_t quantity)
{
    if (pab__order_queue(order) != 0)
        return;
    level->total = pab__book_add(level->total, quantity);
    b->core.sides[order->side].visible = pab__book_add(b->core.sides[order->side].visible, quantity);
}

/* `word`, or the one at `offset` bytes from `base`: chosen without a branch, as either is likely. */
static inline uint32_t *pab__order_pick_word(int first, void *word, void *base, size_t offset)
{
    uintptr_t a = (uintptr_t)word, b = (uintptr_t)base + offset;
    uintptr_t mask = (uintptr_t)0 - (uintptr_t)(first != 0);
    return (uint32_t *)((a & mask) | (b & ~mask));
}

static inline void pab__order_unlink(pab__book *b, const pab__resting *order, pab__price_level *level)
{
    uint32_t q = pab__order_queue(order);
    uint32_t prev = order->prev, next = order->next;
    unsigned char *orders = b->pools[PAB__BOOK_ORDERS].data;
    uint32_t *to_next = pab__order_pick_word(prev == PAB__NONE, &level->queue[q].head, orders,
                                             prev * sizeof *order + offsetof(pab__resting, next));
    uint32_t *to_prev = pab__order_pick_word(next == PAB__NONE, &level->queue[q].tail, orders,
                                             next * sizeof *order + offsetof(pab__resting, prev));
    *to_next = next;
    *to_prev = prev;
    pab__level_count_shares(b, order, level, pab__book_sub(0, order->quantity));
}

/* Out of the queue, and the level with it when nothing is left there; the slot is given back. */
static inline void pab__order_detach(pab__book *b, uint32_t index)
{
    pab__resting *order = pab__order_at(b, index);
    pab__price_level *level = pab__level_at(b, order->level);
    uint32_t side = order->side;
    pab__order_unlink(b, order, level);
    if ((level->queue[0].head & level->queue[1].head) == PAB__NONE)
        pab__level_close(b, side, order->level);
    order->level = PAB__NONE;
    pab__pool_give(&b->pools[PAB__BOOK_ORDERS], index);
}

/* Takes out an order whose id is at `link`, with its twin and levels that are empty without it. */
static inline void pab__order_take(pab__book *b, uint32_t index, uint32_t *link)
{
    uint32_t twin = pab__order_at(b, index)->twin;
    pab__ids_unlink(b, link);
    pab__order_detach(b, index);
    if (twin != PAB__NONE)
        pab__order_detach(b, twin);
}

static inline void pab__order_remove(pab__book *b, uint32_t index)
{
    pab__order_take(b, index, pab__ids_link(b, pab__order_at(b, index)->id));
}

/* What rests at the request's side and price under its id, or PAB__NONE; `link` receives where the id is found. */
static inline uint32_t pab__order_find(const pab__book *b, const pab_order *request, uint32_t **link)
{
    *link = pab__ids_link(b, request->id);
    uint32_t index = **link - 1;
    uint32_t side = pab__book_side_index(request->side);
    if (index == PAB__NONE || pab__order_at(b, index)->side != side)
        return PAB__NONE;
    int64_t key = pab__book_key(side, request->price);
    while (index != PAB__NONE) {
        const pab__resting *order = pab__order_at(b, index);
        if (pab__level_at(b, order->level)->key == key)
            return index;
        index = order->half == PAB__HALF_VISIBLE ? order->twin : PAB__NONE;
    }
    return PAB__NONE;
}

#endif
