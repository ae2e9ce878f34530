#include "market/queue.h"

#include <string.h>

#define REFILL 24 /* entries moved from the heap when the near buffer runs empty */

void pab__queue_init(pab__queue *q)
{
    memset(&q->near, 0, sizeof q->near);
    pab__pool_init(&q->heap, sizeof(pab__entry));
}

void pab__queue_free(pab__queue *q, const pab_host *host)
{
    pab__pool_free(&q->heap, host);
}

void pab__queue_clear(pab__queue *q)
{
    memset(&q->near, 0, sizeof q->near);
    pab__pool_clear(&q->heap);
}

size_t pab__queue_size(const pab__queue *q)
{
    return (size_t)q->near.count + q->heap.mark.count;
}

static int heap_push(pab__pool *heap, const pab_host *host, const pab__entry *entry)
{
    uint32_t i = heap->mark.count;
    if (i == heap->capacity && pab__pool_reserve(heap, host, i ? 2 * i : 256) != PAB_OK)
        return -1;
    heap->mark.count = i + 1;
    pab__entry *at = (pab__entry *)(void *)heap->data;
    while (i > 0) {
        uint32_t parent = (i - 1) / 4;
        if (!pab__entry_before(entry, &at[parent]))
            break;
        at[i] = at[parent];
        i = parent;
    }
    at[i] = *entry;
    return 0;
}

/* Smallest of the children of a hole, which start at `first`. */
static uint32_t least_child(const pab__entry *at, uint32_t first, uint32_t count)
{
    uint32_t least = first;
    if (first + 4 <= count) { /* nearly always: two pairs, and the lesser of each */
        least += (uint32_t)pab__entry_before(&at[first + 1], &at[first]);
        uint32_t other = first + 2 + (uint32_t)pab__entry_before(&at[first + 3], &at[first + 2]);
        return pab__entry_before(&at[other], &at[least]) ? other : least;
    }
    for (uint32_t c = first + 1; c < count; c++)
        if (pab__entry_before(&at[c], &at[least]))
            least = c;
    return least;
}

static void heap_pop(pab__pool *heap, pab__entry *out)
{
    pab__entry *at = (pab__entry *)(void *)heap->data;
    *out = at[0];
    uint32_t count = --heap->mark.count;
    pab__entry last = at[count];
    uint32_t i = 0;
    for (uint32_t first = 1; first < count; first = 4 * i + 1) {
        uint32_t c = least_child(at, first, count);
        if (!pab__entry_before(&at[c], &last))
            break;
        at[i] = at[c];
        i = c;
    }
    if (count > 0)
        at[i] = last;
}

/* Inserts into a near buffer that has room, looking from the next entry outwards. */
static inline void near_insert(pab__queue_near *near, const pab__entry *entry)
{
    pab__entry new = *entry; /* a copy, so that it need not be read again after every move */
    pab__entry *at = &near->at[near->count++];
    while (at > near->at && pab__entry_before(&at[-1], &new)) {
        at[0] = at[-1];
        at--;
    }
    *at = new;
}

/* For an entry that does not simply go into the near buffer: it comes later, or pushes the buffer's last one out. */
static int push_far(pab__queue *q, const pab_host *host, const pab__entry *entry)
{
    pab__queue_near *near = &q->near;
    if (near->count == 0 || !pab__entry_before(entry, &near->at[0]))
        return heap_push(&q->heap, host, entry);
    if (heap_push(&q->heap, host, &near->at[0]))
        return -1;
    near->count--;
    memmove(&near->at[0], &near->at[1], near->count * sizeof near->at[0]);
    if (!pab__entry_before(entry, &near->at[0]))
        return heap_push(&q->heap, host, entry);
    near_insert(near, entry);
    return 0;
}

int pab__queue_push(pab__queue *q, const pab_host *host, const pab__entry *entry)
{
    pab__queue_near *near = &q->near;
    if (near->count == 0 || near->count == PAB__NEAR_CAPACITY || !pab__entry_before(entry, &near->at[0]))
        return push_far(q, host, entry);
    near_insert(near, entry);
    return 0;
}

uint32_t pab__queue_refill(pab__queue *q)
{
    uint32_t n = q->heap.mark.count < REFILL ? q->heap.mark.count : REFILL;
    for (uint32_t i = n; i-- > 0;)
        heap_pop(&q->heap, &q->near.at[i]);
    q->near.count = n;
    return n;
}
