/* Policies by name: each built-in works the same orders in the same market, and one says why it acts as it does. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <stdio.h>

enum { SEEDS = 2 };

static pab_scenario *make_scenario(void)
{
    static const char yaml[] = "preset: pair\n"
                               "agents: {executor: {type: pair_executor}}\n"
                               "pair: {warmup: 2min, horizon: 300s, interval: 5s, quantity: 500}\n";
    pab_config *cfg;
    pab_scenario *scn;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "07_experts"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

/* One episode from the decision that the environment stands at; `words` receives the reason of the tenth decision. */
static void play(pab_env *env, pab_policy *policy, pab_episode_metrics *metrics, char *words, size_t cap)
{
    pab_step_result result;
    must(pab_step_result_init(&result, sizeof result));
    must(pab_policy_reset(policy, env));
    do {
        pab_decision decision;
        if (words && result.step == 10)
            must(pab_policy_explain(policy, env, words, cap));
        must(pab_policy_act(policy, env, &decision));
        must(pab_env_step_exact(env, &decision, NULL, 0, &result));
    } while (!(result.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)));
    metrics->struct_size = sizeof *metrics;
    must(pab_env_metrics(env, metrics));
}

static int play_all(pab_env *env, const char *spec)
{
    pab_policy *policy;
    pab_episode_metrics sum = {0}, one;
    must(pab_policy_parse(NULL, spec, &policy));
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        must(pab_env_reset(env, pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, seed), NULL, NULL, 0));
        play(env, policy, &one, NULL, 0);
        sum.shortfall += one.shortfall / SEEDS;
        sum.tracking_error += one.tracking_error / SEEDS;
        sum.hedge_max = one.hedge_max > sum.hedge_max ? one.hedge_max : sum.hedge_max;
        sum.completion += one.completion / SEEDS;
        sum.passive += one.passive / SEEDS;
        sum.residual += one.residual / SEEDS;
    }
    printf("%-24s %8.2f %7.2f %8.3f %9.1f %9.1f\n", pab_policy_name(policy), sum.shortfall, sum.tracking_error,
           sum.hedge_max, 100 * sum.completion, 100 * sum.passive);
    pab_policy_free(policy);
    return sum.residual > 0.01 || sum.hedge_max > 0.11;
}

int main(void)
{
    static const char *const extra[] = {"lae:leg", "twap:work", "ac_pair(mu=1)", "lae:leg(b_urgent=0.05)"};
    pab_scenario *scn = make_scenario();
    pab_env *env;
    int bad = 0;
    must(pab_env_new(scn, &env));

    printf("%-24s %8s %7s %8s %9s %9s\n", "policy", "IS bps", "TE %", "max |h|", "in time %", "passive %");
    for (uint32_t i = 0; pab_policy_builtin(i); i++)
        bad += play_all(env, pab_policy_builtin(i));
    for (size_t i = 0; i < sizeof extra / sizeof *extra; i++)
        bad += play_all(env, extra[i]);

    char words[512];
    pab_policy *policy;
    pab_episode_metrics metrics;
    must(pab_policy_parse(NULL, "ome", &policy));
    must(pab_env_reset(env, 1, NULL, NULL, 0));
    play(env, policy, &metrics, words, sizeof words);
    printf("\nDecision 10 of seed 1: %s\n", words);

    pab_policy_free(policy);
    pab_env_free(env);
    pab_scenario_free(scn);
    return bad;
}
