/* Every branch of every expert, from both sides of its thresholds. */
#include "contexts.h"

enum { JOIN = PAB_STYLE_JOIN, IMPROVE, MID, TAKE, SWEEP };
#define IN(input) PAB__INPUT_##input
#define X05(style) PAB__ACTION(style, HALF)
#define X1(style) PAB__ACTION(style, ONE)
#define X2(style) PAB__ACTION(style, TWO)
#define HOLD PAB_ACTION_HOLD
#define CANCEL PAB_ACTION_CANCEL

/* A quiet inputs of a leg with some input changed, and what the leg form does about it. */
typedef struct branch {
    const char *spec;
    struct {
        int32_t input;
        double value;
    } with[5];
    int32_t action;
} branch;

static uint8_t all_legal[PAB_ENV_LEG_ACTIONS];

static pab__pair_inputs quiet_view(void)
{
    pab__pair_inputs inputs = {.time = 0.5};
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        double *value = inputs.leg[leg].value;
        value[IN(LEAVES)] = 300;
        value[IN(LEFT)] = 30;
        value[IN(QUEUE)] = 1;
        value[IN(VOLATILITY)] = 1;
        value[IN(THINNESS)] = 1;
        inputs.leg[leg].slice = 10;
        inputs.leg[leg].parent = 600;
        inputs.leg[leg].legal = all_legal;
    }
    memset(all_legal, 1, sizeof all_legal);
    return inputs;
}

