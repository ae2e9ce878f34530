/* What a crowd's tables are counted from: equal to an independent program's counts on three recorded days, and
 * countable on fingers on a tape made by hand. */
#include "files.h"

#include <math.h>

#include "stage0/count.h"

enum { DAYS = 3 };

static void compare(const char *what, const double *got, const double *wanted, int count, double tolerance)
{
    for (int i = 0; i < count; i++)
        if (!(fabs(got[i] - wanted[i]) <= tolerance * wanted[i]))
            fail_msg("%s, bin %d: %.6g; the other program counts %.6g", what, i + 1, got[i], wanted[i]);
}

/* By numpy and pandas, printed with few digits. */
static const double adds[2][8] = {{3.9, 7.7, 8.1, 7.3, 6.6, 6.1, 5.8, 5.9},
                                  {4.8, 3.1, 3.3, 3.3, 3.0, 2.6, 2.4, 2.2}};
static const double trades[2][10] = {{.256, .220, .148, .105, .090, .077, .069, .070, .064, .054},
                                     {1.34, .832, .632, .396, .276, .216, .168, .147, .091, .072}};
static const double queues[2][9] = {{181, 461, 691, 881, 1081, 1291, 1617, 2077, 2527},
                                    {17229, 25879, 40025, 50112, 62719, 76410, 90899, 119040, 140510}};
static const double falls[2][5] = {{.381, .263, .157, .116, .083}, {.0945, .0279, .0143, .0046, .0030}};

static void three_recorded_days_are_counted_as_another_program_counts_them(void **state)
{
    (void)state;
    need_data();
    static const char *const dates[DAYS] = {"20131007", "20131008", "20131009"};
    pab_pair_window w[DAYS];
    pab__day *days = NULL;
    for (int d = 0; d < DAYS; d++)
        w[d] = (pab_pair_window){.legs = {recorded_session("AIG", dates[d]), recorded_session("BAC", dates[d])},
                                 .from = 34200 * SECOND,
                                 .to = 57600 * SECOND};
    must(pab__days_make(w, DAYS, &days));
    for (int leg = 0; leg < 2; leg++) {
        pab__counts c;
        must(pab__count_leg(days, DAYS, leg, &c));
        compare("adds", c.adds, adds[leg], 8, 0.02);
        compare("trades", c.trades, trades[leg], 10, 0.01);
        compare("queues", c.queues, queues[leg], 9, 0.002);
        compare("falls", c.falls, falls[leg], 5, 0.02);
        assert_true(fabs(c.cluster_single - (leg ? 0.729 : 0.765)) < 0.002);
        assert_true(c.trade_sizes[5] >= 100 && c.trade_sizes[18] >= c.trade_sizes[17]);
    }
    pab__days_free(days, DAYS);
    for (int d = 0; d < DAYS; d++) {
        pab_tape_free((pab_tape *)w[d].legs[0]);
        pab_tape_free((pab_tape *)w[d].legs[1]);
    }
}

#define CENT (PAB_TAPE_PRICE / 100)

/* An hour of one-tick quotes whose sides take turns in holding 1 to 10 tenths, a second each: half of them add to the
 * bid, and each is hit by a sale every 20 s. The bid never falls. */
static void a_tape_made_by_hand_is_counted(void **state)
{
    (void)state;
    pab_tape *tape = NULL;
    pab__day *day = NULL;
    pab__counts c;
    must(pab_tape_new(NULL, &tape));
    for (int i = 0; i < 3600; i++) {
        int tenth = i % 20 < 10 ? i % 20 : 19 - i % 20;
        must(pab_tape_add_quote(tape, i * SECOND, 1000 * CENT, 100 * tenth + 50, 1001 * CENT, 950 - 100 * tenth));
        if (i % 2 == 1)
            must(pab_tape_add_trade(tape, i * SECOND + SECOND / 2, 1000 * CENT, i % 4 == 1 ? 100 : 250, -1, 0));
    }
    must(pab_tape_set_window(tape, 0, 3600 * SECOND));
    pab_pair_window w = {.legs = {tape, tape}, .from = 0, .to = 3600 * SECOND};
    must(pab__days_make(&w, 1, &day));
    must(pab__count_leg(day, 1, 0, &c));
    for (int i = 0; i < PAB__COUNT_BINS; i++)
        assert_true(fabs(c.queues[i] - (100 * i + 50)) < 1e-6);
    /* Of each bin's two seconds in twenty one side rises, on either side: nine of twenty changes, a rate of a half. */
    assert_true(fabs(c.adds[4] - 0.5) < 0.02);
    assert_true(fabs(c.depth - 500) < 1);
    /* One sale each two seconds, at every other state of the bid; asks are never hit. */
    double all = 0;
    for (int i = 0; i < PAB__COUNT_BINS; i++)
        all += c.trades[i] * c.time[i];
    assert_true(fabs(all - 1500) < 2);
    assert_true(fabs(c.odd_trades - 0.5) < 0.01 && fabs(c.cluster_single - 1) < 1e-9);
    assert_true(c.falls[0] <= 0);
    pab__days_free(day, 1);
    must(pab_tape_set_window(tape, 0, 700 * SECOND));
    w.to = 700 * SECOND;
    must(pab__days_make(&w, 1, &day));
    refused(pab__count_leg(day, 1, 1, &c), PAB_E_RANGE, "leg B is at a spread of one tick for");
    pab__days_free(day, 1);
    pab_tape_free(tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_recorded_days_are_counted_as_another_program_counts_them),
        cmocka_unit_test(a_tape_made_by_hand_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
