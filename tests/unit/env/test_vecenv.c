/* Vector environments: the same as single ones, for any number of threads and in each way of starting over. */
#include <pairsabides/vecenv.h>

#include <math.h>

#include "base/hash.h"
#include "episode.h"

enum { COUNT = 5, STEPS = 30, MASK = 34 };

/* All that a vector environment writes. */
typedef struct batch {
    int32_t actions[COUNT][2];
    float observations[COUNT][OBS], final_observations[COUNT][OBS];
    double rewards[COUNT];
    uint8_t terminated[COUNT], truncated[COUNT], masks[COUNT][MASK];
    pab_step_result results[COUNT];
    pab_episode_metrics metrics[COUNT];
    uint64_t seeds[COUNT];
} batch;

static const uint64_t first_seeds[COUNT] = {100, 201, 302, 403, 504};

/* Episodes of six decisions. */
static pab_scenario *short_pair(void)
{
    return make_pair("pair: {warmup: 10s, horizon: 30s, interval: 5s}\n");
}

static void bind(pab_vecenv *vec, batch *b)
{
    pab_vecenv_buffers buffers = {
        .struct_size = sizeof buffers,
        .actions = b->actions[0],
        .observations = b->observations[0],
        .rewards = b->rewards,
        .terminated = b->terminated,
        .truncated = b->truncated,
        .masks = b->masks[0],
        .final_observations = b->final_observations[0],
        .results = b->results,
        .metrics = b->metrics,
        .seeds = b->seeds,
    };
    memset(b, 0, sizeof *b);
    for (int i = 0; i < COUNT; i++) {
        b->results[i].struct_size = sizeof b->results[i];
        b->metrics[i].struct_size = sizeof b->metrics[i];
    }
    must(pab_vecenv_bind(vec, &buffers));
}

static pab_vecenv *make_vec(pab_scenario *scn, uint32_t threads, int32_t autoreset)
{
    pab_vecenv_options options;
    pab_vecenv *vec = NULL;
    must(pab_vecenv_options_init(&options, sizeof options));
    options.count = COUNT;
    options.threads = threads;
    options.autoreset = autoreset;
    must(pab_vecenv_new(scn, &options, &vec));
    return vec;
}

static void draw_actions(batch *b, uint64_t *random)
{
    for (int i = 0; i < COUNT; i++)
        for (int leg = 0; leg < 2; leg++)
            b->actions[i][leg] = (int32_t)(next_random(random) % PAB_ENV_LEG_ACTIONS);
}

static uint64_t hash_all(pab_vecenv *vec, const batch *b)
{
    uint64_t hash = pab__hash(b, sizeof *b);
    for (uint32_t i = 0; i < COUNT; i++)
        hash = pab__hash_mix(hash, hash_of(pab_vecenv_env(vec, i)));
    return hash;
}

static void threads_change_no_bit(void **state)
{
    static const uint32_t threads[] = {0, 1, 2, 8};
    static batch b;
    pab_scenario *scn = short_pair();
    (void)state;
    for (int32_t mode = PAB_AUTORESET_NEXT_STEP; mode <= PAB_AUTORESET_SAME_STEP; mode++) {
        uint64_t trail[4][STEPS + 1];
        for (int t = 0; t < 4; t++) {
            uint64_t random = 7;
            pab_vecenv *vec = make_vec(scn, threads[t], mode);
            bind(vec, &b);
            must(pab_vecenv_reset(vec, first_seeds));
            trail[t][0] = hash_all(vec, &b);
            for (int k = 1; k <= STEPS; k++) {
                draw_actions(&b, &random);
                must(pab_vecenv_step(vec));
                trail[t][k] = hash_all(vec, &b);
            }
            pab_vecenv_free(vec);
            assert_memory_equal(trail[t], trail[0], sizeof trail[0]);
        }
        assert_true(trail[0][STEPS] != trail[0][STEPS - 1]);
    }
    pab_scenario_free(scn);
}

/* What one environment alone gives, with the mode's way of starting over written out. */
typedef struct single {
    pab_env *env;
    uint64_t seed;
    int over;
    float observation[OBS], last[OBS];
    pab_step_result result;
    pab_episode_metrics metrics;
} single;

