/* Random numbers of a market: which generator draws for whom. With rng: abides all of them are Mersenne Twisters,
 * expanded in a cache; with rng: fast they are counters keyed by seed, name and purpose. */
#ifndef PAB_MARKET_STREAMS_H
#define PAB_MARKET_STREAMS_H

#include "market/market.h"

/* Owners of generators in the MT cache: agents by id, then these, then one per symbol. */
static inline pab__draw pab__stream_draw(const pab_market *m, pab__rng *rng, uint32_t owner)
{
    return (pab__draw){rng, m->mt, owner};
}

static inline pab__draw pab__stream_global(pab_market *m)
{
    return pab__stream_draw(m, &m->core.global, m->scn->agent_count);
}

static inline pab__draw pab__stream_latency(pab_market *m)
{
    return pab__stream_draw(m, &m->core.latency, m->scn->agent_count + 1);
}

static inline pab__draw pab__stream_symbol(pab_market *m, uint32_t symbol)
{
    return pab__stream_draw(m, &pab__symbol_at(m, symbol)->rng, m->scn->agent_count + 2 + symbol);
}

static inline pab__draw pab__stream_agent(pab_market *m, int32_t id)
{
    return pab__stream_draw(m, &pab__agent_at(m, id)->rng, (uint32_t)id);
}

/* Purposes of keyed streams. */
enum {
    PAB__PURPOSE_AGENT = 1,
    PAB__PURPOSE_BUILD = 2,
    PAB__PURPOSE_POSITION = 3,
    PAB__PURPOSE_LATENCY = 4,
    PAB__PURPOSE_ORACLE = 5,
    PAB__PURPOSE_SHOCK = 6,
    PAB__PURPOSE_GLOBAL = 7,
    PAB__PURPOSE_FORK = 8,
    PAB__PURPOSE_COMMON = 9,
    PAB__PURPOSE_EVENT = 10,
    PAB__PURPOSE_WITHDRAWAL = 11
};

/* Name of an agent's keyed streams: its group and its number in it, so that other agents may come and go. */
uint64_t pab__stream_agent_key(const pab_scenario *scn, int32_t id);

#endif
