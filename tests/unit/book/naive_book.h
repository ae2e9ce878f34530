/* An order book as plainly as it can be said: one array in order of arrival, every question a linear scan. */
#ifndef NAIVE_BOOK_H
#define NAIVE_BOOK_H

#include <stdlib.h>
#include <string.h>

#include <pairsabides/book.h>

#define NAIVE_MAX 4096
#define SAID_MAX 4096

/* An event or a row, in the order in which they were heard. */
typedef struct said {
    int64_t is_row; /* as wide as the rest: words are compared by their bytes */
    pab_book_event event;
    pab_book_row row;
} said;

typedef struct journal {
    int count;
    said list[SAID_MAX];
} journal;

static inline void journal_event(void *user, const pab_book_event *event)
{
    journal *j = user;
    if (j->count == SAID_MAX)
        abort();
    j->list[j->count++] = (said){.event = *event};
}

static inline void journal_row(void *user, const pab_book_row *row)
{
    journal *j = user;
    if (j->count == SAID_MAX)
        abort();
    j->list[j->count++] = (said){.is_row = 1, .row = *row};
}

typedef struct naive_order {
    pab_order o;
    int hidden; /* in the hidden queue */
    int half;   /* 1 visible, 2 hidden half of a price-to-comply order */
} naive_order;

typedef struct naive_trade {
    int64_t time, quantity;
    int32_t side;
} naive_trade;

typedef struct naive_book {
    uint32_t quirks;
    int count;
    naive_order list[NAIVE_MAX];
    int64_t now, last_trade, last_update;
    int trade_count, trade_cap;
    naive_trade *trades;
    journal said;
} naive_book;

static inline int has(const naive_book *n, uint32_t quirk)
{
    return (n->quirks & quirk) != 0;
}

static inline void say(naive_book *n, int32_t type, int32_t to, pab_order order, int64_t price, int64_t old,
                       int32_t why, int32_t flags)
{
    pab_book_event e = {type, to, order, price, old, why, flags};
    journal_event(&n->said, &e);
}

static inline void write_row(naive_book *n, int32_t kind, int32_t side, int64_t id, int64_t other, int32_t agent,
                             int32_t other_agent, int64_t quantity, int64_t price)
{
    pab_book_row r = {kind, side, id, other, agent, other_agent, quantity, price};
    journal_row(&n->said, &r);
}

static inline void naive_refuse(naive_book *n, int32_t to, const pab_order *order, int32_t why)
{
    if (!has(n, PAB_QUIRK_SILENT_DISCARD) || why == PAB_REJECT_POST_ONLY)
        say(n, PAB_MSG_ORDER_REJECTED, to, *order, 0, -1, why, 0);
}

static inline void take_out(naive_book *n, int i)
{
    memmove(n->list + i, n->list + i + 1, (size_t)(n->count - i - 1) * sizeof n->list[0]);
    n->count--;
}

static inline void put_in(naive_book *n, int i, naive_order order)
{
    if (n->count == NAIVE_MAX)
        abort();
    memmove(n->list + i + 1, n->list + i, (size_t)(n->count - i) * sizeof n->list[0]);
    n->list[i] = order;
    n->count++;
}

static inline int twin_of(const naive_book *n, int i)
{
    for (int k = 0; k < n->count; k++) {
        if (k != i && n->list[k].o.id == n->list[i].o.id)
            return k;
    }
    return -1;
}

/* Whether a stands before b for an incoming order: price, then visible, then arrival. */
static inline int goes_first(const naive_order *a, const naive_order *b)
{
    if (a->o.price != b->o.price)
        return (a->o.price > b->o.price) == (a->o.side == PAB_BUY);
    return a->hidden < b->hidden;
}

static inline int front_of(const naive_book *n, int32_t side)
{
    int best = -1;
    for (int i = 0; i < n->count; i++) {
        if (n->list[i].o.side == side && (best < 0 || goes_first(&n->list[i], &n->list[best])))
            best = i;
    }
    return best;
}

static inline int64_t visible_at(const naive_book *n, int32_t side, int64_t price)
{
    int64_t sum = 0;
    for (int i = 0; i < n->count; i++) {
        if (n->list[i].o.side == side && n->list[i].o.price == price && !n->list[i].hidden)
            sum += n->list[i].o.quantity;
    }
    return sum;
}