static int step_single(single *s, const int32_t action[2], int32_t mode)
{
    if (s->over) {
        s->over = 0;
        s->seed += COUNT;
        must(pab_step_result_init(&s->result, sizeof s->result));
        must(pab_env_reset(s->env, s->seed, NULL, s->observation, OBS));
        return 0;
    }
    must(pab_env_step(s->env, action, s->observation, OBS, &s->result));
    if ((s->result.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0)
        return 0;
    s->metrics.struct_size = sizeof s->metrics;
    must(pab_env_metrics(s->env, &s->metrics));
    s->over = mode == PAB_AUTORESET_NEXT_STEP;
    if (mode == PAB_AUTORESET_SAME_STEP) {
        memcpy(s->last, s->observation, sizeof s->last);
        s->seed += COUNT;
        must(pab_env_reset(s->env, s->seed, NULL, s->observation, OBS));
    }
    return 1;
}

static void compare_with_singles(int32_t mode)
{
    static batch b;
    static single alone[COUNT];
    uint64_t random = 11;
    int ended = 0;
    pab_scenario *scn = short_pair();
    pab_vecenv *vec = make_vec(scn, 2, mode);
    bind(vec, &b);
    must(pab_vecenv_reset(vec, first_seeds));
    memset(alone, 0, sizeof alone);
    for (int i = 0; i < COUNT; i++) {
        alone[i].seed = first_seeds[i];
        must(pab_step_result_init(&alone[i].result, sizeof alone[i].result));
        must(pab_env_new(scn, &alone[i].env));
        must(pab_env_reset(alone[i].env, first_seeds[i], NULL, alone[i].observation, OBS));
        assert_memory_equal(b.observations[i], alone[i].observation, sizeof alone[i].observation);
    }
    for (int k = 0; k < STEPS; k++) {
        draw_actions(&b, &random);
        must(pab_vecenv_step(vec));
        for (int i = 0; i < COUNT; i++) {
            uint8_t mask[MASK];
            ended += step_single(&alone[i], b.actions[i], mode);
            assert_memory_equal(b.observations[i], alone[i].observation, sizeof alone[i].observation);
            assert_memory_equal(b.final_observations[i], alone[i].last, sizeof alone[i].last);
            assert_memory_equal(&b.results[i], &alone[i].result, sizeof alone[i].result);
            assert_true(b.rewards[i] == alone[i].result.reward);
            assert_int_equal(b.terminated[i], (alone[i].result.flags & PAB_STEP_TERMINATED) != 0);
            assert_int_equal(b.truncated[i], (alone[i].result.flags & PAB_STEP_TRUNCATED) != 0);
            assert_true(b.seeds[i] == alone[i].seed);
            if (alone[i].metrics.struct_size != 0)
                assert_memory_equal(&b.metrics[i], &alone[i].metrics, sizeof alone[i].metrics);
            if (!alone[i].over) {
                must(pab_env_legal(alone[i].env, mask));
                assert_memory_equal(b.masks[i], mask, sizeof mask);
            }
            assert_true(hash_of(pab_vecenv_env(vec, (uint32_t)i)) == hash_of(alone[i].env));
        }
    }
    assert_true(ended >= 2 * COUNT);
    for (int i = 0; i < COUNT; i++)
        pab_env_free(alone[i].env);
    pab_vecenv_free(vec);
    pab_scenario_free(scn);
}

static void next_step_reset_ignores_the_action_after_the_end(void **state)
{
    (void)state;
    compare_with_singles(PAB_AUTORESET_NEXT_STEP);
}

static void same_step_reset_keeps_the_last_observation_aside(void **state)
{
    (void)state;
    compare_with_singles(PAB_AUTORESET_SAME_STEP);
}

/* Holds until environment 0's episode ends; all of them have the same length here. */
static void run_to_the_end(pab_vecenv *vec, batch *b)
{
    memset(b->actions, 0, sizeof b->actions);
    for (int k = 0; k < 10 && !b->terminated[0] && !b->truncated[0]; k++)
        must(pab_vecenv_step(vec));
    assert_true(b->terminated[0] || b->truncated[0]);
}

static void without_autoreset_the_caller_resets_those_it_names(void **state)
{
    static const uint64_t seeds[COUNT] = {1, 2, 3, 4, 5};
    static const uint8_t none_but_two[COUNT] = {0, 0, 1, 0, 0}, all[COUNT] = {1, 1, 1, 1, 1};
    static batch b;
    uint64_t before[COUNT];
    pab_scenario *scn = short_pair();
    pab_vecenv *vec = make_vec(scn, 2, PAB_AUTORESET_DISABLED);
    (void)state;
    bind(vec, &b);
    must(pab_vecenv_reset(vec, first_seeds));
    run_to_the_end(vec, &b);
    assert_int_equal(b.masks[0][PAB_ACTION_HOLD], 1);
    assert_int_equal(b.masks[0][PAB_ACTION_CANCEL], 0);
    for (uint32_t i = 0; i < COUNT; i++)
        before[i] = hash_of(pab_vecenv_env(vec, i));
    refused(pab_vecenv_step(vec), PAB_E_STATE, "environment 0: its episode is over");
    must(pab_vecenv_reset_some(vec, none_but_two, seeds));
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_true((hash_of(pab_vecenv_env(vec, i)) == before[i]) == (i != 2));
        assert_true(b.seeds[i] == (i == 2 ? seeds[i] : first_seeds[i]));
    }
    refused(pab_vecenv_step(vec), PAB_E_STATE, "environment 0");
    must(pab_vecenv_reset_some(vec, all, seeds));
    must(pab_vecenv_step(vec));
    pab_vecenv_free(vec);
    pab_scenario_free(scn);
}

