/* Teaching an expert: tables are trained against its rule, told about, stored, and played. The budget here is tiny. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <stdio.h>

static pab_scenario *make_scenario(void)
{
    pab_config *cfg;
    pab_scenario *scn;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_config_set(cfg, "pair.warmup", "1min"));
    must(pab_config_set(cfg, "pair.horizon", "60s"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

static pab_qtable *train(pab_scenario *scn)
{
    pab_learn_options options;
    pab_qtable_options tables;
    pab_qtable *q;
    must(pab_learn_options_init(&options, sizeof options));
    must(pab_qtable_options_init(&tables, sizeof tables));
    tables.rounds = 4; /* the documented default is 64 */
    tables.episodes = 16;
    tables.validation = 4;
    tables.interval = 2;
    options.qtable = &tables;
    options.threads = 2;
    must(pab_qtable_train(scn, PAB_EXPERT_LAE, &options, &q));
    return q;
}

static void tell(const pab_qtable *q)
{
    static const char *const names[] = {"leg A", "leg B", "pair"};
    static const char *const modes[] = {"its own", "its own where confident", "as advised"};
    pab_qtable_info info = {.struct_size = sizeof info};
    pab_qtable_round round = {.struct_size = sizeof round};
    printf("%-6s %8s %8s  %s\n", "table", "visited", "gain", "decisions");
    for (int32_t t = 0; t < PAB_TABLE_COUNT; t++) {
        must(pab_qtable_describe(q, t, &info));
        printf("%-6s %8u %8.3f  %s\n", names[t], info.visited, info.gain, modes[info.mode]);
    }
    printf("\n%-6s %6s %8s %10s %8s\n", "table", "round", "missed", "advantage", "gain");
    for (uint32_t i = 0; pab_qtable_curve(q, i, &round) == PAB_OK; i++)
        if (round.round > 0)
            printf("%-6s %6u %8.3f %10.3f %8.3f\n", names[round.table], round.round, round.missed, round.advantage,
                   round.gain);
}

/* The learned expert and its rule on the same validation episodes. */
static void compare(pab_scenario *scn, const pab_qtable *q)
{
    static const char *const names[] = {"lae", "q_lae"};
    pab_policy *policies[2];
    pab_eval *eval;
    pab_eval_options options;
    char text[8192];
    must(pab_eval_options_init(&options, sizeof options));
    options.regimes = 1 << PAB_REGIME_CALM;
    options.episodes = 8;
    options.resamples = 500;
    must(pab_policy_parse(NULL, "lae", &policies[0]));
    must(pab_qtable_policy(q, &policies[1]));
    must(pab_eval_new(NULL, names, 2, &options, &eval));
    must(pab_eval_run(eval, scn, policies));
    must(pab_eval_text(eval, 0, text, sizeof text, NULL));
    printf("\n%s", text);
    pab_eval_free(eval);
    pab_policy_free(policies[0]);
    pab_policy_free(policies[1]);
}

int main(void)
{
    static const char path[] = "11_train_qlearn.qtable";
    pab_scenario *scn = make_scenario();
    pab_qtable *q = train(scn), *stored;
    tell(q);
    compare(scn, q);
    must(pab_qtable_save(q, path));
    must(pab_qtable_load(NULL, path, &stored));
    int same = pab_qtable_expert(stored) == pab_qtable_expert(q);
    remove(path);
    pab_qtable_free(stored);
    pab_qtable_free(q);
    pab_scenario_free(scn);
    return !same;
}
