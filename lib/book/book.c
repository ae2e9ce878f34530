/* The operations on a book: matching, resting, and changing what rests. */
#include "book/book.h"

#include <math.h>

#include "book/orders.h"

__extension__ typedef __int128 wide;

/* An incoming order on its way through the other side. */
typedef struct taker {
    pab_order order; /* quantity: what is left */
    int64_t now;
    int64_t limit; /* worst key of the other side it takes; market orders: INT64_MAX */
    int64_t filled;
    int64_t last_price;
    int met_own; /* stopped before an order of its owner */
    wide paid; /* price * quantity over the fills */
} taker;

static int quirk(const pab__book *b, uint32_t bit)
{
    return (b->quirks & bit) != 0;
}

/* --- what the owner of the book hears --- */

static void tell(pab__book *b, int32_t type, int32_t recipient, const pab_order *order)
{
    if (!b->sink.event)
        return;
    pab_book_event event = {.type = type, .recipient = recipient, .order = *order, .old_id = -1};
    b->sink.event(b->sink.user, &event);
}

static void tell_execution(pab__book *b, const pab_order *order, int64_t price, int32_t flags)
{
    pab_book_event event = {.type = PAB_MSG_ORDER_EXECUTED, .recipient = order->agent, .order = *order,
                            .fill_price = price, .old_id = -1, .flags = flags};
    b->sink.event(b->sink.user, &event);
}

static void reject(pab__book *b, int32_t recipient, const pab_order *order, int32_t reason)
{
    int always = reason == PAB_REJECT_POST_ONLY || reason == PAB_REJECT_SELF_TRADE;
    int silent = quirk(b, PAB_QUIRK_SILENT_DISCARD) && !always;
    if (silent || !b->sink.event)
        return;
    pab_book_event event = {.type = PAB_MSG_ORDER_REJECTED, .recipient = recipient, .order = *order, .old_id = -1,
                            .reason = reason};
    b->sink.event(b->sink.user, &event);
}

/* A history row about one order. */
static void note(pab__book *b, int32_t kind, int64_t id, int32_t side, int64_t quantity)
{
    if (!b->sink.row)
        return;
    pab_book_row row = {.kind = kind, .side = side, .order_id = id, .other_order_id = -1, .agent = -1,
                        .other_agent = -1, .quantity = quantity};
    b->sink.row(b->sink.user, &row);
}

/* Entries and fills move the feed's clock only when it is not stale. */
static void touch(pab__book *b, int64_t now)
{
    if (!quirk(b, PAB_QUIRK_STALE_FEED))
        b->core.last_update = now;
}

/* --- matching --- */

/* Reports a fill: first as a row, then to the resting order's owner, then to the incoming one's. */
static void report_fill(pab__book *b, const taker *t, const pab_order *maker)
{
    if (b->sink.row) {
        pab_book_row row = {.kind = PAB_ROW_EXEC, .side = maker->side, .order_id = maker->id,
                            .other_order_id = t->order.id, .agent = maker->agent, .other_agent = t->order.agent,
                            .quantity = maker->quantity, .price = maker->price};
        b->sink.row(b->sink.user, &row);
    }
    if (b->sink.event) {
        pab_order incoming = t->order;
        incoming.quantity = maker->quantity;
        tell_execution(b, maker, maker->price, 0);
        tell_execution(b, &incoming, maker->price, PAB_MSG_FLAG_INCOMING);
    }
}

static uint32_t front(const pab__price_level *level)
{
    return level->queue[0].head != PAB__NONE ? level->queue[0].head : level->queue[1].head;
}

