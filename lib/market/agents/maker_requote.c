/* A market maker that requotes what changed: orders whose price is still wanted stay, and so keep their place.
 *
 * The ladder lies on a grid of its own spacing and moves by whole levels: when the mid has moved by half a level since
 * it was laid (a level at the touch was eaten), or, if it watches the fundamental, when that is more than `watch`
 * levels away. What was eaten is not filled up before the ladder moves: flow that met a level refilled behind itself
 * would never move the price, and what is left of an order is worth more at the head of its queue than whole at the
 * end. */
#include <math.h>
#include <stdlib.h>

#include "market/agents/market_maker.h"
#include "market/trader.h"

static const pab__maker_params *params_of(const pab_agent *self)
{
    return pab_agent_params(self);
}

/* --- Asking --- */

static int wants_volume(const pab__maker_params *p)
{
    return p->pov > 0 || p->price_skew != 0;
}

static void ask(pab_agent *self, pab__maker *s)
{
    if (s->asked)
        return;
    s->asked = 1;
    pab_agent_query_spread(self, pab_agent_symbol(self), (int32_t)params_of(self)->subscribe_num_levels);
}

void pab__requote_look(pab_agent *self, pab__maker *s)
{
    const pab__maker_params *p = params_of(self);
    s->quote_due = pab_agent_now(self) + pab__maker_period(self, s);
    pab_agent_wakeup_at(self, s->quote_due);
    s->asked = 0; /* an answer that never came is not waited for */
    if (wants_volume(p)) {
        s->need_volume = 1;
        pab_agent_query_volume(self, pab_agent_symbol(self), p->wake_up_freq);
    } else {
        s->need_volume = 0;
    }
    ask(self, s);
}

/* --- Where the ladder belongs --- */

typedef struct ladder {
    int64_t bid, ask; /* innermost prices */
    int64_t tick, levels;
    int64_t backstop; /* size of the outermost orders, 0: as the others */
    int64_t buy_size, sell_size;
} ladder;

/* Whole levels in a distance in half ticks; half a level counts as one. */
static int64_t levels_in(int64_t twice, int64_t tick)
{
    int64_t levels = (llabs(twice) + tick) / (2 * tick);
    return twice < 0 ? -levels : levels;
}

/* Levels by which the fundamental is further off than it is allowed to be. */
static int64_t levels_watched(pab_agent *self, int64_t twice, int64_t tick)
{
    double allowed = params_of(self)->watch * (double)tick;
    int64_t fundamental = pab_agent_observe(self, pab_agent_symbol(self), 0);
    if (fundamental <= 0) /* there is none */
        return 0;
    double off = (double)fundamental - 0.5 * (double)twice;
    if (off > allowed)
        return (int64_t)ceil((off - allowed) / (double)tick);
    return off < -allowed ? -(int64_t)ceil((-off - allowed) / (double)tick) : 0;
}

/* What the flow adds to the middle of the ladder, twice. */
static int64_t skew_of(const pab__maker_params *p, const pab__maker *s, int64_t mid, const ladder *l)
{
    int64_t bid, ask;
    if (p->price_skew == 0)
        return 0;
    pab__maker unskewed = *s;
    unskewed.bought = unskewed.sold = 0;
    pab__maker_innermost(p, &unskewed, mid, &bid, &ask);
    return l->bid + l->ask - (bid + ask);
}

/* The ladder as it is wanted now; *moved when it is not where it lies. */
static ladder wanted(pab_agent *self, pab__maker *s, int64_t mid, int *moved)
{
    const pab__maker_params *p = params_of(self);
    int32_t symbol = pab_agent_symbol(self);
    int64_t bid = pab_agent_bid(self, symbol), ask = pab_agent_ask(self, symbol);
    ladder l = {.tick = s->tick, .levels = p->num_ticks, .backstop = p->backstop_quantity,
                .buy_size = s->buy_size, .sell_size = s->sell_size};
    pab__maker_innermost(p, s, mid, &l.bid, &l.ask);
    int64_t gap = l.ask - l.bid, shift = 0;
    *moved = s->laid_twice == 0 || s->laid_gap != gap || s->laid_tick != l.tick;
    if (!*moved) {
        int64_t now_twice = bid != 0 && ask != 0 ? bid + ask : 2 * mid;
        shift = levels_in(now_twice + skew_of(p, s, mid, &l) - s->laid_twice, l.tick);
        *moved = shift != 0;
        l.bid = (s->laid_twice - gap) / 2 + shift * l.tick;
        l.ask = l.bid + gap;
    }
    if (p->watch > 0 && pab_agent_hours_known(self)) {
        int64_t watched = levels_watched(self, l.bid + l.ask, l.tick);
        l.bid += watched * l.tick;
        l.ask += watched * l.tick;
        *moved |= watched != 0;
    }
    s->laid_twice = l.bid + l.ask;
    s->laid_gap = gap;
    s->laid_tick = l.tick;
    return l;
}

