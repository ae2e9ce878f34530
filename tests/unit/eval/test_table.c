/* Tables of synthetic rows: what is put in comes out, and the summaries are those worked out by hand. */
#include "eval_table.h"

#include <math.h>

#include "../base/failing.h"

#define NEAR(a, b) assert_true(fabs((a) - (double)(b)) <= 1e-9 * (1 + fabs((double)(b))))

static const char *const names[] = {"base", "cheap", "dear"};

static pab_eval_options two_regimes(void)
{
    pab_eval_options o;
    must(pab_eval_options_init(&o, sizeof o));
    o.regimes = 1 << PAB_REGIME_CALM | 1 << PAB_REGIME_THIN;
    o.episodes = 20;
    o.first = 100;
    o.resamples = 500;
    return o;
}

static pab_episode_metrics row_of(double shortfall, double tracking)
{
    pab_episode_metrics m = {.struct_size = sizeof m, .shortfall = shortfall, .tracking_error = tracking,
                             .hedge_max = tracking / 100, .completion = 0.75, .forced = 0.25, .passive = 0.5,
                             .vwap_slippage = 2, .markout = -1};
    return m;
}

/* Shortfalls 1 .. 20 in calm, 21 .. 40 in thin; "cheap" saves one, "dear" costs three times as much. */
static pab_eval *make_table(void)
{
    pab_eval_options o = two_regimes();
    pab_eval *e = NULL;
    must(pab_eval_new(NULL, names, 3, &o, &e));
    for (uint32_t i = 0; i < 40; i++) {
        int32_t regime = i < 20 ? PAB_REGIME_CALM : PAB_REGIME_THIN;
        double is = i + 1.0;
        pab_episode_metrics m[3] = {row_of(is, 4), row_of(is - 1, 4), row_of(3 * is, 2)};
        for (uint32_t p = 0; p < 3; p++)
            must(pab_eval_put(e, p, regime, i % 20, &m[p]));
    }
    return e;
}

static void rows_come_out_as_they_were_put_in(void **state)
{
    pab_eval *e = make_table();
    pab_episode_metrics m = {.struct_size = sizeof m};
    (void)state;
    assert_int_equal(pab_eval_policies(e), 3);
    assert_string_equal(pab_eval_policy(e, 2), "dear");
    assert_null(pab_eval_policy(e, 3));
    assert_int_equal(pab_eval_episodes(e, PAB_REGIME_THIN), 20);
    assert_int_equal(pab_eval_episodes(e, PAB_REGIME_VOLATILE), 0);
    assert_true(pab_eval_seed(e, PAB_REGIME_THIN, 7) == pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_THIN, 107));
    must(pab_eval_get(e, 2, PAB_REGIME_THIN, 4, &m));
    NEAR(m.shortfall, 75);
    m = row_of(-5, 0);
    must(pab_eval_put(e, 2, PAB_REGIME_THIN, 4, &m));
    must(pab_eval_get(e, 2, PAB_REGIME_THIN, 4, &m));
    NEAR(m.shortfall, -5);
    pab_eval_free(e);
}

static void summaries_are_those_of_the_rows(void **state)
{
    pab_eval *e = make_table();
    pab_eval_summary s = {.struct_size = sizeof s};
    (void)state;
    must(pab_eval_summarize(e, 0, PAB_REGIME_CALM, &s));
    assert_int_equal(s.episodes, 20);
    NEAR(s.shortfall, 10.5);
    NEAR(s.shortfall_sd, sqrt(35));
    NEAR(s.shortfall_iqm, 10.5);
    NEAR(s.shortfall_cvar, 20);
    NEAR(s.tracking_error, 4);
    NEAR(s.tracking_rms, 4);
    NEAR(s.hedge_p99, 0.04);
    NEAR(s.completion, 0.75);
    NEAR(s.forced, 0.25);
    NEAR(s.passive, 0.5);
    NEAR(s.vwap_slippage, 2);
    NEAR(s.markout, -1);
    NEAR(s.pair_cost, 12.5);
    NEAR(s.objective, 10.5 + 2 + 2);
    must(pab_eval_summarize(e, 2, -1, &s));
    assert_int_equal(s.episodes, 40);
    NEAR(s.shortfall, 61.5);
    NEAR(s.shortfall_cvar, 3 * 39.5);
    pab_eval_free(e);
}

