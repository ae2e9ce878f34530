/* The counter-based generators: published vectors, words by position, and the moments of every distribution. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "base/rng_mt.h"
#include "mixture.h"

static void philox_gives_the_published_vectors(void **state)
{
    (void)state;
    static const struct {
        uint64_t counter[2], key, out[2];
    } known[] = {
        {{0, 0}, 0, {UINT64_C(0xca00a0459843d731), UINT64_C(0x66c24222c9a845b5)}},
        {{UINT64_MAX, UINT64_MAX}, UINT64_MAX, {UINT64_C(0x65b021d60cd8310f), UINT64_C(0x4d02f3222f86df20)}},
        {{UINT64_C(0x243f6a8885a308d3), UINT64_C(0x13198a2e03707344)},
         UINT64_C(0xa4093822299f31d0),
         {UINT64_C(0x0a5e742c2997341c), UINT64_C(0xb0f883d38000de5d)}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint64_t out[2];
        pab__philox(known[i].key, known[i].counter, out);
        assert_memory_equal(out, known[i].out, sizeof out);
    }
}

static void words_depend_on_key_and_position_only(void **state)
{
    (void)state;
    pab__rng rng;
    pab__rng_seed(&rng, 99);
    pab__draw d = {.rng = &rng};
    for (uint64_t n = 0; n < 64; n++) {
        uint32_t pair[2];
        pab__philox_pair(99, n, pair);
        assert_int_equal(pair[0], pab__philox_word(99, n));
        assert_int_equal(pair[1], pab__philox_word(99, n + 1));
        assert_int_equal(pab__draw_word(&d), pair[0]);
    }
    assert_int_equal(rng.words, 64);
}

static void keys_differ_in_every_argument(void **state)
{
    (void)state;
    uint64_t key = pab__rng_key(1, 2, 3);
    assert_true(key == pab__rng_key(1, 2, 3));
    assert_true(key != pab__rng_key(2, 2, 3));
    assert_true(key != pab__rng_key(1, 3, 3));
    assert_true(key != pab__rng_key(1, 2, 4));
    assert_true(key != pab__rng_key(2, 1, 3));
}

#define MANY 200000

typedef double sampler(pab__draw *d);

static double a_double(pab__draw *d)
{
    return pab__draw_double(d);
}

static double a_normal(pab__draw *d)
{
    return pab__draw_normal(d, 3.0, 2.0);
}

static double an_exponential(pab__draw *d)
{
    return pab__draw_exponential(d, 5.0);
}

static double a_lognormal(pab__draw *d)
{
    return pab__draw_lognormal(d, 0.1, 0.5);
}

static double a_randint(pab__draw *d)
{
    return (double)pab__draw_randint(d, -3, 8);
}

static double an_odd_double(pab__draw *d)
{
    (void)pab__draw_word(d); /* doubles then straddle the generator's blocks */
    return pab__draw_double(d);
}

static void moments_are_those_of_the_distributions(void **state)
{
    (void)state;
    static const struct {
        sampler *draw;
        double mean, variance;
    } table[] = {
        {a_double, 0.5, 1.0 / 12.0}, {an_odd_double, 0.5, 1.0 / 12.0}, {a_normal, 3.0, 4.0},
        {an_exponential, 5.0, 25.0},
        {a_lognormal, 1.2523227161918644, 0.44543435529},  {a_randint, 2.0, 10.0},
    };
    for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
        double sum = 0.0, squares = 0.0;
        pab__rng rng;
        pab__rng_seed(&rng, pab__rng_key(1, k, 0));
        pab__draw d = {.rng = &rng};
        for (int i = 0; i < MANY; i++) {
            double x = table[k].draw(&d) - table[k].mean;
            sum += x;
            squares += x * x;
        }
        /* five standard errors; the variance's is taken for a kurtosis up to 9 */
        assert_true(fabs(sum / MANY) < 5.0 * sqrt(table[k].variance / MANY));
        assert_true(fabs(squares / MANY - table[k].variance) < 5.0 * table[k].variance * sqrt(8.0 / MANY));
    }
}

static void the_mixture_spends_its_own_words_only(void **state)
{
    (void)state;
    pab__mixture mix = recorded_mixture();
    pab__rng rng;
    int hundreds = 0;
    pab__rng_seed(&rng, 8);
    pab__draw d = {.rng = &rng};
    for (int i = 0; i < MANY; i++)
        hundreds += pab__draw_mixture(&d, &mix) == 100;
    /* 0.7 at exactly one hundred, and a few of the lognormal part */
    assert_true(fabs(hundreds / (double)MANY - 0.7) < 0.005);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_vectors),
        cmocka_unit_test(words_depend_on_key_and_position_only),
        cmocka_unit_test(keys_differ_in_every_argument),
        cmocka_unit_test(moments_are_those_of_the_distributions),
        cmocka_unit_test(the_mixture_spends_its_own_words_only),
    };
    return cmocka_run_group_tests_name("base/rng_fast", tests, NULL, NULL);
}
