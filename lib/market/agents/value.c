/* Value agent: trades when the price is off its Bayesian estimate of the fundamental. docs/abides.md 4.5. */
#include "market/agents/agents.h"

#include <math.h>
#include <stdlib.h>

#include <pairsabides/book.h>

#include "base/rng.h"

typedef struct value_params {
    double sigma_n, kappa, sigma_s, lambda_a, percent_aggr;
    int64_t r_bar, depth_spread;
} value_params;

#define AT(member) offsetof(value_params, member)

static const pab_param params[] = {
    {"sigma_n", PAB_PARAM_REAL, AT(sigma_n), "ticks^2", "1000", 0, 1e18, NULL,
     "Variance of the noise on its observations."},
    {"r_bar", PAB_PARAM_INT, AT(r_bar), "ticks", "100000", 0, 1e12, NULL, "Mean of the fundamental, as it believes."},
    {"kappa", PAB_PARAM_REAL, AT(kappa), "1/ns", "1.67e-15", 0, 1, NULL,
     "Mean reversion of the fundamental, as it believes."},
    {"sigma_s", PAB_PARAM_REAL, AT(sigma_s), "ticks^2", "100000", 0, 1e18, NULL,
     "Shock variance of the fundamental, as it believes."},
    {"lambda_a", PAB_PARAM_REAL, AT(lambda_a), "1/ns", "5.7e-12", 1e-18, 1, NULL, "Rate of its wakings."},
    {"percent_aggr", PAB_PARAM_REAL, AT(percent_aggr), "", "0.1", 0, 1, NULL, "Share of orders at the touch."},
    {"depth_spread", PAB_PARAM_INT, AT(depth_spread), "spreads", "2", 0, 1000, NULL,
     "How far from the touch the others may lie."},
};

typedef struct value_state {
    int64_t previous; /* time of the last estimate */
    double estimate;  /* of the fundamental, ticks */
    double error;     /* variance of the estimate */
    double keep_squared; /* (1-kappa)^2 */
    int32_t waiting;  /* for the answer to its quote query */
    int32_t reserved;
} value_state;

static const value_params *params_of(const pab_agent *self)
{
    return pab_agent_params(self);
}

static void value_start(pab_agent *self, void *own)
{
    value_state *s = own;
    s->previous = pab_agent_market_open(self);
    s->estimate = (double)params_of(self)->r_bar;
    s->keep_squared = pow(1 - params_of(self)->kappa, 2.0);
}

static int64_t value_period(pab_agent *self, void *own)
{
    (void)own;
    return pab__agent_period(self, 1.0 / params_of(self)->lambda_a, 1);
}

static void value_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    value_state *s = own;
    (void)can_trade;
    s->waiting = 0;
    int32_t closed = pab_agent_market_closed(self);
    if (!pab_agent_hours_known(self) || (closed && pab_agent_close_known(self)))
        return;
    pab_agent_wakeup_at(self, pab_agent_now(self) + value_period(self, own));
    if (!closed)
        pab_agent_cancel_all(self);
    pab_agent_query_spread(self, pab_agent_symbol(self), 1);
    s->waiting = 1;
}

/* ABIDES' arithmetic, cancellation included: 1-(1-kappa)^d loses most digits, and the error estimate stays 0. */
static double estimate_as_abides(value_state *s, const value_params *p, double obs, double elapsed, double remaining)
{
    double keep = 1 - p->kappa, r_bar = (double)p->r_bar;
    double decay = pow(keep, elapsed), decay2 = pow(keep, 2 * elapsed);
    double rp = (1 - decay) * r_bar;
    rp += decay * s->estimate;
    double sp = decay2 * s->error;
    sp += ((1 - decay2) / (1 - s->keep_squared)) * p->sigma_s;
    double estimate = (p->sigma_n / (p->sigma_n + sp)) * rp;
    estimate += (sp / (p->sigma_n + sp)) * obs;
    s->estimate = estimate;
    s->error = (p->sigma_n * s->error) / (p->sigma_n + s->error);
    double left = pow(keep, remaining);
    double final = (1 - left) * r_bar;
    final += left * estimate;
    return final;
}

