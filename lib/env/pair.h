/* The pair in a scenario: the parent order, and what calibration has measured of the market. */
#ifndef PAB_ENV_PAIR_H
#define PAB_ENV_PAIR_H

#include <math.h>

#include "env/regime.h"
#include "scenario/scenario.h"

/* Limits of the calibration lists. */
enum { PAB__PROFILE_MAX = 128, PAB__MICRO_IMBALANCES = 10, PAB__MICRO_SPREADS = 3, PAB__MICRO_MAX = 30,
       PAB__FILL_STYLES = 5, PAB__FILL_SPREADS = 3, PAB__FILL_SIGNALS = 3, PAB__FILL_MAX = 45 };

/* Factors whose bins may be calibrated: of a leg's state, then of the pair's (pair_keys.c names them). */
enum { PAB__EDGE_AHEAD, PAB__EDGE_SPREAD_Z, PAB__EDGE_SIGNAL, PAB__EDGE_VOLATILITY, PAB__EDGE_HEDGE,
       PAB__EDGE_PAIR_AHEAD, PAB__EDGE_ASYMMETRY, PAB__EDGE_RESIDUAL, PAB__EDGE_LISTS, PAB__BINS_EDGES_MAX = 4 };

enum { PAB__RATIO_FROZEN = 0, PAB__RATIO_LIVE = 1 };
enum { PAB__SIDE_BUY = 0, PAB__SIDE_SELL = 1, PAB__SIDE_SEED = 2 };

/* Keys under `pair`. */
typedef struct pab__pair_plan {
    char a[PAB_PARAM_TEXT_SIZE], b[PAB_PARAM_TEXT_SIZE]; /* symbols; "": the scenario's first and second */
    int32_t hedge;          /* PAB_HEDGE_... */
    int32_t ratio_mode;     /* PAB__RATIO_... */
    int32_t side;           /* PAB__SIDE_... */
    double ratio;           /* shares of B per share of A, or beta of returns; below 0: both legs on one side */
    double band;            /* hedge band, as a share of A's parent */
    double participation;   /* parent as a share of the volume, where quantity is 0 */
    int64_t quantity;       /* parent shares of A */
    int64_t horizon, interval, warmup; /* ns: T, Delta, open to t_0 */
    int64_t feed_interval, volume_interval; /* ns, least time between two quotes and two volumes */
} pab__pair_plan;

/* Keys under `calibration.a` and `calibration.b`; 0: not calibrated, the executor's running averages are used. */
typedef struct pab__reference {
    double spread_mean, spread_sd;              /* ticks */
    double touch_mean, depth3_mean, depth5_mean; /* shares at one side */
    double volatility;                          /* bps/sqrt(s) */
    double volume_per_second;                   /* shares/s */
    double half_spread;                         /* bps */
    double impact_eta;                          /* ticks per share/s */
} pab__reference;

/* Everything known of one leg. */
typedef struct pab__leg_plan {
    uint32_t symbol;
    uint32_t profile_count;
    pab__reference ref;
    double profile[PAB__PROFILE_MAX];   /* volume in buckets of 30 s from the open on, in any unit */
    uint32_t micro_count;               /* PAB__MICRO_MAX, or 0 */
    uint32_t fill_count;                /* PAB__FILL_MAX, or 0 */
    double micro_price[PAB__MICRO_MAX]; /* ticks: 10 imbalances, each for 3 spreads */
    double fill[PAB__FILL_MAX];         /* share of a child that fills: 5 styles, each 3 spreads, each 3 signals */
} pab__leg_plan;

/* The environment's record in a scenario; `given` is 0 without a section `pair`. */
typedef struct pab__pair {
    int32_t given;
    int32_t executor; /* its id, -1 for none */
    pab__regime regime; /* that the scenario was compiled for */
    pab__pair_plan plan;
    pab__leg_plan legs[2];
    double beta;        /* calibrated beta of returns, A on B */
    double crumbling[8]; /* c0 .. c7 */
    double edge[PAB__EDGE_LISTS][PAB__BINS_EDGES_MAX];
    int32_t edges[PAB__EDGE_LISTS]; /* how many: as many as the factor has, or 0 for the documented ones */
} pab__pair;

/* Place of the environment in the list of extensions (builtin.c). */
enum { PAB__PAIR_RECORD = 1 };

static inline const pab__pair *pab__pair_of(const pab_scenario *scn)
{
    return scn->records[PAB__PAIR_RECORD];
}

/* Hooks of the environment's extension (pair.c). `record` is a pab__pair. */
struct pab__times;
pab_status pab__pair_build(const pab_config *cfg, const struct pab__times *times, pab_scenario *scn, void *record);
pab_status pab__pair_check(const pab_config *cfg, const pab_scenario *scn, const void *record);
uint64_t pab__pair_hash(const void *record, uint64_t h);

/* Bins of the table of fills: the documented ones of spread and signal; the middle one for NaN. */
static inline int pab__fill_spread(double spread_z)
{
    return isnan(spread_z) ? 1 : (spread_z >= -0.5) + (spread_z >= 1);
}

static inline int pab__fill_signal(double alpha)
{
    return isnan(alpha) ? 1 : (alpha >= -0.3) + (alpha >= 0.3);
}

#endif
