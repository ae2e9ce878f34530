/* Every branch of every expert, from both sides of its thresholds. */
#include "scenes.h"

enum { JOIN = PAB_STYLE_JOIN, IMPROVE, MID, TAKE, SWEEP };
#define X05(style) PAB__ACT(style, PAB__HALF)
#define X1(style) PAB__ACT(style, PAB__ONE)
#define X2(style) PAB__ACT(style, PAB__TWO)
#define HOLD PAB_ACTION_HOLD
#define CANCEL PAB_ACTION_CANCEL

/* A quiet view of a leg with some notions changed, and what the leg form does about it. */
typedef struct branch {
    const char *spec;
    struct {
        int32_t notion;
        double value;
    } with[5];
    int32_t action;
} branch;

static uint8_t all_legal[PAB_ENV_LEG_ACTIONS];

static pab__pair_view quiet_view(void)
{
    pab__pair_view view = {.time = 0.5};
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        double *is = view.leg[leg].is;
        is[PAB__LEAVES] = 300;
        is[PAB__LEFT] = 30;
        is[PAB__QUEUE] = 1;
        is[PAB__VOLATILITY] = 1;
        is[PAB__THINNESS] = 1;
        view.leg[leg].slice = 10;
        view.leg[leg].parent = 600;
        view.leg[leg].legal = all_legal;
    }
    memset(all_legal, 1, sizeof all_legal);
    return view;
}

