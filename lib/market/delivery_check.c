/* What is on its way between agents: messages in the event queue and at busy recipients. Each slot must be reached
 * once, and hold what its recipient can take in. */
#include "market/state_check.h"

/* --- Messages on their way --- */

static pab_message *see_message(pab__state_check *c, uint32_t slot)
{
    return pab__pool_see(&c->m->pools.messages, c->messages, slot) ? pab__message_at(c->m, slot) : NULL;
}

static int order_part_is_sound(const pab__state_check *c, const pab_message *msg)
{
    return pab__check_is_symbol(c, msg->symbol) && pab__check_is_side(msg->side) &&
           pab__check_is_trader(c, msg->u.order.agent);
}

/* Limit orders one behind the other, at most `most`. */
static int orders_behind(pab__state_check *c, uint32_t slot, uint32_t most)
{
    for (; slot != PAB__NONE; most--) {
        const pab_message *part = most > 0 ? see_message(c, slot) : NULL;
        if (!part || part->type != PAB_MSG_LIMIT_ORDER || !order_part_is_sound(c, part))
            return 0;
        slot = part->next;
    }
    return 1;
}

/* Price levels one behind the other, one to three in each. */
static int levels_behind(pab__state_check *c, uint32_t slot)
{
    while (slot != PAB__NONE) {
        const pab_message *part = see_message(c, slot);
        if (!part || part->type < 1 || part->type > 3 || !pab__check_is_side(part->side))
            return 0;
        slot = part->next;
    }
    return 1;
}

static int is_request(int32_t type)
{
    return type == PAB_MSG_QUERY_SPREAD || type == PAB_MSG_QUERY_VOLUME || type == PAB_MSG_QUERY_LAST_TRADE ||
           (type >= PAB_MSG_L1_SUBSCRIBE && type <= PAB_MSG_IMBALANCE_SUBSCRIBE);
}

static int to_exchange(pab__state_check *c, const pab_message *msg)
{
    if (is_request(msg->type))
        return pab__check_is_symbol(c, msg->symbol) && msg->next == PAB__NONE;
    if (msg->type == PAB_MSG_BATCH)
        return msg->next != PAB__NONE && orders_behind(c, msg->next, UINT32_MAX);
    if (msg->type < PAB_MSG_LIMIT_ORDER || msg->type > PAB_MSG_REPLACE_ORDER || !order_part_is_sound(c, msg))
        return 0;
    if (msg->type != PAB_MSG_MODIFY_ORDER && msg->type != PAB_MSG_REPLACE_ORDER)
        return msg->next == PAB__NONE;
    return msg->next != PAB__NONE && orders_behind(c, msg->next, 1);
}

static int to_trader(pab__state_check *c, const pab_message *msg)
{
    if (msg->type == PAB_MSG_USER)
        return msg->next == PAB__NONE;
    if (!pab__check_is_symbol(c, msg->symbol))
        return 0;
    if (msg->type == PAB_MSG_SPREAD || msg->type == PAB_MSG_L2_DATA || msg->type == PAB_MSG_L3_DATA)
        return levels_behind(c, msg->next);
    int answer = msg->type == PAB_MSG_VOLUME || msg->type == PAB_MSG_LAST_TRADE || msg->type == PAB_MSG_L1_DATA ||
                 msg->type == PAB_MSG_VOLUME_DATA || msg->type == PAB_MSG_IMBALANCE_DATA;
    int report = msg->type >= PAB_MSG_ORDER_ACCEPTED && msg->type <= PAB_MSG_ORDER_REJECTED;
    return (answer || report) && msg->next == PAB__NONE;
}

/* What travels without a slot of its own: from whom to whom it can go. */
static int bare_is_sound(const pab__state_check *c, int32_t sender, int32_t recipient, uint32_t type)
{
    if (type == PAB_MSG_WAKEUP)
        return sender == recipient;
    if (type == PAB_MSG_MARKET_HOURS_REQUEST || type == PAB_MSG_CLOSE_PRICE_REQUEST)
        return pab__check_is_trader(c, sender) && !pab__check_is_trader(c, recipient);
    return (type == PAB_MSG_MARKET_HOURS || type == PAB_MSG_CLOSE_PRICE || type == PAB_MSG_MARKET_CLOSED) &&
           pab__check_is_trader(c, recipient);
}

