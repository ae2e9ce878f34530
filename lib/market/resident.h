/* What an agent does that stands at its exchange: its orders reach the book at once, without messages, and nothing is
 * reported back to it. A crowd of anonymous traders is one such agent (agents/flow.h). Its orders rest in the same
 * queues as everybody's and are matched by the same rules; taps, feeds and the other party of a fill see no difference.
 * Cash and holdings of a resident are kept as those of any agent. */
#ifndef PAB_MARKET_RESIDENT_H
#define PAB_MARKET_RESIDENT_H

#include "book/orders.h"
#include "market/market.h"

/* A resident at the book of its symbol. */
typedef struct pab__resident {
    pab_market *m;
    pab__book *book;
    int32_t agent, symbol;
} pab__resident;

/* The level of a side's best price, or NULL. `side` is 0 for bids, 1 for asks, here and below. */
static inline const pab__price_level *pab__resident_best(const pab__resident *r, uint32_t side)
{
    uint32_t at = r->book->core.sides[side].best;
    return at == PAB__NONE ? NULL : pab__level_at(r->book, at);
}

/* The level of a price, or NULL. */
static inline const pab__price_level *pab__resident_level(const pab__resident *r, uint32_t side, int64_t price)
{
    uint32_t at = pab__level_find(r->book, side, pab__book_key(side, price));
    return at == PAB__NONE ? NULL : pab__level_at(r->book, at);
}

static inline int64_t pab__resident_price(uint32_t side, const pab__price_level *level)
{
    return pab__book_key(side, level->key);
}

/* Posts a limit order, which must be sound and not cross, at the end of its queue; returns its id. */
int64_t pab__resident_post(const pab__resident *r, uint32_t side, int64_t quantity, int64_t price);
/* Takes `quantity`, at most what is shown, from a side's best price: buys from the asks, sells to the bids. */
void pab__resident_take(const pab__resident *r, uint32_t side, int64_t quantity);
/* Takes an order of its own out of the book. */
void pab__resident_cancel(const pab__resident *r, uint32_t order);
/* Reports a trade of another venue: it is on the tape and in the volume, and no queue changes. */
void pab__resident_print(const pab__resident *r, uint32_t side, int64_t quantity, int64_t price);
/* Sends market data after one or more of the above. */
void pab__resident_publish(const pab__resident *r);

#endif
