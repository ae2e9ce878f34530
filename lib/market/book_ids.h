/* Order id -> resting order: linear probing with backward-shift deletion, so nothing piles up as ids grow for ever. */
#ifndef PAB_MARKET_BOOK_IDS_H
#define PAB_MARKET_BOOK_IDS_H

#include "market/book_state.h"

#define PAB__IDS_FIRST_BITS 6

/* Empties the table at its first size. */
pab_status pab__ids_reset(pab__book *b);

/* Doubles the table; PAB_E_MEMORY leaves it as it was. */
pab_status pab__ids_grow(pab__book *b);

static inline uint32_t pab__ids_tag(int64_t id)
{
    return (uint32_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

static inline pab__id_entry *pab__ids_table(const pab__book *b)
{
    return (pab__id_entry *)(void *)b->pools[PAB__BOOK_IDS].data;
}

static inline uint32_t pab__ids_find(const pab__book *b, int64_t id)
{
    const pab__id_entry *table = pab__ids_table(b);
    uint32_t mask = b->pools[PAB__BOOK_IDS].mark.count - 1;
    uint32_t tag = pab__ids_tag(id);
    for (uint32_t i = tag >> b->core.ids_shift; table[i].order != 0; i = (i + 1) & mask) {
        if (table[i].tag == tag && pab__resting_at(b, table[i].order - 1)->id == id)
            return table[i].order - 1;
    }
    return PAB__NONE;
}

/* Whether one more id needs a larger table: past five eighths full. */
static inline int pab__ids_full(const pab__book *b)
{
    return (uint64_t)b->core.ids_live * 8 >= (uint64_t)b->pools[PAB__BOOK_IDS].mark.count * 5;
}

/* The id must be absent and the table not full. */
static inline void pab__ids_insert(pab__book *b, int64_t id, uint32_t order)
{
    pab__id_entry *table = pab__ids_table(b);
    uint32_t mask = b->pools[PAB__BOOK_IDS].mark.count - 1;
    uint32_t tag = pab__ids_tag(id);
    uint32_t i = tag >> b->core.ids_shift;
    while (table[i].order != 0)
        i = (i + 1) & mask;
    table[i] = (pab__id_entry){tag, order + 1};
    b->core.ids_live++;
}

/* The id must stand for `order`. */
static inline void pab__ids_remove(pab__book *b, int64_t id, uint32_t order)
{
    pab__id_entry *table = pab__ids_table(b);
    uint32_t mask = b->pools[PAB__BOOK_IDS].mark.count - 1;
    uint32_t hole = pab__ids_tag(id) >> b->core.ids_shift;
    while (table[hole].order != order + 1)
        hole = (hole + 1) & mask;
    for (uint32_t i = (hole + 1) & mask; table[i].order != 0; i = (i + 1) & mask) {
        uint32_t home = table[i].tag >> b->core.ids_shift;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            table[hole] = table[i];
            hole = i;
        }
    }
    table[hole] = (pab__id_entry){0, 0};
    b->core.ids_live--;
}

#endif
