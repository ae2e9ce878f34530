/* Run at build time: writes the tables of rng_first.h as C to standard output. */
#include "base/rng_first.h"
#include "base/rng_seed.h"

#include <math.h>
#include <stdio.h>

#define BATCH 256
#define NOT_TOLD 9.0

static double unit(const uint32_t *words)
{
    return ((double)(words[0] >> 5) * 67108864.0 + (double)(words[1] >> 6)) / 9007199254740992.0;
}

/* The first normal, if a window has words enough for it. */
static double first_normal(const uint32_t words[PAB__MT_WINDOW])
{
    for (int i = 0; i + 4 <= PAB__MT_WINDOW; i += 4) {
        double x1 = 2.0 * unit(words + i) - 1.0;
        double x2 = 2.0 * unit(words + i + 2) - 1.0;
        double r2 = x1 * x1 + x2 * x2;
        if (r2 < 1.0 && r2 != 0.0)
            return sqrt(-2.0 * log(r2) / r2) * x2;
    }
    return NOT_TOLD;
}

static void make_normals(double *normals)
{
    static uint32_t words[BATCH][PAB__MT_WINDOW];
    uint32_t seeds[BATCH];
    for (uint32_t from = 0; from < PAB__FIRST_SEEDS; from += BATCH) {
        for (uint32_t i = 0; i < BATCH; i++)
            seeds[i] = from + i;
        pab__mt_windows(seeds, BATCH, words);
        for (uint32_t i = 0; i < BATCH && from + i < PAB__FIRST_SEEDS; i++)
            normals[from + i] = first_normal(words[i]);
    }
}

/* Returns how many seeds are listed. */
static uint32_t print_listed(const double *normals)
{
    static uint32_t starts[PAB__FIRST_BUCKETS + 1];
    uint32_t listed = 0;
    printf("const uint8_t pab__first_lows[] = {");
    for (uint32_t seed = 0; seed < PAB__FIRST_SEEDS; seed++) {
        if (seed % 256 == 0)
            starts[seed / 256] = listed;
        if (fabs(normals[seed]) >= PAB__FIRST_BOUND)
            printf("%s%u,", listed++ % 24 == 0 ? "\n    " : " ", seed % 256);
    }
    starts[PAB__FIRST_BUCKETS] = listed;
    printf("\n};\n\nconst uint16_t pab__first_starts[PAB__FIRST_BUCKETS + 1] = {");
    for (uint32_t i = 0; i <= PAB__FIRST_BUCKETS; i++)
        printf("%s%u,", i % 16 == 0 ? "\n    " : " ", starts[i]);
    printf("\n};\n\n");
    return listed;
}

static uint64_t code_of(double normal)
{
    double code = nearbyint(normal / PAB__FIRST_STEP) + 32768.0;
    return code >= 1.0 && code <= 65535.0 ? (uint64_t)code : 0;
}

static void print_coarse(const double *normals)
{
    printf("const uint64_t pab__first_coarse[PAB__FIRST_SEEDS / 4] = {");
    for (uint32_t seed = 0; seed < PAB__FIRST_SEEDS; seed += 4) {
        uint64_t four = 0;
        for (uint32_t i = 0; i < 4; i++)
            four |= code_of(normals[seed + i]) << (16 * i);
        printf("%s0x%llx,", seed % 24 == 0 ? "\n    " : " ", (unsigned long long)four);
    }
    printf("\n};\n");
}

int main(void)
{
    static double normals[PAB__FIRST_SEEDS];
    make_normals(normals);
    printf("/* Made by rng_first_gen.c. */\n#include \"base/rng_first.h\"\n\n");
    uint32_t listed = print_listed(normals);
    print_coarse(normals);
    return listed <= UINT16_MAX && fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
