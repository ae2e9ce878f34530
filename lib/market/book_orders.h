/* Resting orders: into their queues, out of them, and found again. */
#ifndef PAB_MARKET_BOOK_ORDERS_H
#define PAB_MARKET_BOOK_ORDERS_H

#include "market/book_state.h"

/* Puts an order at the end of its queue, or both halves of a price-to-comply order; PAB_E_MEMORY leaves the book as it
 * was. No order of its id may rest. */
pab_status pab__order_rest(pab__book *b, const pab_order *order);

/* Takes an order out, with its twin, its id and levels that are empty without it. */
void pab__order_remove(pab__book *b, uint32_t index);

/* Takes `quantity`, less than there is, off an order and its twin. */
void pab__order_reduce(pab__book *b, uint32_t index, int64_t quantity);

/* Sets the quantity; an increase loses the place in the queue. The twin is left alone. */
void pab__order_resize(pab__book *b, uint32_t index, int64_t quantity);

/* What rests at the request's side and price under its id, or PAB__NONE. */
uint32_t pab__order_find(const pab__book *b, const pab_order *request);

/* An order as it rests. */
pab_order pab__order_view(const pab__book *b, uint32_t index);

#endif
