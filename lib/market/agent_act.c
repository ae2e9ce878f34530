/* pab_agent_...: what an agent does. Everything goes out as a message, or as a wake-up to itself. */
#include "market/exchange.h"
#include "market/trader.h"

#define LIMIT_FLAGS (PAB_ORDER_HIDDEN | PAB_ORDER_POST_ONLY | PAB_ORDER_PRICE_TO_COMPLY | PAB_ORDER_INSERT_BY_ID)

static int may_trade(pab_agent *self, int32_t symbol)
{
    if (self->symbol >= 0 ? symbol == self->symbol : symbol >= 0 && (uint32_t)symbol < self->m->scn->symbol_count)
        return 1;
    pab__kernel_stop(self->m, pab__fail(PAB_E_ARGUMENT, "agent %d (%s) names symbol %d, which is not its own", self->id,
                                        self->group->name, symbol));
    return 0;
}

static int may_ask_depth(pab_agent *self, int32_t depth)
{
    if (depth >= 1 && depth <= PAB__FEED_DEPTH)
        return 1;
    pab__kernel_stop(self->m, pab__fail(PAB_E_RANGE, "agent %d (%s) asks for %d levels, expected 1 to %d", self->id,
                                        self->group->name, depth, PAB__FEED_DEPTH));
    return 0;
}

/* Window of a volume, in ns. */
static int may_look_back(pab_agent *self, int64_t lookback)
{
    if (lookback >= 0)
        return 1;
    pab__kernel_stop(self->m, pab__fail(PAB_E_RANGE, "agent %d (%s) asks for the volume of %lld ns, expected 0 or more",
                                        self->id, self->group->name, (long long)lookback));
    return 0;
}

static void send_to_market(pab_agent *self, const pab_message *msg)
{
    int32_t exchange = (int32_t)self->m->scn->symbols[msg->symbol].exchange;
    pab__kernel_send(self->m, self->id, exchange, pab__message_new(self->m, msg), self->event->delay);
}

void pab_agent_wakeup_at(pab_agent *self, int64_t time)
{
    pab__kernel_wakeup(self->m, self->id, time);
}

void pab_agent_query_spread(pab_agent *self, int32_t symbol, int32_t depth)
{
    pab_message msg = {.type = PAB_MSG_QUERY_SPREAD, .symbol = symbol, .next = PAB__NONE};
    msg.u.quote = (pab_message_quote){.depth = depth};
    if (may_trade(self, symbol) && may_ask_depth(self, depth))
        send_to_market(self, &msg);
}

void pab_agent_query_volume(pab_agent *self, int32_t symbol, int64_t lookback)
{
    pab_message msg = {.type = PAB_MSG_QUERY_VOLUME, .symbol = symbol, .next = PAB__NONE};
    msg.u.volume.lookback = lookback;
    if (may_trade(self, symbol) && may_look_back(self, lookback))
        send_to_market(self, &msg);
}

void pab_agent_query_last_trade(pab_agent *self, int32_t symbol)
{
    pab_message msg = {.type = PAB_MSG_QUERY_LAST_TRADE, .symbol = symbol, .next = PAB__NONE};
    if (may_trade(self, symbol))
        send_to_market(self, &msg);
}

static int is_subscription(pab_agent *self, int32_t type, const pab_message_subscription *sub)
{
    pab_status status = PAB_OK;
    const char *group = self->group->name;
    if (type < PAB_MSG_L1_SUBSCRIBE || type > PAB_MSG_IMBALANCE_SUBSCRIBE)
        status = pab__fail(PAB_E_ARGUMENT, "agent %d (%s): message type %d is not a subscription", self->id, group,
                           type);
    else if (!sub)
        status = pab__fail(PAB_E_ARGUMENT, "agent %d (%s): sub is NULL", self->id, group);
    else if (sub->interval < 0)
        status = pab__fail(PAB_E_RANGE, "agent %d (%s) subscribes with an interval of %lld ns, expected 0 or more",
                           self->id, group, (long long)sub->interval);
    else if (type == PAB_MSG_IMBALANCE_SUBSCRIBE && !(sub->threshold >= 0 && sub->threshold <= 1))
        status = pab__fail(PAB_E_RANGE, "agent %d (%s) subscribes to an imbalance of %g, expected 0 to 1", self->id,
                           group, sub->threshold);
    if (status != PAB_OK) {
        pab__kernel_stop(self->m, status);
        return 0;
    }
    int levels = type == PAB_MSG_L2_SUBSCRIBE || type == PAB_MSG_L3_SUBSCRIBE;
    return (!levels || may_ask_depth(self, sub->depth)) && may_look_back(self, sub->lookback);
}

void pab_agent_subscribe(pab_agent *self, int32_t type, int32_t symbol, const pab_message_subscription *sub)
{
    if (!is_subscription(self, type, sub))
        return;
    pab_message msg = {.type = (uint8_t)type, .symbol = symbol, .next = PAB__NONE};
    msg.u.subscription = *sub;
    if (may_trade(self, symbol))
        send_to_market(self, &msg);
}

