/* Very short searches, ways to stop them, and comparison of files. */
#ifndef ENSEMBLES_H
#define ENSEMBLES_H

#include <stdlib.h>

#include "../env/episode.h"
#include "sip/sip.h"

static inline pab_sip_options small_search(double tracking)
{
    pab_sip_options how;
    must(pab_sip_options_init(&how, sizeof how));
    how.generations = 2;
    how.candidates = 8;
    how.elite = 2;
    how.seeds = 5;
    how.final_seeds = 10;
    how.validation_seeds = 5;
    how.front_generations = 1;
    how.front = 0;
    how.refine = 2;
    how.refine_visits = 4;
    how.tracking = tracking;
    return how;
}

/* Stops training after so many reports. */
static inline int32_t stop_after(void *user, const char *stage, uint64_t done, uint64_t total)
{
    int32_t *left = user;
    (void)stage;
    assert_true(done <= total);
    return --*left < 0;
}

typedef struct bytes {
    unsigned char *data;
    size_t len;
} bytes;

static inline bytes read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    bytes b = {malloc(1 << 20), 0};
    assert_non_null(file);
    b.len = fread(b.data, 1, 1 << 20, file);
    assert_true(b.len > 0 && b.len < 1 << 20);
    fclose(file);
    return b;
}

static inline void assert_same_files(const char *a, const char *b)
{
    bytes x = read_all(a), y = read_all(b);
    assert_int_equal(x.len, y.len);
    assert_memory_equal(x.data, y.data, x.len);
    free(x.data);
    free(y.data);
}

#endif
