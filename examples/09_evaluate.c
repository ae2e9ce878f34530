/* Which policy is cheaper? Three of them play the same episodes, and their differences are judged seed by seed. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <math.h>
#include <stdio.h>

enum { POLICIES = 3 };

static const char *const names[POLICIES] = {"twap:take", "aggressive", "lae"};

static pab_scenario *make_scenario(void)
{
    pab_config *cfg;
    pab_scenario *scn;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_config_set(cfg, "pair.quantity", "500"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

/* Plays what is to be played; every policy starts each seed from the same state. */
static pab_eval *play(pab_scenario *scn)
{
    pab_policy *policies[POLICIES];
    pab_eval_options options;
    pab_eval *eval;
    must(pab_eval_options_init(&options, sizeof options));
    options.split = PAB_SPLIT_TRAIN;
    options.regimes = 1 << PAB_REGIME_CALM | 1 << PAB_REGIME_THIN;
    options.episodes = 12;
    options.threads = 2; /* any number gives the same table */
    must(pab_eval_new(NULL, names, POLICIES, &options, &eval));
    for (int i = 0; i < POLICIES; i++)
        must(pab_policy_parse(NULL, names[i], &policies[i]));
    must(pab_eval_run(eval, scn, policies));
    for (int i = 0; i < POLICIES; i++)
        pab_policy_free(policies[i]);
    return eval;
}

int main(void)
{
    static char text[1 << 15];
    pab_contrast less[POLICIES];
    pab_eval_summary lae = {.struct_size = sizeof lae}, twap = {.struct_size = sizeof twap};
    pab_scenario *scn = make_scenario();
    pab_eval *eval = play(scn);
    must(pab_eval_text(eval, 0, text, sizeof text, NULL));
    fputs(text, stdout);

    for (int i = 0; i < POLICIES; i++)
        less[i].struct_size = sizeof less[i];
    must(pab_eval_compare(eval, 0, -1, PAB_MEASURE_PAIR_COST, less, POLICIES));
    must(pab_eval_summarize(eval, 0, -1, &twap));
    must(pab_eval_summarize(eval, 2, -1, &lae));
    printf("\nlae costs %.2f bps more than twap:take, between %.2f and %.2f with 95 %% confidence\n", less[2].mean,
           less[2].low, less[2].high);
    pab_eval_free(eval);
    pab_scenario_free(scn);

    int inside = less[2].low <= less[2].mean && less[2].mean <= less[2].high;
    return inside && fabs(lae.pair_cost - twap.pair_cost - less[2].mean) < 1e-9 ? 0 : 1;
}
