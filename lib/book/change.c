/* Changing what rests: cancel, partial cancel, modify, replace. */
#include "book/orders.h"
#include "book/report.h"

void pab__book_cancel(pab__book *b, int64_t now, const pab_order *order)
{
    uint32_t *link;
    uint32_t index = pab__order_find(b, order, &link);
    if (index == PAB__NONE) {
        pab__report_reject(b, order->agent, order, PAB_REJECT_UNKNOWN);
        return;
    }
    b->core.cancelled++;
    b->core.last_update = now;
    if (!b->sink.row && !b->sink.event) {
        pab__order_take(b, index, link);
        return;
    }
    pab_order gone = pab__order_view(b, index);
    pab__order_take(b, index, link);
    pab__report_change(b, PAB_ROW_CANCEL, order->id, 0, 0);
    pab__report_order(b, PAB_MSG_ORDER_CANCELLED, order->agent, &gone);
}

void pab__book_drop(pab__book *b, int64_t now, uint32_t slot)
{
    int64_t id = pab__order_at(b, slot)->id;
    pab__order_remove(b, slot);
    b->core.cancelled++;
    b->core.last_update = now;
    pab__report_change(b, PAB_ROW_CANCEL, id, 0, 0);
}

/* Sets a resting quantity; a price-to-comply order in one piece changes in both places. */
static void resize(pab__book *b, uint32_t index, int64_t quantity)
{
    uint32_t twin = pab__order_at(b, index)->twin;
    pab__order_resize(b, index, quantity);
    if (twin != PAB__NONE && !pab__book_quirk(b, PAB_QUIRK_LOOSE_PRICE_TO_COMPLY))
        pab__order_resize(b, twin, quantity);
}

/* Reduces a resting order by `quantity`, at most by all of it. */
static void take_off(pab__book *b, int64_t now, const pab_order *order, uint32_t index, int64_t quantity)
{
    pab_order shown = pab__order_view(b, index);
    if (quantity <= 0) {
        pab__report_reject(b, order->agent, order, PAB_REJECT_QUANTITY);
        return;
    }
    if (quantity > shown.quantity && shown.quantity > 0)
        quantity = shown.quantity;
    shown.quantity -= quantity;
    if (shown.quantity <= 0) {
        shown.quantity = 0;
        pab__order_remove(b, index);
    } else {
        resize(b, index, shown.quantity);
    }
    b->core.last_update = now;
    pab__report_change(b, PAB_ROW_CANCEL_PARTIAL, order->id, 0, quantity);
    pab__report_order(b, PAB_MSG_ORDER_PARTIAL_CANCELLED, order->agent, &shown);
}

void pab__book_partial_cancel(pab__book *b, int64_t now, const pab_order *order, int64_t quantity)
{
    uint32_t *link;
    uint32_t index = pab__order_find(b, order, &link);
    if (index == PAB__NONE) {
        pab__report_reject(b, order->agent, order, PAB_REJECT_UNKNOWN);
        return;
    }
    if (!pab__book_quirk(b, PAB_QUIRK_ABSOLUTE_PARTIAL_CANCEL)) {
        take_off(b, now, order, index, quantity);
        return;
    }
    pab_order shown = *order;
    int wrong = __builtin_sub_overflow(order->quantity, quantity, &shown.quantity);
    if (wrong || shown.quantity <= 0 || shown.quantity > PAB__QUANTITY_MAX) {
        pab__report_reject(b, order->agent, order, PAB_REJECT_QUANTITY);
        return;
    }
    resize(b, index, shown.quantity);
    b->core.last_update = now;
    pab__report_change(b, PAB_ROW_CANCEL_PARTIAL, order->id, 0, quantity);
    pab__report_order(b, PAB_MSG_ORDER_PARTIAL_CANCELLED, order->agent, &shown);
}

