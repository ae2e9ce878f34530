/* From observation to natural units. */
#include "scenes.h"

static void features_are_unscaled(void **unused)
{
    (void)unused;
    pab__scene scene = quiet_scene();
    pab__pair_view view;
    float *b = scene.obs + 23; /* leg B */
    b[4] = 0.25F;
    b[7] = -0.5F;
    b[9] = 0.5F;
    b[11] = 1.0F;
    b[12] = -0.25F;
    b[13] = 0.75F;
    b[14] = 0.6F; /* tanh(ln 2) */
    b[16] = 0.125F;
    b[17] = 0.875F;
    b[18] = -0.375F;
    b[19] = 0.25F;
    pab__pair_view_make(&scene, &view);
    const double *is = view.leg[1].is;
    assert_true(is[PAB__QUEUE] == 0.25);
    assert_true(is[PAB__SPREAD_Z] == -1.5);
    assert_true(fabs(is[PAB__ALPHA] - (0.35 + 0.125 - 0.05 + 0.15)) < 1e-12);
    assert_true(fabs(is[PAB__VOLATILITY] - 2) < 1e-6);
    assert_true(is[PAB__P_NEAR] == 0.125 && is[PAB__P_FAR] == 0.875);
    assert_true(is[PAB__NEAR_DEPTH] == -0.75 && is[PAB__FAR_DEPTH] == 0.5);
    assert_true(view.leg[0].is[PAB__QUEUE] == 0 && view.leg[0].is[PAB__SPREAD_Z] == 0);
    /* a half-spread of 1 tick on 50000 */
    assert_true(fabs(is[PAB__THINNESS] - 0.2 * 1.125) < 1e-12);
    assert_true(fabs(view.leg[0].is[PAB__THINNESS] - 0.1) < 1e-12);
}

static void progress_is_measured_against_line_and_leg(void **unused)
{
    (void)unused;
    pab__scene scene = quiet_scene();
    pab__pair_view view;
    scene.status.filled[0] = 160; /* 0.2667; the line is at 10/60 */
    scene.status.filled[1] = 100; /* 0.0833 */
    pab__pair_view_make(&scene, &view);
    assert_true(fabs(view.leg[0].is[PAB__BEHIND] - (10.0 / 60 - 160.0 / 600)) < 1e-12);
    assert_true(fabs(view.leg[1].is[PAB__BEHIND] - (10.0 / 60 - 100.0 / 1200)) < 1e-12);
    assert_true(fabs(view.leg[1].is[PAB__GAP] - (160.0 / 600 - 100.0 / 1200)) < 1e-12);
    assert_true(view.leg[0].is[PAB__GAP] == -view.leg[1].is[PAB__GAP]);
    assert_true(view.leg[0].slice == 9 && view.leg[1].slice == 22); /* 440 / 50 and 1100 / 50, rounded up */
    assert_true(view.leg[0].is[PAB__LEFT] == 50);
}

static void a_far_touch_is_short_below_two_slices_and_below_the_leaves(void **unused)
{
    (void)unused;
    pab__scene scene = quiet_scene();
    pab__pair_view view;
    scene.status.far_quantity[0] = 20;
    scene.status.far_quantity[1] = 39;
    pab__pair_view_make(&scene, &view);
    assert_true(view.leg[0].is[PAB__FAR_SHORT] == 0);
    assert_true(view.leg[1].is[PAB__FAR_SHORT] == 1);
    scene.status.filled[1] = 1161; /* 39 left */
    scene.status.step = 59;
    pab__pair_view_make(&scene, &view);
    assert_true(view.leg[1].is[PAB__FAR_SHORT] == 0);
}

static void opposite_legs_hedge_and_the_larger_one_is_riskier(void **unused)
{
    (void)unused;
    pab__scene scene = quiet_scene();
    pab__pair_view view;
    pab_env_status *now = &scene.status;
    now->covariance[0] = now->covariance[1] = now->covariance[2] = 4; /* move as one, 2 bps per root second */
    pab__pair_view_make(&scene, &view);
    assert_true(view.leg[0].is[PAB__PAIR_RISK] < 1e-5); /* both have 50 million left */
    now->filled[1] = 1200;
    pab__pair_view_make(&scene, &view);
    /* 500 of 600 shares at 100000 are 5/12 of the notional; 50 decisions of 5 s */
    double expected = 5.0 / 12 * 2 * sqrt(250);
    assert_true(fabs(view.leg[0].is[PAB__PAIR_RISK] - expected) < 1e-9);
    assert_true(view.leg[0].is[PAB__RISKIER] == 1 && view.leg[1].is[PAB__RISKIER] == 0);
    now->filled[1] = 200;
    now->covariance[2] = 16;
    pab__pair_view_make(&scene, &view);
    assert_true(view.leg[0].is[PAB__RISKIER] == 0 && view.leg[1].is[PAB__RISKIER] == 1);
}

static void extreme_observations_stay_finite(void **unused)
{
    (void)unused;
    for (int extreme = -1; extreme <= 1; extreme += 2) {
        pab__scene scene = quiet_scene();
        pab__pair_view view;
        for (int i = 0; i < PAB_ENV_OBSERVATIONS; i++)
            scene.obs[i] = (float)extreme;
        memset(scene.status.near_price, 0, sizeof scene.status.near_price); /* an empty side */
        pab__pair_view_make(&scene, &view);
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
            for (int n = 1; n < PAB__NOTIONS; n++)
                assert_true(isfinite(view.leg[leg].is[n]));
        assert_true(view.leg[0].is[PAB__THINNESS] == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_unscaled),
        cmocka_unit_test(progress_is_measured_against_line_and_leg),
        cmocka_unit_test(a_far_touch_is_short_below_two_slices_and_below_the_leaves),
        cmocka_unit_test(opposite_legs_hedge_and_the_larger_one_is_riskier),
        cmocka_unit_test(extreme_observations_stay_finite),
    };
    return cmocka_run_group_tests_name("experts/view", tests, NULL, NULL);
}
