/* What an episode costs: the parts add up to Perold's shortfall, whatever is done. */
#include "episode.h"

#include "env/env.h"

#include <math.h>

enum { OVER = PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED };

static int close_to(double a, double b)
{
    return fabs(a - b) <= 1e-9 * (1 + fabs(a) + fabs(b));
}

/* Costs of a whole episode of random actions, step by step. */
typedef struct totals {
    double shortfall[2], fees, hedge, risk, terminal, reward, square, hedge_max;
    uint32_t flags;
    int steps;
} totals;

static totals play(pab_env *env, uint64_t *rng)
{
    totals t = {0};
    pab_step_result r;
    do {
        r = step(env, (int32_t)(next_random(rng) % 17), (int32_t)(next_random(rng) % 17));
        for (int i = 0; i < 2; i++)
            t.shortfall[i] += r.cost.shortfall[i];
        t.fees += r.fees[0] + r.fees[1];
        t.hedge += r.cost.hedge;
        t.risk += r.cost.risk;
        t.terminal += r.cost.terminal;
        t.reward += r.reward;
        t.square += r.hedge_square;
        t.hedge_max = fmax(t.hedge_max, r.hedge_max);
        t.steps++;
    } while (!(r.flags & OVER));
    t.flags = r.flags;
    return t;
}

static pab_episode_metrics metrics_of(const pab_env *env)
{
    pab_episode_metrics m = {.struct_size = sizeof m};
    must(pab_env_metrics(env, &m));
    return m;
}

/* Perold: what was paid against the arrival price, and what was left at the last mid, from the fills alone. */
static double perold(const pab_env *env)
{
    pab_env_status s = describe(env);
    pab_fill fills[PAB_ENV_FILLS_KEPT];
    uint32_t n = pab_env_fills(env, fills, PAB_ENV_FILLS_KEPT);
    double money = 0, notional = 0;
    for (uint32_t k = 0; k < n; k++)
        money += s.side[fills[k].leg] * (double)fills[k].quantity * ((double)fills[k].price - s.arrival[fills[k].leg]);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(s.parent[i], s.filled[i]); /* nothing left, so no mid and no charge comes in */
        notional += (double)s.parent[i] * s.arrival[i];
    }
    return 1e4 * money / notional;
}

static void steps_add_up_to_the_shortfall_of_the_fills(void **state)
{
    (void)state;
    uint64_t rng = 3;
    int compared = 0;
    pab_env *env = make_env(NULL);
    for (uint64_t seed = 0; seed < 40; seed++) {
        must(pab_env_reset(env, seed, NULL, NULL, 0));
        totals t = play(env, &rng);
        pab_episode_metrics m = metrics_of(env);
        assert_true(close_to(t.shortfall[0] + t.shortfall[1], m.shortfall));
        assert_true(close_to(m.cost_spread + m.cost_impact + m.cost_drift, m.shortfall));
        if (m.fills > PAB_ENV_FILLS_KEPT || m.residual > 0)
            continue;
        assert_true(close_to(perold(env), m.shortfall));
        compared++;
    }
    assert_true(compared > 20);
    pab_env_free(env);
}

static void the_identity_holds_with_shares_left_over(void **state)
{
    (void)state;
    pab_env *env = make_env("pair: {quantity: 200000}");
    uint64_t rng = 5;
    must(pab_env_reset(env, 2, NULL, NULL, 0));
    totals t = play(env, &rng);
    pab_episode_metrics m = metrics_of(env);
    assert_true(m.residual > 0.1);
    assert_true(close_to(m.completion + m.forced + m.residual, 1));
    assert_true(close_to(t.shortfall[0] + t.shortfall[1], m.shortfall));
    /* The residual costs its mark, half a spread and 50 bps; and 50 bps more in the terminal term. */
    assert_true(m.shortfall > 50 * m.residual - 50);
    assert_true(m.terminal_cost >= 50 * m.residual);
    pab_env_free(env);
}

static double fees_of(const pab_env *env, double maker, double taker)
{
    pab_env_status s = describe(env);
    pab_fill fills[PAB_ENV_FILLS_KEPT];
    uint32_t n = pab_env_fills(env, fills, PAB_ENV_FILLS_KEPT);
    double money = 0, notional = 0;
    for (uint32_t k = 0; k < n; k++)
        money += (double)fills[k].quantity * (fills[k].passive ? maker : taker);
    for (int i = 0; i < 2; i++)
        notional += (double)s.parent[i] * s.arrival[i];
    return 1e4 * money / notional;
}

