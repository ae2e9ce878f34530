/* The multiplier of tracking: found for a constraint, met by the selected table, equal on any number of threads. */
#include <math.h>

#include "ensembles.h"

static pab_scenario *small_market(void)
{
    return make_pair("pair: {warmup: 10s, horizon: 30s}\n");
}

static pab_sip *train(pab_scenario *scn, const pab_sip_options *how, uint32_t threads, const char *checkpoint)
{
    pab_learn_options options;
    pab_sip *sip = NULL;
    must(pab_learn_options_init(&options, sizeof options));
    options.threads = threads;
    options.checkpoint = checkpoint;
    must(pab_sip_train(scn, NULL, &options, how, &sip));
    return sip;
}

static pab_sip_info info_of(const pab_sip *sip)
{
    pab_sip_info info = {.struct_size = sizeof info};
    must(pab_sip_describe(sip, &info));
    return info;
}

static pab_sip_finalist finalist(const pab_sip *sip, uint32_t i)
{
    pab_sip_finalist row = {.struct_size = sizeof row};
    must(pab_sip_finalist_get(sip, i, &row));
    return row;
}

static pab_sip_generation generation(const pab_sip *sip, uint32_t i)
{
    pab_sip_generation row = {.struct_size = sizeof row};
    must(pab_sip_generation_get(sip, i, &row));
    return row;
}

static double tracking_of_sce(const pab_sip *sip)
{
    for (uint32_t i = 0; i < info_of(sip).finalists; i++) {
        const pab_sip_finalist row = finalist(sip, i);
        if (row.kind == PAB_SIP_RULE && row.expert == PAB_EXPERT_SCE)
            return row.tracking;
    }
    fail_msg("no finalist is the rule SCE");
    return 0;
}

/* TE of the finalist that is the best by an eta, refinement apart. */
static double tracking_of_best(const pab_sip *sip, double eta)
{
    double least = INFINITY, tracking = NAN;
    for (uint32_t i = 0; i < info_of(sip).finalists; i++) {
        const pab_sip_finalist row = finalist(sip, i);
        const double objective = row.shortfall + eta * row.tracking + 0.1 * row.tail;
        if (row.kind != PAB_SIP_REFINED && objective < least) {
            least = objective;
            tracking = row.tracking;
        }
    }
    return tracking;
}

static void the_price_is_the_least_that_keeps_the_bound(void **unused)
{
    (void)unused;
    static const double tracking[] = {0.1, 0.3, 1, 3};
    pab_scenario *scn = small_market();
    for (size_t t = 0; t < sizeof tracking / sizeof *tracking; t++) {
        const pab_sip_options how = small_search(tracking[t]);
        pab_sip *sip = train(scn, &how, 2, NULL);
        const pab_sip_info info = info_of(sip);
        assert_true(info.bound == tracking[t] * tracking_of_sce(sip));
        assert_true(info.eta_asked == how.eta && info.eta >= how.eta);
        if (finalist(sip, info.selected).tracking <= info.bound)
            assert_true(tracking_of_best(sip, info.eta * (1 + 1e-9)) <= info.bound);
        if (info.eta > how.eta)
            assert_true(tracking_of_best(sip, info.eta * (1 - 1e-9)) > info.bound);
        assert_true(generation(sip, 1).tracking > 0);
        pab_sip_free(sip);
    }
    pab_scenario_free(scn);
}

static void tracking_gets_dearer_while_it_is_over_the_bound(void **unused)
{
    (void)unused;
    static const double tracking[] = {0, 1000, 0.05};
    pab_scenario *scn = small_market();
    for (size_t t = 0; t < sizeof tracking / sizeof *tracking; t++) {
        const pab_sip_options how = small_search(tracking[t]);
        pab_sip *sip = train(scn, &how, 2, NULL);
        assert_true(generation(sip, 0).eta == how.eta && generation(sip, 0).tracking > 0);
        assert_true(tracking[t] == 0.05 ? generation(sip, 1).eta > how.eta : generation(sip, 1).eta == how.eta);
        pab_sip_free(sip);
    }
    pab_scenario_free(scn);
}

static void who_breaks_the_bound_is_selected_only_where_all_do(void **unused)
{
    (void)unused;
    static const double tracking[] = {0.01, 0.7, 1};
    pab_scenario *scn = small_market();
    for (size_t t = 0; t < sizeof tracking / sizeof *tracking; t++) {
        pab_sip_options how = small_search(tracking[t]);
        how.front = 1;
        pab_sip *sip = train(scn, &how, 2, NULL);
        const pab_sip_info info = info_of(sip);
        const pab_sip_finalist selected = finalist(sip, info.selected), shipped = finalist(sip, info.shipped);
        const int kept = selected.tracking <= info.bound;
        for (uint32_t i = 0; i < info.finalists; i++) {
            const pab_sip_finalist row = finalist(sip, i);
            assert_true(kept || row.tracking > info.bound);
            if (kept == (row.tracking <= info.bound))
                assert_true(selected.objective <= row.objective);
        }
        assert_true(!kept || shipped.tracking <= info.bound);
        pab_sip_free(sip);
    }
    pab_scenario_free(scn);
}

