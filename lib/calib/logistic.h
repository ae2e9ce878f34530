/* Logistic regression on a table of inputs, and scores of its probabilities: AUC and Brier. */
#ifndef PAB_CALIB_LOGISTIC_H
#define PAB_CALIB_LOGISTIC_H

#include "base/host.h"

enum { PAB__LOGISTIC_INPUTS = 7 };

typedef struct pab__logistic_row {
    double input[PAB__LOGISTIC_INPUTS];
    double label; /* 0 or 1 */
} pab__logistic_row;

/* Probability of 1 by c0 + sum c_j x_j. */
double pab__logistic_probability(const double c[PAB__LOGISTIC_INPUTS + 1], const double input[PAB__LOGISTIC_INPUTS]);

/* Greatest likelihood less 0.5 * ridge * sum c_j^2 (not of c0), by Newton steps from zero. PAB_E_STATE where there are
 * not both labels. */
pab_status pab__logistic_fit(const pab__logistic_row *rows, size_t count, double ridge,
                             double out[PAB__LOGISTIC_INPUTS + 1]);

typedef struct pab__logistic_score {
    double auc, brier, positives; /* NaN where they mean nothing */
} pab__logistic_score;

/* `space` has room for two numbers per row. */
void pab__logistic_evaluate(const pab__logistic_row *rows, size_t count, const double c[PAB__LOGISTIC_INPUTS + 1],
                            double *space, pab__logistic_score *out);

#endif
