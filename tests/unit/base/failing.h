/* An allocator that can refuse, and that knows what was not given back. */
#ifndef TEST_FAILING_H
#define TEST_FAILING_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"

typedef struct failing {
    int64_t passes; /* allocations that succeed before the refusal */
    int sticky;     /* refuses for ever after, not once */
    int64_t seen, blocks;
    int64_t bytes;
} failing;

static inline void *failing_alloc(void *user, size_t size, size_t align)
{
    failing *f = user;
    int64_t number = f->seen++;
    if (number == f->passes || (f->sticky && number > f->passes))
        return NULL;
    void *ptr = aligned_alloc(align, (size + align - 1) / align * align);
    if (!ptr)
        abort();
    memset(ptr, 0xa5, size);
    f->blocks++;
    f->bytes += (int64_t)size;
    return ptr;
}

static inline void failing_release(void *user, void *ptr, size_t size)
{
    failing *f = user;
    f->blocks--;
    f->bytes -= (int64_t)size;
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