static const branch branches[] = {
    /* guards, the same for all */
    {"lae", {{PAB__LEAVES, 0}, {PAB__BEHIND, 1}}, HOLD},
    {"rae", {{PAB__LEAVES, 0}, {PAB__LEFT, 1}}, HOLD},
    {"ome", {{PAB__LEFT, 3}}, X1(JOIN)},
    {"ome", {{PAB__LEFT, 2}}, X2(TAKE)},
    {"sce", {{PAB__LEFT, 2}, {PAB__FAR_SHORT, 1}}, X2(SWEEP)},
    {"rae(guard_steps=0)", {{PAB__LEFT, 1}, {PAB__FAR_SHORT, 1}}, X1(MID)},
    /* LAE */
    {"lae", {{0, 0}}, X1(JOIN)},
    {"lae", {{PAB__BEHIND, 0.15}, {PAB__P_NEAR, 1}}, X2(TAKE)},
    {"lae", {{PAB__BEHIND, 0.1499}}, X1(JOIN)},
    {"lae(b_urgent=0.1)", {{PAB__BEHIND, 0.1499}}, X2(TAKE)},
    {"lae", {{PAB__P_FAR, 0.6}, {PAB__SPREAD_Z, 1.4999}}, X1(TAKE)},
    {"lae", {{PAB__P_FAR, 0.5999}}, X1(JOIN)},
    {"lae", {{PAB__P_FAR, 0.6}, {PAB__SPREAD_Z, 1.5}}, X1(IMPROVE)},
    {"lae", {{PAB__P_FAR, 0.6}, {PAB__P_NEAR, 0.9}}, X1(TAKE)},
    {"lae", {{PAB__P_NEAR, 0.6}}, HOLD},
    {"lae", {{PAB__P_NEAR, 0.6}, {PAB__RESTING, 1}}, CANCEL},
    {"lae", {{PAB__P_NEAR, 0.6}, {PAB__BEHIND, 0.0799}, {PAB__RESTING, 1}}, CANCEL},
    {"lae", {{PAB__P_NEAR, 0.6}, {PAB__BEHIND, 0.08}, {PAB__RESTING, 1}}, X1(MID)},
    {"lae", {{PAB__P_NEAR, 0.5999}}, X1(JOIN)},
    {"lae", {{PAB__SPREAD_Z, 1}}, X1(IMPROVE)},
    {"lae", {{PAB__SPREAD_Z, 0.9999}}, X1(JOIN)},
    {"lae", {{PAB__SPREAD_Z, -0.5}, {PAB__BEHIND, 0.0201}}, X1(TAKE)},
    {"lae", {{PAB__SPREAD_Z, -0.5}, {PAB__BEHIND, 0.02}}, X1(MID)},
    {"lae", {{PAB__SPREAD_Z, -0.5}, {PAB__FAR_DEPTH, -0.0001}}, X1(JOIN)},
    {"lae", {{PAB__SPREAD_Z, -0.4999}}, X1(JOIN)},
    {"lae", {{PAB__NEAR_DEPTH, -0.7}}, X1(IMPROVE)},
    {"lae", {{PAB__NEAR_DEPTH, -0.6999}}, X1(JOIN)},
    /* SCE; a slice is 10 and the parent 600 shares, so a gap of 0.06 is 36 shares, and 0.01 is 6 */
    {"sce", {{PAB__GAP, 0.06}}, X2(SWEEP)},
    {"sce", {{PAB__GAP, 0.0599}}, X2(TAKE)},
    {"sce", {{PAB__GAP, 0.03}}, X2(TAKE)},
    {"sce", {{PAB__GAP, 0.0299}}, X2(MID)},
    {"sce", {{PAB__GAP, 0.0125}}, X05(MID)}, /* 7.5 shares: as near to 5 as to 10 */
    {"sce", {{PAB__GAP, 0.0126}}, X1(MID)},
    {"sce", {{PAB__GAP, 0.01}}, X05(MID)},
    {"sce", {{PAB__GAP, 0.0099}, {PAB__BEHIND, -0.1}}, X1(JOIN)},
    {"sce", {{PAB__GAP, -0.03}, {PAB__RESTING, 1}, {PAB__BEHIND, 0.1}}, CANCEL},
    {"sce", {{PAB__GAP, -0.03}, {PAB__BEHIND, 0.1}}, HOLD},
    {"sce", {{PAB__GAP, -0.0299}, {PAB__RESTING, 1}}, HOLD},
    {"sce", {{PAB__GAP, -0.01}, {PAB__RESTING, 1}}, HOLD},
    {"sce", {{PAB__GAP, -0.0099}}, X1(MID)},
    {"sce", {{PAB__BEHIND, 0.05}}, X1(TAKE)},
    {"sce", {{PAB__BEHIND, 0.0499}}, X1(MID)},
    {"sce", {{PAB__BEHIND, 0}}, X1(MID)},
    {"sce", {{PAB__BEHIND, -0.0001}}, X1(JOIN)},
    /* OME */
    {"ome", {{0, 0}}, X1(JOIN)},
    {"ome", {{PAB__ALPHA, 0.5}, {PAB__SPREAD_Z, 1}}, X2(TAKE)},
    {"ome", {{PAB__ALPHA, 0.5}, {PAB__SPREAD_Z, 1.0001}}, X2(MID)},
    {"ome", {{PAB__ALPHA, 0.4999}}, X2(MID)},
    {"ome", {{PAB__ALPHA, 0.25}}, X2(MID)},
    {"ome", {{PAB__ALPHA, 0.2499}}, X1(JOIN)},
    {"ome", {{PAB__ALPHA, -0.5}}, X05(JOIN)},
    {"ome", {{PAB__ALPHA, -0.5}, {PAB__RESTING, 1}}, HOLD},
    {"ome", {{PAB__ALPHA, -0.4999}, {PAB__RESTING, 1}}, X1(JOIN)},
    {"ome", {{PAB__SPREAD_Z, -1}, {PAB__FAR_DEPTH, 0.4}}, X2(TAKE)},
    {"ome", {{PAB__SPREAD_Z, -0.9999}, {PAB__FAR_DEPTH, 0.4}}, X1(JOIN)},
    {"ome", {{PAB__SPREAD_Z, -1}, {PAB__FAR_DEPTH, 0.3999}}, X1(JOIN)},
    {"ome", {{PAB__RESTING, 1}, {PAB__QUEUE, 0.3}, {PAB__BEHIND, 0.3}}, HOLD},
    {"ome", {{PAB__RESTING, 1}, {PAB__QUEUE, 0.3001}, {PAB__BEHIND, 0.3}}, X2(TAKE)},
    {"ome", {{PAB__QUEUE, 0.3}}, X1(JOIN)},
    {"ome", {{PAB__BEHIND, 0.2}}, X2(TAKE)},
    {"ome", {{PAB__BEHIND, 0.1999}}, X1(JOIN)},
    {"ome", {{PAB__SPREAD_Z, 1}}, X1(IMPROVE)},
    {"ome", {{PAB__SPREAD_Z, 0.9999}}, X1(JOIN)},
    /* RAE */
    {"rae", {{0, 0}}, X1(MID)},
    {"rae", {{PAB__SPREAD_Z, 2}, {PAB__RESTING, 1}}, CANCEL},
    {"rae", {{PAB__SPREAD_Z, 2}, {PAB__PAUSED, 2}}, HOLD},
    {"rae", {{PAB__SPREAD_Z, 2}, {PAB__PAUSED, 3}}, X1(MID)},
    {"rae", {{PAB__SPREAD_Z, 1.9999}, {PAB__RESTING, 1}}, X1(MID)},
    {"rae", {{PAB__VOLATILITY, 2}}, X2(TAKE)},
    {"rae", {{PAB__VOLATILITY, 1.9999}}, X2(MID)},
    {"rae", {{PAB__VOLATILITY, 1.3}, {PAB__BEHIND, 0.5}}, X2(MID)},
    {"rae", {{PAB__VOLATILITY, 1.2999}, {PAB__BEHIND, 0.05}}, X1(TAKE)},
    {"rae", {{PAB__BEHIND, 0.0499}}, X1(MID)},
    {"rae", {{PAB__VOLATILITY, 0.7999}, {PAB__BEHIND, 0}}, X1(JOIN)},
    {"rae", {{PAB__VOLATILITY, 0.8}}, X1(MID)},
    {"rae", {{PAB__VOLATILITY, 0.5}, {PAB__BEHIND, 0.0001}}, X1(MID)},
};