static inline int find_order(const naive_book *n, const pab_order *request)
{
    for (int i = 0; i < n->count; i++) {
        const pab_order *o = &n->list[i].o;
        if (o->id == request->id && o->side == request->side && o->price == request->price)
            return i;
    }
    return -1;
}

/* The price up to which a limit order takes. */
static inline int64_t reach(const naive_book *n, const pab_order *x)
{
    int whole = (x->flags & PAB_ORDER_PRICE_TO_COMPLY) && !has(n, PAB_QUIRK_LOOSE_PRICE_TO_COMPLY);
    return x->price + (whole ? x->side : 0);
}

static inline int reaches(const naive_book *n, const pab_order *x, int64_t price)
{
    if (x->flags & PAB_ORDER_IS_MARKET)
        return 1;
    return x->side == PAB_BUY ? reach(n, x) >= price : reach(n, x) <= price;
}

static inline void remove_pair(naive_book *n, int i)
{
    int twin = twin_of(n, i);
    int64_t id = n->list[i].o.id;
    take_out(n, i);
    for (i = 0; twin >= 0 && i < n->count; i++) {
        if (n->list[i].o.id == id) {
            take_out(n, i);
            break;
        }
    }
}

/* Runs x through the other side; its quantity is what is left. */
static inline void naive_match(naive_book *n, pab_order *x, int counts)
{
    double paid = 0, shares = 0;
    int64_t last = 0;
    int i;
    while (x->quantity > 0 && (i = front_of(n, -x->side)) >= 0 && reaches(n, x, n->list[i].o.price)) {
        pab_order y = n->list[i].o;
        if ((x->flags & PAB_ORDER_POST_ONLY) && visible_at(n, y.side, y.price) == 0)
            break;
        if (x->quantity >= y.quantity) {
            remove_pair(n, i);
        } else {
            y.quantity = x->quantity;
            int twin = n->list[i].half ? twin_of(n, i) : -1;
            n->list[i].o.quantity -= y.quantity;
            if (twin >= 0)
                n->list[twin].o.quantity -= y.quantity;
        }
        if (n->trade_count == n->trade_cap)
            n->trades = realloc(n->trades, (size_t)(n->trade_cap = 2 * n->trade_cap + 64) * sizeof n->trades[0]);
        n->trades[n->trade_count++] = (naive_trade){n->now, y.quantity, x->side};
        write_row(n, PAB_ROW_EXEC, y.side, y.id, x->id, y.agent, x->agent, y.quantity, y.price);
        say(n, PAB_MSG_ORDER_EXECUTED, y.agent, y, y.price, -1, 0, 0);
        pab_order part = *x;
        part.quantity = y.quantity;
        say(n, PAB_MSG_ORDER_EXECUTED, x->agent, part, y.price, -1, 0, PAB_MSG_FLAG_INCOMING);
        x->quantity -= y.quantity;
        paid += (double)y.price * (double)y.quantity;
        shares += (double)y.quantity;
        last = y.price;
    }
    if (shares > 0 && counts)
        n->last_trade = has(n, PAB_QUIRK_AVERAGE_LAST_TRADE) ? (int64_t)rint(paid / shares) : last;
    if (shares > 0 && !has(n, PAB_QUIRK_STALE_FEED))
        n->last_update = n->now;
}

static inline void naive_rest(naive_book *n, pab_order x)
{
    int pair = (x.flags & PAB_ORDER_PRICE_TO_COMPLY) != 0;
    naive_order order = {x, (x.flags & PAB_ORDER_HIDDEN) != 0, pair};
    if (pair) {
        naive_order half = {x, 1, 2};
        half.o.price += x.side;
        half.o.flags |= PAB_ORDER_HIDDEN;
        put_in(n, n->count, half);
    }
    int at = n->count;
    for (int i = 0; i < n->count && !order.hidden && (x.flags & PAB_ORDER_INSERT_BY_ID); i++) {
        const naive_order *k = &n->list[i];
        if (k->o.side == x.side && k->o.price == x.price && !k->hidden && k->o.id > x.id) {
            at = i;
            break;
        }
    }
    put_in(n, at, order);
    if (!has(n, PAB_QUIRK_STALE_FEED))
        n->last_update = n->now;
}

