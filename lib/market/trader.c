/* What every trading agent does before its type has a say: docs/abides.md 4.3. */
#include "market/trader.h"

#include <math.h>
#include <string.h>

#include "scenario/extension.h"

static void enter(pab_market *m, int32_t id, pab__event *event, pab_agent *self)
{
    const pab__group *group = pab__group_at(m, id);
    *self = (pab_agent){
        .m = m,
        .group = group,
        .base = pab__agent_at(m, id),
        .views = pab__agent_view_at(m, id),
        .event = event,
        .now = m->core.now,
        .id = id,
        .symbol = group->symbol,
        .exchange = m->places[id].exchange,
        .batch_first = PAB__NONE,
        .batch_last = PAB__NONE,
    };
}

static void leave(pab_agent *self)
{
    if (self->batching)
        pab_agent_batch_end(self);
}

void pab__trader_build(pab_market *m, int32_t id)
{
    pab__event event = {0};
    pab_agent self;
    enter(m, id, &event, &self);
    if (self.group->type.on_build)
        self.group->type.on_build(&self, pab__agent_own_at(m, id));
}

void pab__trader_start(pab_market *m, int32_t id)
{
    pab__event event = {0};
    pab_agent self;
    enter(m, id, &event, &self);
    const pab__group_common *c = &self.group->common;
    self.base->cash = c->starting_cash;
    self.base->computation_delay = c->computation_delay >= 0 ? c->computation_delay : m->scn->clock.computation_delay;
    self.base->size = c->size_kind == PAB__SIZE_FIXED ? c->size_fixed : 0;
    if (c->size_kind == PAB__SIZE_PER_AGENT)
        self.base->size = pab_agent_randint(&self, c->size_min, c->size_max);
    if (self.group->type.on_start)
        self.group->type.on_start(&self, pab__agent_own_at(m, id));
    leave(&self);
}

void pab__trader_wakeup(pab_market *m, int32_t id, pab__event *event)
{
    pab_agent self;
    enter(m, id, event, &self);
    pab__agent_state *a = self.base;
    if (!(a->flags & PAB__AGENT_GREETED)) {
        a->flags |= PAB__AGENT_GREETED;
        pab__kernel_send(m, id, self.exchange, PAB__BARE + PAB_MSG_CLOSE_PRICE_REQUEST, 0);
    }
    if (!(a->flags & PAB__AGENT_HOURS_KNOWN))
        pab__kernel_send(m, id, self.exchange, PAB__BARE + PAB_MSG_MARKET_HOURS_REQUEST, 0);
    int32_t can_trade = (a->flags & (PAB__AGENT_HOURS_KNOWN | PAB__AGENT_CLOSED)) == PAB__AGENT_HOURS_KNOWN;
    self.group->type.on_wakeup(&self, pab__agent_own_at(m, id), can_trade);
    leave(&self);
}

static pab__agent_view *view_of(const pab_agent *self, int32_t symbol)
{
    return self->symbol < 0 ? &self->views[symbol] : &self->views[0];
}

static void learn_hours(pab_agent *self)
{
    pab__agent_state *a = self->base;
    if (a->flags & PAB__AGENT_HOURS_KNOWN)
        return;
    a->flags |= PAB__AGENT_HOURS_KNOWN;
    const pab_agent_type *type = &self->group->type;
    int64_t offset = type->first_wakeup ? type->first_wakeup(self, pab__agent_own_at(self->m, self->id)) : 0;
    int64_t time = self->m->scn->clock.market_open + offset;
    pab__kernel_wakeup(self->m, self->id, time > self->now ? time : self->now);
}

static void learn_close_price(pab_agent *self)
{
    const pab_scenario *scn = self->m->scn;
    for (uint32_t s = 0; s < scn->symbol_count; s++)
        if (self->symbol < 0 || self->symbol == (int32_t)s)
            view_of(self, (int32_t)s)->last_trade = pab__symbol_at(self->m, s)->close_price;
}

