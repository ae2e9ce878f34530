/* The exchange agent: takes orders and queries, keeps the books, reports to owners. */
#include "market/exchange.h"

#include "book/state.h"
#include "market/kernel.h"
#include "market/trader.h"
#include "scenario/extension.h"

/* --- What the books report --- */

static void on_event(void *user, const pab_book_event *e)
{
    const pab__listing *at = user;
    pab_market *m = at->m;
    if (m->places[e->recipient].resident) {
        if (e->type == PAB_MSG_ORDER_EXECUTED)
            pab__trader_settle(m, e->recipient, pab__agent_view_at(m, e->recipient),
                               e->order.side * e->order.quantity, e->fill_price);
        return;
    }
    uint32_t slot = pab__pool_take(&m->pools.messages, &m->host);
    if (slot == PAB__NONE) {
        pab__message_none(m);
        return;
    }
    pab_message *out = pab__message_at(m, slot);
    *out = (pab_message){
        .type = (uint8_t)e->type,
        .side = (int8_t)e->order.side,
        .flags = (uint8_t)e->flags,
        .order_flags = (uint8_t)e->order.flags,
        .symbol = at->symbol,
        .reason = e->reason,
        .next = PAB__NONE,
        .u.order = {e->order.id, e->order.quantity, e->order.price, e->fill_price, e->old_id, e->order.agent,
                    e->order.ref},
    };
    pab__kernel_send(m, at->exchange, e->recipient, slot, m->scn->exchange.pipeline_delay);
}

static int same_level(const pab_level *a, const pab_level *b)
{
    return a->price == b->price && a->quantity == b->quantity;
}

/* Reports the best quote after a row if it differs from the last one reported. */
static void tell_l1(pab_market *m, uint32_t symbol)
{
    pab_level *last = &m->l1[2 * symbol], bid, ask;
    pab__book_l1(&m->books[symbol], &bid, &ask);
    if (same_level(&bid, &last[0]) && same_level(&ask, &last[1]))
        return;
    last[0] = bid;
    last[1] = ask;
    m->tap.l1(m->tap.user, m->core.now, symbol, &bid, &ask);
}

static void on_row(void *user, const pab_book_row *row)
{
    const pab__listing *at = user;
    pab_market *m = at->m;
    uint32_t symbol = (uint32_t)at->symbol;
    if (m->tap.row)
        m->tap.row(m->tap.user, m->core.now, symbol, row);
    if (m->tap.l1)
        tell_l1(m, symbol);
}

static int32_t resident_of(const pab_market *m, uint32_t symbol)
{
    for (uint32_t i = 0; i < m->scn->group_count; i++) {
        const pab__group *g = &m->scn->groups[i];
        if (g->symbol == (int32_t)symbol && g->builtin && g->builtin->on_book && g->common.count > 0)
            return g->first_id;
    }
    return -1;
}

void pab__exchange_sink(pab_market *m)
{
    pab_book_sink sink = {sizeof sink, 0, NULL, on_event, m->tap.row || m->tap.l1 ? on_row : NULL};
    for (uint32_t s = 0; s < m->scn->symbol_count; s++) {
        sink.user = &m->listings[s];
        m->listings[s] = (pab__listing){m, (int32_t)s, (int32_t)m->scn->symbols[s].exchange, resident_of(m, s)};
        m->books[s].sink = sink;
    }
}

/* --- Orders --- */

static pab_order order_of(const pab_message *msg)
{
    return (pab_order){msg->u.order.id, msg->u.order.quantity, msg->u.order.price, msg->u.order.agent,
                       msg->side,       msg->order_flags,      msg->u.order.ref};
}

static void work_order(pab_market *m, int32_t sender, const pab_message *msg)
{
    pab__book *book = &m->books[msg->symbol];
    int64_t now = m->core.now;
    pab_order order = order_of(msg), other = {0};
    switch (msg->type) {
    case PAB_MSG_LIMIT_ORDER:
        pab__book_limit(book, now, &order);
        break;
    case PAB_MSG_MARKET_ORDER:
        pab__book_market(book, now, &order);
        break;
    case PAB_MSG_CANCEL_ORDER:
        pab__book_cancel(book, now, &order);
        break;
    case PAB_MSG_PARTIAL_CANCEL_ORDER:
        pab__book_partial_cancel(book, now, &order, msg->u.order.other_id);
        break;
    default:
        other = order_of(pab__message_at(m, msg->next));
        if (msg->type == PAB_MSG_MODIFY_ORDER)
            pab__book_modify(book, now, &order, &other);
        else
            pab__book_replace(book, now, sender, &order, &other);
    }
    if (book->failed != PAB_OK)
        pab__kernel_stop(m, pab__fail(book->failed, "no memory for the book of %s", m->scn->symbols[msg->symbol].name));
}

static void reject_early(pab_market *m, int32_t exchange, int32_t sender, const pab_message *msg)
{
    pab_message out = *msg;
    out.type = PAB_MSG_ORDER_REJECTED;
    out.reason = PAB_REJECT_CLOSED;
    out.next = PAB__NONE;
    pab__kernel_send(m, exchange, sender, pab__message_new(m, &out), m->scn->exchange.pipeline_delay);
}