/* One fill against the front order of a level. */
static void fill(pab__book *b, taker *t, const pab__price_level *level)
{
    uint32_t index = front(level);
    int64_t quantity = pab__order_at(b, index)->quantity;
    int64_t price = pab__book_key(1 - pab__book_side_index(t->order.side), level->key);
    int heard = b->sink.row || b->sink.event;
    pab_order maker;
    if (heard)
        maker = pab__order_view(b, index);
    if (t->order.quantity >= quantity) {
        pab__order_remove(b, index);
    } else {
        quantity = t->order.quantity;
        pab__order_reduce(b, index, quantity);
    }
    b->core.trades++;
    if (heard) {
        maker.quantity = quantity;
        report_fill(b, t, &maker);
    }
    t->order.quantity -= quantity;
    t->filled += quantity;
    t->paid += (wide)price * quantity;
    t->last_price = price;
}

static void match(pab__book *b, taker *t)
{
    const pab__book_side *other = &b->core.sides[1 - pab__book_side_index(t->order.side)];
    while (t->order.quantity > 0 && other->best != PAB__NONE) {
        const pab__price_level *level = pab__level_at(b, other->best);
        if (level->key > t->limit)
            return;
        if ((t->order.flags & PAB_ORDER_POST_ONLY) && level->total == 0)
            return;
        if (b->no_self_trade && pab__order_at(b, front(level))->agent == t->order.agent) {
            t->met_own = 1;
            return;
        }
        fill(b, t, level);
    }
}

/* value / 2^bits to the nearest integer, ties to even; `more`: value is a little more than it says. */
static wide shift_half_even(wide value, int more, int bits)
{
    if (bits == 0)
        return value;
    wide rest = value & (((wide)1 << bits) - 1), half = (wide)1 << (bits - 1);
    value >>= bits;
    return value + (rest > half || (rest == half && (more || value % 2 != 0)));
}

/* Mean price of the fills as the reference rounds it: the quotient to a double, and that to the nearest tick, ties to
 * even. Larger sums than doubles hold are divided in integers with the same two roundings. */
static int64_t average_price(const taker *t)
{
    const wide exact = (wide)1 << 53;
    if (t->paid <= exact && t->filled <= exact)
        return (int64_t)rint((double)(int64_t)t->paid / (double)t->filled);
    wide whole = t->paid / t->filled, rest = t->paid % t->filled;
    int spare = 53;
    while (spare > -10 && whole >> (53 - spare) != 0)
        spare--;
    if (spare < 0)
        return (int64_t)(shift_half_even(whole, rest != 0, -spare) << -spare);
    wide fraction = rest << (spare + 1);
    wide bits = (whole << (spare + 1)) + fraction / t->filled;
    return (int64_t)shift_half_even(shift_half_even(bits, fraction % t->filled != 0, 1), 0, spare);
}

/* What a whole operation has traded. */
static void settle(pab__book *b, const taker *t)
{
    if (t->filled == 0)
        return;
    pab__tape_record(b, pab__book_side_index(t->order.side), t->now, t->filled);
    b->core.traded_volume = pab__book_add(b->core.traded_volume, t->filled);
    touch(b, t->now);
    if (t->limit == INT64_MAX && quirk(b, PAB_QUIRK_SILENT_MARKET_ORDER))
        return;
    b->core.last_trade = quirk(b, PAB_QUIRK_AVERAGE_LAST_TRADE) ? average_price(t) : t->last_price;
}

/* --- entering --- */

/* Worst key of the other side that a limit order takes. A price-to-comply order in one piece takes up to its hidden
 * price. */
static int64_t limit_key(const pab__book *b, const pab_order *order)
{
    int64_t price = order->price;
    if ((order->flags & PAB_ORDER_PRICE_TO_COMPLY) && !quirk(b, PAB_QUIRK_LOOSE_PRICE_TO_COMPLY))
        price += order->side;
    return pab__book_key(1 - pab__book_side_index(order->side), price);
}

static int crosses(const pab__book *b, const pab_order *order)
{
    uint32_t best = b->core.sides[1 - pab__book_side_index(order->side)].best;
    return best != PAB__NONE && pab__level_at(b, best)->key <= limit_key(b, order);
}

