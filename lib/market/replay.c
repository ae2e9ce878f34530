/* The states of a market's generators, for replays of recorded runs. */
#include <pairsabides/replay.h>

#include "market/streams.h"
#include "scenario/extension.h"

/* Peeking at a generator changes no state, but its signature does not say so. */
static pab_market *reader_of(const pab_market *m)
{
    return (pab_market *)(uintptr_t)m;
}

static int has_agent(const pab_market *m, int32_t agent)
{
    return m && agent >= 0 && agent < (int32_t)m->scn->agent_count;
}

uint32_t pab_replay_word(const pab_market *m, int32_t generator)
{
    if (!m || (generator != PAB_REPLAY_GLOBAL && generator != PAB_REPLAY_LATENCY))
        return 0;
    pab__draw d = generator == PAB_REPLAY_GLOBAL ? pab__stream_global(reader_of(m)) : pab__stream_latency(reader_of(m));
    return pab__draw_peek(&d);
}

uint32_t pab_replay_oracle_word(const pab_market *m, uint32_t symbol)
{
    if (!m || symbol >= m->scn->symbol_count)
        return 0;
    pab__draw d = pab__stream_symbol(reader_of(m), symbol);
    return pab__draw_peek(&d);
}

uint32_t pab_replay_agent_word(const pab_market *m, int32_t agent)
{
    if (!has_agent(m, agent))
        return 0;
    pab__draw d = pab__stream_agent(reader_of(m), agent);
    return pab__draw_peek(&d);
}

int32_t pab_replay_agent_gauss(const pab_market *m, int32_t agent)
{
    return has_agent(m, agent) && (pab__agent_at(m, agent)->rng.words & PAB__RNG_HAS_GAUSS) != 0;
}

int64_t pab_replay_agent_wakeup(const pab_market *m, int32_t agent)
{
    if (!has_agent(m, agent) || pab__market_is_exchange(m, agent))
        return 0;
    const pab__builtin_type *builtin = pab__group_at(m, agent)->builtin;
    return builtin && builtin->wakeup_time ? builtin->wakeup_time(pab__agent_own_at(m, agent)) : 0;
}
