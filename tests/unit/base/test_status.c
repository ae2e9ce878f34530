/* Codes, their texts, and the error sentence that each thread has for itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include <pairsabides/version.h>

#include "base/host.h"

static void every_code_has_its_name_and_text(void **state)
{
    (void)state;
    assert_string_equal(pab_status_name(PAB_OK), "PAB_OK");
    assert_string_equal(pab_status_name(PAB_E_RANGE), "PAB_E_RANGE");
    assert_string_equal(pab_status_text(PAB_E_CORRUPT), "the data is truncated or damaged");
    for (pab_status s = PAB_E_UNSUPPORTED; s <= PAB_OK; s++)
        assert_string_not_equal(pab_status_name(s), "PAB_E_?");
}

static void unknown_codes_have_a_name_too(void **state)
{
    (void)state;
    assert_string_equal(pab_status_name(1), "PAB_E_?");
    assert_string_equal(pab_status_name(-999), "PAB_E_?");
    assert_true(strlen(pab_status_text(-999)) > 0);
}

static void the_error_is_copied_out_and_cut_to_fit(void **state)
{
    (void)state;
    char buf[8];
    assert_int_equal(pab__fail(PAB_E_KEY, "no key '%s'", "abc"), PAB_E_KEY);
    assert_int_equal(pab_last_error(NULL, 0), 12);
    assert_int_equal(pab_last_error(buf, sizeof buf), 12);
    assert_string_equal(buf, "no key ");
    assert_int_equal(pab_last_error(buf, 1), 12);
    assert_string_equal(buf, "");
}

static void an_error_may_quote_the_one_before(void **state)
{
    (void)state;
    char before[1024], after[1024];
    pab__fail(PAB_E_KEY, "inner");
    pab_last_error(before, sizeof before);
    pab__fail(PAB_E_KEY, "outer: %s", before);
    pab_last_error(after, sizeof after);
    assert_string_equal(after, "outer: inner");
}

static void long_errors_are_cut_and_terminated(void **state)
{
    (void)state;
    char text[3000], out[3000];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    pab__fail(PAB_E_KEY, "%s", text);
    assert_int_equal(pab_last_error(out, sizeof out), 1023);
    assert_int_equal(strlen(out), 1023);
}

static void *fail_elsewhere(void *length_before)
{
    *(size_t *)length_before = pab_last_error(NULL, 0);
    pab__fail(PAB_E_IO, "another thread's");
    return NULL;
}

static void each_thread_has_its_own_error(void **state)
{
    (void)state;
    char out[64];
    size_t length_before = 99;
    pthread_t thread;
    pab__fail(PAB_E_KEY, "mine");
    assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, &length_before), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(length_before, 0);
    pab_last_error(out, sizeof out);
    assert_string_equal(out, "mine");
}

static void version_is_that_of_the_headers(void **state)
{
    (void)state;
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", PAB_VERSION_MAJOR, PAB_VERSION_MINOR, PAB_VERSION_PATCH);
    assert_string_equal(pab_version(), text);
}

/* Quoted text comes from files and callers; a terminal obeys what it is shown. */
static void control_characters_are_not_echoed(void **state)
{
    char text[200] = "", cut[12];
    (void)state;
    pab__fail(PAB_E_KEY, "there is no '%s'", "\x1b]0;title\a \x1b[2J\r\n \xc2\x9b" "31m \x7f caf\xc3\xa9");
    pab_last_error(text, sizeof text);
    assert_string_equal(text, "there is no '\\x1b]0;title\\x07 \\x1b[2J\\x0d\\x0a \\x9b31m \\x7f caf\xc3\xa9'");
    pab__show_controls("12345678\x1b", cut, sizeof cut); /* whole or not at all */
    assert_string_equal(cut, "12345678");
    uint64_t failures = pab__fail_count();
    pab__fail(PAB_E_KEY, "again");
    assert_true(pab__fail_count() == failures + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_are_not_echoed),
        cmocka_unit_test(every_code_has_its_name_and_text),
        cmocka_unit_test(unknown_codes_have_a_name_too),
        cmocka_unit_test(the_error_is_copied_out_and_cut_to_fit),
        cmocka_unit_test(an_error_may_quote_the_one_before),
        cmocka_unit_test(long_errors_are_cut_and_terminated),
        cmocka_unit_test(each_thread_has_its_own_error),
        cmocka_unit_test(version_is_that_of_the_headers),
    };
    return cmocka_run_group_tests_name("base/status", tests, NULL, NULL);
}