/* --- Going there --- */

static int64_t price_at(const ladder *l, int32_t side, int64_t level)
{
    return side == PAB_BUY ? l->bid - level * l->tick : l->ask + level * l->tick;
}

static int64_t size_at(const ladder *l, int32_t side, int64_t level)
{
    if (l->backstop > 0 && level == l->levels - 1)
        return l->backstop;
    return side == PAB_BUY ? l->buy_size : l->sell_size;
}

/* Is this order one that the ladder has, whole or in part? */
static int kept(const ladder *l, const pab__open_order *o)
{
    int64_t away = o->side == PAB_BUY ? l->bid - o->price : o->price - l->ask;
    if (away < 0 || away > (l->levels - 1) * l->tick || away % l->tick != 0)
        return 0;
    return o->quantity <= size_at(l, o->side, away / l->tick);
}

static int lies_there(pab_agent *self, const ladder *l, int32_t side, int64_t price)
{
    for (uint32_t slot = self->base->open_first; slot != PAB__NONE;) {
        const pab__open_order *o = pab__open_at(self->m, slot);
        if (o->side == side && o->price == price && kept(l, o))
            return 1;
        slot = o->next;
    }
    return 0;
}

/* Cancels what is not wanted. Bit 0: it has bids left; bit 1: asks. */
static int cancel_unwanted(pab_agent *self, const ladder *l)
{
    int left = 0;
    for (uint32_t slot = self->base->open_first; slot != PAB__NONE;) {
        const pab__open_order *o = pab__open_at(self->m, slot);
        slot = o->next;
        if (kept(l, o))
            left |= o->side == PAB_BUY ? 1 : 2;
        else
            pab_agent_cancel(self, o->id);
    }
    return left;
}

/* Places what is missing. A level that would take from the market is left for later; where that is every level, one
 * order just short of the market keeps the side quoted. `bare`: the side has no order that stays. */
static void place_missing(pab_agent *self, pab__maker *s, const ladder *l, int32_t side, int bare)
{
    int32_t symbol = pab_agent_symbol(self);
    int64_t other = side == PAB_BUY ? pab_agent_ask(self, symbol) : pab_agent_bid(self, symbol);
    for (int64_t i = l->levels - 1; i >= 0; i--) {
        int64_t price = price_at(l, side, i);
        if (price <= 0 || lies_there(self, l, side, price))
            continue;
        if (other != 0 && (side == PAB_BUY ? price >= other : price <= other)) {
            s->incomplete = 1;
            continue;
        }
        pab_agent_limit_order(self, symbol, side, size_at(l, side, i), price, 0);
        bare = 0;
    }
    if (bare && other != 0 && other - side > 0)
        pab_agent_limit_order(self, symbol, side, size_at(l, side, 0), other - side, 0);
}

static void requote(pab_agent *self, pab__maker *s, int64_t mid)
{
    int moved;
    if (mid == 0)
        return;
    ladder l = wanted(self, s, mid, &moved);
    int left = cancel_unwanted(self, &l), all = moved || s->incomplete;
    s->incomplete = 0;
    pab_agent_batch_begin(self);
    if (s->withdrawn != PAB_BUY && (all || !(left & 1)))
        place_missing(self, s, &l, PAB_BUY, !(left & 1));
    if (s->withdrawn != PAB_SELL && (all || !(left & 2)))
        place_missing(self, s, &l, PAB_SELL, !(left & 2));
    pab_agent_batch_end(self);
}

/* --- Hearing --- */

/* Was this the last of an order? Then the touch may have moved. */
static int eaten(pab_agent *self, const pab_message *msg)
{
    uint32_t slot;
    return !pab__open_find(self->m, self->id, msg->u.order.id, msg->u.order.ref, &slot);
}

void pab__requote_message(pab_agent *self, pab__maker *s, const pab_message *msg)
{
    const pab__maker_params *p = params_of(self);
    if (pab_agent_market_closed(self))
        return;
    if (msg->type == PAB_MSG_VOLUME)
        pab__maker_take_volume(self, s, &msg->u.volume);
    if (msg->type == PAB_MSG_ORDER_EXECUTED && eaten(self, msg))
        ask(self, s);
    if (msg->type == PAB_MSG_IMBALANCE_DATA && (msg->flags & PAB_MSG_FLAG_IMBALANCE_START))
        ask(self, s);
    int quoted = msg->type == PAB_MSG_SPREAD || (p->subscribe && msg->type == PAB_MSG_L2_DATA);
    if (quoted) {
        s->asked = 0;
        s->need_quote = 1;
    }
    if (s->need_volume || (!quoted && !(msg->type == PAB_MSG_VOLUME && s->need_quote)))
        return;
    requote(self, s, pab__maker_take_quote(self, s, s->last_mid));
}
