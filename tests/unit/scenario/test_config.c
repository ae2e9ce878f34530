/* Putting a scenario together: files, presets, overrides, text; and every way in which that can be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pairsabides/pairsabides.h>

#include "../base/failing.h"

static pab_config *config(const char *preset)
{
    pab_config *cfg = NULL;
    assert_int_equal(pab_config_new(NULL, &cfg), PAB_OK);
    if (preset)
        assert_int_equal(pab_config_preset(cfg, preset), PAB_OK);
    return cfg;
}

static void assert_error_begins(const char *message)
{
    char error[1024];
    pab_last_error(error, sizeof error);
    if (strncmp(error, message, strlen(message)) != 0)
        fail_msg("got \"%s\", expected \"%s\"", error, message);
}

static void assert_text(const pab_config *cfg, const char *key, const char *expected)
{
    char buf[2048];
    assert_int_equal(pab_config_get(cfg, key, buf, sizeof buf, NULL), PAB_OK);
    assert_string_equal(buf, expected);
}

static char *whole_text(const pab_config *cfg)
{
    size_t len = 0;
    assert_int_equal(pab_config_text(cfg, NULL, 0, &len), PAB_OK);
    char *text = malloc(len + 1);
    assert_non_null(text);
    assert_int_equal(pab_config_text(cfg, text, len + 1, NULL), PAB_OK);
    assert_int_equal(strlen(text), len);
    return text;
}

static void parse(pab_config *cfg, const char *text)
{
    if (pab_config_parse(cfg, text, strlen(text), "pair.yaml") != PAB_OK) {
        char error[1024];
        pab_last_error(error, sizeof error);
        fail_msg("%s", error);
    }
}

static uint64_t fingerprint(const pab_config *cfg)
{
    pab_scenario *scn = NULL;
    pab_scenario_info info = {.struct_size = sizeof info};
    assert_int_equal(pab_scenario_new(cfg, &scn), PAB_OK);
    assert_int_equal(pab_scenario_describe(scn, &info), PAB_OK);
    pab_scenario_free(scn);
    return info.fingerprint;
}

static void later_settings_win(void **state)
{
    (void)state;
    pab_config *cfg = config(NULL);
    parse(cfg, "preset: rmsc04\nseed: 5\nagents: {noise: {count: 10}}\n");
    parse(cfg, "agents: {noise: {count: 11}, extra: {type: idle}}\n");
    assert_text(cfg, "preset", "rmsc04");
    assert_text(cfg, "seed", "5");
    assert_text(cfg, "agents.noise.count", "11");
    assert_text(cfg, "agents.noise.type", "noise");
    assert_text(cfg, "agents.extra.count", "1");
    assert_text(cfg, "clock.market_open", "09:30:00");
    assert_int_equal(pab_config_set(cfg, "agents.noise.count", "12"), PAB_OK);
    assert_text(cfg, "agents.noise.count", "12");
    parse(cfg, "preset: two_symbol\n");
    assert_text(cfg, "agents.noise_AAA.count", "300");
    assert_int_equal(pab_config_get(cfg, "agents.noise.count", NULL, 0, NULL), PAB_E_KEY);
    pab_config_free(cfg);
}

/* One bad text and where it must be found. */
typedef struct bad {
    const char *text;
    pab_status code;
    const char *message;
} bad;

