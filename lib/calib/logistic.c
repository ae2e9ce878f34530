#include "calib/logistic.h"

#include <math.h>
#include <string.h>

#include "base/auc.h"
#include "base/cholesky.h"

enum { INPUTS = PAB__LOGISTIC_INPUTS, N = INPUTS + 1, ITERATIONS = 50, HALVINGS = 30 };

static double sum_of(const double c[N], const double input[INPUTS])
{
    double v = c[0];
    for (int j = 0; j < INPUTS; j++)
        v += c[j + 1] * input[j];
    return v;
}

double pab__logistic_probability(const double c[N], const double input[INPUTS])
{
    return 1 / (1 + exp(-sum_of(c, input)));
}

/* Minus the penalised log likelihood, without overflow. */
static double loss_of(const pab__logistic_row *rows, size_t count, double ridge, const double c[N])
{
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        double v = sum_of(c, rows[i].input);
        loss += (v > 0 ? v + log1p(exp(-v)) : log1p(exp(v))) - rows[i].label * v;
    }
    for (int j = 1; j < N; j++)
        loss += 0.5 * ridge * c[j] * c[j];
    return loss;
}

static void derive(const pab__logistic_row *rows, size_t count, double ridge, const double c[N], double slope[N],
                   double curve[N][N])
{
    memset(slope, 0, N * sizeof *slope);
    memset(curve, 0, N * sizeof *curve);
    for (size_t i = 0; i < count; i++) {
        double x[N] = {1};
        memcpy(&x[1], rows[i].input, sizeof rows[i].input);
        double p = pab__logistic_probability(c, rows[i].input), w = p * (1 - p);
        for (int j = 0; j < N; j++) {
            slope[j] += (p - rows[i].label) * x[j];
            for (int k = 0; k <= j; k++)
                curve[j][k] += w * x[j] * x[k];
        }
    }
    for (int j = 1; j < N; j++) {
        slope[j] += ridge * c[j];
        curve[j][j] += ridge;
    }
}

/* Line search along the step, halved while the loss rises; returns the new loss. */
static double descend(const pab__logistic_row *rows, size_t count, double ridge, const double step[N], double loss,
                      double c[N])
{
    double scale = 1, next[N];
    for (int h = 0; h < HALVINGS; h++, scale /= 2) {
        for (int j = 0; j < N; j++)
            next[j] = c[j] - scale * step[j];
        double lower = loss_of(rows, count, ridge, next);
        if (lower < loss) {
            memcpy(c, next, sizeof next);
            return lower;
        }
    }
    return loss;
}

pab_status pab__logistic_fit(const pab__logistic_row *rows, size_t count, double ridge, double out[N])
{
    double c[N] = {0}, slope[N], curve[N][N], step[N], ones = 0;
    for (size_t i = 0; i < count; i++)
        ones += rows[i].label;
    if (!(ones > 0 && ones < (double)count))
        return pab__fail(PAB_E_STATE, "logistic regression: all %zu labels are the same", count);
    c[0] = log(ones / ((double)count - ones));
    double loss = loss_of(rows, count, ridge, c);
    for (int i = 0; i < ITERATIONS; i++) {
        derive(rows, count, ridge, c, slope, curve);
        if (!pab__cholesky_solve(curve[0], N, slope, step))
            break;
        double lower = descend(rows, count, ridge, step, loss, c);
        int done = loss - lower <= 1e-12 * (1 + fabs(loss));
        loss = lower;
        if (done)
            break;
    }
    memcpy(out, c, sizeof c);
    return PAB_OK;
}

void pab__logistic_evaluate(const pab__logistic_row *rows, size_t count, const double c[N], double *space,
                            pab__logistic_score *out)
{
    double ones = 0, square = 0;
    for (size_t i = 0; i < count; i++) {
        double p = pab__logistic_probability(c, rows[i].input);
        space[2 * i] = p;
        space[2 * i + 1] = rows[i].label;
        ones += rows[i].label;
        square += (p - rows[i].label) * (p - rows[i].label);
    }
    *out = (pab__logistic_score){NAN, NAN, NAN};
    if (count == 0)
        return;
    out->auc = pab__auc(space, count);
    out->brier = square / (double)count;
    out->positives = ones / (double)count;
}