/* Modifies in full: a new quantity in place, or a new order under the old id. */
static void modify_all(pab__book *b, int64_t now, const pab_order *order, uint32_t index, const pab_order *changed)
{
    const uint32_t queues = PAB_ORDER_HIDDEN | PAB_ORDER_PRICE_TO_COMPLY;
    pab_order old = pab__order_view(b, index), shown = *changed;
    shown.agent = old.agent;
    if (pab__order_at(b, index)->half == PAB__HALF_HIDDEN)
        old.flags &= ~(uint32_t)PAB_ORDER_HIDDEN;
    int moves = shown.side != old.side || shown.price != old.price || ((shown.flags ^ old.flags) & queues) != 0;
    int32_t reason = 0;
    if (moves)
        reason = pab__book_refuse(b, &shown, index);
    else if (changed->quantity <= 0 || changed->quantity > PAB__QUANTITY_MAX)
        reason = PAB_REJECT_QUANTITY;
    if (reason != 0) {
        pab__report_reject(b, order->agent, changed, reason);
        return;
    }
    if (moves)
        pab__order_remove(b, index);
    else
        resize(b, index, changed->quantity);
    b->core.last_update = now;
    pab__report_change(b, PAB_ROW_MODIFY, order->id, shown.side, changed->quantity);
    if (moves)
        shown.quantity = pab__book_enter(b, now, &shown, 1);
    pab__report_order(b, PAB_MSG_ORDER_MODIFIED, order->agent, &shown);
}

void pab__book_modify(pab__book *b, int64_t now, const pab_order *order, const pab_order *changed)
{
    uint32_t *link;
    uint32_t index = order->id == changed->id ? pab__order_find(b, order, &link) : PAB__NONE;
    if (index == PAB__NONE) {
        pab__report_reject(b, order->agent, order, PAB_REJECT_UNKNOWN);
        return;
    }
    if (!pab__book_quirk(b, PAB_QUIRK_QUANTITY_ONLY_MODIFY)) {
        modify_all(b, now, order, index, changed);
        return;
    }
    if (changed->quantity <= 0 || changed->quantity > PAB__QUANTITY_MAX) {
        pab__report_reject(b, order->agent, changed, PAB_REJECT_QUANTITY);
        return;
    }
    resize(b, index, changed->quantity);
    b->core.last_update = now;
    pab__report_change(b, PAB_ROW_MODIFY, order->id, order->side, changed->quantity);
    pab__report_order(b, PAB_MSG_ORDER_MODIFIED, order->agent, changed);
}

/* Reduces the new order by the fills that the requester did not know of yet. */
static void discount(const pab__book *b, const pab_order *order, uint32_t index, pab_order *fresh)
{
    int64_t filled = pab__book_sub(order->quantity, pab__order_at(b, index)->quantity);
    if (pab__book_quirk(b, PAB_QUIRK_OVERFILLING_REPLACE) || order->quantity > PAB__QUANTITY_MAX || filled <= 0)
        return;
    fresh->quantity = filled < fresh->quantity ? fresh->quantity - filled : 0;
}

void pab__book_replace(pab__book *b, int64_t now, int32_t requester, const pab_order *order, const pab_order *fresh)
{
    uint32_t *link;
    uint32_t index = pab__order_find(b, order, &link);
    if (index == PAB__NONE) {
        pab__report_reject(b, requester, order, PAB_REJECT_UNKNOWN);
        return;
    }
    pab_order next = *fresh;
    int32_t reason = pab__book_refuse(b, fresh, index);
    if (reason != 0 && (!pab__book_quirk(b, PAB_QUIRK_SILENT_DISCARD) || reason == PAB_REJECT_POST_ONLY)) {
        pab__report_reject(b, requester, fresh, reason);
        return;
    }
    if (reason == 0)
        discount(b, order, index, &next);
    pab__order_remove(b, index);
    b->core.last_update = now;
    if (b->sink.row) {
        pab_book_row row = {.kind = PAB_ROW_REPLACE, .order_id = order->id, .other_order_id = fresh->id, .agent = -1,
                            .other_agent = -1, .quantity = next.quantity, .price = fresh->price};
        b->sink.row(b->sink.user, &row);
    }
    if (reason == 0 && next.quantity > 0)
        next.quantity = pab__book_enter(b, now, &next, 1);
    if (!b->sink.event)
        return;
    pab_book_event event = {.type = PAB_MSG_ORDER_REPLACED, .recipient = requester, .order = next,
                            .old_id = order->id};
    b->sink.event(b->sink.user, &event);
}
