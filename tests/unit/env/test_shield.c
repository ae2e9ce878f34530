/* Parents are never over-filled and the hedge error stays in its band, whatever fills and whatever is asked. */
#include "episode.h"

#include "env/env.h"

#include <math.h>
#include <stdlib.h>

#define SMALL 1e-8

/* --- The bounds alone, against fills made up to hurt --- */

static pab__executor *random_parents(uint64_t *rng)
{
    pab__executor *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->phase = PAB__PHASE_RUN;
    x->steps = 60;
    x->weights.shield = 1;
    x->leg[0].side = PAB_BUY;
    x->leg[1].side = PAB_SELL;
    x->leg[0].parent = 1 + next_random(rng) % 2000;
    x->leg[1].parent = 1 + next_random(rng) % 2000;
    x->ratio = (double)x->leg[1].parent / (double)x->leg[0].parent;
    x->band = fmax(0.1 * (double)x->leg[0].parent, fmax(2, 2 / x->ratio));
    for (int i = 0; i < 2; i++) {
        x->leg[i].children = 1; /* one order stands for all */
        x->leg[i].tracker.levels[0] = x->leg[i].tracker.levels[1] = 1;
        x->leg[i].tracker.depth[0][0] = (pab_level){999, 100};
        x->leg[i].tracker.depth[1][0] = (pab_level){1001, 100};
    }
    return x;
}

static void assert_inside(const pab__executor *x)
{
    assert_true(fabs(pab__executor_hedge_error(x)) <= x->band + SMALL);
    for (int i = 0; i < 2; i++)
        assert_true(x->leg[i].filled + pab__leg_working(&x->leg[i]) <= x->leg[i].parent);
}

static void fill(pab__executor *x, int i, int64_t shares)
{
    x->leg[i].filled += shares;
    x->leg[i].child[0].left -= shares;
    assert_inside(x);
}

static void one_event(pab__executor *x, uint64_t *rng)
{
    int i = (int)(next_random(rng) % 2);
    int64_t left = x->leg[i].child[0].left;
    switch (next_random(rng) % 4) {
    case 0: /* as much as is let */
        x->leg[i].child[0].left += pab__shield_headroom(x, i, left);
        break;
    case 1: {
        int64_t asked = next_random(rng) % 500, most = pab__shield_headroom(x, i, left);
        x->leg[i].child[0].left += asked < most ? asked : most;
        break;
    }
    case 2:
        fill(x, i, left > 0 ? 1 + (int64_t)(next_random(rng) % (uint64_t)left) : 0);
        break;
    default:
        x->leg[i].child[0].left -= left > 0 ? (int64_t)(next_random(rng) % (uint64_t)(left + 1)) : 0;
    }
    assert_inside(x);
}

static void random_fills_never_leave_the_band_or_over_fill(void **state)
{
    (void)state;
    uint64_t rng = 7;
    for (int round = 0; round < 400; round++) {
        pab__executor *x = random_parents(&rng);
        for (int n = 0; n < 400; n++)
            one_event(x, &rng);
        free(x);
    }
}

static void the_worst_fills_of_what_works_stay_in_the_band(void **state)
{
    (void)state;
    uint64_t rng = 11;
    for (int round = 0; round < 2000; round++) {
        pab__executor *x = random_parents(&rng);
        int hurt = (int)(next_random(&rng) % 2);
        for (int n = 0; n < 40; n++) {
            for (int i = 0; i < 2; i++)
                x->leg[i].child[0].left += pab__shield_headroom(x, i, x->leg[i].child[0].left);
            fill(x, hurt, x->leg[hurt].child[0].left);
            if (n % 2)
                fill(x, 1 - hurt, x->leg[1 - hurt].child[0].left);
        }
        free(x);
    }
}

/* In every state of a pair one of its legs may trade: liquidation cannot get stuck. */
static void some_leg_always_has_room_until_both_are_done(void **state)
{
    (void)state;
    uint64_t rng = 13;
    for (int round = 0; round < 2000; round++) {
        pab__executor *x = random_parents(&rng);
        for (int n = 0; n < 300 && pab__leg_leaves(&x->leg[0]) + pab__leg_leaves(&x->leg[1]) > 0; n++) {
            int i = pab__executor_hedge_error(x) <= 0 ? 0 : 1;
            if (pab__shield_headroom(x, i, 0) == 0)
                i = 1 - i;
            int64_t room = pab__shield_headroom(x, i, 0);
            assert_true(room > 0);
            x->leg[i].child[0].left = room;
            fill(x, i, 1 + (int64_t)(next_random(&rng) % (uint64_t)room));
            x->leg[i].child[0].left = 0;
        }
        free(x);
    }
}

