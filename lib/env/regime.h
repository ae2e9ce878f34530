/* Regimes: what each changes in a scenario with a `pair`. */
#ifndef PAB_ENV_REGIME_H
#define PAB_ENV_REGIME_H

#include "scenario/scenario.h"

/* In the order of PAB_REGIME_... */
enum { PAB__REGIMES = 5, PAB__REGIME_ROWS = 13 };

/* Keys under regimes.<name>. */
typedef struct pab__regime {
    double volatility;                      /* factor on the fundamentals' volatility */
    double momentum, value, noise;          /* factors on the numbers of agents */
    double maker_size;                      /* factor on the makers' order sizes */
    int64_t withdrawal_off, withdrawal_on;  /* ns; 0: as the makers' groups say */
    int32_t shock;                          /* 1: one common jump in the episode */
    double shock_sd, shock_own_sd;          /* bps */
    double shock_from, shock_to;            /* shares of the horizon */
    int64_t shock_delay;                    /* ns */
} pab__regime;

/* Hooks of the environment's extension. `record` is a pab__pair. */
pab_status pab__regime_start(const pab_config *cfg, int32_t variant, void *record, int32_t *changes);
void pab__regime_symbol(const void *record, pab__symbol *symbol);
void pab__regime_group(const void *record, pab__group *group);

/* The jump of a regime with `shock`, as an event of the scenario's correlated symbols. */
struct pab__pair;
void pab__regime_event(const struct pab__pair *pair, pab_scenario *scn);

#endif
