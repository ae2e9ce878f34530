/* The validity report: what a market's taps show about its soundness. */
#include <pairsabides/validity.h>

#include <string.h>

#include "market/market.h"
#include "scenario/extension.h"

/* One symbol. */
typedef struct watch {
    pab_validity_report seen;
    int64_t since;     /* counted up to here, ns */
    int64_t quote;     /* time of the last change of the best quote */
    int64_t feed;      /* time of the last market-data message, -1 for none */
    pab_level bid, ask;
} watch;

struct pab_validity {
    pab_market *m;
    int64_t last; /* time of the last delivery */
    watch *symbols;
    int64_t *spoke; /* by agent: a maker's last order, or the time from which it is watched */
    int64_t *stood; /* by agent: until when its withdrawal is counted */
};

/* --- Time --- */

static int64_t clipped(const pab_validity *v, int64_t time)
{
    const pab__clock *c = &v->m->scn->clock;
    return time < c->market_open ? c->market_open : time > c->market_close ? c->market_close : time;
}

static void longest(int64_t *most, int64_t span)
{
    *most = span > *most ? span : *most;
}

/* Counts the time since the last change for the present quote. */
static void count_time(watch *w, int64_t now)
{
    int64_t span = now - w->since;
    int no_bid = w->bid.price == 0, no_ask = w->ask.price == 0;
    if (span <= 0)
        return;
    w->since = now;
    w->seen.watched += span;
    w->seen.no_bid += no_bid ? span : 0;
    w->seen.no_ask += no_ask ? span : 0;
    w->seen.no_quote += no_bid && no_ask ? span : 0;
    w->seen.crossed += !no_bid && !no_ask && w->bid.price >= w->ask.price ? span : 0;
}

static int is_maker(const pab_market *m, int32_t agent)
{
    const pab__builtin_type *builtin = pab__market_is_exchange(m, agent) ? NULL : pab__group_at(m, agent)->builtin;
    return builtin && builtin->maker;
}

/* The side that a maker has withdrawn from, 0 for none. */
static int32_t withdrawn(const pab_market *m, int32_t maker)
{
    return pab__group_at(m, maker)->builtin->maker->withdrawn(pab__agent_own_at(m, maker));
}

static int makes(const pab_market *m, int32_t agent, uint32_t symbol)
{
    return is_maker(m, agent) && pab__group_at(m, agent)->symbol == (int32_t)symbol;
}

/* A maker's withdrawal changes only while it handles an event, so it has been as it is since its last one. */
static void count_withdrawal(const pab_validity *v, pab_validity_report *seen, int32_t agent, int64_t since,
                             int64_t now)
{
    int32_t side = withdrawn(v->m, agent);
    if (side != 0 && now > since)
        seen->withdrawn[side == PAB_SELL] += now - since;
}

/* --- Taps --- */

/* From the market as it stands. */
static void start(pab_validity *v)
{
    v->last = v->m->core.now;
    const pab_scenario *scn = v->m->scn;
    int64_t now = clipped(v, v->m->core.now);
    for (uint32_t s = 0; s < scn->symbol_count; s++) {
        watch *w = &v->symbols[s];
        *w = (watch){.since = now, .quote = now, .feed = -1};
        w->seen.feed_age = -1;
        pab__book_l1(&v->m->books[s], &w->bid, &w->ask);
    }
    for (uint32_t id = 0; id < scn->agent_count; id++) {
        v->spoke[id] = v->stood[id] = now;
        if (is_maker(v->m, (int32_t)id))
            v->symbols[pab__group_at(v->m, (int32_t)id)->symbol].seen.makers++;
    }
}

static void on_quote(void *user, int64_t time, uint32_t symbol, const pab_level *bid, const pab_level *ask)
{
    pab_validity *v = user;
    watch *w = &v->symbols[symbol];
    int64_t now = clipped(v, time);
    count_time(w, now);
    longest(&w->seen.quote_age, now - w->quote);
    w->quote = now;
    w->bid = *bid;
    w->ask = *ask;
}

static void on_delivery(void *user, const pab_delivery *d)
{
    pab_validity *v = user;
    if (d->time < v->last)
        start(v); /* the market was reset */
    v->last = d->time;
    if (!is_maker(v->m, d->recipient))
        return;
    int64_t now = clipped(v, d->time), *stood = &v->stood[d->recipient];
    watch *w = &v->symbols[pab__group_at(v->m, d->recipient)->symbol];
    count_withdrawal(v, &w->seen, d->recipient, *stood, now);
    *stood = now;
}

static void meet_market_order(const pab_validity *v, watch *w, const pab_message *msg)
{
    const pab__book_side *other = &v->m->books[msg->symbol].core.sides[msg->side == PAB_BUY];
    int64_t lacking = msg->u.order.quantity - other->visible;
    w->seen.market_orders++;
    w->seen.unmet += other->best == PAB__NONE;
    w->seen.discarded += lacking > 0 ? lacking : 0;
}