static const pab__expert *expert_of(const pab__params *params)
{
    return params->kind->detail;
}

static void each_branch_fires_where_its_conditions_hold(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof branches / sizeof *branches; i++) {
        const branch *b = &branches[i];
        pab__params params = round_params_of(b->spec);
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
            pab__pair_view view = quiet_view();
            pab__choice choice[PAB_ENV_LEGS];
            for (int n = 0; n < 5; n++)
                view.leg[leg].is[b->with[n].notion] = b->with[n].value;
            pab__expert_choose(expert_of(&params), PAB__FORM_LEG, params.value, &view, choice);
            if (choice[leg].action != b->action)
                fail_msg("branch %zu of %s, leg %c: %d, expected %d", i, b->spec, 'A' + leg, choice[leg].action,
                         b->action);
        }
    }
}

/* Changes on either leg, and what the pair form does. */
typedef struct pairing {
    const char *spec;
    struct {
        int32_t leg, notion;
        double value;
    } with[6];
    int32_t action[PAB_ENV_LEGS];
} pairing;

static const pairing pairings[] = {
    /* LAE: the thin leg quotes, the liquid one hedges */
    {"lae", {{0, PAB__THINNESS, 1}}, {X1(JOIN), HOLD}},
    {"lae", {{1, PAB__THINNESS, 1.01}}, {HOLD, X1(JOIN)}},
    {"lae", {{1, PAB__THINNESS, 2}, {0, PAB__GAP, 0.01}}, {X05(MID), X1(JOIN)}},
    {"lae", {{1, PAB__THINNESS, 2}, {0, PAB__GAP, 0.0099}, {0, PAB__BEHIND, 0.5}}, {HOLD, X1(JOIN)}},
    {"lae", {{1, PAB__THINNESS, 2}, {0, PAB__GAP, 0.03}}, {X2(TAKE), X1(JOIN)}},
    {"lae", {{1, PAB__THINNESS, 2}, {0, PAB__GAP, 0.0299}}, {X2(MID), X1(JOIN)}},
    {"lae", {{1, PAB__THINNESS, 2}, {1, PAB__P_NEAR, 0.7}, {1, PAB__RESTING, 1}}, {HOLD, CANCEL}},
    {"lae", {{0, PAB__LEFT, 2}, {1, PAB__LEFT, 2}}, {X2(TAKE), X2(TAKE)}},
    /* SCE: in step, both do as the one more behind */
    {"sce", {{0, PAB__BEHIND, 0.06}, {1, PAB__BEHIND, 0.055}}, {X1(TAKE), X1(TAKE)}},
    {"sce", {{0, PAB__BEHIND, -0.06}, {1, PAB__BEHIND, 0.05}}, {X1(TAKE), X1(TAKE)}},
    {"sce", {{0, PAB__BEHIND, -0.01}, {1, PAB__BEHIND, 0}, {0, PAB__GAP, -0.0099}, {1, PAB__GAP, 0.0099}},
     {X1(MID), X1(MID)}},
    {"sce", {{0, PAB__BEHIND, 0.06}, {0, PAB__GAP, 0.01}, {1, PAB__GAP, -0.01}}, {X05(MID), HOLD}},
    {"sce", {{0, PAB__BEHIND, 0.06}, {1, PAB__LEAVES, 0}}, {X1(TAKE), HOLD}},
    /* OME: only the stronger signal pays; the other is pushed when it lags */
    {"ome", {{0, PAB__ALPHA, 0.6}, {1, PAB__ALPHA, 0.7}}, {X2(MID), X2(TAKE)}},
    {"ome", {{0, PAB__ALPHA, 0.6}, {1, PAB__ALPHA, 0.6}}, {X2(TAKE), X2(MID)}},
    {"ome", {{0, PAB__ALPHA, 0.6}, {1, PAB__ALPHA, 0.7}, {0, PAB__GAP, 0.03}}, {X2(TAKE), X2(TAKE)}},
    {"ome", {{0, PAB__ALPHA, 0.1}, {1, PAB__GAP, 0.03}}, {X1(JOIN), X1(IMPROVE)}},
    {"ome", {{0, PAB__ALPHA, 0.1}, {1, PAB__GAP, 0.0299}}, {X1(JOIN), X1(JOIN)}},
    {"ome", {{0, PAB__ALPHA, 0.1}, {0, PAB__GAP, 0.5}}, {X1(JOIN), X1(JOIN)}},
    {"ome", {{0, PAB__ALPHA, 0.1}, {1, PAB__GAP, 0.03}, {1, PAB__RESTING, 1}, {1, PAB__QUEUE, 0.1}},
     {X1(JOIN), X1(JOIN)}},
    /* RAE: the riskier leg cuts, the other keeps in step */
    {"rae", {{0, PAB__PAIR_RISK, 24.99}, {1, PAB__PAIR_RISK, 24.99}, {1, PAB__RISKIER, 1}}, {X1(MID), X1(MID)}},
    {"rae", {{0, PAB__PAIR_RISK, 25}, {1, PAB__PAIR_RISK, 25}, {1, PAB__RISKIER, 1}, {0, PAB__GAP, -0.02}},
     {HOLD, X2(TAKE)}},
    {"rae", {{0, PAB__PAIR_RISK, 25}, {1, PAB__PAIR_RISK, 25}, {0, PAB__RISKIER, 1}, {1, PAB__GAP, 0.07}},
     {X2(TAKE), X2(SWEEP)}},
};

