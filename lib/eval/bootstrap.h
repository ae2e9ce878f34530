/* Paired bootstrap: seeds are resampled, within each stratum, alike for all policies. */
#ifndef PAB_EVAL_BOOTSTRAP_H
#define PAB_EVAL_BOOTSTRAP_H

#include "base/threads.h"

#define PAB__ETA 0.5       /* bps of cost per % of tracking error */
#define PAB__TAIL_WEIGHT 0.1 /* of CVaR95 in the objective */

/* Episodes of several policies, in the same order: stratum after stratum. */
typedef struct pab__trials {
    uint32_t policies, base;
    uint32_t strata, per_stratum;
    const double *measure;   /* [policies][episodes] */
    const double *shortfall; /* likewise, bps */
    const double *tracking;  /* likewise, % */
    uint64_t seed;           /* of the resamples */
    uint32_t resamples;
} pab__trials;

/* What is estimated of each policy, as a difference from the base. */
enum { PAB__OF_MEAN, PAB__OF_LOWER, PAB__OF_CVAR, PAB__OF_OBJECTIVE, PAB__OF_COUNT };

typedef struct pab__estimate {
    double value, low, high; /* 95 % by percentiles */
    double p;                /* two-sided, of being 0 */
} pab__estimate;

/* out: [policies][PAB__OF_COUNT]. */
pab_status pab__bootstrap(const pab_host *host, const pab__trials *trials, pab__threads *threads, pab__estimate *out);

/* How often each episode is drawn in resample number `r`: counts[strata * per_stratum]. */
void pab__resample(const pab__trials *trials, uint32_t r, uint32_t *counts);

#endif
