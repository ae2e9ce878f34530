/* XXH3-64 of long inputs by 32-byte vectors, where processor and compiler have them: the same values, twice as fast. */
#include "base/hash.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC push_options
#pragma GCC target("avx2")
#define XXH_INLINE_ALL
#define XXH_VECTOR 2 /* XXH_AVX2 */
#include <xxhash.h>

static uint64_t hash_avx2(const void *data, size_t len)
{
    return XXH3_64bits(data, len);
}

#pragma GCC pop_options
#pragma GCC diagnostic pop

uint64_t pab__hash_long(const void *data, size_t len)
{
    return __builtin_cpu_supports("avx2") ? hash_avx2(data, len) : pab__hash(data, len);
}

#else

uint64_t pab__hash_long(const void *data, size_t len)
{
    return pab__hash(data, len);
}

#endif