/* 0, or why x may not enter; `leaving` is the id of an order that makes way, or -1. */
static inline int32_t naive_check(const naive_book *n, const pab_order *x, int64_t leaving)
{
    int64_t least = has(n, PAB_QUIRK_ZERO_IS_NONE) ? 0 : 1;
    if (least == 1 && x->side == PAB_SELL && (x->flags & PAB_ORDER_PRICE_TO_COMPLY))
        least = 2; /* the hidden half needs a price too */
    if (x->quantity <= 0)
        return PAB_REJECT_QUANTITY;
    if (x->price < least)
        return PAB_REJECT_PRICE;
    for (int i = 0; i < n->count; i++) {
        if (n->list[i].o.id == x->id && x->id != leaving)
            return PAB_REJECT_DUPLICATE;
    }
    int front = front_of(n, -x->side);
    if ((x->flags & PAB_ORDER_POST_ONLY) && !has(n, PAB_QUIRK_TAKING_POST_ONLY) && front >= 0 &&
        reaches(n, x, n->list[front].o.price))
        return PAB_REJECT_POST_ONLY;
    return 0;
}

static inline int64_t naive_enter(naive_book *n, pab_order x, int quiet)
{
    naive_match(n, &x, 1);
    if (x.quantity > 0) {
        naive_rest(n, x);
        if (!quiet) {
            write_row(n, PAB_ROW_LIMIT, x.side, x.id, -1, x.agent, -1, x.quantity, x.price);
            say(n, PAB_MSG_ORDER_ACCEPTED, x.agent, x, 0, -1, 0, 0);
        }
    }
    return x.quantity;
}

static inline void naive_limit(naive_book *n, const pab_order *x)
{
    int32_t why = naive_check(n, x, -1);
    if (why != 0)
        naive_refuse(n, x->agent, x, why);
    else
        naive_enter(n, *x, 0);
}

static inline void naive_market(naive_book *n, const pab_order *given)
{
    pab_order x = *given;
    x.price = 0;
    x.flags = PAB_ORDER_IS_MARKET;
    if (x.quantity <= 0) {
        naive_refuse(n, x.agent, &x, PAB_REJECT_QUANTITY);
        return;
    }
    naive_match(n, &x, !has(n, PAB_QUIRK_SILENT_MARKET_ORDER));
    if (x.quantity > 0 && !has(n, PAB_QUIRK_SILENT_MARKET_ORDER))
        say(n, PAB_MSG_ORDER_CANCELLED, x.agent, x, 0, -1, 0, 0);
}

static inline void naive_cancel(naive_book *n, const pab_order *x)
{
    int i = find_order(n, x);
    if (i < 0) {
        naive_refuse(n, x->agent, x, PAB_REJECT_UNKNOWN);
        return;
    }
    pab_order gone = n->list[i].o;
    remove_pair(n, i);
    n->last_update = n->now;
    write_row(n, PAB_ROW_CANCEL, 0, x->id, -1, -1, -1, 0, 0);
    say(n, PAB_MSG_ORDER_CANCELLED, x->agent, gone, 0, -1, 0, 0);
}

static inline void set_quantity(naive_book *n, int i, int64_t quantity)
{
    naive_order order = n->list[i];
    int more = quantity > order.o.quantity;
    n->list[i].o.quantity = order.o.quantity = quantity;
    if (more) {
        take_out(n, i);
        put_in(n, n->count, order);
    }
}

static inline void set_both(naive_book *n, int i, int64_t quantity)
{
    int twin = twin_of(n, i);
    int32_t other = twin < 0 ? 0 : n->list[twin].half;
    int64_t id = n->list[i].o.id;
    set_quantity(n, i, quantity);
    for (int k = 0; other && !has(n, PAB_QUIRK_LOOSE_PRICE_TO_COMPLY) && k < n->count; k++) {
        if (n->list[k].o.id == id && n->list[k].half == other) {
            set_quantity(n, k, quantity);
            break;
        }
    }
}

