#include "book/ids.h"

#include <string.h>

#define FIRST_BITS 6

static pab_status resize(pab__book *b, uint32_t bits)
{
    pab__pool *pool = &b->pools[PAB__BOOK_IDS];
    uint32_t size = UINT32_C(1) << bits;
    if (pab__pool_reserve(pool, b->host, size) != PAB_OK)
        return PAB_E_MEMORY;
    memset(pool->data, 0, (size_t)size * pool->stride);
    pool->mark.count = size;
    pool->mark.live = size;
    b->core.ids_shift = 64 - bits;
    return PAB_OK;
}

pab_status pab__ids_reset(pab__book *b)
{
    b->core.newest_id = INT64_MIN;
    return resize(b, FIRST_BITS);
}

pab_status pab__ids_grow(pab__book *b)
{
    uint32_t bits = 65 - b->core.ids_shift;
    if (bits > 31 || resize(b, bits) != PAB_OK)
        return PAB_E_MEMORY;
    /* The hidden half of a price-to-comply order is reached through the visible one. */
    uint32_t count = b->pools[PAB__BOOK_ORDERS].mark.count;
    for (uint32_t i = 0; i < count; i++) {
        pab__resting *order = pab__order_at(b, i);
        if (order->level != PAB__NONE && order->half != PAB__HALF_HIDDEN)
            pab__ids_insert(b, order, i);
    }
    return PAB_OK;
}
