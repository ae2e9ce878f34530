/* Playing the episodes of a table: common randomness, threads, shards, being stopped and going on. */
#include "eval_table.h"

enum { POLICIES = 4, EPISODES = 6 };

static const char *const names[POLICIES] = {"twap:take", "lae", "ome:leg", "random(seed=3)"};
static const int32_t regimes[2] = {PAB_REGIME_CALM, PAB_REGIME_CRUMBLING};

typedef struct stage {
    pab_scenario *scn;
    pab_policy *policies[POLICIES];
} stage;

static int open_stage(void **state)
{
    static stage s;
    s.scn = make_pair("pair: {warmup: 20s, horizon: 40s, interval: 5s, quantity: 300}\n");
    for (int p = 0; p < POLICIES; p++)
        must(pab_policy_parse(NULL, names[p], &s.policies[p]));
    *state = &s;
    return 0;
}

static int close_stage(void **state)
{
    stage *s = *state;
    for (int p = 0; p < POLICIES; p++)
        pab_policy_free(s->policies[p]);
    pab_scenario_free(s->scn);
    return 0;
}

static pab_eval_options small(uint32_t threads)
{
    pab_eval_options o;
    must(pab_eval_options_init(&o, sizeof o));
    o.split = PAB_SPLIT_TRAIN;
    o.regimes = 1 << PAB_REGIME_CALM | 1 << PAB_REGIME_CRUMBLING;
    o.episodes = EPISODES;
    o.threads = threads;
    return o;
}

static pab_eval *make(const pab_eval_options *o)
{
    pab_eval *e = NULL;
    must(pab_eval_new(NULL, names, POLICIES, o, &e));
    return e;
}

/* All rows, missing ones zero; returns how many there are. */
static int copy_rows(const pab_eval *e, pab_episode_metrics *out)
{
    int n = 0;
    memset(out, 0, (size_t)POLICIES * 2 * EPISODES * sizeof *out);
    for (uint32_t p = 0; p < POLICIES; p++) {
        for (int r = 0; r < 2; r++) {
            for (uint32_t i = 0; i < EPISODES; i++, out++) {
                out->struct_size = sizeof *out;
                if (pab_eval_get(e, p, regimes[r], i, out) == PAB_OK)
                    n++;
                else
                    out->struct_size = 0;
            }
        }
    }
    return n;
}

typedef pab_episode_metrics rows[POLICIES * 2 * EPISODES];

static void threads_change_no_bit(void **state)
{
    const stage *s = *state;
    static rows alone, many;
    static const uint32_t threads[] = {0, 1, 2, 8};
    for (int t = 0; t < 4; t++) {
        pab_eval_options o = small(threads[t]);
        pab_eval *e = make(&o);
        must(pab_eval_run(e, s->scn, s->policies));
        assert_int_equal(copy_rows(e, t == 0 ? alone : many), POLICIES * 2 * EPISODES);
        if (t > 0)
            assert_memory_equal(alone, many, sizeof alone);
        pab_eval_free(e);
    }
    assert_true(alone[0].shortfall != alone[1].shortfall);
}

/* The row of a seed is what that policy gets in an environment that is its own and was never used before. */
static void rows_are_those_of_a_fresh_environment(void **state)
{
    const stage *s = *state;
    pab_eval_options o = small(2);
    pab_eval *e = make(&o);
    must(pab_eval_run(e, s->scn, s->policies));
    for (uint32_t p = 0; p < POLICIES; p++) {
        pab_env *env = NULL;
        pab_policy *policy = NULL;
        pab_step_result r = {.struct_size = sizeof r};
        pab_episode_metrics expected = {.struct_size = sizeof expected}, got = {.struct_size = sizeof got};
        must(pab_policy_parse(NULL, names[p], &policy));
        must(pab_env_new(s->scn, &env));
        must(pab_env_reset(env, pab_eval_seed(e, PAB_REGIME_CRUMBLING, 3), NULL, NULL, 0));
        must(pab_policy_reset(policy, env));
        while (!(r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED))) {
            pab_decision d = {0};
            must(pab_policy_act(policy, env, &d));
            must(pab_env_step_exact(env, &d, NULL, 0, &r));
        }
        must(pab_env_metrics(env, &expected));
        must(pab_eval_get(e, p, PAB_REGIME_CRUMBLING, 3, &got));
        assert_memory_equal(&expected, &got, sizeof got);
        pab_policy_free(policy);
        pab_env_free(env);
    }
    pab_eval_free(e);
}

