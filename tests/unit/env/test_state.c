/* Environments as states: forks go the same way, futures are shared, bytes restore, nothing looks ahead. */
#include "episode.h"

#include "env/env.h"

#include <stdlib.h>

enum { OVER = PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED };

static void run(pab_env *env, uint64_t *rng, int steps)
{
    for (int k = 0; k < steps; k++)
        step(env, (int32_t)(next_random(rng) % 17), (int32_t)(next_random(rng) % 17));
}

static void a_fork_follows_its_origin(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    uint64_t rng = 3, again;
    must(pab_env_reset(a, 5, NULL, NULL, 0));
    run(a, &rng, 4);
    must(pab_env_copy(b, a));
    assert_true(hash_of(a) == hash_of(b));
    again = rng;
    run(a, &rng, 5);
    assert_true(hash_of(a) != hash_of(b));
    run(b, &again, 5);
    assert_true(hash_of(a) == hash_of(b));
    pab_env_free(a);
    pab_env_free(b);
}

static void a_snapshot_starts_the_same_episode_as_a_warm_up(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    float x[OBS], y[OBS];
    uint64_t rng = 5, again = 5;
    must(pab_env_reset(a, 7, NULL, NULL, 0));
    run(a, &rng, 6);
    rng = 5;
    must(pab_env_reset(a, 7, NULL, x, OBS)); /* from the snapshot */
    must(pab_env_reset(b, 7, NULL, y, OBS)); /* simulated */
    assert_memory_equal(x, y, sizeof x);
    run(a, &rng, 6);
    run(b, &again, 6);
    assert_true(hash_of(a) == hash_of(b));
    pab_env_free(a);
    pab_env_free(b);
}

static void arrival_prices_do_not_depend_on_the_parent(void **state)
{
    (void)state;
    pab_env *env = make_env(NULL);
    pab_reset_options o;
    must(pab_reset_options_init(&o, sizeof o));
    must(pab_env_reset(env, 8, &o, NULL, 0));
    pab_env_status buy = describe(env);
    o.side_a = PAB_SELL;
    o.quantity_a = 33;
    must(pab_env_reset(env, 8, &o, NULL, 0));
    pab_env_status sell = describe(env);
    assert_int_equal(buy.side[0], PAB_BUY);
    assert_int_equal(sell.side[0], PAB_SELL);
    assert_int_equal(sell.side[1], PAB_BUY);
    assert_int_equal(sell.parent[0], 33);
    assert_true(buy.arrival[0] == sell.arrival[0] && buy.arrival[1] == sell.arrival[1]);
    pab_env_free(env);
}

static void assert_same_books(const pab_env *a, const pab_env *b)
{
    pab_resting_order x[1024], y[1024];
    for (uint32_t symbol = 0; symbol < 2; symbol++)
        for (int side = -1; side <= 1; side += 2) {
            uint32_t n = pab_market_l3(pab_env_market(a), symbol, side, x, 1024);
            assert_int_equal(pab_market_l3(pab_env_market(b), symbol, side, y, 1024), n);
            assert_memory_equal(x, y, (n < 1024 ? n : 1024) * sizeof x[0]);
        }
}

static void holding_in_two_forks_gives_identical_books(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    must(pab_env_reset(a, 9, NULL, NULL, 0));
    must(pab_env_copy(b, a));
    must(pab_env_reseed(a, 1));
    must(pab_env_reseed(b, 1));
    for (int k = 0; k < 10; k++) {
        step(a, PAB_ACTION_HOLD, PAB_ACTION_HOLD);
        step(b, PAB_ACTION_HOLD, PAB_ACTION_HOLD);
        assert_same_books(a, b);
    }
    pab_env_free(a);
    pab_env_free(b);
}

/* Forks with one number share all randomness, whatever they do: the fundamentals agree, and so does an agent that
 * nobody disturbs. */
