/* A fuzz target for a fixed number of inputs, so that every test run feeds it: noise, and a seed file with faults.
 * Usage: short COUNT [SEED_FILE | - [NUMBER]]; another NUMBER gives other inputs. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t random_state = 0x2545f4914f6cdd1du;

static size_t below(size_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % n);
}

static size_t noise(uint8_t *to)
{
    size_t len = below(2) ? below(4096) : below(33); /* many faults are found at the first; few get further */
    for (size_t i = 0; i < len; i++)
        to[i] = (uint8_t)below(256);
    return len;
}

/* A copy with a few bytes changed, a piece doubled, or the end truncated. */
static size_t faulty(uint8_t *to, const uint8_t *seed, size_t len)
{
    static const char signs[] = "{}[]:,-&*!#|>'\"%@\n\t 0-9.~";
    memcpy(to, seed, len);
    for (size_t n = 1 + below(4); n > 0; n--)
        to[below(len)] = below(2) ? (uint8_t)signs[below(sizeof signs - 1)] : (uint8_t)below(256);
    if (below(4) == 0)
        return below(len);
    if (below(4) == 0) {
        size_t from = below(len), piece = below(len - from);
        memmove(to + below(len - piece), seed + from, piece);
    }
    return len;
}

int main(int argc, char **argv)
{
    static uint8_t seed[MOST], input[MOST];
    size_t len = 0;
    random_state ^= argc > 3 ? strtoull(argv[3], NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) : 0;
    if (argc > 2 && strcmp(argv[2], "-") != 0) {
        FILE *file = fopen(argv[2], "rb");
        if (!file)
            return 1;
        len = fread(seed, 1, sizeof seed, file);
        fclose(file);
    }
    for (long count = argc > 1 ? atol(argv[1]) : 1; count > 0; count--) {
        size_t size = len > 0 && below(8) > 0 ? faulty(input, seed, len) : noise(input);
        LLVMFuzzerTestOneInput(input, size);
    }
    return 0;
}
