/* The paired bootstrap: strata, shared resamples, and intervals against closed forms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../base/failing.h"
#include "base/rng.h"
#include "eval/bootstrap.h"

enum { STRATA = 5, PER = 40, EPISODES = STRATA * PER, POLICIES = 3 };

static double measure[POLICIES][EPISODES], shortfall[POLICIES][EPISODES], tracking[POLICIES][EPISODES];

/* Policy 1 costs 2 more than the base everywhere, policy 2 differs by chance alone. */
static pab__bootstrap_sample make_sample(void)
{
    pab__rng rng;
    pab__draw d = {.rng = &rng};
    pab__rng_seed(&rng, 5);
    for (int i = 0; i < EPISODES; i++) {
        double common = pab__draw_normal(&d, 10 * (i / PER), 30);
        shortfall[0][i] = common;
        shortfall[1][i] = common + 2;
        shortfall[2][i] = common + pab__draw_normal(&d, 0, 4);
        for (int p = 0; p < POLICIES; p++) {
            tracking[p][i] = 1 + p;
            measure[p][i] = shortfall[p][i] + PAB__OBJECTIVE_ETA * tracking[p][i];
        }
    }
    return (pab__bootstrap_sample){.policies = POLICIES, .base = 0, .strata = STRATA, .per_stratum = PER,
                         .measure = measure[0], .shortfall = shortfall[0], .tracking = tracking[0], .seed = 1,
                         .resamples = 10000};
}

static void run(const pab__bootstrap_sample *sample, uint32_t threads, pab__bootstrap_estimate *out)
{
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__threads *pool = NULL;
    assert_int_equal(pab__threads_new(&host, threads, "threads", &pool), PAB_OK);
    assert_int_equal(pab__bootstrap_run(&host, sample, pool, out), PAB_OK);
    pab__threads_free(pool);
    assert_int_equal(f.bytes, 0);
}

static void each_stratum_is_drawn_as_often_as_it_is_long(void **state)
{
    uint32_t counts[EPISODES], other[EPISODES], total[EPISODES] = {0};
    pab__bootstrap_sample t = make_sample();
    (void)state;
    for (uint32_t r = 0; r < 2000; r++) {
        pab__bootstrap_resample(&t, r, counts);
        for (int s = 0; s < STRATA; s++) {
            uint32_t sum = 0;
            for (int i = 0; i < PER; i++) {
                sum += counts[s * PER + i];
                total[s * PER + i] += counts[s * PER + i];
            }
            assert_int_equal(sum, PER);
        }
    }
    /* Binomial(2000 * 40, 1/40): 2000 give or take 44. */
    for (int i = 0; i < EPISODES; i++)
        assert_in_range(total[i], 1780, 2220);
    pab__bootstrap_resample(&t, 0, other);
    assert_memory_not_equal(counts, other, sizeof counts);
    pab__bootstrap_resample(&t, 1999, other);
    assert_memory_equal(counts, other, sizeof counts);
}

static void a_constant_difference_has_no_width_but_a_significance(void **state)
{
    pab__bootstrap_estimate out[POLICIES][PAB__ESTIMATE_COUNT];
    pab__bootstrap_sample t = make_sample();
    (void)state;
    run(&t, 0, out[0]);
    const pab__bootstrap_estimate *mean = &out[1][PAB__ESTIMATE_MEAN];
    assert_true(fabs(mean->value - 2.5) < 1e-9 && fabs(mean->low - 2.5) < 1e-9 && fabs(mean->high - 2.5) < 1e-9);
    assert_true(fabs(mean->p - 2.0 / 10001) < 1e-12);
    assert_true(out[1][PAB__ESTIMATE_LOWER].value == 0 && out[1][PAB__ESTIMATE_LOWER].high == 0);
    assert_true(fabs(out[1][PAB__ESTIMATE_CVAR].value - 2) < 1e-9 && fabs(out[1][PAB__ESTIMATE_CVAR].low - 2) < 1e-9);
    assert_true(fabs(out[1][PAB__ESTIMATE_OBJECTIVE].value - 2.7) < 1e-9);
}

static void the_base_differs_from_itself_by_nothing(void **state)
{
    pab__bootstrap_estimate out[POLICIES][PAB__ESTIMATE_COUNT];
    pab__bootstrap_sample t = make_sample();
    (void)state;
    run(&t, 0, out[0]);
    assert_true(out[0][PAB__ESTIMATE_MEAN].value == 0);
    assert_true(out[0][PAB__ESTIMATE_MEAN].low == 0 && out[0][PAB__ESTIMATE_MEAN].high == 0);
    assert_true(out[0][PAB__ESTIMATE_MEAN].p == 1);
    assert_true(out[0][PAB__ESTIMATE_LOWER].value == 0.5 && out[0][PAB__ESTIMATE_LOWER].low == 0.5);
}

