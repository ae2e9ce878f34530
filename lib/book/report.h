/* Reports to the sink of a book's owner: events for agents, rows for the history. The sink may lack either callback. */
#ifndef PAB_BOOK_REPORT_H
#define PAB_BOOK_REPORT_H

#include "book/state.h"

/* An event about an order as it now is: `type` is PAB_MSG_ORDER_... */
void pab__report_order(pab__book *b, int32_t type, int32_t recipient, const pab_order *order);
/* A fill; the sink must have `event`. */
void pab__report_execution(pab__book *b, const pab_order *order, int64_t price, int32_t flags);
/* A rejection for PAB_REJECT_...; with the quirk silent_discard only two reasons are reported. */
void pab__report_reject(pab__book *b, int32_t recipient, const pab_order *order, int32_t reason);
/* A history row (PAB_ROW_...) about a change of one order. */
void pab__report_change(pab__book *b, int32_t kind, int64_t id, int32_t side, int64_t quantity);

#endif
