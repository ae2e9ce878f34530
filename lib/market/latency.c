/* How long messages travel: not at all, by distance on a line, or by distance with cubic jitter. */
#include "market/latency.h"
#include "market/streams.h"

#include <math.h>

static double *position_of(const pab_market *m, int32_t id)
{
    return (double *)(void *)m->pools.positions.data + id;
}

static int64_t by_distance(const pab_market *m, int32_t i, int32_t j)
{
    return pab__trunc(fabs(*position_of(m, i) - *position_of(m, j)) / m->scn->latency.metres_per_ns);
}

static double draw_position(pab_market *m, int32_t id)
{
    double length = m->scn->latency.line_length;
    if (m->mt) {
        pab__draw d = pab__stream_latency(m);
        return pab__draw_uniform(&d, 0.0, length);
    }
    pab__rng own;
    pab__rng_seed(&own, pab__rng_key(m->core.seed, pab__stream_agent_key(m->scn, id), PAB__PURPOSE_POSITION));
    pab__draw d = pab__stream_draw(m, &own, 0);
    return pab__draw_uniform(&d, 0.0, length);
}

void pab__latency_build(pab_market *m)
{
    if (m->scn->latency.model == PAB__LATENCY_NONE)
        return;
    int32_t count = (int32_t)m->scn->agent_count;
    for (int32_t id = 0; id < count; id++)
        *position_of(m, id) = draw_position(m, id);
    for (int32_t id = 0; id < count; id++)
        pab__agent_at(m, id)->latency = by_distance(m, id, m->places[id].exchange);
}

/* Nearly all traffic is between an agent and its exchange: that distance is cached. */
static int64_t undisturbed(const pab_market *m, int32_t sender, int32_t recipient)
{
    if (m->places[sender].exchange == recipient)
        return pab__agent_at(m, sender)->latency;
    if (m->places[recipient].exchange == sender)
        return pab__agent_at(m, recipient)->latency;
    return by_distance(m, sender, recipient);
}

static double draw_jitter(pab_market *m, int32_t sender)
{
    double clip = m->scn->latency.jitter_clip;
    if (m->mt) {
        pab__draw d = pab__stream_latency(m);
        return pab__draw_uniform(&d, clip, 1.0);
    }
    /* Keyed by (agent, message number): another agent's traffic changes nothing. */
    pab__rng own;
    pab__rng_seed(&own, pab__rng_key(m->core.seed, pab__stream_agent_key(m->scn, sender), PAB__PURPOSE_LATENCY));
    own.words = (uint64_t)pab__agent_at(m, sender)->sent * 2;
    pab__draw d = pab__stream_draw(m, &own, 0);
    return pab__draw_uniform(&d, clip, 1.0);
}

int64_t pab__latency_between(pab_market *m, int32_t sender, int32_t recipient)
{
    const pab__latency_params *p = &m->scn->latency;
    if (p->model == PAB__LATENCY_NONE)
        return 0;
    int64_t base = undisturbed(m, sender, recipient);
    if (p->model == PAB__LATENCY_DETERMINISTIC)
        return base;
    double x = draw_jitter(m, sender);
    double b = (double)base;
    return pab__trunc(b + ((p->jitter / pow(x, 3.0)) * (b / p->jitter_unit)));
}
