/* Market data: quotes in answers and subscriptions, and when a subscription is due. */
#include "market/exchange.h"
#include "market/kernel.h"

#define LEVELS_PER_SLOT 3

static pab__subscription *sub_at(const pab_market *m, uint32_t slot)
{
    return (pab__subscription *)(void *)m->pools.subs.data + slot;
}

static uint32_t bounded(int32_t depth)
{
    return depth < 1 ? 1 : depth > PAB__FEED_DEPTH ? PAB__FEED_DEPTH : (uint32_t)depth;
}

/* Appends levels to a message, three to a slot; `last` is the end of the chain, or PAB__NONE. */
static uint32_t chain(pab_market *m, pab_message *head, uint32_t last, int32_t side, const pab_level *levels,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i += LEVELS_PER_SLOT) {
        uint32_t n = count - i < LEVELS_PER_SLOT ? count - i : LEVELS_PER_SLOT;
        pab_message part = {.type = (uint8_t)n, .side = (int8_t)side, .next = PAB__NONE};
        for (uint32_t k = 0; k < n; k++)
            part.u.levels[k] = levels[i + k];
        uint32_t slot = pab__message_new(m, &part);
        if (slot == PAB__NONE)
            return last;
        if (last == PAB__NONE)
            head->next = slot;
        else
            pab__message_at(m, last)->next = slot;
        last = slot;
    }
    return last;
}

/* Appends the levels of both sides to a message and returns the best of each. */
static void chain_levels(pab_market *m, const pab__book *book, uint32_t wanted, pab_message *out, pab_level *bid,
                         pab_level *ask)
{
    pab_level bids[PAB__FEED_DEPTH], asks[PAB__FEED_DEPTH];
    bids[0] = asks[0] = (pab_level){0, 0};
    uint32_t n_bids = pab__book_l2(book, PAB_BUY, wanted, bids, wanted);
    uint32_t n_asks = pab__book_l2(book, PAB_SELL, wanted, asks, wanted);
    chain(m, out, chain(m, out, PAB__NONE, PAB_BUY, bids, n_bids), PAB_SELL, asks, n_asks);
    *bid = bids[0];
    *ask = asks[0];
}

void pab__feed_quote(pab_market *m, uint32_t symbol, int32_t depth, pab_message *out)
{
    const pab__book *book = &m->books[symbol];
    uint32_t wanted = bounded(depth);
    pab_level bid, ask;
    if (wanted > 1) {
        chain_levels(m, book, wanted, out, &bid, &ask);
    } else {
        bid = pab__book_best(book, PAB_BUY);
        ask = pab__book_best(book, PAB_SELL);
    }
    out->u.quote = (pab_message_quote){bid.price, bid.quantity, ask.price, ask.quantity, book->core.last_trade,
                                       (int32_t)wanted, 0};
}

/* Visible orders of a side one by one, to `depth` levels. */
static uint32_t visible_orders(const pab__book *book, int32_t side, uint32_t depth, pab_level *out)
{
    pab_resting_order orders[PAB__FEED_DEPTH];
    uint32_t total = pab__book_l3(book, side, orders, PAB__FEED_DEPTH), count = 0;
    for (uint32_t i = 0; i < total && i < PAB__FEED_DEPTH && orders[i].level < (int32_t)depth; i++)
        if (!orders[i].hidden)
            out[count++] = (pab_level){orders[i].price, orders[i].quantity};
    return count;
}

void pab__feed_orders(pab_market *m, uint32_t symbol, int32_t depth, pab_message *out)
{
    const pab__book *book = &m->books[symbol];
    pab_level orders[PAB__FEED_DEPTH], bid, ask;
    uint32_t wanted = bounded(depth);
    pab__book_l1(book, &bid, &ask);
    out->u.quote = (pab_message_quote){bid.price, bid.quantity, ask.price, ask.quantity, book->core.last_trade,
                                       (int32_t)wanted, 0};
    uint32_t n = visible_orders(book, PAB_BUY, wanted, orders);
    uint32_t last = chain(m, out, PAB__NONE, PAB_BUY, orders, n);
    n = visible_orders(book, PAB_SELL, wanted, orders);
    chain(m, out, last, PAB_SELL, orders, n);
}

static void append_symbol(pab_market *m, int32_t symbol)
{
    int32_t *link = &m->core.sub_symbol;
    while (*link >= 0)
        link = &pab__symbol_at(m, (uint32_t)*link)->sub_next;
    *link = symbol;
}

static void unsubscribe(pab_market *m, int32_t agent, const pab_message *msg)
{
    pab__symbol_state *s = pab__symbol_at(m, (uint32_t)msg->symbol);
    uint32_t before = PAB__NONE;
    for (uint32_t slot = s->sub_first, next; slot != PAB__NONE; slot = next) {
        pab__subscription *sub = sub_at(m, slot);
        next = sub->next;
        if (sub->agent != agent || sub->type != msg->type) {
            before = slot;
            continue;
        }
        *(before == PAB__NONE ? &s->sub_first : &sub_at(m, before)->next) = next;
        if (s->sub_last == slot)
            s->sub_last = before;
        *sub = (pab__subscription){0};
        pab__pool_give(&m->pools.subs, slot);
    }
}

