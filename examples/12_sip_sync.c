/* Experts in step: an ensemble weighs four experts by state and charges for what keeps a pair from trading evenly. The
 * budget here is tiny. */
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

/* Learned experts would come from pab_qtable_train; without them their rules stand in. */
static pab_sip *train(pab_scenario *scn)
{
    const pab_qtable *const rules[PAB_EXPERT_COUNT] = {NULL};
    pab_learn_options options;
    pab_sip_options how;
    pab_sip *sip;
    must(pab_learn_options_init(&options, sizeof options));
    must(pab_sip_options_init(&how, sizeof how));
    options.threads = 2;
    options.budget = 0.04; /* generations, seeds and visits of refinement follow */
    how.candidates = 12;
    how.front = 0;
    must(pab_sip_train(scn, rules, &options, &how, &sip));
    return sip;
}

static void tell(const pab_sip *sip)
{
    static const char *const kinds[] = {"candidate", "mean", "even weights", "expert", "rule", "refined"};
    pab_sip_info info = {.struct_size = sizeof info};
    pab_sip_finalist row = {.struct_size = sizeof row};
    pab_sip_cell cell = {.struct_size = sizeof cell};
    must(pab_sip_describe(sip, &info));
    printf("%-16s %8s %8s %8s\n", "finalist", "IS bps", "TE %", "J");
    for (uint32_t i = 0; pab_sip_finalist_get(sip, i, &row) == PAB_OK; i++)
        printf("%-12s %-3s %8.2f %8.2f %8.2f%s\n", kinds[row.kind],
               row.expert >= 0 ? pab_policy_builtin((uint32_t)row.expert) : "", row.shortfall, row.tracking,
               row.objective, i == info.shipped ? "  plays" : "");
    printf("\nselected less the best single one, on validation seeds: %.2f bps [%.2f, %.2f]\n", info.gain,
           info.gain_low, info.gain_high);
    for (int32_t c = 0; c < PAB_SIP_CELL_COUNT; c++) {
        must(pab_sip_cell_get(sip, c, &cell));
        if (cell.visits >= 20)
            printf("cell %2d, visited %3.0f times: %s first; multipliers: hedge error %.2g, lag %.2g, spread %.2g\n", c,
                   cell.visits, pab_policy_builtin((uint32_t)cell.dominant), cell.kappa, cell.lag, cell.spread);
    }
}

static void explain(pab_scenario *scn, const pab_sip *sip)
{
    pab_env *env;
    pab_policy *policy;
    char why[2000];
    must(pab_sip_policy(sip, &policy));
    must(pab_env_new(scn, &env));
    must(pab_env_reset(env, pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_THIN, 1), NULL, NULL, 0));
    must(pab_policy_reset(policy, env));
    must(pab_policy_explain(policy, env, why, sizeof why));
    printf("\n%s\n", why);
    pab_env_free(env);
    pab_policy_free(policy);
}

int main(void)
{
    pab_scenario *scn = make_scenario();
    pab_sip *sip = train(scn), *back;
    tell(sip);
    must(pab_sip_save(sip, "12_sip_sync.sip"));
    must(pab_sip_load(NULL, "12_sip_sync.sip", &back));
    remove("12_sip_sync.sip");
    explain(scn, back);
    pab_sip_free(back);
    pab_sip_free(sip);
    pab_scenario_free(scn);
    return 0;
}
