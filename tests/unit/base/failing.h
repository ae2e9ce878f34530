/* An allocator that can refuse, and that knows what was not given back. Threads may share it. */
#ifndef TEST_FAILING_H
#define TEST_FAILING_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"

typedef struct failing {
    int64_t passes; /* allocations that succeed before the refusal */
    int sticky;     /* refuses for ever after, not once */
    int64_t seen, refused, blocks;
    int64_t bytes, peak; /* of `bytes`; exact on one thread */
} failing;

/* With a margin, by which a write past the end is seen. */
static inline size_t failing_room(size_t size, size_t align)
{
    return (size + align - 1) / align * align + align;
}

static inline void *failing_alloc(void *user, size_t size, size_t align)
{
    failing *f = user;
    int64_t number = __atomic_fetch_add(&f->seen, 1, __ATOMIC_RELAXED);
    if (number == f->passes || (f->sticky && number > f->passes)) {
        __atomic_add_fetch(&f->refused, 1, __ATOMIC_RELAXED);
        return NULL;
    }
    size_t room = failing_room(size, align);
    void *ptr = aligned_alloc(align, room);
    if (!ptr)
        abort();
    memset(ptr, 0xa5, room);
    __atomic_add_fetch(&f->blocks, 1, __ATOMIC_RELAXED);
    int64_t now = __atomic_add_fetch(&f->bytes, (int64_t)size, __ATOMIC_RELAXED);
    if (now > __atomic_load_n(&f->peak, __ATOMIC_RELAXED))
        __atomic_store_n(&f->peak, now, __ATOMIC_RELAXED);
    return ptr;
}

static inline void failing_release(void *user, void *ptr, size_t size)
{
    failing *f = user;
    const unsigned char *bytes = ptr;
    for (size_t i = size; i < failing_room(size, 64); i++)
        if (bytes[i] != 0xa5) { /* written past its end, or given back with another size */
            fprintf(stderr, "a block of %zu bytes: byte %zu was written\n", size, i);
            abort();
        }
    __atomic_sub_fetch(&f->blocks, 1, __ATOMIC_RELAXED);
    __atomic_sub_fetch(&f->bytes, (int64_t)size, __ATOMIC_RELAXED);
    free(ptr);
}

/* passes < 0: never refuses. */
static inline pab_host failing_host(failing *f, int64_t passes, int sticky)
{
    *f = (failing){.passes = passes < 0 ? INT64_MAX : passes, .sticky = sticky};
    pab_host given = {.struct_size = sizeof given, .user = f, .alloc = failing_alloc, .release = failing_release};
    pab_host host = {0};
    if (pab__host_take(&given, &host) != PAB_OK)
        abort();
    return host;
}

#endif
