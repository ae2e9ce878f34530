/* The table of features: names, units, bounds and meaning, in the order of the observation. */
#include <pairsabides/env.h>

#include "base/host.h"

#define LEG(X, leg)                                                                                                  \
    X(leg "leaves", 0, 1, "", "Shares still to trade, of the parent")                                                \
    X(leg "schedule", -1, 1, "", "Four times the fraction ahead of an even schedule")                                \
    X(leg "working", 0, 1, "", "Shares working, of four slices")                                                     \
    X(leg "own_offset", -0.3333334f, 1, "spreads/3", "How far the own price lies behind the touch; 0 for no order")  \
    X(leg "queue", 0, 1, "", "Shares ahead in the queue, of those and the own ones; 1 for no order")                 \
    X(leg "age", 0, 1, "5 intervals", "How long the own price has stood")                                            \
    X(leg "spread", 0, 1, "ln bps", "ln(1 + spread in bps) / ln 51")                                                 \
    X(leg "spread_z", -1, 1, "sd/3", "Spread, standardised")                                                         \
    X(leg "imbalance_1", -1, 1, "", "Imbalance of the touch; positive: against us")                                  \
    X(leg "imbalance_5", -1, 1, "", "Imbalance of 5 levels, near ones weighing more")                                \
    X(leg "imbalance_10", -1, 1, "", "Imbalance of 10 levels, near ones weighing more")                              \
    X(leg "micro_price", -1, 1, "half-spreads", "Where the mid is expected to settle")                               \
    X(leg "trade_flow", -1, 1, "", "Imbalance of aggressors' volume over 30 s")                                      \
    X(leg "order_flow", -1, 1, "", "Order-flow imbalance of the touch since the last decision")                      \
    X(leg "volatility_ratio", -1, 1, "", "tanh ln of the volatility of 60 s over the usual one")                     \
    X(leg "momentum", -1, 1, "sd/3", "Move of the mid over 6 decisions; positive: against us")                       \
    X(leg "crumble_near", 0, 1, "", "Probability that the own side's touch withdraws")                               \
    X(leg "crumble_far", 0, 1, "", "Probability that the opposite touch withdraws")                                  \
    X(leg "depth_near", -1, 1, "ln/2", "Shares in 5 levels of the own side over the usual")                          \
    X(leg "depth_far", -1, 1, "ln/2", "Shares in 5 levels of the opposite side over the usual")                      \
    X(leg "volume_ratio", -1, 1, "ln/2", "Volume of 30 s over the usual")                                            \
    X(leg "slippage", -1, 1, "20 bps", "Cost of the fills so far, of the leg's parent")                              \
    X(leg "drift", -1, 1, "20 bps", "Move of the mid since arrival; positive: against us")

#define PAIR(X)                                                                                                      \
    X("pair.time", 0, 1, "", "Decisions taken, of all")                                                              \
    X("pair.hedge_error", -1, 1, "bands", "Hedge error; positive: A is ahead")                                       \
    X("pair.hedge_size", 0, 1, "bands", "Its size")                                                                  \
    X("pair.room_a", 0, 1, "2 bands", "Shares that A may still have working")                                        \
    X("pair.room_b", 0, 1, "2 bands", "Shares that B may still have working, in shares of A")                        \
    X("pair.residual_z", -1, 1, "4 sd", "Residual of ln A on ln B, standardised; positive: against leg A")           \
    X("pair.residual_change", -1, 1, "2 sd", "Its change over 6 decisions")                                          \
    X("pair.correlation", -1, 1, "", "Correlation of returns over 5 s")                                              \
    X("pair.beta_change", -1, 1, "", "Present beta of returns over the calibrated one, less one")                    \
    X("pair.spread_asymmetry", -1, 1, "", "Half-spread of A less that of B, over their sum")                         \
    X("pair.risk", 0, 1, "50 bps", "Standard deviation to the horizon of what is left")                              \
    X("pair.crumble", 0, 1, "", "Greatest of the four crumbling probabilities")                                      \
    X("pair.volatility_ratio", -1, 1, "", "Greater of the two volatility ratios")                                    \
    X("pair.slippage", -1, 1, "20 bps", "Cost of the fills so far, of the notional")

#define ROW(name, low, high, unit, doc) {sizeof(pab_feature_info), low, high, name, unit, doc},

static const pab_feature_info table[PAB_ENV_OBSERVATIONS] = {LEG(ROW, "a.") LEG(ROW, "b.") PAIR(ROW)};

pab_status pab_feature_get(uint32_t index, pab_feature_info *out)
{
    if (index >= PAB_ENV_OBSERVATIONS)
        return pab__fail(PAB_E_RANGE, "there is no feature %u, the observation has %d", index, PAB_ENV_OBSERVATIONS);
    return pab__record_out(out, &table[index], sizeof table[index], PAB__UPTO(pab_feature_info, doc),
                           "the feature info");
}
