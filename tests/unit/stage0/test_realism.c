/* Facts that judge a market equal those of an independent program (numpy and pandas) on three recorded days; on tapes
 * made by hand they can be counted on fingers. */
#include "files.h"

#include <math.h>

enum { DAYS = 3 };

typedef struct expected {
    int fact;
    double a, b;      /* of AIG and BAC */
    double tolerance; /* relative, or absolute for numbers under one */
} expected;

/* AIG and BAC, 7 to 9 October 2013, by a program that shares no code with this one. It leaves out the last quote of a
 * day, and takes some touches for lost that come back. Predictions learn on the first two days. */
static const expected leg_values[] = {
    {PAB_REALISM_ONE_TICK, 97.368725, 99.729989, 0.0001},
    {PAB_REALISM_REALISED_10, -0.14733695, 0.98330922, 1e-06},
    {PAB_REALISM_BEHIND_5, 0.24639175, 0.029531568, 1e-06},
    {PAB_REALISM_BEHIND_30, 0.58836524, 0.14314809, 1e-06},
    {PAB_REALISM_BEHIND_60, 0.7, 0.23603433, 1e-06},
    {PAB_REALISM_BEHIND_MARKOUT, -1.0756185, -3.109022, 1e-06},
    {PAB_REALISM_FRONT_5, 0.29212077, 0.11747163, 1e-06},
    {PAB_REALISM_FRONT_30, 0.64639175, 0.39845796, 1e-06},
    {PAB_REALISM_FRONT_60, 0.7494109, 0.54218795, 1e-06},
    {PAB_REALISM_FRONT_MARKOUT, -0.70057332, 1.7114775, 1e-06},
    {PAB_REALISM_RESPONSE_01, 1.0844486, 0.38651208, 1e-06},
    {PAB_REALISM_RESPONSE_1, 1.1436676, 0.48851115, 1e-06},
    {PAB_REALISM_RESPONSE_10, 1.1480701, 0.70937823, 1e-06},
    {PAB_REALISM_RESPONSE_60, 1.0329265, 0.84758374, 1e-06},
    {PAB_REALISM_MID_RATE, 1835.3333, 140.71795, 0.001},
    {PAB_REALISM_QUOTE_RATE, 92810.462, 43306.462, 0.0001},
    {PAB_REALISM_TOUCH, 1291.9498, 72959.589, 1e-06},
    {PAB_REALISM_TOUCH_CV, 0.84233343, 0.69167459, 1e-06},
    {PAB_REALISM_ORDER_SIGN_1, 0.39590118, 0.79106946, 1e-06},
    {PAB_REALISM_ORDER_SIGN_10, 0.035537127, 0.51073843, 1e-06},
    {PAB_REALISM_ORDER_SIGN_50, 0.0029979984, 0.17128692, 1e-06},
    {PAB_REALISM_KURTOSIS_1, 27.077902, 82.647405, 1e-06},
    {PAB_REALISM_KURTOSIS_10, 4.9277241, 10.231069, 1e-06},
    {PAB_REALISM_FANO, 24.279562, 91.296765, 1e-06},
    {PAB_REALISM_GAP_CV, 2.7242262, 3.495794, 1e-06},
    {PAB_REALISM_GAP_10MS, 48.269535, 55.514688, 1e-06},
    {PAB_REALISM_VOL_1, 53.161742, 47.68991, 1e-06},
    {PAB_REALISM_VOL_10, 50.913119, 47.10514, 1e-06},
    {PAB_REALISM_VOL_60, 48.489535, 44.654345, 1e-06},
    {PAB_REALISM_VOL_300, 47.106639, 42.391226, 1e-06},
    {PAB_REALISM_ORDER_RATE, 2654.7179, 5280.8718, 1e-06},
    {PAB_REALISM_ORDER_SIZE, 316.5342, 1439.0124, 1e-06},
    {PAB_REALISM_SIZE_MEDIAN, 0.38542439, 0.20847631, 1e-06},
    {PAB_REALISM_SIZE_Q99, 6.7207271, 12.932898, 1e-06},
    {PAB_REALISM_ROUND_LOTS, 92.110804, 85.855094, 1e-06},
    {PAB_REALISM_AUC_IMBALANCE, 0.63025021, 0.66061119, 1e-06},
    {PAB_REALISM_AUC_LOST, 0.66268058, 0.79254547, 0.002},
    {PAB_REALISM_LOST, 27.296007, 3.7272135, 0.02},
    {PAB_REALISM_R2_10, 1.6888867, 9.7693085, 0.0001},
    {PAB_REALISM_R2_20, 0.74839809, 9.5140658, 0.0001},
    {PAB_REALISM_R2_40, 0.2082096, 6.7863414, 0.0001},
}, pair_values[] = {
    {PAB_REALISM_CORR_1, 0.10405491, 0, 1e-06},
    {PAB_REALISM_CORR_2, 0.15844118, 0, 1e-06},
    {PAB_REALISM_CORR_5, 0.23649763, 0, 1e-06},
    {PAB_REALISM_CORR_10, 0.30060751, 0, 1e-06},
    {PAB_REALISM_CORR_30, 0.41043183, 0, 1e-06},
    {PAB_REALISM_CORR_60, 0.49618662, 0, 1e-06},
    {PAB_REALISM_CORR_300, 0.59351039, 0, 1e-06},
    {PAB_REALISM_LEAD_1, 0.044798085, 0, 1e-06},
    {PAB_REALISM_PAIR_SD, 21.550417, 0, 0.001},
    {PAB_REALISM_PAIR_HALF_LIFE, 612.21234, 0, 0.005},
    {PAB_REALISM_R2_PAIR_10, 7.8125985, 0, 0.0001},
    {PAB_REALISM_R2_PAIR_40, 4.6461904, 0, 0.0001},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void compare(int fact, double got, double wanted, double tolerance)
{
    pab_fact_info info = {.struct_size = sizeof info};
    must(pab_realism_get((uint32_t)fact, &info));
    if (!(fabs(got - wanted) <= tolerance * (fabs(wanted) > 1 ? fabs(wanted) : 1)))
        fail_msg("%s: %.8g; the other program says %.8g", info.name, got, wanted);
}

static void three_recorded_days_have_the_facts_that_another_program_finds(void **state)
{
    (void)state;
    need_data();
    static const char *const dates[DAYS] = {"20131007", "20131008", "20131009"};
    pab_pair_window w[DAYS];
    double f[PAB_REALISM_COUNT];
    for (int d = 0; d < DAYS; d++) {
        pab_tape *a = recorded_session("AIG", dates[d]), *b = recorded_session("BAC", dates[d]);
        uint32_t windows = 0;
        must(pab_pair_windows(a, b, &w[d], 1, &windows));
        assert_int_equal(windows, 1);
        assert_int_equal(w[d].to - w[d].from, 23400 * SECOND);
        assert_int_equal(info_of(a).resolution, 1000000);
    }
    double memory[2] = {0, 0}; /* the other program takes the mean of days */
    for (int d = 0; d < DAYS; d++) {
        must(pab_realism_facts(&w[d], 1, f, PAB_REALISM_COUNT));
        memory[0] += f[PAB_REALISM_ABS_RETURN_60] / DAYS;
        memory[1] += f[PAB_REALISM_LEG_COUNT + PAB_REALISM_ABS_RETURN_60] / DAYS;
    }
    compare(PAB_REALISM_ABS_RETURN_60, memory[0], 0.12025712, 1e-6);
    compare(PAB_REALISM_ABS_RETURN_60, memory[1], 0.13050227, 1e-6);
    must(pab_realism_facts(w, DAYS, f, PAB_REALISM_COUNT));
    must(pab_realism_foresight(w, 2, DAYS, f, PAB_REALISM_COUNT));
    for (size_t i = 0; i < COUNT(leg_values); i++) {
        const expected *e = &leg_values[i];
        compare(e->fact, f[e->fact], e->a, e->tolerance);
        compare(e->fact, f[PAB_REALISM_LEG_COUNT + e->fact], e->b, e->tolerance);
    }
    for (size_t i = 0; i < COUNT(pair_values); i++)
        compare(pair_values[i].fact, f[PAB_REALISM_LEG_COUNT + pair_values[i].fact], pair_values[i].a,
                pair_values[i].tolerance);
    for (int d = 0; d < DAYS; d++) {
        pab_tape_free((pab_tape *)w[d].legs[0]);
        pab_tape_free((pab_tape *)w[d].legs[1]);
    }
}

#define CENT (PAB_TAPE_PRICE / 100)

/* Ten minutes at 10.00 / 10.01, 300 and 500 shares; at 400 s the bid is lost and the mid falls by a cent. */
static pab_tape *quiet_tape(void)
{
    pab_tape *tape = NULL;
    must(pab_tape_new(NULL, &tape));
    for (int i = 0; i < 600; i++) {
        int64_t bid = i < 400 ? 1000 : 999;
        must(pab_tape_add_quote(tape, i * SECOND, bid * CENT, 300, (bid + 1) * CENT, 500));
    }
    must(pab_tape_set_window(tape, 0, 600 * SECOND));
    return tape;
}

static void a_sale_fills_who_stands_in_front_and_the_lost_touch_who_stands_behind(void **state)
{
    (void)state;
    pab_tape *tape = quiet_tape();
    double f[PAB_REALISM_COUNT];
    must(pab_tape_add_trade(tape, 392 * SECOND, 1000 * CENT, 100, -1, 0));
    pab_pair_window w = {.legs = {tape, tape}, .from = 0, .to = 600 * SECOND};
    must(pab_realism_facts(&w, 1, f, PAB_REALISM_COUNT));
    /* 41 orders a side from 60 s to 460 s. Bids placed from 340 s on are filled when the touch is lost at 400 s, and
     * one of them within 5 s by the sale at 392 s, when in front. Nobody fills an ask. */
    double behind = f[PAB_REALISM_BEHIND_60], front = f[PAB_REALISM_FRONT_5];
    assert_true(fabs(behind - 6.0 / 82) < 1e-9);
    assert_true(fabs(front - 1.0 / 82) < 1e-9);
    assert_true(fabs(f[PAB_REALISM_BEHIND_5]) < 1e-9);
    assert_true(fabs(f[PAB_REALISM_BEHIND_30] - 3.0 / 82) < 1e-9);
    /* The mid is half a cent below the bid that was filled. */
    assert_true(fabs(f[PAB_REALISM_BEHIND_MARKOUT] + 5) < 1e-9);
    assert_true(fabs(f[PAB_REALISM_ONE_TICK] - 100) < 1e-9);
    assert_true(fabs(f[PAB_REALISM_TOUCH] - 400) < 1e-9);
    /* Half a cent was paid; the mid has moved by a cent ten seconds on. */
    assert_true(fabs(f[PAB_REALISM_RESPONSE_1]) < 1e-9);
    assert_true(fabs(f[PAB_REALISM_RESPONSE_10] - 2) < 1e-9);
    assert_true(isnan(f[PAB_REALISM_VOLUME_OPEN]));
    pab_tape_free(tape);
}

static void trades_on_another_venue_do_not_reach_the_queue(void **state)
{
    (void)state;
    double front[2];
    for (int same = 0; same < 2; same++) {
        char text[32768] = "time_ms,bid,bid_size,ask,ask_size,bid_exch,ask_exch\n", line[80];
        for (int i = 0; i < 600; i++) {
            snprintf(line, sizeof line, "%d,100000,300,100100,500,Q,Q\n", i * 1000);
            strcat(text, line);
        }
        pab_tape *tape = tape_of(written("quotes.csv", text), NULL);
        snprintf(text, sizeof text, "time_ms,price,size,exch\n392000,100000,100,%s\n", same ? "Q" : "Z");
        must(pab_tape_read(tape, written("trades.csv", text), NULL));
        pab_pair_window w = {.legs = {tape, tape}, .from = 0, .to = 600 * SECOND};
        double f[PAB_REALISM_COUNT];
        must(pab_realism_facts(&w, 1, f, PAB_REALISM_COUNT));
        front[same] = f[PAB_REALISM_FRONT_60];
        pab_tape_free(tape);
    }
    assert_true(fabs(front[0]) < 1e-9);
    assert_true(front[1] > 0.05);
}

static void fills_of_one_instant_and_side_are_one_order(void **state)
{
    (void)state;
    pab_tape *tape = quiet_tape();
    double f[PAB_REALISM_COUNT];
    must(pab_tape_add_trade(tape, 10 * SECOND, 1001 * CENT, 100, 1, 0));
    must(pab_tape_add_trade(tape, 10 * SECOND, 1001 * CENT, 150, 1, 0));
    must(pab_tape_add_trade(tape, 10 * SECOND + 5000000, 1000 * CENT, 50, -1, 0));
    must(pab_tape_add_trade(tape, 20 * SECOND, 1000 * CENT, 900, -1, PAB_TRADE_OFF_BOOK));
    pab_pair_window w = {.legs = {tape, tape}, .from = 0, .to = 600 * SECOND};
    must(pab_realism_facts(&w, 1, f, PAB_REALISM_COUNT));
    assert_true(fabs(f[PAB_REALISM_ORDER_RATE] - 12) < 1e-9);
    assert_true(fabs(f[PAB_REALISM_ORDER_SIZE] - 150) < 1e-9);
    assert_true(fabs(f[PAB_REALISM_GAP_10MS] - 100) < 1e-9);
    w.resolution = SECOND; /* now they are of one instant, and still of two sides */
    must(pab_realism_facts(&w, 1, f, PAB_REALISM_COUNT));
    assert_true(fabs(f[PAB_REALISM_ORDER_RATE] - 12) < 1e-9);
    assert_true(isnan(f[PAB_REALISM_GAP_10MS]));
    pab_tape_free(tape);
}

static void a_night_ends_a_window(void **state)
{
    (void)state;
    char text[65536] = "time,bid,bid_size,ask,ask_size\n", line[96];
    for (int day = 1; day <= 2; day++)
        for (int i = 0; i < 600; i++) {
            snprintf(line, sizeof line, "2024-01-0%d 10:%02d:%02d,10.00,300,10.01,500\n", day, i / 60, i % 60);
            strcat(text, line);
        }
    pab_tape *tape = tape_of(written("nights.csv", text), NULL);
    pab_pair_window w[3];
    uint32_t count = 0;
    must(pab_pair_windows(tape, tape, w, 3, &count));
    assert_int_equal(count, 2);
    assert_int_equal(w[0].to - w[0].from, 599 * SECOND);
    assert_int_equal(w[1].to - w[1].from, 599 * SECOND);
    assert_int_equal(pab_pair_windows(tape, tape, w, 1, &count), PAB_E_CAPACITY);
    assert_int_equal(count, 2);
    pab_tape_free(tape);
}

static void what_cannot_be_measured_is_refused(void **state)
{
    (void)state;
    pab_tape *empty = NULL, *tape = quiet_tape();
    double f[PAB_REALISM_COUNT];
    uint32_t count = 0;
    must(pab_tape_new(NULL, &empty));
    pab_pair_window w = {.legs = {tape, empty}, .from = 0, .to = 600 * SECOND};
    refused(pab_realism_facts(&w, 1, f, PAB_REALISM_COUNT), PAB_E_STATE, "leg B has no quotes");
    refused(pab_realism_facts(&w, 0, f, PAB_REALISM_COUNT), PAB_E_ARGUMENT, "no windows");
    refused(pab_realism_facts(&w, 1, f, 3), PAB_E_ARGUMENT, "room for 3 facts");
    refused(pab_realism_foresight(&w, 1, 1, f, PAB_REALISM_COUNT), PAB_E_RANGE, "1 of 1 windows teach");
    refused(pab_pair_windows(tape, empty, &w, 1, &count), PAB_E_STATE, "share no time");
    refused(pab_realism_get(PAB_REALISM_NAMES, NULL), PAB_E_RANGE, "realism fact");
    w.to = 0;
    refused(pab_realism_facts(&w, 1, f, PAB_REALISM_COUNT), PAB_E_ARGUMENT, "window 0");
    pab_tape_free(empty);
    pab_tape_free(tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_recorded_days_have_the_facts_that_another_program_finds),
        cmocka_unit_test(a_sale_fills_who_stands_in_front_and_the_lost_touch_who_stands_behind),
        cmocka_unit_test(trades_on_another_venue_do_not_reach_the_queue),
        cmocka_unit_test(fills_of_one_instant_and_side_are_one_order),
        cmocka_unit_test(a_night_ends_a_window),
        cmocka_unit_test(what_cannot_be_measured_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
