/* The pair environment: steps a second, messages a step, what a fork, a reset and an observation cost. */
#include <pairsabides/pairsabides.h>

#include <string.h>

#include "bench.h"

typedef struct work {
    pab_env *env, *fork;
    uint64_t seed, random;
    int steps; /* of the last episode */
    double messages;
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

static double delivered(const pab_env *env)
{
    pab_market_counters c = {.struct_size = sizeof c};
    must(pab_market_count(pab_env_market(env), &c));
    return (double)c.delivered;
}

/* One episode of random legal actions from the snapshot. */
static double episode(void *user)
{
    work *w = user;
    uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    float obs[PAB_ENV_OBSERVATIONS];
    pab_step_result r;
    must(pab_step_result_init(&r, sizeof r));
    must(pab_env_reset(w->env, w->seed, NULL, obs, PAB_ENV_OBSERVATIONS));
    double before = delivered(w->env), start = bench_now();
    w->steps = 0;
    do {
        int32_t action[PAB_ENV_LEGS];
        must(pab_env_legal(w->env, mask));
        for (int i = 0; i < PAB_ENV_LEGS; i++) {
            do {
                w->random = w->random * UINT64_C(6364136223846793005) + 1;
                action[i] = (int32_t)((w->random >> 40) % PAB_ENV_LEG_ACTIONS);
            } while (!mask[PAB_ENV_LEG_ACTIONS * i + action[i]]);
        }
        must(pab_env_step(w->env, action, obs, PAB_ENV_OBSERVATIONS, &r));
        w->steps++;
    } while (!(r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)));
    double ns = bench_now() - start;
    w->messages = delivered(w->env) - before;
    return ns;
}

static double warm_up(void *user)
{
    work *w = user;
    double start = bench_now();
    must(pab_env_reset(w->env, ++w->seed, NULL, NULL, 0));
    return bench_now() - start;
}

enum { FORKS = 64 };

static double reset_again(void *user)
{
    work *w = user;
    double start = bench_now();
    for (int i = 0; i < FORKS; i++)
        must(pab_env_reset(w->env, w->seed, NULL, NULL, 0));
    return bench_now() - start;
}

static double fork_state(void *user)
{
    work *w = user;
    double start = bench_now();
    for (int i = 0; i < FORKS; i++)
        must(pab_env_copy(w->fork, w->env));
    return bench_now() - start;
}

static double observe(void *user)
{
    work *w = user;
    float obs[PAB_ENV_OBSERVATIONS];
    double start = bench_now();
    for (int i = 0; i < FORKS; i++)
        must(pab_env_observe(w->env, obs, PAB_ENV_OBSERVATIONS));
    return bench_now() - start;
}

static void report_episode(work *w)
{
    bench_result r = bench_measure(episode, w, 1);
    bench_open("env_episode");
    bench_number("steps_per_s", w->steps * 1e9 / r.median);
    bench_number("messages_per_step", w->messages / w->steps);
    bench_number("ns_per_message", r.median / w->messages);
    bench_number("steps", w->steps);
    bench_figure("episode", r);
    bench_close();
}

static void report(const char *name, bench_work what, work *w, double items)
{
    bench_result r = bench_measure(what, w, items);
    bench_open(name);
    bench_number("us", r.median * 1e-3);
    bench_figure("each", r);
    bench_close();
}

/* The preset, with what an environment needs where the preset does not have it. */
static pab_scenario *pair(const char *feed)
{
    static const char yaml[] = "preset: pair\nagents: {executor: {type: pair_executor}}\npair: {quantity: 500}\n";
    pab_config *cfg;
    pab_scenario *scn;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "pair"));
    must(pab_config_set(cfg, "pair.feed_interval", feed));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

/* What the interval of the quotes costs. */
static void report_feed(const char *feed)
{
    pab_scenario *scn = pair(feed);
    work w = {.seed = 1, .random = 1};
    must(pab_env_new(scn, &w.env));
    bench_result r = bench_measure(episode, &w, 1);
    printf("{\"bench\": \"env_feed\", \"interval\": \"%s\", \"episode_us\": %.1f, \"messages_per_step\": %.1f}\n", feed,
           r.median * 1e-3, w.messages / w.steps);
    pab_env_free(w.env);
    pab_scenario_free(scn);
}

int main(void)
{
    pab_scenario *scn = pair("100ms");
    work w = {.seed = 1, .random = 1};
    must(pab_env_new(scn, &w.env));
    must(pab_env_new(scn, &w.fork));
    report_episode(&w);
    report("env_warm_up", warm_up, &w, 1);
    report("env_reset_by_fork", reset_again, &w, FORKS);
    report("env_copy", fork_state, &w, FORKS);
    report("env_observe", observe, &w, FORKS);
    pab_env_free(w.env);
    pab_env_free(w.fork);
    pab_scenario_free(scn);
    report_feed("0ns");
    report_feed("100ms");
    report_feed("1s");
    return 0;
}
