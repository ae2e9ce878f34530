/* Run at build time: writes the table of rng_tails.h as C to standard output. */
#include "base/rng_seed.h"
#include "base/rng_tails.h"

#include <math.h>
#include <stdio.h>

#define BATCH 256

static double unit(const uint32_t *words)
{
    return ((double)(words[0] >> 5) * 67108864.0 + (double)(words[1] >> 6)) / 9007199254740992.0;
}

/* Listed are large first normals and, to be safe, those that need more words than a window has. */
static int is_listed(const uint32_t words[PAB__MT_WINDOW])
{
    for (int i = 0; i + 4 <= PAB__MT_WINDOW; i += 4) {
        double x1 = 2.0 * unit(words + i) - 1.0;
        double x2 = 2.0 * unit(words + i + 2) - 1.0;
        double r2 = x1 * x1 + x2 * x2;
        if (r2 < 1.0 && r2 != 0.0)
            return fabs(sqrt(-2.0 * log(r2) / r2) * x2) >= PAB__TAIL_BOUND;
    }
    return 1;
}

int main(void)
{
    static uint16_t starts[PAB__TAIL_BUCKETS + 1];
    static uint32_t words[BATCH][PAB__MT_WINDOW];
    uint32_t seeds[BATCH];
    uint32_t listed = 0;
    printf("/* Made by rng_tails_gen.c. */\n#include \"base/rng_tails.h\"\n\nconst uint8_t pab__tail_lows[] = {");
    for (uint32_t bucket = 0; bucket < PAB__TAIL_BUCKETS; bucket++) {
        starts[bucket] = (uint16_t)listed;
        for (uint32_t i = 0; i < BATCH; i++)
            seeds[i] = bucket * BATCH + i;
        pab__mt_windows(seeds, BATCH, words);
        for (uint32_t i = 0; i < BATCH && seeds[i] < PAB__TAIL_SEEDS; i++)
            if (is_listed(words[i]))
                printf("%s%u,", listed++ % 24 == 0 ? "\n    " : " ", i);
    }
    starts[PAB__TAIL_BUCKETS] = (uint16_t)listed;
    printf("\n};\n\nconst uint16_t pab__tail_starts[PAB__TAIL_BUCKETS + 1] = {");
    for (uint32_t i = 0; i <= PAB__TAIL_BUCKETS; i++)
        printf("%s%u,", i % 16 == 0 ? "\n    " : " ", starts[i]);
    printf("\n};\n");
    return listed <= UINT16_MAX && fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
