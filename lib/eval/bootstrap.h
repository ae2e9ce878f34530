/* Paired bootstrap of differences from a base policy: seeds are resampled within each stratum, alike for all policies.
 *
 * Used by comparisons of an evaluation (summary.c) and by the pipeline's report. Plain arrays in and out; the result
 * does not depend on the number of threads. */
#ifndef PAB_EVAL_BOOTSTRAP_H
#define PAB_EVAL_BOOTSTRAP_H

#include "base/threads.h"

#define PAB__OBJECTIVE_ETA 0.5       /* bps of cost per % of tracking error */
#define PAB__OBJECTIVE_TAIL 0.1 /* of CVaR95 in the objective */

/* Episodes of several policies, in the same order: stratum after stratum. */
typedef struct pab__bootstrap_sample {
    uint32_t policies, base;
    uint32_t strata, per_stratum;
    const double *measure;   /* [policies][episodes] */
    const double *shortfall; /* likewise, bps */
    const double *tracking;  /* likewise, % */
    uint64_t seed;           /* of the resamples */
    uint32_t resamples;
} pab__bootstrap_sample;

/* Estimates of each policy, as differences from the base. */
enum { PAB__ESTIMATE_MEAN, PAB__ESTIMATE_LOWER, PAB__ESTIMATE_CVAR, PAB__ESTIMATE_OBJECTIVE, PAB__ESTIMATE_COUNT };

typedef struct pab__bootstrap_estimate {
    double value, low, high; /* 95 % by percentiles */
    double p;                /* two-sided, of being 0 */
} pab__bootstrap_estimate;

/* out: [policies][PAB__ESTIMATE_COUNT]. */
pab_status pab__bootstrap_run(const pab_host *host, const pab__bootstrap_sample *sample, pab__threads *threads,
                              pab__bootstrap_estimate *out);

/* How many times each episode is drawn in resample number `r`: counts[strata * per_stratum]. */
void pab__bootstrap_resample(const pab__bootstrap_sample *sample, uint32_t r, uint32_t *counts);

#endif