static void futures_of_one_number_are_common(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    uint64_t rng = 11;
    must(pab_env_reset(a, 10, NULL, NULL, 0));
    must(pab_env_copy(b, a));
    must(pab_env_reseed(a, 4));
    must(pab_env_reseed(b, 4));
    for (int k = 0; k < 8; k++) {
        step(a, PAB_ACTION_HOLD, PAB_ACTION_HOLD);
        run(b, &rng, 1);
    }
    assert_true(hash_of(a) != hash_of(b));
    for (uint32_t symbol = 0; symbol < 2; symbol++) {
        pab_symbol_info x = {.struct_size = sizeof x}, y = {.struct_size = sizeof y};
        must(pab_market_symbol(pab_env_market(a), symbol, &x));
        must(pab_market_symbol(pab_env_market(b), symbol, &y));
        assert_int_equal(x.fundamental, y.fundamental);
    }
    pab_env_free(a);
    pab_env_free(b);
}

static void futures_of_different_numbers_part(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    must(pab_env_reset(a, 10, NULL, NULL, 0));
    must(pab_env_copy(b, a));
    must(pab_env_reseed(a, 1));
    must(pab_env_reseed(b, 2));
    step(a, 0, 0);
    step(b, 0, 0);
    assert_true(hash_of(a) != hash_of(b));
    pab_env_free(a);
    pab_env_free(b);
}

/* Everything that is drawn after t_k differs; what is observed at t_k does not. */
static void the_observation_does_not_look_ahead(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    float x[OBS], y[OBS];
    uint64_t rng = 13, parted = 0;
    must(pab_env_reset(a, 12, NULL, NULL, 0));
    for (int k = 0; k < 11; k++) {
        must(pab_env_copy(b, a));
        must(pab_env_reseed(b, 77));
        must(pab_env_observe(a, x, OBS));
        must(pab_env_observe(b, y, OBS));
        assert_memory_equal(x, y, sizeof x);
        uint8_t m[34], n[34];
        must(pab_env_legal(a, m));
        must(pab_env_legal(b, n));
        assert_memory_equal(m, n, sizeof m);
        uint64_t again = rng;
        run(b, &again, 1);
        run(a, &rng, 1);
        must(pab_env_observe(a, x, OBS));
        must(pab_env_observe(b, y, OBS));
        parted += memcmp(x, y, sizeof x) != 0;
    }
    assert_true(parted > 8);
    pab_env_free(a);
    pab_env_free(b);
}

/* Between two decisions the market is run in one go; stopping it at each event changes nothing. */
static void observing_changes_nothing(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    float obs[OBS];
    uint8_t mask[34];
    uint64_t rng = 17, again = 17;
    must(pab_env_reset(a, 14, NULL, obs, OBS));
    must(pab_env_reset(b, 14, NULL, NULL, 0));
    for (int k = 0; k < 12; k++) {
        must(pab_env_observe(a, obs, OBS));
        must(pab_env_legal(a, mask));
        describe(a);
        pab_env_fills(a, NULL, 0);
        run(a, &rng, 1);
        run(b, &again, 1);
    }
    assert_true(hash_of(a) == hash_of(b));
    pab_env_free(a);
    pab_env_free(b);
}

static void saved_bytes_restore_the_middle_of_an_episode(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    uint64_t rng = 19, again;
    size_t size = 0;
    must(pab_env_reset(a, 15, NULL, NULL, 0));
    run(a, &rng, 5);
    assert_int_equal(pab_env_save(a, NULL, 0, &size), PAB_E_CAPACITY);
    unsigned char *bytes = malloc(size);
    assert_non_null(bytes);
    must(pab_env_save(a, bytes, size, NULL));
    must(pab_env_restore(b, bytes, size));
    assert_true(hash_of(a) == hash_of(b));
    again = rng;
    run(a, &rng, 7);
    run(b, &again, 7);
    assert_true(hash_of(a) == hash_of(b));
    uint64_t before = hash_of(b);
    bytes[size / 2] ^= 1;
    assert_int_equal(pab_env_restore(b, bytes, size), PAB_E_CORRUPT);
    assert_int_equal(pab_env_restore(b, bytes, 20), PAB_E_CORRUPT);
    assert_true(hash_of(b) == before);
    free(bytes);
    pab_env_free(a);
    pab_env_free(b);
}