static void bad_texts_name_line_and_column_and_change_nothing(void **state)
{
    (void)state;
    static const bad cases[] = {
        {"seed: 1\nsede: 2\n", PAB_E_KEY, "pair.yaml:2:1: a scenario has no key 'sede'; did you mean 'seed'?"},
        {"agents:\n  noise:\n    cuont: 5\n", PAB_E_KEY,
         "pair.yaml:3:5: agents.noise has no key 'cuont'; did you mean 'count'?"},
        {"agents:\n  value: {sigma_x: 5}\n", PAB_E_KEY,
         "pair.yaml:2:11: agents.value has no key 'sigma_x'; did you mean 'sigma_n'?"},
        {"agents: {new: {pov: 1}}\n", PAB_E_KEY, "pair.yaml:1:16: agents.new has no key 'pov'; give agents.new.type"},
        {"agents: {new: {type: nosie}}\n", PAB_E_KEY,
         "pair.yaml:1:22: agents.new.type: there is no agent type 'nosie'; did you mean 'noise'?"},
        {"agents: {nosuch: null}\n", PAB_E_KEY, "pair.yaml:1:10: group 'nosuch' cannot be dropped"},
        {"agents: {a.b: {type: idle}}\n", PAB_E_KEY, "pair.yaml:1:10: agents: 'a.b' is no name"},
        {"preset: rmsc05\n", PAB_E_KEY, "pair.yaml:1:9: there is no preset 'rmsc05', expected one of rmsc03, rmsc04"},
        {"preset: [rmsc04]\n", PAB_E_TYPE, "pair.yaml:1:9: preset: expected"},
        {"clock: 5\n", PAB_E_TYPE, "pair.yaml:1:8: clock: expected a section of keys"},
        {"seed: {a: 1}\n", PAB_E_TYPE, "pair.yaml:1:7: seed: a section found, expected a whole number"},
        {"seed: x\n", PAB_E_TYPE, "pair.yaml:1:7: seed: 'x' is not usable, expected a whole number"},
        {"seed: 1.5\n", PAB_E_TYPE, "pair.yaml:1:7: seed: '1.5' is not usable"},
        {"seed: '5'\n", PAB_E_TYPE, "pair.yaml:1:7: seed: quoted '5' found"},
        {"seed:\n", PAB_E_TYPE, "pair.yaml:1:6: seed: nothing found"},
        {"seed: -1\n", PAB_E_RANGE, "pair.yaml:1:7: seed: -1 is out of range"},
        {"seed: 99999999999999999999\n", PAB_E_RANGE, "pair.yaml:1:7: seed: 99999999999999999999 is out of range"},
        {"rng: slow\n", PAB_E_TYPE, "pair.yaml:1:6: rng: 'slow' is not usable, expected one of abides|fast"},
        {"symbols:\n  ABM:\n    oracle: {kappa: .nan}\n", PAB_E_RANGE,
         "pair.yaml:3:21: symbols.ABM.oracle.kappa: .nan"},
        {"symbols:\n  ABM:\n    oracle: {kappa: -.inf}\n", PAB_E_RANGE, "pair.yaml:3:21: symbols.ABM.oracle.kappa"},
        {"symbols:\n  ABM:\n    oracle: {kappa: 1e999}\n", PAB_E_RANGE, "pair.yaml:3:21: symbols.ABM.oracle.kappa"},
        {"symbols:\n  ABM:\n    oracle: {kappa: 0x1p3}\n", PAB_E_TYPE, "pair.yaml:3:21: symbols.ABM.oracle.kappa"},
        {"latency: {line_length: -1}\n", PAB_E_RANGE, "pair.yaml:1:24: latency.line_length: -1 is out of range"},
        {"exchange: {pipeline_delay: -5ns}\n", PAB_E_RANGE, "pair.yaml:1:28: exchange.pipeline_delay: -5ns is out of"},
        {"exchange: {pipeline_delay: 5 parsecs}\n", PAB_E_TYPE, "pair.yaml:1:28: exchange.pipeline_delay: '5 parsecs'"},
        {"exchange: {pipeline_delay: 0.5ns}\n", PAB_E_RANGE, "pair.yaml:1:28: exchange.pipeline_delay: 0.5ns"},
        {"clock: {market_open: 25:00:00}\n", PAB_E_RANGE, "pair.yaml:1:22: clock.market_open: '25:00:00'"},
        {"clock: {market_open: noon}\n", PAB_E_TYPE, "pair.yaml:1:22: clock.market_open: 'noon' is not usable"},
        {"clock: {date: 2021-02-29}\n", PAB_E_RANGE, "pair.yaml:1:15: clock.date: '2021-02-29'"},
        {"quirks: maybe\n", PAB_E_TYPE, "pair.yaml:1:9: quirks: 'maybe' is not usable"},
        {"quirks: {stale_fed: true}\n", PAB_E_KEY,
         "pair.yaml:1:10: quirks has no key 'stale_fed'; did you mean 'stale_f"},
        {"quirks: {stale_feed: yes}\n", PAB_E_TYPE, "pair.yaml:1:22: quirks.stale_feed: 'yes' is not usable"},
        {"order_size_mixture: {weights: 5}\n", PAB_E_TYPE,
         "pair.yaml:1:31: order_size_mixture.weights: expected a list"},
        {"order_size_mixture: {weights: [1, x]}\n", PAB_E_TYPE, "pair.yaml:1:35: order_size_mixture.weights[1]: 'x'"},
        {"order_size_mixture: {components: [{dist: flat}]}\n", PAB_E_TYPE,
         "pair.yaml:1:42: order_size_mixture.components[0].dist: 'flat'"},
        {"[1, 2]\n", PAB_E_TYPE, "pair.yaml:1:1: expected keys and values"},
        {"a: 1\na: 2\n", PAB_E_SYNTAX, "pair.yaml:2:1: key 'a' is already given"},
    };
    pab_config *cfg = config("rmsc04");
    char *before = whole_text(cfg);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pab_status status = pab_config_parse(cfg, cases[i].text, strlen(cases[i].text), "pair.yaml");
        if (status != cases[i].code)
            fail_msg("%s gave %s", cases[i].text, pab_status_name(status));
        assert_error_begins(cases[i].message);
        char *after = whole_text(cfg);
        assert_string_equal(before, after);
        free(after);
    }
    free(before);
    pab_config_free(cfg);
}

