/* Distributions, drawn word for word as numpy's legacy generator does; the `fast` kind differs in its words only. */
#include "base/rng_mt.h"

#include <math.h>

static inline double unit_of(const uint32_t pair[2])
{
    return ((double)(pair[0] >> 5) * 67108864.0 + (double)(pair[1] >> 6)) / 9007199254740992.0;
}

static inline double unit(pab__draw *d)
{
    uint32_t pair[2];
    pab__word_take_pair(d, pair);
    return unit_of(pair);
}

/* Standard normal by the polar method; every second one comes from the generator's cache. */
static double gauss(pab__draw *d)
{
    pab__rng *rng = d->rng;
    if (rng->words & PAB__RNG_HAS_GAUSS) {
        double kept = rng->gauss;
        rng->words &= ~PAB__RNG_HAS_GAUSS;
        rng->gauss = 0.0;
        return kept;
    }
    double x1, x2, r2;
    do {
        uint32_t words[4];
        pab__word_take_four(d, words);
        x1 = 2.0 * unit_of(words) - 1.0;
        x2 = 2.0 * unit_of(words + 2) - 1.0;
        r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1.0 || r2 == 0.0);
    double f = sqrt(-2.0 * log(r2) / r2);
    rng->gauss = f * x1;
    rng->words |= PAB__RNG_HAS_GAUSS;
    return f * x2;
}

double pab__draw_double(pab__draw *d)
{
    return unit(d);
}

static uint64_t mask_over(uint64_t range)
{
    return UINT64_MAX >> __builtin_clzll(range);
}

int64_t pab__draw_randint(pab__draw *d, int64_t low, int64_t high)
{
    if (high <= low || high - 1 == low)
        return low;
    uint64_t range = (uint64_t)high - 1 - (uint64_t)low;
    uint64_t mask = mask_over(range);
    uint64_t value;
    do {
        value = pab__word_take(d);
        if (range > UINT32_MAX)
            value = value << 32 | pab__word_take(d);
        value &= mask;
    } while (value > range);
    return (int64_t)((uint64_t)low + value);
}

double pab__draw_uniform(pab__draw *d, double low, double high)
{
    double width = high - low;
    return low + width * unit(d);
}

double pab__draw_normal(pab__draw *d, double mean, double sd)
{
    return mean + sd * gauss(d);
}

double pab__draw_exponential(pab__draw *d, double scale)
{
    return scale * -log(1.0 - unit(d));
}

double pab__draw_lognormal(pab__draw *d, double mean, double sigma)
{
    return exp(mean + sigma * gauss(d));
}

uint32_t pab__draw_choice(pab__draw *d, const double *cdf, uint32_t count)
{
    double u = unit(d);
    uint32_t index = 0;
    while (index + 1 < count && cdf[index] <= u)
        index++;
    return index;
}

int64_t pab__round_half_even(double x)
{
    /* Adding and taking off 2^52 leaves no fraction bits; larger numbers have none to begin with. */
    double shift = x < 0.0 ? -0x1p52 : 0x1p52;
    if (fabs(x) < 0x1p52)
        x = (x + shift) - shift;
    return pab__trunc(x);
}

int64_t pab__trunc(double x)
{
    if (x >= 0x1p63)
        return INT64_MAX;
    if (x < -0x1p63)
        return INT64_MIN;
    return x == x ? (int64_t)x : 0;
}