/* The same actions in the same market, with the exchange's fees and without. */
static void fees_are_part_of_the_shortfall_and_of_nothing_else(void **state)
{
    (void)state;
    pab_env *free_env = make_env(NULL);
    pab_env *env = make_env("exchange: {maker_fee: -15, taker_fee: 35.5, tick_value: 0.01}");
    int passive = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint64_t rng[2] = {seed, seed};
        must(pab_env_reset(free_env, seed, NULL, NULL, 0));
        must(pab_env_reset(env, seed, NULL, NULL, 0));
        totals free_t = play(free_env, &rng[0]), t = play(env, &rng[1]);
        pab_episode_metrics free_m = metrics_of(free_env), m = metrics_of(env);
        assert_true(free_m.cost_fees == 0 && free_t.fees == 0);
        assert_true(m.fills == free_m.fills && m.cost_drift == free_m.cost_drift);
        assert_true(close_to(m.shortfall, free_m.shortfall + m.cost_fees));
        assert_true(close_to(t.shortfall[0] + t.shortfall[1], m.shortfall));
        assert_true(close_to(m.cost_spread + m.cost_impact + m.cost_drift + m.cost_fees, m.shortfall));
        assert_true(close_to(t.fees, m.cost_fees));
        assert_true(close_to(t.reward - free_t.reward, -m.cost_fees));
        if (m.fills <= PAB_ENV_FILLS_KEPT)
            assert_true(close_to(fees_of(env, -15, 35.5), m.cost_fees));
        passive += m.passive > 0;
    }
    assert_true(passive > 10);
    pab_env_free(env);
    pab_env_free(free_env);
}

/* Fees in cents and shortfalls in cents follow the tick's value; what is in bps does not see it. */
static void money_is_ticks_times_what_a_tick_is_worth(void **state)
{
    (void)state;
    pab_env *cents = make_env("exchange: {maker_fee: -15, taker_fee: 35.5, tick_value: 0.01}");
    pab_env *tenths = make_env("exchange: {maker_fee: -1.5, taker_fee: 3.55}"); /* the preset's own: 0.001 */
    for (uint64_t seed = 0; seed < 5; seed++) {
        uint64_t rng[2] = {seed, seed};
        must(pab_env_reset(cents, seed, NULL, NULL, 0));
        must(pab_env_reset(tenths, seed, NULL, NULL, 0));
        play(cents, &rng[0]);
        play(tenths, &rng[1]);
        pab_episode_metrics a = metrics_of(cents), b = metrics_of(tenths);
        pab_env_status s = describe(cents);
        double notional = 0;
        for (int i = 0; i < 2; i++)
            notional += (double)s.parent[i] * s.arrival[i];
        assert_true(a.cost_fees != 0 && close_to(a.cost_fees, b.cost_fees) && close_to(a.shortfall, b.shortfall));
        assert_true(close_to(a.shortfall_currency, 1e-4 * a.shortfall * notional));
        assert_true(close_to(b.shortfall_currency, 0.1 * a.shortfall_currency));
    }
    pab_env_free(tenths);
    pab_env_free(cents);
}

static void the_identity_holds_with_a_live_ratio(void **state)
{
    (void)state;
    pab_env *env = make_env("pair: {ratio_mode: live}");
    uint64_t rng = 7;
    int changed = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        must(pab_env_reset(env, seed, NULL, NULL, 0));
        int64_t before = describe(env).parent[1];
        totals t = play(env, &rng);
        pab_episode_metrics m = metrics_of(env);
        assert_true(close_to(t.shortfall[0] + t.shortfall[1], m.shortfall));
        assert_true(close_to(m.cost_spread + m.cost_impact + m.cost_drift, m.shortfall));
        changed += describe(env).parent[1] != before;
        assert_true(describe(env).filled[1] <= describe(env).parent[1]);
    }
    assert_true(changed > 0);
    pab_env_free(env);
}

static void rewards_are_the_weighted_costs(void **state)
{
    (void)state;
    pab_env *env = make_env(NULL);
    pab_reset_options o;
    uint64_t rng = 11;
    must(pab_reset_options_init(&o, sizeof o));
    o.weights = (pab_reward_weights){sizeof o.weights, PAB_X_NONE, 2, 3, 5, 7, 0};
    must(pab_env_reset(env, 4, &o, NULL, 0));
    totals t = play(env, &rng);
    assert_true(t.risk > 0 && t.hedge > 0);
    double shortfall = t.shortfall[0] + t.shortfall[1];
    assert_true(close_to(t.reward, -(2 * shortfall + 3 * t.hedge + 5 * t.risk + 7 * t.terminal)));
    pab_env_free(env);
}

static void each_extra_term_enters_with_its_weight(void **state)
{
    (void)state;
    pab_env *env = make_env(NULL);
    for (int32_t kind = PAB_X_ADVERSE_SELECTION; kind <= PAB_X_EXPOSURE; kind++) {
        pab_reset_options o;
        double sum = 0;
        must(pab_reset_options_init(&o, sizeof o));
        o.weights = (pab_reward_weights){sizeof o.weights, kind, 0, 0, 0, 0, 2};
        for (uint64_t seed = 0; seed < 8; seed++) {
            uint64_t rng = 13 + seed;
            must(pab_env_reset(env, seed, &o, NULL, 0));
            pab_step_result r;
            do {
                r = step(env, (int32_t)(next_random(&rng) % 17), (int32_t)(next_random(&rng) % 17));
                assert_true(close_to(r.reward, -2 * r.cost.extra));
                assert_true(kind == PAB_X_SPREAD_CAPTURE ? r.cost.extra <= 0 : r.cost.extra >= 0);
                sum += fabs(r.cost.extra);
            } while (!(r.flags & OVER));
        }
        assert_true(sum > 0);
    }
    pab_env_free(env);
}