/* The percentile interval of a mean is about the normal one: mean plus or minus 1.96 s / sqrt(n), s within strata. */
static void the_interval_of_a_mean_is_nearly_the_normal_one(void **state)
{
    pab__bootstrap_estimate out[POLICIES][PAB__ESTIMATE_COUNT];
    pab__bootstrap_sample t = make_sample();
    double mean = 0, square = 0;
    (void)state;
    run(&t, 0, out[0]);
    for (int i = 0; i < EPISODES; i++)
        mean += (measure[2][i] - measure[0][i]) / EPISODES;
    for (int s = 0; s < STRATA; s++) {
        double sum = 0, squares = 0;
        for (int i = s * PER; i < (s + 1) * PER; i++) {
            double d = measure[2][i] - measure[0][i];
            sum += d;
            squares += d * d;
        }
        square += squares - sum * sum / PER;
    }
    double half = 1.96 * sqrt(square / EPISODES / EPISODES);
    const pab__bootstrap_estimate *e = &out[2][PAB__ESTIMATE_MEAN];
    assert_true(fabs(e->value - mean) < 1e-9);
    assert_true(fabs(e->low - (mean - half)) < 0.06 * half);
    assert_true(fabs(e->high - (mean + half)) < 0.06 * half);
    double z = fabs(mean) / (half / 1.96);
    assert_true(fabs(e->p - erfc(z / sqrt(2))) < 0.03);
}

/* Five hundred tables without any difference: about one in twenty intervals misses zero. */
static void intervals_miss_as_often_as_they_say(void **state)
{
    enum { TABLES = 500, N = 60 };
    static double x[2][N], zero[2][N];
    pab__rng rng;
    pab__draw d = {.rng = &rng};
    int missed = 0;
    (void)state;
    pab__rng_seed(&rng, 77);
    for (int table = 0; table < TABLES; table++) {
        pab__bootstrap_estimate out[2][PAB__ESTIMATE_COUNT];
        for (int i = 0; i < N; i++)
            x[1][i] = pab__draw_normal(&d, 0, 1);
        const pab__bootstrap_sample t = {.policies = 2, .strata = 1, .per_stratum = N, .measure = x[0],
                                         .shortfall = x[0], .tracking = zero[0], .seed = (uint64_t)table,
                                         .resamples = 400};
        run(&t, 0, out[0]);
        missed += out[1][PAB__ESTIMATE_MEAN].low > 0 || out[1][PAB__ESTIMATE_MEAN].high < 0;
    }
    assert_in_range(missed, 12, 45);
}

/* CVaR95 of three equal-sized tails, counted out by hand: 200 episodes, the worst ten. */
static void the_tail_of_the_sample_is_its_ten_worst_episodes(void **state)
{
    pab__bootstrap_estimate out[POLICIES][PAB__ESTIMATE_COUNT];
    pab__bootstrap_sample t = make_sample();
    double worst[2] = {0, 0};
    (void)state;
    for (int i = 0; i < EPISODES; i++)
        for (int p = 0; p < POLICIES; p++)
            shortfall[p][i] = (i * 37) % EPISODES * (p == 2 ? 3.0 : 1.0);
    for (int k = EPISODES - 10; k < EPISODES; k++) {
        worst[0] += k / 10.0;
        worst[1] += 3.0 * k / 10.0;
    }
    run(&t, 0, out[0]);
    assert_true(fabs(out[2][PAB__ESTIMATE_CVAR].value - (worst[1] - worst[0])) < 1e-9);
    assert_true(out[2][PAB__ESTIMATE_CVAR].low < out[2][PAB__ESTIMATE_CVAR].value);
}

static void threads_change_no_bit(void **state)
{
    pab__bootstrap_estimate alone[POLICIES][PAB__ESTIMATE_COUNT], many[POLICIES][PAB__ESTIMATE_COUNT];
    pab__bootstrap_sample t = make_sample();
    (void)state;
    t.resamples = 1001;
    run(&t, 0, alone[0]);
    for (uint32_t threads = 1; threads <= 8; threads *= 2) {
        run(&t, threads, many[0]);
        assert_memory_equal(alone, many, sizeof alone);
    }
}

static void without_memory_nothing_is_left(void **state)
{
    pab__bootstrap_estimate out[POLICIES][PAB__ESTIMATE_COUNT];
    pab__bootstrap_sample t = make_sample();
    (void)state;
    for (int64_t passes = 0; passes < 5; passes++) {
        failing plenty, f;
        pab_host rich = failing_host(&plenty, -1, 0), host = failing_host(&f, passes, 0);
        pab__threads *pool = NULL;
        assert_int_equal(pab__threads_new(&rich, 0, "threads", &pool), PAB_OK);
        assert_int_equal(pab__bootstrap_run(&host, &t, pool, out[0]), PAB_E_MEMORY);
        pab__threads_free(pool);
        assert_int_equal(f.bytes, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stratum_is_drawn_as_often_as_it_is_long),
        cmocka_unit_test(a_constant_difference_has_no_width_but_a_significance),
        cmocka_unit_test(the_base_differs_from_itself_by_nothing),
        cmocka_unit_test(the_interval_of_a_mean_is_nearly_the_normal_one),
        cmocka_unit_test(intervals_miss_as_often_as_they_say),
        cmocka_unit_test(the_tail_of_the_sample_is_its_ten_worst_episodes),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(without_memory_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
