/* Opening and closing levels, and moving the tick window after the touch. */
#include "book/levels.h"

#define WORDS (PAB__WINDOW_TICKS / 64)

/* Ticks of the window on the better side of the best price when it is placed. */
#define AHEAD (PAB__WINDOW_TICKS / 4)

_Static_assert(WORDS <= 64, "one word tells which words are in use");

static uint32_t slot_of(int64_t key)
{
    return (uint32_t)((uint64_t)key % PAB__WINDOW_TICKS);
}

static void window_set(pab__book *b, uint32_t side, int64_t key, uint32_t level)
{
    pab__window *w = pab__window_of(b, side);
    uint32_t slot = slot_of(key);
    w->level[slot] = level + 1;
    w->bits[slot / 64] |= UINT64_C(1) << slot % 64;
    w->words |= UINT64_C(1) << slot / 64;
    b->core.sides[side].window_levels++;
}

static void window_clear(pab__book *b, uint32_t side, int64_t key)
{
    pab__window *w = pab__window_of(b, side);
    uint32_t slot = slot_of(key);
    w->level[slot] = 0;
    w->bits[slot / 64] &= ~(UINT64_C(1) << slot % 64);
    if (w->bits[slot / 64] == 0)
        w->words &= ~(UINT64_C(1) << slot / 64);
    b->core.sides[side].window_levels--;
}

static uint32_t highest(uint64_t x)
{
    return 63 - (uint32_t)__builtin_clzll(x);
}

/* The level in the slot nearest before `slot` on the ring, which may be `slot` itself after a full turn. */
static uint32_t before(const pab__window *w, uint32_t slot)
{
    uint32_t word = slot / 64;
    uint64_t bits = w->bits[word] & ((UINT64_C(1) << slot % 64) - 1);
    if (bits == 0) {
        uint64_t lower = w->words & ((UINT64_C(1) << word) - 1);
        word = highest(lower != 0 ? lower : w->words);
        bits = w->bits[word];
    }
    return w->level[word * 64 + highest(bits)] - 1;
}

/* Neighbour on the better side of a new key that is worse than the best. */
static uint32_t better_neighbour(const pab__book *b, uint32_t side, int64_t key)
{
    const pab__book_side *s = &b->core.sides[side];
    const pab__window *w = pab__window_of(b, side);
    if (pab__window_holds(s, key) && s->window_levels > 0) {
        /* Either the ring's neighbour is better, or all of the window is worse than `key` and comes right after it. */
        uint32_t near = before(w, slot_of(key));
        if (pab__level_at(b, near)->key < key)
            return near;
    }
    uint32_t far = pab__far_floor(b, side, key);
    if (s->window_levels == 0 || key < s->window)
        return far;
    if (pab__window_holds(s, key) || (far != PAB__NONE && pab__level_at(b, far)->key > s->window))
        return far;
    return before(w, slot_of(s->window)); /* the worst of the window */
}

/* Room for what `move_window` evicts: into at most two gaps between blocks, filling new blocks by halves. */
static pab_status reserve_far(pab__book *b, uint32_t levels)
{
    uint32_t blocks = levels / (PAB__FAR_LEVELS / 2) + 4;
    pab__pool *far = &b->pools[PAB__BOOK_FAR], *entries = &b->pools[PAB__BOOK_DIRECTORY];
    if (pab__pool_reserve(far, b->host, far->mark.count + blocks) != PAB_OK)
        return PAB_E_MEMORY;
    return pab__pool_reserve(entries, b->host, entries->mark.count + blocks);
}

static void evict(pab__book *b, uint32_t side, int64_t start)
{
    pab__window *w = pab__window_of(b, side);
    for (uint64_t words = w->words; words != 0; words &= words - 1) {
        uint32_t word = (uint32_t)__builtin_ctzll(words);
        for (uint64_t bits = w->bits[word]; bits != 0; bits &= bits - 1) {
            uint32_t level = w->level[word * 64 + (uint32_t)__builtin_ctzll(bits)] - 1;
            int64_t key = pab__level_at(b, level)->key;
            if ((uint64_t)key - (uint64_t)start < PAB__WINDOW_TICKS)
                continue;
            window_clear(b, side, key);
            pab__far_insert(b, side, key, level);
        }
    }
}

