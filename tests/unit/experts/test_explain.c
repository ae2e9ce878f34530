/* What explanations say is what is done, and is true. */
#include "contexts.h"

#include <stdio.h>

enum { SCENES = 1000 };

static int32_t action_named(const char *text)
{
    for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++) {
        size_t len = strlen(pab_action_name(a));
        if (strncmp(text, pab_action_name(a), len) == 0 && strchr(",; (", text[len]) != NULL)
            return a;
    }
    fail_msg("no action is named in: %s", text);
    return -1;
}

/* "NAME 0.63 >= 0.6": the comparison must hold for the numbers as printed, up to their four digits. */
static void check_comparisons(const char *clause)
{
    static const char *const ops[] = {" >= ", " > ", " <= ", " < "};
    for (int op = 0; op < 4; op++) {
        for (const char *at = strstr(clause, ops[op]); at; at = strstr(at + 1, ops[op])) {
            const char *left = at;
            while (left > clause && left[-1] != ' ')
                left--;
            double value = strtod(left, NULL), bound = strtod(at + strlen(ops[op]), NULL);
            double slack = 1e-3 * (fabs(value) + fabs(bound)) + 1e-12;
            assert_true(op < 2 ? value >= bound - slack : value <= bound + slack);
        }
    }
}

/* Splits "LAE leg A: conditions: ACTION, because; LAE leg B: ..." and returns the action of a leg. */
static int32_t action_said(const char *text, int leg)
{
    char mark[16], clause[512];
    snprintf(mark, sizeof mark, "leg %c", 'A' + leg);
    const char *start = leg == 0 ? text : strstr(text, "; ");
    assert_non_null(start);
    assert_non_null(strstr(start, mark));
    const char *colon = strstr(start, ": ");
    assert_non_null(colon);
    const char *then = strstr(colon + 2, ": ");
    assert_non_null(then);
    snprintf(clause, sizeof clause, "%.*s", (int)(then - colon - 2), colon + 2);
    check_comparisons(clause);
    return action_named(then + 2);
}

static void the_rule_that_is_named_gives_the_action(void **unused)
{
    (void)unused;
    static const char *const specs[] = {"lae:pair", "lae:leg", "sce:pair", "sce:leg",
                                        "ome:pair", "ome:leg", "rae:pair", "rae:leg"};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        pab__policy_params params = params_of(specs[i]);
        pab__rng rng;
        pab__rng_seed(&rng, pab__rng_key(i, 0, 1));
        pab__draw draw = {.rng = &rng};
        for (int n = 0; n < SCENES; n++) {
            pab__context context = any_context(&draw);
            pab__expert_state before = {{(int32_t)pab__draw_randint(&draw, 0, 5), 0}};
            pab__expert_state silent = before, telling = before;
            pab_decision decision = {{0}, {0}}, told = {{0}, {0}};
            char text[1024] = "";
            pab__text words = pab__text_in(text, sizeof text);
            pab__expert_decide(&params, &silent, &context, &decision, NULL);
            pab__expert_decide(&params, &telling, &context, &told, &words);
            assert_memory_equal(&decision, &told, sizeof told);
            assert_memory_equal(&silent, &telling, sizeof silent);
            for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
                assert_true(context.legal[leg * PAB_ENV_LEG_ACTIONS + decision.action[leg]] ||
                            decision.action[leg] == PAB_ACTION_HOLD);
                if (action_said(text, leg) != decision.action[leg])
                    fail_msg("%s plays %d for leg %c, but says: %s", specs[i], decision.action[leg], 'A' + leg, text);
            }
        }
    }
}

static void explain(const char *spec, const pab__context *context, char *text, size_t cap)
{
    pab__policy_params params = round_params_of(spec);
    _Alignas(16) unsigned char state[PAB__POLICY_STATE_MAX] = {0};
    pab_decision decision = {{0}, {0}};
    pab__text words = pab__text_in(text, cap);
    params.kind->decide(&params, state, context, &decision, &words);
}