/* Why a limit order cannot enter, or 0. `replaced` is the resting order that makes way for it, or PAB__NONE. */
static int32_t refuse(const pab__book *b, const pab_order *order, uint32_t replaced)
{
    if (order->quantity <= 0 || order->quantity > PAB__QUANTITY_MAX)
        return PAB_REJECT_QUANTITY;
    int64_t least = 0;
    if (!quirk(b, PAB_QUIRK_ZERO_IS_NONE))
        least = (order->flags & PAB_ORDER_PRICE_TO_COMPLY) && order->side == PAB_SELL ? 2 : 1;
    if (order->price < least || order->price > PAB__PRICE_MAX)
        return PAB_REJECT_PRICE;
    uint32_t twin = pab__ids_find(b, order->id);
    if (twin != PAB__NONE && (replaced == PAB__NONE || pab__order_at(b, replaced)->id != order->id))
        return PAB_REJECT_DUPLICATE;
    if ((order->flags & PAB_ORDER_POST_ONLY) && !quirk(b, PAB_QUIRK_TAKING_POST_ONLY) && crosses(b, order))
        return PAB_REJECT_POST_ONLY;
    return 0;
}

static __attribute__((noinline)) void report_rest(pab__book *b, const pab_order *order)
{
    if (b->sink.row) {
        pab_book_row row = {.kind = PAB_ROW_LIMIT, .side = order->side, .order_id = order->id, .other_order_id = -1,
                            .agent = order->agent, .other_agent = -1, .quantity = order->quantity,
                            .price = order->price};
        b->sink.row(b->sink.user, &row);
    }
    tell(b, PAB_MSG_ORDER_ACCEPTED, order->agent, order);
}

/* The rest of a limit order enters the book. */
static inline void rest(pab__book *b, int64_t now, const pab_order *order, int quiet)
{
    if (pab__order_rest(b, order) != PAB_OK) {
        b->failed = PAB_E_MEMORY;
        return;
    }
    touch(b, now);
    b->core.accepted += !quiet;
    if (!quiet && (b->sink.row || b->sink.event))
        report_rest(b, order);
}

/* Runs a limit order through what it crosses; what is left rests. Returns what is left. */
static __attribute__((noinline)) int64_t trade(pab__book *b, int64_t now, const pab_order *order, int quiet)
{
    taker t = {.order = *order, .now = now, .limit = limit_key(b, order)};
    match(b, &t);
    if (t.met_own)
        reject(b, order->agent, &t.order, PAB_REJECT_SELF_TRADE);
    else if (t.order.quantity > 0)
        rest(b, now, &t.order, quiet);
    settle(b, &t);
    return t.met_own ? 0 : t.order.quantity;
}

/* A limit order that may enter. Returns what is left of it. */
static inline int64_t enter(pab__book *b, int64_t now, const pab_order *order, int quiet)
{
    if (crosses(b, order))
        return trade(b, now, order, quiet);
    rest(b, now, order, quiet);
    return order->quantity;
}

void pab__book_limit(pab__book *b, int64_t now, const pab_order *order)
{
    int32_t reason = refuse(b, order, PAB__NONE);
    if (reason != 0)
        reject(b, order->agent, order, reason);
    else
        enter(b, now, order, 0);
}

void pab__book_market(pab__book *b, int64_t now, const pab_order *order)
{
    taker t = {.order = *order, .now = now, .limit = INT64_MAX};
    t.order.price = 0;
    t.order.flags = PAB_ORDER_IS_MARKET;
    if (order->quantity <= 0 || order->quantity > PAB__QUANTITY_MAX) {
        reject(b, order->agent, &t.order, PAB_REJECT_QUANTITY);
        return;
    }
    match(b, &t);
    settle(b, &t);
    if (t.met_own)
        reject(b, order->agent, &t.order, PAB_REJECT_SELF_TRADE);
    else if (t.order.quantity > 0 && !quirk(b, PAB_QUIRK_SILENT_MARKET_ORDER))
        tell(b, PAB_MSG_ORDER_CANCELLED, order->agent, &t.order);
}

