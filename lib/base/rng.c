/* A generator's state and keys, and the counter-based stream of the `fast` kind. */
#include "base/hash.h"
#include "base/rng_mt.h"

void pab__rng_seed(pab__rng *rng, uint64_t key)
{
    *rng = (pab__rng){.key = key};
}

uint64_t pab__rng_key(uint64_t seed, uint64_t stream, uint32_t purpose)
{
    const uint64_t of[3] = {seed, stream, purpose};
    return pab__hash(of, sizeof of);
}

uint32_t pab__philox_word(uint64_t key, uint64_t n)
{
    const uint64_t counter[2] = {n / 4, 0};
    uint64_t block[2];
    pab__philox(key, counter, block);
    return (uint32_t)(block[n / 2 % 2] >> (n % 2 * 32));
}

uint32_t pab__draw_word(pab__draw *d)
{
    return pab__word_take(d);
}

uint32_t pab__draw_peek(const pab__draw *d)
{
    return pab__word_at(d, d->rng->words & ~PAB__RNG_HAS_GAUSS);
}
