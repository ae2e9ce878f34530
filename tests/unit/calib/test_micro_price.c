/* The micro-price table: mirrored, and right where the answer is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "calib/calib.h"

enum { STEPS = 40000 };

static pab__touch_sample seen[2][STEPS + 1];

static const pab__recording_plan plan = {.steps = STEPS, .parts = 1};

static void measure(pab__leg_plan legs[2])
{
    pab__recording w = {.touch = {seen[0], seen[1]}};
    for (int leg = 0; leg < 2; leg++)
        legs[leg].ref.spread_mean = 2;
    pab__micro_price_measure(&w, 1, &plan, legs);
}

static uint32_t draw(uint64_t *state, uint32_t n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % n;
}

/* The bid's share is drawn anew at each step. Where it was above a half, the mid moves up by a tick with chance 1/2,
 * else down with chance 1/2; neither a step nor a move says anything of the next share. */
static void a_table_whose_answer_is_known(void **state)
{
    static pab__leg_plan legs[2];
    uint64_t random = 3;
    (void)state;
    for (int leg = 0; leg < 2; leg++) {
        double bid = 1000, share = 0.55;
        for (int i = 0; i <= STEPS; i++) {
            seen[leg][i] = (pab__touch_sample){bid, bid + 2, share};
            if (draw(&random, 2))
                bid += share > 0.5 ? 1 : -1;
            share = draw(&random, 2) ? 0.55 : 0.45;
        }
    }
    measure(legs);
    for (int leg = 0; leg < 2; leg++) {
        const double *g = legs[leg].micro_price;
        assert_int_equal(legs[leg].micro_count, PAB__MICRO_MAX);
        /* Staying for a step forgets the imbalance: half a tick at once, and nothing after. */
        assert_true(fabs(g[pab__micro_price_row(0.55, 2, 2)] - 0.5) < 0.05);
        for (int row = 0; row < PAB__MICRO_IMBALANCES; row++)
            for (int k = 0; k < PAB__MICRO_SPREADS; k++)
                assert_true(fabs(g[row * PAB__MICRO_SPREADS + k] +
                                 g[(PAB__MICRO_IMBALANCES - 1 - row) * PAB__MICRO_SPREADS + k]) < 1e-9);
        assert_true(fabs(g[0]) < 1e-12); /* never seen */
    }
}

/* A book that stands still, and one without asks: no number is anything but a number. */
static void a_still_or_empty_book_moves_nowhere(void **state)
{
    static pab__leg_plan legs[2];
    (void)state;
    for (int i = 0; i <= STEPS; i++) {
        seen[0][i] = (pab__touch_sample){1000, 1002, 0.9};
        seen[1][i] = (pab__touch_sample){1000, 0, 1};
    }
    measure(legs);
    for (int leg = 0; leg < 2; leg++)
        for (int i = 0; i < PAB__MICRO_MAX; i++)
            assert_true(fabs(legs[leg].micro_price[i]) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_whose_answer_is_known),
        cmocka_unit_test(a_still_or_empty_book_moves_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