/* The states of one vector, saved during episodes and at their ends, continue in another vector as in the first. */
static void restored_environments_go_on_where_they_were(void **state)
{
    static batch first, second;
    static unsigned char saved[4 << 20];
    pab_scenario *scn = short_pair();
    (void)state;
    for (int steps = 4; steps <= 6; steps++) {
        pab_vecenv *one = make_vec(scn, 0, PAB_AUTORESET_NEXT_STEP), *two = make_vec(scn, 2, PAB_AUTORESET_NEXT_STEP);
        uint64_t random = 7;
        bind(one, &first);
        bind(two, &second);
        must(pab_vecenv_reset(one, first_seeds));
        for (int k = 0; k < steps; k++) {
            draw_actions(&first, &random);
            must(pab_vecenv_step(one));
        }
        refused(pab_vecenv_resume(two, 0), PAB_E_STATE, "");
        refused(pab_vecenv_resume(two, COUNT), PAB_E_RANGE, "environment 5");
        for (uint32_t i = 0; i < COUNT; i++) {
            size_t size;
            must(pab_env_save(pab_vecenv_env(one, i), saved, sizeof saved, &size));
            must(pab_env_restore(pab_vecenv_env(two, i), saved, size));
            must(pab_vecenv_resume(two, i));
        }
        assert_memory_equal(second.observations, first.observations, sizeof first.observations);
        assert_memory_equal(second.masks, first.masks, sizeof first.masks);
        for (int k = 0; k < 8; k++) {
            draw_actions(&first, &random);
            memcpy(second.actions, first.actions, sizeof first.actions);
            must(pab_vecenv_step(one));
            must(pab_vecenv_step(two));
        }
        for (int i = 0; i < COUNT; i++)
            second.seeds[i] -= pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 0) *
                               (second.seeds[i] != first.seeds[i]); /* plain seeds mean those of training */
        assert_int_equal(hash_all(one, &first), hash_all(two, &second));
        pab_vecenv_free(one);
        pab_vecenv_free(two);
    }
    pab_scenario_free(scn);
}

static void wrong_calls_name_the_environment_and_change_nothing(void **state)
{
    static batch b;
    static const uint64_t bad_seeds[COUNT] = {1, 2, UINT64_C(1) << 56 | UINT64_C(9) << 48, 4, UINT64_C(1) << 55};
    uint64_t before;
    pab_scenario *scn = short_pair();
    pab_vecenv *vec = make_vec(scn, 2, PAB_AUTORESET_NEXT_STEP);
    (void)state;
    refused(pab_vecenv_step(vec), PAB_E_STATE, "no actions are bound");
    bind(vec, &b);
    refused(pab_vecenv_step(vec), PAB_E_STATE, "environment 0 was never reset");
    must(pab_vecenv_reset(vec, first_seeds));
    before = hash_all(vec, &b);
    b.actions[3][1] = 17;
    refused(pab_vecenv_step(vec), PAB_E_RANGE, "environment 3: the action of leg B is 17; expected 0 to 16");
    b.actions[3][1] = 0;
    assert_true(hash_all(vec, &b) == before);
    refused(pab_vecenv_reset(vec, bad_seeds), PAB_E_RANGE, "environment 2: ");
    refused(pab_vecenv_step(vec), PAB_E_STATE, "environment 2 failed and was not reset since: ");
    must(pab_vecenv_reset(vec, first_seeds));
    must(pab_vecenv_step(vec));
    assert_null(pab_vecenv_env(vec, COUNT));
    pab_vecenv_free(vec);
    pab_vecenv_free(NULL);
    pab_scenario_free(scn);
}

