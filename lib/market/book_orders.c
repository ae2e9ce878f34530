#include "market/book_orders.h"

#include "market/book_ids.h"
#include "market/book_levels.h"

static uint32_t queue_of(const pab__resting *order)
{
    return (order->flags & PAB_ORDER_HIDDEN) != 0;
}

/* Visible shares of an order's level and side change by `quantity`. */
static void count_shares(pab__book *b, const pab__resting *order, pab__price_level *level, int64_t quantity)
{
    if (queue_of(order) != 0)
        return;
    level->total = pab__add(level->total, quantity);
    b->core.sides[order->side].visible = pab__add(b->core.sides[order->side].visible, quantity);
}

/* Links an order before `next` (PAB__NONE: at the end of its queue). */
static void link_order(pab__book *b, uint32_t index, uint32_t next)
{
    pab__resting *order = pab__resting_at(b, index);
    pab__price_level *level = pab__level_at(b, order->level);
    uint32_t q = queue_of(order);
    uint32_t prev = next == PAB__NONE ? level->queue[q].tail : pab__resting_at(b, next)->prev;
    order->prev = prev;
    order->next = next;
    if (prev == PAB__NONE)
        level->queue[q].head = index;
    else
        pab__resting_at(b, prev)->next = index;
    if (next == PAB__NONE)
        level->queue[q].tail = index;
    else
        pab__resting_at(b, next)->prev = index;
    count_shares(b, order, level, order->quantity);
}

static void unlink_order(pab__book *b, const pab__resting *order, pab__price_level *level)
{
    uint32_t q = queue_of(order);
    if (order->prev == PAB__NONE)
        level->queue[q].head = order->next;
    else
        pab__resting_at(b, order->prev)->next = order->next;
    if (order->next == PAB__NONE)
        level->queue[q].tail = order->prev;
    else
        pab__resting_at(b, order->next)->prev = order->prev;
    count_shares(b, order, level, pab__sub(0, order->quantity));
}

/* The order in front of which an insert-by-id order queues. */
static uint32_t first_greater(const pab__book *b, const pab__price_level *level, int64_t id)
{
    uint32_t i = level->queue[0].head;
    while (i != PAB__NONE && pab__resting_at(b, i)->id <= id)
        i = pab__resting_at(b, i)->next;
    return i;
}

/* One half, or all of an ordinary order, at a key; PAB__NONE without memory. */
static uint32_t place(pab__book *b, const pab_order *x, int64_t key, uint8_t half)
{
    uint32_t side = pab__side_index(x->side);
    uint32_t index = pab__pool_take(&b->pools[PAB__BOOK_ORDERS], b->host);
    if (index == PAB__NONE)
        return PAB__NONE;
    uint32_t level = pab__level_find(b, side, key);
    if (level == PAB__NONE)
        level = pab__level_open(b, side, key);
    pab__resting *order = pab__resting_at(b, index);
    *order = (pab__resting){
        .id = x->id,
        .quantity = x->quantity,
        .level = level,
        .twin = PAB__NONE,
        .agent = x->agent,
        .ref = x->ref,
        .flags = (uint16_t)(half == PAB__HALF_HIDDEN ? x->flags | PAB_ORDER_HIDDEN : x->flags),
        .side = (uint8_t)side,
        .half = half,
    };
    if (level == PAB__NONE) {
        pab__pool_give(&b->pools[PAB__BOOK_ORDERS], index);
        return PAB__NONE;
    }
    int by_id = (order->flags & (PAB_ORDER_INSERT_BY_ID | PAB_ORDER_HIDDEN)) == PAB_ORDER_INSERT_BY_ID;
    link_order(b, index, by_id ? first_greater(b, pab__level_at(b, level), x->id) : PAB__NONE);
    b->core.sides[side].orders++;
    return index;
}

