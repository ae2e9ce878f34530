/* Every policy plays whole episodes on the pair market. */
#include "../status.h"
#include "contexts.h"

#include <pairsabides/config.h>
#include <pairsabides/scenario.h>

static const char *const specs[] = {
    "lae:pair", "lae:leg", "sce:pair", "sce:leg", "ome:pair", "ome:leg", "rae:pair", "rae:leg",
    "twap:take", "twap:work", "vwap:take", "vwap:work", "pov:take", "pov:work", "ac:take", "ac:work",
    "ac_pair:take", "ac_pair:work(mu=2)", "aggressive", "passive", "immediate", "random",
};
enum { SPECS = sizeof specs / sizeof *specs };

static int make_env(void **state)
{
    static const char yaml[] = "preset: pair\n"
                               "agents: {executor: {type: pair_executor}}\n"
                               "pair: {warmup: 30s, horizon: 60s, interval: 2s, quantity: 300}\n";
    pab_config *cfg;
    pab_scenario *scn;
    pab_env *env;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "test_play"));
    must(pab_scenario_new(cfg, &scn));
    must(pab_env_new(scn, &env));
    pab_scenario_free(scn);
    pab_config_free(cfg);
    *state = env;
    return 0;
}

static int free_env(void **state)
{
    pab_env_free(*state);
    return 0;
}

static pab_policy *parse(const char *spec)
{
    pab_policy *policy;
    must(pab_policy_parse(NULL, spec, &policy));
    return policy;
}

static uint64_t hash_of(const pab_env *env)
{
    uint64_t hash;
    must(pab_env_hash(env, &hash));
    return hash;
}

static pab_env_status describe(const pab_env *env)
{
    pab_env_status now = {.struct_size = sizeof now};
    must(pab_env_describe(env, &now));
    return now;
}

/* One decision; what a policy may never do is checked on the way. */
static void decide(pab_env *env, pab_policy *policy, pab_decision *out)
{
    uint8_t legal[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    char before[1024], after[1024];
    uint64_t hash = hash_of(env);
    must(pab_env_legal(env, legal));
    must(pab_policy_explain(policy, env, before, sizeof before));
    must(pab_policy_explain(policy, env, after, sizeof after));
    assert_string_equal(before, after);
    must(pab_policy_act(policy, env, out));
    assert_true(hash_of(env) == hash);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        assert_int_equal(legal[leg * PAB_ENV_LEG_ACTIONS + out->action[leg]], 1);
        if (out->quantity[leg] == 0 && !strstr(before, pab_action_name(out->action[leg])))
            fail_msg("%s does %s, but says: %s", pab_policy_name(policy), pab_action_name(out->action[leg]), before);
    }
}

/* Plays to the end and returns the hash of the last state. */
static uint64_t play(pab_env *env, pab_policy *policy, pab_episode_metrics *metrics)
{
    pab_step_result result;
    must(pab_step_result_init(&result, sizeof result));
    int32_t steps = describe(env).steps;
    double band = describe(env).band / (double)describe(env).parent[0];
    do {
        pab_decision decision;
        assert_true(result.step < steps);
        decide(env, policy, &decision);
        must(pab_env_step_exact(env, &decision, NULL, 0, &result));
        pab_env_status now = describe(env);
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
            assert_true(now.filled[leg] + now.live[leg] <= now.parent[leg]);
        assert_true(result.hedge_max <= band + 1e-9);
    } while (!(result.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)));
    metrics->struct_size = sizeof *metrics;
    must(pab_env_metrics(env, metrics));
    return hash_of(env);
}

static void every_policy_finishes_inside_the_band(void **state)
{
    pab_env *env = *state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        for (int i = 0; i < SPECS; i++) {
            pab_policy *policy = parse(specs[i]);
            pab_episode_metrics metrics;
            must(pab_env_reset(env, seed, NULL, NULL, 0));
            must(pab_policy_reset(policy, env));
            play(env, policy, &metrics);
            if (!(metrics.residual < 0.02) || !isfinite(metrics.shortfall))
                fail_msg("%s, seed %d: %g of the order was not filled, shortfall %g", specs[i], (int)seed,
                         metrics.residual, metrics.shortfall);
            assert_true(fabs(metrics.completion + metrics.forced + metrics.residual - 1) < 1e-9);
            pab_policy_free(policy);
        }
    }
}

static void the_same_episode_is_played_the_same_way_twice(void **state)
{
    pab_env *env = *state;
    for (int i = 0; i < SPECS; i++) {
        pab_policy *policy = parse(specs[i]);
        pab_episode_metrics metrics;
        uint64_t first = 0;
        for (int round = 0; round < 2; round++) {
            must(pab_env_reset(env, 11, NULL, NULL, 0));
            must(pab_policy_reset(policy, env));
            uint64_t hash = play(env, policy, &metrics);
            assert_true(round == 0 || hash == first);
            first = hash;
        }
        pab_policy_free(policy);
    }
}

static void a_clone_in_a_fork_continues_as_the_original(void **state)
{
    pab_env *env = *state, *fork;
    must(pab_env_new(pab_env_scenario(env), &fork));
    for (int i = 0; i < SPECS; i++) {
        pab_policy *policy = parse(specs[i]), *clone;
        pab_episode_metrics metrics;
        pab_decision decision;
        must(pab_env_reset(env, 5, NULL, NULL, 0));
        must(pab_policy_reset(policy, env));
        for (int step = 0; step < 7; step++) {
            must(pab_policy_act(policy, env, &decision));
            must(pab_env_step_exact(env, &decision, NULL, 0, NULL));
        }
        must(pab_env_copy(fork, env));
        must(pab_policy_clone(policy, &clone));
        uint64_t there = play(fork, clone, &metrics);
        assert_true(play(env, policy, &metrics) == there);
        pab_policy_free(policy);
        pab_policy_free(clone);
    }
    pab_env_free(fork);
}

static void urgency_orders_the_share_of_passive_fills(void **state)
{
    pab_env *env = *state;
    static const char *const by_patience[] = {"passive", "twap:work", "aggressive"};
    double passive[3] = {0, 0, 0};
    for (int i = 0; i < 3; i++) {
        pab_policy *policy = parse(by_patience[i]);
        for (uint64_t seed = 0; seed < 4; seed++) {
            pab_episode_metrics metrics;
            must(pab_env_reset(env, seed, NULL, NULL, 0));
            must(pab_policy_reset(policy, env));
            play(env, policy, &metrics);
            passive[i] += metrics.passive;
        }
        pab_policy_free(policy);
    }
    assert_true(passive[0] > passive[1] && passive[1] > passive[2]);
}

static void a_finished_episode_wants_no_decision(void **state)
{
    pab_env *env = *state;
    pab_policy *policy = parse("immediate");
    pab_episode_metrics metrics;
    pab_decision decision;
    char text[256];
    must(pab_env_reset(env, 3, NULL, NULL, 0));
    must(pab_policy_reset(policy, env));
    play(env, policy, &metrics);
    assert_int_equal(pab_policy_act(policy, env, &decision), PAB_E_STATE);
    assert_int_equal(pab_policy_explain(policy, env, text, sizeof text), PAB_E_STATE);
    pab_policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_policy_finishes_inside_the_band),
        cmocka_unit_test(the_same_episode_is_played_the_same_way_twice),
        cmocka_unit_test(a_clone_in_a_fork_continues_as_the_original),
        cmocka_unit_test(urgency_orders_the_share_of_passive_fills),
        cmocka_unit_test(a_finished_episode_wants_no_decision),
    };
    return cmocka_run_group_tests_name("experts/play", tests, make_env, free_env);
}
