/* Order sizes: a component by its weight, then one normal or lognormal of a throw-away generator. */
#include "base/rng_mt.h"
#include "base/rng_first.h"

#include <math.h>

void pab__mixture_weights(pab__mixture *mix, const double *weights)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < mix->count; i++)
        sum += weights[i];
    double running = 0.0;
    for (uint32_t i = 0; i < mix->count; i++) {
        running += exp(log(weights[i] / sum));
        mix->cdf[i] = running;
    }
    for (uint32_t i = 0; i < mix->count; i++)
        mix->cdf[i] /= running;
}

static int64_t draw_part(pab__draw *d, const pab__mixture *mix, uint32_t part)
{
    double mu = mix->part[part].mu;
    double sigma = mix->part[part].sigma;
    double size = mix->part[part].lognormal ? pab__draw_lognormal(d, mu, sigma) : pab__draw_normal(d, mu, sigma);
    return pab__round_half_even(size);
}

int64_t pab__mixture_plain(const pab__mixture *mix, uint32_t part, uint32_t seed)
{
    uint64_t tag = 0;
    uint32_t slot = PAB__NONE;
    uint32_t window[1][PAB__MT_WINDOW];
    pab__mt_block spare;
    spare.tag = 0;
    pab__mt_cache cache = {.owners = 1, .tags = &tag, .windows = window, .slots = &slot, .spare = &spare};
    pab__rng rng = {.key = seed};
    pab__draw own = {.rng = &rng, .cache = &cache};
    return draw_part(&own, mix, part);
}

/* True when every first normal below the bound gives the component's rounded mean. The 0.0001 left
 * over is far more than what rounding of mean + sigma * normal, or another libm's log, can move. */
static int rounds_to_mean(const pab__mixture *mix, uint32_t part, int64_t mean)
{
    double mu = mix->part[part].mu;
    double sigma = mix->part[part].sigma;
    return fabs(mu) < 1e9 && sigma >= 0.0 && fabs(mu - (double)mean) + sigma * PAB__FIRST_BOUND < 0.4999;
}

/* 1 and the size of a lognormal component, when the coarse normal of the seed leaves no doubt about it. */
static int size_by_coarse(double mu, double sigma, uint32_t seed, int64_t *size)
{
    double normal;
    if (!(sigma >= 0.0 && sigma < 10.0) || !pab__first_normal(seed, &normal))
        return 0;
    double about = exp(mu + sigma * normal);
    if (!(about < 1e9))
        return 0;
    *size = pab__round_half_even(about);
    /* Half a step of the normal, and half as much again for curvature and rounding. */
    double doubt = about * sigma * (0.75 * PAB__FIRST_STEP);
    return fabs(about - (double)*size) + doubt < 0.4999;
}

int64_t pab__mixture_size(const pab__mixture *mix, uint32_t part, uint32_t seed)
{
    int64_t size;
    if (mix->part[part].lognormal) {
        if (size_by_coarse(mix->part[part].mu, mix->part[part].sigma, seed, &size))
            return size;
    } else {
        size = pab__round_half_even(mix->part[part].mu);
        if (rounds_to_mean(mix, part, size) && !pab__first_listed(seed))
            return size;
    }
    return pab__mixture_plain(mix, part, seed);
}

int64_t pab__draw_mixture(pab__draw *d, const pab__mixture *mix)
{
    if (!d->cache)
        return draw_part(d, mix, pab__draw_choice(d, mix->cdf, mix->count));
    uint32_t seed = (uint32_t)pab__draw_randint(d, 0, PAB__FIRST_SEEDS);
    uint32_t part = pab__draw_choice(d, mix->cdf, mix->count);
    return pab__mixture_size(mix, part, seed);
}
