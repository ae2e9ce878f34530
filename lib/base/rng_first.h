/* What is known of the first normal of throw-away seeds: tables made at build time by rng_first_gen.c. */
#ifndef PAB_BASE_RNG_FIRST_H
#define PAB_BASE_RNG_FIRST_H

#include <stdint.h>

#define PAB__FIRST_SEEDS 1000000 /* seeds below this are tabled */
#define PAB__FIRST_BOUND 3.2     /* seeds that are not listed have a first normal below this in size */
#define PAB__FIRST_BUCKETS ((PAB__FIRST_SEEDS + 255) / 256)
#define PAB__FIRST_STEP 0x1p-13  /* of the coarse normals, which reach to -4 and 4 */

/* Low bytes of the listed seeds, ascending; those of bucket seed / 256 lie from its start to the next one's.
 * Small enough to stay in the nearest cache, which the coarse table is not. */
extern const uint16_t pab__first_starts[PAB__FIRST_BUCKETS + 1];
extern const uint8_t pab__first_lows[];

/* Four codes of 16 bits to a word, lowest first: normal / step + 32768 to the nearest integer, or 0 for not told. */
extern const uint64_t pab__first_coarse[PAB__FIRST_SEEDS / 4];

/* 1 when nothing is promised of the seed's first normal. */
static inline int pab__first_listed(uint32_t seed)
{
    if (seed >= PAB__FIRST_SEEDS)
        return 1;
    uint32_t end = pab__first_starts[seed / 256 + 1];
    for (uint32_t i = pab__first_starts[seed / 256]; i < end; i++)
        if (pab__first_lows[i] == seed % 256)
            return 1;
    return 0;
}

/* 1 and the seed's first normal to within half a step, or 0 when it is not told. */
static inline int pab__first_normal(uint32_t seed, double *normal)
{
    if (seed >= PAB__FIRST_SEEDS)
        return 0;
    uint32_t code = (uint32_t)(pab__first_coarse[seed / 4] >> (seed % 4 * 16)) & 0xffff;
    *normal = ((double)code - 32768.0) * PAB__FIRST_STEP;
    return code != 0;
}

#endif