static void pair_forms_coordinate_the_legs(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof pairings / sizeof *pairings; i++) {
        const pairing *p = &pairings[i];
        pab__params params = round_params_of(p->spec);
        pab__pair_view view = quiet_view();
        pab__choice choice[PAB_ENV_LEGS];
        for (int n = 0; n < 6; n++)
            view.leg[p->with[n].leg].is[p->with[n].notion] = p->with[n].value;
        pab__expert_choose(expert_of(&params), params.form, params.value, &view, choice);
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
            if (choice[leg].action != p->action[leg])
                fail_msg("pairing %zu of %s, leg %c: %d, expected %d", i, p->spec, 'A' + leg, choice[leg].action,
                         p->action[leg]);
    }
}

static void masked_choices_go_down_the_ladder(void **unused)
{
    (void)unused;
    uint8_t legal[PAB_ENV_LEG_ACTIONS];
    memset(legal, 1, sizeof legal);
    for (int32_t size = PAB__HALF; size <= PAB__TWO; size++) {
        memset(legal, 1, sizeof legal);
        assert_int_equal(pab__ladder(legal, PAB__ACT(SWEEP, size)), PAB__ACT(SWEEP, size));
        for (int32_t style = SWEEP; style >= JOIN; style--) {
            legal[PAB__ACT(style, size)] = 0;
            int32_t expected = style > JOIN ? PAB__ACT(style - 1, size) : HOLD;
            assert_int_equal(pab__ladder(legal, PAB__ACT(SWEEP, size)), expected);
        }
    }
    memset(legal, 1, sizeof legal);
    legal[X1(TAKE)] = legal[X1(MID)] = 0;
    assert_int_equal(pab__ladder(legal, X1(TAKE)), X1(IMPROVE));
    assert_int_equal(pab__ladder(legal, CANCEL), CANCEL);
    legal[CANCEL] = 0;
    assert_int_equal(pab__ladder(legal, CANCEL), HOLD);
}

