/* Moments, autocorrelation, returns, median: fixed order of summation, so that results do not depend on the machine. */
#include "stage0/facts.h"

#include <math.h>

#include "base/sort.h"

pab__moments pab__moments_of(const double *x, const double *y, uint64_t n)
{
    pab__moments m = {.n = (double)n};
    for (uint64_t i = 0; i < n; i++) {
        m.mean_x += x[i];
        m.mean_y += y[i];
    }
    m.mean_x /= m.n;
    m.mean_y /= m.n;
    for (uint64_t i = 0; i < n; i++) {
        double dx = x[i] - m.mean_x, dy = y[i] - m.mean_y;
        m.sxx += dx * dx;
        m.sxy += dx * dy;
        m.syy += dy * dy;
    }
    return m;
}

double pab__moments_correlation(const double *x, const double *y, uint64_t n)
{
    pab__moments m = n > 2 ? pab__moments_of(x, y, n) : (pab__moments){0};
    return m.sxx > 0 && m.syy > 0 ? m.sxy / sqrt(m.sxx * m.syy) : NAN;
}

double pab__volatility(const double *returns, uint64_t n, double hours)
{
    double sum = 0;
    for (uint64_t i = 0; i < n; i++)
        sum += returns[i] * returns[i];
    return n > 1 ? 1e4 * sqrt(sum / hours) : NAN;
}

double pab__excess_kurtosis(const double *x, uint64_t n)
{
    pab__moments m = pab__moments_of(x, x, n);
    double fourth = 0;
    for (uint64_t i = 0; i < n; i++)
        fourth += pow(x[i] - m.mean_x, 4);
    return m.sxx > 0 ? fourth * m.n / (m.sxx * m.sxx) - 3 : NAN;
}

double pab__autocorrelation(const double *x, uint64_t n, uint64_t lag)
{
    if (n <= lag + 1)
        return NAN;
    pab__moments m = pab__moments_of(x, x, n);
    double sum = 0;
    for (uint64_t i = lag; i < n; i++)
        sum += (x[i] - m.mean_x) * (x[i - lag] - m.mean_x);
    return m.sxx > 0 ? sum / m.sxx : NAN;
}

uint64_t pab__first_level(const double *levels, uint64_t n, uint64_t stride)
{
    uint64_t first = 0;
    while (first < n && isnan(levels[first]))
        first += stride;
    return first;
}

uint64_t pab__log_returns(const double *levels, uint64_t first, uint64_t n, uint64_t stride, double *out)
{
    uint64_t count = 0;
    for (uint64_t i = first + stride; i < n; i += stride)
        out[count++] = log(levels[i] / levels[i - stride]);
    return count;
}

double pab__median(double *values, uint64_t n)
{
    if (n == 0)
        return NAN;
    pab__sort_reals(values, n);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

pab_status pab__tape_sample(const pab_tape *tape, int64_t from, int64_t to, int64_t step, double **out,
                            uint64_t *count)
{
    pab_tape view = *tape; /* the same rows in another window */
    view.from = from;
    view.to = to;
    uint64_t n = 0;
    pab_status status = pab_tape_mids(&view, step, NULL, 0, &n);
    if (status != PAB_OK)
        return status;
    double *mids = n <= SIZE_MAX / sizeof *mids ? pab__alloc(&tape->host, n * sizeof *mids) : NULL;
    if (!mids)
        return pab__fail(PAB_E_MEMORY, "no memory for %llu samples of a tape", (unsigned long long)n);
    status = pab_tape_mids(&view, step, mids, n, NULL);
    if (status != PAB_OK) {
        pab__release(&tape->host, mids, n * sizeof *mids);
        return status;
    }
    *out = mids;
    *count = n;
    return PAB_OK;
}