/* --- changing what rests --- */

void pab__book_cancel(pab__book *b, int64_t now, const pab_order *order)
{
    uint32_t *link;
    uint32_t index = pab__order_find(b, order, &link);
    if (index == PAB__NONE) {
        reject(b, order->agent, order, PAB_REJECT_UNKNOWN);
        return;
    }
    b->core.cancelled++;
    b->core.last_update = now;
    if (!b->sink.row && !b->sink.event) {
        pab__order_take(b, index, link);
        return;
    }
    pab_order gone = pab__order_view(b, index);
    pab__order_take(b, index, link);
    note(b, PAB_ROW_CANCEL, order->id, 0, 0);
    tell(b, PAB_MSG_ORDER_CANCELLED, order->agent, &gone);
}

/* Sets a resting quantity; a price-to-comply order in one piece changes in both places. */
static void resize(pab__book *b, uint32_t index, int64_t quantity)
{
    uint32_t twin = pab__order_at(b, index)->twin;
    pab__order_resize(b, index, quantity);
    if (twin != PAB__NONE && !quirk(b, PAB_QUIRK_LOOSE_PRICE_TO_COMPLY))
        pab__order_resize(b, twin, quantity);
}

/* `quantity` off what rests; all of it at most. */
static void take_off(pab__book *b, int64_t now, const pab_order *order, uint32_t index, int64_t quantity)
{
    pab_order shown = pab__order_view(b, index);
    if (quantity <= 0) {
        reject(b, order->agent, order, PAB_REJECT_QUANTITY);
        return;
    }
    if (quantity > shown.quantity && shown.quantity > 0)
        quantity = shown.quantity;
    shown.quantity -= quantity;
    if (shown.quantity <= 0) {
        shown.quantity = 0;
        pab__order_remove(b, index);
    } else {
        resize(b, index, shown.quantity);
    }
    b->core.last_update = now;
    note(b, PAB_ROW_CANCEL_PARTIAL, order->id, 0, quantity);
    tell(b, PAB_MSG_ORDER_PARTIAL_CANCELLED, order->agent, &shown);
}

void pab__book_partial_cancel(pab__book *b, int64_t now, const pab_order *order, int64_t quantity)
{
    uint32_t *link;
    uint32_t index = pab__order_find(b, order, &link);
    if (index == PAB__NONE) {
        reject(b, order->agent, order, PAB_REJECT_UNKNOWN);
        return;
    }
    if (!quirk(b, PAB_QUIRK_ABSOLUTE_PARTIAL_CANCEL)) {
        take_off(b, now, order, index, quantity);
        return;
    }
    pab_order shown = *order;
    int wrong = __builtin_sub_overflow(order->quantity, quantity, &shown.quantity);
    if (wrong || shown.quantity <= 0 || shown.quantity > PAB__QUANTITY_MAX) {
        reject(b, order->agent, order, PAB_REJECT_QUANTITY);
        return;
    }
    resize(b, index, shown.quantity);
    b->core.last_update = now;
    note(b, PAB_ROW_CANCEL_PARTIAL, order->id, 0, quantity);
    tell(b, PAB_MSG_ORDER_PARTIAL_CANCELLED, order->agent, &shown);
}

