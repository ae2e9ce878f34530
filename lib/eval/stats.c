/* Means, tails and ranks. Sums run in order of the array, so equal arrays give equal bits. */
#include "eval/stats.h"

#include <math.h>

#include "base/sort.h"

double pab__stats_mean(const double *x, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += x[i];
    return n > 0 ? sum / n : NAN;
}

double pab__stats_sd(const double *x, uint32_t n)
{
    double mean = pab__stats_mean(x, n), sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return n > 1 ? sqrt(sum / (n - 1)) : NAN;
}

double pab__stats_root_mean_square(const double *x, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return n > 0 ? sqrt(sum / n) : NAN;
}

double pab__stats_interquartile_mean(const double *sorted, uint32_t n)
{
    uint32_t cut = n / 4;
    return pab__stats_mean(sorted + cut, n - 2 * cut);
}

double pab__stats_nearest_rank(const double *sorted, uint32_t n, uint32_t percent)
{
    uint64_t rank = ((uint64_t)n * percent + 99) / 100;
    return n > 0 ? sorted[rank > 0 ? rank - 1 : 0] : NAN;
}

double pab__stats_quantile(const double *sorted, uint32_t n, double q)
{
    if (n == 0)
        return NAN;
    double at = q * (n - 1);
    uint32_t low = (uint32_t)at;
    if (low + 1 >= n)
        return sorted[n - 1];
    return sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]);
}

uint32_t pab__stats_tail_count(uint32_t n)
{
    return n / 20 + (n % 20 > 0);
}

double pab__stats_tail_mean(const double *sorted, uint32_t n)
{
    uint32_t k = pab__stats_tail_count(n);
    return pab__stats_mean(sorted + (n - k), k);
}

void pab__stats_holm(const double *p, uint32_t n, uint32_t *order, double *out)
{
    double least = 0;
    pab__sort_rank(p, n, order);
    for (uint32_t rank = 0; rank < n; rank++) {
        double raised = p[order[rank]] * (n - rank);
        raised = raised < 1 ? raised : 1;
        least = raised > least ? raised : least;
        out[order[rank]] = least;
    }
}
