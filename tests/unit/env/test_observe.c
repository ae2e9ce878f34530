/* The observation: what each feature is, that it keeps its bounds, and that own orders are not mistaken for others'. */
#include "episode.h"

#include "env/env.h"
#include "env/signals.h"

#include <math.h>
#include <stdlib.h>

enum { OVER = PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED };

static int feature(const char *name)
{
    pab_feature_info info = {.struct_size = sizeof info};
    for (uint32_t k = 0; pab_feature_get(k, &info) == PAB_OK; k++)
        if (strcmp(info.name, name) == 0)
            return (int)k;
    fail_msg("there is no feature %s", name);
    return -1;
}

static void features_stand_in_their_places(void **state)
{
    (void)state;
    assert_int_equal(PAB_OBS_COUNT, PAB_ENV_OBSERVATIONS);
    assert_int_equal(feature("a.leaves"), 0);
    assert_int_equal(feature("a.imbalance_5"), 9);
    assert_int_equal(feature("a.crumble_near"), 16);
    assert_int_equal(feature("a.drift"), 22);
    assert_int_equal(feature("b.leaves"), 23);
    assert_int_equal(feature("b.depth_far"), 42);
    assert_int_equal(feature("pair.time"), 46);
    assert_int_equal(feature("pair.residual_z"), 51);
    assert_int_equal(feature("pair.slippage"), 59);
    assert_int_equal(feature("a.spread_z"), PAB_OBS_A_SPREAD_Z);
    assert_int_equal(feature("b.spread_z"), PAB_OBS_A_SPREAD_Z + PAB_OBS_LEG_COUNT);
    assert_int_equal(feature("pair.risk"), PAB_OBS_PAIR_RISK);
    pab_feature_info info = {.struct_size = sizeof info};
    must(pab_feature_get(PAB_OBS_B_SPREAD_Z, &info));
    assert_int_equal(info.form, PAB_FORM_CLIP);
    assert_true(info.scale == 3);
    assert_string_equal(info.unit, "sd");
    assert_int_equal(pab_feature_get(PAB_OBS_COUNT, &info), PAB_E_RANGE);
    info.struct_size = 4;
    assert_int_equal(pab_feature_get(0, &info), PAB_E_ARGUMENT);
}

static void features_keep_their_bounds_and_move(void **state)
{
    (void)state;
    pab_env *env = make_env("pair: {hedge: share, ratio: 3}");
    float obs[OBS], least[OBS], most[OBS];
    uint64_t rng = 3;
    for (int k = 0; k < OBS; k++) {
        least[k] = INFINITY;
        most[k] = -INFINITY;
    }
    for (uint64_t seed = 0; seed < 30; seed++) {
        must(pab_env_reset(env, seed, NULL, obs, OBS));
        pab_step_result r = {0};
        do {
            for (int k = 0; k < OBS; k++) {
                least[k] = fminf(least[k], obs[k]);
                most[k] = fmaxf(most[k], obs[k]);
            }
            int32_t action[2] = {(int32_t)(next_random(&rng) % 17), (int32_t)(next_random(&rng) % 17)};
            must(pab_step_result_init(&r, sizeof r));
            must(pab_env_step(env, action, obs, OBS, &r));
        } while (!(r.flags & OVER));
    }
    for (uint32_t k = 0; k < OBS; k++) {
        pab_feature_info info = {.struct_size = sizeof info};
        must(pab_feature_get(k, &info));
        if (least[k] < info.low || most[k] > info.high)
            fail_msg("%s went from %g to %g, outside %g to %g", info.name, least[k], most[k], info.low, info.high);
        if (!(most[k] > least[k]))
            fail_msg("%s never moved from %g", info.name, least[k]);
    }
    pab_env_free(env);
}

