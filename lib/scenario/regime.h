/* Regimes: what each changes in a scenario with a `pair`. */
#ifndef PAB_SCENARIO_REGIME_H
#define PAB_SCENARIO_REGIME_H

#include <pairsabides/param.h>

/* In the order of PAB_REGIME_... */
enum { PAB__REGIMES = 5, PAB__REGIME_ROWS = 13 };

/* Keys under regimes.<name>. */
typedef struct pab__regime {
    double volatility;                      /* factor on the fundamentals' volatility */
    double momentum, value, noise;          /* factors on the numbers of agents */
    double maker_size;                      /* factor on the makers' order sizes */
    int64_t withdrawal_off, withdrawal_on;  /* ns; 0: as the makers' groups say */
    int32_t shock, reserved;                /* 1: one common jump in the episode */
    double shock_sd, shock_own_sd;          /* bps */
    double shock_from, shock_to;            /* shares of the horizon */
    int64_t shock_delay;                    /* ns */
} pab__regime;

/* A regime that changes nothing. */
extern const pab__regime pab__regime_neutral;

#endif
