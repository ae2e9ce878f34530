/* The listing of keys, and the values that text stands for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <locale.h>

#include "scenario/schema.h"
#include "scenario/notation.h"

static int listed(const char *key)
{
    pab_schema_entry entry = {.struct_size = sizeof entry};
    for (uint32_t i = 0; pab_schema_get(i, &entry) == PAB_OK; i++) {
        if (strcmp(entry.key, key) == 0)
            return 1;
    }
    return 0;
}

static void every_row_says_what_it_is(void **state)
{
    (void)state;
    pab_schema_entry entry = {.struct_size = sizeof entry};
    uint32_t count = 0;
    for (; pab_schema_get(count, &entry) == PAB_OK; count++) {
        assert_true(strlen(entry.key) > 0 && strlen(entry.key) < PAB_SCHEMA_KEY_SIZE - 1);
        assert_true(strlen(entry.doc) > 5);
        assert_non_null(entry.unit);
        assert_string_not_equal(entry.type_name, "?");
        assert_true(entry.min <= entry.max);
        assert_int_equal(entry.type == PAB_PARAM_CHOICE, entry.choices != NULL);
    }
    assert_true(count > 90);
    assert_int_equal(pab_schema_get(count, &entry), PAB_E_RANGE);
    assert_int_equal(pab_schema_get(UINT32_MAX, &entry), PAB_E_RANGE);
}

static void no_key_is_listed_twice(void **state)
{
    (void)state;
    pab_schema_entry a = {.struct_size = sizeof a}, b = {.struct_size = sizeof b};
    for (uint32_t i = 0; pab_schema_get(i, &a) == PAB_OK; i++) {
        for (uint32_t k = 0; k < i && pab_schema_get(k, &b) == PAB_OK; k++)
            assert_string_not_equal(a.key, b.key);
    }
}

static void a_caller_with_a_smaller_record_is_refused(void **state)
{
    (void)state;
    pab_schema_entry entry = {.struct_size = 8};
    assert_int_equal(pab_schema_get(0, &entry), PAB_E_ARGUMENT);
}

/* The listed form of a preset's path: names of symbols and groups become what stands for them. */
static void check_listed(const pab__node *map, const char *path, const char *group_type)
{
    for (const pab__node *child = map->first; child; child = child->next) {
        char below[PAB__PATH_SIZE], other[PAB__PATH_SIZE];
        const char *type = group_type;
        const char *name = child->key ? child->key : "<n>";
        if (strcmp(path, "symbols") == 0)
            name = "<symbol>";
        if (strcmp(path, "correlation.pairs") == 0)
            name = "<pair>";
        if (strcmp(path, "agents") == 0) {
            type = pab__node_find(child, "type")->text;
            name = "<group>";
        }
        snprintf(below, sizeof below, "%.200s%s%s", path, *path ? "." : "", name);
        if (child->kind != PAB__NODE_SCALAR) {
            check_listed(child, below, type);
            continue;
        }
        snprintf(other, sizeof other, "agents.<%s>.%s", type ? type : "", name);
        if (strcmp(below, "quirks") != 0 && !listed(below) && !listed(other))
            fail_msg("%s is not listed", below);
    }
}

static void every_key_of_every_preset_is_listed(void **state)
{
    (void)state;
    for (uint32_t i = 0; pab_preset_name(i); i++) {
        pab_config *cfg = NULL;
        pab_host host;
        pab__tree tree;
        char text[16384];
        size_t len = 0;
        assert_int_equal(pab_config_new(NULL, &cfg), PAB_OK);
        assert_int_equal(pab_config_preset(cfg, pab_preset_name(i)), PAB_OK);
        assert_int_equal(pab_config_text(cfg, text, sizeof text, &len), PAB_OK);
        assert_int_equal(pab__host_take(NULL, &host), PAB_OK);
        assert_int_equal(pab__yaml_parse(&host, text, len, "preset", &tree), PAB_OK);
        check_listed(tree.root, "", NULL);
        pab__tree_free(&tree);
        pab_config_free(cfg);
    }
    assert_false(listed("agents.<noise>.pov"));
}

