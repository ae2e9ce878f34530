/* The first words of MT19937 generators from their seeds, without expanding whole blocks. Depends on nothing. */
#ifndef PAB_BASE_RNG_SEED_H
#define PAB_BASE_RNG_SEED_H

#include <stddef.h>
#include <stdint.h>

#define PAB__MT_SIZE 624
#define PAB__MT_SHIFT 397
#define PAB__MT_WINDOW 16 /* words that the owners of short lives need */

/* One step of the untempered recurrence: the word `PAB__MT_SIZE` places after `upper`. */
static inline uint32_t pab__mt_next(uint32_t upper, uint32_t lower, uint32_t shifted)
{
    uint32_t y = (upper & UINT32_C(0x80000000)) | (lower & UINT32_C(0x7fffffff));
    return shifted ^ (y >> 1) ^ ((0U - (y & 1U)) & UINT32_C(0x9908b0df));
}

static inline uint32_t pab__mt_temper(uint32_t y)
{
    y ^= y >> 11;
    y ^= (y << 7) & UINT32_C(0x9d2c5680);
    y ^= (y << 15) & UINT32_C(0xefc60000);
    return y ^ (y >> 18);
}

/* The seeded state before any output. */
void pab__mt_expand(uint32_t seed, uint32_t state[PAB__MT_SIZE]);

/* The first PAB__MT_WINDOW outputs of the generator of one seed. */
void pab__mt_window(uint32_t seed, uint32_t words[PAB__MT_WINDOW]);

/* The same for many seeds, side by side. */
void pab__mt_windows(const uint32_t *seeds, size_t count, uint32_t (*words)[PAB__MT_WINDOW]);

#endif
