/* References: means over all decisions of all episodes, the volume profile, and beta. */
#include "calib/calib.h"

#include <math.h>

#define BETA_STEP INT64_C(60000000000) /* ns: shorter returns of two assets hardly move together (Epps 1979) */

/* Sums over the decisions of one leg. */
typedef struct sums {
    double n, quotes; /* decisions; those with both sides */
    double spread, square, touch, depth3, depth5, volatility;
} sums;

static void add_sample(const pab__decision_sample *l, sums *s)
{
    const pab__crumble_side *bid = &l->side[0], *ask = &l->side[1];
    s->n++;
    s->volatility += l->volatility;
    if (!(bid->touch > 0 && ask->touch > 0))
        return;
    s->quotes++;
    s->spread += bid->spread;
    s->square += bid->spread * bid->spread;
    s->touch += 0.5 * (bid->touch + ask->touch);
    s->depth3 += 0.5 * (bid->depth3 + ask->depth3);
    s->depth5 += 0.5 * (l->depth5[0] + l->depth5[1]);
}

static void summarize(const sums *s, pab__reference *out)
{
    if (s->quotes > 0) {
        out->spread_mean = s->spread / s->quotes;
        out->spread_sd = sqrt(fmax(0, s->square / s->quotes - out->spread_mean * out->spread_mean));
        out->touch_mean = s->touch / s->quotes;
        out->depth3_mean = s->depth3 / s->quotes;
        out->depth5_mean = s->depth5 / s->quotes;
    }
    if (s->n > 0)
        out->volatility = s->volatility / s->n;
}

static double mid_of(const pab__touch_sample *g)
{
    return g->bid > 0 && g->ask > 0 ? 0.5 * (g->bid + g->ask) : 0;
}

/* OLS slope of returns of A on those of B, no return reaching from one episode into the next. */
static double slope_of(const pab__recording *recordings, uint32_t count, const pab__recording_plan *plan,
                       int64_t interval)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    const int64_t part = interval / plan->parts;
    const uint32_t last = plan->steps * plan->parts, most = (uint32_t)(BETA_STEP / part);
    const uint32_t stride = most < 1 ? 1 : most > last ? last : most;
    for (uint32_t i = 0; i < count; i++) {
        const pab__touch_sample *a = recordings[i].touch[0], *b = recordings[i].touch[1];
        for (uint32_t k = stride; k <= last; k += stride) {
            double from[2] = {mid_of(&a[k - stride]), mid_of(&b[k - stride])}, to[2] = {mid_of(&a[k]), mid_of(&b[k])};
            if (!(from[0] > 0 && from[1] > 0 && to[0] > 0 && to[1] > 0))
                continue;
            double u = log(to[1] / from[1]), v = log(to[0] / from[0]);
            n++;
            x += u;
            y += v;
            xx += u * u;
            xy += u * v;
        }
    }
    double variance = n * xx - x * x;
    return variance > 0 ? (n * xy - x * y) / variance : 0;
}

/* The median of the regimes' slopes: where makers withdraw, jumps of single prices would dominate a mean. */
static double measure_beta(const pab__recording *recordings, uint32_t regimes, uint32_t each,
                           const pab__recording_plan *plan, int64_t interval)
{
    double slope[PAB_REGIME_COUNT];
    for (uint32_t r = 0; r < regimes; r++) {
        double v = slope_of(recordings + (size_t)r * each, each, plan, interval);
        uint32_t at = r;
        for (; at > 0 && slope[at - 1] > v; at--)
            slope[at] = slope[at - 1];
        slope[at] = v;
    }
    return 0.5 * (slope[(regimes - 1) / 2] + slope[regimes / 2]);
}

void pab__reference_measure(const pab__recording *recordings, uint32_t regimes, uint32_t each,
                            const pab__recording_plan *plan, const pab_scenario *scn, pab__calibrated *out)
{
    const pab__pair_plan *p = &pab__pair_of(scn)->plan;
    const uint32_t count = regimes * each;
    const double seconds = (double)p->horizon * 1e-9;
    for (int leg = 0; leg < 2; leg++) {
        pab__leg_plan *l = &out->leg[leg];
        sums s = {0};
        double volume = 0;
        l->profile_count = plan->buckets;
        for (uint32_t i = 0; i < count; i++) {
            const pab__recording *w = &recordings[i];
            for (uint32_t k = 0; k < plan->steps; k++)
                add_sample(&w->decision[leg][k], &s);
            for (uint32_t b = 0; b < plan->buckets; b++)
                l->profile[b] += w->profile[leg][b] / count;
            volume += w->volume[leg];
        }
        summarize(&s, &l->ref);
        l->ref.volume_per_second = volume / count / seconds;
    }
    out->beta = measure_beta(recordings, regimes, each, plan, p->interval);
}
