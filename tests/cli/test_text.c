#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "text.h"

static char path[64];

static int make_path(void **state)
{
    (void)state;
    strcpy(path, "/tmp/pab-text-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int drop_path(void **state)
{
    (void)state;
    return unlink(path);
}

/* Writes one value and returns the file's only line. */
static const char *written(double value, void (*put)(cli_out *, double))
{
    static char text[64];
    cli_out out;
    cli_in in;
    char *line;
    size_t len;
    assert_int_equal(cli_out_open(&out, path), 0);
    put(&out, value);
    assert_int_equal(cli_out_close(&out), 0);
    assert_int_equal(cli_in_open(&in, path), 0);
    assert_int_equal(cli_in_line(&in, &line, &len), 1);
    snprintf(text, sizeof text, "%s", line);
    assert_int_equal(cli_in_line(&in, &line, &len), 0);
    cli_in_close(&in);
    return text;
}

static void reals_are_the_shortest_text_that_reads_back(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.0, "0.0"}, {-0.0, "-0.0"}, {1.0, "1.0"}, {-126.26333333333334, "-126.26333333333334"}, {33950.0, "33950.0"},
        {0.1, "0.1"}, {0.0001, "0.0001"}, {0.00001, "1e-05"}, {1.5e-7, "1.5e-07"}, {1e15, "1000000000000000.0"},
        {9999999999999998.0, "9999999999999998.0"}, {1e16, "1e+16"}, {1.25e22, "1.25e+22"}, {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"}, {100.0, "100.0"}, {1e23, "1e+23"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(written(cases[i].value, cli_put_real), cases[i].text);
}

static void hexadecimal_reals_have_all_digits(void **state)
{
    (void)state;
    assert_string_equal(written(1.0, cli_put_hex), "0x1.0000000000000p+0");
    assert_string_equal(written(889.8750552416095, cli_put_hex), "0x1.bcf001cf66740p+9");
    assert_string_equal(written(-1000.6809124340397, cli_put_hex), "-0x1.f45728237dd1fp+9");
    assert_string_equal(written(0.0, cli_put_hex), "0x0.0p+0");
}

static void integers_reach_both_ends(void **state)
{
    cli_out out;
    cli_in in;
    char *line;
    size_t len;
    (void)state;
    assert_int_equal(cli_out_open(&out, path), 0);
    cli_put_int(&out, INT64_MIN);
    cli_put_cell(&out, 1, INT64_MAX);
    cli_put_cell(&out, 0, 7);
    cli_put_cell(&out, 1, 0);
    assert_int_equal(cli_out_close(&out), 0);
    assert_int_equal(cli_in_open(&in, path), 0);
    assert_int_equal(cli_in_line(&in, &line, &len), 1);
    assert_string_equal(line, "-9223372036854775808,9223372036854775807,,0");
    cli_in_close(&in);
}

/* Lines far longer than any buffer, and many short ones across its edges. */
static void lines_come_back_whole(void **state)
{
    enum { LONG = 300000, SHORT = 50000 };
    cli_out out;
    cli_in in;
    char *line;
    size_t len;
    char *text = test_malloc(LONG);
    (void)state;
    memset(text, 'x', LONG);
    assert_int_equal(cli_out_open(&out, path), 0);
    cli_put_bytes(&out, text, LONG);
    for (int i = 0; i < SHORT; i++) {
        cli_put_char(&out, '\n');
        cli_put_int(&out, i);
    }
    assert_int_equal(cli_out_close(&out), 0);
    assert_int_equal(cli_in_open(&in, path), 0);
    assert_int_equal(cli_in_line(&in, &line, &len), 1);
    assert_int_equal(len, LONG);
    assert_memory_equal(line, text, LONG);
    for (int i = 0; i < SHORT; i++) {
        assert_int_equal(cli_in_line(&in, &line, &len), 1);
        assert_int_equal(strtol(line, NULL, 10), i);
    }
    assert_int_equal(cli_in_line(&in, &line, &len), 0); /* the last one had no newline */
    assert_int_equal(in.number, SHORT + 1);
    cli_in_close(&in);
    test_free(text);
}

static void commas_separate_fields(void **state)
{
    char line[] = "a,,b,";
    char *fields[2];
    (void)state;
    assert_int_equal(cli_split(line, fields, 2), 4);
    assert_string_equal(fields[0], "a");
    assert_string_equal(fields[1], "");
}

static void times_before_1970_count_down_from_midnight(void **state)
{
    char text[64];
    (void)state;
    cli_date_text(INT64_C(1612517400126730627), text, sizeof text);
    assert_string_equal(text, "2021-02-05 09:30:00.126730627");
    cli_date_text(-1, text, sizeof text);
    assert_string_equal(text, "1969-12-31 23:59:59.999999999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reals_are_the_shortest_text_that_reads_back),
        cmocka_unit_test(hexadecimal_reals_have_all_digits),
        cmocka_unit_test(integers_reach_both_ends),
        cmocka_unit_test(lines_come_back_whole),
        cmocka_unit_test(commas_separate_fields),
        cmocka_unit_test(times_before_1970_count_down_from_midnight),
    };
    return cmocka_run_group_tests(tests, make_path, drop_path);
}