static void on_message(void *user, int64_t time, int32_t sender, int32_t recipient, const pab_message *msg)
{
    pab_validity *v = user;
    (void)recipient;
    if (msg->symbol < 0)
        return;
    watch *w = &v->symbols[msg->symbol];
    int64_t now = clipped(v, time);
    if (msg->type == PAB_MSG_LIMIT_ORDER && is_maker(v->m, sender)) {
        longest(&w->seen.maker_silence, now - v->spoke[sender]);
        v->spoke[sender] = now;
    } else if (msg->type == PAB_MSG_MARKET_ORDER) {
        meet_market_order(v, w, msg);
    } else if (msg->type == PAB_MSG_ORDER_REJECTED) {
        w->seen.rejected++;
    } else if (msg->type >= PAB_MSG_L1_DATA && msg->type <= PAB_MSG_VOLUME_DATA) {
        if (w->feed >= 0)
            longest(&w->seen.feed_age, now - w->feed);
        w->feed = now;
    }
}

/* --- Life --- */

void pab_validity_free(pab_validity *v)
{
    if (!v)
        return;
    const pab_scenario *scn = v->m->scn;
    pab_host host = v->m->host;
    pab_market_set_tap(v->m, NULL);
    pab__release(&host, v->symbols, scn->symbol_count * sizeof *v->symbols);
    pab__release(&host, v->spoke, scn->agent_count * sizeof *v->spoke);
    pab__release(&host, v->stood, scn->agent_count * sizeof *v->stood);
    pab__release(&host, v, sizeof *v);
}

pab_status pab_validity_new(pab_market *m, pab_validity **out)
{
    if (!m || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", m ? "out" : "m");
    pab_validity *v = pab__alloc(&m->host, sizeof *v);
    if (!v)
        return pab__fail(PAB_E_MEMORY, "no memory for a validity report");
    v->m = m;
    v->symbols = pab__alloc(&m->host, m->scn->symbol_count * sizeof *v->symbols);
    v->spoke = pab__alloc(&m->host, m->scn->agent_count * sizeof *v->spoke);
    v->stood = pab__alloc(&m->host, m->scn->agent_count * sizeof *v->stood);
    pab_tap tap = {.struct_size = sizeof tap, .user = v, .delivery = on_delivery, .l1 = on_quote};
    tap.message = on_message;
    pab_status status = v->symbols && v->spoke && v->stood ? pab_market_set_tap(m, &tap)
                                                           : pab__fail(PAB_E_MEMORY, "no memory for a validity report");
    if (status != PAB_OK) {
        pab_validity_free(v);
        return status;
    }
    start(v);
    *out = v;
    return PAB_OK;
}

pab_status pab_validity_read(const pab_validity *v, uint32_t symbol, pab_validity_report *out)
{
    if (!v || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", v ? "out" : "v");
    if (symbol >= v->m->scn->symbol_count)
        return pab__fail(PAB_E_RANGE, "symbol %u: below %u was expected", symbol, v->m->scn->symbol_count);
    watch w = v->symbols[symbol];
    int64_t now = clipped(v, v->m->core.now);
    count_time(&w, now);
    longest(&w.seen.quote_age, now - w.quote);
    if (w.feed >= 0)
        longest(&w.seen.feed_age, now - w.feed);
    for (int32_t id = 0; id < (int32_t)v->m->scn->agent_count; id++) {
        if (!makes(v->m, id, symbol))
            continue;
        longest(&w.seen.maker_silence, now - v->spoke[id]);
        count_withdrawal(v, &w.seen, id, v->stood[id], now);
    }
    return pab__record_out(out, &w.seen, sizeof w.seen, PAB__UPTO(pab_validity_report, withdrawn),
                           "pab_validity_report");
}

pab_status pab_market_withdrawn(const pab_market *m, uint32_t symbol, int32_t side, int32_t *out)
{
    if (!m || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", m ? "out" : "m");
    if (symbol >= m->scn->symbol_count)
        return pab__fail(PAB_E_RANGE, "symbol %u: below %u was expected", symbol, m->scn->symbol_count);
    if (side != PAB_BUY && side != PAB_SELL)
        return pab__fail(PAB_E_RANGE, "side %d: PAB_BUY or PAB_SELL was expected", side);
    int32_t count = 0;
    for (uint32_t g = 0; g < m->scn->group_count; g++) {
        const pab__group *group = &m->scn->groups[g];
        for (int32_t i = 0; i < group->common.count && makes(m, group->first_id, symbol); i++)
            count += withdrawn(m, group->first_id + i) == side;
    }
    *out = count;
    return PAB_OK;
}