/* What the exchange takes for a fill, or gives. */
static void pay_fee(pab_agent *self, const pab_message *msg)
{
    const pab__exchange_params *p = &self->m->scn->exchange;
    double rate = msg->flags & PAB_MSG_FLAG_INCOMING ? p->taker_fee : p->maker_fee;
    if (rate == 0)
        return;
    double ticks = rate * (double)msg->u.order.quantity / pab__exchange_cents(p);
    int64_t fee = fabs(ticks) < 9e18 ? pab__round_half_even(ticks) : 0;
    pab__agent_state *exchange = pab__agent_at(self->m, (int32_t)self->m->scn->symbols[msg->symbol].exchange);
    if (fabs(ticks) >= 9e18 || __builtin_sub_overflow(self->base->cash, fee, &self->base->cash) ||
        __builtin_add_overflow(exchange->cash, fee, &exchange->cash))
        pab__kernel_stop(self->m, pab__fail(PAB_E_RANGE, "agent %d: a fee of %g ticks does not fit its cash", self->id,
                                            ticks));
}

void pab__trader_settle(pab_market *m, int32_t id, pab__agent_view *view, int64_t shares, int64_t price)
{
    int64_t *cash = &pab__agent_at(m, id)->cash, money;
    if (__builtin_mul_overflow(shares, price, &money) || __builtin_sub_overflow(*cash, money, cash) ||
        __builtin_add_overflow(view->holding, shares, &view->holding))
        pab__kernel_stop(m, pab__fail(PAB_E_RANGE, "agent %d: cash or holdings no longer fit 64 bits", id));
}

static void take_fill(pab_agent *self, const pab_message *msg)
{
    const pab_message_order *o = &msg->u.order;
    pab__trader_settle(self->m, self->id, view_of(self, msg->symbol), msg->side * o->quantity, o->fill_price);
    pay_fee(self, msg);
    uint32_t slot;
    pab__open_order *open = pab__open_find(self->m, self->id, o->id, o->ref, &slot);
    if (!open)
        return;
    if (o->quantity >= open->quantity)
        pab__open_drop(self->m, slot);
    else
        open->quantity -= o->quantity;
}

static void drop_order(pab_agent *self, int64_t id, uint32_t ref)
{
    uint32_t slot;
    if (pab__open_find(self->m, self->id, id, ref, &slot))
        pab__open_drop(self->m, slot);
}

static void relist(pab_agent *self, const pab_message *msg)
{
    uint32_t slot;
    pab__open_order *open = pab__open_find(self->m, self->id, msg->u.order.id, msg->u.order.ref, &slot);
    if (!open)
        return;
    open->quantity = msg->u.order.quantity;
    open->price = msg->u.order.price;
    open->side = msg->side;
    open->flags = msg->order_flags;
}

static void take_replacement(pab_agent *self, const pab_message *msg)
{
    const pab_message_order *o = &msg->u.order;
    drop_order(self, o->other_id, PAB__NONE);
    if (o->quantity <= 0 && !pab__market_quirk(self->m, PAB_QUIRK_SILENT_DISCARD))
        return;
    pab__open_order fresh = {.id = o->id, .quantity = o->quantity, .price = o->price, .symbol = msg->symbol,
                             .side = msg->side};
    fresh.flags = msg->order_flags;
    pab__open_add(self->m, self->id, &fresh);
}

static void take_quote(pab_agent *self, const pab_message *msg)
{
    const pab_message_quote *q = &msg->u.quote;
    pab__agent_view *v = view_of(self, msg->symbol);
    v->last_trade = q->last_trade;
    v->bid = q->bid;
    v->bid_quantity = q->bid_quantity;
    v->ask = q->ask;
    v->ask_quantity = q->ask_quantity;
}

static void note_closed(pab_agent *self, const pab_message *msg)
{
    if (msg->flags & PAB_MSG_FLAG_CLOSED)
        self->base->flags |= PAB__AGENT_CLOSED;
}

