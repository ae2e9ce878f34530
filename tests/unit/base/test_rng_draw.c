/* Every draw of the abides generators against recorded ones, bit for bit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "mixture.h"
#include "rng_vectors.h"

static double apply(pab__draw *d, const pab__mixture *mix, const struct vector *v)
{
    switch (v->call) {
    case WORD:
        return pab__draw_word(d);
    case RANDINT:
        return (double)pab__draw_randint(d, (int64_t)v->a, (int64_t)v->b);
    case DOUBLE:
        return pab__draw_double(d);
    case UNIFORM:
        return pab__draw_uniform(d, v->a, v->b);
    case NORMAL:
        return pab__draw_normal(d, v->a, v->b);
    case EXPONENTIAL:
        return pab__draw_exponential(d, v->a);
    case LOGNORMAL:
        return pab__draw_lognormal(d, v->a, v->b);
    case CHOICE:
        return pab__draw_choice(d, mix->cdf, mix->count);
    case SIZE:
        return (double)pab__draw_mixture(d, mix);
    }
    return -1.0;
}

/* Applies vectors in order, one generator per run of equal seeds; the number of wrong draws. */
static size_t wrong_draws(const struct vector *list, size_t count)
{
    pab_host host;
    pab__mt_cache *cache;
    pab__rng rng = {0};
    pab__mixture mix = recorded_mixture();
    size_t wrong = 0;
    assert_int_equal(pab__host_take(NULL, &host), PAB_OK);
    assert_int_equal(pab__mt_cache_new(&host, 1, &cache), PAB_OK);
    pab__draw draw = {.rng = &rng, .cache = cache};
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || list[i].seed != list[i - 1].seed)
            pab__rng_seed(&rng, list[i].seed);
        double got = apply(&draw, &mix, &list[i]);
        if (memcmp(&got, &list[i].value, sizeof got) != 0) {
            print_error("seed %u, draw %zu: %a, expected %a\n", list[i].seed, i, got, list[i].value);
            wrong++;
        }
    }
    pab__mt_cache_free(cache);
    return wrong;
}

static void carried_vectors_are_drawn_exactly(void **state)
{
    (void)state;
    assert_int_equal(wrong_draws(vectors, sizeof vectors / sizeof *vectors), 0);
}

static const char *shared_dir(void)
{
    const char *dir = getenv("PAB_SHARED");
    return dir ? dir : PAB_SHARED_DIR;
}

/* Reads one line "seed,seq,call,arg1,arg2,value,hex". */
static int parse_vector(char *line, struct vector *v)
{
    static const char *const names[] = {"word",        "randint",   "double",       "uniform",   "normal",
                                        "exponential", "lognormal", "choice_index", "order_size"};
    char *field[7] = {0};
    for (int i = 0; i < 7; i++) {
        field[i] = line;
        line += strcspn(line, ",\n");
        if (*line != '\0')
            *line++ = '\0';
    }
    for (int c = WORD; c <= SIZE; c++)
        if (strcmp(field[2], names[c]) == 0) {
            *v = (struct vector){.seed = (uint32_t)strtoul(field[0], NULL, 10),
                                 .call = (enum call)c,
                                 .a = strtod(field[3], NULL),
                                 .b = strtod(field[4], NULL),
                                 .value = strtod(*field[6] ? field[6] : field[5], NULL)};
            return 1;
        }
    return 0;
}

static void all_recorded_vectors_are_drawn_exactly(void **state)
{
    (void)state;
    char command[4200], line[256];
    snprintf(command, sizeof command, "gzip -dc '%s/golden/rng/vectors.csv.gz' 2>/dev/null", shared_dir());
    FILE *in = popen(command, "r");
    static struct vector list[4000];
    size_t count = 0;
    while (in && count < 4000 && fgets(line, sizeof line, in))
        count += (size_t)parse_vector(line, &list[count]);
    if (in)
        pclose(in);
    if (count == 0) {
        print_message("no recorded vectors under %s\n", shared_dir());
        skip();
    }
    assert_true(count > 2000);
    assert_int_equal(wrong_draws(list, count), 0);
}

