/* Random generators.
 *
 * A generator's state is 24 bytes, whichever kind it is: the cache that is passed along determines the kind.
 *   abides (cache != NULL): numpy's legacy MT19937 seeded with `key`, `words` outputs taken so far. The 624-word
 *           block is not state: it lives in the cache, which any (key, words) can rebuild.
 *   fast   (!cache): Philox-2x64-10; word n is a function of (key, n). Distributions are made of the words
 *           as for abides (normals by the polar method), but for mixtures, which need no throw-away generator.
 * Draw functions give exactly the draws of docs/abides.md 3 for `abides`. */
#ifndef PAB_BASE_RNG_H
#define PAB_BASE_RNG_H

#include "base/host.h"

typedef struct pab__rng {
    uint64_t key;   /* seed, or hash of (seed, stream, purpose) */
    uint64_t words; /* 32-bit words taken; the top bit says that `gauss` is full */
    double gauss;   /* cached normal of the polar method; +0.0 when empty */
} pab__rng;

#define PAB__RNG_HAS_GAUSS (UINT64_C(1) << 63)

/* Expanded MT19937 blocks of one market's generators, found by owner number. Not state. */
typedef struct pab__mt_cache pab__mt_cache;

pab_status pab__mt_cache_new(const pab_host *host, uint32_t owners, pab__mt_cache **out);
void pab__mt_cache_free(pab__mt_cache *cache);
size_t pab__mt_cache_memory(const pab__mt_cache *cache);
/* Computes the first words of many generators side by side: owners first .. first+count-1, seeds given. */
void pab__mt_cache_prime(pab__mt_cache *cache, uint32_t first, uint32_t count, const uint32_t *seeds);

/* What a draw needs. */
typedef struct pab__draw {
    pab__rng *rng;
    pab__mt_cache *cache; /* NULL: fast */
    uint32_t owner;       /* slot in the cache */
} pab__draw;

void pab__rng_seed(pab__rng *rng, uint64_t key);

/* Key of the fast generator: equal arguments, equal key; any difference gives an unrelated stream. */
uint64_t pab__rng_key(uint64_t seed, uint64_t stream, uint32_t purpose);

uint32_t pab__draw_word(pab__draw *d);
double pab__draw_double(pab__draw *d);                         /* [0,1) */
int64_t pab__draw_randint(pab__draw *d, int64_t low, int64_t high); /* low .. high-1; no draw when high-low <= 1 */
double pab__draw_uniform(pab__draw *d, double low, double high);
double pab__draw_normal(pab__draw *d, double mean, double sd);
double pab__draw_exponential(pab__draw *d, double scale);
double pab__draw_lognormal(pab__draw *d, double mean, double sigma);
uint32_t pab__draw_choice(pab__draw *d, const double *cdf, uint32_t count);

/* The next word, without taking it. */
uint32_t pab__draw_peek(const pab__draw *d);

/* Mixture of one lognormal or normal per component (docs/abides.md 3.8). */
typedef struct pab__mixture {
    uint32_t count;
    struct {
        int32_t lognormal; /* 1: lognormal(mu, sigma), 0: normal(mu, sigma) */
        double mu, sigma;
    } part[32];
    double cdf[32];
} pab__mixture;

/* Fills cdf from weights as the reference does: p=exp(log(w/S)), running sums, each over the last. */
void pab__mixture_weights(pab__mixture *mix, const double *weights);

/* One order size, half-even. abides: spends the owner's words and a throw-away generator; fast: own draws only. */
int64_t pab__draw_mixture(pab__draw *d, const pab__mixture *mix);

/* Nearest integer, ties to even; saturates. */
int64_t pab__round_half_even(double x);
/* Toward zero; saturates. */
int64_t pab__trunc(double x);

#endif
