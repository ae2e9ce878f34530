/* The sections `pair` and `calibration`: valid values, and the error for each invalid one. */
#include "episode.h"

#include "env/env.h"

#include <stdlib.h>

#define EXECUTOR "agents: {executor: {type: pair_executor}}\n"

static pab_status parse(const char *yaml, pab_scenario **scn)
{
    pab_config *cfg;
    must(pab_config_new(NULL, &cfg));
    pab_status status = pab_config_parse(cfg, yaml, strlen(yaml), "test");
    if (status == PAB_OK)
        status = pab_scenario_new(cfg, scn);
    pab_config_free(cfg);
    return status;
}

static void assert_refused(const char *yaml, pab_status code, const char *words)
{
    pab_scenario *scn = NULL;
    char error[1024];
    pab_status status = parse(yaml, &scn);
    pab_scenario_free(scn);
    pab_last_error(error, sizeof error);
    if (status != code || !strstr(error, words))
        fail_msg("%s\ngave %s \"%s\", expected \"%s\"", yaml, pab_status_name(status), status ? error : "", words);
}

static const char base[] = "preset: two_symbol\nquirks: none\nrng: fast\n" EXECUTOR;

static void assert_pair_refused(const char *more, pab_status code, const char *words)
{
    char yaml[2048];
    snprintf(yaml, sizeof yaml, "%s%s", base, more);
    assert_refused(yaml, code, words);
}

/* The same with one key set on top of a good pair. */
static void assert_key_refused(const char *key, const char *value, const char *words)
{
    pab_config *cfg;
    pab_scenario *scn = NULL;
    char error[1024];
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, base, sizeof base - 1, "base"));
    must(pab_config_set(cfg, "pair.quantity", "10"));
    must(pab_config_set(cfg, key, value));
    assert_int_equal(pab_scenario_new(cfg, &scn), PAB_E_RANGE);
    pab_last_error(error, sizeof error);
    if (!strstr(error, words))
        fail_msg("%s: %s gave \"%s\", expected \"%s\"", key, value, error, words);
    pab_config_free(cfg);
}

static void a_market_that_cannot_be_executed_in_is_refused(void **state)
{
    (void)state;
    assert_key_refused("quirks.stale_feed", "true", "quirks.stale_feed");
    assert_key_refused("quirks.silent_discard", "true", "quirks.silent_discard");
    assert_key_refused("quirks.absolute_partial_cancel", "true", "quirks.absolute_partial_cancel");
    assert_key_refused("agents.executor.count", "2", "there are 2 agents");
    assert_key_refused("agents.executor.symbol", "AAA", "must have no symbol");
}

static void errors_name_the_key(void **state)
{
    (void)state;
    assert_pair_refused("pair: {a: AAA, b: AAA}\n", PAB_E_RANGE, "both legs are symbol 'AAA'");
    assert_pair_refused("pair: {b: CCC}\n", PAB_E_KEY, "pair.b: there is no symbol 'CCC'");
    assert_pair_refused("pair: {ratio: 0}\n", PAB_E_RANGE, "pair.ratio");
    assert_pair_refused("pair: {interval: 7s}\n", PAB_E_RANGE, "pair.horizon");
    assert_pair_refused("pair: {warmup: 10h}\n", PAB_E_RANGE, "pair.warmup");
    assert_pair_refused("pair: {horizon: 3000s}\n", PAB_E_RANGE, "exchange.volume_window");
    assert_pair_refused("pair: {sied: buy}\n", PAB_E_KEY, "did you mean 'side'?");
    assert_pair_refused("pair: {band: 2}\n", PAB_E_RANGE, "pair.band");
    assert_pair_refused("pair: {}\ncalibration: {a: {micro_price: [1, 2]}}\n", PAB_E_RANGE, "expected 30 or none");
    assert_pair_refused("pair: {}\ncalibration: {a: {spread_mean: -1}}\n", PAB_E_RANGE, "calibration.a.spread_mean");
    assert_pair_refused("pair: {}\ncalibration: {c: {spread_mean: 1}}\n", PAB_E_KEY, "calibration");
    assert_refused("preset: two_symbol\nquirks: none\nrng: fast\npair: {}\n", PAB_E_RANGE, "there are 0 agents");
    assert_refused("preset: rmsc04\nquirks: none\nrng: fast\n" EXECUTOR "pair: {}\n", PAB_E_KEY,
                   "two symbols are needed");
}

