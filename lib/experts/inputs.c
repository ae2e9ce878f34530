/* From a decision context to the inputs of rules. */
#include "experts/inputs.h"

#include <math.h>

static const struct {
    const char *name, *set, *unset;
} table[PAB__INPUT_COUNT] = {
    [PAB__INPUT_LEAVES] = {"leaves", "shares are left", "no shares are left"},
    [PAB__INPUT_LEFT] = {"decisions left", NULL, NULL},
    [PAB__INPUT_FAR_SHORT] = {NULL, "the far touch is smaller than the order", "the far touch holds the order"},
    [PAB__INPUT_BEHIND] = {"b", NULL, NULL},
    [PAB__INPUT_GAP] = {"g", NULL, NULL},
    [PAB__INPUT_P_NEAR] = {"p_near", NULL, NULL},
    [PAB__INPUT_P_FAR] = {"p_far", NULL, NULL},
    [PAB__INPUT_SPREAD_Z] = {"zs", NULL, NULL},
    [PAB__INPUT_NEAR_DEPTH] = {"dn", NULL, NULL},
    [PAB__INPUT_FAR_DEPTH] = {"df", NULL, NULL},
    [PAB__INPUT_ALPHA] = {"alpha", NULL, NULL},
    [PAB__INPUT_QUEUE] = {"queue ahead", NULL, NULL},
    [PAB__INPUT_RESTING] = {NULL, "an order rests", "no order rests"},
    [PAB__INPUT_VOLATILITY] = {"vr", NULL, NULL},
    [PAB__INPUT_PAUSED] = {"pauses", NULL, NULL},
    [PAB__INPUT_THINNESS] = {"thinness", NULL, NULL},
    [PAB__INPUT_PAIR_RISK] = {"risk of the pair", NULL, NULL},
    [PAB__INPUT_RISKIER] = {NULL, "this leg carries more of it", "the other leg carries more of it"},
};

const char *pab__input_name(int32_t input)
{
    return table[input].name;
}

const char *pab__input_flag(int32_t input, int32_t set)
{
    return set ? table[input].set : table[input].unset;
}

static double half_spread_bps(const pab_env_status *now, int leg)
{
    if (!(now->near_price[leg] > 0 && now->far_price[leg] > 0))
        return 0;
    double mid = (now->near_price[leg] + now->far_price[leg]) / 2;
    return fabs(now->far_price[leg] - now->near_price[leg]) / 2 / mid * 1e4;
}

static void make_leg(const pab__context *context, int leg, pab__leg_inputs *out)
{
    const pab_env_status *now = &context->status;
    const pab__leg_signals *signals = &context->signals.leg[leg];
    double *value = out->value;
    double parent = (double)now->parent[leg];
    double leaves = (double)(now->parent[leg] - now->filled[leg]);
    int32_t left = now->steps - now->step;

    out->parent = parent;
    out->slice = left > 0 ? ceil(leaves / left) : leaves;
    out->legal = context->legal + leg * PAB_ENV_LEG_ACTIONS;
    value[PAB__INPUT_LEAVES] = leaves;
    value[PAB__INPUT_LEFT] = left;
    value[PAB__INPUT_FAR_SHORT] = (double)now->far_quantity[leg] < fmin(leaves, 2 * out->slice);
    value[PAB__INPUT_P_NEAR] = signals->crumble_near;
    value[PAB__INPUT_P_FAR] = signals->crumble_far;
    value[PAB__INPUT_SPREAD_Z] = signals->spread_z;
    value[PAB__INPUT_NEAR_DEPTH] = signals->depth_near;
    value[PAB__INPUT_FAR_DEPTH] = signals->depth_far;
    value[PAB__INPUT_ALPHA] = pab__signals_alpha(signals);
    value[PAB__INPUT_QUEUE] = signals->queue;
    value[PAB__INPUT_RESTING] = now->resting[leg] != 0;
    value[PAB__INPUT_VOLATILITY] = signals->volatility_ratio;
    value[PAB__INPUT_THINNESS] = half_spread_bps(now, leg) * (1 + signals->crumble_near);
}

/* Risk that both legs' leaves carry to the horizon (docs/methods.md 1.6, pair `risk`), and which leg carries more. */
static void make_risk(const pab_env_status *now, pab__pair_inputs *inputs)
{
    double exposure[PAB_ENV_LEGS], notional = 0;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        notional += (double)now->parent[leg] * now->arrival[leg];
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        exposure[leg] =
            notional > 0 ? now->side[leg] * inputs->leg[leg].value[PAB__INPUT_LEAVES] * now->mid[leg] / notional : 0;
    const double *cov = now->covariance;
    double of_a = exposure[0] * (cov[0] * exposure[0] + cov[1] * exposure[1]);
    double of_b = exposure[1] * (cov[1] * exposure[0] + cov[2] * exposure[1]);
    double seconds = (now->steps - now->step) * ((double)now->interval * 1e-9);
    double risk = sqrt(fmax(0, (of_a + of_b) * seconds));
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        inputs->leg[leg].value[PAB__INPUT_PAIR_RISK] = risk;
    inputs->leg[0].value[PAB__INPUT_RISKIER] = of_a >= of_b;
    inputs->leg[1].value[PAB__INPUT_RISKIER] = of_a < of_b;
}

void pab__inputs_make(const pab__context *context, pab__pair_inputs *out)
{
    const pab_env_status *now = &context->status;
    double done[PAB_ENV_LEGS];
    *out = (pab__pair_inputs){.time = now->steps > 0 ? (double)now->step / now->steps : 0};
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        make_leg(context, leg, &out->leg[leg]);
        done[leg] = now->parent[leg] > 0 ? (double)now->filled[leg] / (double)now->parent[leg] : 1;
        out->leg[leg].value[PAB__INPUT_BEHIND] = out->time - done[leg];
    }
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        out->leg[leg].value[PAB__INPUT_GAP] = done[1 - leg] - done[leg];
    make_risk(now, out);
}
