/* Statistics that facts and targets are made of. */
#ifndef PAB_STAGE0_FACTS_H
#define PAB_STAGE0_FACTS_H

#include "stage0/tape.h"

/* Sums over pairs of values; means taken out when asked for. */
typedef struct pab__moments {
    double n, mean_x, mean_y, sxx, sxy, syy; /* central second sums */
} pab__moments;

pab__moments pab__moments_of(const double *x, const double *y, uint64_t n);

/* Correlation of n pairs; NaN of fewer than three, or where one side does not vary. */
double pab__moments_correlation(const double *x, const double *y, uint64_t n);

/* Root of squared returns per hour, in bps; NaN of fewer than two. */
double pab__volatility(const double *returns, uint64_t n, double hours);

/* Excess kurtosis about the mean; NaN when nothing varies. */
double pab__excess_kurtosis(const double *x, uint64_t n);

/* Autocorrelation about the mean; NaN when nothing varies. */
double pab__autocorrelation(const double *x, uint64_t n, uint64_t lag);

/* Log returns over `stride` samples, not overlapping, of levels first, first + stride, ... below n; returns how many
 * were written. */
uint64_t pab__log_returns(const double *levels, uint64_t first, uint64_t n, uint64_t stride, double *out);

/* The first index at which levels are known, from 0 in steps of `stride`. */
uint64_t pab__first_level(const double *levels, uint64_t n, uint64_t stride);

/* Median of values that may be reordered; NaN of none. */
double pab__median(double *values, uint64_t n);

/* Mids of the window at the tape's own grid (1 s, or its bars), allocated: released by the caller with
 * pab__release(host, *out, *count * sizeof **out). */
pab_status pab__tape_sample(const pab_tape *tape, int64_t from, int64_t to, int64_t step, double **out,
                            uint64_t *count);

/* Facts of trades into out[0 .. PAB_LEG_FACT_COUNT), and of quotes; facts_trades.c and facts_quotes.c. */
pab_status pab__facts_trades(const pab_tape *tape, double *out);
pab_status pab__facts_quotes(const pab_tape *tape, double *out);

#endif
