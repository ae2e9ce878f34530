/* The built-in agent types. Each is one file, written against pairsabides/agent.h. */
#ifndef PAB_MARKET_AGENTS_AGENTS_H
#define PAB_MARKET_AGENTS_AGENTS_H

#include <stddef.h>

#include "scenario/extension.h"

extern const pab__builtin_type pab__noise_agent;
extern const pab__builtin_type pab__value_agent;
extern const pab__builtin_type pab__momentum_agent;
extern const pab__builtin_type pab__market_maker_agent;
extern const pab__builtin_type pab__idle_agent;
extern const pab__builtin_type pab__arbitrage_agent;
extern const pab__builtin_type pab__news_agent;
extern const pab__builtin_type pab__flow_agent;

/* What the market adds to scenarios: the types above. */
extern const pab__extension pab__market_extension;

/* A period or an offset: its length exactly, or exponential with that mean. */
int64_t pab__agent_period(pab_agent *self, double mean, int32_t poisson);

/* Is a quirk of the scenario on? */
int pab__agent_quirk(const pab_agent *self, uint32_t bit);

#endif
