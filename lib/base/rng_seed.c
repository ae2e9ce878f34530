/* Seeding of MT19937: one generator as fast as its chain of dependent steps allows, many in lanes. */
#include "base/rng_seed.h"

#include <string.h>

#define MULTIPLIER UINT32_C(1812433253)
#define LANES 64
#define LAST_KEY (PAB__MT_SHIFT + PAB__MT_WINDOW - 1) /* the last key that a window depends on */

static inline uint32_t step(uint32_t key, uint32_t i)
{
    return MULTIPLIER * (key ^ (key >> 30)) + i;
}

/* Fills keys[0 .. last] one step after another. */
static void chain_plain(uint32_t seed, uint32_t *keys, uint32_t last)
{
    keys[0] = seed;
    for (uint32_t i = 1; i <= last; i++)
        keys[i] = step(keys[i - 1], i);
}

/* The same, faster: the two top bits of u + i are taken to be those of u, so that the shift need not wait for the
 * sum. That is wrong about once in a million chains; then all is done again. */
static void chain(uint32_t seed, uint32_t *keys, uint32_t last)
{
    uint32_t u = seed;
    uint32_t missed = 0;
    for (uint32_t i = 0; i <= last; i++) {
        uint32_t key = u + i;
        keys[i] = key;
        missed |= (key ^ u) >> 30;
        u = MULTIPLIER * (key ^ (u >> 30));
    }
    if (missed != 0)
        chain_plain(seed, keys, last);
}

void pab__mt_expand(uint32_t seed, uint32_t state[PAB__MT_SIZE])
{
    chain(seed, state, PAB__MT_SIZE - 1);
}

void pab__mt_window(uint32_t seed, uint32_t words[PAB__MT_WINDOW])
{
    uint32_t keys[LAST_KEY + 1];
    chain(seed, keys, LAST_KEY);
    for (int i = 0; i < PAB__MT_WINDOW; i++)
        words[i] = pab__mt_temper(pab__mt_next(keys[i], keys[i + 1], keys[i + PAB__MT_SHIFT]));
}

/* One window per lane. Every inner loop runs over the lanes, so that compilers make vectors of them. */
static inline __attribute__((always_inline)) void lanes(const uint32_t *seeds, uint32_t (*words)[PAB__MT_WINDOW])
{
    uint32_t low[PAB__MT_WINDOW + 1][LANES];
    uint32_t out[LANES];
    uint32_t key[LANES];
    memcpy(key, seeds, sizeof key);
    memcpy(low[0], key, sizeof key);
    for (uint32_t i = 1; i <= PAB__MT_WINDOW; i++) {
        for (int l = 0; l < LANES; l++)
            key[l] = step(key[l], i);
        memcpy(low[i], key, sizeof key);
    }
    for (uint32_t i = PAB__MT_WINDOW + 1; i < PAB__MT_SHIFT; i++)
        for (int l = 0; l < LANES; l++)
            key[l] = step(key[l], i);
    for (uint32_t i = 0; i < PAB__MT_WINDOW; i++) {
        for (int l = 0; l < LANES; l++)
            key[l] = step(key[l], PAB__MT_SHIFT + i);
        for (int l = 0; l < LANES; l++)
            out[l] = pab__mt_temper(pab__mt_next(low[i][l], low[i + 1][l], key[l]));
        for (int l = 0; l < LANES; l++)
            words[l][i] = out[l];
    }
}

static void lanes_plain(const uint32_t *seeds, uint32_t (*words)[PAB__MT_WINDOW])
{
    lanes(seeds, words);
}

#if defined(__x86_64__)
static __attribute__((target("avx2"))) void lanes_avx2(const uint32_t *seeds, uint32_t (*words)[PAB__MT_WINDOW])
{
    lanes(seeds, words);
}

static __attribute__((target("avx512f"))) void lanes_avx512(const uint32_t *seeds, uint32_t (*words)[PAB__MT_WINDOW])
{
    lanes(seeds, words);
}
#endif

typedef void lanes_fn(const uint32_t *seeds, uint32_t (*words)[PAB__MT_WINDOW]);

/* The widest that this processor runs; all give the same words. */
static lanes_fn *best_lanes(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        return lanes_avx512;
    if (__builtin_cpu_supports("avx2"))
        return lanes_avx2;
#endif
    return lanes_plain;
}

void pab__mt_windows(const uint32_t *seeds, size_t count, uint32_t (*words)[PAB__MT_WINDOW])
{
    lanes_fn *run = best_lanes();
    size_t done = 0;
    for (; count - done >= LANES; done += LANES)
        run(seeds + done, words + done);
    if (count - done < 8) {
        for (; done < count; done++)
            pab__mt_window(seeds[done], words[done]);
        return;
    }
    uint32_t rest[LANES] = {0};
    uint32_t made[LANES][PAB__MT_WINDOW];
    memcpy(rest, seeds + done, (count - done) * sizeof *rest);
    run(rest, made);
    memcpy(words + done, made, (count - done) * sizeof *made);
}