static const branch branches[] = {
    /* guards, the same for all */
    {"lae", {{IN(LEAVES), 0}, {IN(BEHIND), 1}}, HOLD},
    {"rae", {{IN(LEAVES), 0}, {IN(LEFT), 1}}, HOLD},
    {"ome", {{IN(LEFT), 3}}, X1(JOIN)},
    {"ome", {{IN(LEFT), 2}}, X2(TAKE)},
    {"sce", {{IN(LEFT), 2}, {IN(FAR_SHORT), 1}}, X2(SWEEP)},
    {"rae(guard_steps=0)", {{IN(LEFT), 1}, {IN(FAR_SHORT), 1}}, X1(MID)},
    /* LAE */
    {"lae", {{0, 0}}, X1(JOIN)},
    {"lae", {{IN(BEHIND), 0.15}, {IN(P_NEAR), 1}}, X2(TAKE)},
    {"lae", {{IN(BEHIND), 0.1499}}, X1(JOIN)},
    {"lae(b_urgent=0.1)", {{IN(BEHIND), 0.1499}}, X2(TAKE)},
    {"lae", {{IN(P_FAR), 0.6}, {IN(SPREAD_Z), 1.4999}}, X1(TAKE)},
    {"lae", {{IN(P_FAR), 0.5999}}, X1(JOIN)},
    {"lae", {{IN(P_FAR), 0.6}, {IN(SPREAD_Z), 1.5}}, X1(IMPROVE)},
    {"lae", {{IN(P_FAR), 0.6}, {IN(P_NEAR), 0.9}}, X1(TAKE)},
    {"lae", {{IN(P_NEAR), 0.6}}, HOLD},
    {"lae", {{IN(P_NEAR), 0.6}, {IN(RESTING), 1}}, CANCEL},
    {"lae", {{IN(P_NEAR), 0.6}, {IN(BEHIND), 0.0799}, {IN(RESTING), 1}}, CANCEL},
    {"lae", {{IN(P_NEAR), 0.6}, {IN(BEHIND), 0.08}, {IN(RESTING), 1}}, X1(MID)},
    {"lae", {{IN(P_NEAR), 0.5999}}, X1(JOIN)},
    {"lae", {{IN(SPREAD_Z), 1}}, X1(IMPROVE)},
    {"lae", {{IN(SPREAD_Z), 0.9999}}, X1(JOIN)},
    {"lae", {{IN(SPREAD_Z), -0.5}, {IN(BEHIND), 0.0201}}, X1(TAKE)},
    {"lae", {{IN(SPREAD_Z), -0.5}, {IN(BEHIND), 0.02}}, X1(MID)},
    {"lae", {{IN(SPREAD_Z), -0.5}, {IN(FAR_DEPTH), -0.0001}}, X1(JOIN)},
    {"lae", {{IN(SPREAD_Z), -0.4999}}, X1(JOIN)},
    {"lae", {{IN(NEAR_DEPTH), -0.7}}, X1(IMPROVE)},
    {"lae", {{IN(NEAR_DEPTH), -0.6999}}, X1(JOIN)},
    /* SCE; a slice is 10 and the parent 600 shares, so a gap of 0.06 is 36 shares, and 0.01 is 6 */
    {"sce", {{IN(GAP), 0.06}}, X2(SWEEP)},
    {"sce", {{IN(GAP), 0.0599}}, X2(TAKE)},
    {"sce", {{IN(GAP), 0.03}}, X2(TAKE)},
    {"sce", {{IN(GAP), 0.0299}}, X2(MID)},
    {"sce", {{IN(GAP), 0.0125}}, X05(MID)}, /* 7.5 shares: as near to 5 as to 10 */
    {"sce", {{IN(GAP), 0.0126}}, X1(MID)},
    {"sce", {{IN(GAP), 0.01}}, X05(MID)},
    {"sce", {{IN(GAP), 0.0099}, {IN(BEHIND), -0.1}}, X1(JOIN)},
    {"sce", {{IN(GAP), -0.03}, {IN(RESTING), 1}, {IN(BEHIND), 0.1}}, CANCEL},
    {"sce", {{IN(GAP), -0.03}, {IN(BEHIND), 0.1}}, HOLD},
    {"sce", {{IN(GAP), -0.0299}, {IN(RESTING), 1}}, HOLD},
    {"sce", {{IN(GAP), -0.01}, {IN(RESTING), 1}}, HOLD},
    {"sce", {{IN(GAP), -0.0099}}, X1(MID)},
    {"sce", {{IN(BEHIND), 0.05}}, X1(TAKE)},
    {"sce", {{IN(BEHIND), 0.0499}}, X1(MID)},
    {"sce", {{IN(BEHIND), 0}}, X1(MID)},
    {"sce", {{IN(BEHIND), -0.0001}}, X1(JOIN)},
    /* OME */
    {"ome", {{0, 0}}, X1(JOIN)},
    {"ome", {{IN(ALPHA), 0.5}, {IN(SPREAD_Z), 1}}, X2(TAKE)},
    {"ome", {{IN(ALPHA), 0.5}, {IN(SPREAD_Z), 1.0001}}, X2(MID)},
    {"ome", {{IN(ALPHA), 0.4999}}, X2(MID)},
    {"ome", {{IN(ALPHA), 0.25}}, X2(MID)},
    {"ome", {{IN(ALPHA), 0.2499}}, X1(JOIN)},
    {"ome", {{IN(ALPHA), -0.5}}, X05(JOIN)},
    {"ome", {{IN(ALPHA), -0.5}, {IN(RESTING), 1}}, HOLD},
    {"ome", {{IN(ALPHA), -0.4999}, {IN(RESTING), 1}}, X1(JOIN)},
    {"ome", {{IN(SPREAD_Z), -1}, {IN(FAR_DEPTH), 0.4}}, X2(TAKE)},
    {"ome", {{IN(SPREAD_Z), -0.9999}, {IN(FAR_DEPTH), 0.4}}, X1(JOIN)},
    {"ome", {{IN(SPREAD_Z), -1}, {IN(FAR_DEPTH), 0.3999}}, X1(JOIN)},
    {"ome", {{IN(RESTING), 1}, {IN(QUEUE), 0.3}, {IN(BEHIND), 0.3}}, HOLD},
    {"ome", {{IN(RESTING), 1}, {IN(QUEUE), 0.3001}, {IN(BEHIND), 0.3}}, X2(TAKE)},
    {"ome", {{IN(QUEUE), 0.3}}, X1(JOIN)},
    {"ome", {{IN(BEHIND), 0.2}}, X2(TAKE)},
    {"ome", {{IN(BEHIND), 0.1999}}, X1(JOIN)},
    {"ome", {{IN(SPREAD_Z), 1}}, X1(IMPROVE)},
    {"ome", {{IN(SPREAD_Z), 0.9999}}, X1(JOIN)},
    /* RAE */
    {"rae", {{0, 0}}, X1(MID)},
    {"rae", {{IN(SPREAD_Z), 2}, {IN(RESTING), 1}}, CANCEL},
    {"rae", {{IN(SPREAD_Z), 2}, {IN(PAUSED), 2}}, HOLD},
    {"rae", {{IN(SPREAD_Z), 2}, {IN(PAUSED), 3}}, X1(MID)},
    {"rae", {{IN(SPREAD_Z), 1.9999}, {IN(RESTING), 1}}, X1(MID)},
    {"rae", {{IN(VOLATILITY), 2}}, X2(TAKE)},
    {"rae", {{IN(VOLATILITY), 1.9999}}, X2(MID)},
    {"rae", {{IN(VOLATILITY), 1.3}, {IN(BEHIND), 0.5}}, X2(MID)},
    {"rae", {{IN(VOLATILITY), 1.2999}, {IN(BEHIND), 0.05}}, X1(TAKE)},
    {"rae", {{IN(BEHIND), 0.0499}}, X1(MID)},
    {"rae", {{IN(VOLATILITY), 0.7999}, {IN(BEHIND), 0}}, X1(JOIN)},
    {"rae", {{IN(VOLATILITY), 0.8}}, X1(MID)},
    {"rae", {{IN(VOLATILITY), 0.5}, {IN(BEHIND), 0.0001}}, X1(MID)},
};

