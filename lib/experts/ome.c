/* OME, the opportunistic expert: waits in the queue, and pays only when the price is about to leave. */
#include "experts/expert.h"

enum { A_TAKE = PAB__GUARD_STEPS + 1, ZS_TAKE, A_MID, A_WAIT, ZS_TIGHT, DF_TIGHT, QUEUE, B_URGENT, ZS_WIDE, LAG,
       OPTIONS };

static const pab__policy_option options_of[] = {
    PAB__GUARD_OPTION_ROW,
    [A_TAKE] = {"alpha_take", "1", "TAKE two slices when the adverse signal is at least this", 0.35, -1, 1},
    [ZS_TAKE] = {"zs_take", "sd", "and the spread is at most this wide", 1.2, -3, 3},
    [A_MID] = {"alpha_mid", "1", "MID when the adverse signal is at least this", 0.2, -1, 1},
    [A_WAIT] = {"alpha_wait", "1", "Work half a slice when the signal is at most this", -0.5, -1, 1},
    [ZS_TIGHT] = {"zs_tight", "sd", "TAKE two slices when the spread is this tight", -1.5, -3, 3},
    [DF_TIGHT] = {"df_tight", "1", "and ln(far depth / usual) is at least this", 0.4, -2, 2},
    [QUEUE] = {"queue_keep", "1", "Leave an order alone when this fraction or less stands before it", 0.2, 0, 1},
    [B_URGENT] = {"b_urgent", "1", "TAKE two slices when behind schedule by this fraction of the parent", 0, -1, 1},
    [ZS_WIDE] = {"zs_wide", "sd", "IMPROVE when the spread is this wide", 0.1, -3, 3},
    [LAG] = {"lag", "1", "Pair: one style more urgent when the calmer leg lags by this", 0.018, 0, 1},
};
_Static_assert(sizeof options_of / sizeof *options_of == OPTIONS, "one row per option");

static const pab__rule leg_rows[] = {
    {{PAB__WHEN(ALPHA, GE, A_TAKE), PAB__WHEN(SPREAD_Z, LE, ZS_TAKE)},
     PAB__ACTION(TAKE, TWO), "the price is about to leave"},
    {{PAB__WHEN(ALPHA, GE, A_MID)}, PAB__ACTION(MID, TWO), "the price leans away"},
    {{PAB__WHEN(ALPHA, LE, A_WAIT), PAB__WHEN(RESTING, IS, 0)}, PAB_ACTION_HOLD, "the price comes to the order"},
    {{PAB__WHEN(ALPHA, LE, A_WAIT)}, PAB__ACTION(JOIN, HALF), "the price comes our way"},
    {{PAB__WHEN(SPREAD_Z, LE, ZS_TIGHT), PAB__WHEN(FAR_DEPTH, GE, DF_TIGHT)},
     PAB__ACTION(TAKE, TWO), "crossing is cheap and the far side deep"},
    {{PAB__WHEN(RESTING, IS, 0), PAB__WHEN(QUEUE, LE, QUEUE)}, PAB_ACTION_HOLD,
     "its place in the queue is worth keeping"},
    {{PAB__WHEN(BEHIND, GE, B_URGENT)}, PAB__ACTION(TAKE, TWO), "far behind schedule"},
    {{PAB__WHEN(SPREAD_Z, GE, ZS_WIDE)}, PAB__ACTION(IMPROVE, ONE), "a wide spread has room inside"},
    {{PAB__ALWAYS}, PAB__ACTION(JOIN, ONE), "wait at the touch"},
};

static const pab__rules leg_table = {"", leg_rows, sizeof leg_rows / sizeof *leg_rows};

static int32_t one_step_up(int32_t action)
{
    if (action < PAB_ACTION_FIRST_STYLE)
        return PAB__ACTION(JOIN, ONE);
    return action < PAB__ACTION(SWEEP, HALF) ? action + 3 : action;
}

/* Only the leg with the stronger signal may be aggressive. The other one stops at MID, and acts one style more
 * urgently if it lags. */
static void pair(const pab__pair_inputs *inputs, const double *options, pab__choice choice[PAB_ENV_LEGS])
{
    int32_t bold = inputs->leg[0].value[PAB__INPUT_ALPHA] >= inputs->leg[1].value[PAB__INPUT_ALPHA] ? 0 : 1;
    for (int32_t leg = 0; leg < PAB_ENV_LEGS; leg++)
        pab__rule_choose(&leg_table, inputs, leg, options, &choice[leg]);
    pab__choice *calm = &choice[1 - bold];
    int32_t aggressive = calm->wanted >= PAB__ACTION(TAKE, HALF);
    int32_t lags = inputs->leg[1 - bold].value[PAB__INPUT_GAP] >= options[LAG];
    if (aggressive)
        calm->wanted = pab__action_of(PAB_STYLE_MID, (calm->wanted - PAB_ACTION_FIRST_STYLE) % 3);
    if (lags)
        calm->wanted = one_step_up(calm->wanted);
    if (aggressive && !lags)
        calm->turn = "no more than MID while the other leg has the larger alpha";
    else if (lags && !aggressive)
        calm->turn = "one style more urgent since it lags";
}

static const pab__expert expert = {.title = "OME", .leg = &leg_table, .pair = pair};

const pab__policy_kind pab__ome_policy = {
    .name = "ome",
    .forms = "pair|leg",
    .options = options_of,
    .option_count = OPTIONS,
    .state_size = sizeof(pab__expert_state),
    .detail = &expert,
    .decide = pab__expert_decide,
};
