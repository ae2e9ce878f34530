/* Coarse states, tables of weights, and what they make of scores. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "sip/psi.h"

static void cells_follow_the_documented_edges(void **unused)
{
    (void)unused;
    float obs[PAB_ENV_OBSERVATIONS] = {0};
    assert_int_equal(pab__sip_cell_of_observation(obs), 0);
    obs[PAB_OBS_PAIR_VOLATILITY_RATIO] = 0.325f;
    assert_int_equal(pab__sip_cell_of_observation(obs), 1);
    obs[PAB_OBS_B_SPREAD_Z] = 0.34f; /* z 1.02 */
    assert_int_equal(pab__sip_cell_of_observation(obs), 3);
    obs[PAB_OBS_PAIR_CRUMBLE] = 0.5f;
    assert_int_equal(pab__sip_cell_of_observation(obs), 7);
    obs[PAB_OBS_PAIR_HEDGE_SIZE] = 0.3f;
    assert_int_equal(pab__sip_cell_of_observation(obs), 15);
    obs[PAB_OBS_PAIR_HEDGE_SIZE] = 0.6f;
    obs[PAB_OBS_PAIR_TIME] = 0.9f;
    assert_int_equal(pab__sip_cell_of_observation(obs), 71);
    obs[PAB_OBS_PAIR_TIME] = 0.33f;
    obs[PAB_OBS_PAIR_HEDGE_SIZE] = obs[PAB_OBS_PAIR_CRUMBLE] = obs[PAB_OBS_PAIR_VOLATILITY_RATIO] = 0;
    obs[PAB_OBS_B_SPREAD_Z] = 0;
    assert_int_equal(pab__sip_cell_of_observation(obs), 24);
    obs[PAB_OBS_PAIR_TIME] = 0.32f;
    assert_int_equal(pab__sip_cell_of_observation(obs), 0);
}

static void every_cell_has_bins_of_its_own(void **unused)
{
    (void)unused;
    static const int32_t before[] = {0, 3, 6, 8, 10}, count[] = {3, 3, 2, 2, 2};
    for (int32_t c = 0; c < PAB__SIP_CELLS; c++) {
        int32_t bin[PAB__SIP_FACTORS], back = 0;
        pab__sip_bins_of(c, bin);
        for (int f = 0; f < PAB__SIP_FACTORS; f++) {
            assert_in_range(bin[f] - before[f], 0, count[f] - 1);
            back = back * count[f] + bin[f] - before[f];
        }
        assert_int_equal(back, c);
    }
}

static void no_parameters_mean_equal_weights_and_usual_prices(void **unused)
{
    (void)unused;
    pab__sip_table table;
    pab__sip_table_even(&table);
    for (int c = 0; c < PAB__SIP_CELLS; c++) {
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            assert_true(table.cell[c].weight[e] == 0.25);
        for (int p = 0; p < PAB__SIP_TERMS; p++)
            assert_true(table.cell[c].multiplier[p] > 0 && table.cell[c].multiplier[p] == table.cell[0].multiplier[p]);
    }
}

static void parameters_act_where_their_bin_is(void **unused)
{
    (void)unused;
    double x[PAB__SIP_PARAMETERS] = {0};
    pab__sip_table table, even;
    x[2 * PAB__SIP_BINS + 7] = log(3.0); /* OME while the touch crumbles */
    x[4 * PAB__SIP_BINS + 2] = 9;        /* late: exp(9) is over the limit */
    x[6 * PAB__SIP_BINS + 2] = log(2.0);
    pab__sip_table_make(x, &table);
    pab__sip_table_even(&even);
    for (int32_t c = 0; c < PAB__SIP_CELLS; c++) {
        int32_t bin[PAB__SIP_FACTORS];
        pab__sip_bins_of(c, bin);
        assert_true(fabs(table.cell[c].weight[2] - (bin[2] == 7 ? 0.5 : 0.25)) < 1e-12);
        const double *usual = even.cell[c].multiplier, *now = table.cell[c].multiplier;
        assert_true(now[PAB__SIP_HEDGE] == (bin[0] == 2 ? 50 : usual[PAB__SIP_HEDGE]));
        assert_true(now[PAB__SIP_LAG] == usual[PAB__SIP_LAG]);
        assert_true(fabs(now[PAB__SIP_SPREAD] / usual[PAB__SIP_SPREAD] - (bin[0] == 2 ? 2 : 1)) < 1e-12);
    }
}

