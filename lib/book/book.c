/* A book's life, and orders that enter it. */
#include "book/book.h"

#include "book/match.h"
#include "book/report.h"

pab_status pab__book_init(pab__book *b, const pab_host *host, uint32_t quirks, int64_t volume_window)
{
    static const uint32_t strides[PAB__BOOK_POOLS] = {
        [PAB__BOOK_ORDERS] = sizeof(pab__resting),      [PAB__BOOK_LEVELS] = sizeof(pab__price_level),
        [PAB__BOOK_IDS] = sizeof(uint32_t),             [PAB__BOOK_WINDOWS] = sizeof(pab__window),
        [PAB__BOOK_FAR] = sizeof(pab__far_block),       [PAB__BOOK_DIRECTORY] = sizeof(pab__far_entry),
        [PAB__BOOK_TAPE] = sizeof(pab__tape_entry),     [PAB__BOOK_TAPE_SOLD] = sizeof(pab__tape_entry),
    };
    *b = (pab__book){.host = host, .quirks = quirks, .volume_window = volume_window};
    for (int i = 0; i < PAB__BOOK_POOLS; i++)
        pab__pool_init(&b->pools[i], strides[i]);
    pab__book_reset(b, 0, 0);
    return b->failed;
}

void pab__book_free(pab__book *b)
{
    for (int i = 0; i < PAB__BOOK_POOLS; i++)
        pab__pool_free(&b->pools[i], b->host);
}

void pab__book_reset(pab__book *b, int64_t now, int64_t last_trade)
{
    for (int i = 0; i < PAB__BOOK_POOLS; i++)
        pab__pool_clear(&b->pools[i]);
    b->core = (pab__book_core){.last_trade = last_trade, .last_update = now};
    b->failed = PAB_OK;
    if (pab__levels_reset(b) != PAB_OK || pab__ids_reset(b) != PAB_OK)
        b->failed = PAB_E_MEMORY;
}

/* --- entering --- */

/* Worst key of the other side that a limit order takes. A price-to-comply order in one piece takes up to its hidden
 * price. */
static int64_t limit_key(const pab__book *b, const pab_order *order)
{
    int64_t price = order->price;
    if ((order->flags & PAB_ORDER_PRICE_TO_COMPLY) && !pab__book_quirk(b, PAB_QUIRK_LOOSE_PRICE_TO_COMPLY))
        price += order->side;
    return pab__book_key(1 - pab__book_side_index(order->side), price);
}

static int crosses(const pab__book *b, const pab_order *order)
{
    uint32_t best = b->core.sides[1 - pab__book_side_index(order->side)].best;
    return best != PAB__NONE && pab__level_at(b, best)->key <= limit_key(b, order);
}

int32_t pab__book_refuse(const pab__book *b, const pab_order *order, uint32_t replaced)
{
    if (order->quantity <= 0 || order->quantity > PAB__QUANTITY_MAX)
        return PAB_REJECT_QUANTITY;
    int64_t least = 0;
    if (!pab__book_quirk(b, PAB_QUIRK_ZERO_IS_NONE))
        least = (order->flags & PAB_ORDER_PRICE_TO_COMPLY) && order->side == PAB_SELL ? 2 : 1;
    if (order->price < least || order->price > PAB__PRICE_MAX)
        return PAB_REJECT_PRICE;
    uint32_t twin = pab__ids_find(b, order->id);
    if (twin != PAB__NONE && (replaced == PAB__NONE || pab__order_at(b, replaced)->id != order->id))
        return PAB_REJECT_DUPLICATE;
    if ((order->flags & PAB_ORDER_POST_ONLY) && !pab__book_quirk(b, PAB_QUIRK_TAKING_POST_ONLY) && crosses(b, order))
        return PAB_REJECT_POST_ONLY;
    return 0;
}

static __attribute__((noinline)) void report_row(pab__book *b, const pab_order *order)
{
    pab_book_row row = {.kind = PAB_ROW_LIMIT, .side = order->side, .order_id = order->id, .other_order_id = -1,
                        .agent = order->agent, .other_agent = -1, .quantity = order->quantity, .price = order->price};
    b->sink.row(b->sink.user, &row);
}

static __attribute__((noinline)) void report_rest(pab__book *b, const pab_order *order)
{
    if (b->sink.row)
        report_row(b, order);
    pab__report_order(b, PAB_MSG_ORDER_ACCEPTED, order->agent, order);
}

/* The rest of a limit order enters the book. */
static inline void rest(pab__book *b, int64_t now, const pab_order *order, int quiet)
{
    if (pab__order_rest(b, order) != PAB_OK) {
        b->failed = PAB_E_MEMORY;
        return;
    }
    pab__book_touch(b, now);
    b->core.accepted += !quiet;
    if (!quiet && (b->sink.row || b->sink.event))
        report_rest(b, order);
}

/* Runs a limit order through what it crosses; what is left rests. Returns what is left. */
static __attribute__((noinline)) int64_t trade(pab__book *b, int64_t now, const pab_order *order, int quiet)
{
    pab__taker t = {.order = *order, .now = now, .limit = limit_key(b, order)};
    pab__match_fill(b, &t);
    if (t.met_own)
        pab__report_reject(b, order->agent, &t.order, PAB_REJECT_SELF_TRADE);
    else if (t.order.quantity > 0)
        rest(b, now, &t.order, quiet);
    pab__match_settle(b, &t);
    return t.met_own ? 0 : t.order.quantity;
}

int64_t pab__book_enter(pab__book *b, int64_t now, const pab_order *order, int quiet)
{
    if (crosses(b, order))
        return trade(b, now, order, quiet);
    rest(b, now, order, quiet);
    return order->quantity;
}

void pab__book_limit(pab__book *b, int64_t now, const pab_order *order)
{
    int32_t reason = pab__book_refuse(b, order, PAB__NONE);
    if (reason != 0)
        pab__report_reject(b, order->agent, order, reason);
    else
        pab__book_enter(b, now, order, 0);
}

void pab__book_post(pab__book *b, int64_t now, const pab_order *order)
{
    if (pab__order_rest(b, order) != PAB_OK) {
        b->failed = PAB_E_MEMORY;
        return;
    }
    pab__book_touch(b, now);
    b->core.accepted++;
    if (b->sink.row)
        report_row(b, order);
}

void pab__book_market(pab__book *b, int64_t now, const pab_order *order)
{
    pab__taker t = {.order = *order, .now = now, .limit = INT64_MAX};
    t.order.price = 0;
    t.order.flags = PAB_ORDER_IS_MARKET;
    if (order->quantity <= 0 || order->quantity > PAB__QUANTITY_MAX) {
        pab__report_reject(b, order->agent, &t.order, PAB_REJECT_QUANTITY);
        return;
    }
    pab__match_fill(b, &t);
    pab__match_settle(b, &t);
    if (t.met_own)
        pab__report_reject(b, order->agent, &t.order, PAB_REJECT_SELF_TRADE);
    else if (t.order.quantity > 0 && !pab__book_quirk(b, PAB_QUIRK_SILENT_MARKET_ORDER))
        pab__report_order(b, PAB_MSG_ORDER_CANCELLED, order->agent, &t.order);
}
