/* Growth, clearing and copying of pools; taking and giving slots is inline in pool.h. */
#include "base/pool.h"

#include <string.h>

#define FIRST_CAPACITY 16

static size_t bytes_of(const pab__pool *pool, uint32_t slots)
{
    return (size_t)slots * pool->stride;
}

void pab__pool_init(pab__pool *pool, uint32_t stride)
{
    *pool = (pab__pool){.stride = stride, .mark = {.free_head = PAB__NONE}};
}

void pab__pool_free(pab__pool *pool, const pab_host *host)
{
    pab__release(host, pool->data, bytes_of(pool, pool->capacity));
    pab__pool_init(pool, pool->stride);
}

void pab__pool_clear(pab__pool *pool)
{
    if (pool->mark.count > 0)
        memset(pool->data, 0, bytes_of(pool, pool->mark.count));
    pool->mark = (pab__pool_mark){.free_head = PAB__NONE};
}

pab_status pab__pool_reserve(pab__pool *pool, const pab_host *host, uint32_t capacity)
{
    if (capacity <= pool->capacity)
        return PAB_OK;
    unsigned char *data = NULL;
    if (capacity < PAB__NONE && bytes_of(pool, capacity) / capacity == pool->stride)
        data = pab__alloc(host, bytes_of(pool, capacity));
    if (!data)
        return pab__fail(PAB_E_MEMORY, "no memory for %u slots of %u bytes", capacity, pool->stride);
    if (pool->mark.count > 0)
        memcpy(data, pool->data, bytes_of(pool, pool->mark.count));
    pab__release(host, pool->data, bytes_of(pool, pool->capacity));
    pool->data = data;
    pool->capacity = capacity;
    return PAB_OK;
}

pab_status pab__pool_copy(pab__pool *dst, const pab__pool *src, const pab_host *host)
{
    pab_status status = pab__pool_reserve(dst, host, src->mark.count);
    if (status != PAB_OK)
        return status;
    if (src->mark.count > 0)
        memcpy(dst->data, src->data, bytes_of(src, src->mark.count));
    /* Slots over the mark must stay zero: they are handed out as they are. */
    if (dst->mark.count > src->mark.count)
        memset(dst->data + bytes_of(dst, src->mark.count), 0, bytes_of(dst, dst->mark.count - src->mark.count));
    dst->mark = src->mark;
    return PAB_OK;
}

uint32_t pab__pool_append(pab__pool *pool, const pab_host *host)
{
    if (pool->mark.count == pool->capacity) {
        uint32_t twice = pool->capacity < FIRST_CAPACITY / 2 ? FIRST_CAPACITY : pool->capacity * 2;
        if (pool->capacity > PAB__NONE / 2)
            twice = PAB__NONE - 1;
        if (twice == pool->capacity || pab__pool_reserve(pool, host, twice) != PAB_OK)
            return PAB__NONE;
    }
    pool->mark.live++;
    return pool->mark.count++;
}

int pab__pool_find_live(const pab__pool *pool, uint8_t *marks)
{
    const pab__pool_mark *m = &pool->mark;
    if (m->live > m->count || m->reserved != 0)
        return 0;
    memset(marks, PAB__SLOT_LIVE, m->count);
    uint32_t slot = m->free_head;
    for (uint32_t left = m->count - m->live; left > 0; left--) {
        if (!pab__pool_see(pool, marks, slot))
            return 0;
        marks[slot] = PAB__SLOT_FREE;
        memcpy(&slot, pab__pool_at(pool, slot), sizeof slot);
    }
    return slot == PAB__NONE;
}

int pab__pool_all_seen(const pab__pool *pool, const uint8_t *marks)
{
    return pool->mark.count == 0 || !memchr(marks, PAB__SLOT_LIVE, pool->mark.count);
}