static void without_the_shield_only_over_fill_is_kept_from(void **state)
{
    (void)state;
    uint64_t rng = 17;
    pab__executor *x = random_parents(&rng);
    x->weights.shield = 0;
    assert_int_equal(pab__shield_headroom(x, 0, 0), x->leg[0].parent);
    assert_int_equal(pab__shield_headroom(x, 1, 0), x->leg[1].parent);
    x->leg[0].filled = x->leg[0].parent;
    assert_int_equal(pab__shield_headroom(x, 0, 0), 0);
    free(x);
}

static void sizes_are_multiples_of_the_slice(void **state)
{
    (void)state;
    uint64_t rng = 19;
    pab__executor *x = random_parents(&rng);
    x->leg[0].parent = 605;
    pab__intent half = {PAB_STYLE_JOIN, 0, 0}, one = {PAB_STYLE_JOIN, 1, 0}, two = {PAB_STYLE_JOIN, 2, 0};
    assert_int_equal(pab__shield_wanted(x, 0, &half), 6); /* slice: 605 / 60 rounded up, 11 */
    assert_int_equal(pab__shield_wanted(x, 0, &one), 11);
    assert_int_equal(pab__shield_wanted(x, 0, &two), 22);
    x->leg[0].filled = 600;
    assert_int_equal(pab__shield_wanted(x, 0, &two), 2);
    x->step = 59;
    assert_int_equal(pab__shield_wanted(x, 0, &two), 5);
    one.exact = 3;
    assert_int_equal(pab__shield_wanted(x, 0, &one), 3);
    free(x);
}

static void set_touches(pab__executor *x, int i, int64_t bid, int64_t ask)
{
    x->leg[i].tracker.levels[0] = bid != 0;
    x->leg[i].tracker.levels[1] = ask != 0;
    x->leg[i].tracker.depth[0][0] = (pab_level){bid, 100};
    x->leg[i].tracker.depth[1][0] = (pab_level){ask, 100};
}

static void styles_become_prices_that_never_cross_by_mistake(void **state)
{
    (void)state;
    uint64_t rng = 23;
    pab__executor *x = random_parents(&rng);
    set_touches(x, 0, 1000, 1010);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_JOIN), 1000);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_IMPROVE), 1002);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_MID), 1005);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_TAKE), 1010);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_SWEEP), 1012); /* 10 bps of 1005, rounded up */
    set_touches(x, 1, 1000, 1010);
    assert_int_equal(pab__shield_price(x, 1, PAB_STYLE_JOIN), 1010);
    assert_int_equal(pab__shield_price(x, 1, PAB_STYLE_IMPROVE), 1008);
    assert_int_equal(pab__shield_price(x, 1, PAB_STYLE_SWEEP), 998);
    set_touches(x, 0, 1000, 1001);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_IMPROVE), 1000);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_MID), 1000);
    free(x);
}

static void an_empty_side_leaves_what_can_be_done(void **state)
{
    (void)state;
    uint64_t rng = 29;
    pab__executor *x = random_parents(&rng);
    x->leg[0].tracker.last_trade = 1005;
    set_touches(x, 0, 0, 1010);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_JOIN), 1004);
    set_touches(x, 0, 0, 1002);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_JOIN), 1001);
    set_touches(x, 0, 1000, 0);
    assert_int_equal(pab__shield_price(x, 0, PAB_STYLE_TAKE), 0);
    assert_false(pab__shield_allows(x, 0, 12));
    assert_false(pab__shield_allows(x, 0, 9));
    assert_true(pab__shield_allows(x, 0, 3));
    assert_int_equal(pab__shield_lower(x, 0, 15), 3); /* SWEEP, TAKE, MID, IMPROVE, JOIN x1 */
    free(x);
}

