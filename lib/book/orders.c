#include "book/orders.h"

/* Links an order before `next` (PAB__NONE: at the end of its queue). */
static void link_order(pab__book *b, uint32_t index, uint32_t next)
{
    pab__resting *order = pab__order_at(b, index);
    pab__price_level *level = pab__level_at(b, order->level);
    uint32_t q = pab__order_queue(order);
    uint32_t prev = next == PAB__NONE ? level->queue[q].tail : pab__order_at(b, next)->prev;
    order->prev = prev;
    order->next = next;
    if (prev == PAB__NONE)
        level->queue[q].head = index;
    else
        pab__order_at(b, prev)->next = index;
    if (next == PAB__NONE)
        level->queue[q].tail = index;
    else
        pab__order_at(b, next)->prev = index;
    pab__level_count_shares(b, order, level, order->quantity);
}

/* The order in front of which an insert-by-id order queues. */
static uint32_t first_greater(const pab__book *b, const pab__price_level *level, int64_t id)
{
    uint32_t i = level->queue[0].head;
    while (i != PAB__NONE && pab__order_at(b, i)->id <= id)
        i = pab__order_at(b, i)->next;
    return i;
}

/* At the end of the queue of `level`; the plain and frequent case of `link_order`. */
static inline void append_order(pab__book *b, pab__resting *order, uint32_t index, pab__price_level *level)
{
    uint32_t q = pab__order_queue(order), tail = level->queue[q].tail;
    uint32_t *to_next = pab__order_pick_word(tail == PAB__NONE, &level->queue[q].head, b->pools[PAB__BOOK_ORDERS].data,
                                             tail * sizeof *order + offsetof(pab__resting, next));
    order->prev = tail;
    order->next = PAB__NONE;
    *to_next = index;
    level->queue[q].tail = index;
    pab__level_count_shares(b, order, level, order->quantity);
}

/* One half, or all of an ordinary order, at a key; PAB__NONE without memory. */
static inline uint32_t place(pab__book *b, const pab_order *x, int64_t key, uint8_t half)
{
    uint32_t side = pab__book_side_index(x->side);
    uint32_t index = pab__pool_take(&b->pools[PAB__BOOK_ORDERS], b->host);
    if (index == PAB__NONE)
        return PAB__NONE;
    uint32_t level = pab__level_find(b, side, key);
    if (level == PAB__NONE)
        level = pab__level_open(b, side, key);
    pab__resting *order = pab__order_at(b, index);
    order->id = x->id;
    order->quantity = x->quantity;
    order->level = level;
    order->twin = PAB__NONE;
    order->agent = x->agent;
    order->ref = x->ref;
    order->flags = (uint16_t)(half == PAB__HALF_HIDDEN ? x->flags | PAB_ORDER_HIDDEN : x->flags);
    order->side = (uint8_t)side;
    order->half = half;
    order->chain = 0;
    if (level == PAB__NONE) {
        pab__pool_give(&b->pools[PAB__BOOK_ORDERS], index);
        return PAB__NONE;
    }
    if ((order->flags & (PAB_ORDER_INSERT_BY_ID | PAB_ORDER_HIDDEN)) == PAB_ORDER_INSERT_BY_ID)
        link_order(b, index, first_greater(b, pab__level_at(b, level), x->id));
    else
        append_order(b, order, index, pab__level_at(b, level));
    return index;
}

static pab_status rest_pair(pab__book *b, const pab_order *x, int64_t key)
{
    uint32_t hidden = place(b, x, key - 1, PAB__HALF_HIDDEN);
    if (hidden == PAB__NONE)
        return PAB_E_MEMORY;
    uint32_t index = place(b, x, key, PAB__HALF_VISIBLE);
    if (index == PAB__NONE) {
        pab__order_detach(b, hidden);
        return PAB_E_MEMORY;
    }
    pab__order_at(b, index)->twin = hidden;
    pab__order_at(b, hidden)->twin = index;
    pab__ids_insert(b, pab__order_at(b, index), index);
    return PAB_OK;
}

pab_status pab__order_rest(pab__book *b, const pab_order *x)
{
    if (pab__ids_full(b) && pab__ids_grow(b) != PAB_OK)
        return PAB_E_MEMORY;
    int64_t key = pab__book_key(pab__book_side_index(x->side), x->price);
    if (x->flags & PAB_ORDER_PRICE_TO_COMPLY)
        return rest_pair(b, x, key);
    uint32_t index = place(b, x, key, PAB__HALF_NONE);
    if (index == PAB__NONE)
        return PAB_E_MEMORY;
    pab__ids_insert(b, pab__order_at(b, index), index);
    return PAB_OK;
}

void pab__order_reduce(pab__book *b, uint32_t index, int64_t quantity)
{
    while (index != PAB__NONE) {
        pab__resting *order = pab__order_at(b, index);
        order->quantity = pab__book_sub(order->quantity, quantity);
        pab__level_count_shares(b, order, pab__level_at(b, order->level), pab__book_sub(0, quantity));
        index = order->half == PAB__HALF_HIDDEN ? order->twin : PAB__NONE;
    }
}

void pab__order_resize(pab__book *b, uint32_t index, int64_t quantity)
{
    pab__resting *order = pab__order_at(b, index);
    pab__price_level *level = pab__level_at(b, order->level);
    if (quantity <= order->quantity) {
        pab__level_count_shares(b, order, level, pab__book_sub(quantity, order->quantity));
        order->quantity = quantity;
        return;
    }
    pab__order_unlink(b, order, level);
    order->quantity = quantity;
    link_order(b, index, PAB__NONE);
}

pab_order pab__order_view(const pab__book *b, uint32_t index)
{
    const pab__resting *order = pab__order_at(b, index);
    return (pab_order){
        .id = order->id,
        .quantity = order->quantity,
        .price = pab__book_key(order->side, pab__level_at(b, order->level)->key),
        .agent = order->agent,
        .side = order->side == 0 ? PAB_BUY : PAB_SELL,
        .flags = order->flags,
        .ref = order->ref,
    };
}