/* A tenth of A, nothing of B, for the whole horizon: h is 0.1, and costs one bp. */
static void a_constant_error_of_a_tenth_costs_one_bp(void **state)
{
    (void)state;
    pab_env *env = make_env("pair: {quantity: 200, horizon: 60s, interval: 1s}\nagents: {shark: {count: 0}}");
    pab_step_result r;
    double hedge = 0;
    must(pab_env_reset(env, 3, NULL, NULL, 0));
    pab_decision d = {{PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_SWEEP, PAB_ACTION_HOLD}, {20, 0}};
    must(pab_step_result_init(&r, sizeof r));
    must(pab_env_step_exact(env, &d, NULL, 0, &r));
    assert_int_equal(r.filled[0], 20);
    for (int k = 1; k < 60; k++) {
        r = step(env, PAB_ACTION_HOLD, PAB_ACTION_HOLD);
        hedge += r.cost.hedge;
    }
    assert_true(fabs(hedge - 1.0 * 59 / 60) < 1e-6);
    assert_true(fabs(metrics_of(env).tracking_error - 10) < 0.1);
    assert_true(fabs(metrics_of(env).hedge_max - 0.1) < 1e-9);
    pab_env_free(env);
}

static void a_parent_that_is_done_ends_the_episode_early(void **state)
{
    (void)state;
    pab_env *env = make_env("pair: {quantity: 40, band: 1}");
    must(pab_env_reset(env, 3, NULL, NULL, 0));
    pab_step_result r;
    int steps = 0;
    do {
        pab_decision d = {{15, 15}, {4000, 4000}};
        must(pab_step_result_init(&r, sizeof r));
        must(pab_env_step_exact(env, &d, NULL, 0, &r));
        steps++;
    } while (!(r.flags & OVER));
    assert_int_equal(r.flags, PAB_STEP_TERMINATED);
    assert_true(steps < 6);
    pab_episode_metrics m = metrics_of(env);
    assert_true(close_to(m.completion, 1));
    assert_true(m.terminal_cost == 0 && m.forced == 0);
    pab_env_free(env);
}

static void a_market_that_closes_first_truncates(void **state)
{
    (void)state;
    pab_env *env = make_env("clock: {market_close: '09:31:00', noise_close: '09:31:00', oracle_close: '09:31:00'}");
    must(pab_env_reset(env, 3, NULL, NULL, 0));
    uint64_t rng = 17;
    totals t = play(env, &rng);
    assert_int_equal(t.flags & OVER, PAB_STEP_TRUNCATED);
    pab_episode_metrics m = metrics_of(env);
    assert_int_equal(m.truncated, 1);
    assert_true(m.residual > 0);
    assert_true(close_to(t.shortfall[0] + t.shortfall[1], m.shortfall));
    pab_env_free(env);
}

static void passive_fills_earn_and_aggressive_fills_pay_the_spread(void **state)
{
    (void)state;
    pab_env *env = make_env("agents: {shark: {count: 0}}");
    double paid = 0, passive = 0;
    for (uint64_t seed = 0; seed < 10; seed++) {
        must(pab_env_reset(env, seed, NULL, NULL, 0));
        while (!(step(env, 12, 12).flags & OVER)) {
        }
        pab_episode_metrics m = metrics_of(env);
        paid += m.cost_spread;
        passive += m.passive;
        assert_true(m.participation > 0 && m.participation <= 1);
    }
    assert_true(paid > 0 && passive < 0.5);
    pab_env_free(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_add_up_to_the_shortfall_of_the_fills),
        cmocka_unit_test(the_identity_holds_with_shares_left_over),
        cmocka_unit_test(fees_are_part_of_the_shortfall_and_of_nothing_else),
        cmocka_unit_test(money_is_ticks_times_what_a_tick_is_worth),
        cmocka_unit_test(the_identity_holds_with_a_live_ratio),
        cmocka_unit_test(rewards_are_the_weighted_costs),
        cmocka_unit_test(each_extra_term_enters_with_its_weight),
        cmocka_unit_test(a_constant_error_of_a_tenth_costs_one_bp),
        cmocka_unit_test(a_parent_that_is_done_ends_the_episode_early),
        cmocka_unit_test(a_market_that_closes_first_truncates),
        cmocka_unit_test(passive_fills_earn_and_aggressive_fills_pay_the_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