void pab__feed_subscribe(pab_market *m, int32_t agent, const pab_message *msg)
{
    if (msg->u.subscription.cancel) {
        unsubscribe(m, agent, msg);
        return;
    }
    uint32_t slot = pab__pool_take(&m->pools.subs, &m->host);
    if (slot == PAB__NONE) {
        pab__kernel_stop(m, pab__fail(PAB_E_MEMORY, "no memory for subscriptions"));
        return;
    }
    pab__subscription *sub = sub_at(m, slot);
    *sub = (pab__subscription){
        .next = PAB__NONE,
        .type = msg->type,
        .agent = agent,
        .depth = msg->u.subscription.depth,
        .interval = msg->u.subscription.interval,
        .lookback = msg->u.subscription.lookback,
        .threshold = msg->u.subscription.threshold,
        .last_update = m->core.now,
    };
    pab__symbol_state *s = pab__symbol_at(m, (uint32_t)msg->symbol);
    if (s->sub_first == PAB__NONE && s->sub_next == -2) {
        s->sub_next = -1;
        append_symbol(m, msg->symbol);
    }
    *(s->sub_last == PAB__NONE ? &s->sub_first : &sub_at(m, s->sub_last)->next) = slot;
    s->sub_last = slot;
}

static void send_data(pab_market *m, int32_t exchange, uint32_t symbol, const pab__subscription *sub)
{
    const pab__book *book = &m->books[symbol];
    pab_message out = {.symbol = (int32_t)symbol, .next = PAB__NONE};
    switch (sub->type) {
    case PAB_MSG_L1_SUBSCRIBE: {
        pab_level bid, ask;
        pab__book_l1(book, &bid, &ask);
        out.type = PAB_MSG_L1_DATA;
        out.u.quote = (pab_message_quote){bid.price, bid.quantity, ask.price, ask.quantity, book->core.last_trade, 1,
                                          0};
        break;
    }
    case PAB_MSG_L2_SUBSCRIBE:
        out.type = PAB_MSG_L2_DATA;
        pab__feed_quote(m, symbol, sub->depth, &out);
        break;
    case PAB_MSG_L3_SUBSCRIBE:
        out.type = PAB_MSG_L3_DATA;
        pab__feed_orders(m, symbol, sub->depth, &out);
        break;
    default:
        out.type = PAB_MSG_VOLUME_DATA;
        out.u.volume.lookback = sub->lookback;
        pab__book_volume(book, m->core.now, sub->lookback, &out.u.volume.bought, &out.u.volume.sold);
    }
    pab__kernel_send(m, exchange, sub->agent, pab__message_new(m, &out), 0);
}

static void send_imbalance(pab_market *m, int32_t exchange, uint32_t symbol, int32_t agent, double value, int32_t side,
                           int start)
{
    pab_message out = {.type = PAB_MSG_IMBALANCE_DATA, .symbol = (int32_t)symbol, .next = PAB__NONE};
    out.side = (int8_t)side;
    out.flags = start ? PAB_MSG_FLAG_IMBALANCE_START : 0;
    out.u.imbalance.value = value;
    pab__kernel_send(m, exchange, agent, pab__message_new(m, &out), 0);
}

/* Of a book; worked out when the first subscription asks for it. */
typedef struct imbalance {
    double value;
    int32_t side;
    int32_t known;
} imbalance;

/* An imbalance event starts above the threshold, and ends below it or when it changes sides. */
static void watch_imbalance(pab_market *m, int32_t exchange, uint32_t symbol, pab__subscription *sub, imbalance *now)
{
    if (!sub->active && sub->threshold >= 1) /* no imbalance is above 1 */
        return;
    if (!now->known)
        now->value = pab__book_imbalance(&m->books[symbol], &now->side);
    now->known = 1;
    int32_t on = now->value > sub->threshold;
    int change = on && sub->active && now->side != sub->side;
    if (on == sub->active && !change)
        return;
    int32_t agent = sub->agent;
    int32_t ended = sub->active;
    sub->active = on;
    sub->side = on ? now->side : 0;
    if (ended)
        send_imbalance(m, exchange, symbol, agent, now->value, now->side, 0);
    if (on)
        send_imbalance(m, exchange, symbol, agent, now->value, now->side, 1);
}

void pab__feed_publish_symbol(pab_market *m, int32_t exchange, uint32_t symbol)
{
    int64_t updated = m->books[symbol].core.last_update;
    imbalance now = {0};
    for (uint32_t slot = pab__symbol_at(m, symbol)->sub_first; slot != PAB__NONE; slot = sub_at(m, slot)->next) {
        pab__subscription *sub = sub_at(m, slot);
        if (sub->type == PAB_MSG_IMBALANCE_SUBSCRIBE) {
            watch_imbalance(m, exchange, symbol, sub, &now);
        } else if (updated - sub->last_update >= sub->interval) {
            sub->last_update = updated;
            send_data(m, exchange, symbol, sub);
        }
    }
}

void pab__feed_publish(pab_market *m, int32_t exchange)
{
    for (int32_t s = m->core.sub_symbol; s >= 0; s = pab__symbol_at(m, (uint32_t)s)->sub_next)
        if (m->scn->symbols[s].exchange == exchange)
            pab__feed_publish_symbol(m, exchange, (uint32_t)s);
}
