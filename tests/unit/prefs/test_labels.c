/* Labels from made-up scores. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "prefs/labels.h"

static void a_clear_winner_is_labelled_so(void **unused)
{
    (void)unused;
    const double score[] = {5, 6, 5, 6, 1, 2, 1, 2};
    const pab__pref_scores s = {score, 2, 4};
    pab__pref_pair pair[PAB__PREF_PAIRS];
    assert_int_equal(pab__pref_pairs(&s, 0, pair), 1);
    assert_int_equal(pair[0].winner, 0);
    assert_int_equal(pair[0].loser, 1);
    assert_true(fabs(pair[0].gain - 4) < 1e-12);
    assert_true(fabs(pair[0].error - 0.05) < 1e-12); /* the floor of 0.1 over the root of 4 */
    assert_true(pair[0].p == 0.98);
}

static void the_error_is_shrunk_half_way_to_the_pool(void **unused)
{
    (void)unused;
    const double score[] = {0, 2, 4, 6, 0, 0, 0, 0};
    const pab__pref_scores s = {score, 2, 4};
    pab__pref_label v;
    double sd = sqrt(20.0 / 3);
    pab__pref_compare(&s, 0, 1, 2, &v);
    assert_true(fabs(v.gain - 3) < 1e-12);
    assert_true(fabs(v.error - 0.5 * (sd + 2) / 2) < 1e-12);
    assert_true(fabs(v.p - fmin(0.98, 0.5 * erfc(-v.gain / v.error / sqrt(2.0)))) < 1e-12);
    pab__pref_label back;
    pab__pref_compare(&s, 1, 0, 2, &back);
    assert_true(fabs(v.p + back.p - 1) < 1e-12);
}

static void small_or_uncertain_differences_are_ties(void **unused)
{
    (void)unused;
    const double close[] = {1.05, 1.05, 1, 1}, noisy[] = {9, -8, 0, 0};
    const pab__pref_scores a = {close, 2, 2}, b = {noisy, 2, 2};
    pab__pref_pair pair[PAB__PREF_PAIRS];
    uint32_t list[PAB__PREF_TRAJECTORIES];
    assert_int_equal(pab__pref_pairs(&a, 0, pair), 0);
    assert_int_equal(pab__pref_pairs(&b, 0, pair), 0);
    assert_int_equal(pab__pref_rank(&a, 0, list), 0);
}

static void no_start_gives_more_than_six_pairs_and_the_surest_come_first(void **unused)
{
    (void)unused;
    double score[6 * 2];
    for (int i = 0; i < 12; i++)
        score[i] = 3.0 * (i / 2) * (i / 2);
    const pab__pref_scores s = {score, 6, 2};
    pab__pref_pair pair[PAB__PREF_PAIRS];
    assert_int_equal(pab__pref_pairs(&s, 0, pair), PAB__PREF_PAIRS);
    assert_int_equal(pair[0].winner, 5);
    assert_int_equal(pair[0].loser, 0);
    for (int i = 1; i < PAB__PREF_PAIRS; i++)
        assert_true(pair[i].gain / pair[i].error <= pair[i - 1].gain / pair[i - 1].error);
}

static void a_listing_keeps_the_top_and_the_bottom_and_one_of_each_tie(void **unused)
{
    (void)unused;
    const double score[] = {1, 5, 5.05, 9, 1.02};
    const pab__pref_scores s = {score, 5, 1};
    uint32_t list[PAB__PREF_TRAJECTORIES];
    assert_int_equal(pab__pref_rank(&s, 0, list), 3);
    assert_int_equal(list[0], 3);
    assert_int_equal(list[1], 2);
    assert_int_equal(list[2], 0);
}

static void pooled_deviation_is_the_root_of_the_mean_variance(void **unused)
{
    (void)unused;
    const double one[] = {0, 2, 0, 0}, two[] = {0, 4, 0, 0};
    const pab__pref_scores a = {one, 2, 2}, b = {two, 2, 2};
    pab__pref_pool pool = {0, 0};
    assert_true(pab__pref_pool_sd(&pool) == 0);
    pab__pref_pool_add(&pool, &a);
    pab__pref_pool_add(&pool, &b);
    assert_true(fabs(pab__pref_pool_sd(&pool) - sqrt((2 + 8) / 2.0)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clear_winner_is_labelled_so),
        cmocka_unit_test(the_error_is_shrunk_half_way_to_the_pool),
        cmocka_unit_test(small_or_uncertain_differences_are_ties),
        cmocka_unit_test(no_start_gives_more_than_six_pairs_and_the_surest_come_first),
        cmocka_unit_test(a_listing_keeps_the_top_and_the_bottom_and_one_of_each_tie),
        cmocka_unit_test(pooled_deviation_is_the_root_of_the_mean_variance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