/* Moves levels between window and blocks so that the window starts at `start`; leaves it where it is without memory. */
static void move_window(pab__book *b, uint32_t side, int64_t start)
{
    pab__book_side *s = &b->core.sides[side];
    if (s->window_levels > 0) {
        if (reserve_far(b, s->window_levels) != PAB_OK)
            return;
        evict(b, side, start);
    }
    s->window = start;
    s->near_misses = 0;
    for (;;) {
        uint32_t level = pab__far_floor(b, side, start + (PAB__WINDOW_TICKS - 1));
        if (level == PAB__NONE || pab__level_at(b, level)->key < start)
            return;
        pab__far_remove(b, side, pab__level_at(b, level)->key);
        window_set(b, side, pab__level_at(b, level)->key, level);
    }
}

/* Follows the touch: at once while the window is empty, else after enough misses to pay for the move. */
static void follow(pab__book *b, uint32_t side, int64_t key)
{
    pab__book_side *s = &b->core.sides[side];
    int64_t best = s->best == PAB__NONE || key < pab__level_at(b, s->best)->key ? key : pab__level_at(b, s->best)->key;
    if (key - best >= PAB__WINDOW_TICKS - AHEAD)
        return;
    s->near_misses++;
    if (s->window_levels == 0 || s->near_misses > 32 + s->window_levels / 2)
        move_window(b, side, best - AHEAD);
}

/* Puts a level between its neighbours. */
static void link_level(pab__book *b, uint32_t side, uint32_t index, uint32_t prev)
{
    pab__book_side *s = &b->core.sides[side];
    pab__price_level *level = pab__level_at(b, index);
    level->prev = prev;
    if (prev == PAB__NONE) {
        level->next = s->best;
        s->best = index;
    } else {
        level->next = pab__level_at(b, prev)->next;
        pab__level_at(b, prev)->next = index;
    }
    if (level->next != PAB__NONE)
        pab__level_at(b, level->next)->prev = index;
    s->levels++;
}

uint32_t pab__level_open(pab__book *b, uint32_t side, int64_t key)
{
    pab__book_side *s = &b->core.sides[side];
    uint32_t index = pab__pool_take(&b->pools[PAB__BOOK_LEVELS], b->host);
    if (index == PAB__NONE)
        return PAB__NONE;
    if (!pab__window_holds(s, key))
        follow(b, side, key);
    uint32_t prev = PAB__NONE;
    if (s->best != PAB__NONE && pab__level_at(b, s->best)->key < key)
        prev = better_neighbour(b, side, key);
    if (pab__window_holds(s, key)) {
        window_set(b, side, key, index);
    } else if (pab__far_insert(b, side, key, index) != PAB_OK) {
        pab__pool_give(&b->pools[PAB__BOOK_LEVELS], index);
        return PAB__NONE;
    }
    pab__price_level *level = pab__level_at(b, index);
    *level = (pab__price_level){.key = key};
    for (int q = 0; q < 2; q++)
        level->queue[q].head = level->queue[q].tail = PAB__NONE;
    link_level(b, side, index, prev);
    return index;
}

void pab__level_close(pab__book *b, uint32_t side, uint32_t index)
{
    pab__book_side *s = &b->core.sides[side];
    const pab__price_level *level = pab__level_at(b, index);
    if (level->prev == PAB__NONE)
        s->best = level->next;
    else
        pab__level_at(b, level->prev)->next = level->next;
    if (level->next != PAB__NONE)
        pab__level_at(b, level->next)->prev = level->prev;
    if (pab__window_holds(s, level->key))
        window_clear(b, side, level->key);
    else
        pab__far_remove(b, side, level->key);
    s->levels--;
    pab__pool_give(&b->pools[PAB__BOOK_LEVELS], index);
}

pab_status pab__levels_reset(pab__book *b)
{
    for (uint32_t side = 0; side < 2; side++) {
        if (pab__pool_append(&b->pools[PAB__BOOK_WINDOWS], b->host) == PAB__NONE)
            return PAB_E_MEMORY;
        b->core.sides[side].best = PAB__NONE;
    }
    return PAB_OK;
}