/* Out of the queue, and the level with it when nothing is left there; the slot is given back. */
static void detach(pab__book *b, uint32_t index)
{
    pab__resting *order = pab__resting_at(b, index);
    pab__price_level *level = pab__level_at(b, order->level);
    uint32_t side = order->side;
    unlink_order(b, order, level);
    if (level->queue[0].head == PAB__NONE && level->queue[1].head == PAB__NONE)
        pab__level_close(b, side, order->level);
    order->level = PAB__NONE;
    pab__pool_give(&b->pools[PAB__BOOK_ORDERS], index);
    b->core.sides[side].orders--;
}

pab_status pab__order_rest(pab__book *b, const pab_order *x)
{
    if (pab__ids_full(b) && pab__ids_grow(b) != PAB_OK)
        return PAB_E_MEMORY;
    int64_t key = pab__key(pab__side_index(x->side), x->price);
    uint32_t hidden = PAB__NONE;
    int pair = (x->flags & PAB_ORDER_PRICE_TO_COMPLY) != 0;
    if (pair) {
        hidden = place(b, x, key - 1, PAB__HALF_HIDDEN);
        if (hidden == PAB__NONE)
            return PAB_E_MEMORY;
    }
    uint32_t index = place(b, x, key, pair ? PAB__HALF_VISIBLE : PAB__HALF_NONE);
    if (index == PAB__NONE) {
        if (pair)
            detach(b, hidden);
        return PAB_E_MEMORY;
    }
    if (pair) {
        pab__resting_at(b, index)->twin = hidden;
        pab__resting_at(b, hidden)->twin = index;
    }
    pab__ids_insert(b, x->id, index);
    return PAB_OK;
}

void pab__order_remove(pab__book *b, uint32_t index)
{
    const pab__resting *order = pab__resting_at(b, index);
    uint32_t twin = order->twin;
    pab__ids_remove(b, order->id, order->half == PAB__HALF_HIDDEN ? twin : index);
    detach(b, index);
    if (twin != PAB__NONE)
        detach(b, twin);
}

void pab__order_reduce(pab__book *b, uint32_t index, int64_t quantity)
{
    while (index != PAB__NONE) {
        pab__resting *order = pab__resting_at(b, index);
        order->quantity = pab__sub(order->quantity, quantity);
        count_shares(b, order, pab__level_at(b, order->level), pab__sub(0, quantity));
        index = order->half == PAB__HALF_HIDDEN ? order->twin : PAB__NONE;
    }
}

void pab__order_resize(pab__book *b, uint32_t index, int64_t quantity)
{
    pab__resting *order = pab__resting_at(b, index);
    pab__price_level *level = pab__level_at(b, order->level);
    if (quantity <= order->quantity) {
        count_shares(b, order, level, pab__sub(quantity, order->quantity));
        order->quantity = quantity;
        return;
    }
    unlink_order(b, order, level);
    order->quantity = quantity;
    link_order(b, index, PAB__NONE);
}

uint32_t pab__order_find(const pab__book *b, const pab_order *request)
{
    uint32_t index = pab__ids_find(b, request->id);
    uint32_t side = pab__side_index(request->side);
    if (index == PAB__NONE || pab__resting_at(b, index)->side != side)
        return PAB__NONE;
    int64_t key = pab__key(side, request->price);
    while (index != PAB__NONE) {
        const pab__resting *order = pab__resting_at(b, index);
        if (pab__level_at(b, order->level)->key == key)
            return index;
        index = order->half == PAB__HALF_VISIBLE ? order->twin : PAB__NONE;
    }
    return PAB__NONE;
}

pab_order pab__order_view(const pab__book *b, uint32_t index)
{
    const pab__resting *order = pab__resting_at(b, index);
    return (pab_order){
        .id = order->id,
        .quantity = order->quantity,
        .price = pab__key(order->side, pab__level_at(b, order->level)->key),
        .agent = order->agent,
        .side = order->side == 0 ? PAB_BUY : PAB_SELL,
        .flags = order->flags,
        .ref = order->ref,
    };
}
