/* Pair arbitrageur: trades both legs when their spread leaves a band around its running average, and so carries a
 * shock of one book into the other.
 *
 * The spread is ln(mid of first) - beta ln(mid of second), in bps; its average forgets with a half-life. Outside the
 * band it sells the dear leg and buys the cheap one at the touches, up to a position limit; once the spread is back
 * within a share of the band it closes its position, a clip at a time. What does not trade at once is cancelled next
 * time. */
#include "market/agents/agents.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "market/trader.h"

typedef struct arbitrage_params {
    char first[PAB_PARAM_TEXT_SIZE], second[PAB_PARAM_TEXT_SIZE];
    double beta, band, exit;
    int64_t half_life, wake_up_freq, size, max_position;
    int32_t poisson_arrival;
} arbitrage_params;

#define AT(member) offsetof(arbitrage_params, member)

static const pab_param params[] = {
    {"first", PAB_PARAM_TEXT, AT(first), "", NULL, 0, 0, NULL, "Symbol of the first leg."},
    {"second", PAB_PARAM_TEXT, AT(second), "", NULL, 0, 0, NULL, "Symbol of the second leg."},
    {"beta", PAB_PARAM_REAL, AT(beta), "", "1", -100, 100, NULL,
     "Return of the first leg per return of the second, as it believes."},
    {"band", PAB_PARAM_REAL, AT(band), "bps", "5", 0, 1e5, NULL, "Distance from the average at which it trades."},
    {"exit", PAB_PARAM_REAL, AT(exit), "", "0.2", 0, 1, NULL, "Share of the band within which it closes positions."},
    {"half_life", PAB_PARAM_DURATION, AT(half_life), "ns", "5min", 1, 1e18, NULL,
     "Time in which the average forgets half."},
    {"wake_up_freq", PAB_PARAM_DURATION, AT(wake_up_freq), "ns", "2s", 1, 1e18, NULL, "Mean time between wakings."},
    {"poisson_arrival", PAB_PARAM_BOOL, AT(poisson_arrival), "", "true", 0, 1, NULL,
     "Exponential times between wakings, instead of equal ones."},
    {"size", PAB_PARAM_INT, AT(size), "shares", "100", 1, 1e9, NULL, "Shares of the first leg in one clip."},
    {"max_position", PAB_PARAM_INT, AT(max_position), "shares", "500", 0, 1e12, NULL,
     "Most shares of the first leg held, long or short."},
};

typedef struct arbitrage_state {
    int32_t leg[2];  /* symbol indices */
    int32_t waiting; /* answers still to come */
    int32_t seen;    /* 1: the average has begun */
    double average;  /* of the spread, bps */
    int64_t time;    /* of the last spread */
} arbitrage_state;

static const arbitrage_params *params_of(const pab_agent *self)
{
    return pab_agent_params(self);
}

/* -1: there is none. */
static int32_t symbol_named(const pab_scenario *scn, const char *name)
{
    for (uint32_t s = 0; s < scn->symbol_count; s++) {
        if (strcmp(scn->symbols[s].name, name) == 0)
            return (int32_t)s;
    }
    return -1;
}

static void arbitrage_start(pab_agent *self, void *own)
{
    arbitrage_state *s = own;
    s->leg[0] = symbol_named(self->m->scn, params_of(self)->first);
    s->leg[1] = symbol_named(self->m->scn, params_of(self)->second);
}

static int64_t arbitrage_period(pab_agent *self, void *own)
{
    (void)own;
    return pab__agent_period(self, (double)params_of(self)->wake_up_freq, params_of(self)->poisson_arrival);
}

static void arbitrage_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    arbitrage_state *s = own;
    if (!can_trade)
        return;
    pab_agent_cancel_all(self);
    s->waiting = 2;
    pab_agent_query_spread(self, s->leg[0], 1);
    pab_agent_query_spread(self, s->leg[1], 1);
    pab_agent_wakeup_at(self, pab_agent_now(self) + arbitrage_period(self, own));
}

/* Mid in half-ticks, or 0 while a side is missing. */
static int64_t doubled_mid(const pab_agent *self, int32_t symbol)
{
    int64_t bid = pab_agent_bid(self, symbol), ask = pab_agent_ask(self, symbol);
    return bid > 0 && ask > 0 ? bid + ask : 0;
}

