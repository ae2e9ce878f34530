/* Logistic regression: it finds what made the labels, and scores are those of the definitions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "calib/logistic.h"

enum { ROWS = 20000 };

static pab__logistic_row rows[ROWS];
static double space[2 * ROWS];

static double uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) / 9007199254740992.0;
}

static const double truth[PAB__LOGISTIC_INPUTS + 1] = {-2, 1.5, 0, -1, 0.5, 0, 2, -0.3};

static void make_rows(void)
{
    uint64_t state = 7;
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < PAB__LOGISTIC_INPUTS; j++)
            rows[i].input[j] = 2 * uniform(&state) - 1;
        rows[i].label = uniform(&state) < pab__logistic_probability(truth, rows[i].input);
    }
}

static void coefficients_that_made_the_labels_are_found(void **state)
{
    double c[PAB__LOGISTIC_INPUTS + 1];
    pab__logistic_score found, made;
    (void)state;
    make_rows();
    assert_int_equal(pab__logistic_fit(rows, ROWS, 1e-2, c), PAB_OK);
    for (int j = 0; j <= PAB__LOGISTIC_INPUTS; j++)
        assert_true(fabs(c[j] - truth[j]) < 0.15);
    pab__logistic_evaluate(rows, ROWS, c, space, &found);
    pab__logistic_evaluate(rows, ROWS, truth, space, &made);
    assert_true(found.auc > 0.75 && fabs(found.auc - made.auc) < 0.005);
    assert_true(found.brier <= made.brier + 1e-6);
}

/* Labels that an input tells without error have no finite coefficients but for the ridge. */
static void separable_labels_stay_finite(void **state)
{
    double c[PAB__LOGISTIC_INPUTS + 1];
    pab__logistic_row few[20] = {0};
    (void)state;
    for (int i = 0; i < 20; i++)
        few[i].label = few[i].input[0] = i >= 10;
    assert_int_equal(pab__logistic_fit(few, 20, 1e-2, c), PAB_OK);
    assert_true(isfinite(c[0]) && c[1] > 3 && c[1] < 100);
    assert_true(pab__logistic_probability(c, few[0].input) < 0.05);
    assert_true(pab__logistic_probability(c, few[19].input) > 0.95);
}

static void one_kind_of_label_is_refused(void **state)
{
    double c[PAB__LOGISTIC_INPUTS + 1];
    pab__logistic_row few[3] = {0};
    (void)state;
    assert_int_equal(pab__logistic_fit(few, 3, 1e-2, c), PAB_E_STATE);
    assert_int_equal(pab__logistic_fit(few, 0, 1e-2, c), PAB_E_STATE);
}

static void scores_are_those_counted_by_hand(void **state)
{
    const double c[PAB__LOGISTIC_INPUTS + 1] = {0, 1};
    /* Ones at 0 and 2, zeros at -1 and 2: of four pairs two stand right, one wrong, and one ties. */
    pab__logistic_row few[4] = {{{-1}, 0}, {{0}, 1}, {{2}, 0}, {{2}, 1}};
    pab__logistic_score s;
    double brier = 0;
    (void)state;
    pab__logistic_evaluate(few, 4, c, space, &s);
    for (int i = 0; i < 4; i++)
        brier += pow(1 / (1 + exp(-few[i].input[0])) - few[i].label, 2) / 4;
    assert_true(fabs(s.auc - 2.5 / 4) < 1e-12);
    assert_true(fabs(s.brier - brier) < 1e-12);
    assert_true(s.positives == 0.5);
    pab__logistic_evaluate(few, 0, c, space, &s);
    assert_true(isnan(s.auc) && isnan(s.brier));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coefficients_that_made_the_labels_are_found),
        cmocka_unit_test(separable_labels_stay_finite),
        cmocka_unit_test(one_kind_of_label_is_refused),
        cmocka_unit_test(scores_are_those_counted_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
