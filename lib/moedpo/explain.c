/* Why a mixture decides as it does in one state: weights, alternatives, influence of features. */
#include "moedpo/moe.h"

#include "sip/cells.h"

#include <math.h>
#include <string.h>

static int32_t largest(const double *x, int32_t n)
{
    int32_t at = 0;
    for (int32_t i = 1; i < n; i++)
        if (x[i] > x[at])
            at = i;
    return at;
}

/* The likeliest legal actions, best first, ties to the lowest index. */
static void rank_actions(double pi[PAB_ENV_JOINT_ACTIONS], const pab__mixture_input *input, pab_moe_explanation *out)
{
    for (int i = 0; i < PAB_MOE_ALTERNATIVES; i++) {
        int32_t best = pab__mixture_best(pi, input->legal);
        out->action[i] = pi[best] > 0.0 ? best : -1;
        out->probability[i] = pi[best] > 0.0 ? pi[best] : 0.0;
        pi[best] = 0.0;
    }
}

/* The features with the largest |feature * derivative|. */
static void rank_features(const double x[PAB__NET_INPUTS], const double dx[PAB__NET_INPUTS], pab_moe_explanation *out)
{
    double size[PAB__NET_INPUTS];
    for (int i = 0; i < PAB__NET_INPUTS; i++)
        size[i] = fabs(x[i] * dx[i]);
    for (int k = 0; k < PAB_MOE_INFLUENCES; k++) {
        int32_t most = largest(size, PAB__NET_INPUTS);
        out->feature[k] = most;
        out->influence[k] = x[most] * dx[most];
        size[most] = -1.0;
    }
}

/* Derivatives of ln pi(action) by the features. */
static void influence(const pab_moe *moe, const pab__mixture_pass *pass, int32_t action, double dx[PAB__NET_INPUTS])
{
    pab__mixture_slope slope = {0};
    memset(dx, 0, PAB__NET_INPUTS * sizeof *dx);
    pab__mixture_slope_log(pass, action, 1.0, &slope);
    pab__mixture_backward(&moe->body.net, pass, &slope, 0, NULL, dx);
}

void pab__moe_explain(const pab_moe *moe, const pab__mixture_input *input, pab_moe_explanation *out)
{
    pab__mixture_pass pass;
    double pi[PAB_ENV_JOINT_ACTIONS], dx[PAB__NET_INPUTS];
    pab__mixture_forward(&moe->body.net, moe->body.components, input, &pass);
    pab__mixture_policy(&pass, pi);
    rank_actions(pi, input, out);
    out->cell = pab__sip_cell_of_observation(input->obs);
    memcpy(out->gate, pass.gate, sizeof out->gate);
    pab__moe_resolve(&moe->body, out->cell, pass.gate, out->resolved);
    out->dominant = largest(out->resolved, PAB_EXPERT_COUNT);
    pab__mixture_log(&pass, out->action[0], out->responsibility);
    influence(moe, &pass, out->action[0], dx);
    rank_features(pass.x, dx, out);
}

static pab_status check_input(const float *obs, const uint8_t *mask, pab__mixture_input *input)
{
    for (int i = 0; i < PAB__NET_INPUTS; i++)
        if (!isfinite(obs[i]))
            return pab__fail(PAB_E_RANGE, "obs[%d] is not a number", i);
    pab__mixture_input_set(input, obs, mask);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        if (input->legal[leg] == 0)
            return pab__fail(PAB_E_ARGUMENT, "mask: leg %c has no legal action; expected one at least", 'A' + leg);
    return PAB_OK;
}

pab_status pab_moe_describe(const pab_moe *moe, const float obs[PAB_ENV_OBSERVATIONS],
                            const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS], pab_moe_explanation *out)
{
    pab__mixture_input input;
    pab_moe_explanation full = {0};
    if (!moe || !obs || !mask)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a mixture, an observation and its mask",
                         !moe ? "moe" : !obs ? "obs" : "mask");
    pab_status status = check_input(obs, mask, &input);
    if (status != PAB_OK)
        return status;
    pab__moe_explain(moe, &input, &full);
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_moe_explanation, responsibility), "out");
}
