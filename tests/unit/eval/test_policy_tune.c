/* Tuning finds thresholds that cost less on new seeds, else keeps the given ones; it depends on its arguments only. */
#include "eval_table.h"

#include <pairsabides/tune.h>

static const char quick[] = "pair: {warmup: 20s, interval: 5s, horizon: 90s, quantity: 500}\n";

static pab_tune_options small(void)
{
    pab_tune_options o;
    must(pab_tune_options_init(&o, sizeof o));
    o.regimes = 1 << PAB_REGIME_CALM;
    o.generations = 2;
    o.candidates = 8;
    o.episodes = 4;
    o.validation = 6;
    return o;
}

static void a_bad_start_is_left_behind(void **state)
{
    pab_scenario *scn = make_pair(quick);
    pab_tune_options o = small();
    pab_tune_result r = {.struct_size = sizeof r};
    pab_policy *policy = NULL;
    (void)state;
    o.generations = 5;
    o.candidates = 16;
    o.episodes = 12;
    o.validation = 24;
    o.threads = 2;
    /* Sweeps whenever a leg is a hair behind: dear. */
    must(pab_policy_tune(scn, "sce(gap_sweep=0.002,gap_take=0.001,b_take=-0.4)", &o, &r));
    assert_true(r.better == 1);
    assert_true(r.after < r.before && r.gain < 0 && r.gain_low <= r.gain && r.gain <= r.gain_high);
    assert_non_null(strstr(r.spec, "sce:pair("));
    must(pab_policy_parse(NULL, r.spec, &policy));
    pab_policy_free(policy);
    pab_scenario_free(scn);
}

static void threads_and_repetition_change_no_bit(void **state)
{
    pab_scenario *scn = make_pair(quick);
    pab_tune_options o = small();
    static pab_tune_result r[3];
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        r[i].struct_size = sizeof r[i];
        o.threads = i;
        o.seed = 5;
        must(pab_policy_tune(scn, "twap:work", &o, &r[i]));
    }
    assert_memory_equal(&r[0], &r[1], sizeof r[0]);
    assert_memory_equal(&r[0], &r[2], sizeof r[0]);
    if (!r[0].better)
        assert_string_equal(r[0].spec, "twap:work");
    pab_scenario_free(scn);
}

typedef struct watcher {
    uint64_t calls, last, total, stop_at;
} watcher;

static int32_t watch(void *user, const char *stage, uint64_t done, uint64_t total)
{
    watcher *w = user;
    assert_string_equal(stage, "tune");
    assert_true(done >= w->last && done <= total);
    w->calls++;
    w->last = done;
    w->total = total;
    return w->stop_at > 0 && done >= w->stop_at;
}

static void progress_counts_to_the_end_and_can_cancel(void **state)
{
    pab_scenario *scn = make_pair(quick);
    pab_tune_options o = small();
    watcher w = {0};
    const pab_progress hook = {.struct_size = sizeof hook, .user = &w, .report = watch};
    pab_tune_result r = {.struct_size = sizeof r};
    (void)state;
    o.progress = &hook;
    must(pab_policy_tune(scn, "sce", &o, &r));
    assert_int_equal(w.total, 2 * 4 + 6);
    assert_int_equal(w.last, w.total);
    w = (watcher){.stop_at = 5};
    assert_int_equal(pab_policy_tune(scn, "sce", &o, &r), PAB_E_CANCELLED);
    assert_in_range(w.last, 5, 7);
    pab_scenario_free(scn);
}

static void bad_arguments_are_named(void **state)
{
    pab_scenario *scn = make_pair(quick);
    pab_tune_options o = small();
    pab_tune_result r = {.struct_size = sizeof r};
    (void)state;
    refused(pab_policy_tune(NULL, "sce", &o, &r), PAB_E_ARGUMENT, "scn");
    refused(pab_policy_tune(scn, "nobody", &o, &r), PAB_E_KEY, "nobody");
    refused(pab_policy_tune(scn, "immediate", &o, &r), PAB_E_UNSUPPORTED, "immediate");
    o.candidates = 4;
    refused(pab_policy_tune(scn, "sce", &o, &r), PAB_E_RANGE, "candidates");
    o = small();
    o.elite = 9;
    refused(pab_policy_tune(scn, "sce", &o, &r), PAB_E_RANGE, "elite");
    o = small();
    o.regimes = 0;
    refused(pab_policy_tune(scn, "sce", &o, &r), PAB_E_RANGE, "regimes");
    pab_scenario_free(scn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_start_is_left_behind),
        cmocka_unit_test(threads_and_repetition_change_no_bit),
        cmocka_unit_test(progress_counts_to_the_end_and_can_cancel),
        cmocka_unit_test(bad_arguments_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
