/* Facts measured on recorded data equal the published tables; a simulated market is measured the same way. */
#include "files.h"

#include <math.h>

#include "stage0/tape.h"

/* One value of facts.csv. */
static double published(const char *dataset, const char *instrument, const char *statistic)
{
    char line[512], start[400];
    FILE *file = fopen(data_path("facts.csv"), "r");
    assert_non_null(file);
    const char *quote = strchr(statistic, ',') ? "\"" : "";
    snprintf(start, sizeof start, "%s,%s,%s%s%s,", dataset, instrument, quote, statistic, quote);
    double value = NAN;
    while (fgets(line, sizeof line, file))
        if (strncmp(line, start, strlen(start)) == 0)
            value = strtod(line + strlen(start), NULL);
    fclose(file);
    if (isnan(value))
        fail_msg("facts.csv has no %s", start);
    return value;
}

typedef struct check {
    int fact;
    const char *statistic;
    double tolerance; /* relative, or absolute for small numbers */
} check;

static const check leg_checks[] = {
    {PAB_FACT_MID, "mean mid", 1e-5},
    {PAB_FACT_SPREAD, "spread, ticks, time-weighted mean", 1e-4},
    {PAB_FACT_CROSSED, "% time spread <= 0 (locked/crossed)", 1e-4},
    {PAB_FACT_ONE_TICK, "% time spread = 1 tick", 1e-4},
    {PAB_FACT_TOUCH_SIZE_MEDIAN, "median size at best (both sides)", 1e-4},
    {PAB_FACT_MID_RATE, "mid changes / h", 1e-4},
    {PAB_FACT_TRADE_RATE, "trades / h", 1e-4},
    {PAB_FACT_VOLUME_RATE, "volume / h", 1e-4},
    {PAB_FACT_TRADE_SIZE, "mean trade size", 1e-4},
    {PAB_FACT_TRADE_SIZE_MEDIAN, "median trade size", 1e-4},
    {PAB_FACT_KURTOSIS_1, "excess kurtosis of 1 s mid returns", 2e-3},
    {PAB_FACT_REVERSION_1, "mid return autocorrelation lag 1 at 1 s", 1e-3},
    {PAB_FACT_VOL_1, "mid volatility, bp per sqrt(h), from 1 s returns", 1e-4},
    {PAB_FACT_VOL_10, "mid volatility, bp per sqrt(h), from 10 s returns", 1e-4},
    {PAB_FACT_VOL_60, "mid volatility, bp per sqrt(h), from 60 s returns", 1e-4},
    {PAB_FACT_VOL_300, "mid volatility, bp per sqrt(h), from 300 s returns", 1e-4},
}, tape_checks[] = { /* of the consolidated tape, where signs are inferred from quotes */
    {PAB_FACT_QUOTE_RATE, "best-quote updates / h", 1e-3},
    {PAB_FACT_ORDER_RATE, "distinct trade instants / h (same time stamp merged)", 1e-4},
    {PAB_FACT_BUY_SHARE, "% buyer-initiated", 0.01},
    {PAB_FACT_SIGN_1, "trade-sign autocorrelation lag 1", 0.005},
    {PAB_FACT_SIGN_10, "trade-sign autocorrelation lag 10", 0.005},
    {PAB_FACT_RESPONSE_1, "response: mean sign x mid move 1 s after a trade, ticks", 0.01},
    {PAB_FACT_RESPONSE_10, "response: mean sign x mid move 10 s after a trade, ticks", 0.01},
}, pair_checks[] = {
    {PAB_FACT_CORR_1, "return correlation at 1 s", 1e-4},
    {PAB_FACT_CORR_2, "return correlation at 2 s", 1e-4},
    {PAB_FACT_CORR_5, "return correlation at 5 s", 1e-4},
    {PAB_FACT_CORR_10, "return correlation at 10 s", 1e-4},
    {PAB_FACT_CORR_30, "return correlation at 30 s", 1e-4},
    {PAB_FACT_CORR_60, "return correlation at 60 s", 1e-4},
    {PAB_FACT_CORR_300, "return correlation at 300 s", 1e-4},
    {PAB_FACT_LAG_MINUS_1, "1 s cross-correlation, leg 2 later by -1 s", 1e-4},
    {PAB_FACT_LAG_PLUS_1, "1 s cross-correlation, leg 2 later by +1 s", 1e-4},
    {PAB_FACT_LAG_PLUS_2, "1 s cross-correlation, leg 2 later by +2 s", 1e-4},
    {PAB_FACT_BETA_LEVELS, "hedge ratio, OLS log leg 1 on log leg 2, 60 s mids", 1e-4},
    {PAB_FACT_SPREAD_DEVIATION, "residual standard deviation, bp", 5e-3},
    {PAB_FACT_ADF, "Engle-Granger ADF, 1 lag", 1e-4},
    {PAB_FACT_HALF_LIFE, "OU half-life of residual, s", 1e-4},
    {PAB_FACT_BETA_RETURNS, "hedge ratio, OLS on log returns, 60 s", 1e-4},
    {PAB_FACT_BETA_PRICES, "hedge ratio, OLS on price changes, 60 s (leg 2 units per leg 1 unit)", 1e-4},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void compare(const double *got, int first, const check *checks, size_t count, const char *dataset,
                    const char *instrument)
{
    for (size_t i = 0; i < count; i++) {
        double expected = published(dataset, instrument, checks[i].statistic);
        double scale = fabs(expected) > 1 ? fabs(expected) : 1, value = got[checks[i].fact - first];
        if (!(fabs(value - expected) <= checks[i].tolerance * scale))
            fail_msg("%s %s, %s: %.8g, published %.8g", dataset, instrument, checks[i].statistic, value, expected);
    }
}

static void a_day_of_the_consolidated_tape_has_the_published_facts(void **state)
{
    (void)state;
    need_data();
    static const char *const names[] = {"AIG", "BAC"};
    pab_tape *tapes[2];
    double leg[PAB_LEG_FACT_COUNT], pair[PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST];
    for (int i = 0; i < 2; i++) {
        tapes[i] = recorded_session(names[i], "20131008");
        must(pab_facts_leg(tapes[i], leg, PAB_LEG_FACT_COUNT));
        compare(leg, 0, leg_checks, COUNT(leg_checks), "equity_ticks 2013-10-08", names[i]);
        compare(leg, 0, tape_checks, COUNT(tape_checks), "equity_ticks 2013-10-08", names[i]);
    }
    must(pab_facts_pair(tapes[0], tapes[1], pair, PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST));
    compare(pair, PAB_PAIR_FACT_FIRST, pair_checks, COUNT(pair_checks), "equity_ticks 2013-10-08", "AIG/BAC");
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
}

static void lobster_files_have_the_published_facts(void **state)
{
    (void)state;
    need_data();
    static const char *const names[] = {"AMZN", "GOOG"};
    pab_tape *tapes[2];
    double leg[PAB_LEG_FACT_COUNT], pair[PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST];
    for (int i = 0; i < 2; i++) {
        char file[128];
        pab_read_options o = options_of(34200, 46800, NULL);
        snprintf(file, sizeof file, "lobster/%s_2012-06-21_0930-1300_message_5.csv.gz", names[i]);
        tapes[i] = tape_of(data_path(file), &o);
        must(pab_tape_set_window(tapes[i], o.from, o.to));
        must(pab_facts_leg(tapes[i], leg, PAB_LEG_FACT_COUNT));
        compare(leg, 0, leg_checks, COUNT(leg_checks), "lobster 2012-06-21 0930-1300", names[i]);
    }
    must(pab_facts_pair(tapes[0], tapes[1], pair, PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST));
    compare(pair, PAB_PAIR_FACT_FIRST, pair_checks, COUNT(pair_checks), "lobster 2012-06-21 0930-1300", "AMZN/GOOG");
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
}

static void daily_closes_have_the_published_hedge_ratios(void **state)
{
    (void)state;
    need_data();
    static const check checks[] = {
        {PAB_FACT_BETA_LEVELS, "hedge ratio, OLS log on log", 1e-5},
        {PAB_FACT_SPREAD_DEVIATION, "residual sd, bp", 2e-3},
        {PAB_FACT_ADF, "Engle-Granger ADF, 1 lag", 1e-5},
        {PAB_FACT_HALF_LIFE, "OU half-life, bars", 1e-5},
        {PAB_FACT_BETA_RETURNS, "hedge ratio, OLS on log returns", 1e-5},
        {PAB_FACT_BETA_PRICES, "hedge ratio, OLS on price changes", 1e-5},
    };
    static const char *const files[][4] = {
        {"daily/EWA_EWC_daily_2016-01-01_2019-12-31.csv", "EWA", "EWC", "EWA/EWC"},
        {"daily/GLD_GDX_daily_2006-05-22_2015-12-31.csv", "GLD", "GDX", "GLD/GDX"},
        {"daily/KO_PEP_daily_2014-01-02_2018-12-31.csv", "KO", "PEP", "KO/PEP"},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        pab_tape *tapes[2];
        double pair[PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST];
        for (int leg = 0; leg < 2; leg++) {
            pab_read_options o = options_of(0, 0, files[i][1 + leg]);
            o.bar = 86400 * SECOND;
            tapes[leg] = tape_of(data_path(files[i][0]), &o);
        }
        must(pab_facts_pair(tapes[0], tapes[1], pair, PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST));
        pair[PAB_FACT_HALF_LIFE - PAB_PAIR_FACT_FIRST] /= 86400;
        compare(pair, PAB_PAIR_FACT_FIRST, checks, COUNT(checks), "daily closes", files[i][3]);
        pab_tape_free(tapes[0]);
        pab_tape_free(tapes[1]);
    }
}

/* The nights and the minutes that are missing are no returns, in correlation and slopes alike. */
static void minute_bars_have_the_published_facts(void **state)
{
    (void)state;
    need_data();
    static const check checks[] = {
        {PAB_FACT_CORR_60, "return correlation, 1 bar", 1e-5},
        {PAB_FACT_BETA_LEVELS, "hedge ratio, OLS log on log", 1e-5},
        {PAB_FACT_BETA_RETURNS, "hedge ratio, OLS on log returns", 1e-5},
        {PAB_FACT_BETA_PRICES, "hedge ratio, OLS on price changes", 1e-5},
    };
    static const char *const files[][4] = {
        {"minute/EWA_EWC_1min_2019-12-16_2019-12-30.csv", "EWA", "EWC", "EWA/EWC"},
        {"minute/GLD_GDX_1min_2019-12-17_2019-12-20.csv", "GLD", "GDX", "GLD/GDX"},
        {"minute/SPY_IVV_1min_2019-12-16_2019-12-30.csv", "SPY", "IVV", "SPY/IVV"},
    };
    static const check volatility[] = {{PAB_FACT_VOL_60, "leg 1 volatility, bp per sqrt(h)", 1e-4}};
    for (size_t i = 0; i < COUNT(files); i++) {
        pab_tape *tapes[2];
        double leg[PAB_LEG_FACT_COUNT], pair[PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST];
        for (int k = 0; k < 2; k++) {
            pab_read_options o = options_of(0, 0, files[i][1 + k]);
            tapes[k] = tape_of(data_path(files[i][0]), &o);
        }
        must(pab_facts_leg(tapes[0], leg, PAB_LEG_FACT_COUNT));
        compare(leg, 0, volatility, 1, "one-minute bars", files[i][3]);
        must(pab_facts_pair(tapes[0], tapes[1], pair, PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST));
        compare(pair, PAB_PAIR_FACT_FIRST, checks, COUNT(checks), "one-minute bars", files[i][3]);
        pab_tape_free(tapes[0]);
        pab_tape_free(tapes[1]);
    }
}

/* A tape made by hand, whose facts can be counted on fingers. */
static void facts_are_those_of_a_tape_made_by_hand(void **state)
{
    (void)state;
    pab_tape *tape = NULL;
    const int64_t cent = PAB_TAPE_PRICE / 100;
    must(pab_tape_new(NULL, &tape));
    for (int i = 0; i < 10; i++) /* the mid goes up and down by half a cent; spreads of one and two cents */
        must(pab_tape_add_quote(tape, i * SECOND, 1000 * cent, 100, (1001 + i % 2) * cent, 300));
    must(pab_tape_add_trade(tape, 4 * SECOND + 1, 1001 * cent, 50, 0, 0));
    must(pab_tape_set_window(tape, 0, 10 * SECOND));
    double f[PAB_LEG_FACT_COUNT];
    must(pab_facts_leg(tape, f, PAB_LEG_FACT_COUNT));
    assert_true(fabs(f[PAB_FACT_SPREAD] - 1.5) < 1e-9);
    assert_true(fabs(f[PAB_FACT_ONE_TICK] - 50) < 1e-9);
    assert_true(fabs(f[PAB_FACT_TOUCH_SIZE] - 200) < 1e-9);
    assert_true(fabs(f[PAB_FACT_MID_RATE] - 9 * 360) < 1e-6);
    assert_true(fabs(f[PAB_FACT_TRADE_RATE] - 360) < 1e-6);
    assert_true(fabs(f[PAB_FACT_BUY_SHARE] - 100) < 1e-9);
    assert_true(fabs(f[PAB_FACT_RESPONSE_1] - 0.5) < 1e-6);
    assert_true(isnan(f[PAB_FACT_VOL_300]));
    assert_true(f[PAB_FACT_REVERSION_1] < -0.8);
    pab_tape_free(tape);
}

static void a_simulated_market_is_recorded_without_changing_it(void **state)
{
    (void)state;
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_market *plain = NULL, *taped = NULL;
    pab_tape *tapes[2] = {NULL, NULL};
    const double tick[2] = {0.001, 0.001};
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_scenario_new(cfg, &scn));
    pab_scenario_info info = {.struct_size = sizeof info};
    must(pab_scenario_describe(scn, &info));
    must(pab_market_new(scn, &plain));
    must(pab_market_new(scn, &taped));
    must(pab_market_reset(plain, 5));
    must(pab_market_reset(taped, 5));
    int64_t from = info.market_open + 60 * SECOND, until = info.market_open + 660 * SECOND;
    must(pab_market_run(plain, until, NULL));
    must(pab_market_run(taped, from, NULL));
    for (int i = 0; i < 2; i++)
        must(pab_tape_new(NULL, &tapes[i]));
    must(pab_tape_record(taped, tapes, tick, 2, until));
    uint64_t a = 0, b = 1;
    must(pab_market_hash(plain, &a));
    must(pab_market_hash(taped, &b));
    assert_int_equal(a, b);
    for (uint32_t i = 0; i < 2; i++) {
        pab_level bid = {0}, ask = {0};
        double f[PAB_LEG_FACT_COUNT], mid = 0;
        must(pab_facts_leg(tapes[i], f, PAB_LEG_FACT_COUNT));
        must(pab_market_l1(taped, i, &bid, &ask));
        must(pab_tape_set_window(tapes[i], until, until + 1));
        must(pab_tape_mids(tapes[i], 2, &mid, 1, NULL));
        assert_true(fabs(mid - (double)(bid.price + ask.price) / 2 * 0.001) < 1e-9);
        assert_true(f[PAB_FACT_TRADE_RATE] > 100 && f[PAB_FACT_VOL_60] > 1);
    }
    assert_int_equal(pab_tape_record(taped, tapes, tick, 2, until), PAB_E_RANGE);
    for (int i = 0; i < 2; i++)
        pab_tape_free(tapes[i]);
    pab_market_free(plain);
    pab_market_free(taped);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

typedef struct rows {
    uint64_t book[2], away[2];
} rows;

static void count_row(void *user, int64_t time, uint32_t symbol, const pab_book_row *row)
{
    rows *r = user;
    (void)time;
    r->book[symbol] += row->kind == PAB_ROW_EXEC;
    r->away[symbol] += row->kind == PAB_ROW_AWAY;
}

/* So that orders which wait in the book are not taken for filled by them. */
static void trades_of_other_venues_are_recorded_as_such(void **state)
{
    (void)state;
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_market *market = NULL;
    pab_tape *tapes[2] = {NULL, NULL};
    const double tick[2] = {0.01, 0.01};
    rows counted = {{0}, {0}};
    pab_tap tap = {.struct_size = sizeof tap, .user = &counted, .row = count_row};
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair_cent"));
    must(pab_scenario_new(cfg, &scn));
    must(pab_market_new(scn, &market));
    pab_scenario_info info = {.struct_size = sizeof info};
    must(pab_scenario_describe(scn, &info));
    for (int run = 0; run < 2; run++) {
        must(pab_market_reset(market, 3));
        must(pab_market_run(market, info.market_open, NULL));
        if (run == 0) {
            must(pab_market_set_tap(market, &tap));
            must(pab_market_run(market, info.market_open + 120 * SECOND, NULL));
            continue;
        }
        for (int i = 0; i < 2; i++)
            must(pab_tape_new(NULL, &tapes[i]));
        must(pab_tape_record(market, tapes, tick, 2, info.market_open + 120 * SECOND));
    }
    for (int i = 0; i < 2; i++) {
        uint64_t away = 0;
        for (uint64_t k = 0; k < tapes[i]->trade_count; k++)
            away += tapes[i]->trades[k].venue != tapes[i]->quotes[0].bid_venue;
        assert_int_equal(tapes[i]->trade_count, counted.book[i] + counted.away[i]);
        assert_int_equal(away, counted.away[i]);
        assert_true(away > 0);
        pab_tape_free(tapes[i]);
    }
    pab_market_free(market);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static void every_fact_has_a_name_of_its_own(void **state)
{
    (void)state;
    pab_fact_info x = {.struct_size = sizeof x}, y = {.struct_size = sizeof y};
    for (uint32_t i = 0; i < PAB_FACT_COUNT; i++) {
        must(pab_fact_get(i, &x));
        assert_int_equal(x.pair, i >= PAB_PAIR_FACT_FIRST);
        for (uint32_t j = 0; j < i; j++) {
            must(pab_fact_get(j, &y));
            assert_string_not_equal(x.name, y.name);
        }
    }
    assert_int_equal(pab_fact_get(PAB_FACT_COUNT, &x), PAB_E_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_of_the_consolidated_tape_has_the_published_facts),
        cmocka_unit_test(lobster_files_have_the_published_facts),
        cmocka_unit_test(minute_bars_have_the_published_facts),
        cmocka_unit_test(daily_closes_have_the_published_hedge_ratios),
        cmocka_unit_test(facts_are_those_of_a_tape_made_by_hand),
        cmocka_unit_test(a_simulated_market_is_recorded_without_changing_it),
        cmocka_unit_test(trades_of_other_venues_are_recorded_as_such),
        cmocka_unit_test(every_fact_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
