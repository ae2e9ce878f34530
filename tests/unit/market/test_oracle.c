/* Correlated fundamentals have the variance, correlation, lead, half-life and jumps that the scenario asks for, and
 * nothing that anybody asks changes them. */
#include "pair_lab.h"

#include <math.h>
#include <stdlib.h>

#define SECOND INT64_C(1000000000)
#define STEPS 40000

/* A day of many steps without agents. */
#define HEAD                                                                                                         \
    "rng: fast\nquirks: none\nclock: {market_open: 09:30:00, market_close: 23:00:00, kernel_start: 09:00:00}\n"      \
    "agents: {idle: {type: idle}}\n"
#define OU "kind: correlated, r_bar: 1000000, half_life: 10s, fund_vol: 0.01"

static int64_t open_of(const pab_market *m)
{
    return m->scn->clock.oracle_open;
}

/* Values of both symbols each second from the open on. */
static void sample(pab_market *m, double *a, double *b)
{
    for (int i = 0; i < STEPS; i++) {
        int64_t time = open_of(m) + i * SECOND;
        a[i] = (double)pab__oracle_value(m, 0, time);
        b[i] = (double)pab__oracle_value(m, 1, time);
    }
}

static double covariance(const double *a, const double *b, int n)
{
    double sa = 0, sb = 0, sab = 0;
    for (int i = 0; i < n; i++) {
        sa += a[i];
        sb += b[i];
        sab += a[i] * b[i];
    }
    return sab / n - sa / n * (sb / n);
}

static double correlation(const double *a, const double *b, int n)
{
    return covariance(a, b, n) / sqrt(covariance(a, a, n) * covariance(b, b, n));
}

static void differences(double *x)
{
    for (int i = 0; i + 1 < STEPS; i++)
        x[i] = x[i + 1] - x[i];
}

static double paths[2][STEPS];

static void variance_is_that_of_the_process(void **state)
{
    (void)state;
    pab_market *m = market_of(HEAD "symbols: {A: {oracle: {" OU "}}, B: {oracle: {" OU "}}}\n"
                              "correlation: {grid: 1s}\n", 1);
    sample(m, paths[0], paths[1]);
    double expected = 0.01 * 0.01 / (2 * log(2) / 10e9);
    assert_near(covariance(paths[0], paths[0], STEPS) / expected, 1.0, 0.08);
    assert_near(covariance(paths[1], paths[1], STEPS) / expected, 1.0, 0.08);
    assert_near(correlation(paths[0], paths[1], STEPS), 0.0, 0.08);
    pab_market_free(m);
}

static void increments_are_correlated_as_pairs_say(void **state)
{
    (void)state;
    pab_market *m = market_of(HEAD "symbols: {A: {oracle: {" OU "}}, B: {oracle: {" OU "}}}\n"
                              "correlation: {grid: 1s, pairs: {ab: {first: A, second: B, rho: 0.6}}}\n", 2);
    sample(m, paths[0], paths[1]);
    differences(paths[0]);
    differences(paths[1]);
    assert_near(correlation(paths[0], paths[1], STEPS - 1), 0.6, 0.03);
    pab_market_free(m);
}

static void loadings_multiply_to_a_correlation(void **state)
{
    (void)state;
    pab_market *m = market_of(HEAD "symbols: {A: {oracle: {" OU ", loading: 0.9}},\n"
                              "  B: {oracle: {" OU ", loading: -0.8}}}\n"
                              "correlation: {grid: 1s}\n", 3);
    sample(m, paths[0], paths[1]);
    differences(paths[0]);
    differences(paths[1]);
    assert_near(correlation(paths[0], paths[1], STEPS - 1), -0.72, 0.03);
    pab_market_free(m);
}

static void a_late_symbol_follows_after_its_lag(void **state)
{
    (void)state;
    pab_market *m = market_of(HEAD "symbols: {A: {oracle: {" OU "}}, B: {oracle: {" OU ", lag: 3s}}}\n"
                              "correlation: {grid: 1s, pairs: {ab: {first: A, second: B, rho: 0.8}}}\n", 4);
    sample(m, paths[0], paths[1]);
    differences(paths[0]);
    differences(paths[1]);
    assert_near(correlation(paths[0], paths[1] + 3, STEPS - 4), 0.8, 0.03);
    assert_near(correlation(paths[0], paths[1], STEPS - 4), -0.02, 0.04);
    pab_market_free(m);
}

