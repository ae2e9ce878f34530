/* Episodes to look at: what was seen and done at each decision, and every fill. Validation seeds, whatever was
 * evaluated on. */
#include "pipeline/run.h"

#include "pipeline/text.h"

#include <string.h>

const char *const pab__run_trace_files[] = {"trace.csv", "fills.csv", NULL};

static const char *const actors[] = {"moe", "sip", "twap:work"};

typedef struct tracing {
    pab_env *env;
    const char *policy;
    int32_t regime;
    pab__text steps, fills;
} tracing;

/* NULL: the episode is over. */
static pab_status put_step(tracing *x, const pab_decision *decision)
{
    pab_env_status s = {.struct_size = sizeof s};
    pab_status status = pab_env_describe(x->env, &s);
    if (status != PAB_OK)
        return status;
    pab__text_say(&x->steps, "%s,%s,%.10g", x->policy, pab_regime_name(x->regime), 1e-9 * (double)(s.now - s.start));
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        pab__text_say(&x->steps, ",%.10g,%.10g,%.10g,%lld", s.mid[leg], s.near_price[leg], s.far_price[leg],
                      (long long)s.filled[leg]);
    pab__text_say(&x->steps, ",%.10g,%.10g", s.hedge_error / (double)s.parent[0], s.band / (double)s.parent[0]);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        pab__text_say(&x->steps, ",%s", decision ? pab_action_name(decision->action[leg]) : "");
    pab__text_put(&x->steps, "\n");
    return PAB_OK;
}

static pab_status put_fills(tracing *x)
{
    pab_fill fill[PAB_ENV_FILLS_KEPT];
    pab_env_status s = {.struct_size = sizeof s};
    uint32_t n = pab_env_fills(x->env, fill, PAB_ENV_FILLS_KEPT);
    pab_status status = pab_env_describe(x->env, &s);
    for (uint32_t i = 0; status == PAB_OK && i < n; i++)
        pab__text_say(&x->fills, "%s,%s,%.10g,%d,%lld,%lld,%d\n", x->policy, pab_regime_name(x->regime),
                      1e-9 * (double)(fill[i].time - s.start), fill[i].leg, (long long)fill[i].price,
                      (long long)fill[i].quantity, fill[i].passive);
    return status;
}

static pab_status play(tracing *x, pab_policy *policy)
{
    pab_step_result result = {.struct_size = sizeof result};
    const uint64_t seed = pab_seed(PAB_SPLIT_VALIDATION, x->regime, PAB__SEEDS_LAST);
    pab_status status = pab_env_reset(x->env, seed, NULL, NULL, 0);
    if (status == PAB_OK)
        status = pab_policy_reset(policy, x->env);
    while (status == PAB_OK && (result.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0) {
        pab_decision decision = {0};
        status = pab_policy_act(policy, x->env, &decision);
        if (status == PAB_OK)
            status = put_step(x, &decision);
        if (status == PAB_OK)
            status = pab_env_step_exact(x->env, &decision, NULL, 0, &result);
    }
    if (status == PAB_OK)
        status = put_step(x, NULL);
    return status == PAB_OK ? put_fills(x) : status;
}

static pab_status play_all(pab__run *run, tracing *x)
{
    pab_status status = pab_env_new(run->artefacts->scn, &x->env);
    for (size_t i = 0; status == PAB_OK && i < sizeof actors / sizeof *actors; i++) {
        pab_policy *policy = NULL;
        x->policy = actors[i];
        status = pab_pipeline_policy(run->artefacts, x->policy, &policy);
        for (x->regime = 0; status == PAB_OK && x->regime < PAB_REGIME_COUNT; x->regime++)
            status = play(x, policy);
        pab_policy_free(policy);
    }
    pab_env_free(x->env);
    return status;
}

pab_status pab__run_trace(pab__run *run)
{
    char path[PAB__RUN_DIR_PATH];
    tracing x = {.steps = {.host = &run->host}, .fills = {.host = &run->host}};
    pab__text_put(&x.steps, "policy,regime,time,mid_a,near_a,far_a,filled_a,mid_b,near_b,far_b,filled_b,hedge,band,"
                            "action_a,action_b\n");
    pab__text_put(&x.fills, "policy,regime,time,leg,price,quantity,passive\n");
    pab_status status = play_all(run, &x);
    if (status == PAB_OK)
        status = pab__text_save(&x.steps, pab__run_dir_path(&run->dir, pab__run_trace_files[0], path));
    if (status == PAB_OK)
        status = pab__text_save(&x.fills, pab__run_dir_path(&run->dir, pab__run_trace_files[1], path));
    pab__text_free(&x.steps);
    pab__text_free(&x.fills);
    return status;
}
