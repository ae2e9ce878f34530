/* Which throw-away seeds start with an unusual normal: a table made at build time by rng_tails_gen.c. */
#ifndef PAB_BASE_RNG_TAILS_H
#define PAB_BASE_RNG_TAILS_H

#include <stdint.h>

#define PAB__TAIL_SEEDS 1000000 /* seeds below this are judged */
#define PAB__TAIL_BOUND 3.2     /* seeds not in the table have a first normal below this in size */
#define PAB__TAIL_BUCKETS ((PAB__TAIL_SEEDS + 255) / 256)

/* Low bytes of the listed seeds, ascending; those of bucket seed / 256 lie from its start to the next one's. */
extern const uint16_t pab__tail_starts[PAB__TAIL_BUCKETS + 1];
extern const uint8_t pab__tail_lows[];

/* 1 when the seed's first normal must be looked at. */
static inline int pab__tail_seed(uint32_t seed)
{
    if (seed >= PAB__TAIL_SEEDS)
        return 1;
    uint32_t end = pab__tail_starts[seed / 256 + 1];
    for (uint32_t i = pab__tail_starts[seed / 256]; i < end; i++)
        if (pab__tail_lows[i] == seed % 256)
            return 1;
    return 0;
}

#endif
