/* Why a mixture decides as it does: weights by state, alternatives, influence of features. */
#include "moedpo/moe.h"

#include "sip/cells.h"

#include <math.h>
#include <string.h>

void pab__moe_resolve(const pab__moe_body *body, int32_t cell, const double gate[PAB__COMPONENTS],
                      double resolved[PAB_EXPERT_COUNT])
{
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        resolved[e] = gate[e] + gate[PAB__ANCHOR] * body->share[cell][e];
}

static int32_t largest(const double *x, int32_t n)
{
    int32_t at = 0;
    for (int32_t i = 1; i < n; i++)
        if (x[i] > x[at])
            at = i;
    return at;
}

void pab__moe_survey(pab__moe_body *body, const pab__point *points, uint32_t count)
{
    pab__pass pass;
    double marginal[PAB__LOGITS];
    memset(body->cell, 0, sizeof body->cell);
    for (uint32_t i = 0; i < count; i++) {
        pab__cell_sum *cell = &body->cell[pab__sip_cell_of_observation(points[i].obs)];
        pab__pass_forward(&body->net, body->components, &points[i], &pass);
        cell->visits += 1.0;
        for (uint32_t e = 0; e < body->components; e++) {
            cell->gate[e] += pass.gate[e];
            pab__joint_marginals(&pass.joint[e], marginal);
            for (int a = 0; a < 2 * PAB__LEG_ACTIONS; a++)
                cell->classes[a / PAB__LEG_ACTIONS][pab__action_class(a % PAB__LEG_ACTIONS)] +=
                    pass.gate[e] * marginal[a];
        }
    }
}

/* The likeliest legal actions, best first, ties to the lowest index. */
static void rank_actions(double pi[PAB__ACTIONS], const pab__point *point, pab_moe_reason *out)
{
    for (int i = 0; i < PAB_MOE_ALTERNATIVES; i++) {
        int32_t best = pab__pass_best(pi, point->legal);
        out->action[i] = pi[best] > 0.0 ? best : -1;
        out->probability[i] = pi[best] > 0.0 ? pi[best] : 0.0;
        pi[best] = 0.0;
    }
}

/* The features with the largest |feature * derivative|. */
static void rank_features(const double x[PAB__INPUTS], const double dx[PAB__INPUTS], pab_moe_reason *out)
{
    double size[PAB__INPUTS];
    for (int i = 0; i < PAB__INPUTS; i++)
        size[i] = fabs(x[i] * dx[i]);
    for (int k = 0; k < PAB_MOE_INFLUENCES; k++) {
        int32_t most = largest(size, PAB__INPUTS);
        out->feature[k] = most;
        out->influence[k] = x[most] * dx[most];
        size[most] = -1.0;
    }
}

/* Derivatives of ln pi(action) by the features. */
static void influence(const pab_moe *moe, const pab__pass *pass, int32_t action, double dx[PAB__INPUTS])
{
    pab__slope slope = {0};
    memset(dx, 0, PAB__INPUTS * sizeof *dx);
    pab__slope_mixture(pass, action, 1.0, &slope);
    pab__pass_backward(&moe->body.net, pass, &slope, 0, NULL, dx);
}

void pab__moe_reason(const pab_moe *moe, const pab__point *point, pab_moe_reason *out)
{
    pab__pass pass;
    double pi[PAB__ACTIONS], dx[PAB__INPUTS];
    pab__pass_forward(&moe->body.net, moe->body.components, point, &pass);
    pab__pass_policy(&pass, pi);
    rank_actions(pi, point, out);
    out->cell = pab__sip_cell_of_observation(point->obs);
    memcpy(out->gate, pass.gate, sizeof out->gate);
    pab__moe_resolve(&moe->body, out->cell, pass.gate, out->resolved);
    out->dominant = largest(out->resolved, PAB_EXPERT_COUNT);
    pab__pass_log(&pass, out->action[0], out->responsibility);
    influence(moe, &pass, out->action[0], dx);
    rank_features(pass.x, dx, out);
}

static pab_status check_point(const float *obs, const uint8_t *mask, pab__point *point)
{
    for (int i = 0; i < PAB__INPUTS; i++)
        if (!isfinite(obs[i]))
            return pab__fail(PAB_E_RANGE, "obs[%d] is not a number", i);
    pab__point_set(point, obs, mask);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        if (point->legal[leg] == 0)
            return pab__fail(PAB_E_ARGUMENT, "mask: leg %c has no legal action; expected one at least", 'A' + leg);
    return PAB_OK;
}

pab_status pab_moe_describe(const pab_moe *moe, const float obs[PAB_ENV_OBSERVATIONS],
                            const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS], pab_moe_reason *out)
{
    pab__point point;
    pab_moe_reason full = {0};
    if (!moe || !obs || !mask)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a mixture, an observation and its mask",
                         !moe ? "moe" : !obs ? "obs" : "mask");
    pab_status status = check_point(obs, mask, &point);
    if (status != PAB_OK)
        return status;
    pab__moe_reason(moe, &point, &full);
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_moe_reason, influence), "out");
}

pab_status pab_moe_cell_get(const pab_moe *moe, int32_t cell, pab_moe_cell *out)
{
    pab_moe_cell full = {.dominant = -1};
    if (!moe)
        return pab__fail(PAB_E_ARGUMENT, "moe is NULL; expected a mixture");
    if (cell < 0 || cell >= PAB_MOE_CELLS)
        return pab__fail(PAB_E_RANGE, "cell is %d; expected 0 to %d", cell, PAB_MOE_CELLS - 1);
    const pab__cell_sum *sum = &moe->body.cell[cell];
    full.visits = sum->visits;
    for (int e = 0; e < PAB_MOE_COMPONENTS && sum->visits > 0.0; e++) {
        full.gate[e] = sum->gate[e] / sum->visits;
        full.entropy -= full.gate[e] > 0.0 ? full.gate[e] * log(full.gate[e]) : 0.0;
    }
    for (int i = 0; i < PAB_ENV_LEGS * PAB_MOE_CLASSES && sum->visits > 0.0; i++)
        full.classes[i / PAB_MOE_CLASSES][i % PAB_MOE_CLASSES] =
            sum->classes[i / PAB_MOE_CLASSES][i % PAB_MOE_CLASSES] / sum->visits;
    if (sum->visits > 0.0) {
        pab__moe_resolve(&moe->body, cell, full.gate, full.resolved);
        full.dominant = largest(full.resolved, PAB_EXPERT_COUNT);
    }
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_moe_cell, classes), "out");
}