static void a_spread_forgets_with_its_half_life(void **state)
{
    (void)state;
    pab_market *m = market_of(HEAD "symbols: {\n"
                              "  A: {oracle: {kind: correlated, r_bar: 1000000, kappa: 1e-14, fund_vol: 0.02}},\n"
                              "  B: {oracle: {kind: correlated, r_bar: 500000, follows: A, beta: 2, half_life: 20s,\n"
                              "      fund_vol: 0.005}}}\ncorrelation: {grid: 1s}\n", 5);
    sample(m, paths[0], paths[1]);
    for (int i = 0; i < STEPS; i++) /* twice the return at half the price: one tick per tick */
        paths[1][i] = paths[1][i] - 500000 - (paths[0][i] - 1000000);
    double rho = correlation(paths[1], paths[1] + 1, STEPS - 1);
    assert_near(log(2) / -log(rho), 20, 2);
    assert_near(covariance(paths[1], paths[1], STEPS) / (0.005 * 0.005 / (2 * log(2) / 20e9)), 1, 0.12);
    pab_market_free(m);
}

#define ODD                                                                                                    \
    HEAD "symbols: {A: {oracle: {" OU ", own_shock_rate: 60}}, B: {oracle: {" OU ", lag: 700ms, follows: A}}}\n" \
         "correlation: {grid: 500ms, common_shock_rate: 60, pairs: {ab: {first: A, second: B, rho: 0.5}}}\n"

static void asking_more_often_or_in_another_order_changes_nothing(void **state)
{
    (void)state;
    pab_market *often = market_of(ODD, 6), *seldom = market_of(ODD, 6);
    for (int64_t t = 0; t < 600; t++) {
        for (int64_t k = 0; k < 10; k++)
            pab__oracle_value(often, (uint32_t)(t + k) % 2, open_of(often) + t * SECOND + k * SECOND / 10);
        if (t % 60 != 59)
            continue;
        int64_t time = open_of(often) + t * SECOND + 950000000;
        int64_t b = pab__oracle_value(seldom, 1, time);
        assert_int_equal(pab__oracle_value(often, 1, time), b);
        assert_int_equal(pab__oracle_value(often, 0, time), pab__oracle_value(seldom, 0, time));
    }
    pab_market_free(often);
    pab_market_free(seldom);
}

/* Sum and number of jumps told, by symbol. */
typedef struct jumps {
    double square[2];
    double value[2][10000];
    int64_t time[2][10000];
    int count[2];
} jumps;

static void note_jump(void *user, uint32_t symbol, int64_t time, double value)
{
    jumps *j = user;
    if (j->count[symbol] == 10000)
        return;
    j->value[symbol][j->count[symbol]] = value;
    j->time[symbol][j->count[symbol]++] = time;
    j->square[symbol] += value * value;
}

static void common_jumps_have_their_size_and_arrive_late_elsewhere(void **state)
{
    (void)state;
    static jumps seen;
    seen = (jumps){0};
    pab_scenario *scn = scenario_of(HEAD "symbols: {A: {oracle: {" OU "}}, B: {oracle: {" OU ", shock_beta: 0.5}}}\n"
                                    "correlation: {grid: 1s, common_shock_rate: 600, common_shock_sd: 20,\n"
                                    "  common_shock_delay: 2s}\n");
    pab_market *m = NULL;
    pab_tap tap = {.struct_size = sizeof tap, .user = &seen, .megashock = note_jump};
    assert_int_equal(pab_market_new(scn, &m), PAB_OK);
    assert_int_equal(pab_market_set_tap(m, &tap), PAB_OK);
    assert_int_equal(pab_market_reset(m, 7), PAB_OK);
    pab__oracle_value(m, 0, open_of(m) + 40000 * SECOND);
    assert_int_equal(seen.count[0], seen.count[1]);
    assert_in_range(seen.count[0], 4000, 7000); /* 6667 less the waiting for arrivals */
    assert_near(sqrt(seen.square[0] / seen.count[0]), 2000, 80); /* 20 bps of 1000000 */
    for (int i = 0; i < seen.count[0]; i++) {
        assert_near(seen.value[1][i], 0.5 * seen.value[0][i], 1e-6);
        assert_in_range(seen.time[1][i] - seen.time[0][i], 0, 2 * SECOND);
    }
    pab_market_free(m);
    pab_scenario_free(scn);
}

