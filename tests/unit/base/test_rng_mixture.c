/* Order sizes told by the tables of first normals equal those that are drawn.
 * PAB_TEST_ALL=1 compares every seed, which takes seconds; otherwise every 37th and all near the listed ones. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "base/rng_mt.h"
#include "base/rng_first.h"
#include "mixture.h"

static int all_seeds(void)
{
    const char *all = getenv("PAB_TEST_ALL");
    return all && strcmp(all, "1") == 0;
}

static void sizes_equal_those_drawn(void **state)
{
    (void)state;
    pab__mixture mix = recorded_mixture();
    uint32_t listed = 0, off_mean = 0;
    for (uint32_t seed = 0; seed < PAB__FIRST_SEEDS; seed++) {
        int tail = pab__first_listed(seed);
        listed += (uint32_t)tail;
        if (!tail && !all_seeds() && seed % 37 != 0)
            continue;
        int64_t drawn = pab__mixture_plain(&mix, 1, seed);
        off_mean += drawn != 100;
        assert_int_equal(pab__mixture_size(&mix, 1, seed), drawn);
        assert_int_equal(pab__mixture_size(&mix, 0, seed), pab__mixture_plain(&mix, 0, seed));
        if (seed % 1000 < 30)
            for (uint32_t part = 0; part < mix.count; part++)
                assert_int_equal(pab__mixture_size(&mix, part, seed), pab__mixture_plain(&mix, part, seed));
    }
    assert_in_range(listed, 2000, 5000);
    assert_in_range(off_mean, 500, 1300); /* about P(|g| > 10/3) of all seeds: the table misses none of them */
}

/* A component whose size differs from its mean as soon as the normal passes the bound. */
static void parts_that_the_bound_cannot_tell_are_drawn(void **state)
{
    (void)state;
    static const struct {
        int32_t lognormal;
        double mu, sigma;
    } parts[] = {{0, 100.0, 0.157}, {0, 100.25, 0.1}, {0, 7.5, 0.01}, {0, -3.0, 0.15},       {0, 100.0, 0.0},
                 {0, 100.0, -0.15}, {0, 2e9, 0.15},   {0, 5.0, 3.0},  {1, 4.605170186, 0.01}, {0, 0.2, 0.1}};
    pab__mixture mix = {.count = 10};
    for (uint32_t i = 0; i < mix.count; i++) {
        mix.part[i].lognormal = parts[i].lognormal;
        mix.part[i].mu = parts[i].mu;
        mix.part[i].sigma = parts[i].sigma;
    }
    for (uint32_t seed = 0; seed < PAB__FIRST_SEEDS; seed += pab__first_listed(seed) || all_seeds() ? 1 : 499)
        for (uint32_t i = 0; i < mix.count; i++)
            assert_int_equal(pab__mixture_size(&mix, i, seed), pab__mixture_plain(&mix, i, seed));
}

static void seeds_outside_the_table_are_always_looked_at(void **state)
{
    (void)state;
    assert_int_equal(pab__first_listed(PAB__FIRST_SEEDS), 1);
    assert_int_equal(pab__first_listed(UINT32_MAX), 1);
}

static void weights_sum_in_order_and_end_at_one(void **state)
{
    (void)state;
    pab__mixture mix = {.count = 3};
    const double weights[3] = {1.0, 2.0, 5.0};
    pab__mixture_weights(&mix, weights);
    assert_true(mix.cdf[2] == 1.0);
    assert_true(fabs(mix.cdf[0] - 0.125) < 1e-15);
    assert_true(fabs(mix.cdf[1] - 0.375) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_equal_those_drawn),
        cmocka_unit_test(parts_that_the_bound_cannot_tell_are_drawn),
        cmocka_unit_test(seeds_outside_the_table_are_always_looked_at),
        cmocka_unit_test(weights_sum_in_order_and_end_at_one),
    };
    return cmocka_run_group_tests_name("base/rng_mixture", tests, NULL, NULL);
}
