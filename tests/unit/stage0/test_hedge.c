/* Hedge ratios of series whose answers are known: exact lines, and a pair worked out by other means. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pairsabides/stage0.h>

#define N 500

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("got %.15g, expected %.15g", got, expected);
}

/* Uniform on [-0.5, 0.5), the same on any machine. */
static double noise(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 33) / 2147483648.0 - 0.5;
}

/* b walks; a is 3 + 1.5 b and a deviation that keeps 0.9 of itself. */
static void make_pair(double *a, double *b)
{
    uint64_t state = 7;
    double level = 50, deviation = 0;
    for (int i = 0; i < N; i++) {
        level += 0.1 * noise(&state);
        deviation = 0.9 * deviation + 0.2 * noise(&state);
        b[i] = level;
        a[i] = 3.0 + 1.5 * level + deviation;
    }
}

static pab_hedge estimate(const double *a, const double *b, uint64_t n, double *path)
{
    pab_hedge h = {.struct_size = sizeof h};
    assert_int_equal(pab_hedge_estimate(a, b, n, &h, path), PAB_OK);
    return h;
}

/* Expected values: least squares, eigenvalues and singular vectors of a general linear algebra package. */
static void a_cointegrated_pair_has_the_estimates_of_general_linear_algebra(void **state)
{
    (void)state;
    double a[N], b[N], path[N];
    make_pair(a, b);
    pab_hedge h = estimate(a, b, N, path);
    assert_near(h.ols_increments, 1.5790178529466343, 1e-10);
    assert_near(h.ols_returns, 1.0124564720656697, 1e-10);
    assert_near(h.correlation, 0.6204046922600104, 1e-10);
    assert_near(h.tls, 3.737464687831455, 1e-9);
    assert_near(h.slope, 1.504057136528, 1e-9);
    assert_near(h.intercept, 2.761242311055, 1e-8);
    assert_near(h.r2, 0.9080715101949102, 1e-9);
    assert_near(h.residual_sd, 0.11782918149243338, 1e-10);
    assert_near(h.adf, -5.542683989583851, 1e-8);
    assert_near(h.half_life, 5.33779439627941, 1e-7);
    assert_near(h.eigenvalue[0], 0.058947772507, 1e-9);
    assert_near(h.eigenvalue[1], 0.004948463208, 1e-9);
    assert_near(h.trace[0], 32.72725833410412, 1e-6);
    assert_near(h.trace[1], 2.470452201986199, 1e-6);
    assert_near(h.kalman, 1.560158567912, 1e-9);
    assert_near(h.kalman_intercept, 0.024040420157, 1e-8);
    assert_near(path[N - 1], h.kalman, 0);
    assert_true(h.adf < PAB_ADF_5PC && h.trace[0] > PAB_TRACE_5PC_RANK_0 && h.trace[1] < PAB_TRACE_5PC_RANK_1);
}

static void an_exact_line_is_found_by_every_estimator(void **state)
{
    (void)state;
    double a[N], b[N];
    make_pair(a, b);
    for (int i = 0; i < N; i++)
        a[i] = 2 * b[i];
    pab_hedge h = estimate(a, b, N, NULL);
    assert_near(h.ols_increments, 2, 1e-12);
    assert_near(h.ols_returns, 1, 1e-12);
    assert_near(h.tls, 2, 1e-12);
    assert_near(h.slope, 2, 1e-12);
    assert_near(h.intercept, 0, 1e-9);
    assert_near(h.r2, 1, 1e-12);
    assert_near(h.kalman, 2, 1e-3);
}

static void independent_walks_are_not_called_cointegrated(void **state)
{
    (void)state;
    double a[N], b[N];
    uint64_t seed = 3;
    a[0] = b[0] = 100;
    for (int i = 1; i < N; i++) {
        a[i] = a[i - 1] + noise(&seed);
        b[i] = b[i - 1] + noise(&seed);
    }
    pab_hedge h = estimate(a, b, N, NULL);
    assert_near(h.ols_increments, 0, 0.15);
    assert_true(h.adf > PAB_ADF_5PC);
    assert_true(h.trace[0] < PAB_TRACE_5PC_RANK_0);
}

static void the_filter_follows_a_slope_that_changes(void **state)
{
    (void)state;
    double a[2 * N], b[2 * N], path[2 * N];
    uint64_t seed = 11;
    for (int i = 0; i < 2 * N; i++) {
        b[i] = 10 + noise(&seed);
        a[i] = (i < N ? 1.0 : 2.0) * b[i] + 0.01 * noise(&seed);
    }
    estimate(a, b, 2 * N, path);
    assert_near(path[N - 1], 1, 0.05);
    assert_near(path[2 * N - 1], 2, 0.1);
}

static void a_series_that_explodes_has_no_half_life(void **state)
{
    (void)state;
    double a[64], b[64];
    uint64_t seed = 5;
    for (int i = 0; i < 64; i++) {
        b[i] = 100 + noise(&seed);
        a[i] = pow(1.2, i);
    }
    pab_hedge h = estimate(a, b, 64, NULL);
    assert_true(isinf(h.half_life));
}

static void what_cannot_be_estimated_is_refused_in_words(void **state)
{
    (void)state;
    double a[8] = {1, 2, 3, 4, 5, 6, 7, 8}, b[8] = {1, 2, 3, 4, 5, 6, 7, NAN};
    pab_hedge h = {.struct_size = sizeof h, .slope = 7};
    char error[256];
    assert_int_equal(pab_hedge_estimate(a, a, 7, &h, NULL), PAB_E_RANGE);
    pab_last_error(error, sizeof error);
    assert_string_equal(error, "7 levels; expected at least 8");
    assert_int_equal(pab_hedge_estimate(a, b, 8, &h, NULL), PAB_E_RANGE);
    pab_last_error(error, sizeof error);
    assert_non_null(strstr(error, "level 7 is 8 / nan"));
    assert_int_equal(pab_hedge_estimate(NULL, b, 8, &h, NULL), PAB_E_ARGUMENT);
    assert_near(h.slope, 7, 0);
    double flat[8] = {5, 5, 5, 5, 5, 5, 5, 5};
    h = estimate(a, flat, 8, NULL);
    assert_true(isnan(h.slope) && isnan(h.ols_increments) && isnan(h.tls));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cointegrated_pair_has_the_estimates_of_general_linear_algebra),
        cmocka_unit_test(an_exact_line_is_found_by_every_estimator),
        cmocka_unit_test(independent_walks_are_not_called_cointegrated),
        cmocka_unit_test(the_filter_follows_a_slope_that_changes),
        cmocka_unit_test(a_series_that_explodes_has_no_half_life),
        cmocka_unit_test(what_cannot_be_estimated_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