/* The observation is a scaling of signals, which it gives back: of all but the precision of a float, and the bounds. */
static void signals_read_from_an_observation_make_it_again(void **state)
{
    (void)state;
    pab_env *env = make_env(NULL);
    float obs[OBS], again[OBS];
    uint64_t rng = 5;
    for (uint64_t seed = 0; seed < 10; seed++) {
        must(pab_env_reset(env, seed, NULL, obs, OBS));
        pab_step_result r = {0};
        do {
            pab__signals signals;
            pab__signals_read(obs, &signals);
            pab__signals_observe(&signals, again);
            for (int k = 0; k < OBS; k++) {
                const int curved = k == PAB_OBS_A_SPREAD || k == PAB_OBS_B_SPREAD;
                assert_true(curved ? fabsf(again[k] - obs[k]) <= 1e-7f : again[k] == obs[k]);
            }
            int32_t action[2] = {(int32_t)(next_random(&rng) % 17), (int32_t)(next_random(&rng) % 17)};
            must(pab_step_result_init(&r, sizeof r));
            must(pab_env_step(env, action, obs, OBS, &r));
        } while (!(r.flags & OVER));
    }
    pab_env_free(env);
}

/* --- Single features, in a market made by hand --- */

static void set_side(pab__tracker *s, int side, const pab_level *levels, int32_t n)
{
    memcpy(s->depth[side], levels, (size_t)n * sizeof *levels);
    s->levels[side] = n;
}

/* A buyer of A at 999 x 300 | 1001 x 100, halfway through. */
static pab__executor *by_hand(pab_scenario **scn)
{
    *scn = make_pair("calibration: {a: {spread_mean: 4, spread_sd: 1.5, touch_mean: 200, depth5_mean: 400,"
                     " depth3_mean: 400, volatility: 2, volume_per_second: 10}}");
    pab__executor *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->phase = PAB__PHASE_RUN;
    x->steps = 12;
    x->step = 6;
    x->samples = 100;
    for (int i = 0; i < 2; i++) {
        const pab_level bids[2] = {{999, 300}, {998, 100}}, asks[2] = {{1001, 100}, {1003, 100}};
        x->leg[i].side = i == 0 ? PAB_BUY : PAB_SELL;
        x->leg[i].parent = 1000;
        x->leg[i].arrival = 1000;
        set_side(&x->leg[i].tracker, 0, bids, 2);
        set_side(&x->leg[i].tracker, 1, asks, 2);
    }
    x->ratio = 1;
    x->band = 100;
    x->notional = 2e6;
    return x;
}

static void assert_feature(const float *obs, const char *name, double expected)
{
    double got = (double)obs[feature(name)];
    if (fabs(got - expected) > 1e-6)
        fail_msg("%s is %.9g, expected %.9g", name, got, expected);
}

static void features_of_the_book_are_signed_towards_us(void **state)
{
    (void)state;
    pab_scenario *scn;
    pab__executor *x = by_hand(&scn);
    float obs[OBS];
    pab__observation_make(x, scn, obs);
    double far = exp(-0.5);
    assert_feature(obs, "a.imbalance_1", 0.5); /* bids are heavy: the ask will move away from a buyer */
    assert_feature(obs, "b.imbalance_1", -0.5);
    assert_feature(obs, "a.imbalance_5", (300 + 100 * far - 100 - 100 * far) / (400 + 200 * far));
    assert_feature(obs, "a.micro_price", 0.5);
    assert_feature(obs, "a.spread", log(1 + 20) / log(51));
    assert_feature(obs, "a.spread_z", -1.0 / 3); /* (2 - 4) / (1.5 + 0.5) */
    assert_feature(obs, "a.depth_near", log(401.0 / 401) / 2);
    assert_feature(obs, "a.depth_far", log(201.0 / 401) / 2);
    assert_feature(obs, "a.volatility_ratio", tanh(log(0.01 / 2)));
    assert_feature(obs, "a.volume_ratio", -1);
    free(x);
    pab_scenario_free(scn);
}