static void policies_that_act_alike_get_equal_rows(void **state)
{
    const stage *s = *state;
    static const char *const two[] = {"one", "other"};
    pab_policy *same[2] = {s->policies[1], s->policies[1]};
    pab_eval_options o = small(2);
    pab_eval *e = NULL;
    must(pab_eval_new(NULL, two, 2, &o, &e));
    must(pab_eval_run(e, s->scn, same));
    for (uint32_t i = 0; i < EPISODES; i++) {
        pab_episode_metrics a = {.struct_size = sizeof a}, b = {.struct_size = sizeof b};
        must(pab_eval_get(e, 0, PAB_REGIME_CALM, i, &a));
        must(pab_eval_get(e, 1, PAB_REGIME_CALM, i, &b));
        assert_memory_equal(&a, &b, sizeof a);
    }
    pab_eval_free(e);
}

static void shards_put_together_are_the_whole(void **state)
{
    const stage *s = *state;
    static rows whole, merged;
    pab_eval_options o = small(0);
    pab_eval *e = make(&o), *sum = make(&o);
    must(pab_eval_run(e, s->scn, s->policies));
    copy_rows(e, whole);
    pab_eval_free(e);
    for (uint32_t shard = 0; shard < 4; shard++) {
        o.shard = shard;
        o.shards = 4;
        e = make(&o);
        must(pab_eval_run(e, s->scn, s->policies));
        assert_int_equal(copy_rows(e, merged), POLICIES * 2 * (shard < 2 ? 2 : 1));
        for (uint32_t k = 0; k < POLICIES * 2 * EPISODES; k++)
            if (merged[k].struct_size != 0)
                must(pab_eval_put(sum, k / (2 * EPISODES), regimes[k / EPISODES % 2], k % EPISODES, &merged[k]));
        pab_eval_free(e);
    }
    assert_int_equal(copy_rows(sum, merged), POLICIES * 2 * EPISODES);
    assert_memory_equal(whole, merged, sizeof whole);
    pab_eval_free(sum);
}

typedef struct impatient {
    uint64_t patience, calls, total;
} impatient;

static int32_t stop_after(void *user, const char *stage_name, uint64_t done, uint64_t total)
{
    impatient *i = user;
    assert_string_equal(stage_name, "evaluate");
    assert_true(done <= total);
    i->calls++;
    i->total = total;
    return done >= i->patience;
}

static void a_stopped_run_resumes_where_it_was(void **state)
{
    const stage *s = *state;
    static rows straight, resumed;
    impatient hook = {.patience = 5};
    pab_progress progress = {.struct_size = sizeof progress, .user = &hook, .report = stop_after};
    pab_eval_options o = small(0);
    pab_eval *e = make(&o);
    must(pab_eval_run(e, s->scn, s->policies));
    copy_rows(e, straight);
    pab_eval_free(e);
    o.progress = &progress;
    e = make(&o);
    refused(pab_eval_run(e, s->scn, s->policies), PAB_E_CANCELLED, "asked to stop");
    assert_int_equal(copy_rows(e, resumed), 5 * POLICIES);
    assert_int_equal(hook.calls, 5);
    assert_int_equal(hook.total, 2 * EPISODES);
    hook = (impatient){.patience = UINT64_MAX};
    must(pab_eval_run(e, s->scn, s->policies));
    assert_int_equal(hook.total, 2 * EPISODES - 5);
    copy_rows(e, resumed);
    assert_memory_equal(straight, resumed, sizeof straight);
    hook.calls = 0;
    must(pab_eval_run(e, s->scn, s->policies));
    assert_int_equal(hook.calls, 0);
    pab_eval_free(e);
}

