/* Matching: an incoming order against the other side of the book. */
#ifndef PAB_BOOK_MATCH_H
#define PAB_BOOK_MATCH_H

#include "book/orders.h"

/* An incoming order on its way through the other side. */
typedef struct pab__taker {
    pab_order order; /* quantity: what is left */
    int64_t now;
    int64_t limit; /* worst key of the other side it takes; market orders: INT64_MAX */
    int64_t filled;
    int64_t last_price;
    int met_own; /* stopped before an order of its owner */
    __extension__ __int128 paid; /* price * quantity over the fills */
} pab__taker;

/* Fills what the order takes. */
void pab__match_fill(pab__book *b, pab__taker *t);
/* Books the fills of the whole operation: volume, last trade, and the time of the feed. */
void pab__match_settle(pab__book *b, const pab__taker *t);

#endif
