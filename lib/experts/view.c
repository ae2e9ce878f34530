/* Undoing the scaling of the observation, so that rules and explanations speak in natural units. */
#include "experts/view.h"

#include <math.h>

/* Features of a leg's block that the rules use (methods 1.6), and the scales that the observation divided by. */
enum {
    FEATURE_QUEUE = 4,
    FEATURE_SPREAD_Z = 7,
    FEATURE_IMBALANCE = 9,
    FEATURE_MICRO_PRICE = 11,
    FEATURE_TRADE_FLOW = 12,
    FEATURE_ORDER_FLOW = 13,
    FEATURE_VOLATILITY = 14,
    FEATURE_P_NEAR = 16,
    FEATURE_P_FAR = 17,
    FEATURE_NEAR_DEPTH = 18,
    FEATURE_FAR_DEPTH = 19,
    FEATURES_OF_LEG = 23
};

static const struct {
    const char *name, *set, *unset;
} notions[PAB__NOTIONS] = {
    [PAB__LEAVES] = {"leaves", "shares are left", "no shares are left"},
    [PAB__LEFT] = {"decisions left", NULL, NULL},
    [PAB__FAR_SHORT] = {NULL, "the far touch is smaller than the order", "the far touch holds the order"},
    [PAB__BEHIND] = {"b", NULL, NULL},
    [PAB__GAP] = {"g", NULL, NULL},
    [PAB__P_NEAR] = {"p_near", NULL, NULL},
    [PAB__P_FAR] = {"p_far", NULL, NULL},
    [PAB__SPREAD_Z] = {"zs", NULL, NULL},
    [PAB__NEAR_DEPTH] = {"dn", NULL, NULL},
    [PAB__FAR_DEPTH] = {"df", NULL, NULL},
    [PAB__ALPHA] = {"alpha", NULL, NULL},
    [PAB__QUEUE] = {"queue ahead", NULL, NULL},
    [PAB__RESTING] = {NULL, "an order rests", "no order rests"},
    [PAB__VOLATILITY] = {"vr", NULL, NULL},
    [PAB__PAUSED] = {"pauses", NULL, NULL},
    [PAB__THINNESS] = {"thinness", NULL, NULL},
    [PAB__PAIR_RISK] = {"risk of the pair", NULL, NULL},
    [PAB__RISKIER] = {NULL, "this leg carries more of it", "the other leg carries more of it"},
};

const char *pab__notion_name(int32_t notion)
{
    return notions[notion].name;
}

const char *pab__notion_flag(int32_t notion, int32_t set)
{
    return set ? notions[notion].set : notions[notion].unset;
}

static double half_spread_bps(const pab_env_status *now, int leg)
{
    if (!(now->near_price[leg] > 0 && now->far_price[leg] > 0))
        return 0;
    double mid = (now->near_price[leg] + now->far_price[leg]) / 2;
    return fabs(now->far_price[leg] - now->near_price[leg]) / 2 / mid * 1e4;
}

static void view_leg(const pab__scene *scene, int leg, pab__leg_view *out)
{
    const pab_env_status *now = &scene->status;
    const float *feature = scene->obs + leg * FEATURES_OF_LEG;
    double *is = out->is;
    double parent = (double)now->parent[leg];
    double leaves = (double)(now->parent[leg] - now->filled[leg]);
    int32_t left = now->steps - now->step;

    out->parent = parent;
    out->slice = left > 0 ? ceil(leaves / left) : leaves;
    out->legal = scene->legal + leg * PAB_ENV_LEG_ACTIONS;
    is[PAB__LEAVES] = leaves;
    is[PAB__LEFT] = left;
    is[PAB__FAR_SHORT] = (double)now->far_quantity[leg] < fmin(leaves, 2 * out->slice);
    is[PAB__P_NEAR] = (double)feature[FEATURE_P_NEAR];
    is[PAB__P_FAR] = (double)feature[FEATURE_P_FAR];
    is[PAB__SPREAD_Z] = 3 * (double)feature[FEATURE_SPREAD_Z];
    is[PAB__NEAR_DEPTH] = 2 * (double)feature[FEATURE_NEAR_DEPTH];
    is[PAB__FAR_DEPTH] = 2 * (double)feature[FEATURE_FAR_DEPTH];
    is[PAB__ALPHA] = 0.35 * (double)feature[FEATURE_MICRO_PRICE] + 0.25 * (double)feature[FEATURE_IMBALANCE] +
                     0.2 * (double)feature[FEATURE_TRADE_FLOW] + 0.2 * (double)feature[FEATURE_ORDER_FLOW];
    is[PAB__QUEUE] = (double)feature[FEATURE_QUEUE];
    is[PAB__RESTING] = now->resting[leg] != 0;
    /* Short of the pole at 1, which float32 reaches for ratios beyond a few thousand. */
    is[PAB__VOLATILITY] = exp(atanh(fmax(-0.9999999, fmin(0.9999999, (double)feature[FEATURE_VOLATILITY]))));
    is[PAB__THINNESS] = half_spread_bps(now, leg) * (1 + is[PAB__P_NEAR]);
}

/* Risk that both legs' leaves carry to the horizon (methods 1.6, feature 56), and which leg carries more. */
static void view_risk(const pab_env_status *now, pab__pair_view *view)
{
    double exposure[PAB_ENV_LEGS], notional = 0;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        notional += (double)now->parent[leg] * now->arrival[leg];
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        exposure[leg] = notional > 0 ? now->side[leg] * view->leg[leg].is[PAB__LEAVES] * now->mid[leg] / notional : 0;
    const double *cov = now->covariance;
    double of_a = exposure[0] * (cov[0] * exposure[0] + cov[1] * exposure[1]);
    double of_b = exposure[1] * (cov[1] * exposure[0] + cov[2] * exposure[1]);
    double seconds = (now->steps - now->step) * ((double)now->interval * 1e-9);
    double risk = sqrt(fmax(0, (of_a + of_b) * seconds));
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        view->leg[leg].is[PAB__PAIR_RISK] = risk;
    view->leg[0].is[PAB__RISKIER] = of_a >= of_b;
    view->leg[1].is[PAB__RISKIER] = of_a < of_b;
}

void pab__pair_view_make(const pab__scene *scene, pab__pair_view *out)
{
    const pab_env_status *now = &scene->status;
    double done[PAB_ENV_LEGS];
    *out = (pab__pair_view){.time = now->steps > 0 ? (double)now->step / now->steps : 0};
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        view_leg(scene, leg, &out->leg[leg]);
        done[leg] = now->parent[leg] > 0 ? (double)now->filled[leg] / (double)now->parent[leg] : 1;
        out->leg[leg].is[PAB__BEHIND] = out->time - done[leg];
    }
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        out->leg[leg].is[PAB__GAP] = done[1 - leg] - done[leg];
    view_risk(now, out);
}