static void every_default_is_a_value(void **state)
{
    (void)state;
    static const pab__times times = {.known = PAB__KNOWS_ALL};
    pab_schema_entry e = {.struct_size = sizeof e};
    for (uint32_t i = 0; pab_schema_get(i, &e) == PAB_OK; i++) {
        char scratch[PAB_PARAM_TEXT_SIZE];
        pab_param row = {e.key, e.type, 0, e.unit, e.default_value, e.min, e.max, e.choices, e.doc};
        pab__node node = {.text = e.default_value, .quoted = e.type == PAB_PARAM_TEXT};
        if (e.default_value && pab__schema_read_value(&row, &node, e.key, &times, scratch) != PAB_OK)
            fail_msg("default of %s: %s", e.key, e.default_value);
    }
}

static void quirks_are_named_as_their_bits(void **state)
{
    (void)state;
    static const char *const names[] = {
#define NAME(name, bit) [bit] = #name,
        PAB_QUIRK_TABLE(NAME)
#undef NAME
    };
    assert_int_equal(sizeof names / sizeof *names, PAB__QUIRK_COUNT);
    for (uint32_t i = 0; i < PAB__QUIRK_COUNT; i++) {
        char lower[64] = "";
        for (size_t k = 0; names[i][k]; k++)
            lower[k] = names[i][k] == '_' ? '_' : (char)(names[i][k] - 'A' + 'a');
        assert_string_equal(lower, pab__quirk_rows[i].key);
        assert_int_equal(pab__quirk_rows[i].offset, i * sizeof(int32_t));
    }
}

static pab_status read_as(int32_t type, const char *text, void *out)
{
    static const pab__times times = {.date = 1000, .open = 5000, .close = 9000, .known = PAB__KNOWS_ALL};
    const pab_param row = {"key", type, 0, "", NULL, -1e19, 1e19, NULL, ""};
    pab__node node = {.text = text};
    return pab__schema_read_value(&row, &node, "key", &times, out);
}

static void durations_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ns;
    } good[] = {{"0", 0}, {"50ns", 50}, {"3us", 3000}, {"2ms", 2000000}, {"37s", 37000000000},
                {"1.5min", 90000000000}, {"6.5h", 23400000000000}, {"0.000000001s", 1}, {"0.1h", 360000000000},
                {"1.0ns", 1}, {"-2us", -2000}, {"9223372036854775807ns", INT64_MAX}, {"-1", -1}, {"0.25us", 250}};
    int64_t ns;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(read_as(PAB_PARAM_DURATION, good[i].text, &ns), PAB_OK);
        assert_int_equal(ns, good[i].ns);
    }
    static const char *const out_of_range[] = {"0.5ns", "0.0000000001s", "2562048h", "9223372036854775808ns",
                                               "0.3333333333333333h"};
    for (size_t i = 0; i < sizeof out_of_range / sizeof *out_of_range; i++)
        assert_int_equal(read_as(PAB_PARAM_DURATION, out_of_range[i], &ns), PAB_E_RANGE);
    static const char *const malformed[] = {"1.5", "50", "60", "9223372036854775807", "s", "1 s", "1,5s", "1e3s",
        "5d", "1.s", "--1s", "+1s", " 1s",
                                            "1s "};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        assert_int_equal(read_as(PAB_PARAM_DURATION, malformed[i], &ns), PAB_E_TYPE);
}

static void times_are_on_the_day_or_relative_to_its_hours(void **state)
{
    (void)state;
    int64_t t;
    static const struct {
        const char *text;
        int64_t ns;
    } good[] = {{"00:00:00", 1000}, {"00:00:01", 1000001000}, {"09:30", 34200000001000}, {"24:00:00", 86400000001000},
                {"00:00:00.000000007", 1007}, {"open", 5000}, {"close - 4us", 5000}, {"open+1us", 6000},
                {"17", 17}, {"1970-01-02", 86400000000000}, {"2021-02-05", 1612483200000000000},
                {"2020-06-03", 1591142400000000000}, {"2000-02-29", 951782400000000000}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(read_as(PAB_PARAM_TIME, good[i].text, &t), PAB_OK);
        assert_int_equal(t, good[i].ns);
    }
    static const char *const malformed[] = {"9:30:00", "09:30:0", "09-30", "opening", "open 5s", "close + x",
                                            "close + -5s", "09:30:00.", "2021-2-5", ""};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        assert_int_equal(read_as(PAB_PARAM_TIME, malformed[i], &t), PAB_E_TYPE);
    static const char *const out_of_range[] = {"24:00:01", "09:60:00", "-5", "2021-13-01", "2021-02-29", "1969-12-31",
                                               "00:00:00.0000000001"};
    for (size_t i = 0; i < sizeof out_of_range / sizeof *out_of_range; i++)
        assert_int_equal(read_as(PAB_PARAM_TIME, out_of_range[i], &t), PAB_E_RANGE);
}

