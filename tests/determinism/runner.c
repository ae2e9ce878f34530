/* Prints a hash per market and the measures of a pair's evaluation: equal builds of the library print equal lines. */
#include <pairsabides/eval.h>
#include <pairsabides/market.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void must(pab_status status)
{
    char text[512];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fprintf(stderr, "%s\n", text);
    exit(1);
}

static void run(const char *preset, const char *rng, const char *quirks, uint64_t seed)
{
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_market *m = NULL;
    uint64_t hash = 0;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, preset));
    must(pab_config_set(cfg, "clock.market_close", "09:50:00"));
    must(pab_config_set(cfg, "rng", rng));
    must(pab_config_set(cfg, "quirks", quirks));
    must(pab_scenario_new(cfg, &scn));
    must(pab_market_new(scn, &m));
    must(pab_market_reset(m, seed));
    must(pab_market_finish(m));
    must(pab_market_hash(m, &hash));
    printf("%s %s %s %" PRIu64 " %016" PRIx64 "\n", preset, rng, quirks, seed, hash);
    pab_market_free(m);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

enum { POLICIES = 4, EPISODES = 1 };

/* Every measure of every episode, to the last bit. */
static void print_rows(const pab_eval *eval, const char *const *names)
{
    pab_episode_metrics metrics = {.struct_size = sizeof metrics};
    for (uint32_t policy = 0; policy < POLICIES; policy++)
        for (int32_t regime = 0; regime < PAB_REGIME_COUNT; regime++) {
            must(pab_eval_get(eval, policy, regime, 0, &metrics));
            printf("%s %d", names[policy], regime);
            for (int32_t measure = 0; measure < PAB_MEASURE_COUNT; measure++) {
                double value;
                must(pab_measure_value(measure, &metrics, &value));
                printf(" %a", value);
            }
            printf("\n");
        }
}

static void evaluate(void)
{
    static const char *const names[POLICIES] = {"lae", "sce", "twap:work", "ac_pair"};
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_eval *eval = NULL;
    pab_policy *policies[POLICIES];
    pab_eval_options options;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_config_set(cfg, "pair.warmup", "30s"));
    must(pab_config_set(cfg, "pair.horizon", "60s"));
    must(pab_scenario_new(cfg, &scn));
    must(pab_eval_options_init(&options, sizeof options));
    options.episodes = EPISODES;
    must(pab_eval_new(NULL, names, POLICIES, &options, &eval));
    for (int i = 0; i < POLICIES; i++)
        must(pab_policy_parse(NULL, names[i], &policies[i]));
    must(pab_eval_run(eval, scn, policies));
    print_rows(eval, names);
    for (int i = 0; i < POLICIES; i++)
        pab_policy_free(policies[i]);
    pab_eval_free(eval);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

int main(void)
{
    static const char *const presets[] = {"rmsc03", "rmsc04", "two_symbol"};
    for (int i = 0; i < 3; i++)
        for (uint64_t seed = 0; seed < 2; seed++) {
            run(presets[i], "abides", "abides", seed);
            run(presets[i], "fast", "none", seed);
        }
    evaluate();
    return 0;
}