static void features_of_the_parent_follow_the_fills(void **state)
{
    (void)state;
    pab_scenario *scn;
    pab__executor *x = by_hand(&scn);
    float obs[OBS];
    x->leg[0].filled = 600;
    x->leg[0].account.paid = 600 * 1001.0;
    x->leg[1].filled = 550;
    x->leg[1].account.paid = 550 * 1001.0;
    x->leg[0].children = 1;
    x->leg[0].price = 998;
    x->leg[0].ahead = 100;
    x->leg[0].child[0] = (pab__child){.id = 1, .left = 25, .accepted = 1};
    pab__observation_make(x, scn, obs);
    assert_feature(obs, "a.leaves", 0.4);
    assert_feature(obs, "a.schedule", 0.4); /* 4 * (0.6 - 0.5) */
    assert_feature(obs, "a.working", 25.0 / (4 * 67));
    assert_feature(obs, "a.own_offset", 0.5 / 3);
    assert_feature(obs, "a.queue", 0.8);
    assert_feature(obs, "b.queue", 1);
    assert_feature(obs, "a.slippage", 6.0 / 20);
    assert_feature(obs, "b.slippage", -5.5 / 20);
    assert_feature(obs, "pair.time", 0.5);
    assert_feature(obs, "pair.hedge_error", 0.5);
    assert_feature(obs, "pair.room_a", (100 - 50 - 25) / 200.0);
    assert_feature(obs, "pair.room_b", 150 / 200.0);
    assert_feature(obs, "pair.slippage", 0.25 / 20); /* (600 - 550) of 2000000, in bps */
    free(x);
    pab_scenario_free(scn);
}

static void crumbling_rises_with_each_sign_of_it(void **state)
{
    (void)state;
    pab_scenario *scn;
    pab__executor *x = by_hand(&scn);
    pab__tracker *s = &x->leg[0].tracker;
    double p = pab__crumble_probability(x, scn, 0, 0), q;
    double v = -2 - 1.2 * log(301.0 / 201) + 0.3 * log(101.0 / 201) + 0.3 * (2.0 - 4) / 2;
    assert_true(fabs(p - 1 / (1 + exp(-v))) < 1e-12); /* 400 shares in three levels are the usual */
    s->depth[0][0].quantity = 10;
    assert_true((q = pab__crumble_probability(x, scn, 0, 0)) > p);
    s->gone[0] = 500;
    assert_true((p = pab__crumble_probability(x, scn, 0, 0)) > q);
    s->retreats[0] = 3;
    assert_true((q = pab__crumble_probability(x, scn, 0, 0)) > p);
    s->sold = 50;
    assert_true(pab__crumble_probability(x, scn, 0, 1) < q);
    assert_true((p = pab__crumble_probability(x, scn, 0, 0)) > q);
    s->depth[1][0].price = 1010;
    assert_true(pab__crumble_probability(x, scn, 0, 0) > p);
    free(x);
    pab_scenario_free(scn);
}

/* --- Seeing --- */

static void order_flow_counts_what_the_touch_gains(void **state)
{
    (void)state;
    pab__tracker s = {0};
    pab_level bid = {999, 300}, ask = {1001, 100};
    pab__tracker_quote(&s, &bid, 1, &ask, 1, 1000, 3);
    assert_true(s.flow == 0);
    pab__tracker_interval(&s); /* a book that appears is no change of it */
    bid.quantity = 350;
    pab__tracker_quote(&s, &bid, 1, &ask, 1, 1000, 3);
    assert_true(s.flow == 50);
    ask = (pab_level){1002, 80}; /* 100 shares offered are gone */
    pab__tracker_quote(&s, &bid, 1, &ask, 1, 1000, 3);
    assert_true(s.flow == 150);
    bid = (pab_level){998, 40};
    pab__tracker_quote(&s, &bid, 1, &ask, 1, 1000, 3);
    assert_true(s.flow == -200);
    assert_int_equal(s.added[0], 50 + 40);
    assert_int_equal(s.gone[0], 350);
    assert_int_equal(s.added[1], 80);
    assert_int_equal(s.gone[1], 100);
    assert_int_equal(s.retreats[0], 1);
    bid.price = 997;
    pab__tracker_quote(&s, &bid, 1, &ask, 1, 1000, 3);
    assert_int_equal(s.retreats[0], 3);
    bid.price = 999;
    pab__tracker_quote(&s, &bid, 1, &ask, 1, 1000, 3);
    assert_int_equal(s.retreats[0], 2);
}

