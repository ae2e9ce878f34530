/* The cheapest pair that still trades, for tests that repeat a whole operation hundreds of times. */
#ifndef TEST_TINY_H
#define TEST_TINY_H

#include <string.h>

#include <pairsabides/pairsabides.h>

#include "status.h"

/* Two makers and a few traders; two decisions after twenty seconds. */
static const char tiny_yaml[] =
    "preset: pair\n"
    "agents:\n"
    "  maker_AAA: {count: 1}\n"
    "  maker_BBB: {count: 1}\n"
    "  noise_AAA: {count: 4, wake_up_freq: 2s}\n"
    "  noise_BBB: {count: 4, wake_up_freq: 2s}\n"
    "  value_AAA: {count: 4}\n"
    "  value_BBB: {count: 4}\n"
    "  momentum_AAA: {count: 1}\n"
    "  momentum_BBB: {count: 1}\n"
    "  arbitrage: {count: 1}\n"
    "pair: {warmup: 20s, horizon: 10s, interval: 5s, quantity: 200}\n";

/* `host` NULL: the library's own memory; `more`: YAML that is merged over it, NULL for none. */
static inline pab_config *tiny_config(const pab_host *host, const char *more)
{
    pab_config *cfg = NULL;
    must(pab_config_new(host, &cfg));
    must(pab_config_parse(cfg, tiny_yaml, sizeof tiny_yaml - 1, "tiny"));
    if (more)
        must(pab_config_parse(cfg, more, strlen(more), "more"));
    return cfg;
}

static inline pab_scenario *tiny_pair(const pab_host *host)
{
    pab_config *cfg = tiny_config(host, NULL);
    pab_scenario *scn = NULL;
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

/* A search of one generation. */
static inline pab_sip_options tiny_search(void)
{
    pab_sip_options how;
    must(pab_sip_options_init(&how, sizeof how));
    how.generations = 1;
    how.candidates = 8;
    how.elite = 1;
    how.seeds = how.final_seeds = how.validation_seeds = 1;
    how.front = 0;
    how.refine = 0;
    return how;
}

static inline pab_sip *tiny_sip(pab_scenario *scn)
{
    const pab_sip_options how = tiny_search();
    pab_sip *sip = NULL;
    must(pab_sip_train(scn, NULL, NULL, &how, &sip));
    return sip;
}

/* What a clone of a policy decides: `made` is the status that came with the policy, which is freed. */
static inline pab_status tiny_decision(pab_status made, pab_policy *policy, pab_env *env, pab_decision *out)
{
    pab_policy *clone = NULL;
    pab_status status = made == PAB_OK ? pab_policy_clone(policy, &clone) : made;
    if (status == PAB_OK)
        status = pab_policy_reset(clone, env);
    if (status == PAB_OK)
        status = pab_policy_act(clone, env, out);
    pab_policy_free(clone);
    pab_policy_free(policy);
    return status;
}

#endif