/* The same filter without cancellation, and with the error of the estimate carried on. */
static double estimate_exactly(value_state *s, const value_params *p, double obs, double elapsed, double remaining)
{
    double rate = log1p(-p->kappa), r_bar = (double)p->r_bar;
    double predicted = r_bar + (s->estimate - r_bar) * exp(rate * elapsed);
    double grown = rate < 0 ? expm1(2 * rate * elapsed) / expm1(2 * rate) : elapsed;
    double variance = exp(2 * rate * elapsed) * s->error + grown * p->sigma_s;
    double gain = p->sigma_n + variance > 0 ? variance / (p->sigma_n + variance) : 0;
    s->estimate = predicted + gain * (obs - predicted);
    s->error = gain * p->sigma_n;
    return r_bar + (s->estimate - r_bar) * exp(rate * remaining);
}

static int64_t estimate(pab_agent *self, value_state *s)
{
    const value_params *p = params_of(self);
    int64_t now = pab_agent_now(self), close = pab_agent_market_close(self);
    double obs = (double)pab_agent_observe(self, pab_agent_symbol(self), p->sigma_n);
    double elapsed = (double)(now - s->previous), remaining = (double)(close > now ? close - now : 0);
    s->previous = now;
    int as_abides = pab__agent_quirk(self, PAB_QUIRK_CANCELLING_ESTIMATE);
    double final = as_abides ? estimate_as_abides(s, p, obs, elapsed, remaining)
                             : estimate_exactly(s, p, obs, elapsed, remaining);
    return pab__round_half_even(final);
}

static void trade(pab_agent *self, value_state *s)
{
    const value_params *p = params_of(self);
    int32_t symbol = pab_agent_symbol(self);
    int64_t target = estimate(self, s), price = target;
    int64_t bid = pab_agent_bid(self, symbol), ask = pab_agent_ask(self, symbol);
    int32_t side;
    if (bid != 0 && ask != 0) {
        int64_t mid = (ask + bid) / 2, spread = llabs(ask - bid), adjust = 0;
        if (!(pab_agent_uniform(self, 0.0, 1.0) < p->percent_aggr))
            adjust = pab_agent_randint(self, 0, p->depth_spread * spread);
        side = target < mid ? PAB_SELL : PAB_BUY;
        price = side == PAB_SELL ? bid + adjust : ask - adjust;
    } else {
        side = pab_agent_randint(self, 0, 2) ? PAB_BUY : PAB_SELL;
    }
    int64_t size = pab_agent_order_size(self);
    if (size > 0)
        pab_agent_limit_order(self, symbol, side, size, price, 0);
}

static void value_message(pab_agent *self, void *own, const pab_message *msg, int32_t sender)
{
    value_state *s = own;
    (void)sender;
    if (!s->waiting || msg->type != PAB_MSG_SPREAD || pab_agent_market_closed(self))
        return;
    trade(self, s);
    s->waiting = 0;
}

/* ABIDES values each position at the fundamental when it stops; asking can move a query-driven path. */
static void value_stop(pab_agent *self, void *own)
{
    (void)own;
    pab_agent_observe(self, pab_agent_symbol(self), 0);
}

const pab__builtin_type pab__value_agent = {
    .type = {
        .struct_size = sizeof(pab_agent_type),
        .state_size = sizeof(value_state),
        .params_size = sizeof(value_params),
        .params = params,
        .params_count = sizeof params / sizeof params[0],
        .name = "value",
        .label = "ValueAgent",
        .on_start = value_start,
        .first_wakeup = value_period,
        .on_wakeup = value_wakeup,
        .on_message = value_message,
        .on_stop = value_stop,
    },
    .role = PAB__ROLE_VALUE,
    .needs = PAB__NEEDS_SYMBOL | PAB__NEEDS_ORACLE,
};