static const pab__expert *expert_of(const pab__policy_params *params)
{
    return params->kind->detail;
}

static void each_branch_fires_where_its_conditions_hold(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof branches / sizeof *branches; i++) {
        const branch *b = &branches[i];
        pab__policy_params params = round_params_of(b->spec);
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
            pab__pair_inputs inputs = quiet_view();
            pab__choice choice[PAB_ENV_LEGS];
            for (int n = 0; n < 5; n++)
                inputs.leg[leg].value[b->with[n].input] = b->with[n].value;
            pab__expert_choose(expert_of(&params), PAB__FORM_LEG, params.value, &inputs, choice);
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
        int32_t leg, input;
        double value;
    } with[6];
    int32_t action[PAB_ENV_LEGS];
} pairing;

static const pairing pairings[] = {
    /* LAE: the thin leg quotes, the liquid one hedges */
    {"lae", {{0, IN(THINNESS), 1}}, {X1(JOIN), HOLD}},
    {"lae", {{1, IN(THINNESS), 1.01}}, {HOLD, X1(JOIN)}},
    {"lae", {{1, IN(THINNESS), 2}, {0, IN(GAP), 0.01}}, {X05(MID), X1(JOIN)}},
    {"lae", {{1, IN(THINNESS), 2}, {0, IN(GAP), 0.0099}, {0, IN(BEHIND), 0.5}}, {HOLD, X1(JOIN)}},
    {"lae", {{1, IN(THINNESS), 2}, {0, IN(GAP), 0.03}}, {X2(TAKE), X1(JOIN)}},
    {"lae", {{1, IN(THINNESS), 2}, {0, IN(GAP), 0.0299}}, {X2(MID), X1(JOIN)}},
    {"lae", {{1, IN(THINNESS), 2}, {1, IN(P_NEAR), 0.7}, {1, IN(RESTING), 1}}, {HOLD, CANCEL}},
    {"lae", {{0, IN(LEFT), 2}, {1, IN(LEFT), 2}}, {X2(TAKE), X2(TAKE)}},
    /* SCE: in step, both do as the one more behind */
    {"sce", {{0, IN(BEHIND), 0.06}, {1, IN(BEHIND), 0.055}}, {X1(TAKE), X1(TAKE)}},
    {"sce", {{0, IN(BEHIND), -0.06}, {1, IN(BEHIND), 0.05}}, {X1(TAKE), X1(TAKE)}},
    {"sce", {{0, IN(BEHIND), -0.01}, {1, IN(BEHIND), 0}, {0, IN(GAP), -0.0099}, {1, IN(GAP), 0.0099}},
     {X1(MID), X1(MID)}},
    {"sce", {{0, IN(BEHIND), 0.06}, {0, IN(GAP), 0.01}, {1, IN(GAP), -0.01}}, {X05(MID), HOLD}},
    {"sce", {{0, IN(BEHIND), 0.06}, {1, IN(LEAVES), 0}}, {X1(TAKE), HOLD}},
    /* OME: only the stronger signal pays; the other is pushed when it lags */
    {"ome", {{0, IN(ALPHA), 0.6}, {1, IN(ALPHA), 0.7}}, {X2(MID), X2(TAKE)}},
    {"ome", {{0, IN(ALPHA), 0.6}, {1, IN(ALPHA), 0.6}}, {X2(TAKE), X2(MID)}},
    {"ome", {{0, IN(ALPHA), 0.6}, {1, IN(ALPHA), 0.7}, {0, IN(GAP), 0.03}}, {X2(TAKE), X2(TAKE)}},
    {"ome", {{0, IN(ALPHA), 0.1}, {1, IN(GAP), 0.03}}, {X1(JOIN), X1(IMPROVE)}},
    {"ome", {{0, IN(ALPHA), 0.1}, {1, IN(GAP), 0.0299}}, {X1(JOIN), X1(JOIN)}},
    {"ome", {{0, IN(ALPHA), 0.1}, {0, IN(GAP), 0.5}}, {X1(JOIN), X1(JOIN)}},
    {"ome", {{0, IN(ALPHA), 0.1}, {1, IN(GAP), 0.03}, {1, IN(RESTING), 1}, {1, IN(QUEUE), 0.1}},
     {X1(JOIN), X1(JOIN)}},
    /* RAE: the riskier leg cuts, the other keeps in step */
    {"rae", {{0, IN(PAIR_RISK), 24.99}, {1, IN(PAIR_RISK), 24.99}, {1, IN(RISKIER), 1}}, {X1(MID), X1(MID)}},
    {"rae", {{0, IN(PAIR_RISK), 25}, {1, IN(PAIR_RISK), 25}, {1, IN(RISKIER), 1}, {0, IN(GAP), -0.02}},
     {HOLD, X2(TAKE)}},
    {"rae", {{0, IN(PAIR_RISK), 25}, {1, IN(PAIR_RISK), 25}, {0, IN(RISKIER), 1}, {1, IN(GAP), 0.07}},
     {X2(TAKE), X2(SWEEP)}},
};

