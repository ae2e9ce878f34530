/* Calibration from the inside: markets are recorded and probed, what is measured becomes keys of a scenario.
 *
 * pab_calibrate (calibrate.c) runs the steps in this order: record episodes without trading (recording.c); measure
 * references, micro-price and crumbling weights on the recordings (reference.c, micro_price.c, crumble.c with
 * logistic.c); probe fills and impact in forks (probe.c); collect values for bin edges (edges.c); write the keys
 * (write.c). */
#ifndef PAB_CALIB_CALIB_H
#define PAB_CALIB_CALIB_H

#include <pairsabides/calibrate.h>
#include <pairsabides/policy.h>

#include "base/jobs.h"
#include "env/env.h"
#include "env/signals.h"

#define PAB__PROFILE_BUCKET INT64_C(30000000000) /* ns, of the volume profile */

/* The touches of a book at one time; bid and ask are 0 where a side is empty. */
typedef struct pab__touch_sample {
    double bid, ask; /* ticks */
    double share;    /* of the bid in the shares of both touches */
} pab__touch_sample;

/* One leg at a decision, as its executor sees it. Sides: 0 bids, 1 asks. */
typedef struct pab__decision_sample {
    pab__crumble_side side[2];
    double depth5[2];
    double volatility; /* bps/sqrt(s) */
    int32_t on[2];     /* a maker withdraws from the side before the next decision */
} pab__decision_sample;

/* Sizes of a recording. */
typedef struct pab__recording_plan {
    uint32_t steps;   /* N */
    uint32_t parts;   /* samples of the touches per decision */
    uint32_t buckets; /* of the volume profile */
} pab__recording_plan;

/* One episode, per leg. The arrays belong to the caller. */
typedef struct pab__recording {
    pab__decision_sample *decision[2];   /* [steps] */
    pab__touch_sample *touch[2];         /* [steps * parts + 1], from t_0 to t_N */
    double profile[2][PAB__PROFILE_MAX]; /* shares */
    double volume[2];                    /* shares from t_0 to t_N */
    int32_t withdraws;                   /* 1: its market has makers that withdraw */
} pab__recording;

pab__recording_plan pab__recording_plan_of(const pab_scenario *scn);
/* Records one seed on a market of its regime; the executor tracks its books and does not trade. */
pab_status pab__recording_episode(pab_market *market, const pab__recording_plan *plan, uint64_t seed,
                                  pab__recording *out);

/* All that is measured, before it is written as keys. */
typedef struct pab__calibrated {
    pab__leg_plan leg[2]; /* lists with count 0, and references that are 0, are not written */
    double beta;
    double crumbling[8];
    int32_t has_crumbling;
    int32_t has_edges; /* 1: measured; -1: remove those that an earlier calibration wrote */
    double edge[PAB__EDGE_LISTS][PAB__BINS_EDGES_MAX];
    int64_t quantity; /* 0: the scenario has one */
} pab__calibrated;

/* Episodes regime by regime, `each` of them; each has the same weight. */
void pab__reference_measure(const pab__recording *recordings, uint32_t regimes, uint32_t each,
                            const pab__recording_plan *plan, const pab_scenario *scn, pab__calibrated *out);
/* Stoikov's fixed point, one table per leg; needs the mean spread. */
void pab__micro_price_measure(const pab__recording *recordings, uint32_t count, const pab__recording_plan *plan,
                              pab__leg_plan *legs);
/* Fits on the first `train` recordings, evaluates on the others; needs the references. */
pab_status pab__crumble_fit(const pab_host *host, const pab__recording *recordings, uint32_t train, uint32_t count,
                            const pab__recording_plan *plan, const pab_scenario *scn, pab__calibrated *out,
                            pab_calibration *report);

/* What probing one episode gives. */
typedef struct pab__probe {
    double fill[2][PAB__FILL_MAX], tries[2][PAB__FILL_MAX]; /* sums of filled shares of children; children */
    double n[2], x[2], y[2], xx[2], xy[2];                  /* impact on shares/s: sums */
    double mid[2];                                          /* sum, ticks */
} pab__probe;

pab_status pab__probe_episode(pab_env *trunk, pab_env *fork, uint64_t seed, pab__probe *out);
void pab__probe_summarize(const pab__probe *probes, uint32_t count, pab__calibrated *out, pab_calibration *report);

/* Values that bins are made for, at one decision: of both legs, then of the pair. */
enum { PAB__EDGE_PAIR = 4, PAB__EDGE_VALUES = 12 };
/* Plays one episode; writes PAB__EDGE_VALUES per decision, NaN after an early end. */
pab_status pab__edges_episode(pab_env *env, pab_policy *policy, uint64_t seed, uint32_t steps, double *out);
/* Equal quantiles; `values` come in rows of PAB__EDGE_VALUES; `space` has room for two per row. */
void pab__edges_fit(const double *values, size_t rows, double *space, double out[][PAB__BINS_EDGES_MAX]);

/* Lays the measured keys over a configuration. */
pab_status pab__calibration_write(const pab_host *host, const pab__calibrated *m, pab_config *cfg);

#endif