static void a_style_without_a_price_of_its_own_is_illegal(void **state)
{
    (void)state;
    uint64_t rng = 31;
    pab__executor *x = random_parents(&rng);
    const struct {
        int64_t spread;
        int improve, mid;
    } rows[] = {{1, 0, 0}, {2, 1, 0}, {3, 1, 0}, {4, 1, 1}, {10, 1, 1}};
    for (int i = 0; i < PAB_ENV_LEGS; i++) {
        for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
            set_touches(x, i, 1000, 1000 + rows[k].spread);
            uint8_t mask[PAB_ENV_LEG_ACTIONS];
            pab__shield_mask(x, i, mask);
            for (int size = 0; size < 3; size++) {
                assert_int_equal(mask[2 + size], 1);
                assert_int_equal(mask[5 + size], rows[k].improve);
                assert_int_equal(mask[8 + size], rows[k].mid);
                assert_int_equal(pab__shield_lower(x, i, 8 + size), (rows[k].mid ? 8 : rows[k].improve ? 5 : 2) + size);
            }
        }
    }
    free(x);
}

/* --- The whole environment --- */

/* Replays the fills and looks at every instant. */
static void assert_fills_inside(const pab_env *env)
{
    pab_env_status s = describe(env);
    pab_fill fills[PAB_ENV_FILLS_KEPT];
    uint32_t n = pab_env_fills(env, fills, PAB_ENV_FILLS_KEPT);
    pab_episode_metrics m = {.struct_size = sizeof m};
    must(pab_env_metrics(env, &m));
    if (m.fills > (int64_t)n)
        return; /* the first ones are no longer kept; hedge_max below covers them */
    int64_t filled[2] = {0, 0};
    for (uint32_t k = 0; k < n; k++) {
        filled[fills[k].leg] += fills[k].quantity;
        assert_true(filled[fills[k].leg] <= s.parent[fills[k].leg]);
        double e = (double)filled[0] - (double)filled[1] / s.ratio;
        assert_true(fabs(e) <= s.band + SMALL);
    }
    assert_int_equal(filled[0], s.filled[0]);
    assert_int_equal(filled[1], s.filled[1]);
}

/* What rests in the books is never more than the environment counts as live. */
static void assert_live(const pab_env *env)
{
    pab_env_status s = describe(env);
    const pab_market *m = pab_env_market(env);
    pab_resting_order orders[512];
    for (int i = 0; i < 2; i++) {
        int64_t rests = 0;
        uint32_t n = pab_market_l3(m, (uint32_t)s.symbol[i], s.side[i], orders, 512);
        for (uint32_t k = 0; k < n && k < 512; k++)
            rests += orders[k].agent == pab__pair_of(m->scn)->executor ? orders[k].quantity : 0;
        assert_true(rests <= s.live[i]);
        assert_true(s.filled[i] + s.live[i] <= s.parent[i]);
    }
}

static uint32_t episode(pab_env *env, uint64_t seed, uint64_t *rng)
{
    pab_reset_options o;
    must(pab_reset_options_init(&o, sizeof o));
    o.quantity_a = 1 + next_random(rng) % 1500;
    must(pab_env_reset(env, seed, &o, NULL, 0));
    pab_step_result r;
    do {
        pab_decision d = {{(int32_t)(next_random(rng) % 17), (int32_t)(next_random(rng) % 17)}, {0, 0}};
        d.quantity[0] = next_random(rng) % 4 == 0 ? next_random(rng) % 3000 : 0;
        d.quantity[1] = next_random(rng) % 4 == 0 ? next_random(rng) % 3000 : 0;
        must(pab_step_result_init(&r, sizeof r));
        must(pab_env_step_exact(env, &d, NULL, 0, &r));
        pab_env_status s = describe(env);
        assert_true(fabs(r.hedge_error) <= s.band + SMALL);
        assert_true(r.hedge_max * (double)s.parent[0] <= s.band + SMALL);
        assert_live(env);
    } while (!(r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)));
    assert_fills_inside(env);
    return r.flags;
}

static void random_actions_in_a_rough_market_stay_inside(void **state)
{
    (void)state;
    uint64_t rng = 31;
    pab_env *env = make_env(NULL);
    for (uint64_t seed = 0; seed < 40; seed++)
        episode(env, seed, &rng);
    pab_env_free(env);
}

static void decisions_faster_than_answers_stay_inside(void **state)
{
    (void)state;
    uint64_t rng = 37;
    pab_env *env = make_env("pair: {interval: 10ms, horizon: 4s, quantity: 400}");
    for (uint64_t seed = 0; seed < 10; seed++)
        episode(env, seed, &rng);
    pab_env_free(env);
}

