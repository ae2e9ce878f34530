/* Queries: they read the book and change nothing. */
#include "book/levels.h"

static int64_t price_of(uint32_t side, const pab__price_level *level)
{
    return pab__book_key(side, level->key);
}

static const pab__price_level *next_level(const pab__book *b, uint32_t *index)
{
    if (*index == PAB__NONE)
        return NULL;
    const pab__price_level *level = pab__level_at(b, *index);
    *index = level->next;
    return level;
}

static pab_level best_visible(const pab__book *b, uint32_t side)
{
    uint32_t at = b->core.sides[side].best;
    const pab__price_level *level;
    while ((level = next_level(b, &at)) != NULL) {
        if (level->total > 0)
            return (pab_level){price_of(side, level), level->total};
    }
    return (pab_level){0, 0};
}

void pab__book_l1(const pab__book *b, pab_level *bid, pab_level *ask)
{
    uint32_t best = b->core.sides[0].best;
    *ask = best_visible(b, 1);
    if (!(b->quirks & PAB_QUIRK_ZERO_IS_NONE))
        *bid = best_visible(b, 0);
    else if (best == PAB__NONE)
        *bid = (pab_level){0, 0};
    else
        *bid = (pab_level){price_of(0, pab__level_at(b, best)), pab__level_at(b, best)->total};
}

uint32_t pab__book_l2(const pab__book *b, int32_t side, uint32_t depth, pab_level *out, uint32_t cap)
{
    uint32_t s = pab__book_side_index(side), at = b->core.sides[s].best, n = 0;
    const pab__price_level *level;
    while (depth-- > 0 && n < cap && (level = next_level(b, &at)) != NULL) {
        if (level->total > 0)
            out[n++] = (pab_level){price_of(s, level), level->total};
    }
    return n;
}

pab_level pab__book_best(const pab__book *b, int32_t side)
{
    uint32_t s = pab__book_side_index(side), at = b->core.sides[s].best;
    const pab__price_level *level = next_level(b, &at);
    return level && level->total > 0 ? (pab_level){price_of(s, level), level->total} : (pab_level){0, 0};
}

/* Lists one queue of a level from out[n] on as far as it fits; returns n and its length. */
static uint32_t list_queue(const pab__book *b, const pab_resting_order *common, uint32_t head, pab_resting_order *out,
                           uint32_t n, uint32_t cap)
{
    int32_t position = 0;
    for (uint32_t i = head; i != PAB__NONE; n++) {
        const pab__resting *order = pab__order_at(b, i);
        if (n < cap) {
            out[n] = *common;
            out[n].order_id = order->id;
            out[n].quantity = order->quantity;
            out[n].agent = order->agent;
            out[n].position = position++;
            out[n].ptc_half = order->half;
        }
        i = order->next;
    }
    return n;
}

uint32_t pab__book_l3(const pab__book *b, int32_t side, pab_resting_order *out, uint32_t cap)
{
    uint32_t s = pab__book_side_index(side), at = b->core.sides[s].best, n = 0;
    pab_resting_order common = {.side = side};
    const pab__price_level *level;
    for (; (level = next_level(b, &at)) != NULL; common.level++) {
        common.price = price_of(s, level);
        for (common.hidden = 0; common.hidden < 2; common.hidden++)
            n = list_queue(b, &common, level->queue[common.hidden].head, out, n, cap);
    }
    return n;
}

double pab__book_imbalance(const pab__book *b, int32_t *side)
{
    int64_t bids = b->core.sides[0].visible, asks = b->core.sides[1].visible;
    *side = bids == asks ? 0 : asks == 0 || (bids != 0 && bids > asks) ? PAB_BUY : PAB_SELL;
    if (bids == asks)
        return 0.0;
    if (bids == 0 || asks == 0)
        return 1.0;
    return bids < asks ? 1.0 - (double)bids / (double)asks : 1.0 - (double)asks / (double)bids;
}

void pab__book_describe(const pab__book *b, pab_book_summary *out)
{
    const pab__book_side *bids = &b->core.sides[0], *asks = &b->core.sides[1];
    uint32_t size = out->struct_size;
    *out = (pab_book_summary){
        .struct_size = size,
        .order_count = b->pools[PAB__BOOK_ORDERS].mark.live,
        .bid_levels = bids->levels,
        .ask_levels = asks->levels,
        .best_bid = bids->best == PAB__NONE ? 0 : price_of(0, pab__level_at(b, bids->best)),
        .best_ask = asks->best == PAB__NONE ? 0 : price_of(1, pab__level_at(b, asks->best)),
        .last_trade = b->core.last_trade,
        .last_update = b->core.last_update,
    };
}
