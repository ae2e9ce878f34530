/* Evaluation: episodes a second with one and with many policies per warm-up, on one thread and two; the bootstrap. */
#include <pairsabides/pairsabides.h>

#include "bench.h"

enum { POLICIES = 8 };

static const char *const names[POLICIES] = {"twap:take", "lae", "sce", "ome", "rae", "passive", "aggressive", "random"};

typedef struct work {
    pab_scenario *scn;
    pab_policy *policies[POLICIES];
    uint32_t count, threads, episodes;
} work;

static void must(pab_status status)
{
    char text[512];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fprintf(stderr, "%s: %s\n", pab_status_name(status), text);
    exit(1);
}

static pab_eval *make(const work *w)
{
    pab_eval_options options;
    pab_eval *eval;
    must(pab_eval_options_init(&options, sizeof options));
    options.split = PAB_SPLIT_TRAIN;
    options.regimes = 1 << PAB_REGIME_CALM;
    options.episodes = w->episodes;
    options.threads = w->threads;
    must(pab_eval_new(NULL, names, w->count, &options, &eval));
    return eval;
}

static double play(void *user)
{
    work *w = user;
    pab_eval *eval = make(w);
    double start = bench_now();
    must(pab_eval_run(eval, w->scn, w->policies));
    double ns = bench_now() - start;
    pab_eval_free(eval);
    return ns;
}

static double compare(void *user)
{
    work *w = user;
    pab_eval *eval = make(w);
    pab_contrast out[POLICIES];
    for (uint32_t p = 0; p < w->count; p++) {
        out[p].struct_size = sizeof out[p];
        for (uint32_t i = 0; i < w->episodes; i++) {
            pab_episode_metrics m = {.struct_size = sizeof m, .shortfall = (double)(i * 37 % 101) + p};
            must(pab_eval_put(eval, p, PAB_REGIME_CALM, i, &m));
        }
    }
    double start = bench_now();
    must(pab_eval_compare(eval, 0, PAB_REGIME_CALM, PAB_MEASURE_PAIR_COST, out, w->count));
    double ns = bench_now() - start;
    pab_eval_free(eval);
    return ns;
}

static double report_play(work *w, uint32_t count, uint32_t threads)
{
    w->count = count;
    w->threads = threads;
    w->episodes = bench_once() ? 2 : 16;
    bench_result r = bench_measure(play, w, (double)count * w->episodes);
    bench_open("eval");
    bench_number("policies", count);
    bench_number("threads", threads);
    bench_number("episodes_per_s", 1e9 / r.median);
    bench_figure("episode", r);
    bench_close();
    return r.median;
}

int main(void)
{
    work w = {0};
    pab_config *cfg;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_scenario_new(cfg, &w.scn));
    pab_config_free(cfg);
    for (int p = 0; p < POLICIES; p++)
        must(pab_policy_parse(NULL, names[p], &w.policies[p]));
    report_play(&w, 1, 0);
    double one = report_play(&w, POLICIES, 0);
    double two = report_play(&w, POLICIES, 2);
    bench_open("eval_scaling");
    bench_number("threads", 2);
    bench_number("speedup", one / two);
    bench_close();

    w.threads = 0;
    w.episodes = bench_once() ? 20 : 1000;
    bench_result r = bench_measure(compare, &w, 1);
    bench_open("eval_bootstrap");
    bench_number("policies", POLICIES);
    bench_number("episodes", w.episodes);
    bench_number("s", r.median * 1e-9);
    bench_close();
    for (int p = 0; p < POLICIES; p++)
        pab_policy_free(w.policies[p]);
    pab_scenario_free(w.scn);
    return 0;
}
