/* Scores of four experts, expected effects of actions and their penalties, and the ranking that follows. */
#include "sip/psi.h"

#include <math.h>

#include "env/env.h"
#include "sip/sip.h"

double pab__sip_fill(const pab__leg_plan *plan, int32_t style, double spread_z, double alpha)
{
    static const double usual[] = {0.25, 0.45, 0.55, 0.95, 1.0}; /* by style */
    static const double by_spread[] = {0.9, 1.0, 1.1};           /* a wide spread draws aggressors to what is inside */
    static const double by_alpha[] = {1.2, 1.0, 0.8};            /* a price that moves away leaves orders behind */
    int spread = pab__fill_spread(spread_z), signal = pab__fill_signal(alpha);
    if (plan && plan->fill_count > 0)
        return plan->fill[(style * PAB__FILL_SPREADS + spread) * PAB__FILL_SIGNALS + signal];
    if (style >= PAB_STYLE_TAKE)
        return usual[style];
    return usual[style] * by_spread[spread] * by_alpha[signal];
}

/* Expected effects of each action of a leg. */
typedef struct prospect {
    double fills[PAB_ENV_LEG_ACTIONS];  /* shares */
    double doubt[PAB_ENV_LEG_ACTIONS];  /* their variance: an order that rests is filled or it is not */
    double lag[PAB_ENV_LEG_ACTIONS];    /* slices behind an even pace, squared; 0 where ahead of it */
    double spread[PAB_ENV_LEG_ACTIONS]; /* paid against the mid, bps of the pair, if every slice were traded so */
} prospect;

static void expect_fill(const pab__leg_plan *plan, const pab__leg_features *seen, int32_t style, double shares,
                        int32_t a, prospect *out)
{
    double share = pab__sip_fill(plan, style, seen->spread_z, seen->alpha);
    out->fills[a] = shares * share;
    out->doubt[a] = style < PAB_STYLE_TAKE ? shares * shares * share * (1 - share) : 0;
}

static void expect_fills(const pab__executor *x, const pab__leg_plan *plan, const pab__features *f, int leg,
                         prospect *out)
{
    const pab__leg_features *seen = &f->leg[leg];
    double room = (double)pab__shield_headroom(x, leg, 0), resting = (double)pab__leg_working(&x->leg[leg]);
    expect_fill(plan, seen, PAB_STYLE_JOIN, resting, PAB_ACTION_HOLD, out);
    expect_fill(plan, seen, PAB_STYLE_JOIN, 0, PAB_ACTION_CANCEL, out);
    for (int32_t a = PAB_ACTION_FIRST_STYLE; a < PAB_ENV_LEG_ACTIONS; a++) {
        int32_t style = (a - PAB_ACTION_FIRST_STYLE) / 3;
        pab__intent intent = {style, (a - PAB_ACTION_FIRST_STYLE) % 3, 0};
        expect_fill(plan, seen, style, fmin(room, (double)pab__shield_wanted(x, leg, &intent)), a, out);
    }
}

static void look_ahead(const pab__executor *x, const pab__leg_plan *plan, const pab__features *f, int i, prospect *out)
{
    const pab__leg *leg = &x->leg[i];
    double slice = (double)leg->parent / x->steps, due = slice * (x->step + 1) - (double)leg->filled;
    double mid = pab__tracker_mid(&leg->tracker);
    expect_fills(x, plan, f, i, out);
    for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++) {
        int32_t style = (a - PAB_ACTION_FIRST_STYLE) / 3;
        double behind = fmax(0, (due - out->fills[a]) / slice);
        int32_t paid = style > PAB_STYLE_TAKE ? PAB_STYLE_TAKE : style; /* a sweep fills at the far touch first */
        int64_t price = a < PAB_ACTION_FIRST_STYLE ? leg->price : pab__shield_price(x, i, paid);
        out->lag[a] = behind * behind;
        out->spread[a] = 0;
        if (price > 0 && mid > 0 && out->fills[a] > 0)
            out->spread[a] = 1e4 * x->steps * out->fills[a] * pab__leg_sign(leg) * ((double)price - mid) / x->notional;
    }
}

pab_status pab__sip_terms(const pab__features *f, const pab_env *env,
                          double out[PAB__SIP_TERMS][PAB_ENV_JOINT_ACTIONS])
{
    const pab__executor *x = pab__env_state(env);
    prospect of[PAB_ENV_LEGS];
    if (!x)
        return PAB_E_STATE;
    double error = pab__executor_hedge_error(x);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        look_ahead(x, &pab__pair_of(env->scn)->legs[leg], f, leg, &of[leg]);
    for (int32_t j = 0; j < PAB_ENV_JOINT_ACTIONS; j++) {
        int32_t a = j / PAB_ENV_LEG_ACTIONS, b = j % PAB_ENV_LEG_ACTIONS;
        double next = error + of[0].fills[a] - of[1].fills[b] / x->ratio;
        double doubt = of[0].doubt[a] + of[1].doubt[b] / (x->ratio * x->ratio);
        out[PAB__SIP_HEDGE][j] = x->band > 0 ? (next * next + doubt) / (x->band * x->band) : 0;
        out[PAB__SIP_LAG][j] = of[0].lag[a] + of[1].lag[b];
        out[PAB__SIP_SPREAD][j] = of[0].spread[a] + of[1].spread[b];
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
    pab_status status = pab__context_take(env, &out->context);
    if (status != PAB_OK)
        return status;
    for (int32_t e = 0; e < PAB_EXPERT_COUNT; e++) {
        pab__features_make(e, &memory->expert[e], &out->context, &f);
        if (table->rules)
            score_rule(&f, out->context.legal, out->z[e]);
        else
            pab__qtable_score(experts[e], &f, out->context.legal, out->z[e]);
    }
    status = pab__sip_terms(&f, env, out->terms);
    if (status != PAB_OK)
        return status;
    out->cell = pab__sip_cell_of(&out->context.signals);
    out->weights = table->cell[out->cell];
    pab__sip_charge(&out->weights, out->terms, out->charge);
    pab__sip_mix(&out->weights, out->z, out->charge, out->psi);
    out->best = pab__qtable_best(out->psi);
    return PAB_OK;
}

pab_status pab__sip_psi(const pab_sip *sip, pab__sip_memory *memory, const pab_env *env, pab__psi *out)
{
    return pab__sip_rank((const pab_qtable *const *)sip->expert, &sip->table, memory, env, out);
}