/* Messages pass each other on the way: a cancel that came before its order would leave it working for ever. */
static void answers_that_overtake_each_other_stay_inside(void **state)
{
    (void)state;
    uint64_t rng = 41;
    pab_env *env = make_env("latency: {model: cubic, jitter: 0.5, jitter_clip: 0.1, jitter_unit: 10}\n"
                            "pair: {interval: 2ms, horizon: 1s, quantity: 400}");
    for (uint64_t seed = 0; seed < 20; seed++)
        assert_int_equal(episode(env, seed, &rng) & PAB_STEP_TRUNCATED, 0);
    pab_env_free(env);
}

static void liquidation_finishes_what_nobody_worked(void **state)
{
    (void)state;
    pab_env *env = make_env("pair: {quantity: 300}");
    for (uint64_t seed = 0; seed < 10; seed++) {
        must(pab_env_reset(env, seed, NULL, NULL, 0));
        pab_step_result r;
        do
            r = step(env, PAB_ACTION_HOLD, PAB_ACTION_HOLD);
        while (!(r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)));
        pab_episode_metrics m = {.struct_size = sizeof m};
        must(pab_env_metrics(env, &m));
        assert_true(r.flags == (PAB_STEP_TERMINATED | PAB_STEP_FORCED));
        assert_true(fabs(m.completion) < SMALL && fabs(m.forced + m.residual - 1) < SMALL);
        assert_true(m.residual < SMALL);
        assert_fills_inside(env);
    }
    pab_env_free(env);
}

/* A legal action that was not sent would be counted; in a market that stands still none is. */
static void a_legal_action_is_not_refused_when_it_is_sent(void **state)
{
    (void)state;
    uint64_t rng = 43;
    pab_env *env = make_env("agents: {shark: {count: 0}}");
    uint8_t mask[34];
    int64_t actions = 0, refused = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        must(pab_env_reset(env, seed, NULL, NULL, 0));
        pab_step_result r = {0};
        do {
            int32_t action[2], before = r.shielded, waits = 0;
            must(pab_env_legal(env, mask));
            for (int i = 0; i < 2; i++) {
                do
                    action[i] = (int32_t)(next_random(&rng) % 17);
                while (!mask[17 * i + action[i]]);
                waits |= describe(env).live[i] != 0;
            }
            r = step(env, action[0], action[1]);
            /* Nothing of ours was in the market: what is legal goes out at once. */
            if (!waits && !(r.flags & PAB_STEP_FORCED))
                assert_int_equal(r.shielded, before);
            refused += r.shielded - before;
            actions += 2;
        } while (!(r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)));
    }
    assert_true(refused * 50 < actions);
    pab_env_free(env);
}

static void illegal_actions_go_down_the_ladder_and_are_counted(void **state)
{
    (void)state;
    pab_env *env = make_env("agents: {shark: {count: 0}}");
    uint8_t mask[34];
    must(pab_env_reset(env, 1, NULL, NULL, 0));
    must(pab_env_legal(env, mask));
    assert_int_equal(mask[PAB_ACTION_HOLD], 1);
    assert_int_equal(mask[PAB_ACTION_CANCEL], 0);
    assert_int_equal(step(env, PAB_ACTION_CANCEL, PAB_ACTION_HOLD).shielded, 1);
    assert_int_equal(step(env, PAB_ACTION_CANCEL, PAB_ACTION_CANCEL).shielded, 3);
    pab_env_free(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_fills_never_leave_the_band_or_over_fill),
        cmocka_unit_test(the_worst_fills_of_what_works_stay_in_the_band),
        cmocka_unit_test(some_leg_always_has_room_until_both_are_done),
        cmocka_unit_test(without_the_shield_only_over_fill_is_kept_from),
        cmocka_unit_test(sizes_are_multiples_of_the_slice),
        cmocka_unit_test(styles_become_prices_that_never_cross_by_mistake),
        cmocka_unit_test(an_empty_side_leaves_what_can_be_done),
        cmocka_unit_test(a_style_without_a_price_of_its_own_is_illegal),
        cmocka_unit_test(random_actions_in_a_rough_market_stay_inside),
        cmocka_unit_test(decisions_faster_than_answers_stay_inside),
        cmocka_unit_test(answers_that_overtake_each_other_stay_inside),
        cmocka_unit_test(liquidation_finishes_what_nobody_worked),
        cmocka_unit_test(a_legal_action_is_not_refused_when_it_is_sent),
        cmocka_unit_test(illegal_actions_go_down_the_ladder_and_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
