/* Sorting in place, without memory, the same on every C library: each order here is total, so that equal input gives
 * equal output. About 2 n log2 n comparisons in every case. */
#ifndef PAB_BASE_SORT_H
#define PAB_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Ascending; NaNs last. */
void pab__sort_reals(double *x, size_t count);

/* order[] becomes 0 .. count-1 by ascending key, equal keys by number; NaNs last. */
void pab__sort_rank(const double *key, uint32_t count, uint32_t *order);

/* `before(a, b)` is 1 when a belongs before b. It must be a total order: items that differ never tie (compare a number
 * of the item last). Items are at most PAB__SORT_ITEM bytes. */
enum { PAB__SORT_ITEM = 256 };
void pab__sort(void *items, size_t count, size_t size, int (*before)(const void *a, const void *b));

#endif
