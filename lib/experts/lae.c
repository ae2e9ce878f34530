/* LAE, the liquidity-aware expert: reads the book for touches about to vanish; as a pair it quotes the thin leg and
 * hedges in the liquid one. */
#include "experts/expert.h"

enum { B_URGENT = PAB__GUARD_STEPS + 1, P_FAR, ZS_CALM, P_NEAR, B_NEAR, ZS_WIDE, ZS_TIGHT, DF_TIGHT, B_TIGHT, DN_THIN,
       GAP_TAKE, GAP_MID, OPTIONS };

static const pab__policy_option options_of[] = {
    PAB__GUARD_OPTION_ROW,
    [B_URGENT] = {"b_urgent", "1", "TAKE two slices when behind schedule by this fraction of the parent", 0.2, -1, 1},
    [P_FAR] = {"p_far", "1", "TAKE when the far touch crumbles with this probability", 0.6, 0, 1},
    [ZS_CALM] = {"zs_calm", "sd", "but only while the spread is below this many deviations", 1.5, -3, 3},
    [P_NEAR] = {"p_near", "1", "Step aside when the near touch crumbles with this probability", 0.6, 0, 1},
    [B_NEAR] = {"b_near", "1", "but MID when behind schedule by this", 0.09, -1, 1},
    [ZS_WIDE] = {"zs_wide", "sd", "IMPROVE when the spread is this wide", -0.15, -3, 3},
    [ZS_TIGHT] = {"zs_tight", "sd", "Trade inside or TAKE when the spread is this tight", -0.8, -3, 3},
    [DF_TIGHT] = {"df_tight", "1", "and ln(far depth / usual) is at least this", -0.2, -2, 2},
    [B_TIGHT] = {"b_tight", "1", "A tight spread is taken when behind schedule by more than this", 0.02, -1, 1},
    [DN_THIN] = {"dn_thin", "1", "IMPROVE when ln(near depth / usual) is at most this", -1.5, -2, 2},
    [GAP_TAKE] = {"gap_take", "1", "Pair: the liquid leg TAKEs when it lags the thin one by this", 0.022, 0, 1},
    [GAP_MID] = {"gap_mid", "1", "Pair: and goes to MID when it lags by this", 0.009, 0, 1},
};
_Static_assert(sizeof options_of / sizeof *options_of == OPTIONS, "one row per option");

static const pab__rule leg_rows[] = {
    {{PAB__WHEN(BEHIND, GE, B_URGENT)}, PAB__ACTION(TAKE, TWO), "far behind schedule"},
    {{PAB__WHEN(P_FAR, GE, P_FAR), PAB__WHEN(SPREAD_Z, LT, ZS_CALM)},
     PAB__ACTION(TAKE, ONE), "the far touch is about to vanish"},
    {{PAB__WHEN(P_NEAR, GE, P_NEAR), PAB__WHEN(BEHIND, GE, B_NEAR)},
     PAB__ACTION(MID, ONE), "the near touch crumbles, but the leg is behind"},
    {{PAB__WHEN(P_NEAR, GE, P_NEAR), PAB__WHEN(RESTING, IS, 0)},
     PAB_ACTION_CANCEL, "the near touch crumbles: a better price comes"},
    {{PAB__WHEN(P_NEAR, GE, P_NEAR)}, PAB_ACTION_HOLD, "the near touch crumbles: a better price comes"},
    {{PAB__WHEN(SPREAD_Z, GE, ZS_WIDE)}, PAB__ACTION(IMPROVE, ONE), "a wide spread has room inside"},
    {{PAB__WHEN(SPREAD_Z, LE, ZS_TIGHT), PAB__WHEN(FAR_DEPTH, GE, DF_TIGHT), PAB__WHEN(BEHIND, GT, B_TIGHT)},
     PAB__ACTION(TAKE, ONE), "crossing is cheap and the leg is behind"},
    {{PAB__WHEN(SPREAD_Z, LE, ZS_TIGHT), PAB__WHEN(FAR_DEPTH, GE, DF_TIGHT)},
     PAB__ACTION(MID, ONE), "the spread is tight and the far side deep"},
    {{PAB__WHEN(NEAR_DEPTH, LE, DN_THIN)}, PAB__ACTION(IMPROVE, ONE), "the own side is thin"},
    {{PAB__ALWAYS}, PAB__ACTION(JOIN, ONE), "wait at the touch"},
};

static const pab__rule liquid_rows[] = {
    {{PAB__WHEN(GAP, GE, GAP_TAKE)}, PAB__ACTION_BY_GAP + PAB_STYLE_TAKE, "hedges what the thin leg got"},
    {{PAB__WHEN(GAP, GE, GAP_MID)}, PAB__ACTION_BY_GAP + PAB_STYLE_MID, "hedges what the thin leg got"},
    {{PAB__ALWAYS}, PAB_ACTION_HOLD, "in step with the thin leg"},
};

static const pab__rules leg_table = {"", leg_rows, sizeof leg_rows / sizeof *leg_rows};
static const pab__rules thin_table = {"thin ", leg_rows, sizeof leg_rows / sizeof *leg_rows};
static const pab__rules liquid_table = {"liquid ", liquid_rows, sizeof liquid_rows / sizeof *liquid_rows};

static void pair(const pab__pair_inputs *inputs, const double *options, pab__choice choice[PAB_ENV_LEGS])
{
    int32_t thin = inputs->leg[0].value[PAB__INPUT_THINNESS] >= inputs->leg[1].value[PAB__INPUT_THINNESS] ? 0 : 1;
    pab__rule_choose(&thin_table, inputs, thin, options, &choice[thin]);
    pab__rule_choose(&liquid_table, inputs, 1 - thin, options, &choice[1 - thin]);
}

static const pab__expert expert = {.title = "LAE", .leg = &leg_table, .pair = pair};

const pab__policy_kind pab__lae_policy = {
    .name = "lae",
    .forms = "pair|leg",
    .options = options_of,
    .option_count = OPTIONS,
    .state_size = sizeof(pab__expert_state),
    .detail = &expert,
    .decide = pab__expert_decide,
};
