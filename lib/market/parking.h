/* Messages whose recipient is busy: parked with it, instead of being put back into the queue again and again. */
#ifndef PAB_MARKET_PARKING_H
#define PAB_MARKET_PARKING_H

#include "market/market.h"

void pab__parking_add(pab_market *m, const pab__entry *entry);
/* The first parked message of an agent (there must be one). */
const pab__parked *pab__parking_head(const pab_market *m, const pab__agent_state *a);
/* Removes it. */
void pab__parking_pop(pab_market *m, pab__agent_state *a, pab__parked *out);
/* After a delivery to an agent with some: counts the pops of those that wait on, and queues the next one's proxy. */
void pab__parking_resume(pab_market *m, int32_t recipient, int64_t now);

#endif