static void huge_parameters_still_give_weights(void **unused)
{
    (void)unused;
    double x[PAB__SIP_PARAMETERS];
    pab__sip_table table;
    for (int i = 0; i < PAB__SIP_PARAMETERS; i++)
        x[i] = i % 2 ? 800 : -800;
    pab__sip_table_make(x, &table);
    for (int c = 0; c < PAB__SIP_CELLS; c++) {
        double sum = 0;
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            sum += table.cell[c].weight[e];
        assert_true(fabs(sum - 1) < 1e-12);
        for (int p = 0; p < PAB__SIP_TERMS; p++)
            assert_true(table.cell[c].multiplier[p] >= 0 && table.cell[c].multiplier[p] <= 50);
    }
}

static void psi_is_weighed_scores_less_the_price(void **unused)
{
    (void)unused;
    const pab__sip_cell cell = {{0.5, 0.25, 0.25, 0}, {2, 0.25, 4}};
    double z[PAB_EXPERT_COUNT][PAB_ENV_JOINT_ACTIONS] = {{0}}, terms[PAB__SIP_TERMS][PAB_ENV_JOINT_ACTIONS] = {{0}};
    double charge[PAB_ENV_JOINT_ACTIONS], psi[PAB_ENV_JOINT_ACTIONS];
    for (int e = 0; e < PAB_EXPERT_COUNT; e++) {
        z[e][3] = -(e + 1);
        z[e][7] = -INFINITY;
    }
    terms[PAB__SIP_HEDGE][3] = 0.5;
    terms[PAB__SIP_LAG][3] = 9;
    terms[PAB__SIP_SPREAD][3] = -0.1;
    terms[PAB__SIP_LAG][7] = 1;
    pab__sip_charge(&cell, terms, charge);
    assert_true(fabs(charge[3] - (1 + 2.25 - 0.4)) < 1e-12);
    pab__sip_mix(&cell, z, charge, psi);
    assert_true(fabs(psi[3] - (-0.5 - 0.5 - 0.75 - charge[3])) < 1e-12);
    assert_true(psi[7] == -INFINITY);
    assert_true(psi[0] == 0);
}

static void one_expert_alone_ranks_as_he_does(void **unused)
{
    (void)unused;
    pab__sip_table table;
    double z[PAB_EXPERT_COUNT][PAB_ENV_JOINT_ACTIONS], terms[PAB__SIP_TERMS][PAB_ENV_JOINT_ACTIONS];
    double charge[PAB_ENV_JOINT_ACTIONS], psi[PAB_ENV_JOINT_ACTIONS];
    for (int j = 0; j < PAB_ENV_JOINT_ACTIONS; j++) {
        for (int p = 0; p < PAB__SIP_TERMS; p++)
            terms[p][j] = j % 5 - p;
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            z[e][j] = j % 3 == 0 ? (double)-INFINITY : -((j * (e + 3)) % 17);
    }
    for (int e = 0; e < PAB_EXPERT_COUNT; e++) {
        pab__sip_table_single(e, 0, &table);
        pab__sip_charge(&table.cell[40], terms, charge);
        pab__sip_mix(&table.cell[40], z, charge, psi);
        for (int j = 0; j < PAB_ENV_JOINT_ACTIONS; j++)
            assert_true(psi[j] == z[e][j]);
    }
}

static void urgent_styles_fill_more(void **unused)
{
    (void)unused;
    for (int32_t s = PAB_STYLE_JOIN; s < PAB_STYLE_SWEEP; s++)
        assert_true(pab__sip_fill(NULL, s, 0, 0) < pab__sip_fill(NULL, s + 1, 0, 0));
    assert_true(pab__sip_fill(NULL, PAB_STYLE_JOIN, 0, 1) < pab__sip_fill(NULL, PAB_STYLE_JOIN, 0, -1));
    assert_true(pab__sip_fill(NULL, PAB_STYLE_MID, NAN, NAN) == pab__sip_fill(NULL, PAB_STYLE_MID, 0, 0));
    assert_true(pab__sip_fill(NULL, PAB_STYLE_SWEEP, 5, 5) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_follow_the_documented_edges),
        cmocka_unit_test(every_cell_has_bins_of_its_own),
        cmocka_unit_test(no_parameters_mean_equal_weights_and_usual_prices),
        cmocka_unit_test(parameters_act_where_their_bin_is),
        cmocka_unit_test(huge_parameters_still_give_weights),
        cmocka_unit_test(psi_is_weighed_scores_less_the_price),
        cmocka_unit_test(one_expert_alone_ranks_as_he_does),
        cmocka_unit_test(urgent_styles_fill_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