static void pair_forms_coordinate_the_legs(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof pairings / sizeof *pairings; i++) {
        const pairing *p = &pairings[i];
        pab__policy_params params = round_params_of(p->spec);
        pab__pair_inputs inputs = quiet_view();
        pab__choice choice[PAB_ENV_LEGS];
        for (int n = 0; n < 6; n++)
            inputs.leg[p->with[n].leg].value[p->with[n].input] = p->with[n].value;
        pab__expert_choose(expert_of(&params), params.form, params.value, &inputs, choice);
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
    for (int32_t size = PAB__SIZE_HALF; size <= PAB__SIZE_TWO; size++) {
        memset(legal, 1, sizeof legal);
        assert_int_equal(pab__legal_ladder(legal, pab__action_of(SWEEP, size)), pab__action_of(SWEEP, size));
        for (int32_t style = SWEEP; style >= JOIN; style--) {
            legal[pab__action_of(style, size)] = 0;
            int32_t expected = style > JOIN ? pab__action_of(style - 1, size) : HOLD;
            assert_int_equal(pab__legal_ladder(legal, pab__action_of(SWEEP, size)), expected);
        }
    }
    memset(legal, 1, sizeof legal);
    legal[X1(TAKE)] = legal[X1(MID)] = 0;
    assert_int_equal(pab__legal_ladder(legal, X1(TAKE)), X1(IMPROVE));
    assert_int_equal(pab__legal_ladder(legal, CANCEL), CANCEL);
    legal[CANCEL] = 0;
    assert_int_equal(pab__legal_ladder(legal, CANCEL), HOLD);
}

static void a_dislocated_book_pauses_thrice_and_no_more(void **unused)
{
    (void)unused;
    pab__policy_params params = round_params_of("rae:leg");
    pab__context context = quiet_context();
    pab__expert_state state = {{0, 0}};
    context.signals.leg[0].spread_z = 2.1;
    static const int32_t counts[] = {1, 2, 3, 0, 1};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        pab_decision decision = {{0}, {0}};
        pab__expert_decide(&params, &state, &context, &decision, NULL);
        assert_int_equal(state.paused[0], counts[i]);
        assert_int_equal(state.paused[1], 0);
        assert_int_equal(decision.action[0] == HOLD, counts[i] > 0);
    }
    context.status.step = 58; /* a guard is no pause */
    pab_decision decision = {{0}, {0}};
    pab__expert_decide(&params, &state, &context, &decision, NULL);
    assert_int_equal(state.paused[0], 0);
    assert_int_equal(decision.action[0], X2(TAKE));
}

static void the_risk_averse_line_runs_ahead_of_the_straight_one(void **unused)
{
    (void)unused;
    pab__context context = quiet_context();
    pab_decision decision = {{0}, {0}};
    pab__expert_state state = {{0, 0}};
    pab__policy_params bent = round_params_of("rae:leg"), straight = round_params_of("rae:leg(kappa_t=0)");
    pab__expert_decide(&straight, &state, &context, &decision, NULL);
    assert_int_equal(decision.action[0], X1(MID)); /* on its line */
    pab__expert_decide(&bent, &state, &context, &decision, NULL);
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
