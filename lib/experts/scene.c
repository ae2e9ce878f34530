/* Gathering what a policy looks at, and the ladder of legal actions. */
#include "experts/scene.h"
#include "env/pair.h"

pab_status pab__scene_take(const pab_env *env, pab__scene *out)
{
    pab__scene scene = {.status.struct_size = sizeof scene.status};
    pab_status status = pab_env_describe(env, &scene.status);
    if (status != PAB_OK)
        return status;
    if (scene.status.done)
        return pab__fail(PAB_E_STATE, "the episode is over after step %d; expected a running one (pab_env_reset)",
                         scene.status.step);
    status = pab_env_observe(env, scene.obs, PAB_ENV_OBSERVATIONS);
    if (status == PAB_OK)
        status = pab_env_legal(env, scene.legal);
    if (status != PAB_OK)
        return status;
    const pab_scenario *scn = pab_env_scenario(env);
    scene.open = scn->clock.market_open;
    scene.close = scn->clock.market_close;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        scene.plan[leg] = &pab__pair_of(scn)->legs[leg];
    *out = scene;
    return PAB_OK;
}

int32_t pab__ladder(const uint8_t legal[PAB_ENV_LEG_ACTIONS], int32_t action)
{
    if (action < PAB_ACTION_FIRST_STYLE)
        return legal[action] ? action : PAB_ACTION_HOLD;
    while (action >= PAB_ACTION_FIRST_STYLE && !legal[action])
        action -= 3; /* one style more patient, the same size */
    return action >= PAB_ACTION_FIRST_STYLE ? action : PAB_ACTION_HOLD;
}
