/* From scores of trajectories in common futures to ranked pairs. It knows nothing of markets. */
#ifndef PAB_PREFS_LABELS_H
#define PAB_PREFS_LABELS_H

#include <stdint.h>

enum { PAB__PREF_TRAJECTORIES = 16, PAB__PREF_FUTURES = 16, PAB__PREF_PAIRS = 6 };

/* Scores of one start, score[trajectory * futures + future]; larger is better. */
typedef struct pab__pref_scores {
    const double *score;
    uint32_t trajectories, futures;
} pab__pref_scores;

/* Mean difference of two trajectories over the futures, and the variance of the differences (0 for one future). */
typedef struct pab__pref_difference {
    double mean, variance;
} pab__pref_difference;

void pab__pref_difference_of(const pab__pref_scores *s, uint32_t a, uint32_t b, pab__pref_difference *out);

/* Differences of a group of starts pooled: add all pairs of all its starts, then ask. */
typedef struct pab__pref_pool {
    double sum, count;
} pab__pref_pool;

void pab__pref_pool_add(pab__pref_pool *pool, const pab__pref_scores *s);
double pab__pref_pool_sd(const pab__pref_pool *pool); /* 0 for an empty one */

typedef struct pab__pref_label {
    double gain;  /* D, bps: mean difference */
    double error; /* SE of it, shrunk half-way to the pool */
    double p;     /* that the first is the better, in [0.02, 0.98] */
    int32_t tie;
} pab__pref_label;

void pab__pref_compare(const pab__pref_scores *s, uint32_t a, uint32_t b, double pooled, pab__pref_label *out);

/* One ranked pair, the winner first. */
typedef struct pab__pref_pair {
    uint32_t winner, loser;
    double p, gain, error;
} pab__pref_pair;

/* At most PAB__PREF_PAIRS, the surest first; returns how many. */
uint32_t pab__pref_pairs(const pab__pref_scores *s, double pooled, pab__pref_pair out[PAB__PREF_PAIRS]);

/* Tracks, the best first, one of each group of ties, the worst of the last; returns how many (0: all tie). */
uint32_t pab__pref_rank(const pab__pref_scores *s, double pooled, uint32_t out[PAB__PREF_TRAJECTORIES]);

#endif