static void take_order(pab_market *m, int32_t exchange, int32_t sender, const pab_message *msg)
{
    if (m->core.now < m->scn->clock.market_open && !pab__market_quirk(m, PAB_QUIRK_EARLY_ORDERS)) {
        reject_early(m, exchange, sender, msg);
        return;
    }
    const pab__listing *at = &m->listings[msg->symbol];
    int64_t before = m->books[msg->symbol].core.traded_volume;
    work_order(m, sender, msg);
    if (at->resident >= 0)
        pab__trader_hear(m, at->resident, msg->side,
                         pab__book_sub(m->books[msg->symbol].core.traded_volume, before));
    pab__feed_publish(m, exchange);
}

/* --- Queries and registrations --- */

static void answer_query(pab_market *m, int32_t exchange, int32_t sender, const pab_message *msg)
{
    uint32_t symbol = (uint32_t)msg->symbol;
    const pab__book *book = &m->books[symbol];
    pab_message out = {.symbol = msg->symbol, .next = PAB__NONE};
    out.flags = m->core.now > m->scn->clock.market_close ? PAB_MSG_FLAG_CLOSED : 0;
    switch (msg->type) {
    case PAB_MSG_QUERY_SPREAD:
        out.type = PAB_MSG_SPREAD;
        pab__feed_quote(m, symbol, msg->u.quote.depth, &out);
        break;
    case PAB_MSG_QUERY_VOLUME:
        out.type = PAB_MSG_VOLUME;
        out.u.volume.lookback = msg->u.volume.lookback;
        pab__book_volume(book, m->core.now, msg->u.volume.lookback, &out.u.volume.bought, &out.u.volume.sold);
        break;
    default:
        out.type = PAB_MSG_LAST_TRADE;
        out.u.quote = (pab_message_quote){.last_trade = book->core.last_trade};
    }
    pab__kernel_send(m, exchange, sender, pab__message_new(m, &out), 0);
}

static int32_t *close_link(const pab_market *m, int32_t agent)
{
    return (int32_t *)(void *)m->pools.close_next.data + agent;
}

static void register_for_close(pab_market *m, int32_t agent)
{
    pab__agent_state *a = pab__agent_at(m, agent);
    if (a->flags & PAB__AGENT_WANTS_CLOSE)
        return;
    a->flags |= PAB__AGENT_WANTS_CLOSE;
    *close_link(m, agent) = -1;
    if (m->core.close_last < 0)
        m->core.close_first = agent;
    else
        *close_link(m, m->core.close_last) = agent;
    m->core.close_last = agent;
}

void pab__exchange_wakeup(pab_market *m, int32_t exchange)
{
    if (m->core.now < m->scn->clock.market_close)
        return;
    for (uint32_t s = 0; s < m->scn->symbol_count; s++)
        if (m->scn->symbols[s].exchange == exchange)
            pab__symbol_at(m, s)->close_price = m->books[s].core.last_trade;
    for (int32_t id = m->core.close_first; id >= 0; id = *close_link(m, id))
        if (m->places[id].exchange == exchange)
            pab__kernel_send(m, exchange, id, PAB__BARE + PAB_MSG_CLOSE_PRICE, 0);
}

static int is_query(int32_t type)
{
    return type == PAB_MSG_QUERY_SPREAD || type == PAB_MSG_QUERY_VOLUME || type == PAB_MSG_QUERY_LAST_TRADE;
}

void pab__exchange_message(pab_market *m, int32_t exchange, int32_t sender, const pab_message *msg)
{
    pab__agent_at(m, exchange)->computation_delay = m->scn->exchange.computation_delay;
    if (m->core.now > m->scn->clock.market_close && !is_query(msg->type)) {
        pab__kernel_send(m, exchange, sender, PAB__BARE + PAB_MSG_MARKET_CLOSED, 0);
        return;
    }
    switch (msg->type) {
    case PAB_MSG_MARKET_HOURS_REQUEST:
        pab__kernel_send(m, exchange, sender, PAB__BARE + PAB_MSG_MARKET_HOURS, 0);
        break;
    case PAB_MSG_CLOSE_PRICE_REQUEST:
        register_for_close(m, sender);
        break;
    case PAB_MSG_QUERY_SPREAD:
    case PAB_MSG_QUERY_VOLUME:
    case PAB_MSG_QUERY_LAST_TRADE:
        answer_query(m, exchange, sender, msg);
        break;
    case PAB_MSG_L1_SUBSCRIBE:
    case PAB_MSG_L2_SUBSCRIBE:
    case PAB_MSG_L3_SUBSCRIBE:
    case PAB_MSG_VOLUME_SUBSCRIBE:
    case PAB_MSG_IMBALANCE_SUBSCRIBE:
        pab__feed_subscribe(m, sender, msg);
        break;
    default:
        take_order(m, exchange, sender, msg);
    }
}
