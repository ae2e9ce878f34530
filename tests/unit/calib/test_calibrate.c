/* Calibration through the public call: what it writes, that threads change nothing, and every way to ask wrongly. */
#include "../env/episode.h"

#include <math.h>
#include <stdlib.h>

#include "../base/failing.h"
#include "env/env.h"
#include "sip/psi.h"

#include <pairsabides/calibrate.h>
#include <pairsabides/qtable.h>

#include "qlearn/bins.h"

static const char small[] = "preset: pair\n"
                            "pair: {warmup: 30s, horizon: 60s, interval: 5s}\n";

static pab_config *config_of(const pab_host *host, const char *more)
{
    pab_config *cfg;
    must(pab_config_new(host, &cfg));
    must(pab_config_parse(cfg, small, sizeof small - 1, "small"));
    if (more)
        must(pab_config_parse(cfg, more, strlen(more), "more"));
    return cfg;
}

static pab_calibrate_options options_of(uint32_t threads, int32_t bins, pab_calibration *report)
{
    pab_calibrate_options o;
    must(pab_calibrate_options_init(&o, sizeof o));
    o.episodes = 3;
    o.validation = 2;
    o.threads = threads;
    o.bins = bins;
    o.report = report;
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

static pab_scenario *scenario_of(const pab_config *cfg)
{
    pab_scenario *scn;
    must(pab_scenario_new(cfg, &scn));
    return scn;
}

static void a_calibrated_scenario_has_all_of_it_and_another_fingerprint(void **state)
{
    pab_config *cfg = config_of(NULL, NULL);
    pab_scenario *before = scenario_of(cfg);
    pab_calibration report = {.struct_size = sizeof report};
    pab_calibrate_options o = options_of(2, PAB_BINS_FIXED, &report);
    (void)state;
    must(pab_calibrate(before, &o, cfg));
    pab_scenario *scn = scenario_of(cfg);
    assert_true(scn->fingerprint == report.fingerprint && scn->fingerprint != before->fingerprint);
    assert_int_equal(report.episodes, 15);
    assert_int_equal(report.validation, 10);
    assert_int_equal(report.label, PAB_LABEL_MAKERS);
    assert_true(report.auc > 0 && report.auc < 1 && report.brier < report.brier_before);
    assert_true(report.quantity > 0 && report.quantity == pab__pair_of(scn)->plan.quantity);
    for (int leg = 0; leg < 2; leg++) {
        const pab__leg_plan *plan = &pab__pair_of(scn)->legs[leg];
        const pab__reference *r = &plan->ref;
        assert_true(r->spread_mean >= 1 && r->spread_sd > 0 && r->volatility > 0 && r->volume_per_second > 0);
        assert_true(r->touch_mean > 0 && r->depth3_mean >= r->touch_mean && r->depth5_mean >= r->depth3_mean);
        assert_int_equal(plan->profile_count, 3);
        assert_true(plan->profile[0] > 0 && plan->profile[2] > 0);
        assert_int_equal(plan->micro_count, PAB__MICRO_MAX);
        assert_int_equal(plan->fill_count, PAB__FILL_MAX);
        for (int i = 0; i < PAB__FILL_MAX; i++)
            assert_true(plan->fill[i] >= 0 && plan->fill[i] <= 1);
        /* Paying more fills more. */
        assert_true(report.fill[leg][PAB_STYLE_JOIN] < report.fill[leg][PAB_STYLE_TAKE]);
        assert_true(report.fill[leg][PAB_STYLE_TAKE] <= report.fill[leg][PAB_STYLE_SWEEP] + 1e-9);
        assert_true(pab__sip_fill(plan, PAB_STYLE_MID, 0, 0) == plan->fill[2 * 9 + 4]);
    }
    pab_scenario_free(scn);
    pab_scenario_free(before);
    pab_config_free(cfg);
}

static void the_file_that_is_saved_is_the_scenario(void **state)
{
    pab_config *cfg = config_of(NULL, NULL), *again;
    pab_scenario *scn = scenario_of(cfg);
    pab_calibration report = {.struct_size = sizeof report};
    pab_calibrate_options o = options_of(0, PAB_BINS_QUANTILE, &report);
    (void)state;
    must(pab_calibrate(scn, &o, cfg));
    pab_scenario_free(scn);
    char *text = text_of(cfg);
    must(pab_config_new(NULL, &again));
    must(pab_config_parse(again, text, strlen(text), "again"));
    scn = scenario_of(again);
    assert_true(scn->fingerprint == report.fingerprint);
    pab_scenario_free(scn);
    pab_config_free(again);
    pab_config_free(cfg);
    free(text);
}

static void threads_change_no_byte(void **state)
{
    char *text[2];
    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        pab_config *cfg = config_of(NULL, NULL);
        pab_scenario *scn = scenario_of(cfg);
        pab_calibrate_options o = options_of(3 * i, PAB_BINS_QUANTILE, NULL);
        must(pab_calibrate(scn, &o, cfg));
        text[i] = text_of(cfg);
        pab_scenario_free(scn);
        pab_config_free(cfg);
    }
    assert_string_equal(text[0], text[1]);
    free(text[0]);
    free(text[1]);
}

