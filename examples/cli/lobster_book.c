#include "lobster_book.h"

#include <pairsabides/book.h>
#include <stdlib.h>
#include <string.h>

static size_t place_of(const lobster_book *b, int64_t id)
{
    uint64_t hash = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(hash >> 20) & (b->order_cap - 1);
    while (b->orders[at].side != 0 && b->orders[at].id != id)
        at = (at + 1) & (b->order_cap - 1);
    return at;
}

lobster_order *lobster_book_find(const lobster_book *b, int64_t id)
{
    if (b->order_cap == 0)
        return NULL;
    lobster_order *order = &b->orders[place_of(b, id)];
    return order->quantity > 0 ? order : NULL;
}

/* Room for one more order: those that are gone are left behind. */
static int grow_orders(lobster_book *b)
{
    if (b->order_count * 2 < b->order_cap)
        return 0;
    size_t live = 0;
    for (size_t i = 0; i < b->order_cap; i++)
        live += b->orders[i].quantity > 0;
    lobster_book fresh = *b;
    fresh.order_cap = 1024;
    while (fresh.order_cap < live * 4)
        fresh.order_cap *= 2;
    fresh.orders = calloc(fresh.order_cap, sizeof *fresh.orders);
    if (!fresh.orders)
        return -1;
    for (size_t i = 0; i < b->order_cap; i++)
        if (b->orders[i].quantity > 0)
            fresh.orders[place_of(&fresh, b->orders[i].id)] = b->orders[i];
    free(b->orders);
    b->orders = fresh.orders;
    b->order_cap = fresh.order_cap;
    b->order_count = live;
    return 0;
}

/* Adds shares to a level, which comes and goes with them. */
static int change_level(lobster_book *b, int32_t side, int64_t price, int64_t shares)
{
    int k = side == PAB_SELL;
    lobster_level *levels = b->levels[k];
    size_t n = b->level_count[k], i = n;
    while (i > 0 && (k ? levels[i - 1].price < price : levels[i - 1].price > price))
        i--;
    if (i > 0 && levels[i - 1].price == price) {
        levels[i - 1].quantity += shares;
        if (levels[i - 1].quantity == 0) {
            memmove(&levels[i - 1], &levels[i], (n - i) * sizeof *levels);
            b->level_count[k]--;
        }
        return 0;
    }
    if (n == b->level_cap[k]) {
        size_t more = n ? 2 * n : 64;
        levels = realloc(levels, more * sizeof *levels);
        if (!levels)
            return -1;
        b->levels[k] = levels;
        b->level_cap[k] = more;
    }
    memmove(&levels[i + 1], &levels[i], (n - i) * sizeof *levels);
    levels[i] = (lobster_level){price, shares};
    b->level_count[k]++;
    return 0;
}

int lobster_book_add(lobster_book *b, const lobster_order *order)
{
    if (grow_orders(b) != 0)
        return -1;
    lobster_order *at = &b->orders[place_of(b, order->id)];
    b->order_count += at->side == 0;
    *at = *order;
    return change_level(b, order->side, order->price, order->quantity);
}

int lobster_book_take(lobster_book *b, lobster_order *order, int64_t quantity)
{
    order->quantity -= quantity;
    return change_level(b, order->side, order->price, -quantity);
}

void lobster_book_free(lobster_book *b)
{
    free(b->orders);
    free(b->levels[0]);
    free(b->levels[1]);
    memset(b, 0, sizeof *b);
}
