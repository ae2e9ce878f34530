#include "trace.h"

#include "../cli.h"
#include "episode.h"

static const char *const policies[] = {"moe", "sip", "twap:work"};

/* Index of the validation seed: past those that the run itself plays. */
#define TRACE_SEED ((UINT64_C(1) << 41))

typedef struct tracing {
    FILE *steps, *fills;
    const char *policy;
    int32_t regime;
} tracing;

/* `decision` NULL: the episode is over. */
static pab_status put_step(void *user, const pab_env *env, const pab_decision *decision)
{
    const tracing *t = user;
    pab_env_status s = {.struct_size = sizeof s};
    pab_status status = pab_env_describe(env, &s);
    if (status != PAB_OK)
        return status;
    fprintf(t->steps, "%s,%s,%.10g", t->policy, pab_regime_name(t->regime), 1e-9 * (double)(s.now - s.start));
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        fprintf(t->steps, ",%.10g,%.10g,%.10g,%lld", s.mid[leg], s.near_price[leg], s.far_price[leg],
                (long long)s.filled[leg]);
    fprintf(t->steps, ",%.10g,%.10g", s.hedge_error / (double)s.parent[0], s.band / (double)s.parent[0]);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        fprintf(t->steps, ",%s", decision ? pab_action_name(decision->action[leg]) : "");
    fprintf(t->steps, "\n");
    return PAB_OK;
}

static pab_status put_fills(const tracing *t, const pab_env *env)
{
    pab_fill fill[PAB_ENV_FILLS_KEPT];
    pab_env_status s = {.struct_size = sizeof s};
    const uint32_t n = pab_env_fills(env, fill, PAB_ENV_FILLS_KEPT);
    pab_status status = pab_env_describe(env, &s);
    for (uint32_t i = 0; status == PAB_OK && i < n; i++)
        fprintf(t->fills, "%s,%s,%.10g,%d,%lld,%lld,%d\n", t->policy, pab_regime_name(t->regime),
                1e-9 * (double)(fill[i].time - s.start), fill[i].leg, (long long)fill[i].price,
                (long long)fill[i].quantity, fill[i].passive);
    return status;
}

static pab_status play_all(const finished *f, tracing *t)
{
    const episode_watch watch = {.user = t, .decided = put_step};
    pab_env *env = NULL;
    pab_status status = pab_env_new(pab_pipeline_scenario(f->run), &env);
    for (size_t i = 0; status == PAB_OK && i < sizeof policies / sizeof *policies; i++) {
        pab_policy *policy = NULL;
        t->policy = policies[i];
        status = pab_pipeline_policy(f->run, t->policy, &policy);
        for (t->regime = 0; status == PAB_OK && t->regime < PAB_REGIME_COUNT; t->regime++) {
            status = episode_play(env, policy, pab_seed(PAB_SPLIT_VALIDATION, t->regime, TRACE_SEED), &watch);
            if (status == PAB_OK)
                status = put_step(t, env, NULL);
            if (status == PAB_OK)
                status = put_fills(t, env);
        }
        pab_policy_free(policy);
    }
    pab_env_free(env);
    return status;
}

int trace_episodes(const finished *f)
{
    tracing t = {.steps = finished_create(f, "trace.csv")};
    t.fills = t.steps ? finished_create(f, "fills.csv") : NULL;
    if (!t.fills) {
        if (t.steps)
            fclose(t.steps);
        return CLI_FAILED;
    }
    fprintf(t.steps, "policy,regime,time,mid_a,near_a,far_a,filled_a,mid_b,near_b,far_b,filled_b,hedge,band,"
                     "action_a,action_b\n");
    fprintf(t.fills, "policy,regime,time,leg,price,quantity,passive\n");
    const pab_status status = play_all(f, &t);
    int code = status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
    const int steps = finished_saved(f, "trace.csv", t.steps), fills = finished_saved(f, "fills.csv", t.fills);
    if (code == CLI_OK)
        code = steps != CLI_OK ? steps : fills;
    return code;
}
