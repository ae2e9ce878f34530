/* The cache of MT19937 outputs, and the word that every draw is made of: inline, since it is the hot path. */
#ifndef PAB_BASE_RNG_MT_H
#define PAB_BASE_RNG_MT_H

#include "base/pool.h"
#include "base/rng.h"
#include "base/rng_seed.h"

/* An untempered block: words first .. first + 623 of the generator whose tag it carries. */
typedef struct pab__mt_block {
    uint64_t tag;
    uint64_t first;
    uint32_t words[PAB__MT_SIZE];
    uint32_t fill[12]; /* to whole cache lines */
} pab__mt_block;

/* Everything here tells which seed it was made for, so a generator's state may be copied, moved back or
 * replaced at any time: what does not fit is made again. */
struct pab__mt_cache {
    pab_host host;
    uint32_t owners;
    uint32_t growable;                     /* 0: blocks are never allocated, `spare` serves all */
    uint64_t *tags;                        /* seed + 1 of each owner's window; 0: none */
    uint32_t (*windows)[PAB__MT_WINDOW];   /* first outputs of each owner, tempered */
    uint32_t *slots;                       /* each owner's block in `blocks`, or PAB__NONE */
    pab__mt_block *spare;                  /* shared by owners for whom there was no memory */
    pab__pool blocks;
};

/* Abides generators are seeded with 32 bits. */
static inline uint64_t pab__mt_tag(uint64_t key)
{
    return (uint64_t)(uint32_t)key + 1;
}

/* Word n when the cache does not hold it: makes the window or moves the block. */
uint32_t pab__mt_fetch(pab__mt_cache *cache, uint32_t owner, uint64_t key, uint64_t n);

static inline uint32_t pab__mt_word(pab__mt_cache *cache, uint32_t owner, uint64_t key, uint64_t n)
{
    if (n < PAB__MT_WINDOW) {
        if (cache->tags[owner] == pab__mt_tag(key))
            return cache->windows[owner][n];
    } else if (cache->slots[owner] != PAB__NONE) {
        const pab__mt_block *block = pab__pool_at(&cache->blocks, cache->slots[owner]);
        if (block->tag == pab__mt_tag(key) && n - block->first < PAB__MT_SIZE)
            return pab__mt_temper(block->words[n - block->first]);
    }
    return pab__mt_fetch(cache, owner, key, n);
}

/* Order size of one component from the throw-away generator of `seed`, by drawing it. */
int64_t pab__mixture_plain(const pab__mixture *mix, uint32_t part, uint32_t seed);

/* The same size, without drawing where the tables of rng_first.h leave no doubt. */
int64_t pab__mixture_size(const pab__mixture *mix, uint32_t part, uint32_t seed);

__extension__ typedef unsigned __int128 pab__wide;

/* Philox-2x64 with ten rounds (Salmon et al. 2011): 128 bits of the stream `key` at `counter`. */
static inline void pab__philox(uint64_t key, const uint64_t counter[2], uint64_t out[2])
{
    uint64_t left = counter[0];
    uint64_t right = counter[1];
    for (int round = 0; round < 10; round++) {
        pab__wide product = (pab__wide)UINT64_C(0xd2b74407b1ce6e93) * left;
        left = (uint64_t)(product >> 64) ^ key ^ right;
        right = (uint64_t)product;
        key += UINT64_C(0x9e3779b97f4a7c15);
    }
    out[0] = left;
    out[1] = right;
}

/* Word n of a fast stream: quarter n % 4 of block n / 4, low quarters first. */
uint32_t pab__philox_word(uint64_t key, uint64_t n);

/* Words n and n + 1; nearly always an even n, and so half a block. */
static inline void pab__philox_pair(uint64_t key, uint64_t n, uint32_t pair[2])
{
    if (n % 2 != 0) {
        pair[0] = pab__philox_word(key, n);
        pair[1] = pab__philox_word(key, n + 1);
        return;
    }
    const uint64_t counter[2] = {n / 4, 0};
    uint64_t block[2];
    pab__philox(key, counter, block);
    uint64_t half = n % 4 == 0 ? block[0] : block[1];
    pair[0] = (uint32_t)half;
    pair[1] = (uint32_t)(half >> 32);
}

static inline uint32_t pab__word_at(const pab__draw *d, uint64_t n)
{
    if (d->cache)
        return pab__mt_word(d->cache, d->owner, d->rng->key, n);
    return pab__philox_word(d->rng->key, n);
}

static inline uint32_t pab__word_take(pab__draw *d)
{
    uint32_t word = pab__word_at(d, d->rng->words & ~PAB__RNG_HAS_GAUSS);
    d->rng->words++;
    return word;
}

/* Two words in order. */
static inline void pab__word_take_pair(pab__draw *d, uint32_t pair[2])
{
    uint64_t n = d->rng->words & ~PAB__RNG_HAS_GAUSS;
    if (d->cache) {
        pair[0] = pab__mt_word(d->cache, d->owner, d->rng->key, n);
        pair[1] = pab__mt_word(d->cache, d->owner, d->rng->key, n + 1);
    } else {
        pab__philox_pair(d->rng->key, n, pair);
    }
    d->rng->words += 2;
}

/* Four words in order; where they are a whole block, it is made once. */
static inline void pab__word_take_four(pab__draw *d, uint32_t words[4])
{
    uint64_t n = d->rng->words & ~PAB__RNG_HAS_GAUSS;
    if (d->cache || n % 4 != 0) {
        pab__word_take_pair(d, words);
        pab__word_take_pair(d, words + 2);
        return;
    }
    const uint64_t counter[2] = {n / 4, 0};
    uint64_t block[2];
    pab__philox(d->rng->key, counter, block);
    for (int i = 0; i < 4; i++)
        words[i] = (uint32_t)(block[i / 2] >> (i % 2 * 32));
    d->rng->words += 4;
}

#endif