static void an_environment_needs_a_pair(void **state)
{
    (void)state;
    pab_scenario *scn;
    pab_env *env;
    must(parse(base, &scn));
    assert_int_equal(pab_env_new(scn, &env), PAB_E_UNSUPPORTED);
    pab_scenario_free(scn);
}

static void calibration_lands_where_it_is_used(void **state)
{
    (void)state;
    char yaml[2048];
    pab_scenario *scn;
    snprintf(yaml, sizeof yaml,
             "%spair: {a: BBB, b: AAA, hedge: beta, ratio: 1.5, side: sell}\n"
             "calibration: {beta: 0.8, a: {spread_mean: 5.5, profile: [3, 1, 2]}, b: {impact_eta: 0.25},\n"
             "    crumbling: {c0: -3, c7: 0.125}}\n", base);
    must(parse(yaml, &scn));
    const pab__pair *p = pab__pair_of(scn);
    assert_int_equal(p->given, 1);
    assert_int_equal(p->legs[0].symbol, 1);
    assert_int_equal(p->legs[1].symbol, 0);
    assert_int_equal(p->plan.hedge, PAB_HEDGE_BETA);
    assert_int_equal(p->plan.side, PAB__SIDE_SELL);
    assert_true(p->plan.ratio == 1.5 && p->beta == 0.8);
    assert_true(p->legs[0].ref.spread_mean == 5.5 && p->legs[1].ref.spread_mean == 0);
    assert_true(p->legs[1].ref.impact_eta == 0.25);
    assert_int_equal(p->legs[0].profile_count, 3);
    assert_true(p->legs[0].profile[0] == 3 && p->legs[0].profile[2] == 2);
    assert_int_equal(p->legs[1].profile_count, 0);
    assert_true(p->crumbling[0] == -3 && p->crumbling[1] == -1.2 && p->crumbling[7] == 0.125);
    assert_int_equal(p->executor, (int32_t)scn->agent_count - 1);
    pab_scenario_free(scn);
}

static uint64_t fingerprint(const char *more)
{
    char yaml[2048];
    pab_scenario *scn;
    snprintf(yaml, sizeof yaml, "%s%s", base, more);
    must(parse(yaml, &scn));
    uint64_t print = scn->fingerprint;
    pab_scenario_free(scn);
    return print;
}

static void every_key_changes_the_fingerprint(void **state)
{
    (void)state;
    static const char *const ways[] = {
        "",
        "pair: {}\n",
        "pair: {quantity: 501}\n",
        "pair: {feed_interval: 99ms}\n",
        "pair: {a: BBB, b: AAA}\n",
        "pair: {}\ncalibration: {beta: 2}\n",
        "pair: {}\ncalibration: {a: {touch_mean: 7}}\n",
        "pair: {}\ncalibration: {b: {touch_mean: 7}}\n",
        "pair: {}\ncalibration: {b: {profile: [1]}}\n",
        "pair: {}\ncalibration: {b: {profile: [1, 1]}}\n",
        "pair: {}\ncalibration: {crumbling: {c5: 0}}\n",
    };
    uint64_t seen[sizeof ways / sizeof *ways];
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        seen[i] = fingerprint(ways[i]);
        for (size_t k = 0; k < i; k++)
            assert_true(seen[k] != seen[i]);
    }
    assert_true(fingerprint("pair: {quantity: 500}\n") == seen[1]); /* a default, written out */
}

static void keys_can_be_set_one_by_one_and_written_back(void **state)
{
    (void)state;
    pab_config *cfg, *again;
    pab_scenario *one, *two;
    char text[16384], value[64];
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, base, sizeof base - 1, "base"));
    must(pab_config_set(cfg, "pair.quantity", "321"));
    must(pab_config_set(cfg, "calibration.b.volatility", "1.25"));
    must(pab_config_set(cfg, "calibration.crumbling.c2", "0.5"));
    must(pab_config_get(cfg, "pair.quantity", value, sizeof value, NULL));
    assert_string_equal(value, "321");
    must(pab_config_get(cfg, "pair.interval", value, sizeof value, NULL));
    assert_string_equal(value, "5s");
    must(pab_config_text(cfg, text, sizeof text, NULL));
    must(pab_config_new(NULL, &again));
    must(pab_config_parse(again, text, strlen(text), "text"));
    must(pab_scenario_new(cfg, &one));
    must(pab_scenario_new(again, &two));
    assert_true(one->fingerprint == two->fingerprint);
    assert_int_equal(pab__pair_of(one)->plan.quantity, 321);
    pab_scenario_free(one);
    pab_scenario_free(two);
    pab_config_free(cfg);
    pab_config_free(again);
}

