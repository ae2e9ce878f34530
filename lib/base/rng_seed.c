/* Seeding of MT19937: one generator as fast as its chain of dependent steps allows, many in lanes. */
#include "base/rng_seed.h"

#include <string.h>

#define LANES 64
#define LAST_KEY (PAB__MT_SHIFT + PAB__MT_WINDOW - 1) /* the last key that a window depends on */

static inline uint32_t step(uint32_t key, uint32_t i)
{
    return UINT32_C(1812433253) * (key ^ (key >> 30)) + i;
}

void pab__mt_expand(uint32_t seed, uint32_t state[PAB__MT_SIZE])
{
    state[0] = seed;
    for (uint32_t i = 1; i < PAB__MT_SIZE; i++)
        state[i] = step(state[i - 1], i);
}

static void window_from_keys(const uint32_t *low, const uint32_t *high, uint32_t words[PAB__MT_WINDOW])
{
    for (int i = 0; i < PAB__MT_WINDOW; i++)
        words[i] = pab__mt_temper(pab__mt_next(low[i], low[i + 1], high[i]));
}

void pab__mt_window(uint32_t seed, uint32_t words[PAB__MT_WINDOW])
{
    uint32_t keys[PAB__MT_SIZE];
    keys[0] = seed;
    for (uint32_t i = 1; i <= LAST_KEY; i++)
        keys[i] = step(keys[i - 1], i);
    window_from_keys(keys, keys + PAB__MT_SHIFT, words);
}

void pab__mt_windows(const uint32_t *seeds, size_t count, uint32_t (*words)[PAB__MT_WINDOW])
{
    for (size_t i = 0; i < count; i++)
        pab__mt_window(seeds[i], words[i]);
}
