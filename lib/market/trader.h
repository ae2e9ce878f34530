/* Trading agents: what the library does for each of them around the callbacks of its type. */
#ifndef PAB_MARKET_TRADER_H
#define PAB_MARKET_TRADER_H

#include "market/kernel.h"

/* The agent whose callback runs. */
struct pab_agent {
    pab_market *m;
    const pab__group *group;
    pab__agent_state *base;
    pab__agent_view *views;
    pab__event *event; /* in progress */
    int64_t now;
    int32_t id;
    int32_t symbol;   /* -1: all */
    int32_t exchange; /* where it asks for hours and the close price */
    int32_t batching; /* limit orders are collected ... */
    uint32_t batch_first, batch_last; /* ... in this chain */
};

void pab__trader_build(pab_market *m, int32_t id); /* on_build */
void pab__trader_start(pab_market *m, int32_t id); /* on_start */
void pab__trader_wakeup(pab_market *m, int32_t id, pab__event *event);
void pab__trader_message(pab_market *m, int32_t id, int32_t sender, const pab_message *msg, pab__event *event);
void pab__trader_stop(pab_market *m, int32_t id);
void pab__trader_hear(pab_market *m, int32_t id, int32_t side, int64_t traded); /* on_book of a resident */
/* Books a fill: `shares`, below 0 when sold, into the agent's holding of a view's symbol, and their money. */
void pab__trader_settle(pab_market *m, int32_t id, pab__agent_view *view, int64_t shares, int64_t price);
int32_t pab__trader_accepts(pab_market *m, int32_t id); /* its type's state, which was read from a file */
/* Between two runs: lets an agent act at the current time, as in a callback. */
void pab__trader_act(pab_market *m, int32_t id, void (*act)(pab_agent *self, void *own, void *arg), void *arg);
int64_t pab__trader_worth(const pab_market *m, int32_t id); /* marked to market */

/* --- open_orders.c --- */

/* `hint` is the slot that came with a message; PAB__NONE looks through the list. NULL when it is not listed. */
uint32_t pab__open_add(pab_market *m, int32_t owner, const pab__open_order *order); /* slot, or PAB__NONE */
pab__open_order *pab__open_find(pab_market *m, int32_t owner, int64_t id, uint32_t hint, uint32_t *slot);
void pab__open_drop(pab_market *m, uint32_t slot);

#endif
