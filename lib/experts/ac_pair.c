/* Almgren-Chriss for two legs: the normal equations are block-tridiagonal, 2 x 2 blocks, eliminated from the horizon
 * backward, so that only the present holdings are kept. */
#include "experts/curve.h"

#include <math.h>

double pab__ac_lambda(const pab__ac_pair *plan, double kt)
{
    double bend = cosh(kt / plan->steps) - 1, sum = 0;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        sum += 2 * plan->impact[leg] * bend / (plan->cov[2 * leg] * plan->dt * plan->dt);
    }
    return sum / 2;
}

void pab__ac_pair_next(const pab__ac_pair *plan, int32_t k, double left[PAB_ENV_LEGS])
{
    const double near[PAB_ENV_LEGS] = {plan->impact[0] / plan->dt, plan->impact[1] / plan->dt};
    const double risk = plan->lambda * plan->dt, sync = plan->mu * plan->dt;
    const double aa = 2 * near[0] + risk * plan->cov[0] + sync;
    const double ab = risk * plan->cov[1] - sync;
    const double bb = 2 * near[1] + risk * plan->cov[2] + sync;
    double gain[4] = {0, 0, 0, 0}; /* x of the next decision = gain * x of this one, row by row */
    for (int32_t j = plan->steps - 2; j >= k; j--) {
        /* gain = (middle - near gain)^-1 near, near being diagonal */
        double m00 = aa - near[0] * gain[0], m01 = ab - near[0] * gain[1];
        double m10 = ab - near[1] * gain[2], m11 = bb - near[1] * gain[3];
        double det = m00 * m11 - m01 * m10;
        gain[0] = m11 * near[0] / det;
        gain[1] = -m01 * near[1] / det;
        gain[2] = -m10 * near[0] / det;
        gain[3] = m00 * near[1] / det;
    }
    double a = left[0], b = left[1];
    left[0] = gain[0] * a + gain[1] * b;
    left[1] = gain[2] * a + gain[3] * b;
}