static void summaries_take_the_rows_there_are(void **state)
{
    pab_eval_options o = two_regimes();
    pab_eval *e = NULL;
    pab_eval_summary s = {.struct_size = sizeof s};
    pab_episode_metrics m = row_of(7, 2);
    (void)state;
    must(pab_eval_new(NULL, names, 3, &o, &e));
    must(pab_eval_summarize(e, 1, -1, &s));
    assert_int_equal(s.episodes, 0);
    assert_true(isnan(s.shortfall) && isnan(s.objective) && isnan(s.hedge_p99));
    must(pab_eval_put(e, 1, PAB_REGIME_CALM, 3, &m));
    must(pab_eval_summarize(e, 1, -1, &s));
    assert_int_equal(s.episodes, 1);
    NEAR(s.pair_cost, 8);
    assert_true(isnan(s.shortfall_sd));
    pab_eval_free(e);
}

static void contrasts_pair_the_seeds(void **state)
{
    pab_eval *e = make_table();
    pab_contrast c[3];
    (void)state;
    for (int i = 0; i < 3; i++)
        c[i].struct_size = sizeof c[i];
    must(pab_eval_compare(e, 0, -1, PAB_MEASURE_PAIR_COST, c, 3));
    assert_int_equal(c[1].episodes, 40);
    NEAR(c[1].mean, -1);
    NEAR(c[1].low, -1);
    NEAR(c[1].high, -1);
    NEAR(c[1].lower, 1);
    NEAR(c[1].p, 2.0 / 501);
    NEAR(c[1].p_holm, 4.0 / 501);
    NEAR(c[1].cvar, -1);
    NEAR(c[1].objective, -1.1);
    NEAR(c[2].mean, 2 * 20.5 - 1);
    assert_true(c[2].low < c[2].mean && c[2].mean < c[2].high && c[2].low > 0);
    NEAR(c[2].cvar, 2 * 39.5);
    NEAR(c[2].lower, 0); /* even the smallest shortfall, 3 + 1 against 1 + 2, is dearer */
    NEAR(c[0].p_holm, 1);
    must(pab_eval_compare(e, 2, PAB_REGIME_CALM, PAB_MEASURE_TRACKING_ERROR, c, 3));
    NEAR(c[0].mean, 2);
    NEAR(c[0].lower, 0);
    NEAR(c[2].lower, 0.5);
    pab_eval_free(e);
}

static void an_incomplete_table_is_not_compared(void **state)
{
    pab_eval_options o = two_regimes();
    pab_eval *e = NULL;
    pab_contrast c[3] = {{.struct_size = sizeof *c}, {.struct_size = sizeof *c}, {.struct_size = sizeof *c}};
    pab_episode_metrics m = row_of(1, 1);
    (void)state;
    must(pab_eval_new(NULL, names, 3, &o, &e));
    for (uint32_t i = 0; i < 20; i++)
        for (uint32_t p = 0; p < 3; p++)
            if (p != 1 || i != 9)
                must(pab_eval_put(e, p, PAB_REGIME_CALM, i, &m));
    refused(pab_eval_compare(e, 0, PAB_REGIME_CALM, PAB_MEASURE_SHORTFALL, c, 3), PAB_E_STATE,
            "policy 'cheap' has played 19 of 20 episodes");
    assert_int_equal(c[1].episodes, 0);
    must(pab_eval_put(e, 1, PAB_REGIME_CALM, 9, &m));
    must(pab_eval_compare(e, 0, PAB_REGIME_CALM, PAB_MEASURE_SHORTFALL, c, 3));
    assert_int_equal(c[1].episodes, 20);
    pab_eval_free(e);
}

