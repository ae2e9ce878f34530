/* Specifications: what is understood, what is refused and in which words, and the listing of options. */
#include "contexts.h"

#include <stdio.h>

static void specifications_are_read_with_their_options(void **unused)
{
    (void)unused;
    pab__policy_params params = params_of("lae");
    assert_string_equal(params.kind->name, "lae");
    assert_int_equal(params.form, PAB__FORM_PAIR);
    assert_true(params.value[PAB__GUARD_STEPS] == 2 && params.value[1] == 0.2);
    params = params_of(" lae : leg ( b_urgent = 0.3 , guard_steps=3,) ");
    assert_int_equal(params.form, PAB__FORM_LEG);
    assert_true(params.value[PAB__GUARD_STEPS] == 3 && params.value[1] == 0.3);
    params = params_of("sce:pair(ahead_hold=-0.5e-1)");
    assert_true(params.value[PAB__SYNC_AHEAD_HOLD] == -0.05);
    assert_int_equal(params_of("twap:work()").form, PAB__TACTIC_WORK);
    assert_int_equal(params_of("vwap").form, PAB__TACTIC_TAKE);
    assert_string_equal(params_of("ac_pair(mu=10)").kind->name, "ac_pair");
    assert_string_equal(params_of("random(seed=3)").kind->name, "random");
}

