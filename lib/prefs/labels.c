/* Differences, standard errors, ties, soft labels. */
#include "prefs/labels.h"

#include <math.h>

#define SD_LEAST 0.1   /* bps */
#define GAIN_LEAST 0.1 /* bps: less is a tie */
#define T_LEAST 0.5
#define P_LEAST 0.02

void pab__pref_difference_of(const pab__pref_scores *s, uint32_t a, uint32_t b, pab__pref_difference *out)
{
    const double *x = s->score + (uint64_t)a * s->futures, *y = s->score + (uint64_t)b * s->futures;
    double sum = 0, square = 0;
    for (uint32_t m = 0; m < s->futures; m++)
        sum += x[m] - y[m];
    out->mean = sum / s->futures;
    for (uint32_t m = 0; m < s->futures; m++) {
        double off = x[m] - y[m] - out->mean;
        square += off * off;
    }
    out->variance = s->futures > 1 ? square / (s->futures - 1) : 0;
}

void pab__pref_pool_add(pab__pref_pool *pool, const pab__pref_scores *s)
{
    for (uint32_t a = 0; a < s->trajectories; a++) {
        for (uint32_t b = a + 1; b < s->trajectories; b++) {
            pab__pref_difference gap;
            pab__pref_difference_of(s, a, b, &gap);
            pool->sum += gap.variance;
            pool->count += 1;
        }
    }
}

double pab__pref_pool_sd(const pab__pref_pool *pool)
{
    return pool->count > 0 ? sqrt(pool->sum / pool->count) : 0;
}

void pab__pref_compare(const pab__pref_scores *s, uint32_t a, uint32_t b, double pooled, pab__pref_label *out)
{
    pab__pref_difference gap;
    pab__pref_difference_of(s, a, b, &gap);
    double sd = fmax(SD_LEAST, 0.5 * (sqrt(gap.variance) + pooled));
    out->gain = gap.mean;
    out->error = sd / sqrt((double)s->futures);
    double t = out->gain / out->error;
    out->tie = fabs(out->gain) < GAIN_LEAST || fabs(t) < T_LEAST;
    out->p = fmax(P_LEAST, fmin(1 - P_LEAST, 0.5 * erfc(-t / sqrt(2.0))));
}

/* Keeps the surest; of equals, those found first. */
static uint32_t keep(pab__pref_pair *out, uint32_t count, const pab__pref_pair *pair)
{
    uint32_t at = count;
    while (at > 0 && out[at - 1].gain / out[at - 1].error < pair->gain / pair->error)
        at--;
    if (at == PAB__PREF_PAIRS)
        return count;
    if (count < PAB__PREF_PAIRS)
        count++;
    for (uint32_t i = count - 1; i > at; i--)
        out[i] = out[i - 1];
    out[at] = *pair;
    return count;
}

uint32_t pab__pref_pairs(const pab__pref_scores *s, double pooled, pab__pref_pair out[PAB__PREF_PAIRS])
{
    uint32_t count = 0;
    for (uint32_t a = 0; a < s->trajectories; a++) {
        for (uint32_t b = a + 1; b < s->trajectories; b++) {
            pab__pref_label v;
            pab__pref_compare(s, a, b, pooled, &v);
            if (v.tie)
                continue;
            int first = v.gain > 0;
            pab__pref_pair pair = {first ? a : b, first ? b : a, first ? v.p : 1 - v.p, fabs(v.gain), v.error};
            count = keep(out, count, &pair);
        }
    }
    return count;
}

static void sort_tracks(const pab__pref_scores *s, uint32_t *order)
{
    for (uint32_t i = 0; i < s->trajectories; i++) {
        uint32_t at = i;
        pab__pref_difference gap;
        while (at > 0 && (pab__pref_difference_of(s, i, order[at - 1], &gap), gap.mean > 0)) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

uint32_t pab__pref_rank(const pab__pref_scores *s, double pooled, uint32_t out[PAB__PREF_TRAJECTORIES])
{
    uint32_t order[PAB__PREF_TRAJECTORIES], count = 0;
    sort_tracks(s, order);
    for (uint32_t i = 0; i < s->trajectories; i++) {
        pab__pref_label v;
        if (count > 0)
            pab__pref_compare(s, out[count - 1], order[i], pooled, &v);
        if (count == 0 || !v.tie)
            out[count++] = order[i];
    }
    if (count < 2)
        return 0;
    out[count - 1] = order[s->trajectories - 1];
    return count;
}
