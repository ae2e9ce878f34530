/* RAE, the risk-averse expert: front-loaded, faster in rising volatility, away from dislocated books. */
#include "experts/curve.h"
#include "experts/expert.h"

enum { KAPPA_T = PAB__SYNC_OPTIONS, ZS_PAUSE, PAUSES, VR_TAKE, VR_MID, VR_CALM, B_CALM, RISK, OPTIONS };

static const pab__policy_option options_of[] = {
    PAB__GUARD_OPTION_ROW,
    PAB__SYNC_OPTION_ROWS,
    [KAPPA_T] = {"kappa_t", "1",
                 "Front-loading of the schedule line: kappa * T of Almgren-Chriss, 0 is straight", 0.5, 0, 50},
    [ZS_PAUSE] = {"zs_pause", "sd", "Step aside when the spread is this wide", 2.8, -3, 3},
    [PAUSES] = {"pauses", "decisions", "but not more often in a row", 2, 0, 1e6},
    [VR_TAKE] = {"vr_take", "1", "TAKE two slices when volatility is this multiple of the usual", 3.6, 0, 100},
    [VR_MID] = {"vr_mid", "1", "MID with two slices when it is this multiple", 2.5, 0, 100},
    [VR_CALM] = {"vr_calm", "1", "JOIN when it is below this multiple", 0.75, 0, 100},
    [B_CALM] = {"b_calm", "1", "and the leg is behind schedule by no more than this share of the parent", -0.02, -1, 1},
    [RISK] = {"risk", "bps", "Pair: cut the riskier leg when the risk to the horizon is at least this", 20, 0, 1e4},
};
_Static_assert(sizeof options_of / sizeof *options_of == OPTIONS, "one row per option");
_Static_assert((int)OPTIONS <= (int)PAB__POLICY_OPTIONS_MAX, "none too many");

/* The first two pause: see settle. */
static const pab__rule leg_rows[] = {
    {{PAB__WHEN(SPREAD_Z, GE, ZS_PAUSE), PAB__WHEN(PAUSED, LT, PAUSES), PAB__WHEN(RESTING, IS, 0)},
     PAB_ACTION_CANCEL, "a dislocated book: out of it"},
    {{PAB__WHEN(SPREAD_Z, GE, ZS_PAUSE), PAB__WHEN(PAUSED, LT, PAUSES)},
     PAB_ACTION_HOLD, "a dislocated book: not now"},
    {{PAB__WHEN(VOLATILITY, GE, VR_TAKE)}, PAB__ACTION(TAKE, TWO), "the market is wild"},
    {{PAB__WHEN(VOLATILITY, GE, VR_MID)}, PAB__ACTION(MID, TWO), "the market is lively"},
    {{PAB__WHEN(BEHIND, GE, PAB__SYNC_B_TAKE)}, PAB__ACTION(TAKE, ONE), "behind the front-loaded schedule"},
    {{PAB__WHEN(VOLATILITY, LT, VR_CALM), PAB__WHEN(BEHIND, LE, B_CALM)},
     PAB__ACTION(JOIN, ONE), "a quiet market and no haste"},
    {{PAB__ALWAYS}, PAB__ACTION(MID, ONE), "less time, less risk"},
};

static const pab__rule risk_rows[] = {
    {{PAB__WHEN(PAIR_RISK, GE, RISK), PAB__WHEN(RISKIER, IS, 0)},
     PAB__ACTION(TAKE, TWO), "cuts the risk"},
};

static const pab__rules leg_table = {"", leg_rows, sizeof leg_rows / sizeof *leg_rows};
static const pab__rules risk_table = {"", risk_rows, sizeof risk_rows / sizeof *risk_rows};

static void pair(const pab__pair_inputs *inputs, const double *options, pab__choice choice[PAB_ENV_LEGS])
{
    int risky = inputs->leg[0].value[PAB__INPUT_PAIR_RISK] >= options[RISK];
    for (int32_t leg = 0; leg < PAB_ENV_LEGS; leg++)
        if (!pab__rule_choose(&risk_table, inputs, leg, options, &choice[leg]))
            pab__rule_choose(risky ? &pab__sync_rules : &leg_table, inputs, leg, options, &choice[leg]);
}

static void prepare(const double *options, const pab__expert_state *state, pab__pair_inputs *inputs)
{
    double line = pab__curve_front(options[KAPPA_T], inputs->time);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        inputs->leg[leg].value[PAB__INPUT_BEHIND] += line - inputs->time; /* was: behind the straight line */
        inputs->leg[leg].value[PAB__INPUT_PAUSED] = state->paused[leg];
    }
}

static void settle(const pab__choice choice[PAB_ENV_LEGS], pab__expert_state *state)
{
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        const pab__rule *rule = choice[leg].rule;
        int pauses = rule == &leg_rows[0] || rule == &leg_rows[1];
        state->paused[leg] = pauses ? state->paused[leg] + 1 : 0;
    }
}

static const pab__expert expert = {
    .title = "RAE",
    .leg = &leg_table,
    .pair = pair,
    .prepare = prepare,
    .settle = settle,
};

const pab__policy_kind pab__rae_policy = {
    .name = "rae",
    .forms = "pair|leg",
    .options = options_of,
    .option_count = OPTIONS,
    .state_size = sizeof(pab__expert_state),
    .detail = &expert,
    .decide = pab__expert_decide,
};