static inline void naive_partial_cancel(naive_book *n, const pab_order *x, int64_t quantity)
{
    int i = find_order(n, x), absolute = has(n, PAB_QUIRK_ABSOLUTE_PARTIAL_CANCEL);
    if (i < 0) {
        naive_refuse(n, x->agent, x, PAB_REJECT_UNKNOWN);
        return;
    }
    pab_order shown = absolute ? *x : n->list[i].o;
    if (absolute ? x->quantity - quantity <= 0 : quantity <= 0) {
        naive_refuse(n, x->agent, x, PAB_REJECT_QUANTITY);
        return;
    }
    if (!absolute && quantity > shown.quantity && shown.quantity > 0)
        quantity = shown.quantity;
    shown.quantity -= quantity;
    if (shown.quantity <= 0) {
        shown.quantity = 0;
        remove_pair(n, i);
    } else {
        set_both(n, i, shown.quantity);
    }
    n->last_update = n->now;
    write_row(n, PAB_ROW_CANCEL_PARTIAL, 0, x->id, -1, -1, -1, quantity, 0);
    say(n, PAB_MSG_ORDER_PARTIAL_CANCELLED, x->agent, shown, 0, -1, 0, 0);
}

static inline void naive_modify(naive_book *n, const pab_order *x, const pab_order *changed)
{
    const uint32_t kind = PAB_ORDER_HIDDEN | PAB_ORDER_PRICE_TO_COMPLY;
    int i = x->id == changed->id ? find_order(n, x) : -1;
    if (i < 0) {
        naive_refuse(n, x->agent, x, PAB_REJECT_UNKNOWN);
        return;
    }
    pab_order old = n->list[i].o, shown = *changed;
    old.flags &= n->list[i].half == 2 ? ~(uint32_t)PAB_ORDER_HIDDEN : ~0u;
    int moves = 0;
    if (!has(n, PAB_QUIRK_QUANTITY_ONLY_MODIFY)) {
        shown.agent = old.agent;
        moves = shown.side != old.side || shown.price != old.price || (shown.flags & kind) != (old.flags & kind);
    }
    int32_t why = moves ? naive_check(n, &shown, x->id) : shown.quantity <= 0 ? PAB_REJECT_QUANTITY : 0;
    if (why != 0) {
        naive_refuse(n, x->agent, changed, why);
        return;
    }
    if (moves)
        remove_pair(n, i);
    else
        set_both(n, i, shown.quantity);
    n->last_update = n->now;
    int32_t side = has(n, PAB_QUIRK_QUANTITY_ONLY_MODIFY) ? x->side : shown.side;
    write_row(n, PAB_ROW_MODIFY, side, x->id, -1, -1, -1, shown.quantity, 0);
    if (moves)
        shown.quantity = naive_enter(n, shown, 1);
    say(n, PAB_MSG_ORDER_MODIFIED, x->agent, shown, 0, -1, 0, 0);
}

static inline void naive_replace(naive_book *n, int32_t requester, const pab_order *x, const pab_order *fresh)
{
    int i = find_order(n, x);
    if (i < 0) {
        naive_refuse(n, requester, x, PAB_REJECT_UNKNOWN);
        return;
    }
    int32_t why = naive_check(n, fresh, x->id);
    if (why == PAB_REJECT_POST_ONLY || (why != 0 && !has(n, PAB_QUIRK_SILENT_DISCARD))) {
        naive_refuse(n, requester, fresh, why);
        return;
    }
    pab_order next = *fresh;
    int64_t filled = x->quantity - n->list[i].o.quantity;
    if (why == 0 && filled > 0 && !has(n, PAB_QUIRK_OVERFILLING_REPLACE))
        next.quantity = next.quantity > filled ? next.quantity - filled : 0;
    remove_pair(n, i);
    n->last_update = n->now;
    write_row(n, PAB_ROW_REPLACE, 0, x->id, fresh->id, -1, -1, next.quantity, fresh->price);
    if (why == 0 && next.quantity > 0)
        next.quantity = naive_enter(n, next, 1);
    say(n, PAB_MSG_ORDER_REPLACED, requester, next, 0, x->id, 0, 0);
}

static inline int64_t naive_volume(const naive_book *n, int32_t side, int64_t lookback)
{
    int64_t sum = 0;
    for (int i = 0; i < n->trade_count; i++)
        sum += n->trades[i].side == side && n->trades[i].time >= n->now - lookback ? n->trades[i].quantity : 0;
    return sum;
}

#endif