/* --- Orders --- */

static pab_message message_of(int32_t type, const pab__open_order *o, uint32_t ref)
{
    pab_message msg = {.type = (uint8_t)type, .side = (int8_t)o->side, .symbol = o->symbol, .next = PAB__NONE};
    msg.order_flags = (uint8_t)o->flags;
    msg.u.order = (pab_message_order){o->id, o->quantity, o->price, 0, 0, o->owner, ref};
    return msg;
}

/* Adds an order to the batch; one for another exchange closes the batch first. */
static void collect(pab_agent *self, const pab_message *msg)
{
    const pab__symbol *symbols = self->m->scn->symbols;
    if (self->batch_first != PAB__NONE &&
        symbols[pab__message_at(self->m, self->batch_first)->symbol].exchange != symbols[msg->symbol].exchange) {
        pab_agent_batch_end(self);
        pab_agent_batch_begin(self);
    }
    uint32_t slot = pab__message_new(self->m, msg);
    if (slot == PAB__NONE)
        return;
    if (self->batch_first == PAB__NONE)
        self->batch_first = slot;
    else
        pab__message_at(self->m, self->batch_last)->next = slot;
    self->batch_last = slot;
}

static pab_status not_shares(const pab_agent *self, int64_t quantity)
{
    return pab__fail(PAB_E_RANGE, "agent %d (%s): %lld shares, expected no less than 0", self->id, self->group->name,
                     (long long)quantity);
}

static int may_place(pab_agent *self, int32_t type, const pab__open_order *order)
{
    const uint32_t known = type == PAB_MSG_LIMIT_ORDER ? LIMIT_FLAGS : PAB_ORDER_IS_MARKET;
    pab_status status = PAB_OK;
    if (!may_trade(self, order->symbol))
        return 0;
    if (order->side != PAB_BUY && order->side != PAB_SELL)
        status = pab__fail(PAB_E_ARGUMENT, "agent %d (%s): side %d: PAB_BUY or PAB_SELL was expected", self->id,
                           self->group->name, order->side);
    else if (order->quantity < 0)
        status = not_shares(self, order->quantity);
    else if (order->flags & ~known)
        status = pab__fail(PAB_E_ARGUMENT, "agent %d (%s): flags 0x%x of a limit order, expected PAB_ORDER_HIDDEN, "
                           "_POST_ONLY, _PRICE_TO_COMPLY and _INSERT_BY_ID", self->id, self->group->name, order->flags);
    if (status != PAB_OK)
        pab__kernel_stop(self->m, status);
    return status == PAB_OK;
}

/* Lists an order as open and sends it, or adds it to the batch. */
static int64_t place(pab_agent *self, int32_t type, pab__open_order *order)
{
    if (!may_place(self, type, order))
        return -1;
    order->id = self->m->core.next_order_id++;
    order->owner = self->id;
    uint32_t slot = pab__open_add(self->m, self->id, order);
    pab_message msg = message_of(type, order, slot);
    if (!self->batching || type != PAB_MSG_LIMIT_ORDER) {
        send_to_market(self, &msg);
        return order->id;
    }
    collect(self, &msg);
    return order->id;
}

int64_t pab_agent_limit_order(pab_agent *self, int32_t symbol, int32_t side, int64_t quantity, int64_t price,
                              uint32_t flags)
{
    pab__open_order order = {.quantity = quantity, .price = price, .symbol = symbol, .side = side, .flags = flags};
    return place(self, PAB_MSG_LIMIT_ORDER, &order);
}

int64_t pab_agent_market_order(pab_agent *self, int32_t symbol, int32_t side, int64_t quantity)
{
    pab__open_order order = {.quantity = quantity, .symbol = symbol, .side = side, .flags = PAB_ORDER_IS_MARKET};
    return place(self, PAB_MSG_MARKET_ORDER, &order);
}

void pab_agent_batch_begin(pab_agent *self)
{
    self->batching = 1;
}

void pab_agent_batch_end(pab_agent *self)
{
    uint32_t first = self->batch_first;
    self->batching = 0;
    self->batch_first = self->batch_last = PAB__NONE;
    if (first == PAB__NONE)
        return;
    pab_message head = {.type = PAB_MSG_BATCH, .symbol = pab__message_at(self->m, first)->symbol, .next = first};
    send_to_market(self, &head);
}

static void send_cancel(pab_agent *self, const pab__open_order *order, uint32_t slot)
{
    pab_message msg = message_of(PAB_MSG_CANCEL_ORDER, order, slot);
    send_to_market(self, &msg);
}

static pab__open_order *own_order(pab_agent *self, int64_t id, uint32_t *slot)
{
    return pab__open_find(self->m, self->id, id, PAB__NONE, slot);
}

static pab_status not_open(const pab_agent *self, int64_t id)
{
    return pab__fail(PAB_E_KEY, "agent %d has no open order %lld", self->id, (long long)id);
}

