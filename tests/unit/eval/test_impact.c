/* The reference market reacts to orders: an impact that is there at once, grows with size, and goes away. */
#include "eval_table.h"

#include <math.h>

static const char probe[] = "pair: {warmup: 60s, interval: 100ms, horizon: 301s}\n";

/* Mean over the times from `from` to before `to`. */
static double between(const pab_impact *i, int p, int from, int to)
{
    double sum = 0;
    for (int t = from; t < to; t++)
        sum += i->mean[p][t];
    return sum / (to - from);
}

static void impact_is_positive_and_decays(void **state)
{
    pab_scenario *scn = make_pair(probe);
    pab_impact_options o;
    pab_impact i = {.struct_size = sizeof i};
    (void)state;
    must(pab_impact_options_init(&o, sizeof o));
    o.threads = 2;
    o.seeds = 300;
    must(pab_impact_measure(scn, &o, &i));
    pab_scenario_free(scn);
    assert_int_equal(i.seeds, 300);
    assert_true(i.times[0] == 0.1 && i.times[PAB_IMPACT_TIMES - 1] == 300);
    assert_true(i.shares[0] > 0 && i.shares[1] > 3.5 * i.shares[0]);
    for (int p = 0; p < PAB_IMPACT_PROBES; p++) {
        for (int t = 0; t < PAB_IMPACT_TIMES; t++)
            assert_true(isfinite(i.mean[p][t]) && i.error[p][t] >= 0);
        /* Within the first five seconds it is beyond two standard errors of nothing. */
        for (int t = PAB_IMPACT_AT_5; t <= PAB_IMPACT_AT_50; t++)
            assert_true(i.mean[p][t] > 2 * i.error[p][t]);
        double early = between(&i, p, PAB_IMPACT_AT_5, PAB_IMPACT_AT_100);
        double late = between(&i, p, PAB_IMPACT_AT_600, PAB_IMPACT_TIMES);
        assert_true(late < (p == 0 ? 0.8 : 0.6) * early);
    }
    assert_true(between(&i, 1, 0, PAB_IMPACT_AT_100) > between(&i, 0, 0, PAB_IMPACT_AT_100));
}

static void threads_change_no_bit(void **state)
{
    pab_scenario *scn = make_pair("pair: {warmup: 10s, interval: 100ms, horizon: 301s}\n");
    pab_impact_options o;
    static pab_impact i[2];
    (void)state;
    must(pab_impact_options_init(&o, sizeof o));
    o.seeds = 5;
    o.slice = 20;
    o.regime = PAB_REGIME_THIN;
    for (uint32_t t = 0; t < 2; t++) {
        i[t].struct_size = sizeof i[t];
        o.threads = 3 * t;
        must(pab_impact_measure(scn, &o, &i[t]));
    }
    assert_memory_equal(&i[0], &i[1], sizeof i[0]);
    assert_true(i[0].shares[0] <= 20 && i[0].shares[0] > 15);
    pab_scenario_free(scn);
}

static int32_t stop_at_once(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user;
    (void)done;
    (void)total;
    assert_string_equal(stage, "impact");
    return 1;
}

static void wrong_scenarios_and_options_are_named(void **state)
{
    pab_scenario *coarse = make_pair("pair: {interval: 5s, horizon: 305s}\n");
    pab_scenario *brief = make_pair("pair: {warmup: 1s, interval: 100ms, horizon: 300s}\n");
    pab_scenario *good = make_pair("pair: {warmup: 30s, interval: 100ms, horizon: 301s}\n");
    pab_progress progress = {.struct_size = sizeof progress, .report = stop_at_once};
    pab_impact_options o;
    pab_impact i = {.struct_size = sizeof i};
    (void)state;
    must(pab_impact_options_init(&o, sizeof o));
    refused(pab_impact_measure(coarse, &o, &i), PAB_E_UNSUPPORTED, "pair.interval is 5 s");
    refused(pab_impact_measure(brief, &o, &i), PAB_E_UNSUPPORTED, "pair.horizon is 300 s");
    o.seeds = 0;
    refused(pab_impact_measure(good, &o, &i), PAB_E_RANGE, "options.seeds is 0");
    o.seeds = 3;
    o.regime = 5;
    refused(pab_impact_measure(good, &o, &i), PAB_E_RANGE, "options.regime is 5");
    o.regime = 0;
    o.progress = &progress;
    refused(pab_impact_measure(good, &o, &i), PAB_E_CANCELLED, "asked to stop");
    assert_int_equal(i.seeds, 0);
    pab_scenario_free(coarse);
    pab_scenario_free(brief);
    pab_scenario_free(good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impact_is_positive_and_decays),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(wrong_scenarios_and_options_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