static void bad_overrides_name_the_key(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value;
        pab_status code;
        const char *message;
    } cases[] = {
        {"agents.noise.cuont", "5", PAB_E_KEY, "agents.noise has no key 'cuont'; did you mean 'count'?"},
        {"agents.nosie.count", "5", PAB_E_KEY, "agents has no group 'nosie'; did you mean 'noise'?"},
        {"symbols.ABN.oracle.r_bar", "5", PAB_E_KEY, "symbols has no symbol 'ABN'; did you mean 'ABM'?"},
        {"agents..count", "5", PAB_E_KEY, "'agents..count' is no key"},
        {"", "5", PAB_E_KEY, "'' is no key"},
        {"seed.x", "5", PAB_E_KEY, "seed has nothing below it"},
        {"order_size_mixture.weights.0", "5", PAB_E_KEY, "order_size_mixture.weights has nothing below it"},
        {"agents.noise.count", "many", PAB_E_TYPE, "agents.noise.count: 'many' is not usable"},
        {"agents.noise.count", "-1", PAB_E_RANGE, "agents.noise.count: -1 is out of range"},
        {"agents.noise.count", "2000000", PAB_E_RANGE, "agents.noise.count: 2000000 is out of range"},
        {"agents.momentum.wake_up_freq", "37 s", PAB_E_TYPE, "agents.momentum.wake_up_freq: '37 s' is not usable"},
        {"clock", "", PAB_E_TYPE, "clock: expected YAML"},
        {"name", "a\nb", PAB_E_TYPE, "name: 'a"},
        {"name", "\xff", PAB_E_TYPE, "name: "},
        {"preset", "nothing", PAB_E_KEY, "there is no preset 'nothing'"},
    };
    pab_config *cfg = config("rmsc04");
    char *before = whole_text(cfg);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pab_status status = pab_config_set(cfg, cases[i].key, cases[i].value);
        if (status != cases[i].code)
            fail_msg("%s gave %s", cases[i].key, pab_status_name(status));
        assert_error_begins(cases[i].message);
    }
    char *after = whole_text(cfg);
    assert_string_equal(before, after);
    free(before);
    free(after);
    pab_config_free(cfg);
}

