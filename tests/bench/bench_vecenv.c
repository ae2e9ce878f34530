/* The vector environment: steps a second with one environment and with 64, and what a second thread brings. */
#include <pairsabides/pairsabides.h>

#include "bench.h"

enum { MOST = 64, LENGTH = 60 };

typedef struct work {
    pab_vecenv *vec;
    uint32_t count;
    uint64_t random;
    uint64_t seeds[MOST];
    int32_t actions[MOST][PAB_ENV_LEGS];
    float observations[MOST][PAB_ENV_OBSERVATIONS];
    double rewards[MOST];
    uint8_t terminated[MOST], truncated[MOST], masks[MOST][PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
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

static void draw_actions(work *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
            const uint8_t *mask = w->masks[i] + leg * PAB_ENV_LEG_ACTIONS;
            do {
                w->random = w->random * UINT64_C(6364136223846793005) + 1;
                w->actions[i][leg] = (int32_t)((w->random >> 40) % PAB_ENV_LEG_ACTIONS);
            } while (!mask[w->actions[i][leg]]);
        }
    }
}

/* From the same seed again, which costs a copy; a fresh seed would measure warm-ups. */
static void start_over(work *w)
{
    uint8_t over[MOST];
    int any = 0;
    for (uint32_t i = 0; i < w->count; i++)
        any |= over[i] = w->terminated[i] || w->truncated[i];
    if (any)
        must(pab_vecenv_reset_some(w->vec, over, w->seeds));
}

/* One episode of each environment, random legal actions, from the snapshots of the first reset. */
static double episodes(void *user)
{
    work *w = user;
    must(pab_vecenv_reset(w->vec, w->seeds));
    double start = bench_now();
    w->random = 1;
    for (int k = 0; k < LENGTH; k++) {
        draw_actions(w);
        must(pab_vecenv_step(w->vec));
        start_over(w);
    }
    return bench_now() - start;
}

static double measure(pab_scenario *scn, uint32_t count, uint32_t threads)
{
    static work w;
    pab_vecenv_options options;
    pab_vecenv_buffers buffers = {.struct_size = sizeof buffers, .actions = w.actions[0],
                                  .observations = w.observations[0], .rewards = w.rewards, .terminated = w.terminated,
                                  .truncated = w.truncated, .masks = w.masks[0]};
    must(pab_vecenv_options_init(&options, sizeof options));
    options.count = w.count = count;
    options.threads = threads;
    options.autoreset = PAB_AUTORESET_DISABLED;
    must(pab_vecenv_new(scn, &options, &w.vec));
    must(pab_vecenv_bind(w.vec, &buffers));
    for (uint32_t i = 0; i < count; i++)
        w.seeds[i] = pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, i);
    bench_result r = bench_measure(episodes, &w, (double)count * LENGTH);
    bench_open("vecenv");
    bench_number("environments", count);
    bench_number("threads", threads);
    bench_number("steps_per_s", 1e9 / r.median);
    bench_figure("step", r);
    bench_close();
    pab_vecenv_free(w.vec);
    return r.median;
}

int main(void)
{
    pab_config *cfg;
    pab_scenario *scn;
    uint32_t many = bench_once() ? 4 : MOST;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    measure(scn, 1, 0);
    double one = measure(scn, many, 0);
    double two = measure(scn, many, 2);
    bench_open("vecenv_scaling");
    bench_number("threads", 2);
    bench_number("speedup", one / two);
    bench_close();
    pab_scenario_free(scn);
    return 0;
}
