#include "scenario/schema.h"

#define ROW(index, key, doc) \
    {key, PAB_PARAM_BOOL, (uint32_t)((index) * sizeof(int32_t)), "", "false", 0, 1, NULL, doc}

/* In the order of PAB_QUIRK_TABLE, so that row n sets bit n. */
const pab_param pab__quirk_rows[PAB__QUIRK_COUNT] = {
    ROW(0, "stale_feed", "Only cancel, modify and replace move the clock of an L2 subscription"),
    ROW(1, "silent_maker", "A market maker that has never known a mid never wakes again"),
    ROW(2, "stacked_ladders", "The start of an imbalance adds a ladder on top of the live one"),
    ROW(3, "maker_subscription", "A subscribing market maker ends inert after its first volume answer"),
    ROW(4, "average_last_trade", "The last trade is the rounded average over a limit order's fills"),
    ROW(5, "silent_market_order", "Market orders leave the last trade alone and their unfilled rest vanishes silently"),
    ROW(6, "taking_post_only", "A post-only order takes visible liquidity and may rest crossing a hidden level"),
    ROW(7, "loose_price_to_comply", "The two halves of a price-to-comply order are matched and changed apart"),
    ROW(8, "absolute_partial_cancel", "A partial cancel sets the quantity from the caller's possibly stale view"),
    ROW(9, "quantity_only_modify", "A modification ignores the new price, side and flags but reports them"),
    ROW(10, "overfilling_replace", "A replacement ignores fills of the old order that happened in flight"),
    ROW(11, "silent_discard", "Bad orders, and cancels that find nothing, get no answer"),
    ROW(12, "zero_is_none", "A best price of 0 counts as no price"),
    ROW(13, "early_orders", "Orders are accepted before the open"),
    ROW(14, "late_entry", "Exactly one queue entry later than the stop time is processed"),
    ROW(15, "uneven_busy", "Busy time is added before the handler for messages and after it for wake-ups"),
    ROW(16, "query_driven_oracle", "The fundamental value is drawn when somebody asks for it"),
    ROW(17, "cancelling_estimate", "Value agents lose digits in their estimate, and its error stays 0 for ever"),
    ROW(18, "blind_momentum", "Momentum agents trade on after the close is known"),
    ROW(19, "wake_grid", "Noise wake times and the first megashock fall on a 256 ns grid"),
};

_Static_assert(PAB_QUIRKS_ABIDES == (1 << PAB__QUIRK_COUNT) - 1, "one row per quirk");
