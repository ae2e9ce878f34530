/* Events and history rows of a book. */
#include "book/report.h"

void pab__report_order(pab__book *b, int32_t type, int32_t recipient, const pab_order *order)
{
    if (!b->sink.event)
        return;
    pab_book_event event = {.type = type, .recipient = recipient, .order = *order, .old_id = -1};
    b->sink.event(b->sink.user, &event);
}

void pab__report_execution(pab__book *b, const pab_order *order, int64_t price, int32_t flags)
{
    pab_book_event event = {.type = PAB_MSG_ORDER_EXECUTED, .recipient = order->agent, .order = *order,
                            .fill_price = price, .old_id = -1, .flags = flags};
    b->sink.event(b->sink.user, &event);
}

void pab__report_reject(pab__book *b, int32_t recipient, const pab_order *order, int32_t reason)
{
    int always = reason == PAB_REJECT_POST_ONLY || reason == PAB_REJECT_SELF_TRADE;
    int silent = pab__book_quirk(b, PAB_QUIRK_SILENT_DISCARD) && !always;
    if (silent || !b->sink.event)
        return;
    pab_book_event event = {.type = PAB_MSG_ORDER_REJECTED, .recipient = recipient, .order = *order, .old_id = -1,
                            .reason = reason};
    b->sink.event(b->sink.user, &event);
}

/* A history row about one order. */
void pab__report_change(pab__book *b, int32_t kind, int64_t id, int32_t side, int64_t quantity)
{
    if (!b->sink.row)
        return;
    pab_book_row row = {.kind = kind, .side = side, .order_id = id, .other_order_id = -1, .agent = -1,
                        .other_agent = -1, .quantity = quantity};
    b->sink.row(b->sink.user, &row);
}
