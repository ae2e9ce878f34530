/* Statistics of plain arrays. `sorted` means ascending. */
#ifndef PAB_EVAL_STATS_H
#define PAB_EVAL_STATS_H

#include <stdint.h>

double pab__stats_mean(const double *x, uint32_t n);                          /* NaN for none */
double pab__stats_sd(const double *x, uint32_t n);                     /* of a sample: n - 1; NaN below two */
double pab__stats_root_mean_square(const double *x, uint32_t n);
double pab__stats_interquartile_mean(const double *sorted, uint32_t n);       /* n / 4, rounded down, cut at each end */
double pab__stats_nearest_rank(const double *sorted, uint32_t n, uint32_t percent);
double pab__stats_quantile(const double *sorted, uint32_t n, double q);       /* linear between ranks */

/* Episodes that make up the worst 5 % of n. */
uint32_t pab__stats_tail_count(uint32_t n);
double pab__stats_tail_mean(const double *sorted, uint32_t n);                /* CVaR95 of a cost */

/* p values corrected for being n at once, after Holm; `order` has room for n. */
void pab__stats_holm(const double *p, uint32_t n, uint32_t *order, double *out);

#endif