static void changes_far_from_the_touch_are_not_counted(void **state)
{
    (void)state;
    pab__tracker s = {0};
    pab_level bids[3] = {{999, 300}, {996, 50}, {980, 70}}, ask = {1001, 100};
    pab__tracker_quote(&s, bids, 3, &ask, 1, 1000, 3);
    s.added[0] = 0;
    bids[1].quantity = 45;
    bids[2].quantity = 7000;
    pab__tracker_quote(&s, bids, 3, &ask, 1, 1000, 3);
    assert_int_equal(s.gone[0], 5);
    assert_int_equal(s.added[0], 0);
}

/* An order of ours that stands alone inside the spread must not look like the market's touch. */
static void own_orders_are_taken_out_of_the_depth(void **state)
{
    (void)state;
    pab_env *env = make_env("agents: {shark: {count: 0}}\npair: {interval: 200ms, horizon: 4s, feed_interval: 0ns}\n"
                            "latency: {model: none}");
    int seen = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        pab_decision d = {{9, PAB_ACTION_HOLD}, {13, 0}}; /* MID */
        must(pab_env_reset(env, seed, NULL, NULL, 0));
        for (int k = 0; k < 19; k++) {
            must(pab_env_step_exact(env, &d, NULL, 0, NULL));
            const pab__executor *x = pab__env_state(env);
            const pab__leg *leg = &x->leg[0];
            pab_level top;
            int side = leg->side == PAB_BUY ? 0 : 1;
            uint32_t symbol = (uint32_t)leg->symbol;
            if (!pab__leg_rests(leg) || pab_market_l2(pab_env_market(env), symbol, leg->side, 1, &top, 1) != 1)
                continue;
            if (top.price != leg->price || top.quantity != pab__leg_working(leg))
                continue;
            seen++; /* ours alone is best */
            assert_true((leg->price - pab__tracker_touch(&leg->tracker, side)) * leg->side > 0);
        }
    }
    assert_true(seen > 10);
    pab_env_free(env);
}

/* After enough quotes, what the executor has seen is what the books showed at the last one. */
static void what_is_seen_is_the_book_without_own_orders(void **state)
{
    (void)state;
    pab_env *env = make_env("pair: {feed_interval: 0ns}\nagents: {shark: {count: 0}}\n"
                            "latency: {model: none}");
    uint64_t same = 0, all = 0;
    for (uint64_t seed = 0; seed < 5; seed++) {
        must(pab_env_reset(env, seed, NULL, NULL, 0));
        for (int k = 0; k < 11; k++) {
            const pab__executor *x = pab__env_state(env);
            pab_level levels[PAB__TRACKER_LEVELS];
            for (int i = 0; i < 2; i++)
                for (int side = 0; side < 2; side++) {
                    uint32_t n = pab_market_l2(pab_env_market(env), (uint32_t)x->leg[i].symbol,
                                               side == 0 ? PAB_BUY : PAB_SELL, PAB__TRACKER_LEVELS, levels,
                                               PAB__TRACKER_LEVELS);
                    all++;
                    same += (int32_t)n == x->leg[i].tracker.levels[side] &&
                            memcmp(levels, x->leg[i].tracker.depth[side], n * sizeof levels[0]) == 0;
                }
            step(env, PAB_ACTION_HOLD, PAB_ACTION_HOLD);
        }
    }
    assert_true(same > all * 9 / 10); /* a message may be on its way */
    pab_env_free(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_stand_in_their_places),
        cmocka_unit_test(features_keep_their_bounds_and_move),
        cmocka_unit_test(signals_read_from_an_observation_make_it_again),
        cmocka_unit_test(features_of_the_book_are_signed_towards_us),
        cmocka_unit_test(features_of_the_parent_follow_the_fills),
        cmocka_unit_test(crumbling_rises_with_each_sign_of_it),
        cmocka_unit_test(order_flow_counts_what_the_touch_gains),
        cmocka_unit_test(changes_far_from_the_touch_are_not_counted),
        cmocka_unit_test(own_orders_are_taken_out_of_the_depth),
        cmocka_unit_test(what_is_seen_is_the_book_without_own_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
