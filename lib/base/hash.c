/* XXH3-64 from the system's xxHash, compiled in so that short inputs cost no call. */
#include "base/hash.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#define XXH_INLINE_ALL
#include <xxhash.h>
#pragma GCC diagnostic pop

uint64_t pab__hash(const void *data, size_t len)
{
    return XXH3_64bits(data, len);
}

uint64_t pab__hash_mix(uint64_t a, uint64_t b)
{
    const uint64_t pair[2] = {a, b};
    return XXH3_64bits(pair, sizeof pair);
}
