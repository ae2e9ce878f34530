/* Times and spans as errors and reports print them. */
#include "base/stamp.h"

#include "../status.h"

#define SECOND INT64_C(1000000000)

static void a_time_is_a_day_and_a_clock(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *text;
    } cases[] = {
        {0, "00:00:00"},
        {37800 * SECOND, "10:30:00"},
        {37800 * SECOND + SECOND / 2, "10:30:00.5"},
        {37800 * SECOND + 1, "10:30:00.000000001"},
        {1612519200 * SECOND, "2021-02-05 10:00:00"},
        {1612519200 * SECOND + 120000000, "2021-02-05 10:00:00.12"},
        {INT64_C(951782400) * SECOND, "2000-02-29 00:00:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(pab__stamp_time(cases[i].ns).text, cases[i].text);
}

static void a_span_is_seconds_or_nanoseconds(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *text;
    } cases[] = {
        {0, "0 s"},        {20, "20 ns"},          {999999, "999999 ns"}, {1000000, "0.001 s"}, {SECOND / 2, "0.5 s"},
        {300 * SECOND, "300 s"}, {300 * SECOND + 1, "300.000000001 s"}, {-7, "-7 ns"}, {-SECOND / 2, "-0.5 s"},
        {-90 * SECOND, "-90 s"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(pab__stamp_span(cases[i].ns).text, cases[i].text);
    assert_non_null(strstr(pab__stamp_span(INT64_MAX).text, " s"));
    assert_non_null(strstr(pab__stamp_span(INT64_MIN).text, " s"));
    assert_true(strlen(pab__stamp_time(INT64_MAX).text) > 0 && strlen(pab__stamp_time(INT64_MIN).text) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_a_day_and_a_clock),
        cmocka_unit_test(a_span_is_seconds_or_nanoseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