static void a_jump_moves_the_value_by_its_size(void **state)
{
    (void)state;
    pab_market *m = market_of(HEAD "symbols: {\n"
                              "  A: {oracle: {kind: correlated, r_bar: 1000000, kappa: 1e-18, fund_vol: 0,\n"
                              "  own_shock_rate: 60, own_shock_sd: 50}}, B: {oracle: {kind: none}}}\n", 8);
    pab__symbol_state *s = pab__symbol_at(m, 0);
    int64_t at = s->shock_time, size = llrint(s->shock_value);
    assert_int_equal(pab__oracle_value(m, 0, at - SECOND), 1000000);
    assert_in_range(pab__oracle_value(m, 0, at + SECOND) - 1000000 - size + 1, 0, 2);
    pab_market_free(m);
}

static void forks_of_one_number_share_their_future(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of(ODD);
    pab_market *m[3];
    for (int i = 0; i < 3; i++) {
        m[i] = market_on(scn, 9);
        assert_int_equal(pab_market_run(m[i], open_of(m[i]) + 100 * SECOND, NULL), PAB_OK);
        if (i == 1) /* asks before it is forked */
            pab__oracle_value(m[i], 1, m[i]->core.now);
        assert_int_equal(pab_market_reseed(m[i], i == 2 ? 4 : 3), PAB_OK);
    }
    int64_t later = open_of(m[0]) + 1000 * SECOND;
    for (uint32_t s = 0; s < 2; s++) {
        int64_t value = pab__oracle_value(m[0], s, later);
        assert_int_equal(pab__oracle_value(m[1], s, later), value);
        assert_int_not_equal(pab__oracle_value(m[2], s, later), value);
    }
    for (int i = 0; i < 3; i++)
        pab_market_free(m[i]);
    pab_scenario_free(scn);
}

static void a_restored_path_continues_as_it_would_have(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of(ODD);
    pab_market *m = market_on(scn, 10), *other = market_on(scn, 11);
    int64_t later = open_of(m) + 500 * SECOND;
    pab__oracle_value(m, 0, open_of(m) + 333 * SECOND);
    size_t size = 0;
    assert_int_equal(pab_market_save(m, NULL, 0, &size), PAB_E_CAPACITY);
    void *buf = malloc(size);
    assert_int_equal(pab_market_save(m, buf, size, NULL), PAB_OK);
    assert_int_equal(pab_market_restore(other, buf, size), PAB_OK);
    assert_int_equal(pab__oracle_value(other, 1, later), pab__oracle_value(m, 1, later));
    free(buf);
    pab_market_free(m);
    pab_market_free(other);
    pab_scenario_free(scn);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    assert_refused(HEAD "symbols: {A: {oracle: {" OU "}}, B: {oracle: {" OU "}}, C: {oracle: {" OU "}}}\n"
                   "correlation: {pairs: {ab: {first: A, second: B, rho: 0.9}, bc: {first: B, second: C, rho: 0.9},\n"
                   "  ac: {first: A, second: C, rho: -0.9}}}\n", "correlation: no noise has all these correlations");
    assert_refused(HEAD "symbols: {A: {oracle: {" OU "}}, B: {oracle: {kind: none}}}\n"
                   "correlation: {pairs: {ab: {first: A, second: B, rho: 0.9}}}\n",
                   "'B' is no symbol with a correlated");
    assert_refused(HEAD "symbols: {A: {oracle: {" OU ", follows: B}}, B: {oracle: {" OU ", follows: A}}}\n",
                   "symbols.A.oracle.follows: 'B' follows another symbol itself");
    assert_refused(HEAD "symbols: {A: {oracle: {" OU "}}}\n"
                   "correlation: {event: true, event_from: close, event_to: open}\n",
                   "correlation.event_to");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variance_is_that_of_the_process),
        cmocka_unit_test(increments_are_correlated_as_pairs_say),
        cmocka_unit_test(loadings_multiply_to_a_correlation),
        cmocka_unit_test(a_late_symbol_follows_after_its_lag),
        cmocka_unit_test(a_spread_forgets_with_its_half_life),
        cmocka_unit_test(asking_more_often_or_in_another_order_changes_nothing),
        cmocka_unit_test(common_jumps_have_their_size_and_arrive_late_elsewhere),
        cmocka_unit_test(a_jump_moves_the_value_by_its_size),
        cmocka_unit_test(forks_of_one_number_share_their_future),
        cmocka_unit_test(a_restored_path_continues_as_it_would_have),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
