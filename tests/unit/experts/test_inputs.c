/* From a decision context to the inputs of rules. */
#include "contexts.h"

static void signals_come_in_natural_units(void **unused)
{
    (void)unused;
    pab__context context = quiet_context();
    pab__pair_inputs inputs;
    float obs[PAB_ENV_OBSERVATIONS] = {0};
    obs[PAB_OBS_B_QUEUE] = 0.25F;
    obs[PAB_OBS_B_SPREAD_Z] = -0.5F;
    obs[PAB_OBS_B_IMBALANCE_5] = 0.5F;
    obs[PAB_OBS_B_MICRO_PRICE] = 1.0F;
    obs[PAB_OBS_B_TRADE_FLOW] = -0.25F;
    obs[PAB_OBS_B_ORDER_FLOW] = 0.75F;
    obs[PAB_OBS_B_VOLATILITY_RATIO] = 0.6F; /* tanh(ln 2) */
    obs[PAB_OBS_B_CRUMBLE_NEAR] = 0.125F;
    obs[PAB_OBS_B_CRUMBLE_FAR] = 0.875F;
    obs[PAB_OBS_B_DEPTH_NEAR] = -0.375F;
    obs[PAB_OBS_B_DEPTH_FAR] = 0.25F;
    pab__signals_read(obs, &context.signals);
    pab__inputs_make(&context, &inputs);
    const double *value = inputs.leg[1].value;
    assert_true(value[PAB__INPUT_QUEUE] == 0.25);
    assert_true(value[PAB__INPUT_SPREAD_Z] == -1.5);
    assert_true(fabs(value[PAB__INPUT_ALPHA] - (0.35 + 0.125 - 0.05 + 0.15)) < 1e-12);
    assert_true(fabs(value[PAB__INPUT_VOLATILITY] - 2) < 1e-6);
    assert_true(value[PAB__INPUT_P_NEAR] == 0.125 && value[PAB__INPUT_P_FAR] == 0.875);
    assert_true(value[PAB__INPUT_NEAR_DEPTH] == -0.75 && value[PAB__INPUT_FAR_DEPTH] == 0.5);
    assert_true(inputs.leg[0].value[PAB__INPUT_QUEUE] == 0 && inputs.leg[0].value[PAB__INPUT_SPREAD_Z] == 0);
    /* a half-spread of 1 tick on 50000 */
    assert_true(fabs(value[PAB__INPUT_THINNESS] - 0.2 * 1.125) < 1e-12);
    assert_true(fabs(inputs.leg[0].value[PAB__INPUT_THINNESS] - 0.1) < 1e-12);
}

static void progress_is_measured_against_line_and_leg(void **unused)
{
    (void)unused;
    pab__context context = quiet_context();
    pab__pair_inputs inputs;
    context.status.filled[0] = 160; /* 0.2667; the line is at 10/60 */
    context.status.filled[1] = 100; /* 0.0833 */
    pab__inputs_make(&context, &inputs);
    assert_true(fabs(inputs.leg[0].value[PAB__INPUT_BEHIND] - (10.0 / 60 - 160.0 / 600)) < 1e-12);
    assert_true(fabs(inputs.leg[1].value[PAB__INPUT_BEHIND] - (10.0 / 60 - 100.0 / 1200)) < 1e-12);
    assert_true(fabs(inputs.leg[1].value[PAB__INPUT_GAP] - (160.0 / 600 - 100.0 / 1200)) < 1e-12);
    assert_true(inputs.leg[0].value[PAB__INPUT_GAP] == -inputs.leg[1].value[PAB__INPUT_GAP]);
    assert_true(inputs.leg[0].slice == 9 && inputs.leg[1].slice == 22); /* 440 / 50 and 1100 / 50, rounded up */
    assert_true(inputs.leg[0].value[PAB__INPUT_LEFT] == 50);
}

static void a_far_touch_is_short_below_two_slices_and_below_the_leaves(void **unused)
{
    (void)unused;
    pab__context context = quiet_context();
    pab__pair_inputs inputs;
    context.status.far_quantity[0] = 20;
    context.status.far_quantity[1] = 39;
    pab__inputs_make(&context, &inputs);
    assert_true(inputs.leg[0].value[PAB__INPUT_FAR_SHORT] == 0);
    assert_true(inputs.leg[1].value[PAB__INPUT_FAR_SHORT] == 1);
    context.status.filled[1] = 1161; /* 39 left */
    context.status.step = 59;
    pab__inputs_make(&context, &inputs);
    assert_true(inputs.leg[1].value[PAB__INPUT_FAR_SHORT] == 0);
}

static void opposite_legs_hedge_and_the_larger_one_is_riskier(void **unused)
{
    (void)unused;
    pab__context context = quiet_context();
    pab__pair_inputs inputs;
    pab_env_status *now = &context.status;
    now->covariance[0] = now->covariance[1] = now->covariance[2] = 4; /* move as one, 2 bps per root second */
    pab__inputs_make(&context, &inputs);
    assert_true(inputs.leg[0].value[PAB__INPUT_PAIR_RISK] < 1e-5); /* both have 50 million left */
    now->filled[1] = 1200;
    pab__inputs_make(&context, &inputs);
    /* 500 of 600 shares at 100000 are 5/12 of the notional; 50 decisions of 5 s */
    double expected = 5.0 / 12 * 2 * sqrt(250);
    assert_true(fabs(inputs.leg[0].value[PAB__INPUT_PAIR_RISK] - expected) < 1e-9);
    assert_true(inputs.leg[0].value[PAB__INPUT_RISKIER] == 1 && inputs.leg[1].value[PAB__INPUT_RISKIER] == 0);
    now->filled[1] = 200;
    now->covariance[2] = 16;
    pab__inputs_make(&context, &inputs);
    assert_true(inputs.leg[0].value[PAB__INPUT_RISKIER] == 0 && inputs.leg[1].value[PAB__INPUT_RISKIER] == 1);
}

static void extreme_observations_stay_finite(void **unused)
{
    (void)unused;
    for (int extreme = -1; extreme <= 1; extreme += 2) {
        pab__context context = quiet_context();
        pab__pair_inputs inputs;
        float obs[PAB_ENV_OBSERVATIONS];
        for (int i = 0; i < PAB_ENV_OBSERVATIONS; i++)
            obs[i] = (float)extreme;
        pab__signals_read(obs, &context.signals);
        memset(context.status.near_price, 0, sizeof context.status.near_price); /* an empty side */
        pab__inputs_make(&context, &inputs);
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
            for (int n = 1; n < PAB__INPUT_COUNT; n++)
                assert_true(isfinite(inputs.leg[leg].value[n]));
        assert_true(inputs.leg[0].value[PAB__INPUT_THINNESS] == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_come_in_natural_units),
        cmocka_unit_test(progress_is_measured_against_line_and_leg),
        cmocka_unit_test(a_far_touch_is_short_below_two_slices_and_below_the_leaves),
        cmocka_unit_test(opposite_legs_hedge_and_the_larger_one_is_riskier),
        cmocka_unit_test(extreme_observations_stay_finite),
    };
    return cmocka_run_group_tests_name("experts/inputs", tests, NULL, NULL);
}
