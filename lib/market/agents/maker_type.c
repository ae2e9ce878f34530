/* The market maker as a type: its keys, and its checks, and its hooks for regimes and reports. */
#include "market/agents/market_maker.h"

#include <math.h>

#include <stddef.h>

#include "base/stamp.h"

#define AT(member) offsetof(pab__maker_params, member)

static const pab_param params[] = {
    {"pov", PAB_PARAM_REAL, AT(pov), "", "0.025", 0, 1000, NULL,
     "Order size as a share of the volume of the last period."},
    {"min_order_size", PAB_PARAM_INT, AT(min_order_size), "shares", "1", 0, 1e12, NULL, "Least order size."},
    {"window_size", PAB_PARAM_INT, AT(window_size), "ticks", "0", 0, 1e9, NULL,
     "Gap between the innermost orders; 0 adapts it to the spread."},
    {"anchor", PAB_PARAM_CHOICE, AT(anchor), "", "middle", 0, 2, "top|bottom|middle",
     "Where the mid lies in a fixed window."},
    {"num_ticks", PAB_PARAM_INT, AT(num_ticks), "levels", "10", 1, 1000, NULL, "Orders per side."},
    {"level_spacing", PAB_PARAM_REAL, AT(level_spacing), "spreads", "5", 0, 1e6, NULL,
     "Distance of levels, as a share of the spread."},
    {"wake_up_freq", PAB_PARAM_DURATION, AT(wake_up_freq), "ns", "60s", 1, 1e18, NULL, "Mean time between wakings."},
    {"poisson_arrival", PAB_PARAM_BOOL, AT(poisson_arrival), "", "true", 0, 1, NULL,
     "Exponential times between wakings, instead of equal ones."},
    {"subscribe", PAB_PARAM_BOOL, AT(subscribe), "", "false", 0, 1, NULL, "Act on a subscription instead of polling."},
    {"subscribe_freq", PAB_PARAM_DURATION, AT(subscribe_freq), "ns", "10s", 0, 1e18, NULL,
     "Least time between two subscribed quotes."},
    {"subscribe_num_levels", PAB_PARAM_INT, AT(subscribe_num_levels), "levels", "1", 1, 256, NULL, "Depth of quotes."},
    {"cancel_limit_delay", PAB_PARAM_DURATION, AT(cancel_limit_delay), "ns", "50ns", 0, 1e15, NULL,
     "Computation time between cancelling and asking for quotes."},
    {"skew_beta", PAB_PARAM_REAL, AT(skew_beta), "1/shares", "0", 0, 1e6, NULL,
     "Inventory skew of the order sizes; 0 for none."},
    {"price_skew", PAB_PARAM_REAL, AT(price_skew), "ticks", "4", 0, 1e9, NULL,
     "Shift of the mid with the flow; 0 for none."},
    {"requote", PAB_PARAM_CHOICE, AT(requote), "", "all", 0, 1, "all|changed",
     "On waking it cancels its whole ladder and lays it anew, or keeps what is still wanted: the ladder then moves by "
     "whole levels, what was eaten comes back when it moves, and it also looks when one of its orders is filled."},
    {"watch", PAB_PARAM_REAL, AT(watch), "levels", "0", 0, 1e6, NULL,
     "Requoting what changed: how far the fundamental may be from the middle of its ladder; 0: it does not watch it."},
    {"spread_alpha", PAB_PARAM_REAL, AT(spread_alpha), "", "0.75", 0, 1, NULL,
     "Weight of the new spread in its average."},
    {"backstop_quantity", PAB_PARAM_INT, AT(backstop_quantity), "shares", "0", 0, 1e12, NULL,
     "Size of the outermost order of each side; 0 for none."},
    {"min_imbalance", PAB_PARAM_REAL, AT(min_imbalance), "", "0.9", 0, 1, NULL, "Book imbalance that it reacts to."},
    {"initial_spread", PAB_PARAM_REAL, AT(initial_spread), "ticks", "50", 0, 1e9, NULL, "Spread assumed at first."},
    {"withdrawal_off", PAB_PARAM_DURATION, AT(withdrawal_off), "ns", "0", 0, 1e15, NULL,
     "Mean time of quoting both sides between two withdrawals from a random side; 0: it never withdraws."},
    {"withdrawal_on", PAB_PARAM_DURATION, AT(withdrawal_on), "ns", "8s", 1, 1e15, NULL,
     "Mean length of a withdrawal."},
};

/* The longest look-back of its volume queries must still be remembered. */
static pab_status check_lookback(const pab_scenario *scn, const pab__group *g, const pab__node *map, const char *key,
                                 int64_t lookback)
{
    if (lookback <= scn->exchange.volume_window)
        return PAB_OK;
    return pab__node_fail(pab__node_find(map, key), PAB_E_RANGE,
                          "agents.%s.%s (%s) must not exceed exchange.volume_window (%s)", g->name, key,
                          pab__stamp_span(lookback).text, pab__stamp_span(scn->exchange.volume_window).text);
}

static pab_status maker_check(const pab_scenario *scn, const pab__group *g, const pab__node *map)
{
    const pab__maker_params *p = g->params;
    pab_status status = check_lookback(scn, g, map, "wake_up_freq", p->wake_up_freq);
    return status == PAB_OK ? check_lookback(scn, g, map, "subscribe_freq", p->subscribe_freq) : status;
}

static void maker_scale_size(void *group, double factor)
{
    pab__maker_params *p = group;
    p->min_order_size = pab__extension_scaled(p->min_order_size, factor);
    p->backstop_quantity = pab__extension_scaled(p->backstop_quantity, factor);
    p->pov *= factor;
}

static void maker_set_withdrawal(void *group, int64_t off, int64_t on)
{
    pab__maker_params *p = group;
    p->withdrawal_off = off;
    p->withdrawal_on = on;
}

static int32_t maker_withdraws(const void *group)
{
    return ((const pab__maker_params *)group)->withdrawal_off > 0;
}

static int32_t maker_withdrawn(const void *state)
{
    return ((const pab__maker *)state)->withdrawn;
}

static const pab__maker_hooks hooks = {maker_scale_size, maker_set_withdrawal, maker_withdraws, maker_withdrawn};

/* Prices are made of these by multiplying and dividing. */
static int32_t maker_accepts(pab_agent *self, const void *own)
{
    const pab__maker *s = own;
    const int64_t most = INT64_C(1) << 40; /* ticks between levels */
    int64_t least = ((const pab__maker_params *)pab_agent_params(self))->requote == PAB__REQUOTE_CHANGED;
    return s->tick >= least && s->tick <= most && s->laid_tick >= 0 && s->laid_tick <= most && isfinite(s->spread) &&
           isfinite(s->window) && s->last_mid >= 0 && s->last_mid <= INT64_C(1) << 62 && s->withdrawn >= PAB_SELL &&
           s->withdrawn <= PAB_BUY;
}

const pab__builtin_type pab__market_maker_agent = {
    .type = {
        .struct_size = sizeof(pab_agent_type),
        .state_size = sizeof(pab__maker),
        .params_size = sizeof(pab__maker_params),
        .params = params,
        .params_count = sizeof params / sizeof params[0],
        .name = "market_maker",
        .label = "AdaptivePOVMarketMakerAgent",
        .on_start = pab__maker_start,
        .first_wakeup = pab__maker_period,
        .on_wakeup = pab__maker_wakeup,
        .on_message = pab__maker_message,
        .accepts = maker_accepts,
    },
    .role = PAB__ROLE_MAKER,
    .needs = PAB__NEEDS_SYMBOL,
    .maker = &hooks,
    .check = maker_check,
};
