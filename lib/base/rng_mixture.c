/* Order sizes: a component by its weight, then one normal or lognormal of a throw-away generator. */
#include "base/rng_mt.h"

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

int64_t pab__draw_mixture(pab__draw *d, const pab__mixture *mix)
{
    if (d->cache == NULL)
        return draw_part(d, mix, pab__draw_choice(d, mix->cdf, mix->count));
    uint32_t seed = (uint32_t)pab__draw_randint(d, 0, 1000000);
    uint32_t part = pab__draw_choice(d, mix->cdf, mix->count);
    return pab__mixture_plain(mix, part, seed);
}
