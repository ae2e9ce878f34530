/* Growable arrays of equal plain slots, addressed by 32-bit index: what the market's flat state is made of.
 *
 * A slot's bytes are zero before its first use and are never left unset, so equal histories give equal bytes.
 * Growth happens only when the high-water mark rises; a warm pool never allocates. */
#ifndef PAB_BASE_POOL_H
#define PAB_BASE_POOL_H

#include "base/host.h"

#define PAB__NONE UINT32_MAX /* no slot */

/* What of a pool belongs to the state. */
typedef struct pab__pool_mark {
    uint32_t count;     /* slots in use or free, below the high-water mark */
    uint32_t free_head; /* first freed slot, linked through the slots' first four bytes */
    uint32_t live;      /* slots taken and not given back */
    uint32_t reserved;
} pab__pool_mark;

typedef struct pab__pool {
    unsigned char *data;
    uint32_t stride;
    uint32_t capacity;
    pab__pool_mark mark;
} pab__pool;

void pab__pool_init(pab__pool *pool, uint32_t stride);
void pab__pool_free(pab__pool *pool, const pab_host *host);

/* Forgets all slots, keeps the memory (zeroed up to the high-water mark). */
void pab__pool_clear(pab__pool *pool);

/* Makes room for `capacity` slots in all; PAB_E_MEMORY leaves the pool as it was. */
pab_status pab__pool_reserve(pab__pool *pool, const pab_host *host, uint32_t capacity);

/* dst becomes equal to src (same stride). */
pab_status pab__pool_copy(pab__pool *dst, const pab__pool *src, const pab_host *host);

/* Marks of slots, for checks of a pool that was read from a file. */
enum { PAB__SLOT_FREE = 0, PAB__SLOT_LIVE = 1, PAB__SLOT_SEEN = 2 };

/* Sets marks[0 .. count) to free or live by the list of free slots. 0: the list is broken. */
int pab__pool_find_live(const pab__pool *pool, uint8_t *marks);

/* A live slot that was not seen before becomes seen; 0 for any other. */
static inline int pab__pool_see(const pab__pool *pool, uint8_t *marks, uint32_t index)
{
    if (index >= pool->mark.count || marks[index] != PAB__SLOT_LIVE)
        return 0;
    marks[index] = PAB__SLOT_SEEN;
    return 1;
}

/* Were all live slots seen? */
int pab__pool_all_seen(const pab__pool *pool, const uint8_t *marks);

/* Slow path of pab__pool_take: appends a zeroed slot, growing if needed; PAB__NONE without memory. */
uint32_t pab__pool_append(pab__pool *pool, const pab_host *host);

static inline void *pab__pool_at(const pab__pool *pool, uint32_t index)
{
    return pool->data + (size_t)index * pool->stride;
}

/* Takes a slot; a reused one keeps old bytes, so the taker must set all of it. */
static inline uint32_t pab__pool_take(pab__pool *pool, const pab_host *host)
{
    uint32_t index = pool->mark.free_head;
    if (index == PAB__NONE)
        return pab__pool_append(pool, host);
    pool->mark.free_head = *(const uint32_t *)pab__pool_at(pool, index);
    pool->mark.live++;
    return index;
}

static inline void pab__pool_give(pab__pool *pool, uint32_t index)
{
    *(uint32_t *)pab__pool_at(pool, index) = pool->mark.free_head;
    pool->mark.free_head = index;
    pool->mark.live--;
}

#endif
