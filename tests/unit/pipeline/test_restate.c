/* The comparison at equal forced fraction, on tables that are made up. */
#include <math.h>

#include "pipeline/run.h"
#include "runs.h"

enum { EPISODES = 40, ALL = EPISODES * PAB_REGIME_COUNT, POLICIES = 5 };

/* How many of all episodes each one finishes, and its shortfall there; else it is far cheaper than anyone. */
static const struct {
    const char *name;
    uint32_t finished;
    double shortfall;
} made_up[POLICIES] = {{"moe", ALL, 1}, {"dearer", 100, 2}, {"cheaper", 100, 0.5}, {"rare", 20, 2}, {"never", 5, 2}};

static void fill_in(pab_eval *eval)
{
    for (uint32_t p = 0; p < POLICIES; p++)
        for (uint32_t i = 0; i < ALL; i++) {
            const int done = i < made_up[p].finished;
            const pab_episode_metrics row = {
                .struct_size = sizeof row, .completion = done ? 1 : 0.5, .tracking_error = 1,
                .shortfall = (done ? made_up[p].shortfall : -10) + 0.01 * (i % 7) * (p + 1)};
            must(pab_eval_put(eval, p, (int32_t)(i % PAB_REGIME_COUNT), i / PAB_REGIME_COUNT, &row));
        }
}

static const pab__findings *restated(void)
{
    static pab__findings found;
    static pab__run run;
    const char *name[POLICIES];
    pab_eval_options options;
    must(pab_eval_options_init(&options, sizeof options));
    options.episodes = EPISODES;
    must(pab__host_take(NULL, &run.host));
    must(pab_pipeline_options_init(&run.options, sizeof run.options));
    run.options.episodes = EPISODES;
    run.options.resamples = 200;
    run.policies = POLICIES;
    for (uint32_t p = 0; p < POLICIES; p++) {
        name[p] = made_up[p].name;
        snprintf(run.name[p], sizeof run.name[p], "%s", name[p]);
    }
    must(pab_eval_new(NULL, name, POLICIES, &options, &run.eval));
    fill_in(run.eval);
    found = (pab__findings){0};
    must(pab__run_restate(&run, &found));
    pab_eval_free(run.eval);
    return &found;
}

static void only_episodes_that_both_finish_are_compared(void **unused)
{
    (void)unused;
    const pab__findings *f = restated();
    assert_int_equal(f->restatements, POLICIES - 1); /* the mixture finishes */
    for (uint32_t i = 0; i < f->restatements; i++) {
        assert_string_equal(f->restated[i].policy, made_up[i + 1].name);
        assert_int_equal(f->restated[i].episodes, made_up[i + 1].finished);
    }
    assert_true(fabs(f->restated[0].mean + 1) < 0.2 && f->restated[0].high < 0);
    assert_true(fabs(f->restated[1].mean - 0.5) < 0.2 && f->restated[1].low > 0);
}

static void few_episodes_say_nothing_and_hardly_any_are_another_task(void **unused)
{
    (void)unused;
    static const int32_t verdict[] = {PAB__VERDICT_BELOW, PAB__VERDICT_NOT_BELOW, PAB__VERDICT_FEW, PAB__VERDICT_NEVER};
    const pab__findings *f = restated();
    for (uint32_t i = 0; i < f->restatements; i++) {
        assert_int_equal(f->restated[i].verdict, verdict[i]);
        assert_true(isnan(f->restated[i].mean) == (i >= 2));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_episodes_that_both_finish_are_compared),
        cmocka_unit_test(few_episodes_say_nothing_and_hardly_any_are_another_task),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
