/* Delivery: how messages and wake-ups get into the queue, and what a callback may ask of the event in progress. */
#ifndef PAB_MARKET_KERNEL_H
#define PAB_MARKET_KERNEL_H

#include "market/market.h"

/* The event in progress, as the agent's callback leaves it. */
typedef struct pab__event {
    int64_t delay;  /* transient computation delay, ns: of what is sent from now on, and of the agent's busy time */
    int32_t paused; /* 1: the run returns after this event */
} pab__event;

uint32_t pab__message_none(pab_market *m); /* notes that there is no memory; returns PAB__NONE */

/* A slot filled with `msg`, or PAB__NONE after noting the failure. */
static inline uint32_t pab__message_new(pab_market *m, const pab_message *msg)
{
    uint32_t slot = pab__pool_take(&m->pools.messages, &m->host);
    if (slot == PAB__NONE)
        return pab__message_none(m);
    *pab__message_at(m, slot) = *msg;
    return slot;
}

void pab__message_release(pab_market *m, uint32_t slot); /* with its chain */
/* Queues an entry for delivery after the sender's computation delay, `delay` (ns) and the latency. */
void pab__kernel_send(pab_market *m, int32_t sender, int32_t recipient, uint32_t what, int64_t delay);
void pab__kernel_wakeup(pab_market *m, int32_t agent, int64_t time);
/* Notes the first failure; the run stops after this event. */
void pab__kernel_stop(pab_market *m, pab_status why);

#endif
