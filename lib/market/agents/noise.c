/* Noise agent: wakes once, at a random time of the day, and buys or sells at the touch. golden/README 4.4. */
#include "market/agents/agents.h"

#include <math.h>

#include "market/market.h"

typedef struct noise_state {
    int64_t wake_time;
    int32_t waiting; /* for the answer to its quote query */
    int32_t reserved;
} noise_state;

/* Wake times crowd around the middle of the day: the cube root of a uniform draw. */
static void noise_build(pab_agent *self, void *own)
{
    noise_state *s = own;
    const pab__clock *clock = &self->m->scn->clock;
    double z = 0.25 * pab_agent_shared_uniform(self) - 0.125;
    double root = z < 0 ? -pow(-z, 1.0 / 3.0) : pow(z, 1.0 / 3.0);
    double part = (root + 0.5) * (double)(clock->noise_close - clock->noise_open);
    /* Through a double near 1.6e18, ABIDES' times fall on a 256 ns grid. */
    if (pab__quirk(self->m, PAB_QUIRK_WAKE_GRID))
        s->wake_time = pab__trunc((double)clock->noise_open + part);
    else
        s->wake_time = clock->noise_open + pab__trunc(part);
}

static int64_t noise_first_wakeup(pab_agent *self, void *own)
{
    (void)own;
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
    pab_agent_query_spread(self, pab_agent_symbol(self), 1);
    s->waiting = 1;
}

static void trade(pab_agent *self)
{
    int32_t symbol = pab_agent_symbol(self);
    int64_t buy = pab_agent_randint(self, 0, 2);
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

int64_t pab__noise_wake_time(const void *own)
{
    return ((const noise_state *)own)->wake_time;
}

const pab_agent_type pab__noise_agent = {
    .struct_size = sizeof(pab_agent_type),
    .state_size = sizeof(noise_state),
    .name = "noise",
    .label = "NoiseAgent",
    .on_build = noise_build,
    .first_wakeup = noise_first_wakeup,
    .on_wakeup = noise_wakeup,
    .on_message = noise_message,
};
