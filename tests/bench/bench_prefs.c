/* Preferences: what a start costs, with its five candidates in four futures and its share of the episode before it. */
#include <pairsabides/config.h>
#include <pairsabides/prefs.h>

#include "bench.h"

typedef struct load {
    pab_scenario *scn;
    pab_sip *sip;
    pab_prefs_options how;
    uint64_t seed;
    double starts; /* of the last round */
} load;

static void must(pab_status status)
{
    char text[512];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fprintf(stderr, "%s: %s\n", pab_status_name(status), text);
    exit(1);
}

static double generate(void *user)
{
    load *l = user;
    pab_learn_options options;
    pab_prefs_info info = {.struct_size = sizeof info};
    pab_prefs *prefs;
    must(pab_learn_options_init(&options, sizeof options));
    options.master_seed = ++l->seed;
    double start = bench_now();
    must(pab_prefs_generate(l->scn, l->sip, NULL, &options, &l->how, &prefs));
    double ns = bench_now() - start;
    must(pab_prefs_describe(prefs, &info));
    l->starts = info.starts;
    pab_prefs_free(prefs);
    return ns / l->starts;
}

int main(void)
{
    static load l;
    const pab_qtable *const rules[PAB_EXPERT_COUNT] = {NULL};
    pab_learn_options options;
    pab_sip_options how;
    pab_config *cfg;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_scenario_new(cfg, &l.scn));
    must(pab_learn_options_init(&options, sizeof options));
    must(pab_sip_options_init(&how, sizeof how));
    options.budget = 1e-6;
    how.candidates = 8;
    how.front = 0;
    how.refine = 0;
    must(pab_sip_train(l.scn, rules, &options, &how, &l.sip));
    must(pab_prefs_options_init(&l.how, sizeof l.how));
    l.how.episodes = 2 * PAB_REGIME_COUNT;
    bench_result r = bench_measure(generate, &l, 1);
    bench_open("prefs_start");
    bench_number("ms", r.median * 1e-6);
    bench_number("starts_per_s", 1e9 / r.median);
    bench_figure("each", r);
    bench_close();
    pab_sip_free(l.sip);
    pab_scenario_free(l.scn);
    pab_config_free(cfg);
    return 0;
}