static void the_written_form_reads_back_the_same(void **unused)
{
    (void)unused;
    static const char *const pairs[][2] = {
        {"lae", "lae:pair"},
        {"lae:leg(b_urgent=0.2)", "lae:leg"},
        {"ome(lag = 0.1, alpha_take=0.6)", "ome:pair(alpha_take=0.6,lag=0.1)"},
        {"rae(risk=0.3333333333333333)", "rae:pair(risk=0.3333333333333333)"},
        {"twap", "twap:take"},
        {"immediate", "immediate"},
        {"random(seed=9007199254740991)", "random(seed=9007199254740991)"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[PAB__POLICY_SPEC_SIZE] = "";
        pab__policy_params params = params_of(pairs[i][0]), again;
        pab__text words = pab__text_in(text, sizeof text);
        pab__spec_write(&params, &words);
        assert_string_equal(text, pairs[i][1]);
        again = params_of(text);
        assert_memory_equal(params.value, again.value, sizeof params.value);
        assert_int_equal(params.form, again.form);
    }
}

static void refusals_name_what_is_at_fault_and_what_was_expected(void **unused)
{
    (void)unused;
    static const struct {
        const char *spec;
        pab_status status;
        const char *fault, *expected;
    } cases[] = {
        {"lea", PAB_E_KEY, "\"lea\"", "expected one of lae, sce, ome, rae, twap"},
        {"", PAB_E_SYNTAX, "the text ends at character 1", "the name of a policy"},
        {"(x=1)", PAB_E_SYNTAX, "'(' at character 1", "the name of a policy"},
        {"lae:both", PAB_E_KEY, "form \"both\"", "expected pair|leg"},
        {"lae:", PAB_E_KEY, "form \"\"", "expected pair|leg"},
        {"twap:pair", PAB_E_KEY, "form \"pair\"", "expected take|work"},
        {"random:leg", PAB_E_KEY, "form \"leg\"", "expected none"},
        {"lae(b_late=1)", PAB_E_KEY, "no option \"b_late\"", "expected guard_steps, b_urgent"},
        {"passive(x=1)", PAB_E_KEY, "no option \"x\"", "expected none"},
        {"lae(b_urgent)", PAB_E_SYNTAX, "')' at character 13", "'=' after the option"},
        {"lae(b_urgent=)", PAB_E_TYPE, "b_urgent is \"\"", "expected a number"},
        {"lae(b_urgent=fast)", PAB_E_TYPE, "b_urgent is \"fast\"", "expected a number"},
        {"lae(b_urgent=nan)", PAB_E_TYPE, "b_urgent is \"nan\"", "expected a number"},
        {"lae(b_urgent=1e999)", PAB_E_TYPE, "b_urgent is \"1e999\"", "expected a number"},
        {"lae(b_urgent=0x1)", PAB_E_SYNTAX, "'x' at character 15", "',' or ')'"},
        {"lae(b_urgent=1-1)", PAB_E_TYPE, "b_urgent is \"1-1\"", "expected a number"},
        {"lae(b_urgent=1.5)", PAB_E_RANGE, "b_urgent is 1.5", "expected -1 to 1"},
        {"lae(b_urgent=.1,b_urgent=.2)", PAB_E_KEY, "b_urgent is given twice", "expected once"},
        {"lae(b_urgent=.1", PAB_E_SYNTAX, "the text ends at character 16", "',' or ')'"},
        {"lae(", PAB_E_SYNTAX, "the text ends", "an option or ')'"},
        {"lae(b_urgent=.1) x", PAB_E_SYNTAX, "'x' at character 18", "':', '(' or the end"},
        {"lae:leg:leg", PAB_E_SYNTAX, "':' at character 8", "the end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024], quoted[64];
        pab_policy *policy = NULL;
        pab_status status = pab_policy_parse(NULL, cases[i].spec, &policy);
        pab_last_error(text, sizeof text);
        snprintf(quoted, sizeof quoted, "policy \"%s\"", cases[i].spec);
        if (status != cases[i].status || !strstr(text, cases[i].fault) ||
            !strstr(text, cases[i].expected) || !strstr(text, quoted))
            fail_msg("\"%s\": %s: %s", cases[i].spec, pab_status_name(status), text);
        assert_null(policy);
    }
    char endless[PAB__POLICY_SPEC_SIZE + 1];
    pab_policy *policy = NULL;
    memset(endless, 'a', sizeof endless);
    endless[PAB__POLICY_SPEC_SIZE] = '\0';
    assert_int_equal(pab_policy_parse(NULL, endless, &policy), PAB_E_CAPACITY);
    assert_int_equal(pab_policy_parse(NULL, NULL, &policy), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_parse(NULL, "lae", NULL), PAB_E_ARGUMENT);
}

static void every_option_is_listed_documented_and_settable_to_its_bounds(void **unused)
{
    (void)unused;
    uint32_t count = 0;
    for (;; count++) {
        pab_policy_option option = {.struct_size = sizeof option};
        if (pab_policy_option_get(count, &option) != PAB_OK)
            break;
        assert_true(option.min <= option.value && option.value <= option.max);
        assert_true(strlen(option.doc) > 10 && option.unit);
        const double values[] = {option.min, option.value, option.max};
        for (int i = 0; i < 3; i++) {
            char spec[128];
            snprintf(spec, sizeof spec, "%s(%s=%.17g)", option.policy, option.key, values[i]);
            params_of(spec);
        }
    }
    assert_true(count > 40);
    pab_policy_option option = {.struct_size = sizeof option};
    assert_int_equal(pab_policy_option_get(count, &option), PAB_E_RANGE);
    assert_int_equal(pab_policy_option_get(0, NULL), PAB_E_ARGUMENT);
    option.struct_size = 8;
    assert_int_equal(pab_policy_option_get(0, &option), PAB_E_ARGUMENT);
}

static void every_builtin_parses_in_each_of_its_forms(void **unused)
{
    (void)unused;
    uint32_t count = 0;
    for (; pab_policy_builtin(count); count++) {
        const char *forms = pab_policy_forms(count);
        while (*forms != '\0') {
            char spec[64];
            int len = (int)strcspn(forms, "|");
            snprintf(spec, sizeof spec, "%s:%.*s", pab_policy_builtin(count), len, forms);
            pab_policy *policy = NULL;
            assert_int_equal(pab_policy_parse(NULL, spec, &policy), PAB_OK);
            assert_string_equal(pab_policy_name(policy), spec);
            pab_policy_free(policy);
            forms += len + (forms[len] == '|');
        }
    }
    assert_int_equal(count, 13);
    assert_null(pab_policy_forms(count));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specifications_are_read_with_their_options),
        cmocka_unit_test(the_written_form_reads_back_the_same),
        cmocka_unit_test(refusals_name_what_is_at_fault_and_what_was_expected),
        cmocka_unit_test(every_option_is_listed_documented_and_settable_to_its_bounds),
        cmocka_unit_test(every_builtin_parses_in_each_of_its_forms),
    };
    return cmocka_run_group_tests_name("experts/spec", tests, NULL, NULL);
}
