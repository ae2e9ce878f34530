/* Momentum agent: buys when the short moving average of the mid is above the long one. docs/abides.md 4.6. */
#include "market/agents/agents.h"

#include <math.h>

#include "scenario/scenario.h"

#define SHORT_LENGTH 20
#define LONG_LENGTH 50

typedef struct momentum_params {
    int64_t wake_up_freq, subscribe_freq, subscribe_depth;
    int32_t poisson_arrival, subscribe;
} momentum_params;

#define AT(member) offsetof(momentum_params, member)

static const pab_param params[] = {
    {"wake_up_freq", PAB_PARAM_DURATION, AT(wake_up_freq), "ns", "37s", 1, 1e18, NULL, "Mean time between wakings."},
    {"poisson_arrival", PAB_PARAM_BOOL, AT(poisson_arrival), "", "true", 0, 1, NULL,
     "Exponential times between wakings, instead of equal ones."},
    {"subscribe", PAB_PARAM_BOOL, AT(subscribe), "", "false", 0, 1, NULL, "Act on a subscription instead of polling."},
    {"subscribe_freq", PAB_PARAM_DURATION, AT(subscribe_freq), "ns", "10s", 0, 1e18, NULL,
     "Least time between two subscribed quotes."},
    {"subscribe_depth", PAB_PARAM_INT, AT(subscribe_depth), "levels", "1", 1, 256, NULL, "Depth of subscribed quotes."},
};

typedef struct momentum_state {
    int64_t doubled[LONG_LENGTH]; /* bid + ask, the last LONG_LENGTH of them */
    int64_t short_sum, long_sum;  /* of the last SHORT_LENGTH and LONG_LENGTH */
    double short_mean, long_mean;
    int64_t seen; /* quotes in all */
    int32_t waiting, subscribed;
} momentum_state;

static const momentum_params *params_of(const pab_agent *self)
{
    return pab_agent_params(self);
}

static int64_t momentum_period(pab_agent *self, void *own)
{
    (void)own;
    return pab__agent_period(self, (double)params_of(self)->wake_up_freq, params_of(self)->poisson_arrival);
}

static void momentum_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    momentum_state *s = own;
    const momentum_params *p = params_of(self);
    int32_t symbol = pab_agent_symbol(self);
    if (p->subscribe) {
        pab_message_subscription sub = {.interval = p->subscribe_freq, .depth = (int32_t)p->subscribe_depth};
        if (!s->subscribed)
            pab_agent_subscribe(self, PAB_MSG_L2_SUBSCRIBE, symbol, &sub);
        s->subscribed = 1;
    } else if (can_trade) {
        pab_agent_query_spread(self, symbol, 1);
        s->waiting = 1;
    }
}

/* Mean of `n` mids, rounded to cents; the sum of halves is exact. */
static double rounded_mean(int64_t doubled_sum, int n)
{
    double mean = (double)doubled_sum / 2.0 / n;
    return nearbyint(mean * 100.0) / 100.0;
}

static void take_quote(momentum_state *s, int64_t doubled)
{
    int64_t at = s->seen % LONG_LENGTH;
    int64_t leaves_short = s->seen >= SHORT_LENGTH ? s->doubled[(at + LONG_LENGTH - SHORT_LENGTH) % LONG_LENGTH] : 0;
    s->short_sum += doubled - leaves_short;
    s->long_sum += doubled - s->doubled[at];
    s->doubled[at] = doubled;
    s->seen++;
    if (s->seen > SHORT_LENGTH)
        s->short_mean = rounded_mean(s->short_sum, SHORT_LENGTH);
    if (s->seen > LONG_LENGTH)
        s->long_mean = rounded_mean(s->long_sum, LONG_LENGTH);
}

static void trade(pab_agent *self, momentum_state *s)
{
    int32_t symbol = pab_agent_symbol(self);
    int64_t bid = pab_agent_bid(self, symbol), ask = pab_agent_ask(self, symbol);
    if (bid == 0 || ask == 0)
        return;
    take_quote(s, bid + ask);
    if (s->seen <= LONG_LENGTH)
        return;
    int64_t size = pab_agent_order_size(self);
    if (size <= 0)
        return;
    int up = s->short_mean >= s->long_mean;
    pab_agent_limit_order(self, symbol, up ? PAB_BUY : PAB_SELL, size, up ? ask : bid, 0);
}

static void momentum_message(pab_agent *self, void *own, const pab_message *msg, int32_t sender)
{
    momentum_state *s = own;
    (void)sender;
    if (params_of(self)->subscribe) {
        if (msg->type == PAB_MSG_L2_DATA)
            trade(self, s);
        return;
    }
    if (!s->waiting || msg->type != PAB_MSG_SPREAD)
        return;
    s->waiting = 0;
    if (pab_agent_market_closed(self) && !pab__agent_quirk(self, PAB_QUIRK_BLIND_MOMENTUM))
        return;
    trade(self, s);
    pab_agent_wakeup_at(self, pab_agent_now(self) + momentum_period(self, own));
}

static int32_t momentum_accepts(pab_agent *self, const void *own)
{
    (void)self;
    return ((const momentum_state *)own)->seen >= 0;
}

const pab__builtin_type pab__momentum_agent = {
    .type = {
        .struct_size = sizeof(pab_agent_type),
        .state_size = sizeof(momentum_state),
        .params_size = sizeof(momentum_params),
        .params = params,
        .params_count = sizeof params / sizeof params[0],
        .name = "momentum",
        .label = "MomentumAgent",
        .first_wakeup = momentum_period,
        .on_wakeup = momentum_wakeup,
        .on_message = momentum_message,
        .accepts = momentum_accepts,
    },
    .role = PAB__ROLE_MOMENTUM,
    .needs = PAB__NEEDS_SYMBOL,
};