pab_status pab_agent_cancel(pab_agent *self, int64_t order_id)
{
    uint32_t slot;
    const pab__open_order *o = own_order(self, order_id, &slot);
    if (!o)
        return not_open(self, order_id);
    send_cancel(self, o, slot);
    return PAB_OK;
}

void pab_agent_cancel_all(pab_agent *self)
{
    for (uint32_t slot = self->base->open_first; slot != PAB__NONE;) {
        const pab__open_order *o = (const pab__open_order *)pab__pool_at(&self->m->pools.opens, slot);
        uint32_t next = o->next;
        if (!(o->flags & PAB_ORDER_IS_MARKET))
            send_cancel(self, o, slot);
        slot = next;
    }
}

pab_status pab_agent_partial_cancel(pab_agent *self, int64_t order_id, int64_t quantity)
{
    uint32_t slot;
    const pab__open_order *o = own_order(self, order_id, &slot);
    if (!o)
        return not_open(self, order_id);
    if (quantity < 0)
        return not_shares(self, quantity);
    pab_message msg = message_of(PAB_MSG_PARTIAL_CANCEL_ORDER, o, slot);
    msg.u.order.other_id = quantity;
    send_to_market(self, &msg);
    return PAB_OK;
}

/* Sends an order as the agent knows it, followed by the order that replaces it. */
static void send_pair(pab_agent *self, int32_t type, const pab__open_order *old, uint32_t slot,
                      const pab_message *fresh)
{
    pab_message msg = message_of(type, old, slot);
    msg.next = pab__message_new(self->m, fresh);
    if (msg.next != PAB__NONE)
        send_to_market(self, &msg);
}

pab_status pab_agent_modify(pab_agent *self, int64_t order_id, int64_t quantity, int64_t price)
{
    uint32_t slot;
    const pab__open_order *o = own_order(self, order_id, &slot);
    if (!o)
        return not_open(self, order_id);
    if (quantity < 0)
        return not_shares(self, quantity);
    pab_message fresh = message_of(PAB_MSG_LIMIT_ORDER, o, slot);
    fresh.u.order.quantity = quantity;
    fresh.u.order.price = price;
    send_pair(self, PAB_MSG_MODIFY_ORDER, o, slot, &fresh);
    return PAB_OK;
}

pab_status pab_agent_replace(pab_agent *self, int64_t order_id, int64_t quantity, int64_t price, int64_t *new_id)
{
    uint32_t slot;
    const pab__open_order *o = own_order(self, order_id, &slot);
    if (!o)
        return not_open(self, order_id);
    if (quantity < 0)
        return not_shares(self, quantity);
    pab_message fresh = message_of(PAB_MSG_LIMIT_ORDER, o, PAB__NONE);
    fresh.u.order.id = self->m->core.next_order_id++;
    fresh.u.order.quantity = quantity;
    fresh.u.order.price = price;
    if (new_id)
        *new_id = fresh.u.order.id;
    send_pair(self, PAB_MSG_REPLACE_ORDER, o, slot, &fresh);
    return PAB_OK;
}

/* --- The rest --- */

pab_status pab_agent_send(pab_agent *self, int32_t recipient, const pab_message_user *payload)
{
    if (recipient < 0 || recipient >= (int32_t)self->m->scn->agent_count || pab__market_is_exchange(self->m, recipient))
        return pab__fail(PAB_E_ARGUMENT, "recipient %d is not a trading agent", recipient);
    if (!payload)
        return pab__fail(PAB_E_ARGUMENT, "payload is NULL");
    pab_message msg = {.type = PAB_MSG_USER, .symbol = -1, .next = PAB__NONE};
    msg.u.user = *payload;
    pab__kernel_send(self->m, self->id, recipient, pab__message_new(self->m, &msg), self->event->delay);
    return PAB_OK;
}

/* Sums of times and delays stay far from what 64 bits hold. */
#define DELAY_MOST (INT64_C(366) * 86400 * 1000000000) /* a year, as for the keys of a scenario */

static void stop_for_delay(pab_agent *self, int64_t ns)
{
    pab__kernel_stop(self->m, pab__fail(PAB_E_RANGE, "agent %d (%s): a delay of %lld ns; expected at most %lld in all",
                                        self->id, self->group->name, (long long)ns, (long long)DELAY_MOST));
}

void pab_agent_add_delay(pab_agent *self, int64_t ns)
{
    if (ns > DELAY_MOST - self->event->delay) {
        stop_for_delay(self, ns);
        return;
    }
    self->event->delay += ns > 0 ? ns : 0;
}

void pab_agent_set_computation_delay(pab_agent *self, int64_t ns)
{
    if (ns > DELAY_MOST)
        stop_for_delay(self, ns);
    else
        self->base->computation_delay = ns > 0 ? ns : 0;
}

void pab_agent_pause(pab_agent *self)
{
    self->event->paused = 1;
}
