/* The list of built-in agent types, and what several of them need. */
#include "market/agents/agents.h"

#include "market/trader.h"

static const pab__builtin_type *const types[] = {
    &pab__noise_agent, &pab__value_agent, &pab__market_maker_agent, &pab__momentum_agent, &pab__idle_agent,
    &pab__arbitrage_agent, &pab__news_agent, &pab__flow_agent,
};

const pab__extension pab__market_extension = {.types = types, .type_count = sizeof types / sizeof types[0]};

int64_t pab__agent_period(pab_agent *self, double mean, int32_t poisson)
{
    return pab__round_half_even(poisson ? pab_agent_exponential(self, mean) : mean);
}

int pab__agent_quirk(const pab_agent *self, uint32_t bit)
{
    return pab__market_quirk(self->m, bit);
}
