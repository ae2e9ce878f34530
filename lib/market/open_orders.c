/* Each agent's own list of open orders, in order of entry: one shared pool, linked per owner.
 *
 * Messages carry the slot along as a hint; the id, which is never reused, shows whether it is still valid. */
#include "market/kernel.h"
#include "market/trader.h"

static pab__open_order *open_at(const pab_market *m, uint32_t slot)
{
    return (pab__open_order *)(void *)m->pools.opens.data + slot;
}

uint32_t pab__open_add(pab_market *m, int32_t owner, const pab__open_order *order)
{
    uint32_t slot = pab__pool_take(&m->pools.opens, &m->host);
    if (slot == PAB__NONE) {
        pab__kernel_stop(m, pab__fail(PAB_E_MEMORY, "no memory for open orders"));
        return slot;
    }
    pab__agent_state *a = pab__agent_at(m, owner);
    pab__open_order *o = open_at(m, slot);
    *o = *order;
    o->owner = owner;
    o->next = PAB__NONE;
    o->prev = a->open_last;
    if (a->open_last == PAB__NONE)
        a->open_first = slot;
    else
        open_at(m, a->open_last)->next = slot;
    a->open_last = slot;
    a->open_count++;
    return slot;
}

pab__open_order *pab__open_find(pab_market *m, int32_t owner, int64_t id, uint32_t hint, uint32_t *slot)
{
    if (hint != PAB__NONE) {
        pab__open_order *o = hint < m->pools.opens.mark.count ? open_at(m, hint) : NULL;
        *slot = hint;
        return o && o->id == id && o->owner == owner ? o : NULL;
    }
    for (uint32_t s = pab__agent_at(m, owner)->open_first; s != PAB__NONE; s = open_at(m, s)->next)
        if (open_at(m, s)->id == id) {
            *slot = s;
            return open_at(m, s);
        }
    return NULL;
}

void pab__open_drop(pab_market *m, uint32_t slot)
{
    pab__open_order *o = open_at(m, slot);
    pab__agent_state *a = pab__agent_at(m, o->owner);
    if (o->prev == PAB__NONE)
        a->open_first = o->next;
    else
        open_at(m, o->prev)->next = o->next;
    if (o->next == PAB__NONE)
        a->open_last = o->prev;
    else
        open_at(m, o->next)->prev = o->prev;
    a->open_count--;
    *o = (pab__open_order){.id = -1};
    pab__pool_give(&m->pools.opens, slot);
}
