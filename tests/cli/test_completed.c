/* Policies that leave much to liquidation, compared on jointly completed episodes, on a table that is made up. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "completed.h"

#include "../unit/status.h"

enum { EPISODES = 40, ALL = EPISODES * PAB_REGIME_COUNT, POLICIES = 5, RESAMPLES = 200 };

/* How many of all episodes each one completes, and its shortfall there; else it is far cheaper than any other. */
static const struct {
    const char *name;
    uint32_t finished;
    double shortfall;
} made_up[POLICIES] = {{"moe", ALL, 1}, {"dearer", 100, 2}, {"cheaper", 100, 0.5}, {"rare", 20, 2}, {"never", 5, 2}};

static pab_eval *make_table(void)
{
    const char *name[POLICIES];
    pab_eval_options options;
    pab_eval *eval;
    for (uint32_t p = 0; p < POLICIES; p++)
        name[p] = made_up[p].name;
    must(pab_eval_options_init(&options, sizeof options));
    options.episodes = EPISODES;
    must(pab_eval_new(NULL, name, POLICIES, &options, &eval));
    for (uint32_t p = 0; p < POLICIES; p++)
        for (uint32_t i = 0; i < ALL; i++) {
            const int done = i < made_up[p].finished;
            const pab_episode_metrics row = {
                .struct_size = sizeof row, .completion = done ? 1 : 0.5, .tracking_error = 1,
                .shortfall = (done ? made_up[p].shortfall : -10) + 0.01 * (i % 7) * (p + 1)};
            must(pab_eval_put(eval, p, (int32_t)(i % PAB_REGIME_COUNT), i / PAB_REGIME_COUNT, &row));
        }
    return eval;
}

static void compare(completed out[POLICIES])
{
    uint32_t count;
    pab_eval *eval = make_table();
    must(completed_compare(eval, RESAMPLES, 0, out, &count));
    assert_int_equal(count, POLICIES - 1); /* the mixture completes */
    for (uint32_t i = 0; i < count; i++)
        assert_string_equal(out[i].policy, made_up[i + 1].name);
    pab_eval_free(eval); /* their names with it */
}

static void only_episodes_that_both_complete_are_compared(void **unused)
{
    (void)unused;
    completed row[POLICIES];
    compare(row);
    for (uint32_t i = 0; i < POLICIES - 1; i++)
        assert_int_equal(row[i].episodes, made_up[i + 1].finished);
    assert_true(fabs(row[0].mean + 1) < 0.2 && row[0].high < 0);
    assert_true(fabs(row[1].mean - 0.5) < 0.2 && row[1].low > 0);
}

static void few_episodes_say_nothing_and_under_five_percent_is_excluded(void **unused)
{
    (void)unused;
    static const int verdict[] = {COMPLETED_CHEAPER, COMPLETED_NOT_CHEAPER, COMPLETED_FEW, COMPLETED_EXCLUDED};
    completed row[POLICIES];
    compare(row);
    for (uint32_t i = 0; i < POLICIES - 1; i++) {
        assert_int_equal(row[i].verdict, verdict[i]);
        assert_true(isnan(row[i].mean) == (i >= 2));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_episodes_that_both_complete_are_compared),
        cmocka_unit_test(few_episodes_say_nothing_and_under_five_percent_is_excluded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
