/* Price -> level. A side's levels form a list from best to worst; a ring of ticks finds those near the touch in one
 * load, sorted blocks of keys find all others, so that any price works. */
#ifndef PAB_BOOK_LEVELS_H
#define PAB_BOOK_LEVELS_H

#include "book/state.h"

#define PAB__WINDOW_TICKS 1024 /* ticks, a power of two */
#define PAB__FAR_LEVELS 32      /* levels of a block */

/* Slot key % PAB__WINDOW_TICKS of the keys [window, window + PAB__WINDOW_TICKS). */
typedef struct pab__window {
    uint64_t words; /* bit i: bits[i] is not 0 */
    uint64_t bits[PAB__WINDOW_TICKS / 64];
    uint32_t level[PAB__WINDOW_TICKS]; /* index + 1, 0: none */
} pab__window;

/* Levels in increasing order of key. */
typedef struct pab__far_block {
    uint32_t count;
    uint32_t reserved;
    int64_t key[PAB__FAR_LEVELS];
    uint32_t level[PAB__FAR_LEVELS];
} pab__far_block;

typedef struct pab__far_entry {
    int64_t key; /* least of the block */
    uint32_t block;
    uint32_t reserved;
} pab__far_entry;

/* Adds the two windows to empty pools. */
pab_status pab__levels_reset(pab__book *b);

/* A new, empty level linked into its side, PAB__NONE without memory; there must be none of this key. */
uint32_t pab__level_open(pab__book *b, uint32_t side, int64_t key);

/* Takes an empty level out. */
void pab__level_close(pab__book *b, uint32_t side, uint32_t level);

/* Blocks of levels outside the window (book_far.c). */
uint32_t pab__far_find(const pab__book *b, uint32_t side, int64_t key);
uint32_t pab__far_floor(const pab__book *b, uint32_t side, int64_t key); /* level of the greatest key <= key */
pab_status pab__far_insert(pab__book *b, uint32_t side, int64_t key, uint32_t level);
void pab__far_remove(pab__book *b, uint32_t side, int64_t key);

static inline pab__window *pab__window_of(const pab__book *b, uint32_t side)
{
    return (pab__window *)(void *)b->pools[PAB__BOOK_WINDOWS].data + side;
}

static inline int pab__window_holds(const pab__book_side *s, int64_t key)
{
    return (uint64_t)key - (uint64_t)s->window < PAB__WINDOW_TICKS;
}

/* The level of a key, or PAB__NONE. */
static inline uint32_t pab__level_find(const pab__book *b, uint32_t side, int64_t key)
{
    if (pab__window_holds(&b->core.sides[side], key))
        return pab__window_of(b, side)->level[(uint64_t)key % PAB__WINDOW_TICKS] - 1;
    return pab__far_find(b, side, key);
}

#endif