static void a_state_of_another_scenario_is_refused(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env("pair: {quantity: 201}");
    unsigned char bytes[400000];
    size_t size = 0;
    must(pab_env_reset(a, 15, NULL, NULL, 0));
    must(pab_env_save(a, bytes, sizeof bytes, &size));
    assert_int_equal(pab_env_restore(b, bytes, size), PAB_E_KIND);
    assert_int_equal(pab_env_copy(b, a), PAB_E_KIND);
    uint64_t hash;
    assert_int_equal(pab_env_hash(b, &hash), PAB_E_STATE);
    pab_env_free(a);
    pab_env_free(b);
}

static void calls_before_a_reset_and_after_the_end_are_refused(void **state)
{
    (void)state;
    pab_env *env = make_env(NULL);
    float obs[OBS];
    int32_t hold[2] = {0, 0}, bad[2] = {0, 17};
    uint8_t mask[34];
    pab_episode_metrics m = {.struct_size = sizeof m};
    assert_int_equal(pab_env_step(env, hold, NULL, 0, NULL), PAB_E_STATE);
    assert_int_equal(pab_env_observe(env, obs, OBS), PAB_E_STATE);
    assert_int_equal(pab_env_legal(env, mask), PAB_E_STATE);
    assert_int_equal(pab_env_metrics(env, &m), PAB_E_STATE);
    must(pab_env_reset(env, 1, NULL, NULL, 0));
    uint64_t before = hash_of(env);
    assert_int_equal(pab_env_step(env, bad, NULL, 0, NULL), PAB_E_RANGE);
    assert_int_equal(pab_env_step(env, hold, obs, 59, NULL), PAB_E_ARGUMENT);
    pab_decision d = {{0, 0}, {-1, 0}};
    assert_int_equal(pab_env_step_exact(env, &d, NULL, 0, NULL), PAB_E_RANGE);
    assert_int_equal(pab_env_metrics(env, &m), PAB_E_STATE);
    assert_true(hash_of(env) == before);
    while (!(step(env, 12, 12).flags & OVER)) {
    }
    before = hash_of(env);
    assert_int_equal(pab_env_step(env, hold, NULL, 0, NULL), PAB_E_STATE);
    must(pab_env_observe(env, obs, OBS));
    must(pab_env_legal(env, mask));
    for (int k = 0; k < 34; k++)
        assert_int_equal(mask[k], k % 17 == PAB_ACTION_HOLD);
    assert_true(hash_of(env) == before);
    pab_env_free(env);
}

static void options_are_checked_and_of_any_size(void **state)
{
    (void)state;
    pab_env *env = make_env(NULL);
    struct {
        pab_reset_options o;
        char newer[64];
    } big;
    must(pab_reset_options_init(&big.o, sizeof big));
    must(pab_env_reset(env, 1, &big.o, NULL, 0));
    big.newer[8] = 1;
    assert_int_equal(pab_env_reset(env, 1, &big.o, NULL, 0), PAB_E_ARGUMENT);
    pab_reset_options o;
    must(pab_reset_options_init(&o, sizeof o));
    o.side_a = 2;
    assert_int_equal(pab_env_reset(env, 1, &o, NULL, 0), PAB_E_RANGE);
    must(pab_reset_options_init(&o, sizeof o));
    o.regime = PAB_REGIME_COUNT;
    assert_int_equal(pab_env_reset(env, 1, &o, NULL, 0), PAB_E_RANGE);
    must(pab_reset_options_init(&o, sizeof o));
    o.quantity_a = -1;
    assert_int_equal(pab_env_reset(env, 1, &o, NULL, 0), PAB_E_RANGE);
    assert_int_equal(pab_env_reset(env, pab_seed(PAB_SPLIT_TEST, 9, 1), NULL, NULL, 0), PAB_E_RANGE);
    assert_int_equal(pab_reset_options_init(&o, 8), PAB_E_ARGUMENT);
    struct {
        pab_step_result r;
        char newer[32];
    } wide;
    int32_t hold[2] = {0, 0};
    must(pab_step_result_init(&wide.r, sizeof wide));
    memset(wide.newer, 1, sizeof wide.newer);
    must(pab_env_reset(env, 1, NULL, NULL, 0));
    must(pab_env_step(env, hold, NULL, 0, &wide.r));
    assert_int_equal(wide.r.struct_size, sizeof wide);
    assert_int_equal(wide.newer[0] | wide.newer[31], 0);
    assert_int_equal(wide.r.step, 1);
    pab_env_free(env);
}

