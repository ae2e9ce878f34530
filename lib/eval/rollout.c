/* The loop of decisions and steps. */
#include "eval/rollout.h"

static pab_status decide(const pab__rollout *r, pab_decision *out)
{
    pab_status status = r->policy ? pab_policy_act(r->policy, r->env, out) : r->decide(r->user, r->env, out);
    return status == PAB_OK && r->before ? r->before(r->user, r->env, out) : status;
}

pab_status pab__rollout_resume(const pab__rollout *r, pab_episode_metrics *metrics)
{
    pab_step_result result = {.struct_size = sizeof result};
    pab_status status = PAB_OK;
    while (status == PAB_OK && !pab__rollout_is_over(&result)) {
        pab_decision decision = {0};
        status = decide(r, &decision);
        if (status == PAB_OK)
            status = pab_env_step_exact(r->env, &decision, NULL, 0, &result);
        if (status == PAB_OK && r->after)
            status = r->after(r->user, r->env, &decision, &result);
    }
    if (status == PAB__ROLLOUT_STOP)
        return PAB_OK;
    if (status != PAB_OK || !metrics)
        return status;
    metrics->struct_size = sizeof *metrics;
    return pab_env_metrics(r->env, metrics);
}

pab_status pab__rollout_episode(const pab__rollout *r, uint64_t seed, const pab_reset_options *options,
                                pab_episode_metrics *metrics)
{
    pab_status status = pab_env_reset(r->env, seed, options, NULL, 0);
    if (status == PAB_OK && r->policy)
        status = pab_policy_reset(r->policy, r->env);
    return status == PAB_OK ? pab__rollout_resume(r, metrics) : status;
}
