/* Stage 0 end to end: a scenario is fitted to two tapes; the fit is closer to them than the start of the search. */
#include "files.h"

#include <math.h>

#include "stage0/fit.h"

/* With a close of its own: short days are enough where the fit itself is not judged. */
static pab_config *pair_config(const char *close)
{
    pab_config *cfg = NULL;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_config_set(cfg, "clock.market_close", close));
    return cfg;
}

/* Tapes of the preset itself, with prices in cents: what is wanted is known to be possible. */
static void simulated_tapes(pab_tape *tapes[2])
{
    pab_config *cfg = pair_config("09:51:00");
    pab_scenario *scn = NULL;
    pab_market *market = NULL;
    const double tick[2] = {0.01, 0.01};
    must(pab_scenario_new(cfg, &scn));
    pab_scenario_info info = {.struct_size = sizeof info};
    must(pab_scenario_describe(scn, &info));
    must(pab_market_new(scn, &market));
    must(pab_market_reset(market, 12345));
    must(pab_market_run(market, info.market_open + 300 * SECOND, NULL));
    for (int i = 0; i < 2; i++)
        must(pab_tape_new(NULL, &tapes[i]));
    must(pab_tape_record(market, tapes, tick, 2, info.market_close));
    pab_market_free(market);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static pab_fit_options small_fit(int32_t threads)
{
    pab_fit_options o;
    must(pab_fit_options_init(&o, sizeof o));
    o.budget = PAB_BUDGET_SMALL;
    o.threads = threads;
    return o;
}

static char *text_of(const pab_config *cfg)
{
    size_t len = 0;
    pab_config_text(cfg, NULL, 0, &len);
    char *text = malloc(len + 1);
    assert_non_null(text);
    must(pab_config_text(cfg, text, len + 1, NULL));
    return text;
}

static void any_number_of_threads_gives_the_same_scenario(void **state)
{
    (void)state;
    pab_tape *tapes[2];
    char *texts[2];
    simulated_tapes(tapes);
    for (int i = 0; i < 2; i++) {
        pab_config *cfg = pair_config("09:51:00");
        pab_fit_options o = small_fit(i == 0 ? 0 : 3);
        pab_fit_report report = {.struct_size = sizeof report};
        must(pab_stage0_fit(cfg, tapes[0], tapes[1], &o, &report));
        assert_true(report.loss < report.loss_before && report.evaluations > 20);
        assert_true(report.loss < 0.3);
        char worth[32];
        must(pab_config_get(cfg, "exchange.tick_value", worth, sizeof worth, NULL));
        assert_string_equal(worth, "0.01"); /* the tapes' own, which their spreads leave room in */
        texts[i] = text_of(cfg);
        pab_config_free(cfg);
    }
    assert_string_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
}

/* A market in which a fact is missing is no better than one that is as far off as can be. */
static void a_fact_that_runs_lack_counts_as_a_miss(void **state)
{
    (void)state;
    double wanted[PAB__FIT_FACTS], facts[PAB__FIT_FACTS], missing[PAB__FIT_FACTS] = {0};
    for (int i = 0; i < PAB__FIT_FACTS; i++)
        wanted[i] = facts[i] = 0.5;
    assert_true(pab__fit_loss(wanted, facts, missing) <= 0);
    facts[PAB_FACT_ORDER_RATE] = 1e-9;
    double far = pab__fit_loss(wanted, facts, missing);
    facts[PAB_FACT_ORDER_RATE] = NAN;
    missing[PAB_FACT_ORDER_RATE] = 1;
    double none = pab__fit_loss(wanted, facts, missing);
    assert_true(far > 0.1 && none >= far);
    facts[PAB_FACT_ORDER_RATE] = 0.5; /* as wanted, but in one run of four only */
    missing[PAB_FACT_ORDER_RATE] = 0.75;
    double some = pab__fit_loss(wanted, facts, missing);
    assert_true(some > 0.7 * none && some < none);
    int corr = 2 * PAB_LEG_FACT_COUNT + PAB_FACT_CORR_60 - PAB_PAIR_FACT_FIRST;
    facts[PAB_FACT_ORDER_RATE] = 0.5;
    missing[PAB_FACT_ORDER_RATE] = 0;
    facts[corr] = -1;
    far = pab__fit_loss(wanted, facts, missing);
    facts[corr] = NAN;
    missing[corr] = 1;
    assert_true(pab__fit_loss(wanted, facts, missing) >= far);
}

/* Quotes in cents give a scenario in cents, even where a few are finer; another tick is taken when asked for. */
static void the_tick_is_that_of_the_data(void **state)
{
    (void)state;
    static const double asked[] = {0, 0.001};
    pab_tape *tapes[2];
    for (int leg = 0; leg < 2; leg++) {
        must(pab_tape_new(NULL, &tapes[leg]));
        for (int i = 0; i < 4000; i++) {
            int64_t bid = (1000 + i / 40 % 2 + i / 300 % 3) * (PAB_TAPE_PRICE / 100), odd = i == 7 ? 100 : 0;
            must(pab_tape_add_quote(tapes[leg], i * SECOND, bid + odd, 300 + i % 7, bid + PAB_TAPE_PRICE / 100, 300));
        }
        must(pab_tape_set_window(tapes[leg], 0, 4000 * SECOND));
    }
    assert_true(info_of(tapes[0]).tick < 0.001);
    for (int i = 0; i < 2; i++) {
        pab_config *cfg = pair_config("09:51:00");
        pab_fit_options o = small_fit(0);
        o.tick = asked[i];
        must(pab_stage0_fit(cfg, tapes[0], tapes[1], &o, NULL));
        char *text = text_of(cfg);
        assert_non_null(strstr(text, i == 0 ? "r_bar: 1001\n" : "r_bar: 10005\n"));
        free(text);
        o.tick = -1;
        refused(pab_stage0_fit(cfg, tapes[0], tapes[1], &o, NULL), PAB_E_RANGE, "tick is -1");
        pab_config_free(cfg);
    }
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
}

static int32_t stop_at_third(void *user, double done)
{
    assert_true(done >= 0 && done <= 1);
    return ++*(int *)user == 3;
}

static void a_cancelled_or_impossible_fit_leaves_the_configuration_alone(void **state)
{
    (void)state;
    pab_tape *tapes[2];
    simulated_tapes(tapes);
    pab_config *cfg = pair_config("09:51:00");
    char *before = text_of(cfg), *after;
    int calls = 0;
    pab_fit_options o = small_fit(0);
    o.user = &calls;
    o.progress = stop_at_third;
    assert_int_equal(pab_stage0_fit(cfg, tapes[0], tapes[1], &o, NULL), PAB_E_CANCELLED);
    assert_int_equal(calls, 3);
    after = text_of(cfg);
    assert_string_equal(before, after);
    free(after);
    o = small_fit(5000);
    assert_int_equal(pab_stage0_fit(cfg, tapes[0], tapes[1], &o, NULL), PAB_E_RANGE);
    pab_tape_clear(tapes[1]);
    assert_int_equal(pab_stage0_fit(cfg, tapes[0], tapes[1], NULL, NULL), PAB_E_STATE);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
    simulated_tapes(tapes);
    must(pab_config_preset(cfg, "two_symbol"));
    assert_int_equal(pab_stage0_fit(cfg, tapes[0], tapes[1], NULL, NULL), PAB_E_UNSUPPORTED);
    assert_error_has("preset pair");
    free(before);
    pab_config_free(cfg);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
}

static void recorded_banks_become_a_scenario(void **state)
{
    (void)state;
    need_data();
    pab_tape *tapes[2] = {recorded_stock("AIG", "20131008"), recorded_stock("BAC", "20131008")};
    pab_config *cfg = pair_config("10:30:00");
    pab_scenario *scn = NULL;
    pab_fit_options o = small_fit(2);
    pab_fit_report report = {.struct_size = sizeof report};
    must(pab_stage0_fit(cfg, tapes[0], tapes[1], &o, &report));
    must(pab_scenario_new(cfg, &scn));
    assert_true(report.loss < 0.15 && report.loss < report.loss_before);
    assert_true(report.simulated[PAB_FACT_ONE_TICK] > 80);
    static const int rates[] = {PAB_FACT_SPREAD_BPS, PAB_FACT_ORDER_RATE, PAB_FACT_BOOK_VOLUME_RATE, PAB_FACT_VOL_60};
    for (size_t i = 0; i < 8; i++) {
        size_t f = (size_t)rates[i / 2] + i % 2 * PAB_LEG_FACT_COUNT;
        double ratio = report.simulated[f] / report.wanted[f];
        if (!(ratio > 0.4 && ratio < 2.5))
            fail_msg("fact %zu: simulated over wanted is %g", f, ratio);
    }
    pab_scenario_free(scn);
    pab_config_free(cfg);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
}

/* A crowd's tables are counted, so that its scenario is near its data before anything is searched for. */
static void recorded_banks_become_a_crowd(void **state)
{
    (void)state;
    need_data();
    pab_tape *tapes[2] = {recorded_stock("AIG", "20131008"), recorded_stock("BAC", "20131008")};
    pab_config *cfg = NULL;
    pab_fit_options o = small_fit(2);
    pab_fit_report report = {.struct_size = sizeof report};
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair_cent"));
    must(pab_config_set(cfg, "clock.market_close", "09:51:00"));
    must(pab_config_set(cfg, "exchange.tick_value", "1")); /* the data's is written over it */
    must(pab_stage0_fit(cfg, tapes[0], tapes[1], &o, &report));
    /* Markets of 21 minutes: six seeds of the search ended between .015 and .146. */
    assert_true(report.loss < 0.2 && report.loss <= report.loss_before);
    for (int leg = 0; leg < 2; leg++) {
        const double *got = report.simulated + leg * PAB_LEG_FACT_COUNT;
        const double *wanted = report.wanted + leg * PAB_LEG_FACT_COUNT;
        assert_true(got[PAB_FACT_ONE_TICK] > 95);
        assert_true(fabs(log(got[PAB_FACT_QUOTE_RATE] / wanted[PAB_FACT_QUOTE_RATE])) < 0.7);
        assert_true(fabs(log(got[PAB_FACT_TOUCH_SIZE] / wanted[PAB_FACT_TOUCH_SIZE])) < 0.7);
    }
    char *text = text_of(cfg);
    assert_non_null(strstr(text, "r_bar: 48"));
    assert_non_null(strstr(text, "tick_value: 0.01"));
    free(text);
    /* Ten minutes are too little to count. */
    must(pab_tape_set_window(tapes[0], 34200 * SECOND, 34800 * SECOND));
    refused(pab_stage0_fit(cfg, tapes[0], tapes[1], &o, NULL), PAB_E_RANGE, "a crowd is counted from at least 600 s");
    pab_config_free(cfg);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_gives_the_same_scenario),
        cmocka_unit_test(a_cancelled_or_impossible_fit_leaves_the_configuration_alone),
        cmocka_unit_test(a_fact_that_runs_lack_counts_as_a_miss),
        cmocka_unit_test(the_tick_is_that_of_the_data),
        cmocka_unit_test(recorded_banks_become_a_scenario),
        cmocka_unit_test(recorded_banks_become_a_crowd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