static void sections_can_be_set_and_read_whole(void **state)
{
    (void)state;
    pab_config *cfg = config("rmsc04");
    assert_int_equal(pab_config_set(cfg, "agents.extra", "{type: idle, count: 3, wake_offset: 5ms}"), PAB_OK);
    assert_text(cfg, "agents.extra", "{type: idle, count: 3, wake_offset: 5ms}");
    assert_int_equal(pab_config_set(cfg, "agents.second.type", "idle"), PAB_OK);
    assert_int_equal(pab_config_set(cfg, "agents.extra", "null"), PAB_OK);
    assert_int_equal(pab_config_set(cfg, "agents.noise", "~"), PAB_OK);
    assert_int_equal(pab_config_get(cfg, "agents.noise", NULL, 0, NULL), PAB_E_KEY);
    assert_int_equal(pab_config_set(cfg, "order_size_mixture.weights", "[1, 2]"), PAB_OK);
    assert_text(cfg, "order_size_mixture.weights", "[1, 2]");
    assert_int_equal(pab_config_set(cfg, "symbols.XYZ", "{}"), PAB_OK);
    assert_text(cfg, "symbols.XYZ.oracle.r_bar", "100000");
    pab_config_free(cfg);
}

static void one_quirk_can_be_laid_over_all(void **state)
{
    (void)state;
    pab_config *cfg = config("rmsc04");
    assert_text(cfg, "quirks", "abides");
    uint64_t all = fingerprint(cfg);
    assert_int_equal(pab_config_set(cfg, "quirks.stale_feed", "false"), PAB_OK);
    assert_text(cfg, "quirks.stale_feed", "false");
    assert_text(cfg, "quirks.wake_grid", "true");
    assert_true(fingerprint(cfg) != all);
    parse(cfg, "quirks: none\n");
    assert_text(cfg, "quirks", "none");
    parse(cfg, "quirks: abides\n");
    assert_true(fingerprint(cfg) == all);
    pab_config_free(cfg);
}

static void a_hostile_number_of_groups_is_refused_quickly(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    char *text = malloc(COUNT * 16 + 64), *at = text;
    assert_non_null(text);
    at += sprintf(at, "preset: rmsc04\nagents:\n");
    for (int i = 0; i < COUNT; i++)
        at += sprintf(at, "  g%d: 1\n", i);
    pab_config *cfg = config("rmsc04");
    assert_int_equal(pab_config_parse(cfg, text, (size_t)(at - text), "pair.yaml"), PAB_E_TYPE);
    assert_error_begins("pair.yaml:3:7: agents.g0: expected a section");
    free(text);
    pab_config_free(cfg);
}

static void defaults_are_read_where_nothing_is_set(void **state)
{
    (void)state;
    pab_config *cfg = config(NULL);
    assert_text(cfg, "clock.market_close", "16:00:00");
    assert_text(cfg, "clock.kernel_stop", "close + 1s");
    assert_text(cfg, "quirks.stale_feed", "false");
    assert_text(cfg, "agents", "{}");
    assert_text(cfg, "preset", "");
    char *text = whole_text(cfg);
    assert_string_equal(text, "{}\n");
    free(text);
    pab_config_free(cfg);
}

static void a_small_buffer_is_refused_and_the_length_returned(void **state)
{
    (void)state;
    pab_config *cfg = config("rmsc04");
    char buf[5] = "keep";
    size_t needed = 0;
    assert_int_equal(pab_config_get(cfg, "clock.date", buf, sizeof buf, &needed), PAB_E_CAPACITY);
    assert_int_equal(needed, 10);
    assert_string_equal(buf, "keep");
    assert_int_equal(pab_config_text(cfg, buf, sizeof buf, &needed), PAB_E_CAPACITY);
    assert_string_equal(buf, "keep");
    pab_config_free(cfg);
}

