/* XXH3-64, the library's only hash. */
#ifndef PAB_BASE_HASH_H
#define PAB_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t pab__hash(const void *data, size_t len);

/* The same value, made for inputs of many kilobytes. */
uint64_t pab__hash_long(const void *data, size_t len);

/* Order-dependent combination of two hashes. */
uint64_t pab__hash_mix(uint64_t a, uint64_t b);

#endif
