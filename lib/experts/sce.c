/* SCE, the synchronization expert: closes the gap to the other leg before anything else. */
#include "experts/expert.h"

#include <math.h>

static const pab__option options_of[] = {
    PAB__GUARD_OPTION_ROW,
    PAB__SYNC_OPTION_ROWS,
};
_Static_assert(sizeof options_of / sizeof *options_of == PAB__SYNC_OPTIONS, "one row per option");

static const pab__rule leg_rows[] = {
    {{{PAB__GAP, PAB__GE, PAB__GAP_SWEEP}}, PAB__BY_GAP + PAB_STYLE_SWEEP, "far behind the other leg"},
    {{{PAB__GAP, PAB__GE, PAB__GAP_TAKE}}, PAB__BY_GAP + PAB_STYLE_TAKE, "behind the other leg"},
    {{{PAB__GAP, PAB__GE, PAB__GAP_MID}}, PAB__BY_GAP + PAB_STYLE_MID, "a little behind the other leg"},
    {{{PAB__GAP, PAB__LE, PAB__AHEAD_CANCEL}, {PAB__RESTING, PAB__IS, 0}},
     PAB_ACTION_CANCEL, "ahead of the other leg: wait for it"},
    {{{PAB__GAP, PAB__LE, PAB__AHEAD_HOLD}}, PAB_ACTION_HOLD, "ahead of the other leg: wait for it"},
    {{{PAB__BEHIND, PAB__GE, PAB__B_TAKE}}, PAB__ACT(PAB_STYLE_TAKE, PAB__ONE), "in step, but behind schedule"},
    {{{PAB__BEHIND, PAB__GE, PAB__B_MID}}, PAB__ACT(PAB_STYLE_MID, PAB__ONE), "in step, on schedule"},
    {{{0, 0, 0}}, PAB__ACT(PAB_STYLE_JOIN, PAB__ONE), "in step, ahead of schedule"},
};

const pab__rules pab__sync_rules = {"", leg_rows, sizeof leg_rows / sizeof *leg_rows};

/* Legs that are in step stay so best when they do the same: that of the leg more behind schedule. */
static void pair(const pab__pair_view *view, const double *options, pab__choice choice[PAB_ENV_LEGS])
{
    int together = fabs(view->leg[0].is[PAB__GAP]) < options[PAB__GAP_MID];
    int32_t later = view->leg[0].is[PAB__BEHIND] >= view->leg[1].is[PAB__BEHIND] ? 0 : 1;
    for (int32_t leg = 0; leg < PAB_ENV_LEGS; leg++)
        pab__rule_choose(&pab__sync_rules, view, together ? later : leg, options, &choice[leg]);
}

static const pab__expert expert = {.title = "SCE", .leg = &pab__sync_rules, .pair = pair};

const pab__builtin pab__sce_policy = {
    .name = "sce",
    .forms = "pair|leg",
    .options = options_of,
    .option_count = PAB__SYNC_OPTIONS,
    .state_size = sizeof(pab__expert_state),
    .detail = &expert,
    .decide = pab__expert_decide,
};