static void text_reads_back_as_the_same_scenario(void **state)
{
    (void)state;
    for (uint32_t i = 0; pab_preset_name(i); i++) {
        pab_config *cfg = config(pab_preset_name(i)), *again = config(NULL);
        assert_int_equal(pab_config_set(cfg, "quirks.late_entry", "false"), PAB_OK);
        assert_int_equal(pab_config_set(cfg, "name", "null: \"odd\\ # name, \xc3\xa9"), PAB_OK);
        assert_int_equal(pab_config_set(cfg, "order_size_mixture.weights",
                                        "[0.1, 0.7, 0.06, 0.004, 0.0329, 0.001, 0.0006, 0.0004, 5e-4, 3e-4, 0.0003]"),
                         PAB_OK);
        char *text = whole_text(cfg);
        parse(again, text);
        char *second = whole_text(again);
        assert_string_equal(text, second);
        assert_true(fingerprint(cfg) == fingerprint(again));
        assert_text(again, "name", "null: \"odd\\ # name, \xc3\xa9");
        free(text);
        free(second);
        pab_config_free(cfg);
        pab_config_free(again);
    }
}

static void a_saved_file_loads_as_the_same_scenario(void **state)
{
    (void)state;
    char path[] = "/tmp/pab_config_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    pab_config *cfg = config("two_symbol"), *again = config(NULL);
    assert_int_equal(pab_config_save(cfg, path), PAB_OK);
    assert_int_equal(pab_config_load(again, path), PAB_OK);
    assert_true(fingerprint(cfg) == fingerprint(again));
    unlink(path);
    assert_int_equal(pab_config_load(again, path), PAB_E_IO);
    pab_config_free(cfg);
    pab_config_free(again);
}

static void missing_arguments_are_named(void **state)
{
    (void)state;
    pab_config *cfg = config(NULL);
    assert_int_equal(pab_config_new(NULL, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_config_set(NULL, "seed", "1"), PAB_E_ARGUMENT);
    assert_int_equal(pab_config_set(cfg, NULL, "1"), PAB_E_ARGUMENT);
    assert_int_equal(pab_config_set(cfg, "seed", NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_config_parse(cfg, NULL, 5, "x"), PAB_E_ARGUMENT);
    assert_int_equal(pab_config_get(cfg, "seed", NULL, 5, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_config_save(cfg, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_config_import_abides(cfg, NULL), PAB_E_ARGUMENT);
    pab_config_free(cfg);
    pab_config_free(NULL);
}

/* A whole life of a configuration; stops at the first failure. */
static pab_status live(const pab_host *host)
{
    pab_config *cfg = NULL;
    static const char text[] = "preset: rmsc04\nagents: {noise: {count: 3}}\n";
    pab_status status = pab_config_new(host, &cfg);
    if (status == PAB_OK)
        status = pab_config_parse(cfg, text, sizeof text - 1, "pair.yaml");
    if (status == PAB_OK)
        status = pab_config_set(cfg, "agents.noise.count", "4");
    pab_config_free(cfg);
    return status;
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    pab_status status = PAB_E_MEMORY;
    int left = 0;
    for (; status == PAB_E_MEMORY && left < 1000; left++) {
        failing f;
        pab_host host = failing_host(&f, left, 0);
        status = live(&host);
        assert_int_equal(f.blocks, 0);
        assert_int_equal(f.bytes, 0);
    }
    assert_int_equal(status, PAB_OK);
    assert_true(left > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(later_settings_win),
        cmocka_unit_test(bad_texts_name_line_and_column_and_change_nothing),
        cmocka_unit_test(bad_overrides_name_the_key),
        cmocka_unit_test(sections_can_be_set_and_read_whole),
        cmocka_unit_test(one_quirk_can_be_laid_over_all),
        cmocka_unit_test(a_hostile_number_of_groups_is_refused_quickly),
        cmocka_unit_test(defaults_are_read_where_nothing_is_set),
        cmocka_unit_test(a_small_buffer_is_refused_and_the_length_returned),
        cmocka_unit_test(text_reads_back_as_the_same_scenario),
        cmocka_unit_test(a_saved_file_loads_as_the_same_scenario),
        cmocka_unit_test(missing_arguments_are_named),
        cmocka_unit_test(running_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