static void a_plain_number_is_a_training_seed(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    must(pab_env_reset(a, 21, NULL, NULL, 0));
    must(pab_env_reset(b, pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 21), NULL, NULL, 0));
    assert_true(hash_of(a) == hash_of(b));
    must(pab_env_reset(b, pab_seed(PAB_SPLIT_TEST, PAB_REGIME_CALM, 21), NULL, NULL, 0));
    assert_true(hash_of(a) != hash_of(b));
    assert_int_equal(describe(a).side[0], PAB_SELL);
    pab_env_free(a);
    pab_env_free(b);
}

/* One seed in each regime: other markets, which copy and restore into an environment that stood elsewhere. */
static void regimes_are_markets_of_their_own(void **state)
{
    (void)state;
    pab_env *a = make_env(NULL), *b = make_env(NULL);
    pab_reset_options o;
    uint64_t seen[PAB_REGIME_COUNT];
    size_t size;
    must(pab_reset_options_init(&o, sizeof o));
    must(pab_env_reset(b, 3, NULL, NULL, 0));
    for (o.regime = 0; o.regime < PAB_REGIME_COUNT; o.regime++) {
        uint64_t rng = 23;
        must(pab_env_reset(a, 22, &o, NULL, 0));
        assert_int_equal(describe(a).regime, o.regime);
        run(a, &rng, 9);
        seen[o.regime] = hash_of(a);
        for (int32_t k = 0; k < o.regime; k++)
            assert_true(seen[k] != seen[o.regime]);
        must(pab_env_copy(b, a));
        assert_true(hash_of(b) == hash_of(a));
        must(pab_env_reset(b, 3, NULL, NULL, 0));
        assert_int_equal(pab_env_save(a, NULL, 0, &size), PAB_E_CAPACITY);
        unsigned char *bytes = malloc(size);
        assert_non_null(bytes);
        must(pab_env_save(a, bytes, size, NULL));
        must(pab_env_restore(b, bytes, size));
        free(bytes);
        assert_true(hash_of(b) == hash_of(a));
        assert_int_equal(describe(b).regime, o.regime);
        uint64_t again = rng;
        run(a, &rng, 1);
        run(b, &again, 1);
        assert_true(hash_of(b) == hash_of(a));
    }
    must(pab_env_reset(b, pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_THIN, 5), NULL, NULL, 0));
    assert_int_equal(describe(b).regime, PAB_REGIME_THIN);
    assert_string_equal(pab_regime_name(PAB_REGIME_THIN), "thin");
    assert_null(pab_regime_name(PAB_REGIME_COUNT));
    pab_env_free(a);
    pab_env_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fork_follows_its_origin),
        cmocka_unit_test(a_snapshot_starts_the_same_episode_as_a_warm_up),
        cmocka_unit_test(arrival_prices_do_not_depend_on_the_parent),
        cmocka_unit_test(holding_in_two_forks_gives_identical_books),
        cmocka_unit_test(futures_of_one_number_are_common),
        cmocka_unit_test(futures_of_different_numbers_part),
        cmocka_unit_test(the_observation_does_not_look_ahead),
        cmocka_unit_test(observing_changes_nothing),
        cmocka_unit_test(saved_bytes_restore_the_middle_of_an_episode),
        cmocka_unit_test(a_state_of_another_scenario_is_refused),
        cmocka_unit_test(calls_before_a_reset_and_after_the_end_are_refused),
        cmocka_unit_test(options_are_checked_and_of_any_size),
        cmocka_unit_test(a_plain_number_is_a_training_seed),
        cmocka_unit_test(regimes_are_markets_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
