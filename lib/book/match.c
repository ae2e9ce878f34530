/* Matching: an incoming order against the other side, best price first, in order of arrival. */
#include "book/match.h"

#include <math.h>

#include "book/report.h"

__extension__ typedef __int128 wide;

/* Reports a fill: first as a row, then to the resting order's owner, then to the incoming one's. */
static void report_fill(pab__book *b, const pab__taker *t, const pab_order *maker)
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
        pab__report_execution(b, maker, maker->price, 0);
        pab__report_execution(b, &incoming, maker->price, PAB_MSG_FLAG_INCOMING);
    }
}

static uint32_t front(const pab__price_level *level)
{
    return level->queue[0].head != PAB__NONE ? level->queue[0].head : level->queue[1].head;
}

/* One fill against the front order of a level. */
static void fill(pab__book *b, pab__taker *t, const pab__price_level *level)
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

void pab__match_fill(pab__book *b, pab__taker *t)
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

/* value / 2^bits to the nearest integer, ties to even; `more`: the true value is a little above `value`. */
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
static int64_t average_price(const pab__taker *t)
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
void pab__match_settle(pab__book *b, const pab__taker *t)
{
    if (t->filled == 0)
        return;
    pab__tape_record(b, pab__book_side_index(t->order.side), t->now, t->filled);
    b->core.traded_volume = pab__book_add(b->core.traded_volume, t->filled);
    pab__book_touch(b, t->now);
    if (t->limit == INT64_MAX && pab__book_quirk(b, PAB_QUIRK_SILENT_MARKET_ORDER))
        return;
    b->core.last_trade = pab__book_quirk(b, PAB_QUIRK_AVERAGE_LAST_TRADE) ? average_price(t) : t->last_price;
}
