/* The exchange agent, and the market data that it sends. */
#ifndef PAB_MARKET_EXCHANGE_H
#define PAB_MARKET_EXCHANGE_H

#include "market/market.h"

void pab__exchange_wakeup(pab_market *m, int32_t exchange);
void pab__exchange_message(pab_market *m, int32_t exchange, int32_t sender, const pab_message *msg);
void pab__exchange_sink(pab_market *m); /* connects books and tap */

/* --- feed.c --- */

enum { PAB__FEED_DEPTH = 256 }; /* most levels of a quote */
void pab__feed_quote(pab_market *m, uint32_t symbol, int32_t depth, pab_message *out); /* and its chain of levels */
void pab__feed_orders(pab_market *m, uint32_t symbol, int32_t depth, pab_message *out);
void pab__feed_subscribe(pab_market *m, int32_t agent, const pab_message *msg);
void pab__feed_publish(pab_market *m, int32_t exchange); /* after each order message */
void pab__feed_publish_symbol(pab_market *m, int32_t exchange, uint32_t symbol); /* that of one symbol */

#endif