/* Modifies in full: a new quantity in place, or a new order under the old id. */
static void modify_all(pab__book *b, int64_t now, const pab_order *order, uint32_t index, const pab_order *changed)
{
    const uint32_t queues = PAB_ORDER_HIDDEN | PAB_ORDER_PRICE_TO_COMPLY;
    pab_order old = pab__order_view(b, index), shown = *changed;
    shown.agent = old.agent;
    if (pab__order_at(b, index)->half == PAB__HALF_HIDDEN)
        old.flags &= ~(uint32_t)PAB_ORDER_HIDDEN;
    int moves = shown.side != old.side || shown.price != old.price || ((shown.flags ^ old.flags) & queues) != 0;
    int32_t reason = 0;
    if (moves)
        reason = refuse(b, &shown, index);
    else if (changed->quantity <= 0 || changed->quantity > PAB__QUANTITY_MAX)
        reason = PAB_REJECT_QUANTITY;
    if (reason != 0) {
        reject(b, order->agent, changed, reason);
        return;
    }
    if (moves)
        pab__order_remove(b, index);
    else
        resize(b, index, changed->quantity);
    b->core.last_update = now;
    note(b, PAB_ROW_MODIFY, order->id, shown.side, changed->quantity);
    if (moves)
        shown.quantity = enter(b, now, &shown, 1);
    tell(b, PAB_MSG_ORDER_MODIFIED, order->agent, &shown);
}

void pab__book_modify(pab__book *b, int64_t now, const pab_order *order, const pab_order *changed)
{
    uint32_t *link;
    uint32_t index = order->id == changed->id ? pab__order_find(b, order, &link) : PAB__NONE;
    if (index == PAB__NONE) {
        reject(b, order->agent, order, PAB_REJECT_UNKNOWN);
        return;
    }
    if (!quirk(b, PAB_QUIRK_QUANTITY_ONLY_MODIFY)) {
        modify_all(b, now, order, index, changed);
        return;
    }
    if (changed->quantity <= 0 || changed->quantity > PAB__QUANTITY_MAX) {
        reject(b, order->agent, changed, PAB_REJECT_QUANTITY);
        return;
    }
    resize(b, index, changed->quantity);
    b->core.last_update = now;
    note(b, PAB_ROW_MODIFY, order->id, order->side, changed->quantity);
    tell(b, PAB_MSG_ORDER_MODIFIED, order->agent, changed);
}

/* Takes the fills that the caller had not heard of off the new order. */
static void discount(const pab__book *b, const pab_order *order, uint32_t index, pab_order *fresh)
{
    int64_t filled = pab__book_sub(order->quantity, pab__order_at(b, index)->quantity);
    if (quirk(b, PAB_QUIRK_OVERFILLING_REPLACE) || order->quantity > PAB__QUANTITY_MAX || filled <= 0)
        return;
    fresh->quantity = filled < fresh->quantity ? fresh->quantity - filled : 0;
}

void pab__book_replace(pab__book *b, int64_t now, int32_t requester, const pab_order *order, const pab_order *fresh)
{
    uint32_t *link;
    uint32_t index = pab__order_find(b, order, &link);
    if (index == PAB__NONE) {
        reject(b, requester, order, PAB_REJECT_UNKNOWN);
        return;
    }
    pab_order next = *fresh;
    int32_t reason = refuse(b, fresh, index);
    if (reason != 0 && (!quirk(b, PAB_QUIRK_SILENT_DISCARD) || reason == PAB_REJECT_POST_ONLY)) {
        reject(b, requester, fresh, reason);
        return;
    }
    if (reason == 0)
        discount(b, order, index, &next);
    pab__order_remove(b, index);
    b->core.last_update = now;
    if (b->sink.row) {
        pab_book_row row = {.kind = PAB_ROW_REPLACE, .order_id = order->id, .other_order_id = fresh->id, .agent = -1,
                            .other_agent = -1, .quantity = next.quantity, .price = fresh->price};
        b->sink.row(b->sink.user, &row);
    }
    if (reason == 0 && next.quantity > 0)
        next.quantity = enter(b, now, &next, 1);
    if (!b->sink.event)
        return;
    pab_book_event event = {.type = PAB_MSG_ORDER_REPLACED, .recipient = requester, .order = next,
                            .old_id = order->id};
    b->sink.event(b->sink.user, &event);
}

/* --- life --- */

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