/* Fails on one seed. */
static pab_status balk(void *user, void *own, const pab_env *env, pab_decision *out)
{
    pab_env_status at = {.struct_size = sizeof at};
    (void)own;
    (void)out;
    must(pab_env_describe(env, &at));
    return at.seed == *(const uint64_t *)user && at.step == 2 ? PAB_E_STATE : PAB_OK;
}

static void a_failing_policy_is_named_with_its_episode(void **state)
{
    const stage *s = *state;
    static const char *const two[] = {"fine", "balky"};
    uint64_t seed = pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CRUMBLING, 4);
    pab_policy_type type;
    pab_policy *both[2] = {s->policies[0], NULL};
    pab_episode_metrics m = {.struct_size = sizeof m};
    must(pab_policy_type_init(&type, sizeof type));
    type.name = "balky";
    type.user = &seed;
    type.act = balk;
    must(pab_policy_new(NULL, &type, &both[1]));
    for (uint32_t threads = 0; threads <= 4; threads += 2) {
        pab_eval_options o = small(threads);
        pab_eval *e = NULL;
        must(pab_eval_new(NULL, two, 2, &o, &e));
        refused(pab_eval_run(e, s->scn, both), PAB_E_STATE,
                "policy 'balky', regime crumbling, episode 4 (seed");
must(pab_eval_get(e, 1, PAB_REGIME_CRUMBLING, 3, &m));
assert_int_equal(pab_eval_get(e, 1, PAB_REGIME_CRUMBLING, 4, &m), PAB_E_STATE);
pab_eval_free(e);
}
pab_policy_free(both[1]);
}

static void options_of_episodes_reach_them(void **state)
{
const stage *s = *state;
pab_reset_options episode;
pab_eval_options o = small(0);
pab_episode_metrics large = {.struct_size = sizeof large}, little = {.struct_size = sizeof little};
must(pab_reset_options_init(&episode, sizeof episode));
episode.quantity_a = 20;
o.episodes = 1;
pab_eval *e = make(&o);
must(pab_eval_run(e, s->scn, s->policies));
must(pab_eval_get(e, 0, PAB_REGIME_CALM, 0, &large));
pab_eval_free(e);
o.episode = &episode;
e = make(&o);
episode.quantity_a = 999; /* copied: comes too late */
must(pab_eval_run(e, s->scn, s->policies));
must(pab_eval_get(e, 0, PAB_REGIME_CALM, 0, &little));
assert_true(little.participation * 5 < large.participation);
pab_eval_free(e);
}

static void missing_policies_are_named(void **state)
{
const stage *s = *state;
pab_policy *few[POLICIES] = {s->policies[0], NULL, s->policies[2], s->policies[3]};
pab_eval_options o = small(0);
pab_eval *e = make(&o);
refused(pab_eval_run(e, s->scn, few), PAB_E_ARGUMENT, "policies[1] is NULL; expected the policy 'lae'");
refused(pab_eval_run(e, NULL, few), PAB_E_ARGUMENT, "scn is NULL");
refused(pab_eval_run(NULL, s->scn, few), PAB_E_ARGUMENT, "eval is NULL");
pab_eval_free(e);
}

int main(void)
{
const struct CMUnitTest tests[] = {
cmocka_unit_test(threads_change_no_bit),
cmocka_unit_test(rows_are_those_of_a_fresh_environment),
cmocka_unit_test(policies_that_act_alike_get_equal_rows),
cmocka_unit_test(shards_put_together_are_the_whole),
cmocka_unit_test(a_stopped_run_resumes_where_it_was),
cmocka_unit_test(a_failing_policy_is_named_with_its_episode),
cmocka_unit_test(options_of_episodes_reach_them),
cmocka_unit_test(missing_policies_are_named),
};
return cmocka_run_group_tests(tests, open_stage, close_stage);
}
