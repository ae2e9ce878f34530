/* Random numbers of agents that draw several at each event: xoshiro256++ in the agent's own state, seeded from the key
 * of its generator. Another agent's draws change nothing, and a market that is reseeded gets other numbers here too. */
#ifndef PAB_MARKET_AGENTS_FLOW_DRAW_H
#define PAB_MARKET_AGENTS_FLOW_DRAW_H

#include <math.h>
#include <stdint.h>

#include "market/agents/flow_math.h"

typedef struct pab__flow_draw {
    uint64_t key; /* that `word` was made of */
    uint64_t word[4];
    double spare; /* the second normal of a pair; 0: there is none */
} pab__flow_draw;

static inline void pab__flow_draw_seed(pab__flow_draw *d, uint64_t key)
{
    *d = (pab__flow_draw){.key = key};
    for (int i = 0; i < 4; i++) { /* splitmix64 */
        key += UINT64_C(0x9e3779b97f4a7c15);
        uint64_t z = (key ^ key >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        d->word[i] = z ^ z >> 31;
    }
}

/* Key of a second generator of the same agent. */
static inline uint64_t pab__flow_draw_other(uint64_t key)
{
    return key ^ UINT64_C(0x6a09e667f3bcc908);
}

/* The state follows the key: call it before the draws of an event. */
static inline void pab__flow_draw_follow(pab__flow_draw *d, uint64_t key)
{
    if (d->key != key)
        pab__flow_draw_seed(d, key);
}

static inline uint64_t pab__flow_rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static inline uint64_t pab__flow_word(pab__flow_draw *d)
{
    uint64_t *s = d->word, out = pab__flow_rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = pab__flow_rotate(s[3], 45);
    return out;
}

/* In (0, 1). */
static inline double pab__flow_uniform(pab__flow_draw *d)
{
    return ((double)(pab__flow_word(d) >> 11) + 0.5) * 0x1p-53;
}

/* 0 .. n - 1. */
static inline uint32_t pab__flow_below(pab__flow_draw *d, uint32_t n)
{
    return (uint32_t)((pab__flow_word(d) >> 32) * n >> 32);
}

/* At least 1, and another one with chance `again` after each, up to `most`. */
static inline int64_t pab__flow_geometric(pab__flow_draw *d, double again, int64_t most)
{
    int64_t n = 1;
    while (n < most && pab__flow_uniform(d) < again)
        n++;
    return n;
}

static inline double pab__flow_exponential(pab__flow_draw *d, double mean)
{
    return -mean * pab__quick_log(pab__flow_uniform(d));
}

static inline double pab__flow_normal(pab__flow_draw *d)
{
    double spare = d->spare;
    if (spare != 0) {
        d->spare = 0;
        return spare;
    }
    double x, y, r; /* the polar method */
    do {
        x = 2 * pab__flow_uniform(d) - 1;
        y = 2 * pab__flow_uniform(d) - 1;
        r = x * x + y * y;
    } while (r >= 1 || r == 0);
    double scale = sqrt(-2 * pab__quick_log(r) / r);
    d->spare = scale * y;
    return scale * x;
}

/* Exponential of variance 1 and random sign. */
static inline double pab__flow_laplace(pab__flow_draw *d)
{
    double sign = pab__flow_word(d) >> 63 ? 1 : -1;
    return sign * pab__flow_exponential(d, 0.70710678118654752);
}

#endif