/* Distance of the spread from its average before this quote, bps; 0 for the first one. */
static double surprise(pab_agent *self, arbitrage_state *s, int64_t first, int64_t second)
{
    const arbitrage_params *p = params_of(self);
    double spread = 1e4 * (log((double)first) - p->beta * log((double)second));
    int64_t now = pab_agent_now(self);
    double off = s->seen ? spread - s->average : 0;
    double keep = s->seen ? exp2(-(double)(now - s->time) / (double)p->half_life) : 0;
    s->average = spread + keep * ((s->seen ? s->average : spread) - spread);
    s->seen = 1;
    s->time = now;
    return off;
}

/* Buys (sign +1) or sells the first leg at the touch and does the opposite, of equal worth, in the second. */
static void trade(pab_agent *self, const arbitrage_state *s, int sign, int64_t size, double ratio)
{
    int64_t other = pab__round_half_even((double)size * ratio);
    int side = params_of(self)->beta < 0 ? sign : -sign;
    int64_t price = sign > 0 ? pab_agent_ask(self, s->leg[0]) : pab_agent_bid(self, s->leg[0]);
    int64_t other_price = side > 0 ? pab_agent_ask(self, s->leg[1]) : pab_agent_bid(self, s->leg[1]);
    if (size <= 0 || other <= 0)
        return;
    pab_agent_limit_order(self, s->leg[0], sign > 0 ? PAB_BUY : PAB_SELL, size, price, 0);
    pab_agent_limit_order(self, s->leg[1], side > 0 ? PAB_BUY : PAB_SELL, other, other_price, 0);
}

static void act(pab_agent *self, arbitrage_state *s)
{
    const arbitrage_params *p = params_of(self);
    int64_t first = doubled_mid(self, s->leg[0]), second = doubled_mid(self, s->leg[1]);
    if (first == 0 || second == 0)
        return;
    double off = surprise(self, s, first, second);
    double ratio = fabs(p->beta) * (double)first / (double)second;
    int64_t held = pab_agent_holding(self, s->leg[0]);
    int sign = off > 0 ? -1 : 1;
    int64_t room = p->max_position - sign * held;
    if (fabs(off) > p->band)
        trade(self, s, sign, p->size < room ? p->size : room, ratio);
    else if (held != 0 && fabs(off) < p->exit * p->band)
        trade(self, s, held > 0 ? -1 : 1, llabs(held) < p->size ? llabs(held) : p->size, ratio);
}

static void arbitrage_message(pab_agent *self, void *own, const pab_message *msg, int32_t sender)
{
    arbitrage_state *s = own;
    (void)sender;
    if (msg->type != PAB_MSG_SPREAD || s->waiting == 0 || --s->waiting > 0 || pab_agent_market_closed(self))
        return;
    act(self, s);
}

static pab_status arbitrage_check(const pab_scenario *scn, const pab__group *g, const pab__node *map)
{
    const arbitrage_params *p = g->params;
    int32_t first = symbol_named(scn, p->first), second = symbol_named(scn, p->second);
    if (first < 0 || second < 0)
        return pab__node_fail(pab__node_find(map, first < 0 ? "first" : "second"), PAB_E_KEY,
                              "agents.%s.%s: there is no symbol '%.80s'%s", g->name, first < 0 ? "first" : "second",
                              first < 0 ? p->first : p->second, pab__scenario_symbol_names(scn).text);
    if (first == second)
        return pab__node_fail(map, PAB_E_RANGE, "agents.%s: first and second are the same symbol", g->name);
    if (g->symbol >= 0)
        return pab__node_fail(pab__node_find(map, "symbol"), PAB_E_KEY,
                              "agents.%s.symbol: agents of type arbitrage trade two symbols, expected none here",
                              g->name);
    return PAB_OK;
}

static int32_t arbitrage_accepts(pab_agent *self, const void *own)
{
    const arbitrage_state *s = own;
    for (int i = 0; i < 2; i++)
        if (s->leg[i] < 0 || s->leg[i] >= pab_agent_symbol_count(self))
            return 0;
    return 1;
}

const pab__builtin_type pab__arbitrage_agent = {
    .type = {
        .struct_size = sizeof(pab_agent_type),
        .state_size = sizeof(arbitrage_state),
        .params_size = sizeof(arbitrage_params),
        .params = params,
        .params_count = sizeof params / sizeof params[0],
        .name = "arbitrage",
        .label = "PairArbitrageAgent",
        .on_start = arbitrage_start,
        .first_wakeup = arbitrage_period,
        .on_wakeup = arbitrage_wakeup,
        .on_message = arbitrage_message,
        .accepts = arbitrage_accepts,
    },
    .role = PAB__ROLE_ARBITRAGE,
    .check = arbitrage_check,
};