/* In each mode that starts over by itself, an episode that follows is the named one's twin. */
static void episodes_that_follow_have_the_seeds_that_are_named(void **state)
{
    static batch b;
    static const uint64_t bad[COUNT] = {7001, 7002, UINT64_C(9) << 56, 7004, 7005};
    uint64_t next[COUNT] = {9001, 9002, 9003, 9004, 9005};
    pab_scenario *scn = short_pair();
    pab_env *twin;
    (void)state;
    must(pab_env_new(scn, &twin));
    for (int32_t mode = PAB_AUTORESET_NEXT_STEP; mode <= PAB_AUTORESET_SAME_STEP; mode++) {
        float observation[OBS];
        int ends = 0;
        pab_vecenv *vec = make_vec(scn, 2, mode);
        bind(vec, &b);
        pab_vecenv_buffers buffers = {
            .struct_size = sizeof buffers, .actions = b.actions[0], .observations = b.observations[0],
            .terminated = b.terminated, .truncated = b.truncated, .seeds = b.seeds, .next_seeds = next};
        must(pab_vecenv_bind(vec, &buffers));
        must(pab_vecenv_reset(vec, first_seeds));
        assert_memory_equal(b.seeds, first_seeds, sizeof first_seeds);
        while (ends < 2) { /* all end together, so the second time is the named episodes' end */
            must(pab_vecenv_step(vec));
            if (!(b.terminated[0] || b.truncated[0]))
                continue;
            if (mode == PAB_AUTORESET_NEXT_STEP)
                must(pab_vecenv_step(vec));
            assert_memory_equal(b.seeds, next, sizeof next);
            for (int i = 0; i < COUNT; i++) {
                must(pab_env_reset(twin, next[i], NULL, observation, OBS));
                assert_memory_equal(b.observations[i], observation, sizeof observation);
                next[i] += 100; /* read when the next one begins */
            }
            ends++;
        }
        memcpy(next, bad, sizeof next);
        pab_status status = PAB_OK;
        while (status == PAB_OK)
            status = pab_vecenv_step(vec);
        refused(status, PAB_E_RANGE, "environment 2: seed 0x900000000000000 has split 9;");
        for (int i = 0; i < COUNT; i++)
            next[i] = 9001 + (uint64_t)i;
        pab_vecenv_free(vec);
    }
    pab_env_free(twin);
    pab_scenario_free(scn);
}

/* The successor of a regime's last index is no other regime's first. */
static void seeds_that_count_on_stay_in_their_regime(void **state)
{
    static batch b;
    uint64_t last[COUNT];
    pab_scenario *scn = short_pair();
    pab_vecenv *vec = make_vec(scn, 0, PAB_AUTORESET_SAME_STEP);
    (void)state;
    for (int i = 0; i < COUNT; i++)
        last[i] = pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, (UINT64_C(1) << 48) - 1 - (uint64_t)i);
    bind(vec, &b);
    must(pab_vecenv_reset(vec, last));
    pab_status status = PAB_OK;
    while (status == PAB_OK)
        status = pab_vecenv_step(vec);
    refused(status, PAB_E_RANGE, "environment 0: seed 0xffffffffffffffff");
    pab_vecenv_free(vec);
    pab_scenario_free(scn);
}

static void wrong_options_and_buffers_are_refused(void **state)
{
    static batch b;
    pab_scenario *scn = short_pair();
    pab_vecenv *vec = NULL;
    pab_vecenv_options options;
    pab_vecenv_buffers buffers = {.struct_size = sizeof buffers, .results = b.results};
    (void)state;
    must(pab_vecenv_options_init(&options, sizeof options));
    options.count = 0;
    refused(pab_vecenv_new(scn, &options, &vec), PAB_E_RANGE, "options.count is 0");
    options.count = 2;
    options.autoreset = 3;
    refused(pab_vecenv_new(scn, &options, &vec), PAB_E_RANGE, "options.autoreset is 3");
    options.autoreset = 0;
    options.episode.weights.risk = NAN;
    refused(pab_vecenv_new(scn, &options, &vec), PAB_E_RANGE, "options.weights.risk is nan");
    options.episode.weights.risk = 0;
    options.threads = 4000; /* of which none is started */
    options.count = 5000;
    refused(pab_vecenv_new(scn, &options, &vec), PAB_E_RANGE, "options.threads is 4000");
    assert_null(vec);
    vec = make_vec(scn, 0, PAB_AUTORESET_NEXT_STEP);
    memset(&b, 0, sizeof b);
    refused(pab_vecenv_bind(vec, &buffers), PAB_E_ARGUMENT, "buffers.results[0]: struct_size is 0");
    for (int i = 0; i < COUNT; i++)
        b.results[i].struct_size = i == 4 ? 8 : sizeof b.results[i];
    refused(pab_vecenv_bind(vec, &buffers), PAB_E_ARGUMENT, "buffers.results[4]: struct_size is 8");
    pab_vecenv_free(vec);
    pab_scenario_free(scn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(next_step_reset_ignores_the_action_after_the_end),
        cmocka_unit_test(same_step_reset_keeps_the_last_observation_aside),
        cmocka_unit_test(without_autoreset_the_caller_resets_those_it_names),
        cmocka_unit_test(restored_environments_go_on_where_they_were),
        cmocka_unit_test(wrong_calls_name_the_environment_and_change_nothing),
        cmocka_unit_test(episodes_that_follow_have_the_seeds_that_are_named),
        cmocka_unit_test(seeds_that_count_on_stay_in_their_regime),
        cmocka_unit_test(wrong_options_and_buffers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
