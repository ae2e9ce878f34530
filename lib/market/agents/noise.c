/* Noise agent: buys or sells at the touch, at a random time of the day (docs/abides.md 4.4) or again and again. */
#include "market/agents/agents.h"

#include <math.h>

#include "market/trader.h"

enum { ARRIVAL_PEAK, ARRIVAL_UNIFORM, ARRIVAL_POISSON };

typedef struct noise_params {
    int32_t arrival;
    int64_t wake_up_freq;
    double herding;
} noise_params;

#define AT(member) offsetof(noise_params, member)

static const pab_param params[] = {
    {"arrival", PAB_PARAM_CHOICE, AT(arrival), "", "peak", 0, 2, "peak|uniform|poisson",
     "Once, crowding at the middle of the noise window; once, anywhere in it; or again and again from the open."},
    {"wake_up_freq", PAB_PARAM_DURATION, AT(wake_up_freq), "ns", "60s", 1, 1e18, NULL,
     "Poisson: mean time between wakings."},
    {"herding", PAB_PARAM_REAL, AT(herding), "", "0", 0, 1, NULL,
     "Poisson: chance of joining the side that the last trade came from, instead of a random one."},
};

typedef struct noise_state {
    int64_t wake_time;
    int32_t waiting; /* for the answer to its quote query */
    int32_t reserved;
} noise_state;

static const noise_params *params_of(const pab_agent *self)
{
    return pab_agent_params(self);
}

/* Wake times crowd around the middle of the day: the cube root of a uniform draw. */
static void noise_build(pab_agent *self, void *own)
{
    noise_state *s = own;
    const pab__clock *clock = &self->m->scn->clock;
    if (params_of(self)->arrival == ARRIVAL_POISSON)
        return;
    double u = pab_agent_shared_uniform(self), z = 0.25 * u - 0.125;
    double root = z < 0 ? -pow(-z, 1.0 / 3.0) : pow(z, 1.0 / 3.0);
    double share = params_of(self)->arrival == ARRIVAL_UNIFORM ? u : root + 0.5;
    double part = share * (double)(clock->noise_close - clock->noise_open);
    /* Through a double near 1.6e18, ABIDES' times fall on a 256 ns grid. */
    if (pab__market_quirk(self->m, PAB_QUIRK_WAKE_GRID))
        s->wake_time = pab__trunc((double)clock->noise_open + part);
    else
        s->wake_time = clock->noise_open + pab__trunc(part);
}

static int64_t noise_first_wakeup(pab_agent *self, void *own)
{
    (void)own;
    if (params_of(self)->arrival == ARRIVAL_POISSON)
        return pab__agent_period(self, (double)params_of(self)->wake_up_freq, 1);
    return pab_agent_randint(self, 0, 100);
}

static void noise_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    noise_state *s = own;
    (void)can_trade;
    s->waiting = 0;
    if (!pab_agent_hours_known(self) || (pab_agent_market_closed(self) && pab_agent_close_known(self)))
        return;
    if (s->wake_time > pab_agent_now(self)) {
        pab_agent_wakeup_at(self, s->wake_time);
        return;
    }
    if (params_of(self)->arrival == ARRIVAL_POISSON) {
        pab_agent_cancel_all(self);
        int64_t wait = pab__agent_period(self, (double)params_of(self)->wake_up_freq, 1);
        pab_agent_wakeup_at(self, pab_agent_now(self) + wait);
    }
    pab_agent_query_spread(self, pab_agent_symbol(self), 1);
    s->waiting = 1;
}

/* A last trade above the mid was a purchase. */
static int64_t choose_side(pab_agent *self)
{
    int32_t symbol = pab_agent_symbol(self);
    int64_t buy = pab_agent_randint(self, 0, 2);
    double herding = params_of(self)->herding;
    if (params_of(self)->arrival != ARRIVAL_POISSON || herding == 0 || !(pab_agent_uniform(self, 0, 1) < herding))
        return buy;
    int64_t last = 2 * pab_agent_last_trade(self, symbol);
    int64_t mid = pab_agent_bid(self, symbol) + pab_agent_ask(self, symbol);
    return last == mid ? buy : last > mid;
}

static void trade(pab_agent *self)
{
    int32_t symbol = pab_agent_symbol(self);
    int64_t buy = choose_side(self);
    int64_t size = pab_agent_order_size(self);
    int64_t price = buy ? pab_agent_ask(self, symbol) : pab_agent_bid(self, symbol);
    if (size > 0 && price != 0)
        pab_agent_limit_order(self, symbol, buy ? PAB_BUY : PAB_SELL, size, price, 0);
}

static void noise_message(pab_agent *self, void *own, const pab_message *msg, int32_t sender)
{
    noise_state *s = own;
    (void)sender;
    if (!s->waiting || msg->type != PAB_MSG_SPREAD || pab_agent_market_closed(self))
        return;
    trade(self);
    s->waiting = 0;
}

static int64_t noise_wakeup_time(const void *own)
{
    return ((const noise_state *)own)->wake_time;
}

const pab__builtin_type pab__noise_agent = {
    .type = {
        .struct_size = sizeof(pab_agent_type),
        .state_size = sizeof(noise_state),
        .params_size = sizeof(noise_params),
        .params = params,
        .params_count = sizeof params / sizeof params[0],
        .name = "noise",
        .label = "NoiseAgent",
        .on_build = noise_build,
        .first_wakeup = noise_first_wakeup,
        .on_wakeup = noise_wakeup,
        .on_message = noise_message,
    },
    .role = PAB__ROLE_NOISE,
    .needs = PAB__NEEDS_SYMBOL,
    .wakeup_time = noise_wakeup_time,
};
