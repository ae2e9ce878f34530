/* MT19937 blocks: making, moving forward and back, and the cache that keeps them by owner. */
#include "base/rng_mt.h"

/* Moves a block one block forward. */
static void twist(uint32_t s[PAB__MT_SIZE])
{
    const int rest = PAB__MT_SIZE - PAB__MT_SHIFT;
    for (int i = 0; i < rest; i++)
        s[i] = pab__mt_next(s[i], s[i + 1], s[i + PAB__MT_SHIFT]);
    for (int i = rest; i < PAB__MT_SIZE - 1; i++)
        s[i] = pab__mt_next(s[i], s[i + 1], s[i - rest]);
    s[PAB__MT_SIZE - 1] = pab__mt_next(s[PAB__MT_SIZE - 1], s[0], s[PAB__MT_SHIFT - 1]);
}

/* The joined word (top bit of one, low 31 bits of the next) that pab__mt_next mixed in. */
static inline uint32_t unmix(uint32_t mixed)
{
    uint32_t low = mixed >> 31;
    return ((mixed ^ ((0U - low) & UINT32_C(0x9908b0df))) << 1) | low;
}

/* Moves a block one block back; the block before it must itself have come from a twist. */
static void untwist(uint32_t s[PAB__MT_SIZE])
{
    const int rest = PAB__MT_SIZE - PAB__MT_SHIFT;
    const uint32_t top = UINT32_C(0x80000000);
    uint32_t joined = 0;
    for (int i = PAB__MT_SIZE - 1; i >= 0; i--) {
        joined = unmix(s[i] ^ (i < rest ? s[i + PAB__MT_SHIFT] : s[i - rest]));
        if (i < PAB__MT_SIZE - 1)
            s[i + 1] = (s[i + 1] & top) | (joined & ~top);
        s[i] = joined & top;
    }
    /* No step tells the first word's low bits: they went into the last word of the block before. */
    s[0] |= unmix(s[PAB__MT_SIZE - 1] ^ s[PAB__MT_SHIFT - 1]) & ~top;
}

/* Brings a block to the one that holds word n of seed `key`. */
static void move_block(pab__mt_block *block, uint64_t key, uint64_t n)
{
    uint64_t want = n / PAB__MT_SIZE;
    uint64_t have = block->first / PAB__MT_SIZE;
    /* Seeding costs about three twists. */
    if (block->tag != pab__mt_tag(key) || (have > want && have - want > want + 3)) {
        pab__mt_expand((uint32_t)key, block->words);
        twist(block->words);
        block->tag = pab__mt_tag(key);
        have = 0;
    }
    for (; have < want; have++)
        twist(block->words);
    for (; have > want; have--)
        untwist(block->words);
    block->first = want * PAB__MT_SIZE;
}

static pab__mt_block *block_of(pab__mt_cache *cache, uint32_t owner)
{
    if (cache->slots[owner] == PAB__NONE && cache->growable)
        cache->slots[owner] = pab__pool_take(&cache->blocks, &cache->host);
    if (cache->slots[owner] == PAB__NONE)
        return cache->spare;
    return pab__pool_at(&cache->blocks, cache->slots[owner]);
}

uint32_t pab__mt_fetch(pab__mt_cache *cache, uint32_t owner, uint64_t key, uint64_t n)
{
    if (n < PAB__MT_WINDOW) {
        pab__mt_window((uint32_t)key, cache->windows[owner]);
        cache->tags[owner] = pab__mt_tag(key);
        return cache->windows[owner][n];
    }
    pab__mt_block *block = block_of(cache, owner);
    if (block->tag != pab__mt_tag(key) || n - block->first >= PAB__MT_SIZE)
        move_block(block, key, n);
    return pab__mt_temper(block->words[n - block->first]);
}

pab_status pab__mt_cache_new(const pab_host *host, uint32_t owners, pab__mt_cache **out)
{
    pab__mt_cache *cache = pab__alloc(host, sizeof *cache);
    if (!cache)
        return pab__fail(PAB_E_MEMORY, "no memory for a cache of %u random generators", owners);
    cache->host = *host;
    cache->owners = owners;
    cache->growable = 1;
    pab__pool_init(&cache->blocks, sizeof(pab__mt_block));
    cache->tags = pab__alloc(host, owners * sizeof *cache->tags);
    cache->windows = pab__alloc(host, owners * sizeof *cache->windows);
    cache->slots = pab__alloc(host, owners * sizeof *cache->slots);
    cache->spare = pab__alloc(host, sizeof *cache->spare);
    if (!cache->tags || !cache->windows || !cache->slots || !cache->spare) {
        pab__mt_cache_free(cache);
        return pab__fail(PAB_E_MEMORY, "no memory for a cache of %u random generators", owners);
    }
    for (uint32_t i = 0; i < owners; i++)
        cache->slots[i] = PAB__NONE;
    *out = cache;
    return PAB_OK;
}

void pab__mt_cache_free(pab__mt_cache *cache)
{
    if (!cache)
        return;
    pab_host host = cache->host;
    pab__release(&host, cache->tags, cache->owners * sizeof *cache->tags);
    pab__release(&host, cache->windows, cache->owners * sizeof *cache->windows);
    pab__release(&host, cache->slots, cache->owners * sizeof *cache->slots);
    pab__release(&host, cache->spare, sizeof *cache->spare);
    pab__pool_free(&cache->blocks, &host);
    pab__release(&host, cache, sizeof *cache);
}

size_t pab__mt_cache_memory(const pab__mt_cache *cache)
{
    size_t per_owner = sizeof *cache->tags + sizeof *cache->windows + sizeof *cache->slots;
    return sizeof *cache + cache->owners * per_owner + sizeof *cache->spare +
           (size_t)cache->blocks.capacity * cache->blocks.stride;
}

void pab__mt_cache_prime(pab__mt_cache *cache, uint32_t first, uint32_t count, const uint32_t *seeds)
{
    pab__mt_windows(seeds, count, cache->windows + first);
    for (uint32_t i = 0; i < count; i++)
        cache->tags[first + i] = pab__mt_tag(seeds[i]);
}
