/* The event queue: entries in order of (time, sender, recipient, message id).
 *
 * Most entries land just ahead of now, so the smallest ones wait in a short sorted buffer and only the rest in a
 * 4-ary heap. Every entry of the buffer precedes every entry of the heap. */
#ifndef PAB_MARKET_QUEUE_H
#define PAB_MARKET_QUEUE_H

#include "base/pool.h"

typedef struct pab__entry {
    int64_t time;   /* ns */
    uint64_t route; /* sender << 32 | recipient */
    uint32_t id;    /* message id: creation order */
    uint32_t what;  /* message slot, or PAB__BARE + type for messages without a payload, or PAB__PROXY */
} pab__entry;

#define PAB__BARE UINT32_C(0xffffff00)
#define PAB__PROXY UINT32_C(0xfffffffe) /* represents the first message parked at a busy recipient */

#define PAB__NEAR_CAPACITY 64

typedef struct pab__queue_near {
    uint32_t count;
    uint32_t reserved;
    pab__entry at[PAB__NEAR_CAPACITY]; /* descending: the next entry is the last */
} pab__queue_near;

typedef struct pab__queue {
    pab__queue_near near;
    pab__pool heap; /* of pab__entry; mark.count is its size */
} pab__queue;

static inline uint64_t pab__entry_route(int32_t sender, int32_t recipient)
{
    return (uint64_t)(uint32_t)sender << 32 | (uint32_t)recipient;
}

static inline int32_t pab__entry_sender(const pab__entry *e)
{
    return (int32_t)(e->route >> 32);
}

static inline int32_t pab__entry_recipient(const pab__entry *e)
{
    return (int32_t)(uint32_t)e->route;
}

static inline int pab__entry_before(const pab__entry *a, const pab__entry *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->route != b->route)
        return a->route < b->route;
    return a->id < b->id;
}

void pab__queue_init(pab__queue *q);
void pab__queue_free(pab__queue *q, const pab_host *host);
void pab__queue_clear(pab__queue *q);
size_t pab__queue_size(const pab__queue *q);

/* Returns 0, or -1 without memory. */
int pab__queue_push(pab__queue *q, const pab_host *host, const pab__entry *entry);

/* Fills the empty near buffer from the heap; 0 when there is nothing left. */
uint32_t pab__queue_refill(pab__queue *q);

/* The next entry, or NULL; valid until the next call. */
static inline const pab__entry *pab__queue_peek(pab__queue *q)
{
    uint32_t n = q->near.count;
    if (n == 0 && (n = pab__queue_refill(q)) == 0)
        return NULL;
    return &q->near.at[n - 1];
}

/* Removes the entry that pab__queue_peek returned. */
static inline void pab__queue_drop(pab__queue *q)
{
    q->near.count--;
}

/* The entry after the one that pab__queue_peek returned, if it is at hand: a hint of what comes. */
static inline const pab__entry *pab__queue_second(const pab__queue *q)
{
    return q->near.count > 1 ? &q->near.at[q->near.count - 2] : NULL;
}

#endif
