/* How much of an order is due when: curves from 0 at the first decision to 1 at the horizon. */
#ifndef PAB_EXPERTS_CURVE_H
#define PAB_EXPERTS_CURVE_H

#include "env/context.h"

/* Almgren-Chriss: 1 - sinh(kt (1 - y)) / sinh(kt) at the fraction y of the horizon; straight for kt = 0. */
double pab__curve_front(double kt, double y);

/* Share of the horizon's volume that is expected by `time` (ns): from the leg's calibrated profile where it covers the
 * horizon, else from w(y) = 1 + 2 (2y - 1)^2 over the trading day. Never from what was realised. */
double pab__curve_volume(const pab__context *context, int leg, int64_t time);

/* Two legs traded together, in fractions of their parents (docs/methods.md 2, AC pair). */
typedef struct pab__ac_pair {
    double impact[PAB_ENV_LEGS]; /* eta_i Q_i^2, ticks * s */
    double cov[3];               /* AA, AB, BB: s_i s_j Q_i Q_j Sigma_ij, ticks^2 / s */
    double lambda;               /* risk aversion, 1 / ticks */
    double mu;                   /* price of a gap between the legs, ticks / s */
    double dt;                   /* s */
    int32_t steps;
    int32_t reserved;
} pab__ac_pair;

/* Mean of the two single-leg risk aversions that give kappa T = kt. Variances must be above 0. */
double pab__ac_lambda(const pab__ac_pair *plan, double kt);

/* left[] (fractions left at decision k) becomes what is left at decision k + 1 on the cheapest way to 0 at `steps`. */
void pab__ac_pair_next(const pab__ac_pair *plan, int32_t k, double left[PAB_ENV_LEGS]);

#endif
