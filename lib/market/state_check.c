/* One pass over a state that came from a file. The checksum detects damage, this detects states that no run produces: a
 * forged state is refused and never followed to memory that is not the market's. */
#include "market/state_check.h"

#include <math.h>
#include <string.h>

#include "book/check.h"
#include "market/trader.h"

#define DELAY_MAX (INT64_C(1) << 60)  /* ns */
/* Replayed generators are run forward to where they stood: a second for all. A day of rmsc04 draws 200 000 words. */
#define WORDS_MAX (UINT64_C(1) << 28)

int pab__check_fault(pab__state_check *c, const char *reason)
{
    c->reason = c->reason ? c->reason : reason;
    return 0;
}

/* --- Agents --- */

static int generator_is_sound(pab__state_check *c, const pab__rng *rng)
{
    if (!isfinite(rng->gauss))
        return 0;
    if (!c->m->mt)
        return 1;
    uint64_t words = rng->words & ~PAB__RNG_HAS_GAUSS;
    if (rng->key > UINT32_MAX || words > WORDS_MAX - c->words)
        return 0;
    c->words += words;
    return 1;
}

static int opens_are_sound(pab__state_check *c, int32_t id)
{
    const pab__agent_state *a = pab__agent_at(c->m, id);
    uint32_t prev = PAB__NONE, count = 0;
    for (uint32_t slot = a->open_first; slot != PAB__NONE; count++) {
        if (!pab__pool_see(&c->m->pools.opens, c->opens, slot))
            return 0;
        const pab__open_order *o = pab__open_at(c->m, slot);
        if (o->owner != id || o->prev != prev || !pab__check_is_symbol(c, o->symbol) || !pab__check_is_side(o->side))
            return 0;
        prev = slot;
        slot = o->next;
    }
    return prev == a->open_last && count == a->open_count;
}

static int in_span(int64_t time)
{
    return time >= -PAB__CHECK_TIME_MAX && time <= PAB__CHECK_TIME_MAX;
}

static int agent_is_sound(pab__state_check *c, int32_t id)
{
    const pab__agent_state *a = pab__agent_at(c->m, id);
    if (!in_span(a->busy_until) || !in_span(a->last_time) || !in_span(a->park_time) || a->flags > 31)
        return pab__check_fault(c, "an agent's times are out of range");
    if (a->computation_delay < 0 || a->computation_delay > DELAY_MAX || a->latency < 0 || a->latency > DELAY_MAX)
        return pab__check_fault(c, "an agent's delays are out of range");
    if (!generator_is_sound(c, &a->rng))
        return pab__check_fault(c, "an agent's generator stands where none can");
    if (!opens_are_sound(c, id))
        return pab__check_fault(c, "an agent's open orders do not hang together");
    if (pab__check_is_trader(c, id) && !pab__trader_accepts(c->m, id))
        return pab__check_fault(c, "an agent's own state is none of its type");
    return pab__check_parked(c, id);
}

/* A free slot is recognised by its id. */
static int free_opens_are_marked(const pab__state_check *c)
{
    for (uint32_t i = 0; i < c->m->pools.opens.mark.count; i++)
        if (c->opens[i] == PAB__SLOT_FREE && pab__open_at(c->m, i)->id != -1)
            return 0;
    return 1;
}

/* Those who asked for the close price, in a chain. */
static int close_chain_is_sound(pab__state_check *c)
{
    const pab__market_core *core = &c->m->core;
    const int32_t *next = (const int32_t *)(const void *)c->m->pools.close_next.data;
    int32_t last = -1;
    for (int32_t id = core->close_first; id >= 0; id = next[id]) {
        if (!pab__check_is_trader(c, id) || c->agents[id] || !(pab__agent_at(c->m, id)->flags & PAB__AGENT_WANTS_CLOSE))
            return pab__check_fault(c, "its list of close-price requests is broken");
        c->agents[id] = 1;
        last = id;
    }
    return last == core->close_last ? 1 : pab__check_fault(c, "its list of close-price requests is broken");
}

/* --- Symbols --- */

static int oracle_is_sound(pab__state_check *c, const pab__symbol_state *s)
{
    int64_t open = c->m->scn->clock.oracle_open;
    for (int i = 0; i < 3; i++)
        if (s->pending[i].time < open || !isfinite(s->pending[i].value))
            return s->pending[i].time == 0; /* an oracle that has no such jumps */
    return s->time >= open && s->time <= PAB__CHECK_TIME_MAX && s->shock_time >= open && isfinite(s->exact) &&
           isfinite(s->jump) && isfinite(s->shown) && isfinite(s->shock_value) && generator_is_sound(c, &s->rng) &&
           generator_is_sound(c, &s->shock_rng);
}

static int subscriptions_are_sound(pab__state_check *c, const pab__symbol_state *s)
{
    uint32_t last = PAB__NONE;
    for (uint32_t slot = s->sub_first; slot != PAB__NONE;) {
        if (!pab__pool_see(&c->m->pools.subs, c->subs, slot))
            return 0;
        const pab__subscription *sub = pab__pool_at(&c->m->pools.subs, slot);
        if (sub->type < PAB_MSG_L1_SUBSCRIBE || sub->type > PAB_MSG_IMBALANCE_SUBSCRIBE ||
            !pab__check_is_trader(c, sub->agent) || !in_span(sub->last_update))
            return 0;
        last = slot;
        slot = sub->next;
    }
    return last == s->sub_last;
}