static void times_are_written_as_they_are_read(void **state)
{
    (void)state;
    static const int64_t durations[] = {0, 1, 50, 1000, 1500, 60000000000, 61000000000, 3600000000000, INT64_MAX, -2000,
                                        -1};
    char text[PAB__NOTATION_SIZE];
    int64_t back;
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        pab__notation_duration_text(durations[i], text);
        assert_int_equal(pab__notation_duration(text, &back), PAB__NOTATION_OK);
        assert_int_equal(back, durations[i]);
    }
    pab__notation_duration_text(90000000000, text);
    assert_string_equal(text, "90s");
    const int64_t day = INT64_C(86400000000000);
    static const pab__times none = {.known = PAB__KNOWS_DATE};
    for (int64_t n = 0; n < 84000; n += 1 + n % 3) {
        pab__notation_date_text(n * day, text);
        assert_int_equal(text[4], '-');
        assert_int_equal(pab__notation_time(text, &none, &back), PAB__NOTATION_OK);
        assert_int_equal(back, n * day);
    }
    pab__notation_time_text(day + 34200000000000, day, text);
    assert_string_equal(text, "09:30:00");
    pab__notation_time_text(day - 1, day, text);
    assert_string_equal(text, "86399999999999");
}

static void numbers_do_not_depend_on_the_locale(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8"};
    const char *set = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !set; i++)
        set = setlocale(LC_NUMERIC, names[i]);
    double x = 0;
    assert_int_equal(read_as(PAB_PARAM_REAL, "2.5e-3", &x), PAB_OK);
    assert_true(x == 0.0025);
    assert_int_equal(read_as(PAB_PARAM_REAL, "2,5", &x), PAB_E_TYPE);
    setlocale(LC_NUMERIC, "C");
    if (!set)
        print_message("no locale with a decimal comma is installed; only C was tried\n");
}

static void text_keeps_to_one_line_of_255_bytes(void **state)
{
    (void)state;
    char text[300], out[PAB_PARAM_TEXT_SIZE];
    memset(text, 'x', sizeof text);
    text[255] = '\0';
    assert_int_equal(read_as(PAB_PARAM_TEXT, text, out), PAB_OK);
    assert_string_equal(out, text);
    text[255] = 'x';
    text[256] = '\0';
    assert_int_equal(read_as(PAB_PARAM_TEXT, text, out), PAB_E_RANGE);
    assert_int_equal(read_as(PAB_PARAM_TEXT, "a\tb", out), PAB_E_TYPE);
    assert_int_equal(read_as(PAB_PARAM_TEXT, "\xc0\x80", out), PAB_E_TYPE);
    assert_int_equal(read_as(PAB_PARAM_TEXT, "\xed\xa0\x80", out), PAB_E_TYPE);
    assert_int_equal(read_as(PAB_PARAM_TEXT, "\xc2\x85", out), PAB_E_TYPE);
    assert_int_equal(read_as(PAB_PARAM_TEXT, "\xf0\x9f\x90\xa2", out), PAB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_says_what_it_is),
        cmocka_unit_test(no_key_is_listed_twice),
        cmocka_unit_test(a_caller_with_a_smaller_record_is_refused),
        cmocka_unit_test(every_key_of_every_preset_is_listed),
        cmocka_unit_test(every_default_is_a_value),
        cmocka_unit_test(quirks_are_named_as_their_bits),
        cmocka_unit_test(durations_are_exact),
        cmocka_unit_test(times_are_on_the_day_or_relative_to_its_hours),
        cmocka_unit_test(times_are_written_as_they_are_read),
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
        cmocka_unit_test(text_keeps_to_one_line_of_255_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
