/* A generator's state and keys, and the counter-based stream of the `fast` kind. */
#include "base/hash.h"
#include "base/rng_mt.h"

__extension__ typedef unsigned __int128 wide;

void pab__rng_seed(pab__rng *rng, uint64_t key)
{
    *rng = (pab__rng){.key = key};
}

uint64_t pab__rng_key(uint64_t seed, uint64_t stream, uint32_t purpose)
{
    const uint64_t of[3] = {seed, stream, purpose};
    return pab__hash(of, sizeof of);
}

void pab__philox(uint64_t key, const uint64_t counter[2], uint64_t out[2])
{
    uint64_t left = counter[0];
    uint64_t right = counter[1];
    for (int round = 0; round < 10; round++) {
        wide product = (wide)UINT64_C(0xd2b74407b1ce6e93) * left;
        left = (uint64_t)(product >> 64) ^ key ^ right;
        right = (uint64_t)product;
        key += UINT64_C(0x9e3779b97f4a7c15);
    }
    out[0] = left;
    out[1] = right;
}

uint32_t pab__philox_word(uint64_t key, uint64_t n)
{
    const uint64_t counter[2] = {n / 4, 0};
    uint64_t block[2];
    pab__philox(key, counter, block);
    return (uint32_t)(block[n / 2 % 2] >> (n % 2 * 32));
}

void pab__philox_pair(uint64_t key, uint64_t n, uint32_t pair[2])
{
    const uint64_t counter[2] = {n / 4, 0};
    uint64_t block[2];
    pab__philox(key, counter, block);
    pair[0] = (uint32_t)(block[n / 2 % 2] >> (n % 2 * 32));
    pair[1] = n % 2 == 0   ? (uint32_t)(block[n / 2 % 2] >> 32)
              : n % 4 == 1 ? (uint32_t)block[1]
                           : pab__philox_word(key, n + 1);
}

uint32_t pab__draw_word(pab__draw *d)
{
    return pab__word_take(d);
}

uint32_t pab__draw_peek(const pab__draw *d)
{
    return pab__word_at(d, d->rng->words & ~PAB__RNG_HAS_GAUSS);
}
