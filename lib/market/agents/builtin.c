/* The list of built-in agent types, and what several of them need. */
#include "market/agents/agents.h"

#include "market/market.h"

const pab_agent_type *pab__builtin_agent_type(uint32_t index)
{
    static const pab_agent_type *const types[] = {
        &pab__noise_agent, &pab__value_agent, &pab__market_maker_agent, &pab__momentum_agent, &pab__idle_agent,
        &pab__arbitrage_agent, &pab__pair_executor_agent,
    };
    return index < sizeof types / sizeof types[0] ? types[index] : NULL;
}

int64_t pab__draw_period(pab_agent *self, double mean, int32_t poisson)
{
    return pab__round_half_even(poisson ? pab_agent_exponential(self, mean) : mean);
}

int pab__agent_quirk(const pab_agent *self, uint32_t bit)
{
    return pab__quirk(self->m, bit);
}
