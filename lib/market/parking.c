/* Messages that reach a busy agent.
 *
 * ABIDES puts such a message back into the queue at the time the agent is free, again and again: n messages cost
 * n(n-1)/2 pops. Here they wait outside the queue, in which one proxy entry represents the first of them, and the pops
 * that ABIDES would have made are only counted (kernel.c). Most arrive in order: a run takes those, a pairing heap
 * the rest. */
#include "market/parking.h"

#include "market/kernel.h"

static pab__parked *parked_at(const pab_market *m, uint32_t slot)
{
    return (pab__parked *)(void *)m->pools.parked.data + slot;
}

static int before(const pab__parked *a, const pab__parked *b)
{
    return a->sender != b->sender ? a->sender < b->sender : a->id < b->id;
}

/* Joins two heaps: the later root becomes the first child of the earlier. */
static uint32_t meld(const pab_market *m, uint32_t x, uint32_t y)
{
    if (x == PAB__NONE)
        return y;
    if (y == PAB__NONE)
        return x;
    if (before(parked_at(m, y), parked_at(m, x))) {
        uint32_t t = x;
        x = y;
        y = t;
    }
    parked_at(m, y)->next = parked_at(m, x)->child;
    parked_at(m, x)->child = y;
    return x;
}

/* Joins the children of a removed root: in pairs, then the pairs. */
static uint32_t meld_children(const pab_market *m, uint32_t child)
{
    uint32_t pairs = PAB__NONE;
    while (child != PAB__NONE) {
        uint32_t a = child, b = parked_at(m, a)->next;
        child = b == PAB__NONE ? PAB__NONE : parked_at(m, b)->next;
        parked_at(m, a)->next = PAB__NONE;
        if (b != PAB__NONE)
            parked_at(m, b)->next = PAB__NONE;
        uint32_t pair = meld(m, a, b);
        parked_at(m, pair)->next = pairs;
        pairs = pair;
    }
    uint32_t root = PAB__NONE;
    while (pairs != PAB__NONE) {
        uint32_t next = parked_at(m, pairs)->next;
        parked_at(m, pairs)->next = PAB__NONE;
        root = meld(m, root, pairs);
        pairs = next;
    }
    return root;
}

static uint32_t head_slot(const pab_market *m, const pab__agent_state *a)
{
    if (a->park_first == PAB__NONE)
        return a->park_root;
    if (a->park_root == PAB__NONE)
        return a->park_first;
    return before(parked_at(m, a->park_root), parked_at(m, a->park_first)) ? a->park_root : a->park_first;
}

const pab__parked *pab__parking_head(const pab_market *m, const pab__agent_state *a)
{
    return parked_at(m, head_slot(m, a));
}

static void push_proxy(pab_market *m, int32_t recipient, int64_t time, const pab__parked *head)
{
    pab__entry proxy = {time, pab__entry_route(head->sender, recipient), head->id, PAB__PROXY};
    if (pab__queue_push(&m->queue, &m->host, &proxy))
        pab__kernel_stop(m, pab__fail(PAB_E_MEMORY, "no memory for the event queue"));
}

void pab__parking_add(pab_market *m, const pab__entry *entry)
{
    int32_t recipient = pab__entry_recipient(entry);
    pab__agent_state *a = pab__agent_at(m, recipient);
    uint32_t slot = pab__pool_take(&m->pools.parked, &m->host);
    if (slot == PAB__NONE) {
        pab__kernel_stop(m, pab__fail(PAB_E_MEMORY, "no memory for parked messages"));
        return;
    }
    pab__parked *p = parked_at(m, slot);
    *p = (pab__parked){PAB__NONE, PAB__NONE, pab__entry_sender(entry), entry->id, entry->what};
    if (a->park_first == PAB__NONE) {
        a->park_first = a->park_last = slot;
    } else if (before(parked_at(m, a->park_last), p)) {
        parked_at(m, a->park_last)->next = slot;
        a->park_last = slot;
    } else {
        a->park_root = meld(m, a->park_root, slot);
    }
    if (a->park_count++ == 0)
        a->park_time = a->busy_until;
    if (head_slot(m, a) == slot)
        push_proxy(m, recipient, a->park_time, p);
}

void pab__parking_pop(pab_market *m, pab__agent_state *a, pab__parked *out)
{
    uint32_t slot = head_slot(m, a);
    *out = *parked_at(m, slot);
    if (slot == a->park_first) {
        a->park_first = out->next;
        if (a->park_first == PAB__NONE)
            a->park_last = PAB__NONE;
    } else {
        a->park_root = meld_children(m, out->child);
    }
    a->park_count--;
    *parked_at(m, slot) = (pab__parked){0};
    pab__pool_give(&m->pools.parked, slot);
}

void pab__parking_resume(pab_market *m, int32_t recipient, int64_t now)
{
    pab__agent_state *a = pab__agent_at(m, recipient);
    if (a->busy_until > a->park_time) {
        if (a->park_time > m->scn->clock.kernel_stop)
            return;
        m->core.pops += a->park_count;
        a->park_time = a->busy_until;
    } else if (a->park_time != now) {
        return;
    }
    push_proxy(m, recipient, a->park_time, pab__parking_head(m, a));
}
