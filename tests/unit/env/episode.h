/* What the tests of the environment share: scenarios that are quick to warm up, and a hostile agent. */
#ifndef EPISODE_H
#define EPISODE_H

#include <stdio.h>
#include <string.h>

#include <pairsabides/env.h>

#include "../status.h"

#define OBS PAB_ENV_OBSERVATIONS

/* Sends market and limit orders of random size on a random side of a random symbol: it fills whatever rests. */
static inline void shark_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    (void)own;
    if (can_trade) {
        int32_t symbol = (int32_t)pab_agent_randint(self, 0, pab_agent_symbol_count(self));
        int32_t side = pab_agent_randint(self, 0, 2) ? PAB_BUY : PAB_SELL;
        int64_t size = pab_agent_randint(self, 1, 400);
        if (pab_agent_randint(self, 0, 2) || pab_agent_last_trade(self, symbol) == 0)
            pab_agent_market_order(self, symbol, side, size);
        else
            pab_agent_limit_order(self, symbol, side, size,
                                  pab_agent_last_trade(self, symbol) - side * pab_agent_randint(self, 1, 20), 0);
        pab_agent_query_last_trade(self, symbol);
    }
    pab_agent_wakeup_at(self, pab_agent_now(self) + 1 + (int64_t)pab_agent_exponential(self, 4e8));
}

/* The pair preset with an executor that decides soon; `more` is YAML that goes on top. */
static inline pab_scenario *make_pair(const char *more)
{
    static const char yaml[] =
        "preset: pair\n"
        "agents: {shark: {type: shark, count: 2}, executor: {type: pair_executor}}\n"
        "pair: {warmup: 30s, horizon: 60s, interval: 5s, quantity: 200, side: seed, hedge: dollar}\n";
    pab_agent_type shark;
    pab_config *cfg;
    pab_scenario *scn;
    must(pab_agent_type_init(&shark, sizeof shark));
    shark.name = "shark";
    shark.label = "Shark";
    shark.on_wakeup = shark_wakeup;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_add_agent_type(cfg, &shark));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "make_pair"));
    if (more)
        must(pab_config_parse(cfg, more, strlen(more), "more"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

static inline pab_env *make_env(const char *more)
{
    pab_scenario *scn = make_pair(more);
    pab_env *env;
    must(pab_env_new(scn, &env));
    pab_scenario_free(scn);
    return env;
}

/* A small generator of actions that owes nothing to the library. */
static inline uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static inline pab_step_result step(pab_env *env, int32_t a, int32_t b)
{
    pab_step_result r;
    int32_t action[2] = {a, b};
    must(pab_step_result_init(&r, sizeof r));
    must(pab_env_step(env, action, NULL, 0, &r));
    return r;
}

static inline pab_env_status describe(const pab_env *env)
{
    pab_env_status s = {.struct_size = sizeof s};
    must(pab_env_describe(env, &s));
    return s;
}

static inline uint64_t hash_of(const pab_env *env)
{
    uint64_t hash;
    must(pab_env_hash(env, &hash));
    return hash;
}

#endif
