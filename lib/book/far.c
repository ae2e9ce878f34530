/* Levels outside the tick window: blocks of sorted keys, found through a sorted directory of their least keys. The
 * bids' blocks come first in the directory. */
#include "book/levels.h"

#include <string.h>

static pab__far_block *block_at(const pab__book *b, uint32_t index)
{
    return (pab__far_block *)(void *)b->pools[PAB__BOOK_FAR].data + index;
}

static pab__far_entry *directory(const pab__book *b)
{
    return (pab__far_entry *)(void *)b->pools[PAB__BOOK_DIRECTORY].data;
}

static uint32_t first_entry(const pab__book *b, uint32_t side)
{
    return side == 0 ? 0 : b->core.sides[0].far_blocks;
}

/* Number of the side's blocks whose least key is <= key. */
static uint32_t blocks_up_to(const pab__book *b, uint32_t side, int64_t key)
{
    uint32_t n = b->core.sides[side].far_blocks, low = 0;
    if (n == 0)
        return 0; /* the pool may have no memory yet to point into */
    const pab__far_entry *base = directory(b) + first_entry(b, side);
    while (n > 0) {
        uint32_t half = n / 2;
        uint32_t right = base[low + half].key <= key;
        low += right ? half + 1 : 0;
        n = right ? n - half - 1 : half;
    }
    return low;
}

/* Number of a block's keys that are <= key. */
static uint32_t keys_up_to(const pab__far_block *block, int64_t key)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < block->count; i++)
        n += block->key[i] <= key;
    return n;
}

uint32_t pab__far_floor(const pab__book *b, uint32_t side, int64_t key)
{
    if (b->core.sides[side].far_blocks == 0)
        return PAB__NONE;
    uint32_t n = blocks_up_to(b, side, key);
    if (n == 0)
        return PAB__NONE;
    const pab__far_block *block = block_at(b, directory(b)[first_entry(b, side) + n - 1].block);
    return block->level[keys_up_to(block, key) - 1];
}

uint32_t pab__far_find(const pab__book *b, uint32_t side, int64_t key)
{
    uint32_t level = pab__far_floor(b, side, key);
    return level != PAB__NONE && pab__level_at(b, level)->key == key ? level : PAB__NONE;
}

/* An empty block with its directory entry at `at`; PAB__NONE without memory. */
static uint32_t add_block(pab__book *b, uint32_t side, uint32_t at, int64_t key)
{
    pab__pool *entries = &b->pools[PAB__BOOK_DIRECTORY];
    uint32_t last = pab__pool_append(entries, b->host);
    if (last == PAB__NONE)
        return PAB__NONE;
    uint32_t index = pab__pool_take(&b->pools[PAB__BOOK_FAR], b->host);
    if (index == PAB__NONE) {
        entries->mark.count--;
        entries->mark.live--;
        return PAB__NONE;
    }
    pab__far_entry *entry = directory(b) + at;
    memmove(entry + 1, entry, (size_t)(last - at) * sizeof *entry);
    *entry = (pab__far_entry){.key = key, .block = index};
    memset(block_at(b, index), 0, sizeof(pab__far_block));
    b->core.sides[side].far_blocks++;
    return index;
}

static void drop_block(pab__book *b, uint32_t side, uint32_t at)
{
    pab__pool *entries = &b->pools[PAB__BOOK_DIRECTORY];
    pab__far_entry *entry = directory(b) + at;
    pab__pool_give(&b->pools[PAB__BOOK_FAR], entry->block);
    uint32_t behind = entries->mark.count - 1 - at;
    memmove(entry, entry + 1, (size_t)behind * sizeof *entry);
    entry[behind] = (pab__far_entry){0};
    entries->mark.count--;
    entries->mark.live--;
    b->core.sides[side].far_blocks--;
}

/* Moves the upper half of a full block into a new one behind it. */
static pab_status split(pab__book *b, uint32_t side, uint32_t at)
{
    uint32_t from = directory(b)[at].block;
    uint32_t to = add_block(b, side, at + 1, block_at(b, from)->key[PAB__FAR_LEVELS / 2]);
    if (to == PAB__NONE)
        return PAB_E_MEMORY;
    pab__far_block *low = block_at(b, from), *high = block_at(b, to);
    low->count = high->count = PAB__FAR_LEVELS / 2;
    memcpy(high->key, low->key + PAB__FAR_LEVELS / 2, PAB__FAR_LEVELS / 2 * sizeof low->key[0]);
    memcpy(high->level, low->level + PAB__FAR_LEVELS / 2, PAB__FAR_LEVELS / 2 * sizeof low->level[0]);
    return PAB_OK;
}

pab_status pab__far_insert(pab__book *b, uint32_t side, int64_t key, uint32_t level)
{
    uint32_t n = blocks_up_to(b, side, key);
    uint32_t at = first_entry(b, side) + (n > 0 ? n - 1 : 0);
    if (b->core.sides[side].far_blocks == 0) {
        if (add_block(b, side, at, key) == PAB__NONE)
            return PAB_E_MEMORY;
    } else if (block_at(b, directory(b)[at].block)->count == PAB__FAR_LEVELS) {
        if (split(b, side, at) != PAB_OK)
            return PAB_E_MEMORY;
        at += key > directory(b)[at + 1].key;
    }
    pab__far_block *block = block_at(b, directory(b)[at].block);
    uint32_t i = keys_up_to(block, key);
    memmove(block->key + i + 1, block->key + i, (block->count - i) * sizeof block->key[0]);
    memmove(block->level + i + 1, block->level + i, (block->count - i) * sizeof block->level[0]);
    block->key[i] = key;
    block->level[i] = level;
    block->count++;
    directory(b)[at].key = block->key[0];
    return PAB_OK;
}

/* Joins block `at` and the one behind it when together they leave room. */
static void join(pab__book *b, uint32_t side, uint32_t at)
{
    uint32_t i = at - first_entry(b, side);
    if (i + 1 >= b->core.sides[side].far_blocks)
        return;
    pab__far_block *low = block_at(b, directory(b)[at].block), *high = block_at(b, directory(b)[at + 1].block);
    if (low->count + high->count > PAB__FAR_LEVELS / 2)
        return;
    memcpy(low->key + low->count, high->key, high->count * sizeof low->key[0]);
    memcpy(low->level + low->count, high->level, high->count * sizeof low->level[0]);
    low->count += high->count;
    directory(b)[at].key = low->key[0];
    drop_block(b, side, at + 1);
}

void pab__far_remove(pab__book *b, uint32_t side, int64_t key)
{
    uint32_t at = first_entry(b, side) + blocks_up_to(b, side, key) - 1;
    pab__far_block *block = block_at(b, directory(b)[at].block);
    uint32_t i = keys_up_to(block, key);
    block->count--;
    memmove(block->key + i - 1, block->key + i, (block->count + 1 - i) * sizeof block->key[0]);
    memmove(block->level + i - 1, block->level + i, (block->count + 1 - i) * sizeof block->level[0]);
    if (block->count == 0) {
        drop_block(b, side, at);
        return;
    }
    directory(b)[at].key = block->key[0];
    if (block->count <= PAB__FAR_LEVELS / 4) {
        join(b, side, at);
        if (at > first_entry(b, side))
            join(b, side, at - 1);
    }
}
