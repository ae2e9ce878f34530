/* An episode of the pair environment: buy one asset, sell the other, by a rule of three lines, and ask what it cost. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char yaml[] = "preset: pair\n"
                           "agents: {executor: {type: pair_executor}}\n"
                           "pair: {quantity: 400, horizon: 120s}\n";

static pab_env *make_env(void)
{
    pab_config *cfg;
    pab_scenario *scn;
    pab_env *env;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "06_pair_env"));
    must(pab_scenario_new(cfg, &scn));
    must(pab_env_new(scn, &env));
    pab_config_free(cfg);
    pab_scenario_free(scn); /* the environment keeps it alive */
    return env;
}

/* The leg that is behind takes a slice; the leg that is ahead joins the queue. */
static void decide(const pab_env *env, int32_t action[PAB_ENV_LEGS])
{
    pab_env_status s = {.struct_size = sizeof s};
    must(pab_env_describe(env, &s));
    const int32_t join = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_JOIN + 1;
    const int32_t take = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_TAKE + 1;
    action[0] = s.hedge_error <= 0 ? take : join;
    action[1] = s.hedge_error >= 0 ? take : join;
}

static pab_episode_metrics play(pab_env *env, double *shortfall)
{
    int32_t action[PAB_ENV_LEGS];
    pab_step_result r;
    must(pab_step_result_init(&r, sizeof r));
    do {
        decide(env, action);
        must(pab_env_step(env, action, NULL, 0, &r));
        *shortfall += r.cost.shortfall[0] + r.cost.shortfall[1];
        if (r.step % 6 == 0)
            printf("step %2d  %-8s %-8s filled %4" PRId64 " %5" PRId64 "  hedge error %6.1f shares\n", r.step,
                   pab_action_name(action[0]), pab_action_name(action[1]), r.filled[0], r.filled[1], r.hedge_error);
    } while (!(r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)));
    pab_episode_metrics m = {.struct_size = sizeof m};
    must(pab_env_metrics(env, &m));
    return m;
}

int main(void)
{
    pab_env *env = make_env();
    float obs[PAB_ENV_OBSERVATIONS];
    double sum[2] = {0, 0};
    pab_episode_metrics m[2];
    uint64_t seed = pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 7);
    for (int i = 0; i < 2; i++) { /* the second time the warm-up is not simulated again */
        must(pab_env_reset(env, seed, NULL, obs, PAB_ENV_OBSERVATIONS));
        m[i] = play(env, &sum[i]);
    }
    printf("shortfall %.2f bps: spread %.2f, impact %.2f, drift %.2f\n", m[0].shortfall, m[0].cost_spread,
           m[0].cost_impact, m[0].cost_drift);
    printf("tracking error %.2f %%, %.0f %% of the shares passive\n", m[0].tracking_error, 100 * m[0].passive);
    pab_env_free(env);
    int same = memcmp(&m[0], &m[1], sizeof m[0]) == 0;
    return same && fabs(sum[0] - m[0].shortfall) < 1e-6 && m[0].residual == 0 ? 0 : 1;
}