static void mixture_table_is_the_recorded_one(void **state)
{
    (void)state;
    static const double recorded[11] = {0x1.9999999999998p-3, 0x1.cccccccccccccp-1, 0x1.eb851eb851eb8p-1,
                                        0x1.ed916872b020cp-1, 0x1.fe69ad42c3c9fp-1, 0x1.feecbfb15b574p-1,
                                        0x1.ff3b645a1cac1p-1, 0x1.ff6fd21ff2e49p-1, 0x1.ffb15b573eab3p-1,
                                        0x1.ffd8adab9f559p-1, 0x1.0000000000000p+0};
    pab__mixture mix = recorded_mixture();
    assert_memory_equal(mix.cdf, recorded, sizeof recorded);
}

static void a_range_of_one_draws_nothing(void **state)
{
    (void)state;
    pab__rng rng;
    pab__rng_seed(&rng, 5);
    pab__draw draw = {.rng = &rng};
    assert_int_equal(pab__draw_randint(&draw, -7, -6), -7);
    assert_int_equal(pab__draw_randint(&draw, 3, 3), 3);
    assert_int_equal(rng.words, 0);
}

static void wide_ranges_take_the_high_word_first(void **state)
{
    (void)state;
    pab__rng rng, twin;
    pab__rng_seed(&rng, 5);
    pab__rng_seed(&twin, 5);
    pab__draw draw = {.rng = &rng};
    pab__draw other = {.rng = &twin};
    uint64_t high = pab__draw_word(&other);
    uint64_t low = pab__draw_word(&other);
    int64_t all = pab__draw_randint(&draw, INT64_MIN, INT64_MAX);
    assert_true(all == (int64_t)((high << 32 | low) + (UINT64_C(1) << 63)));
    assert_int_equal(pab__draw_randint(&draw, 0, INT64_C(1) << 32), pab__draw_word(&other));
    assert_int_equal(rng.words, twin.words);
}

static void peeking_takes_nothing(void **state)
{
    (void)state;
    pab__rng rng;
    pab__rng_seed(&rng, 11);
    pab__draw draw = {.rng = &rng};
    (void)pab__draw_normal(&draw, 0.0, 1.0);
    pab__rng before = rng;
    uint32_t next = pab__draw_peek(&draw);
    assert_memory_equal(&before, &rng, sizeof rng);
    assert_int_equal(pab__draw_word(&draw), next);
}

static void rounding_is_half_even_and_saturates(void **state)
{
    (void)state;
    static const struct {
        double x;
        int64_t nearest, toward_zero;
    } table[] = {
        {0.5, 0, 0},
        {1.5, 2, 1},
        {2.5, 2, 2},
        {-0.5, 0, 0},
        {-1.5, -2, -1},
        {-2.5, -2, -2},
        {0.49999999999999994, 0, 0},
        {1e300, INT64_MAX, INT64_MAX},
        {-1e300, INT64_MIN, INT64_MIN},
        {0x1p63, INT64_MAX, INT64_MAX},
        {-0x1p63, INT64_MIN, INT64_MIN},
        {0x1.fffffffffffffp51, INT64_C(1) << 52, (INT64_C(1) << 52) - 1},
        {0x1.ffffffffffffep50, INT64_C(1) << 51, (INT64_C(1) << 51) - 1},
        {4503599627370497.0, INT64_C(4503599627370497), INT64_C(4503599627370497)},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_true(pab__round_half_even(table[i].x) == table[i].nearest);
        assert_true(pab__trunc(table[i].x) == table[i].toward_zero);
    }
    assert_true(pab__trunc(NAN) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carried_vectors_are_drawn_exactly),
        cmocka_unit_test(all_recorded_vectors_are_drawn_exactly),
        cmocka_unit_test(mixture_table_is_the_recorded_one),
        cmocka_unit_test(a_range_of_one_draws_nothing),
        cmocka_unit_test(wide_ranges_take_the_high_word_first),
        cmocka_unit_test(peeking_takes_nothing),
        cmocka_unit_test(rounding_is_half_even_and_saturates),
    };
    return cmocka_run_group_tests_name("base/rng_draw", tests, NULL, NULL);
}