/* --- What the keys do --- */

static void hedges_give_the_parent_of_b(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        int32_t hedge, same_side;
    } ways[] = {{"pair: {hedge: share, ratio: 2.5, side: buy}", PAB_HEDGE_SHARE, 0},
                {"pair: {hedge: beta, ratio: 0.5, side: buy}", PAB_HEDGE_BETA, 0},
                {"pair: {hedge: beta, ratio: -0.5, side: buy}", PAB_HEDGE_BETA, 1},
                {"pair: {hedge: dollar, side: buy}", PAB_HEDGE_DOLLAR, 0}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        pab_env *env = make_env(ways[i].yaml);
        must(pab_env_reset(env, 2, NULL, NULL, 0));
        pab_env_status s = describe(env);
        double prices = s.arrival[0] / s.arrival[1];
        double ratio = ways[i].hedge == PAB_HEDGE_SHARE ? 2.5 : ways[i].hedge == PAB_HEDGE_BETA ? 0.5 * prices : prices;
        assert_int_equal(s.parent[0], 200);
        assert_true((double)s.parent[1] >= 200 * ratio - 0.5 && (double)s.parent[1] <= 200 * ratio + 0.5);
        assert_int_equal(s.side[0], PAB_BUY);
        assert_int_equal(s.side[1], ways[i].same_side ? PAB_BUY : PAB_SELL);
        pab_env_free(env);
    }
}

static void no_quantity_means_a_share_of_the_volume(void **state)
{
    (void)state;
    pab_env *env = make_env("pair: {quantity: 0}\ncalibration: {a: {volume_per_second: 100}}");
    must(pab_env_reset(env, 2, NULL, NULL, 0));
    assert_int_equal(describe(env).parent[0], 600); /* a tenth of 60 s * 100 */
    pab_env_free(env);
    env = make_env("pair: {quantity: 0}");
    must(pab_env_reset(env, 2, NULL, NULL, 0));
    assert_true(describe(env).parent[0] > 0);
    pab_env_free(env);
}

static void a_market_without_an_environment_never_pauses(void **state)
{
    (void)state;
    pab_scenario *scn = make_pair("clock: {market_close: '09:33:00', noise_close: '09:33:00',"
                                  " oracle_close: '09:33:00'}");
    pab_market *m;
    int32_t why;
    must(pab_market_new(scn, &m));
    must(pab_market_reset(m, 1));
    must(pab_market_run(m, INT64_MAX, &why));
    assert_int_equal(why, PAB_RUN_ENDED);
    pab_market_free(m);
    pab_scenario_free(scn);
}

static void two_symbol_markets_can_be_executed_too(void **state)
{
    (void)state;
    char yaml[1024];
    pab_scenario *scn;
    pab_env *env;
    pab_step_result r;
    snprintf(yaml, sizeof yaml, "%spair: {warmup: 20min, horizon: 120s, interval: 5s, quantity: 60}\n", base);
    must(parse(yaml, &scn));
    must(pab_env_new(scn, &env));
    must(pab_env_reset(env, 3, NULL, NULL, 0));
    do
        r = step(env, 12, 12);
    while (!(r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)));
    assert_true(r.filled[0] > 0 && r.filled[1] > 0);
    pab_env_free(env);
    pab_scenario_free(scn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_name_the_key),
        cmocka_unit_test(a_market_that_cannot_be_executed_in_is_refused),
        cmocka_unit_test(an_environment_needs_a_pair),
        cmocka_unit_test(calibration_lands_where_it_is_used),
        cmocka_unit_test(every_key_changes_the_fingerprint),
        cmocka_unit_test(keys_can_be_set_one_by_one_and_written_back),
        cmocka_unit_test(hedges_give_the_parent_of_b),
        cmocka_unit_test(no_quantity_means_a_share_of_the_volume),
        cmocka_unit_test(a_market_without_an_environment_never_pauses),
        cmocka_unit_test(two_symbol_markets_can_be_executed_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
