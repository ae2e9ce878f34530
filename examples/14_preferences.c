/* Preferences: from one state, in the same futures, what would each expert's choice come to? The budget is tiny.
 * With an argument, the preferences are left in that file, for `pairsabides prefs show`. */
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

/* Candidates are the four experts, here their rules, and their ensemble, which also plays before and after them. */
static pab_prefs *generate(pab_scenario *scn)
{
    const pab_qtable *const rules[PAB_EXPERT_COUNT] = {NULL};
    pab_learn_options options;
    pab_sip_options how;
    pab_prefs_options what;
    pab_sip *sip;
    pab_prefs *prefs;
    must(pab_learn_options_init(&options, sizeof options));
    must(pab_sip_options_init(&how, sizeof how));
    must(pab_prefs_options_init(&what, sizeof what));
    options.threads = 2;
    options.budget = 0.001;
    how.candidates = 8;
    how.front = 0;
    must(pab_sip_train(scn, rules, &options, &how, &sip));
    what.episodes = 20; /* two starts each at most */
    must(pab_prefs_generate(scn, sip, NULL, &options, &what, &prefs));
    pab_sip_free(sip);
    return prefs;
}

/* The start with the surest pair: who did what there, and what it came to. */
static void tell(const pab_prefs *prefs)
{
    pab_prefs_info info = {.struct_size = sizeof info};
    pab_prefs_start start = {.struct_size = sizeof start};
    pab_prefs_trajectory trajectory = {.struct_size = sizeof trajectory};
    pab_prefs_pair pair = {.struct_size = sizeof pair}, best = {.p = 0};
    uint32_t surest = 0;
    must(pab_prefs_describe(prefs, &info));
    printf("%u starts, %u of them held out, %u pairs\n", info.starts, info.held, info.pairs);
    for (uint32_t i = 0; i < info.starts; i++) {
        if (pab_prefs_pair_get(prefs, i, 0, &pair) == PAB_OK && pair.p > best.p) {
            best = pair;
            surest = i;
        }
    }
    must(pab_prefs_start_get(prefs, surest, &start));
    printf("start %u: %s, decision %d, %d decisions of each candidate\n", surest, pab_regime_name(start.regime),
           start.step, start.segment);
    for (uint32_t t = 0; pab_prefs_trajectory_get(prefs, surest, t, &trajectory) == PAB_OK; t++)
        printf("  trajectory %u: %s / %s, mean score of %u futures %.3f bps\n", t,
               pab_action_name(trajectory.action / PAB_ENV_LEG_ACTIONS),
               pab_action_name(trajectory.action % PAB_ENV_LEG_ACTIONS), info.futures, trajectory.score);
    printf("  trajectory %u is better than %u with probability %.2f: %.3f bps (SE %.3f)\n", best.winner, best.loser,
           best.p, best.gain, best.error);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "14_preferences.pref";
    pab_scenario *scn = make_scenario();
    pab_prefs *prefs = generate(scn), *back;
    must(pab_prefs_save(prefs, path));
    must(pab_prefs_load(NULL, path, &back));
    tell(back);
    if (argc < 2)
        remove(path);
    pab_prefs_free(back);
    pab_prefs_free(prefs);
    pab_scenario_free(scn);
    return 0;
}
