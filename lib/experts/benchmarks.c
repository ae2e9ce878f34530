/* TWAP, VWAP, POV and Almgren-Chriss: how many shares each has due. */
#include "experts/curve.h"
#include "experts/schedule.h"

#include <math.h>

enum { RATE = PAB__FINISH + 1, POV_OPTIONS };
enum { KAPPA_T = PAB__FINISH + 1, AC_OPTIONS, MU = AC_OPTIONS, AC_PAIR_OPTIONS };

#define KAPPA_T_ROW [KAPPA_T] = {"kappa_t", "1", "Urgency: kappa * T of Almgren-Chriss, 0 is straight", 2, 0, 50}

static const pab__policy_option line_options[] = {PAB__FINISH_ROW};
static const pab__policy_option pov_options[] = {
    PAB__FINISH_ROW,
    [RATE] = {"rate", "1", "Shares per share that others traded since the first decision", 0.1, 0, 10},
};
static const pab__policy_option ac_options[] = {PAB__FINISH_ROW, KAPPA_T_ROW};
static const pab__policy_option ac_pair_options[] = {
    PAB__FINISH_ROW,
    KAPPA_T_ROW,
    [MU] = {"mu", "bps/s", "Price of running with one leg only, on the pair's notional at arrival", 0, 0, 1e4},
};

static void twap_due(const pab__policy_params *params, void *state, const pab__context *context,
                     pab__schedule_due due[PAB_ENV_LEGS])
{
    (void)params;
    (void)state;
    const pab_env_status *now = &context->status;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        due[leg].now = (double)now->parent[leg] * now->step / now->steps;
        due[leg].next = (double)now->parent[leg] * (now->step + 1) / now->steps;
    }
}

static void vwap_due(const pab__policy_params *params, void *state, const pab__context *context,
                     pab__schedule_due due[PAB_ENV_LEGS])
{
    (void)params;
    (void)state;
    const pab_env_status *now = &context->status;
    int64_t at = now->start + now->step * now->interval;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        due[leg].now = (double)now->parent[leg] * pab__curve_volume(context, leg, at);
        due[leg].next = (double)now->parent[leg] * pab__curve_volume(context, leg, at + now->interval);
    }
}

static void ac_due(const pab__policy_params *params, void *state, const pab__context *context,
                   pab__schedule_due due[PAB_ENV_LEGS])
{
    (void)state;
    const pab_env_status *now = &context->status;
    double kt = params->value[KAPPA_T];
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        due[leg].now = (double)now->parent[leg] * pab__curve_front(kt, (double)now->step / now->steps);
        due[leg].next = (double)now->parent[leg] * pab__curve_front(kt, (double)(now->step + 1) / now->steps);
    }
}

/* Shares due at the decision before: the difference is the slice. */
typedef struct pov_state {
    int32_t step;  /* 1 + the decision that `last` belongs to; 0: none yet */
    int32_t reserved;
    double before[PAB_ENV_LEGS], last[PAB_ENV_LEGS];
} pov_state;

static void pov_due(const pab__policy_params *params, void *state, const pab__context *context,
                    pab__schedule_due due[PAB_ENV_LEGS])
{
    const pab_env_status *now = &context->status;
    pov_state *kept = state;
    int is_new = kept->step != now->step + 1;
    kept->step = now->step + 1;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        if (is_new)
            kept->before[leg] = kept->last[leg];
        kept->last[leg] = params->value[RATE] * (double)now->others_volume[leg];
        due[leg] = (pab__schedule_due){.now = kept->before[leg], .next = kept->last[leg]};
    }
}

/* bps^2/s; below it a covariance says nothing: 0.01 bps in a second, as the environment's floor of volatility. */
#define LEAST_VARIANCE 1e-4

/* The plan is made with what is known at the first decision, and followed from there. */
typedef struct ac_pair_state {
    pab__ac_pair plan; /* steps 0: none yet */
    double left[PAB_ENV_LEGS];
    int32_t step; /* that `left` belongs to */
    int32_t reserved;
} ac_pair_state;

