/* The preset `pair` is a living market: both books stay quoted, makers never fall silent, and it keeps to its size. */
#include "../market/pair_lab.h"

#define SEEDS 4

static void books_stay_quoted(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair\n");
    pab_market *m = market_on(scn, 1);
    pab_validity *v = NULL;
    assert_int_equal(pab_validity_new(m, &v), PAB_OK);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        assert_int_equal(pab_market_reset(m, seed), PAB_OK);
        assert_int_equal(pab_market_run(m, scn->clock.market_close, NULL), PAB_OK);
        for (uint32_t s = 0; s < 2; s++) {
            pab_validity_report r = {.struct_size = sizeof r};
            assert_int_equal(pab_validity_read(v, s, &r), PAB_OK);
            assert_true(r.no_bid < r.watched / 200);
            assert_true(r.no_ask < r.watched / 200);
            assert_int_equal(r.crossed, 0);
            assert_true(r.maker_silence < INT64_C(600000000000));
            pab_symbol_info info = {.struct_size = sizeof info};
            assert_int_equal(pab_market_symbol(m, s, &info), PAB_OK);
            assert_in_range(info.trades, 2000, 15000);
        }
    }
    pab_validity_free(v);
    pab_market_free(m);
    pab_scenario_free(scn);
}

static void prices_follow_their_fundamentals(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair\n");
    pab_market *m = market_on(scn, 1);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        assert_int_equal(pab_market_reset(m, seed), PAB_OK);
        assert_int_equal(pab_market_run(m, scn->clock.market_close, NULL), PAB_OK);
        for (uint32_t s = 0; s < 2; s++) {
            pab_symbol_info info = {.struct_size = sizeof info};
            assert_int_equal(pab_market_symbol(m, s, &info), PAB_OK);
            double off = (double)(info.last_trade - info.fundamental) / (double)info.fundamental;
            assert_near(off, 0, 30e-4);
        }
    }
    pab_market_free(m);
    pab_scenario_free(scn);
}

static void more_agents_change_no_fundamental(void **state)
{
    (void)state;
    pab_market *m[2] = {market_of("preset: pair\n", 3),
                        market_of("preset: pair\nagents: {value_AAA: {count: 25}}\n", 3)};
    int64_t close = m[0]->scn->clock.market_close - 1;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pab_market_run(m[i], close, NULL), PAB_OK);
    for (uint32_t s = 0; s < 2; s++)
        assert_int_equal(pab__oracle_value(m[0], s, close), pab__oracle_value(m[1], s, close));
    pab_market_free(m[0]);
    pab_market_free(m[1]);
}

static void noise_arrives_as_asked(void **state)
{
    (void)state;
    pab_config *cfg = config_of("preset: rmsc04\nrng: fast\nagents: {noise: {arrival: uniform}}\n");
    pab_scenario *scn = NULL;
    assert_int_equal(pab_scenario_new(cfg, &scn), PAB_OK);
    pab_market *m = market_on(scn, 1);
    int quarter[4] = {0};
    int64_t from = scn->clock.noise_open, span = scn->clock.noise_close - from;
    for (uint32_t id = 1; id < scn->agent_count; id++) {
        int64_t wakeup = pab_replay_agent_wakeup(m, (int32_t)id);
        if (wakeup > 0)
            quarter[(wakeup - from) * 4 / span]++;
    }
    for (int i = 0; i < 4; i++)
        assert_in_range(quarter[i], 200, 300); /* a thousand in all */
    pab_market_free(m);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(books_stay_quoted),
        cmocka_unit_test(prices_follow_their_fundamentals),
        cmocka_unit_test(more_agents_change_no_fundamental),
        cmocka_unit_test(noise_arrives_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
