/* Parts of pab_hedge_estimate. */
#ifndef PAB_STAGE0_HEDGE_H
#define PAB_STAGE0_HEDGE_H

#include <pairsabides/stage0.h>

/* What an ADF(1) regression without a constant finds in a series e. */
typedef struct pab__adf {
    double t;         /* t value of the lagged level */
    double half_life; /* -ln 2 / ln(1 + phi), phi of the regression without lags; INFINITY when it does not revert */
} pab__adf;

/* n is at least 8. NaN where e does not move. */
pab__adf pab__adf_test(const double *e, uint64_t n);

/* Johansen's trace test of two series with one lagged difference and a constant: traces and eigenvalues. */
void pab__johansen(const double *a, const double *b, uint64_t n, double trace[2], double eigenvalue[2]);

#endif
