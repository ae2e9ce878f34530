/* SCE, the synchronization expert: closes the gap to the other leg before anything else. */
#include "experts/expert.h"

#include <math.h>

static const pab__policy_option options_of[] = {
    PAB__GUARD_OPTION_ROW,
    PAB__SYNC_OPTION_ROWS,
};
_Static_assert(sizeof options_of / sizeof *options_of == PAB__SYNC_OPTIONS, "one row per option");

static const pab__rule leg_rows[] = {
    {{PAB__WHEN(GAP, GE, PAB__SYNC_GAP_SWEEP)}, PAB__ACTION_BY_GAP + PAB_STYLE_SWEEP, "far behind the other leg"},
    {{PAB__WHEN(GAP, GE, PAB__SYNC_GAP_TAKE)}, PAB__ACTION_BY_GAP + PAB_STYLE_TAKE, "behind the other leg"},
    {{PAB__WHEN(GAP, GE, PAB__SYNC_GAP_MID)}, PAB__ACTION_BY_GAP + PAB_STYLE_MID, "a little behind the other leg"},
    {{PAB__WHEN(GAP, LE, PAB__SYNC_AHEAD_CANCEL), PAB__WHEN(RESTING, IS, 0)},
     PAB_ACTION_CANCEL, "ahead of the other leg: wait for it"},
    {{PAB__WHEN(GAP, LE, PAB__SYNC_AHEAD_HOLD)}, PAB_ACTION_HOLD, "ahead of the other leg: wait for it"},
    {{PAB__WHEN(BEHIND, GE, PAB__SYNC_B_TAKE)}, PAB__ACTION(TAKE, ONE), "in step, but behind schedule"},
    {{PAB__WHEN(BEHIND, GE, PAB__SYNC_B_MID)}, PAB__ACTION(MID, ONE), "in step, on schedule"},
    {{PAB__ALWAYS}, PAB__ACTION(JOIN, ONE), "in step, ahead of schedule"},
};

const pab__rules pab__sync_rules = {"", leg_rows, sizeof leg_rows / sizeof *leg_rows};

/* Legs in step both follow the rules of the leg that is more behind schedule, so that they stay in step. */
static void pair(const pab__pair_inputs *inputs, const double *options, pab__choice choice[PAB_ENV_LEGS])
{
    int together = fabs(inputs->leg[0].value[PAB__INPUT_GAP]) < options[PAB__SYNC_GAP_MID];
    int32_t later = inputs->leg[0].value[PAB__INPUT_BEHIND] >= inputs->leg[1].value[PAB__INPUT_BEHIND] ? 0 : 1;
    for (int32_t leg = 0; leg < PAB_ENV_LEGS; leg++)
        pab__rule_choose(&pab__sync_rules, inputs, together ? later : leg, options, &choice[leg]);
}

static const pab__expert expert = {.title = "SCE", .leg = &pab__sync_rules, .pair = pair};

const pab__policy_kind pab__sce_policy = {
    .name = "sce",
    .forms = "pair|leg",
    .options = options_of,
    .option_count = PAB__SYNC_OPTIONS,
    .state_size = sizeof(pab__expert_state),
    .detail = &expert,
    .decide = pab__expert_decide,
};
