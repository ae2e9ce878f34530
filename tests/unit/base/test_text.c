/* Growing text: any length, any host's locale, any failure of memory; CSV, JSON and numbers on top of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv_write.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "failing.h"
#include "locale_comma.h"

static void pieces_of_any_length_are_put(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__text t = pab__text_growing(&host);
    char wide[5001];
    memset(wide, 'x', 5000);
    wide[5000] = '\0';
    pab__text_put(&t, "a");
    pab__text_say(&t, "%s|%d", wide, 7);
    pab__text_say(&t, "%s", wide);
    assert_int_equal(t.len, 1 + 5000 + 2 + 5000);
    assert_int_equal(strlen(t.at), t.len);
    assert_memory_equal(t.at + 5001, "|7x", 3);
    pab__text_free(&t);
    assert_int_equal(f.blocks, 0);
    pab__text_say(NULL, "nobody listens");
    pab__text_put(NULL, "nobody listens");
}

static void a_callers_buffer_is_cut_and_counted(void **state)
{
    (void)state;
    char buf[6] = "#####";
    pab__text t = pab__text_in(buf, sizeof buf);
    pab__text_put(&t, "abc");
    pab__text_say(&t, "%d", 45678);
    pab__text_put(&t, "z");
    assert_string_equal(buf, "abc45");
    assert_int_equal(t.len, 9);
    pab__text none = pab__text_in(NULL, 0);
    pab__text_say(&none, "%d", 123);
    assert_int_equal(none.len, 3);
}

static void lack_of_memory_is_reported_at_the_end(void **state)
{
    (void)state;
    for (int64_t n = 0; n < 2; n++) {
        failing f;
        pab_host host = failing_host(&f, n, 1);
        pab__text t = pab__text_growing(&host);
        for (int i = 0; i < 3000; i++)
            pab__text_say(&t, "%d,", i);
        assert_int_equal(pab__text_check(&t, "a table"), PAB_E_MEMORY);
        assert_int_equal(pab__text_save(&t, "/nowhere/at-all"), PAB_E_MEMORY);
        assert_int_equal(f.blocks, 0);
    }
}

static void reals_have_a_point_in_every_locale(void **state)
{
    (void)state;
    char buf[64], *end;
    double x = 0;
    comma_locale before = enter_comma_locale();
    if (!before.entered)
        skip();
    pab__format(buf, sizeof buf, "%.3f %g", 1234.5, 0.25);
    assert_string_equal(buf, "1234.500 0.25");
    assert_true(pab__real_parse("1.5e3;", &end) == 1500 && *end == ';');
    assert_true(pab__real_read("-0.75", &x) && x == -0.75);
    pab__fail(PAB_E_RANGE, "%g is too much", 2.5);
    pab_last_error(buf, sizeof buf);
    assert_string_equal(buf, "2.5 is too much");
    snprintf(buf, sizeof buf, "%g", 2.5);
    assert_string_equal(buf, "2,5"); /* the host's own locale is left as it was */
    leave_comma_locale(before);
}

static void only_whole_finite_numbers_are_read(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", " 1", "1 ", "1,5", "nan", "inf", "1e999", "0x", "--1", "1.5.2"};
    double x = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(pab__real_read(wrong[i], &x));
    assert_true(x == 7);
    assert_true(pab__real_read("+1.25E-2", &x) && x == 0.0125);
}

static void rows_of_csv(void **state)
{
    (void)state;
    char buf[256];
    pab__text t = pab__text_in(buf, sizeof buf);
    pab__csv_out csv = {.out = &t};
    pab__csv_head(&csv, "name,n,m,x,y,z,e");
    pab__csv_put_text(&csv, "say \"a,b\"");
    pab__csv_put_int(&csv, -3);
    pab__csv_put_uint(&csv, UINT64_MAX);
    pab__csv_put_real(&csv, 0.1);
    pab__csv_put_real(&csv, NAN);
    pab__csv_put_exact(&csv, 0.1);
    pab__csv_put_empty(&csv);
    pab__csv_end_row(&csv);
    pab__csv_put_text(&csv, "plain");
    pab__csv_end_row(&csv);
    assert_string_equal(buf, "name,n,m,x,y,z,e\n"
                             "\"say \"\"a,b\"\"\",-3,18446744073709551615,0.1,,0.10000000000000001,\nplain\n");
}

static void nested_json(void **state)
{
    (void)state;
    char buf[512];
    pab__text t = pab__text_in(buf, sizeof buf);
    pab__json j = {.out = &t};
    pab__json_open(&j, NULL, '{');
    pab__json_put_text(&j, "na\"me", "a\n</b>");
    pab__json_put_int(&j, "n", -1);
    pab__json_put_uint(&j, "u", 2);
    pab__json_put_bool(&j, "yes", 1);
    pab__json_put_text(&j, "none", NULL);
    pab__json_open(&j, "rows", '[');
    pab__json_open_row(&j, NULL, '[');
    pab__json_put_real(&j, NULL, 1.5);
    pab__json_put_real(&j, NULL, NAN);
    pab__json_open(&j, NULL, '{');
    pab__json_put_int(&j, "k", 1);
    pab__json_close(&j);
    pab__json_close(&j);
    pab__json_close(&j);
    pab__json_open(&j, "empty", '{');
    pab__json_close(&j);
    pab__json_close(&j);
    assert_string_equal(buf, "{\n  \"na\\u0022me\": \"a\\u000a\\u003c/b>\",\n  \"n\": -1,\n  \"u\": 2,\n"
                             "  \"yes\": true,\n  \"none\": null,\n  \"rows\": [\n    [1.5, null, {\"k\": 1}]\n  ],\n"
                             "  \"empty\": {}\n}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_any_length_are_put),  cmocka_unit_test(a_callers_buffer_is_cut_and_counted),
        cmocka_unit_test(lack_of_memory_is_reported_at_the_end), cmocka_unit_test(reals_have_a_point_in_every_locale),
        cmocka_unit_test(only_whole_finite_numbers_are_read), cmocka_unit_test(rows_of_csv),
        cmocka_unit_test(nested_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
