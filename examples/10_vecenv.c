/* Eight environments stepped by one call, into arrays of ours: what a learner's inner loop looks like. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <math.h>
#include <stdio.h>

enum { N = 8, EPISODES = 24 };

/* What one call fills in. */
typedef struct batch {
    int32_t actions[N][PAB_ENV_LEGS];
    float observations[N][PAB_ENV_OBSERVATIONS];
    double rewards[N];
    uint8_t terminated[N], truncated[N];
    uint8_t masks[N][PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    pab_episode_metrics metrics[N];
} batch;

static pab_vecenv *make(batch *b)
{
    static const char yaml[] = "preset: pair\npair: {quantity: 500, warmup: 60s, horizon: 60s}\n";
    pab_config *cfg;
    pab_scenario *scn;
    pab_vecenv *vec;
    pab_vecenv_options options;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "10_vecenv"));
    must(pab_scenario_new(cfg, &scn));
    must(pab_vecenv_options_init(&options, sizeof options));
    options.count = N;
    options.threads = 2;
    options.autoreset = PAB_AUTORESET_SAME_STEP;
    must(pab_vecenv_new(scn, &options, &vec));
    for (int i = 0; i < N; i++)
        b->metrics[i].struct_size = sizeof b->metrics[i];
    must(pab_vecenv_bind(vec, &(pab_vecenv_buffers){
        .struct_size = sizeof(pab_vecenv_buffers), .actions = b->actions[0], .observations = b->observations[0],
        .rewards = b->rewards, .terminated = b->terminated, .truncated = b->truncated, .masks = b->masks[0],
        .metrics = b->metrics,
    }));
    pab_config_free(cfg);
    pab_scenario_free(scn);
    return vec;
}

/* A slice at the touch where that is legal; the leg that is behind crosses the spread. */
static void decide(batch *b)
{
    const int32_t join = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_JOIN + 1;
    const int32_t take = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_TAKE + 1;
    const int error = 47; /* feature: hedge error over the band, positive when leg A is ahead */
    for (int i = 0; i < N; i++) {
        const float ahead = b->observations[i][error];
        const int32_t wanted[PAB_ENV_LEGS] = {ahead <= 0 ? take : join, ahead >= 0 ? take : join};
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
            int legal = b->masks[i][leg * PAB_ENV_LEG_ACTIONS + wanted[leg]];
            b->actions[i][leg] = legal ? wanted[leg] : PAB_ACTION_HOLD;
        }
    }
}

int main(void)
{
    static batch b;
    uint64_t seeds[N];
    double rewards[N] = {0}, mean = 0, error = 0;
    int ended = 0, steps = 0;
    pab_vecenv *vec = make(&b);
    for (uint64_t i = 0; i < N; i++)
        seeds[i] = pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, i);
    must(pab_vecenv_reset(vec, seeds));
    for (; ended < EPISODES && steps < 1000; steps++) {
        decide(&b);
        must(pab_vecenv_step(vec));
        for (int i = 0; i < N; i++) {
            rewards[i] += b.rewards[i];
            if (b.terminated[i] || b.truncated[i]) { /* observations[i] is already the next episode's first */
                const pab_episode_metrics *m = &b.metrics[i];
                double cost = m->shortfall + 0.5 * m->hedge_cost + m->terminal_cost;
                double gap = fabs(rewards[i] + cost); /* rewards add up to what the episode cost */
                error = gap > error ? gap : error;
                mean += cost / EPISODES;
                rewards[i] = 0;
                ended++;
            }
        }
    }
    printf("%d steps of %d environments, %d episodes: mean cost %.3f bps\n", steps, N, ended, mean);
    pab_vecenv_free(vec);
    return ended >= EPISODES && error < 1e-6 ? 0 : 1;
}
