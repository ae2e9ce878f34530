/* An ensemble as a policy. */
#include "sip/psi.h"
#include "sip/sip.h"

static pab_status act(void *user, void *state, const pab_env *env, pab_decision *out)
{
    pab__psi psi;
    pab_status status = pab__sip_psi(user, state, env, &psi);
    if (status != PAB_OK)
        return status;
    out->action[0] = psi.best / PAB_ENV_LEG_ACTIONS;
    out->action[1] = psi.best % PAB_ENV_LEG_ACTIONS;
    return PAB_OK;
}

static pab_status explain(void *user, const void *state, const pab_env *env, char *buf, size_t cap)
{
    const pab_sip *sip = user;
    pab__sip_memory copy = *(const pab__sip_memory *)state;
    pab__text words = pab__text_in(buf, cap);
    pab__psi psi;
    pab_status status = pab__sip_psi(sip, &copy, env, &psi);
    if (status != PAB_OK)
        return status;
    const double *by = psi.weights.multiplier;
    pab__text_say(&words, "ensemble, cell %d, multipliers %.3g, %.3g and %.3g:", psi.cell, by[PAB__SIP_HEDGE],
                  by[PAB__SIP_LAG], by[PAB__SIP_SPREAD]);
    for (int e = 0; e < PAB_EXPERT_COUNT; e++) {
        int32_t own = pab__qtable_best(psi.z[e]);
        pab__text_say(&words, "%s %s (%.2f) would %s / %s", e > 0 ? "," : "", pab_policy_builtin((uint32_t)e),
                 psi.weights.weight[e], pab_action_name(own / PAB_ENV_LEG_ACTIONS),
                 pab_action_name(own % PAB_ENV_LEG_ACTIONS));
    }
    pab__text_say(&words, "; together %s / %s, expected hedge error squared %.3g bands, behind squared %.3g slices, "
             "paying %.3g bps", pab_action_name(psi.best / PAB_ENV_LEG_ACTIONS),
             pab_action_name(psi.best % PAB_ENV_LEG_ACTIONS), psi.terms[PAB__SIP_HEDGE][psi.best],
             psi.terms[PAB__SIP_LAG][psi.best], psi.terms[PAB__SIP_SPREAD][psi.best]);
    return PAB_OK;
}

pab_status pab_sip_policy(const pab_sip *sip, pab_policy **out)
{
    if (!sip || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !sip ? "sip" : "out");
    pab_policy_type type = {
        .struct_size = sizeof type,
        .state_size = sizeof(pab__sip_memory),
        .name = "sip",
        .user = (void *)(uintptr_t)sip, /* read only */
        .act = act,
        .explain = explain,
    };
    return pab_policy_new(&sip->host, &type, out);
}
