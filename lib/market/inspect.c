/* Reading a market from outside. */
#include "market/trader.h"

static pab_status check(const pab_market *m, const void *out)
{
    if (!m || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", m ? "out" : "m");
    return m->failed == PAB_OK ? PAB_OK : pab__fail(m->failed, "the market has failed, reset it: %s", m->why);
}

/* What has no status to return answers nothing. */
static int answers(const pab_market *m)
{
    return m && m->failed == PAB_OK;
}

static pab_status check_symbol(const pab_market *m, uint32_t symbol)
{
    if (symbol >= m->scn->symbol_count)
        return pab__fail(PAB_E_RANGE, "symbol %u: below %u was expected", symbol, m->scn->symbol_count);
    return PAB_OK;
}

static pab_status check_agent(const pab_market *m, int32_t agent)
{
    if (agent < 0 || agent >= (int32_t)m->scn->agent_count)
        return pab__fail(PAB_E_RANGE, "agent %d: 0 to %u was expected", agent, m->scn->agent_count - 1);
    return PAB_OK;
}

pab_status pab_market_count(const pab_market *m, pab_market_counters *out)
{
    pab_status status = check(m, out);
    if (status != PAB_OK)
        return status;
    pab_market_counters full = {
        .now = m->core.now,
        .queue_pops = m->core.pops,
        .delivered = m->core.delivered,
        .orders_created = (uint64_t)m->core.next_order_id,
        .last_delivery = m->core.last_delivery,
        .ended = m->core.ended,
        .finished = m->core.finished,
    };
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_market_counters, finished), "pab_market_counters");
}

pab_status pab_market_l1(const pab_market *m, uint32_t symbol, pab_level *bid, pab_level *ask)
{
    pab_status status = check(m, bid);
    if (status == PAB_OK)
        status = check(m, ask);
    if (status == PAB_OK)
        status = check_symbol(m, symbol);
    if (status == PAB_OK)
        pab__book_l1(&m->books[symbol], bid, ask);
    return status;
}

uint32_t pab_market_l2(const pab_market *m, uint32_t symbol, int32_t side, uint32_t depth, pab_level *out, uint32_t cap)
{
    return answers(m) && symbol < m->scn->symbol_count ? pab__book_l2(&m->books[symbol], side, depth, out, cap) : 0;
}

uint32_t pab_market_l3(const pab_market *m, uint32_t symbol, int32_t side, pab_resting_order *out, uint32_t cap)
{
    return answers(m) && symbol < m->scn->symbol_count ? pab__book_l3(&m->books[symbol], side, out, cap) : 0;
}

pab_status pab_market_symbol(const pab_market *m, uint32_t symbol, pab_symbol_info *out)
{
    pab_status status = check(m, out);
    if (status == PAB_OK)
        status = check_symbol(m, symbol);
    if (status != PAB_OK)
        return status;
    const pab__symbol_state *s = pab__symbol_at(m, symbol);
    const pab__book_core *book = &m->books[symbol].core;
    pab_symbol_info full = {
        .megashocks = s->shocks,
        .accepted = book->accepted,
        .cancelled = book->cancelled,
        .trades = book->trades,
        .traded_volume = book->traded_volume,
        .last_trade = book->last_trade,
        .fundamental = s->value,
        .next_shock_time = s->shock_time,
        .next_shock_value = s->shock_value,
    };
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_symbol_info, next_shock_value), "pab_symbol_info");
}

pab_status pab_market_agent(const pab_market *m, int32_t agent, pab_agent_info *out)
{
    pab_status status = check(m, out);
    if (status == PAB_OK)
        status = check_agent(m, agent);
    if (status != PAB_OK)
        return status;
    const pab__agent_state *a = pab__agent_at(m, agent);
    int exchange = pab__market_is_exchange(m, agent);
    pab_agent_info full = {
        .group = exchange ? -1 : m->scn->group_of[agent],
        .cash = a->cash,
        .mark_to_market = exchange ? 0 : pab__trader_worth(m, agent),
        .busy_until = a->busy_until,
        .open_orders = a->open_count,
    };
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_agent_info, reserved), "pab_agent_info");
}

int64_t pab_market_holding(const pab_market *m, int32_t agent, uint32_t symbol)
{
    if (!answers(m) || agent < 0 || agent >= (int32_t)m->scn->agent_count || pab__market_is_exchange(m, agent))
        return 0;
    int32_t own = pab__group_at(m, agent)->symbol;
    const pab__agent_view *views = pab__agent_view_at(m, agent);
    if (own >= 0)
        return own == (int32_t)symbol ? views[0].holding : 0;
    return symbol < m->scn->symbol_count ? views[symbol].holding : 0;
}

const void *pab_market_agent_state(const pab_market *m, int32_t agent)
{
    if (!answers(m) || agent < 0 || agent >= (int32_t)m->scn->agent_count || pab__market_is_exchange(m, agent))
        return NULL;
    return pab__group_at(m, agent)->type.state_size ? pab__agent_own_at(m, agent) : NULL;
}
