/* Hedge ratios: least squares on increments and returns, total least squares, a Kalman filter (docs/methods.md 0). */
#include "stage0/hedge.h"

#include "stage0/facts.h"

#include <math.h>

#define KALMAN_DELTA 1e-5 /* W = delta / (1 - delta) I */

/* Moments of changes: y of the first series, x of the second; of logarithms' changes when asked. */
static pab__moments change_moments(const double *a, const double *b, uint64_t n, int relative)
{
    pab__moments m = {.n = (double)(n - 1)};
    for (int pass = 0; pass < 2; pass++) {
        for (uint64_t i = 1; i < n; i++) {
            double y = relative ? a[i] / a[i - 1] - 1 : a[i] - a[i - 1];
            double x = relative ? b[i] / b[i - 1] - 1 : b[i] - b[i - 1];
            if (pass == 0) {
                m.mean_x += x / m.n;
                m.mean_y += y / m.n;
                continue;
            }
            m.sxx += (x - m.mean_x) * (x - m.mean_x);
            m.sxy += (x - m.mean_x) * (y - m.mean_y);
            m.syy += (y - m.mean_y) * (y - m.mean_y);
        }
    }
    return m;
}

static double slope_of(const pab__moments *m)
{
    return m->sxx > 0 ? m->sxy / m->sxx : NAN;
}

static double total_slope(const pab__moments *m)
{
    double d = m->syy - m->sxx;
    if (m->sxy > 0 || m->sxy < 0)
        return (d + sqrt(d * d + 4 * m->sxy * m->sxy)) / (2 * m->sxy);
    return NAN;
}

static void levels(const double *a, const double *b, uint64_t n, pab_hedge *h)
{
    pab__moments m = pab__moments_of(b, a, n);
    h->slope = slope_of(&m);
    h->intercept = m.mean_y - h->slope * m.mean_x;
    double rest = m.syy - h->slope * m.sxy;
    rest = rest > 0 ? rest : 0;
    h->r2 = m.syy > 0 ? 1 - rest / m.syy : NAN;
    h->residual_sd = sqrt(rest / (m.n - 2));
}

/* y = alpha + beta x + v with (alpha, beta) a random walk from zero; C is symmetric. */
static void kalman(const double *y, const double *x, uint64_t n, double noise, pab_hedge *h, double *path)
{
    double alpha = 0, beta = 0, c00 = 1, c01 = 0, c11 = 1;
    const double w = KALMAN_DELTA / (1 - KALMAN_DELTA);
    for (uint64_t i = 0; i < n; i++) {
        double r00 = c00 + w, r11 = c11 + w;
        double h0 = r00 + c01 * x[i], h1 = c01 + r11 * x[i]; /* R H' */
        double s = h0 + h1 * x[i] + noise, error = y[i] - alpha - beta * x[i];
        double k0 = h0 / s, k1 = h1 / s;
        alpha += k0 * error;
        beta += k1 * error;
        c00 = r00 - k0 * h0;
        c11 = r11 - k1 * h1;
        c01 -= k0 * h1;
        if (path)
            path[i] = beta;
    }
    h->kalman = beta;
    h->kalman_intercept = alpha;
}

static pab_status engle_granger(const double *a, const double *b, uint64_t n, pab_hedge *h)
{
    pab_host host;
    pab_status status = pab__host_take(NULL, &host);
    if (status != PAB_OK)
        return status;
    double *residual = n <= SIZE_MAX / sizeof *residual ? pab__alloc(&host, n * sizeof *residual) : NULL;
    if (!residual)
        return pab__fail(PAB_E_MEMORY, "no memory for %llu residuals", (unsigned long long)n);
    for (uint64_t i = 0; i < n; i++)
        residual[i] = a[i] - h->intercept - h->slope * b[i];
    pab__adf adf = pab__adf_test(residual, n);
    h->adf = adf.t;
    h->half_life = adf.half_life;
    pab__release(&host, residual, n * sizeof *residual);
    return PAB_OK;
}

pab_status pab_hedge_estimate(const double *a, const double *b, uint64_t n, pab_hedge *out, double *path)
{
    if (!a || !b || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !a ? "a" : !b ? "b" : "out");
    if (pab__record_check(out, PAB__UPTO(pab_hedge, eigenvalue), "hedge") != PAB_OK)
        return PAB_E_ARGUMENT;
    if (n < 8)
        return pab__fail(PAB_E_RANGE, "%llu levels; expected at least 8", (unsigned long long)n);
    for (uint64_t i = 0; i < n; i++)
        if (!isfinite(a[i]) || !isfinite(b[i]))
            return pab__fail(PAB_E_RANGE, "level %llu is %g / %g; expected finite numbers", (unsigned long long)i, a[i],
                             b[i]);
    pab_hedge h = {0};
    pab__moments increments = change_moments(a, b, n, 0), returns = change_moments(a, b, n, 1);
    h.ols_increments = slope_of(&increments);
    h.tls = total_slope(&increments);
    h.ols_returns = slope_of(&returns);
    h.correlation = returns.sxx > 0 && returns.syy > 0 ? returns.sxy / sqrt(returns.sxx * returns.syy) : NAN;
    levels(a, b, n, &h);
    pab_status status = engle_granger(a, b, n, &h);
    if (status != PAB_OK)
        return status;
    pab__johansen(a, b, n, h.trace, h.eigenvalue);
    kalman(a, b, n, h.residual_sd * h.residual_sd, &h, path);
    return pab__record_out(out, &h, sizeof h, PAB__UPTO(pab_hedge, eigenvalue), "hedge");
}
