/* How long messages travel. */
#ifndef PAB_MARKET_LATENCY_H
#define PAB_MARKET_LATENCY_H

#include "market/market.h"

void pab__latency_build(pab_market *m); /* places agents on the line */
int64_t pab__latency_between(pab_market *m, int32_t sender, int32_t recipient);

#endif