static void every_measure_reads_its_own_member(void **state)
{
    pab_episode_metrics m = {.struct_size = sizeof m, .truncated = 1, .shortfall = 2, .shortfall_currency = 3,
        .leg_shortfall = {4, 5}, .cost_spread = 6, .cost_impact = 7, .cost_drift = 8, .tracking_error = 9,
        .hedge_max = 10, .hedge_cost = 11, .risk_cost = 12, .terminal_cost = 13, .legging = 14, .completion = 15,
        .forced = 16, .residual = 17, .passive = 18, .vwap_slippage = 19, .participation = 20, .markout = 21,
        .pair_cost = 22, .messages = 23, .shielded = 24, .fills = 25, .cost_fees = 26};
    static const double expected[PAB_MEASURE_COUNT] = {6.5, 11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
                                                       18, 19, 20, 21, 23, 24, 25, 1, 26};
    double value;
    pab_measure_info info = {.struct_size = sizeof info};
    (void)state;
    for (int32_t i = 0; i < PAB_MEASURE_COUNT; i++) {
        must(pab_measure_value(i, &m, &value));
        NEAR(value, expected[i]);
        must(pab_measure_get(i, &info));
        assert_true(info.name[0] != '\0' && info.doc[0] != '\0');
    }
    refused(pab_measure_get(PAB_MEASURE_COUNT, &info), PAB_E_RANGE, "no measure 27");
    refused(pab_measure_value(-1, &m, &value), PAB_E_RANGE, "no measure -1");
}

static void text_shows_each_regime_and_all_together(void **state)
{
    static char text[1 << 15];
    char small[64];
    size_t needed = 0, again = 0;
    pab_eval *e = make_table();
    (void)state;
    must(pab_eval_text(e, 0, text, sizeof text, &needed));
    assert_int_equal(strlen(text), needed);
    assert_non_null(strstr(text, "== calm, 20 episodes\n"));
    assert_non_null(strstr(text, "== thin, 20 episodes\n"));
    assert_non_null(strstr(text, "== all regimes, 40 episodes\n"));
    assert_non_null(strstr(text, "\ncheap         20    9.500"));
    assert_non_null(strstr(text, "less base, seed by seed; 500 resamples"));
    must(pab_eval_text(e, 0, small, sizeof small, &again));
    assert_int_equal(again, needed);
    assert_int_equal(strlen(small), sizeof small - 1);
    assert_memory_equal(small, text, sizeof small - 1);
    must(pab_eval_text(e, -1, text, sizeof text, &needed));
    assert_null(strstr(text, "seed by seed"));
    refused(pab_eval_text(e, 3, text, sizeof text, NULL), PAB_E_RANGE, "no base policy 3");
    pab_eval_free(e);
}