static void a_parent_that_is_given_stays(void **state)
{
    pab_config *cfg = config_of(NULL, "pair: {quantity: 123}\n");
    pab_scenario *scn = scenario_of(cfg);
    pab_calibration report = {.struct_size = sizeof report};
    pab_calibrate_options o = options_of(0, PAB_BINS_FIXED, &report);
    (void)state;
    o.regimes = 1u << PAB_REGIME_CALM;
    must(pab_calibrate(scn, &o, cfg));
    assert_int_equal(report.quantity, 123);
    /* Calm markets have no makers that withdraw. */
    assert_true(report.label == PAB_LABEL_RETREAT || report.label == PAB_LABEL_NONE);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static void quantile_edges_reach_the_states_of_learning(void **state)
{
    pab_config *cfg = config_of(NULL, NULL);
    pab_scenario *scn = scenario_of(cfg), *made;
    pab_calibrate_options o = options_of(0, PAB_BINS_QUANTILE, NULL);
    pab__bins fixed, bins;
    (void)state;
    must(pab_calibrate(scn, &o, cfg));
    made = scenario_of(cfg);
    pab__bins_fixed(&fixed);
    pab__bins_of(pab__pair_of(scn), &bins);
    assert_memory_equal(&bins, &fixed, sizeof bins);
    pab__bins_of(pab__pair_of(made), &bins);
    assert_memory_equal(&bins.leg[0], &fixed.leg[0], sizeof *bins.leg);   /* time stays */
    assert_memory_equal(&bins.pair[4], &fixed.pair[4], sizeof *bins.pair); /* and what is coded */
    for (int i = 0; i < PAB__BINS_LEG_FACTORS; i++)
        for (int k = 1; k < bins.leg[i].edges; k++)
            assert_true(bins.leg[i].edge[k] > bins.leg[i].edge[k - 1]);
    assert_true(bins.leg[2].edge[0] == pab__pair_of(made)->edge[PAB__EDGE_SPREAD_Z][0]);
    assert_true(bins.pair[5].edge[1] == pab__pair_of(made)->edge[PAB__EDGE_RESIDUAL][1]);
    /* And go again when fixed ones are asked for. */
    o.bins = PAB_BINS_FIXED;
    must(pab_calibrate(made, &o, cfg));
    pab_scenario_free(made);
    made = scenario_of(cfg);
    pab__bins_of(pab__pair_of(made), &bins);
    assert_memory_equal(&bins, &fixed, sizeof bins);
    pab_scenario_free(made);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static int32_t stop_at_once(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user;
    assert_string_equal(stage, "calibrate");
    assert_true(done > 0 && done <= total);
    return 1;
}

static void wrong_requests_are_named_and_change_nothing(void **state)
{
    pab_config *cfg = config_of(NULL, NULL), *other = config_of(NULL, "pair: {band: 0.2}\n");
    pab_config *bare = NULL;
    pab_scenario *scn = scenario_of(cfg), *no_pair;
    pab_progress progress = {.struct_size = sizeof progress, .report = stop_at_once};
    pab_calibrate_options o = options_of(0, PAB_BINS_FIXED, NULL);
    char *before = text_of(cfg), *after;
    (void)state;
    assert_int_equal(pab_calibrate(NULL, &o, cfg), PAB_E_ARGUMENT);
    assert_int_equal(pab_calibrate(scn, &o, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_calibrate(scn, &o, other), PAB_E_KIND);
    must(pab_config_new(NULL, &bare));
    must(pab_config_preset(bare, "rmsc04"));
    no_pair = scenario_of(bare);
    assert_int_equal(pab_calibrate(no_pair, &o, bare), PAB_E_UNSUPPORTED);
    o.episodes = 0;
    assert_int_equal(pab_calibrate(scn, &o, cfg), PAB_E_RANGE);
    o.episodes = 1;
    o.regimes = 1u << PAB_REGIME_COUNT;
    assert_int_equal(pab_calibrate(scn, &o, cfg), PAB_E_RANGE);
    o.regimes = 1;
    o.bins = 2;
    assert_int_equal(pab_calibrate(scn, &o, cfg), PAB_E_RANGE);
    o.bins = 0;
    o.progress = &progress;
    assert_int_equal(pab_calibrate(scn, &o, cfg), PAB_E_CANCELLED);
    after = text_of(cfg);
    assert_string_equal(before, after);
    free(before);
    free(after);
    pab_scenario_free(no_pair);
    pab_config_free(bare);
    pab_scenario_free(scn);
    pab_config_free(other);
    pab_config_free(cfg);
}

/* Refusals spread over the whole call: markets make thousands of allocations. */
static void a_refused_allocation_leaves_everything_as_it_was(void **state)
{
    pab_calibrate_options o = options_of(0, PAB_BINS_QUANTILE, NULL);
    (void)state;
    o.episodes = o.validation = 1;
    o.regimes = 1u << PAB_REGIME_CRUMBLING;
    int64_t all = -1, tried = 0;
    for (int64_t n = 0; all < 0 || n < all; n += 1 + n / 4) {
        failing f;
        pab_host host = failing_host(&f, -1, 0);
        pab_config *cfg = config_of(&host, NULL);
        pab_scenario *scn = scenario_of(cfg);
        char *before = text_of(cfg);
        int64_t first = f.seen;
        f.passes = first + n;
        pab_status status = pab_calibrate(scn, &o, cfg);
        char *after;
        if (all < 0 && status == PAB_OK)
            all = f.seen - first;
        if (status != PAB_OK) {
            f.passes = INT64_MAX;
            assert_int_equal(status, PAB_E_MEMORY);
            after = text_of(cfg);
            assert_string_equal(before, after);
            free(after);
            tried++;
        }
        free(before);
        pab_scenario_free(scn);
        pab_config_free(cfg);
        assert_int_equal(f.blocks, 0);
        assert_int_equal(f.bytes, 0);
    }
    assert_true(tried > 10);
}

static void edges_and_fills_come_whole_and_in_order(void **state)
{
    static const struct {
        const char *yaml;
        pab_status status;
    } bad[] = {
        {"calibration: {bins: {ahead: [0, 1, 2]}}\n", PAB_E_RANGE},
        {"calibration: {bins: {signal: [1, 1]}}\n", PAB_E_RANGE},
        {"calibration: {bins: {volatility_ratio: [1, 2]}}\n", PAB_E_RANGE},
        {"calibration: {a: {fill: [0.5]}}\n", PAB_E_RANGE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        pab_config *cfg = config_of(NULL, bad[i].yaml);
        pab_scenario *scn = NULL;
        assert_int_equal(pab_scenario_new(cfg, &scn), bad[i].status);
        pab_config_free(cfg);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_calibrated_scenario_has_all_of_it_and_another_fingerprint),
        cmocka_unit_test(the_file_that_is_saved_is_the_scenario),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(a_parent_that_is_given_stays),
        cmocka_unit_test(quantile_edges_reach_the_states_of_learning),
        cmocka_unit_test(wrong_requests_are_named_and_change_nothing),
        cmocka_unit_test(a_refused_allocation_leaves_everything_as_it_was),
        cmocka_unit_test(edges_and_fills_come_whole_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
