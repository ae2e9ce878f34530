/* Is a market whose state was read from a file one that can run? state_check.c asks for the whole of it,
 * delivery_check.c for what is on its way from one agent to another. */
#ifndef PAB_MARKET_STATE_CHECK_H
#define PAB_MARKET_STATE_CHECK_H

#include "market/market.h"

/* Looks at every index, count, link, time and generator of the state once. PAB_E_CORRUPT with what is wrong, `name`
 * saying where it was read from. The state was taken over already, after pab__market_check_reserve. */
pab_status pab__market_check(pab_market *m, const char *name);

/* Makes room for a check of pools with `slots` slots in all, `parked` of them parked messages. It is kept from one
 * restore to the next, so that a warm market restores without allocating. */
pab_status pab__market_check_reserve(pab_market *m, size_t slots, size_t parked);
size_t pab__market_check_memory(const pab_market *m);

#define PAB__CHECK_TIME_MAX (INT64_C(1) << 62) /* ns: sums with delays cannot overflow */

/* A check under way: marks of the pools, and a stack of parked messages whose children are still to be checked. */
typedef struct pab__state_check {
    pab_market *m;
    uint8_t *messages, *opens, *parked, *subs, *agents;
    uint32_t *stack;
    uint64_t words;     /* that replayed generators have drawn, so far */
    const char *reason; /* NULL: nothing wrong so far */
} pab__state_check;

/* Notes the first fault; returns 0. */
int pab__check_fault(pab__state_check *c, const char *reason);

/* 0 after noting a fault: the event queue; the messages that wait at an agent that is busy. */
int pab__check_queue(pab__state_check *c);
int pab__check_parked(pab__state_check *c, int32_t agent);

static inline int pab__check_is_agent(const pab__state_check *c, int64_t id)
{
    return id >= 0 && id < (int64_t)c->m->scn->agent_count;
}

static inline int pab__check_is_trader(const pab__state_check *c, int64_t id)
{
    return id >= c->m->scn->exchange.count && id < (int64_t)c->m->scn->agent_count;
}

static inline int pab__check_is_symbol(const pab__state_check *c, int64_t symbol)
{
    return symbol >= 0 && symbol < (int64_t)c->m->scn->symbol_count;
}

static inline int pab__check_is_side(int32_t side)
{
    return side == PAB_BUY || side == PAB_SELL;
}

#endif
