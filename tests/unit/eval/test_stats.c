/* Statistics of arrays against values worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/sort.h"
#include "eval/stats.h"

#define NEAR(a, b) assert_true(fabs((a) - (double)(b)) <= 1e-12 * (1 + fabs((double)(b))))

static void moments_are_those_of_a_sample(void **state)
{
    static const double x[] = {2, 4, 4, 4, 5, 5, 7, 9};
    (void)state;
    NEAR(pab__stats_mean(x, 8), 5.0);
    NEAR(pab__stats_sd(x, 8), sqrt(32.0 / 7.0));
    NEAR(pab__stats_root_mean_square(x, 8), sqrt(232.0 / 8.0));
    NEAR(pab__stats_root_mean_square((double[]){-3, 4}, 2), sqrt(12.5));
}

static void too_few_values_give_nan(void **state)
{
    static const double one[] = {3};
    (void)state;
    assert_true(isnan(pab__stats_mean(one, 0)));
    assert_true(isnan(pab__stats_sd(one, 1)));
    assert_true(isnan(pab__stats_root_mean_square(one, 0)));
    assert_true(isnan(pab__stats_interquartile_mean(one, 0)));
    assert_true(isnan(pab__stats_tail_mean(one, 0)));
    assert_true(isnan(pab__stats_nearest_rank(one, 0, 99)));
    assert_true(isnan(pab__stats_quantile(one, 0, 0.5)));
    NEAR(pab__stats_mean(one, 1), 3.0);
}

static void interquartile_mean_cuts_a_quarter_at_each_end(void **state)
{
    static const double eight[] = {-100, -50, 1, 2, 3, 4, 60, 1000};
    static const double seven[] = {-100, 1, 2, 3, 4, 5, 1000};
    static const double three[] = {1, 2, 9};
    (void)state;
    NEAR(pab__stats_interquartile_mean(eight, 8), 2.5);
    NEAR(pab__stats_interquartile_mean(seven, 7), 3.0);
    NEAR(pab__stats_interquartile_mean(three, 3), 4.0);
}

static void the_tail_is_the_worst_twentieth_rounded_up(void **state)
{
    double x[100];
    (void)state;
    for (int i = 0; i < 100; i++)
        x[i] = i;
    assert_int_equal(pab__stats_tail_count(1), 1);
    assert_int_equal(pab__stats_tail_count(20), 1);
    assert_int_equal(pab__stats_tail_count(21), 2);
    assert_int_equal(pab__stats_tail_count(60), 3);
    assert_int_equal(pab__stats_tail_count(1000), 50);
    NEAR(pab__stats_tail_mean(x, 100), 97.0);
    NEAR(pab__stats_tail_mean(x, 41), 39.0);
    NEAR(pab__stats_tail_mean(x, 3), 2.0);
}

static void ranks_and_quantiles_agree_with_their_definitions(void **state)
{
    double x[200];
    (void)state;
    for (int i = 0; i < 200; i++)
        x[i] = i + 1;
    NEAR(pab__stats_nearest_rank(x, 200, 99), 198.0);
    NEAR(pab__stats_nearest_rank(x, 100, 99), 99.0);
    NEAR(pab__stats_nearest_rank(x, 10, 99), 10.0);
    NEAR(pab__stats_nearest_rank(x, 10, 0), 1.0);
    NEAR(pab__stats_quantile(x, 5, 0.5), 3.0);
    NEAR(pab__stats_quantile(x, 5, 0.025), 1.1);
    NEAR(pab__stats_quantile(x, 5, 0.975), 4.9);
    NEAR(pab__stats_quantile(x, 5, 1.0), 5.0);
    NEAR(pab__stats_quantile(x, 1, 0.3), 1.0);
}

static void sorting_ascends(void **state)
{
    double x[] = {3, -1, 2, -1, 1e300, 0};
    static const double sorted[] = {-1, -1, 0, 2, 3, 1e300};
    (void)state;
    pab__sort_reals(x, 6);
    assert_memory_equal(x, sorted, sizeof x);
}

/* The example of every textbook: 0.01, 0.04, 0.03, 0.005. */
static void holm_raises_by_rank_and_never_falls(void **state)
{
    static const double p[] = {0.01, 0.04, 0.03, 0.005};
    static const double expected[] = {0.03, 0.06, 0.06, 0.02};
    static const double large[] = {0.9, 0.2, 0.9};
    double out[4];
    uint32_t order[4];
    (void)state;
    pab__stats_holm(p, 4, order, out);
    for (int i = 0; i < 4; i++)
        NEAR(out[i], expected[i]);
    pab__stats_holm(large, 3, order, out);
    NEAR(out[0], 1.0);
    NEAR(out[1], 0.6);
    NEAR(out[2], 1.0);
    pab__stats_holm(p, 0, order, out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_those_of_a_sample),
        cmocka_unit_test(too_few_values_give_nan),
        cmocka_unit_test(interquartile_mean_cuts_a_quarter_at_each_end),
        cmocka_unit_test(the_tail_is_the_worst_twentieth_rounded_up),
        cmocka_unit_test(ranks_and_quantiles_agree_with_their_definitions),
        cmocka_unit_test(sorting_ascends),
        cmocka_unit_test(holm_raises_by_rank_and_never_falls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