/* Symbols with subscriptions, in a chain. */
static int symbol_chain_is_sound(const pab__state_check *c)
{
    uint32_t left = c->m->scn->symbol_count, named = 0;
    for (int32_t s = c->m->core.sub_symbol; s != -1; s = pab__symbol_at(c->m, (uint32_t)s)->sub_next, named++)
        if (!pab__check_is_symbol(c, s) || left-- == 0)
            return 0;
    for (uint32_t s = 0; s < c->m->scn->symbol_count; s++)
        named -= pab__symbol_at(c->m, s)->sub_next != -2;
    return named == 0;
}

static int symbol_is_sound(pab__state_check *c, uint32_t symbol)
{
    const pab__symbol_state *s = pab__symbol_at(c->m, symbol);
    if (!oracle_is_sound(c, s))
        return pab__check_fault(c, "a fundamental's path is out of range");
    return subscriptions_are_sound(c, s) ? 1 : pab__check_fault(c, "its subscriptions do not hang together");
}

/* --- All of it --- */

static int core_is_sound(pab__state_check *c)
{
    const pab__market_core *core = &c->m->core;
    if (core->ready != 1 || (core->ended & ~1) != 0 || (core->finished & ~1) != 0)
        return pab__check_fault(c, "its flags are unknown");
    if (core->now < c->m->scn->clock.kernel_start || core->now > PAB__CHECK_TIME_MAX || !in_span(core->last_delivery))
        return pab__check_fault(c, "its time is outside the day");
    if (core->next_order_id < 0 || core->next_order_id > PAB__CHECK_TIME_MAX)
        return pab__check_fault(c, "its order ids are out of range");
    if (!generator_is_sound(c, &core->global) || !generator_is_sound(c, &core->latency))
        return pab__check_fault(c, "a generator stands where none can");
    const pab__correlation_keys *keys = &c->m->scn->correlation.keys;
    if (c->m->scn->correlation.count > 0 && core->path_steps > (uint64_t)(PAB__CHECK_TIME_MAX / keys->grid))
        return pab__check_fault(c, "a fundamental's path is out of range");
    return 1;
}

static int lists_of_free_slots_are_sound(pab__state_check *c)
{
    const pab__market_pools *p = &c->m->pools;
    if (pab__pool_find_live(&p->messages, c->messages) && pab__pool_find_live(&p->opens, c->opens) &&
        pab__pool_find_live(&p->parked, c->parked) && pab__pool_find_live(&p->subs, c->subs))
        return 1;
    return pab__check_fault(c, "a list of free slots is broken");
}

static int everything_is_used(pab__state_check *c)
{
    const pab__market_pools *p = &c->m->pools;
    if (pab__pool_all_seen(&p->messages, c->messages) && pab__pool_all_seen(&p->opens, c->opens) &&
        pab__pool_all_seen(&p->parked, c->parked) && pab__pool_all_seen(&p->subs, c->subs))
        return 1;
    return pab__check_fault(c, "some slots belong to no agent, message or list");
}

static int market_is_sound(pab__state_check *c)
{
    const pab_scenario *scn = c->m->scn;
    if (!core_is_sound(c) || !lists_of_free_slots_are_sound(c) || !pab__check_queue(c))
        return 0;
    for (int32_t id = 0; id < (int32_t)scn->agent_count; id++)
        if (!agent_is_sound(c, id))
            return 0;
    for (uint32_t s = 0; s < scn->symbol_count; s++)
        if (!symbol_is_sound(c, s))
            return 0;
    if (!symbol_chain_is_sound(c))
        return pab__check_fault(c, "its subscriptions do not hang together");
    if (!free_opens_are_marked(c))
        return pab__check_fault(c, "a list of free slots is broken");
    return close_chain_is_sound(c) && everything_is_used(c);
}

static size_t stack_size(size_t parked)
{
    return (2 * parked + 1) * sizeof(uint32_t);
}

pab_status pab__market_check_reserve(pab_market *m, size_t slots, size_t parked)
{
    size_t size = stack_size(parked) + slots;
    if (size <= m->check_size)
        return PAB_OK;
    void *room = pab__alloc(&m->host, size);
    if (!room)
        return pab__fail(PAB_E_MEMORY, "no memory to check a market state of %zu slots", slots);
    pab__release(&m->host, m->check_room, m->check_size);
    m->check_room = room;
    m->check_size = size;
    return PAB_OK;
}

static pab__state_check begin(pab_market *m)
{
    const pab__market_pools *p = &m->pools;
    unsigned char *room = m->check_room;
    pab__state_check c = {.m = m, .stack = (uint32_t *)(void *)room,
                          .messages = room + stack_size(p->parked.mark.count)};
    c.opens = c.messages + p->messages.mark.count;
    c.parked = c.opens + p->opens.mark.count;
    c.subs = c.parked + p->parked.mark.count;
    c.agents = c.subs + p->subs.mark.count;
    memset(c.agents, 0, m->scn->agent_count);
    return c;
}

size_t pab__market_check_memory(const pab_market *m)
{
    return m->check_size;
}

pab_status pab__market_check(pab_market *m, const char *name)
{
    const pab_scenario *scn = m->scn;
    pab__state_check c = begin(m);
    market_is_sound(&c);
    for (uint32_t s = 0; !c.reason && s < scn->symbol_count; s++)
        c.reason = pab__book_check(&m->books[s], (int32_t)scn->exchange.count, (int32_t)scn->agent_count,
                                   m->check_room);
    if (c.reason)
        return pab__fail(PAB_E_CORRUPT, "%s: not a market state that a run can leave: %s", name, c.reason);
    return PAB_OK;
}
