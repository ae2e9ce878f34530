/* A mixture of networks: distilled from an ensemble, tuned on preferences, stored, asked why. The budget is tiny. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <stdio.h>

static pab_scenario *make_scenario(void)
{
    pab_config *cfg;
    pab_scenario *scn;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_config_set(cfg, "pair.warmup", "30s"));
    must(pab_config_set(cfg, "pair.horizon", "60s"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

/* The four rule experts, weighed by state. */
static pab_sip *weigh(pab_scenario *scn, const pab_learn_options *options)
{
    const pab_qtable *const rules[PAB_EXPERT_COUNT] = {NULL};
    pab_sip_options how;
    pab_sip *sip;
    must(pab_sip_options_init(&how, sizeof how));
    how.candidates = 8;
    how.front = 0;
    must(pab_sip_train(scn, rules, options, &how, &sip));
    return sip;
}

/* Candidates are the experts, the ensemble, and draws of the reference. */
static pab_prefs *rank(pab_scenario *scn, const pab_sip *sip, const pab_moe *reference,
                       const pab_learn_options *options)
{
    pab_moe_policy_options play;
    pab_policy *drawn;
    pab_prefs_options how;
    pab_prefs *prefs;
    must(pab_moe_policy_options_init(&play, sizeof play));
    play.sample = 1;
    play.temperature = 1.5;
    must(pab_moe_policy_with(reference, &play, &drawn));
    must(pab_prefs_options_init(&how, sizeof how));
    const pab_policy *const extra[] = {drawn};
    how.extras = 1;
    how.extra = extra;
    how.episodes = 20;
    must(pab_prefs_generate(scn, sip, NULL, options, &how, &prefs));
    pab_policy_free(drawn);
    return prefs;
}

static void explain(pab_scenario *scn, const pab_moe *moe)
{
    pab_env *env;
    pab_policy *policy;
    char why[2000];
    must(pab_moe_policy(moe, &policy));
    must(pab_env_new(scn, &env));
    must(pab_env_reset(env, pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_THIN, 1), NULL, NULL, 0));
    must(pab_policy_reset(policy, env));
    must(pab_policy_explain(policy, env, why, sizeof why));
    printf("%s\n", why);
    pab_env_free(env);
    pab_policy_free(policy);
}

int main(void)
{
    pab_learn_options options;
    pab_moe_options how;
    pab_moe *reference, *tuned, *back;
    int32_t accepted;
    must(pab_learn_options_init(&options, sizeof options));
    options.budget = 0.001;
    options.threads = 2;
    pab_scenario *scn = make_scenario();
    pab_sip *sip = weigh(scn, &options);
    must(pab_moe_distil(scn, sip, &options, &reference));
    pab_prefs *prefs = rank(scn, sip, reference, &options);
    must(pab_moe_options_init(&how, sizeof how));
    how.loss = PAB_LOSS_MBT;
    options.moe = &how;
    must(pab_moe_tune(scn, sip, reference, prefs, &options, &tuned, &accepted));
    printf("tuned by %s: %s\n", pab_loss_name(how.loss), accepted ? "accepted" : "no better, the reference stays");
    must(pab_moe_save(tuned, "13_moe_dpo.moe"));
    must(pab_moe_load(NULL, "13_moe_dpo.moe", &back));
    remove("13_moe_dpo.moe");
    explain(scn, back);
    pab_moe_free(back);
    pab_moe_free(tuned);
    pab_prefs_free(prefs);
    pab_moe_free(reference);
    pab_sip_free(sip);
    pab_scenario_free(scn);
    return 0;
}