static void words_name_values_thresholds_and_reason(void **unused)
{
    (void)unused;
    char text[1024];
    pab__context context = quiet_context();
    context.signals.leg[0].crumble_far = 0.625;
    context.signals.leg[0].spread_z = 0.375;
    explain("lae:leg", &context, text, sizeof text);
    assert_non_null(strstr(text, "LAE leg A: p_far 0.625 >= 0.6 and zs 0.375 < 1.5: TAKE x1, the far touch is about to "
                                 "vanish; LAE leg B: no other rule holds: JOIN x1, wait at the touch"));
    memset(context.legal + PAB__ACTION(TAKE, HALF), 0, 3);
    explain("lae", &context, text, sizeof text);
    assert_non_null(strstr(text, "LAE liquid leg A: no other rule holds: HOLD"));
    explain("lae:leg", &context, text, sizeof text);
    assert_non_null(strstr(text, ": MID x1, the far touch is about to vanish (TAKE x1 is not legal now)"));
}

static void schedules_and_simple_policies_tell_shares_and_actions(void **unused)
{
    (void)unused;
    char text[1024];
    pab__context context = quiet_context();
    context.status.filled[0] = 83;
    explain("twap", &context, text, sizeof text);
    assert_string_equal(text, "TWAP leg A: 110 of 600 shares due by decision 11, 83 filled: TAKE 27; "
                              "TWAP leg B: 220 of 1200 shares due by decision 11, 200 filled: TAKE 20");
    explain("twap:work", &context, text, sizeof text);
    assert_non_null(strstr(text, "83 filled, 17 more than a slice of 10 behind: TAKE 17"));
    explain("passive", &context, text, sizeof text);
    assert_string_equal(text, "PASSIVE leg A: JOIN x1; PASSIVE leg B: JOIN x1");
    explain("immediate", &context, text, sizeof text);
    assert_non_null(strstr(text, "IMMEDIATE leg A: SWEEP x2, all 517 shares that are left"));
    explain("random", &context, text, sizeof text);
    assert_non_null(strstr(text, "one of 16 legal actions"));
}

static void an_explanation_is_cut_where_the_buffer_ends(void **unused)
{
    (void)unused;
    pab__context context = quiet_context();
    char whole[1024];
    explain("rae", &context, whole, sizeof whole);
    for (size_t cap = 1; cap < strlen(whole) + 3; cap++) {
        char text[1024];
        memset(text, '#', sizeof text);
        text[0] = '\0';
        explain("rae", &context, text, cap);
        assert_true(text[cap] == '#');
        assert_int_equal(strlen(text), cap - 1 < strlen(whole) ? cap - 1 : strlen(whole));
        assert_memory_equal(text, whole, strlen(text));
    }
}

static void random_play_is_legal_uniform_and_its_own(void **unused)
{
    (void)unused;
    pab__policy_params params = params_of("random"), other = params_of("random(seed=1)");
    _Alignas(16) unsigned char state[PAB__POLICY_STATE_MAX] = {0}, again[PAB__POLICY_STATE_MAX] = {0};
    _Alignas(16) unsigned char apart[PAB__POLICY_STATE_MAX] = {0};
    pab__context context = quiet_context();
    int32_t seen[PAB_ENV_LEG_ACTIONS] = {0}, differ = 0;
    for (int i = 0; i < 16000; i++) {
        pab_decision a = {{0}, {0}}, b = a, c = a;
        params.kind->decide(&params, state, &context, &a, NULL);
        params.kind->decide(&params, again, &context, &b, NULL);
        other.kind->decide(&other, apart, &context, &c, NULL);
        assert_memory_equal(&a, &b, sizeof a);
        differ += memcmp(&a, &c, sizeof a) != 0;
        seen[a.action[0]]++;
    }
    assert_true(differ > 15000);
    for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
        assert_true(a == PAB_ACTION_CANCEL ? seen[a] == 0 : seen[a] > 850 && seen[a] < 1150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rule_that_is_named_gives_the_action),
        cmocka_unit_test(words_name_values_thresholds_and_reason),
        cmocka_unit_test(schedules_and_simple_policies_tell_shares_and_actions),
        cmocka_unit_test(an_explanation_is_cut_where_the_buffer_ends),
        cmocka_unit_test(random_play_is_legal_uniform_and_its_own),
    };
    return cmocka_run_group_tests_name("experts/explain", tests, NULL, NULL);
}