_Static_assert(sizeof(ac_pair_state) <= PAB__POLICY_STATE_MAX && sizeof(pov_state) <= PAB__POLICY_STATE_MAX,
               "states are small");

/* Impact in ticks per share a second: calibrated, else such that the whole order at an even pace, thought of as a
 * tenth of the volume, pays a tenth of a half-spread. */
static double impact(const pab__context *context, int leg)
{
    const pab_env_status *now = &context->status;
    const pab__leg_plan *known = context->plan[leg];
    if (known && known->ref.impact_eta > 0)
        return known->ref.impact_eta;
    double half_spread = fmax(0.5, fabs(now->far_price[leg] - now->near_price[leg]) / 2);
    double seconds = (double)(now->end - now->start) * 1e-9;
    return half_spread * seconds / (10 * (double)now->parent[leg]);
}

static void ac_pair_begin(const pab__policy_params *params, const pab__context *context, ac_pair_state *kept)
{
    const pab_env_status *now = &context->status;
    pab__ac_pair plan = {.dt = (double)now->interval * 1e-9, .steps = now->steps};
    double money[PAB_ENV_LEGS], notional = 0;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        double parent = (double)now->parent[leg];
        money[leg] = now->side[leg] * parent * now->mid[leg] * 1e-4; /* ticks per bp */
        notional += parent * now->arrival[leg];
        plan.impact[leg] = impact(context, leg) * parent * parent;
        kept->left[leg] = (parent - (double)now->filled[leg]) / parent;
    }
    plan.cov[0] = money[0] * money[0] * fmax(now->covariance[0], LEAST_VARIANCE);
    plan.cov[1] = money[0] * money[1] * now->covariance[1];
    plan.cov[2] = money[1] * money[1] * fmax(now->covariance[2], LEAST_VARIANCE);
    plan.mu = params->value[MU] * 1e-4 * notional;
    plan.lambda = pab__ac_lambda(&plan, params->value[KAPPA_T]);
    kept->plan = plan;
    kept->step = now->step;
}

static void ac_pair_due(const pab__policy_params *params, void *state, const pab__context *context,
                        pab__schedule_due due[PAB_ENV_LEGS])
{
    const pab_env_status *now = &context->status;
    ac_pair_state *kept = state;
    if (kept->plan.steps == 0)
        ac_pair_begin(params, context, kept);
    for (; kept->step < now->step; kept->step++)
        pab__ac_pair_next(&kept->plan, kept->step, kept->left);
    double after[PAB_ENV_LEGS] = {kept->left[0], kept->left[1]};
    pab__ac_pair_next(&kept->plan, kept->step, after);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        double parent = (double)now->parent[leg];
        due[leg] = (pab__schedule_due){.now = parent * (1 - kept->left[leg]), .next = parent * (1 - after[leg])};
    }
}

static const pab__schedule twap = {"TWAP", twap_due};
static const pab__schedule vwap = {"VWAP", vwap_due};
static const pab__schedule pov = {"POV", pov_due};
static const pab__schedule ac = {"AC", ac_due};
static const pab__schedule ac_pair = {"AC pair", ac_pair_due};

#define TACTICS "take|work"

const pab__policy_kind pab__twap_policy = {"twap", TACTICS, line_options, 1, 0, &twap, pab__schedule_decide};
const pab__policy_kind pab__vwap_policy = {"vwap", TACTICS, line_options, 1, 0, &vwap, pab__schedule_decide};
const pab__policy_kind pab__pov_policy = {"pov", TACTICS, pov_options, POV_OPTIONS, sizeof(pov_state), &pov,
                                      pab__schedule_decide};
const pab__policy_kind pab__ac_policy = {"ac", TACTICS, ac_options, AC_OPTIONS, 0, &ac, pab__schedule_decide};
const pab__policy_kind pab__ac_pair_policy = {"ac_pair", TACTICS, ac_pair_options, AC_PAIR_OPTIONS,
                                              sizeof(ac_pair_state), &ac_pair, pab__schedule_decide};