static void what_follows_may_track_as_loosely_as_the_bound_left_room(void **unused)
{
    (void)unused;
    pab_scenario *scn = small_market();
    const pab_sip_options bounded = small_search(1), free = small_search(0);
    pab_sip *a = train(scn, &bounded, 2, NULL), *b = train(scn, &free, 2, NULL);
    const pab_sip_info info = info_of(a);
    const double own = finalist(a, info.shipped).tracking;
    const pab__objective goal = pab__sip_goal(a, 2), none = pab__sip_goal(b, 2);
    assert_true(goal.eta == bounded.eta && fabs(goal.bound - 2 * fmax(1, info.bound / own)) < 1e-12);
    assert_true(none.eta == free.eta && isinf(none.bound));
    const pab_eval_summary s = {.shortfall = 1, .shortfall_cvar = 10, .tracking_error = goal.bound + 0.5};
    assert_true(fabs(pab__eval_objective(&s, &none) - (2 + 0.5 * s.tracking_error)) < 1e-12);
    assert_true(fabs(pab__eval_objective(&s, &goal) - pab__eval_objective(&s, &none) - 5) < 1e-12);
    pab_sip_free(a);
    pab_sip_free(b);
    pab_scenario_free(scn);
}

static void a_bound_that_is_kept_anyway_changes_nothing(void **unused)
{
    (void)unused;
    pab_scenario *scn = small_market();
    const pab_sip_options wide = small_search(1000), none = small_search(0);
    pab_sip *a = train(scn, &wide, 1, NULL), *b = train(scn, &none, 1, NULL);
    assert_true(info_of(a).eta == 0.5 && info_of(b).eta == 0.5 && info_of(b).bound == 0);
    assert_int_equal(info_of(a).generations, 2);
    assert_int_equal(info_of(a).finalists, info_of(b).finalists);
    assert_int_equal(info_of(a).shipped, info_of(b).shipped);
    assert_memory_equal(&a->table, &b->table, sizeof a->table);
    pab_sip_free(a);
    pab_sip_free(b);
    pab_scenario_free(scn);
}

static void threads_and_stops_leave_no_trace(void **unused)
{
    (void)unused;
    pab_scenario *scn = small_market();
    char checkpoint[] = "sip-price-check.bin";
    pab_sip_options how = small_search(0.1);
    pab_learn_options options;
    how.front = 1;
    pab_sip *whole = train(scn, &how, 1, NULL), *other = NULL;
    assert_int_equal(info_of(whole).generations, 2 + 7);
    remove(checkpoint);
    must(pab_learn_options_init(&options, sizeof options));
    options.checkpoint = checkpoint;
    for (pab_status status = PAB_E_CANCELLED; status != PAB_OK; options.threads = (options.threads + 1) % 3) {
        int32_t left = 1; /* a report or two further each time */
        pab_progress progress = {sizeof progress, 0, &left, stop_after};
        options.progress = options.threads < 2 ? &progress : NULL;
        status = pab_sip_train(scn, NULL, &options, &how, &other);
        assert_true(status == PAB_OK || status == PAB_E_CANCELLED);
    }
    must(pab_sip_save(whole, "sip-price-a.bin"));
    must(pab_sip_save(other, "sip-price-b.bin"));
    assert_same_files("sip-price-a.bin", "sip-price-b.bin");
    remove("sip-price-a.bin");
    remove("sip-price-b.bin");
    pab_sip_free(other);
    pab_sip_options others = small_search(0.6);
    options.progress = NULL;
    assert_int_equal(pab_sip_train(scn, NULL, &options, &others, &other), PAB_E_KIND);
    remove(checkpoint);
    pab_sip_free(whole);
    pab_scenario_free(scn);
}

static void a_bound_below_nothing_is_refused(void **unused)
{
    (void)unused;
    pab_scenario *scn = small_market();
    pab_sip_options how = small_search(-1);
    pab_sip *sip = NULL;
    char text[256];
    assert_int_equal(pab_sip_train(scn, NULL, NULL, &how, &sip), PAB_E_RANGE);
    pab_last_error(text, sizeof text);
    assert_string_equal(text, "sip.tracking is -1; expected 0 to 1000");
    how.tracking = NAN;
    assert_int_equal(pab_sip_train(scn, NULL, NULL, &how, &sip), PAB_E_RANGE);
    assert_null(sip);
    pab_scenario_free(scn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_price_is_the_least_that_keeps_the_bound),
        cmocka_unit_test(tracking_gets_dearer_while_it_is_over_the_bound),
        cmocka_unit_test(who_breaks_the_bound_is_selected_only_where_all_do),
        cmocka_unit_test(what_follows_may_track_as_loosely_as_the_bound_left_room),
        cmocka_unit_test(a_bound_that_is_kept_anyway_changes_nothing),
        cmocka_unit_test(threads_and_stops_leave_no_trace),
        cmocka_unit_test(a_bound_below_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
