/* The keys of `pair` and `calibration`. */
#include "env/pair_keys.h"

#define PLAN(member) (uint32_t) offsetof(pab__pair_plan, member)
#define REF(member) (uint32_t) offsetof(pab__reference, member)
#define REAL(key, at, unit, def, low, high, doc) {key, PAB_PARAM_REAL, at, unit, def, low, high, NULL, doc}
#define SPAN(key, at, def, low, high, doc) {key, PAB_PARAM_DURATION, at, "ns", def, low, high, NULL, doc}
#define CHOICE(key, at, def, choices, doc) {key, PAB_PARAM_CHOICE, at, "", def, 0, 0, choices, doc}

#define DAY 86400e9

const pab_param pab__plan_rows[PAB__PLAN_ROWS] = {
    {"a", PAB_PARAM_TEXT, PLAN(a), "", "", 0, 0, NULL, "Symbol of leg A; empty: the scenario's first"},
    {"b", PAB_PARAM_TEXT, PLAN(b), "", "", 0, 0, NULL, "Symbol of leg B; empty: the scenario's second"},
    CHOICE("hedge", PLAN(hedge), "dollar", "share|beta|dollar",
           "Shares of B per share of A: ratio, ratio * price of A / price of B, or equal amounts of money"),
    REAL("ratio", PLAN(ratio), "", "1", -1e6, 1e6,
         "Hedge ratio of share and beta; its sign alone counts for dollar. Below 0 both legs trade on one side"),
    CHOICE("ratio_mode", PLAN(ratio_mode), "frozen", "frozen|live",
           "Hedge ratio: fixed at arrival, or computed again at each decision"),
    CHOICE("side", PLAN(side), "seed", "buy|sell|seed",
           "Side of leg A; seed: buy for even seed indices, sell for odd ones"),
    {"quantity", PAB_PARAM_INT, PLAN(quantity), "shares", "500", 0, 1e9, NULL,
     "Parent order of leg A; 0: participation times the volume expected in the horizon"},
    REAL("participation", PLAN(participation), "", "0.1", 1e-6, 1, "Parent order as a share of the expected volume"),
    SPAN("horizon", PLAN(horizon), "300s", 1e6, DAY, "Time to execute; a multiple of interval"),
    SPAN("interval", PLAN(interval), "5s", 1e6, DAY, "Time between decisions"),
    SPAN("warmup", PLAN(warmup), "10min", 1e9, DAY, "Time from the open to the first decision"),
    REAL("band", PLAN(band), "", "0.1", 0, 1,
         "Hedge band, as a share of the parent of A; never below 2 shares of either leg"),
    SPAN("feed_interval", PLAN(feed_interval), "100ms", 0, DAY, "Least time between two quotes to the executor"),
    SPAN("volume_interval", PLAN(volume_interval), "1s", 0, DAY,
         "Least time between two transacted volumes to the executor"),
};

const pab_param pab__calibration_rows[1] = {
    REAL("beta", 0, "", "1", -1e3, 1e3, "Return of A per return of B"),
};

static const pab_param reference_rows[] = {
    REAL("spread_mean", REF(spread_mean), "ticks", "0", 0, 1e12, "Mean spread; 0: the executor's running average"),
    REAL("spread_sd", REF(spread_sd), "ticks", "0", 0, 1e12, "Its standard deviation; 0: the executor's"),
    REAL("touch_mean", REF(touch_mean), "shares", "0", 0, 1e12, "Mean shares at a touch; 0: the executor's average"),
    REAL("depth3_mean", REF(depth3_mean), "shares", "0", 0, 1e12, "Mean shares in 3 levels of a side; 0: the same"),
    REAL("depth5_mean", REF(depth5_mean), "shares", "0", 0, 1e12, "Mean shares in 5 levels of a side; 0: the same"),
    REAL("volatility", REF(volatility), "bps/sqrt(s)", "0", 0, 1e6, "Volatility of the mid; 0: the executor's average"),
    REAL("volume_per_second", REF(volume_per_second), "shares/s", "0", 0, 1e12,
         "Mean volume of the market; 0: the executor's average"),
    REAL("half_spread", REF(half_spread), "bps", "0", 0, 1e4, "Cost of crossing; 0: half of the mean spread"),
    REAL("impact_eta", REF(impact_eta), "ticks*s/shares", "0", 0, 1e12, "Temporary impact per share a second"),
};