static void a_dislocated_book_pauses_thrice_and_no_more(void **unused)
{
    (void)unused;
    pab__params params = round_params_of("rae:leg");
    pab__scene scene = quiet_scene();
    pab__expert_state state = {{0, 0}};
    scene.obs[7] = 0.7F; /* zs 2.1 on leg A */
    static const int32_t counts[] = {1, 2, 3, 0, 1};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        pab_decision decision = {{0}, {0}};
        pab__expert_decide(&params, &state, &scene, &decision, NULL);
        assert_int_equal(state.paused[0], counts[i]);
        assert_int_equal(state.paused[1], 0);
        assert_int_equal(decision.action[0] == HOLD, counts[i] > 0);
    }
    scene.status.step = 58; /* a guard is no pause */
    pab_decision decision = {{0}, {0}};
    pab__expert_decide(&params, &state, &scene, &decision, NULL);
    assert_int_equal(state.paused[0], 0);
    assert_int_equal(decision.action[0], X2(TAKE));
}

static void the_risk_averse_line_runs_ahead_of_the_straight_one(void **unused)
{
    (void)unused;
    pab__scene scene = quiet_scene();
    pab_decision decision = {{0}, {0}};
    pab__expert_state state = {{0, 0}};
    pab__params bent = round_params_of("rae:leg"), straight = round_params_of("rae:leg(kappa_t=0)");
    pab__expert_decide(&straight, &state, &scene, &decision, NULL);
    assert_int_equal(decision.action[0], X1(MID)); /* on its line */
    pab__expert_decide(&bent, &state, &scene, &decision, NULL);
    assert_int_equal(decision.action[0], X1(TAKE)); /* 0.29 due, 0.17 done */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_branch_fires_where_its_conditions_hold),
        cmocka_unit_test(pair_forms_coordinate_the_legs),
        cmocka_unit_test(masked_choices_go_down_the_ladder),
        cmocka_unit_test(a_dislocated_book_pauses_thrice_and_no_more),
        cmocka_unit_test(the_risk_averse_line_runs_ahead_of_the_straight_one),
    };
    return cmocka_run_group_tests_name("experts/rules", tests, NULL, NULL);
}