static int delivery_is_sound(pab__state_check *c, int64_t sender, int64_t recipient, uint32_t what)
{
    if (!pab__check_is_agent(c, sender) || !pab__check_is_agent(c, recipient))
        return 0;
    if (what >= PAB__BARE)
        return bare_is_sound(c, (int32_t)sender, (int32_t)recipient, what - PAB__BARE);
    const pab_message *msg = see_message(c, what);
    if (!msg)
        return 0;
    if (pab__check_is_trader(c, recipient))
        return to_trader(c, msg);
    return pab__check_is_trader(c, sender) && to_exchange(c, msg);
}

/* --- The event queue --- */

static int entry_is_sound(pab__state_check *c, const pab__entry *e)
{
    int32_t sender = pab__entry_sender(e), recipient = pab__entry_recipient(e);
    if (e->time < c->m->core.now || e->time > PAB__CHECK_TIME_MAX || e->id >= c->m->core.next_message_id)
        return 0;
    if (e->what == PAB__PROXY)
        return pab__check_is_agent(c, sender) && pab__check_is_agent(c, recipient);
    return delivery_is_sound(c, sender, recipient, e->what);
}

int pab__check_queue(pab__state_check *c)
{
    const pab__queue *q = &c->m->queue;
    const pab__entry *heap = (const pab__entry *)(const void *)q->heap.data;
    uint32_t near = q->near.count, far = q->heap.mark.count;
    if (near > PAB__NEAR_CAPACITY)
        return pab__check_fault(c, "its event queue has more entries than room");
    for (uint32_t i = 0; i < near; i++)
        if (!entry_is_sound(c, &q->near.at[i]) || (i > 0 && pab__entry_before(&q->near.at[i - 1], &q->near.at[i])))
            return pab__check_fault(c, "an entry of its event queue is out of place");
    for (uint32_t i = 0; i < far; i++)
        if (!entry_is_sound(c, &heap[i]) || (i > 0 && pab__entry_before(&heap[i], &heap[(i - 1) / 4])))
            return pab__check_fault(c, "an entry of its event queue is out of place");
    if (near > 0 && far > 0 && pab__entry_before(&heap[0], &q->near.at[0]))
        return pab__check_fault(c, "the parts of its event queue overlap");
    return 1;
}

/* --- Messages at busy recipients --- */

static pab__parked *see_parked(pab__state_check *c, int32_t recipient, uint32_t slot)
{
    if (!pab__pool_see(&c->m->pools.parked, c->parked, slot))
        return NULL;
    pab__parked *p = pab__pool_at(&c->m->pools.parked, slot);
    return p->id < c->m->core.next_message_id && delivery_is_sound(c, p->sender, recipient, p->what) ? p : NULL;
}

/* The messages that came in order; returns their number, or PAB__NONE. */
static uint32_t count_run(pab__state_check *c, int32_t id)
{
    const pab__agent_state *a = pab__agent_at(c->m, id);
    uint32_t last = PAB__NONE, count = 0;
    for (uint32_t slot = a->park_first; slot != PAB__NONE; count++) {
        const pab__parked *p = see_parked(c, id, slot);
        if (!p)
            return PAB__NONE;
        last = slot;
        slot = p->next;
    }
    return last == a->park_last ? count : PAB__NONE;
}

/* The pairing heap of the others; returns their number, or PAB__NONE. */
static uint32_t count_heap(pab__state_check *c, int32_t id)
{
    uint32_t root = pab__agent_at(c->m, id)->park_root, count = 0, height = 0;
    if (root == PAB__NONE)
        return 0;
    c->stack[height++] = root;
    while (height > 0) {
        const pab__parked *p = see_parked(c, id, c->stack[--height]);
        if (!p || (count == 0 && p->next != PAB__NONE))
            return PAB__NONE;
        count++;
        const uint32_t below[] = {p->next, p->child};
        for (int i = 0; i < 2; i++)
            if (below[i] != PAB__NONE)
                c->stack[height++] = below[i];
    }
    return count;
}

int pab__check_parked(pab__state_check *c, int32_t id)
{
    uint32_t run = count_run(c, id), heap = run == PAB__NONE ? PAB__NONE : count_heap(c, id);
    if (heap == PAB__NONE || (uint64_t)run + heap != pab__agent_at(c->m, id)->park_count)
        return pab__check_fault(c, "the messages that wait at a busy agent do not hang together");
    return 1;
}