static const pab_param profile_rows[] = {
    REAL("profile", 0, "", NULL, 0, 1e12, "Volume of the bucket of 30 s that has this place after the open"),
};

static const pab_param micro_rows[] = {
    REAL("micro_price", 0, "ticks", NULL, -1e12, 1e12,
         "Expected move of the mid: 10 imbalances of the touch, each for a narrow, a usual and a wide spread"),
};

static const pab_param fill_rows[] = {
    REAL("fill", 0, "", NULL, 0, 1,
         "Share of a child order that fills before the next decision: JOIN, IMPROVE, MID, TAKE, SWEEP, each for a "
         "narrow, usual and wide spread, each of these for prices that come, stay and go"),
};

const pab__section pab__leg_lists[PAB__LEG_LISTS] = {
    {.name = "profile", .kind = PAB__SECTION_LIST, .row_count = 1, .rows = profile_rows, .default_value = "[]"},
    {.name = "micro_price", .kind = PAB__SECTION_LIST, .row_count = 1, .rows = micro_rows, .default_value = "[]"},
    {.name = "fill", .kind = PAB__SECTION_LIST, .row_count = 1, .rows = fill_rows, .default_value = "[]"},
};

static const pab_param crumbling_rows[] = {
    REAL("c0", 0, "", "-2", -1e3, 1e3, "Constant of the crumbling probability's logit"),
    REAL("c1", 8, "", "-1.2", -1e3, 1e3, "Weight of ln(shares at the touch / usual)"),
    REAL("c2", 16, "", "0.3", -1e3, 1e3, "Weight of the same at the opposite touch"),
    REAL("c3", 24, "", "-0.8", -1e3, 1e3, "Weight of the excess of shares in 3 levels"),
    REAL("c4", 32, "", "1", -1e3, 1e3, "Weight of cancels among the changes near the touch"),
    REAL("c5", 40, "", "0.6", -1e3, 1e3, "Weight of ln(1 + aggressive volume / shares at the touch)"),
    REAL("c6", 48, "", "0.5", -1e3, 1e3, "Weight of two retreats of the touch in a row"),
    REAL("c7", 56, "", "0.3", -1e3, 1e3, "Weight of the standardised spread"),
};

#define EDGES(key, doc) static const pab_param key##_rows[] = {REAL(#key, 0, "", NULL, -1e6, 1e6, doc)}
EDGES(ahead, "Bin edge of learning states, ascending: fraction of the parent ahead of schedule (4 or none)");
EDGES(spread_z, "Bin edge: standardised spread (2 or none)");
EDGES(signal, "Bin edge: adverse signal (2 or none)");
EDGES(volatility_ratio, "Bin edge: volatility over the usual (1 or none)");
EDGES(hedge_error, "Bin edge: hedge error in bands (4 or none)");
EDGES(pair_ahead, "Bin edge: ahead of schedule, mean of legs (2 or none)");
EDGES(asymmetry, "Bin edge: asymmetry of half-spreads (2 or none)");
EDGES(residual_z, "Bin edge: standardised residual of the pair (2 or none)");

#define EDGE_LIST(key) \
    {.name = #key, .kind = PAB__SECTION_LIST, .row_count = 1, .rows = key##_rows, .default_value = "[]"}

/* In the order of PAB__EDGE_... */
const pab__section pab__edge_lists[PAB__EDGE_LISTS] = {
    EDGE_LIST(ahead),       EDGE_LIST(spread_z),   EDGE_LIST(signal),    EDGE_LIST(volatility_ratio),
    EDGE_LIST(hedge_error), EDGE_LIST(pair_ahead), EDGE_LIST(asymmetry), EDGE_LIST(residual_z),
};
const uint8_t pab__edge_counts[PAB__EDGE_LISTS] = {4, 2, 2, 1, 4, 2, 2, 2};

#define LEG(key)                                                                                                 \
    {.name = key, .row_count = sizeof reference_rows / sizeof *reference_rows, .rows = reference_rows,           \
     .subs = pab__leg_lists, .sub_count = PAB__LEG_LISTS}

const pab__section pab__calibration_subs[PAB__CALIBRATION_SUBS] = {
    LEG("a"),
    LEG("b"),
    {.name = "crumbling", .row_count = sizeof crumbling_rows / sizeof *crumbling_rows, .rows = crumbling_rows},
    {.name = "bins", .subs = pab__edge_lists, .sub_count = PAB__EDGE_LISTS},
};