static void wrong_options_are_named(void **state)
{
    static const char *const twice[] = {"a", "b", "a"};
    static const char *const empty[] = {"a", ""};
    pab_eval_options o = two_regimes();
    pab_eval *e = NULL;
    (void)state;
    refused(pab_eval_new(NULL, twice, 3, &o, &e), PAB_E_ARGUMENT, "policy 'a' stands there twice");
    refused(pab_eval_new(NULL, empty, 2, &o, &e), PAB_E_ARGUMENT, "names[1] is empty");
    refused(pab_eval_new(NULL, names, 0, &o, &e), PAB_E_ARGUMENT, "count is 0");
    refused(pab_eval_new(NULL, NULL, 1, &o, &e), PAB_E_ARGUMENT, "names is NULL");
    o.split = 4;
    refused(pab_eval_new(NULL, names, 3, &o, &e), PAB_E_RANGE, "options.split is 4");
    o = two_regimes();
    o.regimes = 0;
    refused(pab_eval_new(NULL, names, 3, &o, &e), PAB_E_RANGE, "options.regimes is 0x0");
    o.regimes = 1u << PAB_REGIME_COUNT;
    refused(pab_eval_new(NULL, names, 3, &o, &e), PAB_E_RANGE, "options.regimes is 0x20");
    o = two_regimes();
    o.episodes = 0;
    refused(pab_eval_new(NULL, names, 3, &o, &e), PAB_E_RANGE, "options.episodes is 0");
    o = two_regimes();
    o.shard = o.shards = 3;
    refused(pab_eval_new(NULL, names, 3, &o, &e), PAB_E_RANGE, "options.shard is 3 of 3");
    o = two_regimes();
    o.resamples = 0;
    refused(pab_eval_new(NULL, names, 3, &o, &e), PAB_E_RANGE, "options.resamples is 0");
    o = two_regimes();
    o.threads = 5000;
    refused(pab_eval_new(NULL, names, 3, &o, &e), PAB_E_RANGE, "options.threads is 5000");
    o = two_regimes();
    o.first = UINT64_C(1) << 48;
    refused(pab_eval_new(NULL, names, 3, &o, &e), PAB_E_RANGE, "options.first is 281474976710656");
    assert_null(e);
}

static void wrong_rows_are_named(void **state)
{
    pab_eval *e = make_table();
    pab_episode_metrics m = row_of(1, 1);
    pab_eval_summary s = {.struct_size = sizeof s};
    pab_contrast c[3] = {{.struct_size = sizeof *c}, {.struct_size = 8}, {.struct_size = sizeof *c}};
    (void)state;
    refused(pab_eval_put(e, 3, 0, 0, &m), PAB_E_RANGE, "no policy 3");
    refused(pab_eval_put(e, 0, PAB_REGIME_VOLATILE, 0, &m), PAB_E_RANGE, "regime 1 takes no part");
    refused(pab_eval_put(e, 0, 0, 20, &m), PAB_E_RANGE, "no episode 20");
    refused(pab_eval_put(NULL, 0, 0, 0, &m), PAB_E_ARGUMENT, "eval is NULL");
    refused(pab_eval_summarize(e, 9, -1, &s), PAB_E_RANGE, "no policy 9");
    refused(pab_eval_summarize(e, 0, 7, &s), PAB_E_RANGE, "regime 7");
    refused(pab_eval_compare(e, 5, -1, 0, c, 3), PAB_E_RANGE, "no base policy 5");
    refused(pab_eval_compare(e, 0, -1, 99, c, 3), PAB_E_RANGE, "no measure 99");
    refused(pab_eval_compare(e, 0, -1, 0, c, 2), PAB_E_ARGUMENT, "count is 2");
    refused(pab_eval_compare(e, 0, -1, 0, c, 3), PAB_E_ARGUMENT, "out[1]: struct_size is 8");
    pab_eval_free(e);
    pab_eval_free(NULL);
}

static void without_memory_nothing_is_left(void **state)
{
    pab_status status = PAB_E_MEMORY;
    int64_t passes = 0;
    (void)state;
    for (; status != PAB_OK; passes++) {
        failing f;
        pab_host host = failing_host(&f, passes, 0);
        pab_eval_options o = two_regimes();
        pab_eval *e = NULL;
        status = pab_eval_new(&host, names, 3, &o, &e);
        assert_true(status == PAB_OK || (status == PAB_E_MEMORY && !e));
        pab_eval_free(e);
        assert_int_equal(f.bytes, 0);
    }
    assert_int_equal(passes, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_out_as_they_were_put_in),
        cmocka_unit_test(summaries_are_those_of_the_rows),
        cmocka_unit_test(summaries_take_the_rows_there_are),
        cmocka_unit_test(contrasts_pair_the_seeds),
        cmocka_unit_test(an_incomplete_table_is_not_compared),
        cmocka_unit_test(every_measure_reads_its_own_member),
        cmocka_unit_test(text_shows_each_regime_and_all_together),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(wrong_rows_are_named),
        cmocka_unit_test(without_memory_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
