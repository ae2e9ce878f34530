/* The keys of `regimes`. */
#include "env/pair_keys.h"

#define AT(member) (uint32_t) offsetof(pab__regime, member)
#define REAL(key, member, unit, def, low, high, doc) {key, PAB_PARAM_REAL, AT(member), unit, def, low, high, NULL, doc}
#define SPAN(key, member, def, doc) {key, PAB_PARAM_DURATION, AT(member), "ns", def, 0, 1e15, NULL, doc}

/* A regime's table: only defaults differ. */
#define REGIME(volatility_, momentum_, value_, noise_, maker_, off_, on_, shock_)                                      \
    {                                                                                                                  \
        REAL("volatility", volatility, "", volatility_, 0, 1e3, "Factor on the volatility of fundamental values"),     \
        REAL("momentum", momentum, "", momentum_, 0, 1e3, "Factor on the numbers of momentum agents"),                 \
        REAL("value", value, "", value_, 0, 1e3, "Factor on the numbers of value agents"),                             \
        REAL("noise", noise, "", noise_, 0, 1e3, "Factor on the numbers of noise agents"),                             \
        REAL("maker_size", maker_size, "", maker_, 0, 1e3, "Factor on the order sizes of market makers"),              \
        SPAN("withdrawal_off", withdrawal_off, off_, "Makers' withdrawal_off; 0: as their groups say"),                \
        SPAN("withdrawal_on", withdrawal_on, on_, "Makers' withdrawal_on, where withdrawal_off is set here"),          \
        {"shock", PAB_PARAM_BOOL, AT(shock), "", shock_, 0, 1, NULL,                                                   \
         "One common jump of correlated fundamentals during the episode"},                                             \
        REAL("shock_sd", shock_sd, "bps", "60", 0, 1e4, "Standard deviation of its size, before oracle.shock_beta"),   \
        REAL("shock_own_sd", shock_own_sd, "bps", "10", 0, 1e4, "Standard deviation of what each symbol adds"),        \
        REAL("shock_from", shock_from, "horizons", "0.2", 0, 1, "Earliest time of the jump after the first decision"), \
        REAL("shock_to", shock_to, "horizons", "0.8", 0, 1, "Latest time of the jump after the first decision"),       \
        SPAN("shock_delay", shock_delay, "2s", "It reaches symbols after the first up to this much later"),            \
    }

static const pab_param calm[PAB__REGIME_ROWS] = REGIME("1", "1", "1", "1", "1", "0", "0", "false");
static const pab_param volatile_rows[PAB__REGIME_ROWS] = REGIME("3", "2", "1", "1", "1", "0", "0", "false");
static const pab_param thin[PAB__REGIME_ROWS] = REGIME("1", "1", "0.35", "0.35", "0.3", "0", "0", "false");
static const pab_param crumbling[PAB__REGIME_ROWS] = REGIME("1", "1", "1", "1", "1", "40s", "8s", "false");
static const pab_param megashock[PAB__REGIME_ROWS] = REGIME("1", "1", "1", "1", "1", "0", "0", "true");

const pab__section pab__regime_subs[PAB__REGIMES] = {
    {.name = "calm", .row_count = PAB__REGIME_ROWS, .rows = calm},
    {.name = "volatile", .row_count = PAB__REGIME_ROWS, .rows = volatile_rows},
    {.name = "thin", .row_count = PAB__REGIME_ROWS, .rows = thin},
    {.name = "crumbling", .row_count = PAB__REGIME_ROWS, .rows = crumbling},
    {.name = "megashock", .row_count = PAB__REGIME_ROWS, .rows = megashock},
};
