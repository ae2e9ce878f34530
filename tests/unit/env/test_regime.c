/* Regimes: each changes what it should, and nothing else. */
#include "../market/pair_lab.h"
#include "env/pair.h"

#include <math.h>

#define MINUTE INT64_C(60000000000)

enum { CALM, VOLATILE, THIN, CRUMBLING, MEGASHOCK };

static const pab__group *group_named(const pab_scenario *scn, const char *name)
{
    for (uint32_t g = 0; g < scn->group_count; g++) {
        if (strcmp(scn->groups[g].name, name) == 0)
            return &scn->groups[g];
    }
    fail_msg("no group %s", name);
    return NULL;
}

static int64_t count_of(const pab_scenario *scn, const char *name)
{
    return group_named(scn, name)->common.count;
}

static void calm_is_the_scenario_itself(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair\n");
    assert_ptr_equal(pab__scenario_variant(scn, CALM), scn);
    assert_ptr_equal(pab__scenario_variant(scn, -1), scn);
    assert_ptr_equal(pab__scenario_variant(scn, 99), scn);
    pab_scenario_free(scn);
    scn = scenario_of("preset: two_symbol\n"); /* no pair, no regimes */
    assert_ptr_equal(pab__scenario_variant(scn, THIN), scn);
    pab_scenario_free(scn);
}

static void regimes_change_numbers_and_volatility(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair\n");
    const pab_scenario *rough = pab__scenario_variant(scn, VOLATILE), *thin = pab__scenario_variant(scn, THIN);
    assert_int_equal(count_of(rough, "momentum_AAA"), 2 * count_of(scn, "momentum_AAA"));
    assert_int_equal(count_of(rough, "noise_AAA"), count_of(scn, "noise_AAA"));
    assert_near(rough->symbols[1].oracle.fund_vol, 3 * scn->symbols[1].oracle.fund_vol, 1e-15);
    assert_near(rough->correlation.factor[0], 3 * scn->correlation.factor[0], 1e-9);
    assert_int_equal(count_of(thin, "noise_AAA"), 7); /* 0.35 of 20 */
    assert_int_equal(count_of(thin, "value_BBB"), 7);
    assert_int_equal(count_of(thin, "momentum_AAA"), count_of(scn, "momentum_AAA"));
    assert_int_equal(count_of(thin, "maker_AAA"), count_of(scn, "maker_AAA"));
    assert_int_not_equal(thin->fingerprint, scn->fingerprint);
    assert_int_not_equal(thin->fingerprint, rough->fingerprint);
    pab_scenario_free(scn);
}

static void factors_are_keys_of_the_scenario(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair\nregimes: {thin: {noise: 0.01, value: 0}, calm: {momentum: 3}}\n");
    assert_int_equal(count_of(pab__scenario_variant(scn, THIN), "noise_AAA"), 1); /* one is left ... */
    assert_int_equal(count_of(pab__scenario_variant(scn, THIN), "value_AAA"), 0); /* ... unless the factor is 0 */
    assert_int_equal(count_of(pab__scenario_variant(scn, CALM), "momentum_BBB"), 6);
    pab_scenario_free(scn);
    assert_refused("preset: pair\nregimes: {megashock: {shock_from: 0.9, shock_to: 0.1}}\n",
                   "regimes.megashock.shock_to");
}

static void agents_of_two_variants_draw_the_same(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair\n"), *thin = pab__scenario_variant(scn, THIN);
    pab_market *a = market_on(scn, 5), *b = market_on(thin, 5);
    const char *const names[] = {"noise_AAA", "value_BBB", "momentum_BBB", "maker_BBB", "executor"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const pab__group *g = group_named(scn, names[i]), *h = group_named(thin, names[i]);
        assert_int_equal(pab__agent_at(a, g->first_id)->rng.key, pab__agent_at(b, h->first_id)->rng.key);
    }
    assert_int_not_equal(group_named(scn, "executor")->first_id, group_named(thin, "executor")->first_id);
    pab_market_free(a);
    pab_market_free(b);
    pab_scenario_free(scn);
}

static void the_megashock_falls_into_the_episode(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair\n"), *shocked = pab__scenario_variant(scn, MEGASHOCK);
    int64_t start = scn->clock.market_open + pab__pair_of(scn)->plan.warmup, horizon = pab__pair_of(scn)->plan.horizon;
    pab_market *m = market_on(shocked, 0), *again = market_on(shocked, 0);
    double squares = 0;
    assert_false(scn->correlation.keys.event);
    for (uint64_t seed = 0; seed < 400; seed++) {
        assert_int_equal(pab_market_reset(m, seed), PAB_OK);
        const pab__symbol_state *a = pab__symbol_at(m, 0), *b = pab__symbol_at(m, 1);
        assert_in_range(a->shock_time, start + horizon / 5, start + horizon * 4 / 5);
        assert_in_range(b->shock_time - a->shock_time, 0, 2 * (MINUTE / 60));
        squares += a->shock_value * a->shock_value;
    }
    double sd = sqrt(60 * 60 + 10 * 10) * 1e-4 * (double)scn->symbols[0].oracle.r_bar;
    assert_near(sqrt(squares / 400) / sd, 1, 0.12);
    assert_int_equal(pab_market_reset(again, 399), PAB_OK);
    assert_int_equal(pab__symbol_at(again, 0)->shock_time, pab__symbol_at(m, 0)->shock_time);
    pab_market_free(m);
    pab_market_free(again);
    pab_scenario_free(scn);
}

static void makers_withdraw_when_quotes_crumble(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair\n");
    for (int regime = CALM; regime <= CRUMBLING; regime += CRUMBLING) {
        pab_market *m = market_on(pab__scenario_variant(scn, regime), 3);
        pab_validity *v = NULL;
        pab_validity_report r = {.struct_size = sizeof r};
        assert_int_equal(pab_validity_new(m, &v), PAB_OK);
        assert_int_equal(pab_market_run(m, scn->clock.market_close, NULL), PAB_OK);
        assert_int_equal(pab_validity_read(v, 0, &r), PAB_OK);
        double share = (double)(r.withdrawn[0] + r.withdrawn[1]) / ((double)r.watched * r.makers);
        if (regime == CALM)
            assert_true(share == 0);
        else
            assert_near(share, 8.0 / 48, 0.05);
        assert_true(r.maker_silence < 10 * MINUTE); /* quiet makers are rare, dead ones none */
        pab_validity_free(v);
        pab_market_free(m);
    }
    pab_scenario_free(scn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calm_is_the_scenario_itself),
        cmocka_unit_test(regimes_change_numbers_and_volatility),
        cmocka_unit_test(factors_are_keys_of_the_scenario),
        cmocka_unit_test(agents_of_two_variants_draw_the_same),
        cmocka_unit_test(the_megashock_falls_into_the_episode),
        cmocka_unit_test(makers_withdraw_when_quotes_crumble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