static void take_spread(pab_agent *self, const pab_message *msg)
{
    if (self->base->flags & PAB__AGENT_CLOSED)
        self->base->flags |= PAB__AGENT_CLOSE_KNOWN;
    take_quote(self, msg);
}

static void take_in(pab_agent *self, const pab_message *msg)
{
    switch (msg->type) {
    case PAB_MSG_MARKET_HOURS:
        learn_hours(self);
        break;
    case PAB_MSG_CLOSE_PRICE:
        learn_close_price(self);
        break;
    case PAB_MSG_MARKET_CLOSED:
        self->base->flags |= PAB__AGENT_CLOSED;
        break;
    case PAB_MSG_ORDER_EXECUTED:
        take_fill(self, msg);
        break;
    case PAB_MSG_ORDER_CANCELLED:
    case PAB_MSG_ORDER_REJECTED:
        drop_order(self, msg->u.order.id, msg->u.order.ref);
        break;
    case PAB_MSG_ORDER_PARTIAL_CANCELLED:
    case PAB_MSG_ORDER_MODIFIED:
        relist(self, msg);
        break;
    case PAB_MSG_ORDER_REPLACED:
        take_replacement(self, msg);
        break;
    case PAB_MSG_SPREAD:
        note_closed(self, msg);
        take_spread(self, msg);
        break;
    case PAB_MSG_LAST_TRADE:
        note_closed(self, msg);
        view_of(self, msg->symbol)->last_trade = msg->u.quote.last_trade;
        break;
    case PAB_MSG_L1_DATA:
    case PAB_MSG_L2_DATA:
    case PAB_MSG_L3_DATA:
        take_quote(self, msg);
        break;
    case PAB_MSG_VOLUME:
        note_closed(self, msg);
    }
}

void pab__trader_message(pab_market *m, int32_t id, int32_t sender, const pab_message *msg, pab__event *event)
{
    pab_agent self;
    enter(m, id, event, &self);
    take_in(&self, msg);
    if (self.group->type.on_message)
        self.group->type.on_message(&self, pab__agent_own_at(m, id), msg, sender);
    leave(&self);
}

int32_t pab__trader_accepts(pab_market *m, int32_t id)
{
    pab__event event = {0};
    pab_agent self;
    enter(m, id, &event, &self);
    return !self.group->type.accepts || self.group->type.accepts(&self, pab__agent_own_at(m, id));
}

void pab__trader_act(pab_market *m, int32_t id, void (*act)(pab_agent *self, void *own, void *arg), void *arg)
{
    pab__event event = {0};
    pab_agent self;
    enter(m, id, &event, &self);
    act(&self, pab__agent_own_at(m, id), arg);
    leave(&self);
}

void pab__trader_hear(pab_market *m, int32_t id, int32_t side, int64_t traded)
{
    pab__event event = {0};
    pab_agent self;
    enter(m, id, &event, &self);
    self.group->builtin->on_book(&self, pab__agent_own_at(m, id), side, traded);
}

void pab__trader_stop(pab_market *m, int32_t id)
{
    pab__event event = {0};
    pab_agent self;
    enter(m, id, &event, &self);
    self.now = self.base->last_time;
    if (self.group->type.on_stop)
        self.group->type.on_stop(&self, pab__agent_own_at(m, id));
    leave(&self);
}

int64_t pab__trader_worth(const pab_market *m, int32_t id)
{
    const pab__agent_view *views = pab__agent_view_at(m, id);
    uint32_t count = pab__group_at(m, id)->symbol < 0 ? m->scn->symbol_count : 1;
    int64_t worth = pab__agent_at(m, id)->cash;
    for (uint32_t s = 0; s < count; s++) {
        int64_t value; /* a forged state may hold more than 64 bits can tell */
        if (__builtin_mul_overflow(views[s].holding, views[s].last_trade, &value) ||
            __builtin_add_overflow(worth, value, &worth))
            return INT64_MAX;
    }
    return worth;
}
