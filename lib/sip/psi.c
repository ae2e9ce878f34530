/* Scores of four experts, the price of getting out of step, and what follows from both. */
#include "sip/psi.h"

#include <math.h>

#include "env/env.h"
#include "sip/sip.h"

double pab__sip_fill(int32_t style, double spread_z, double alpha)
{
    static const double usual[] = {0.25, 0.45, 0.55, 0.95, 1.0}; /* by style */
    static const double by_spread[] = {0.9, 1.0, 1.1};           /* a wide spread draws aggressors to what is inside */
    static const double by_alpha[] = {1.2, 1.0, 0.8};            /* a price that moves away leaves orders behind */
    if (style >= PAB_STYLE_TAKE)
        return usual[style];
    int spread = isnan(spread_z) ? 1 : (spread_z >= -0.5) + (spread_z >= 1);
    int signal = isnan(alpha) ? 1 : (alpha >= -0.3) + (alpha >= 0.3);
    return usual[style] * by_spread[spread] * by_alpha[signal];
}

/* Shares of a leg that each action is expected to fill. */
static void expected_fills(const pab__executor *x, const pab__features *f, int leg, double out[PAB_ENV_LEG_ACTIONS])
{
    const pab__leg_features *seen = &f->leg[leg];
    double room = (double)pab__headroom(x, leg, 0), resting = (double)pab__working(&x->leg[leg]);
    out[PAB_ACTION_HOLD] = resting * pab__sip_fill(PAB_STYLE_JOIN, seen->spread_z, seen->alpha);
    out[PAB_ACTION_CANCEL] = 0;
    for (int32_t a = PAB_ACTION_FIRST_STYLE; a < PAB_ENV_LEG_ACTIONS; a++) {
        int32_t style = (a - PAB_ACTION_FIRST_STYLE) / 3;
        pab__intent intent = {style, (a - PAB_ACTION_FIRST_STYLE) % 3, 0};
        double shares = fmin(room, (double)pab__wanted(x, leg, &intent));
        out[a] = shares * pab__sip_fill(style, seen->spread_z, seen->alpha);
    }
}

pab_status pab__sip_cost(const pab__features *f, const pab_env *env, double out[PAB_ENV_JOINT_ACTIONS])
{
    const pab__executor *x = pab__env_state(env);
    double a[PAB_ENV_LEG_ACTIONS], b[PAB_ENV_LEG_ACTIONS];
    if (x == NULL)
        return PAB_E_STATE;
    double error = pab__hedge_error(x);
    expected_fills(x, f, 0, a);
    expected_fills(x, f, 1, b);
    for (int32_t j = 0; j < PAB_ENV_JOINT_ACTIONS; j++) {
        double next = error + a[j / PAB_ENV_LEG_ACTIONS] - b[j % PAB_ENV_LEG_ACTIONS] / x->ratio;
        out[j] = x->band > 0 ? next / x->band * (next / x->band) : 0;
    }
    return PAB_OK;
}

/* 0 for what the rule does, -1 for all else that is legal. */
static void score_rule(const pab__features *f, const uint8_t *legal, double z[PAB_ENV_JOINT_ACTIONS])
{
    for (int32_t j = 0; j < PAB_ENV_JOINT_ACTIONS; j++) {
        int32_t a = j / PAB_ENV_LEG_ACTIONS, b = j % PAB_ENV_LEG_ACTIONS;
        if (!legal[a] || !legal[PAB_ENV_LEG_ACTIONS + b])
            z[j] = -INFINITY;
        else
            z[j] = a == f->rule[0] && b == f->rule[1] ? 0 : -1;
    }
}

pab_status pab__sip_rank(const pab_qtable *const experts[PAB_EXPERT_COUNT], const pab__sip_table *table,
                         pab__sip_memory *memory, const pab_env *env, pab__psi *out)
{
    pab__features f;
    pab_status status = pab__scene_take(env, &out->scene);
    if (status != PAB_OK)
        return status;
    for (int32_t e = 0; e < PAB_EXPERT_COUNT; e++) {
        pab__features_make(e, &memory->expert[e], &out->scene, &f);
        if (table->rules)
            score_rule(&f, out->scene.legal, out->z[e]);
        else
            pab__qtable_score(experts[e], &f, out->scene.legal, out->z[e]);
    }
    status = pab__sip_cost(&f, env, out->cost);
    if (status != PAB_OK)
        return status;
    out->cell = pab__sip_cell_of(out->scene.obs);
    out->weights = table->cell[out->cell];
    pab__sip_mix(&out->weights, out->z, out->cost, out->psi);
    out->best = pab__score_best(out->psi);
    return PAB_OK;
}

pab_status pab__sip_psi(const pab_sip *sip, pab__sip_memory *memory, const pab_env *env, pab__psi *out)
{
    return pab__sip_rank((const pab_qtable *const *)sip->expert, &sip->table, memory, env, out);
}
