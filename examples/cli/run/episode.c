#include "episode.h"

static pab_status step(pab_env *env, pab_policy *policy, const episode_watch *w, pab_step_result *result)
{
    pab_decision decision = {0};
    pab_status status = w->before ? w->before(w->user, env, policy) : PAB_OK;
    if (status == PAB_OK)
        status = pab_policy_act(policy, env, &decision);
    if (status == PAB_OK && w->decided)
        status = w->decided(w->user, env, &decision);
    if (status == PAB_OK)
        status = pab_env_step_exact(env, &decision, NULL, 0, result);
    return status == PAB_OK && w->after ? w->after(w->user, env, &decision, result) : status;
}

pab_status episode_play(pab_env *env, pab_policy *policy, uint64_t seed, const episode_watch *watch)
{
    pab_step_result result = {.struct_size = sizeof result};
    pab_status status = pab_env_reset(env, seed, NULL, NULL, 0);
    if (status == PAB_OK)
        status = pab_policy_reset(policy, env);
    while (status == PAB_OK && !episode_is_over(&result))
        status = step(env, policy, watch, &result);
    return status;
}
