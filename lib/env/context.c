/* Gathering a decision context; legal actions as bits, and the ladder of them. */
#include "env/context.h"

#include "env/env.h"

pab_status pab__context_take(const pab_env *env, pab__context *out)
{
    float obs[PAB_ENV_OBSERVATIONS];
    *out = (pab__context){.status.struct_size = sizeof out->status};
    pab_status status = pab_env_describe(env, &out->status);
    if (status != PAB_OK)
        return status;
    if (out->status.done)
        return pab__fail(PAB_E_STATE, "the episode is over after step %d; expected a running one (pab_env_reset)",
                         out->status.step);
    status = pab_env_observe(env, obs, PAB_ENV_OBSERVATIONS);
    if (status == PAB_OK)
        status = pab_env_legal(env, out->legal);
    if (status != PAB_OK)
        return status;
    const pab_scenario *scn = pab_env_scenario(env);
    pab__signals_read(obs, &out->signals);
    out->open = scn->clock.market_open;
    out->close = scn->clock.market_close;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        out->plan[leg] = &pab__pair_of(scn)->legs[leg];
    return PAB_OK;
}

uint32_t pab__legal_bits(const uint8_t mask[PAB_ENV_LEG_ACTIONS])
{
    uint32_t bits = 0;
    for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
        bits |= (uint32_t)(mask[a] != 0) << a;
    return bits;
}

int32_t pab__legal_ladder(const uint8_t legal[PAB_ENV_LEG_ACTIONS], int32_t action)
{
    if (action < PAB_ACTION_FIRST_STYLE)
        return legal[action] ? action : PAB_ACTION_HOLD;
    while (action >= PAB_ACTION_FIRST_STYLE && !legal[action])
        action -= 3; /* one style more patient, the same size */
    return action >= PAB_ACTION_FIRST_STYLE ? action : PAB_ACTION_HOLD;
}
