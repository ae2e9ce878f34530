/* Heap sort, written once and specialised by inlining. */
#include "base/sort.h"

#include <string.h>

typedef int order(const void *a, const void *b, const void *user);

/* Lets `held` sink from a hole at `at`. */
static inline __attribute__((always_inline)) void sink(unsigned char *items, size_t at, size_t count, size_t size,
                                                       const void *held, order *before, const void *user)
{
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && before(items + child * size, items + (child + 1) * size, user))
            child++;
        if (!before(held, items + child * size, user))
            break;
        memcpy(items + at * size, items + child * size, size);
        at = child;
    }
    memcpy(items + at * size, held, size);
}

static inline __attribute__((always_inline)) void heap_sort(void *array, size_t count, size_t size, order *before,
                                                            const void *user)
{
    unsigned char *items = array, held[PAB__SORT_ITEM];
    for (size_t i = count / 2; i-- > 0;) {
        memcpy(held, items + i * size, size);
        sink(items, i, count, size, held, before, user);
    }
    for (size_t last = count; last-- > 1;) {
        memcpy(held, items + last * size, size);
        memcpy(items + last * size, items, size);
        sink(items, 0, last, size, held, before, user);
    }
}

/* NaN is after all numbers. */
static inline int ascending(double x, double y)
{
    return x < y || (y != y && x == x);
}

static inline int real_before(const void *a, const void *b, const void *user)
{
    double x, y;
    (void)user;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return ascending(x, y);
}

void pab__sort_reals(double *x, size_t count)
{
    heap_sort(x, count, sizeof *x, real_before, NULL);
}

static inline int rank_before(const void *a, const void *b, const void *user)
{
    const double *key = user;
    uint32_t i, j;
    memcpy(&i, a, sizeof i);
    memcpy(&j, b, sizeof j);
    return ascending(key[i], key[j]) || (!ascending(key[j], key[i]) && i < j);
}

void pab__sort_rank(const double *key, uint32_t count, uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++)
        out[i] = i;
    heap_sort(out, count, sizeof *out, rank_before, key);
}

typedef struct caller {
    int (*before)(const void *a, const void *b);
} caller;

static int caller_before(const void *a, const void *b, const void *user)
{
    return ((const caller *)user)->before(a, b);
}

void pab__sort(void *items, size_t count, size_t size, int (*before)(const void *a, const void *b))
{
    const caller c = {before};
    heap_sort(items, count, size, caller_before, &c);
}
