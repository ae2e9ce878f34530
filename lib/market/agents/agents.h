/* The built-in agent types. Each is one file, written against pairsabides/agent.h. */
#ifndef PAB_MARKET_AGENTS_AGENTS_H
#define PAB_MARKET_AGENTS_AGENTS_H

#include <pairsabides/agent.h>

#include <stddef.h>

extern const pab_agent_type pab__noise_agent;
extern const pab_agent_type pab__value_agent;
extern const pab_agent_type pab__momentum_agent;
extern const pab_agent_type pab__market_maker_agent;
extern const pab_agent_type pab__idle_agent;
extern const pab_agent_type pab__pair_executor_agent; /* lib/env: an environment's own agent */
extern const pab_agent_type pab__arbitrage_agent;

/* When a noise agent wakes, from its state. */
int64_t pab__noise_wake_time(const void *own);

/* Is this the symbol of a leg (0 or 1) of the group of arbitrageurs with these parameters? */
int32_t pab__arbitrage_knows(const void *group_params, int32_t leg, const char *symbol);

/* The side that a maker has withdrawn from, from its state: PAB_BUY, PAB_SELL, or 0 for none. */
int32_t pab__maker_withdrawn(const void *own);

/* A period or an offset: its length exactly, or exponential with that mean. */
int64_t pab__draw_period(pab_agent *self, double mean, int32_t poisson);

/* Is a quirk of the scenario on? */
int pab__agent_quirk(const pab_agent *self, uint32_t bit);

#endif
