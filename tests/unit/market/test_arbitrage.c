/* Pair arbitrageurs: both legs, opposite sides, within limits; a shock of one book reaches the other. */
#include "pair_lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Only A has news: one jump; B would not move but for arbitrageurs. */
#define ONE_SIDED                                                                                                  \
    "preset: pair\n"                                                                                               \
    "symbols: {AAA: {oracle: {fund_vol: 0}}, BBB: {oracle: {fund_vol: 0, shock_beta: 0}}}\n"                       \
    "correlation: {event: true, event_from: open + 5min, event_to: open + 5min, event_sd: 200, event_own_sd: 0}\n" \
    "agents: {maker_BBB: {watch: 0}, value_AAA: {count: 60}, value_BBB: {count: 0}, noise_BBB: {herding: 0},\n"        \
    "    arbitrage: %s}\n"

static const int64_t minute = INT64_C(60000000000);

static double mid_of(const pab_market *m, uint32_t symbol)
{
    pab_level bid, ask;
    assert_int_equal(pab_market_l1(m, symbol, &bid, &ask), PAB_OK);
    assert_true(bid.price > 0 && ask.price > 0);
    return (double)(bid.price + ask.price) / 2;
}

/* Return of B, in bps and in the direction of A's jump, that 8 minutes bring. */
static double follow(const char *arbitrage, uint64_t seed)
{
    char yaml[2048];
    snprintf(yaml, sizeof yaml, ONE_SIDED, arbitrage);
    pab_market *m = market_of(yaml, seed);
    double jump = pab__symbol_at(m, 0)->shock_value;
    assert_int_equal(pab_market_run(m, m->scn->clock.market_open + 5 * minute, NULL), PAB_OK);
    double before = mid_of(m, 1);
    assert_int_equal(pab_market_run(m, m->scn->clock.market_open + 13 * minute, NULL), PAB_OK);
    double move = 1e4 * log(mid_of(m, 1) / before) * (jump > 0 ? 1 : -1);
    pab_market_free(m);
    return move;
}

static void a_shock_reaches_the_other_book(void **state)
{
    (void)state;
    double with = 0, without = 0;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        with += follow("{count: 10, max_position: 100000, size: 300}", seed);
        without += follow("{count: 0}", seed);
    }
    assert_true(with > without + 8 * 5); /* 5 bps each on average */
}

static void legs_are_opposite_and_limited(void **state)
{
    (void)state;
    pab_market *m = market_of("preset: pair\nagents: {arbitrage: {max_position: 150}}\n", 1);
    const pab_scenario *scn = m->scn;
    int traded = 0;
    for (int64_t t = 1; t < 55; t++) {
        assert_int_equal(pab_market_run(m, scn->clock.market_open + t * minute, NULL), PAB_OK);
        for (uint32_t g = 0; g < scn->group_count; g++) {
            if (strcmp(scn->groups[g].type.name, "arbitrage") != 0)
                continue;
            int64_t a = pab_market_holding(m, scn->groups[g].first_id, 0);
            int64_t b = pab_market_holding(m, scn->groups[g].first_id, 1);
            traded += a != 0 && b != 0;
            assert_true(llabs(a) <= 150);
            assert_false(a > 50 && b > 500); /* unfilled rests may leave a leg short for a while, not both long */
        }
    }
    assert_true(traded > 10);
    pab_market_free(m);
}

static void inside_its_band_it_keeps_still(void **state)
{
    (void)state;
    pab_market *m = market_of("preset: pair\nagents: {arbitrage: {band: 10000}}\n", 1);
    assert_int_equal(pab_market_run(m, m->scn->clock.market_close, NULL), PAB_OK);
    for (uint32_t id = 1; id < m->scn->agent_count; id++) {
        if (strcmp(pab__group_at(m, (int32_t)id)->type.name, "arbitrage") == 0)
            assert_int_equal(pab_market_holding(m, (int32_t)id, 0), 0);
    }
    pab_market_free(m);
}

static void its_legs_must_be_two_symbols(void **state)
{
    (void)state;
    assert_refused("preset: pair\nagents: {arbitrage: {first: CCC}}\n",
                   "agents.arbitrage.first: there is no symbol 'CCC'; expected one of AAA, BBB");
    assert_refused("preset: pair\nagents: {arbitrage: {first: BBB}}\n", "first and second are the same symbol");
    assert_refused("preset: pair\nagents: {arbitrage: {symbol: AAA}}\n", "agents.arbitrage.symbol");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shock_reaches_the_other_book),
        cmocka_unit_test(legs_are_opposite_and_limited),
        cmocka_unit_test(inside_its_band_it_keeps_still),
        cmocka_unit_test(its_legs_must_be_two_symbols),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
