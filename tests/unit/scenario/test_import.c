/* Recorded ABIDES runs as settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <dirent.h>
#include <pairsabides/pairsabides.h>

#include "../base/failing.h"
#include "scenario/scenario.h"

static const char *market_dir(void)
{
    static char path[512];
    const char *shared = getenv("PAB_SHARED");
    snprintf(path, sizeof path, "%s/golden/market", shared ? shared : PAB_SHARED_DIR);
    return path;
}

static void need_recordings(void)
{
    if (access(market_dir(), R_OK) != 0) {
        print_message("no recorded runs in %s (set PAB_SHARED)\n", market_dir());
        skip();
    }
}

static void fail_with_error(const char *what)
{
    char error[1024];
    pab_last_error(error, sizeof error);
    fail_msg("%s: %s", what, error);
}

static pab_config *import(const char *run)
{
    char path[1024];
    pab_config *cfg = NULL;
    snprintf(path, sizeof path, "%s/%s/scenario.json", market_dir(), run);
    assert_int_equal(pab_config_new(NULL, &cfg), PAB_OK);
    if (pab_config_import_abides(cfg, path) != PAB_OK)
        fail_with_error(run);
    return cfg;
}

static pab_scenario *freeze(const pab_config *cfg, const char *what)
{
    pab_scenario *scn = NULL;
    if (pab_scenario_new(cfg, &scn) != PAB_OK)
        fail_with_error(what);
    return scn;
}

static uint64_t fingerprint(const pab_config *cfg)
{
    pab_scenario *scn = freeze(cfg, "scenario");
    uint64_t value = scn->fingerprint;
    pab_scenario_free(scn);
    return value;
}

static void every_recorded_run_imports_and_survives_its_own_text(void **state)
{
    (void)state;
    need_recordings();
    DIR *dir = opendir(market_dir());
    assert_non_null(dir);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        static char text[65536];
        size_t len = 0;
        pab_config *cfg = import(entry->d_name), *again = NULL;
        assert_int_equal(pab_config_text(cfg, text, sizeof text, &len), PAB_OK);
        assert_int_equal(pab_config_new(NULL, &again), PAB_OK);
        if (pab_config_parse(again, text, len, "text") != PAB_OK)
            fail_with_error(entry->d_name);
        assert_true(fingerprint(cfg) == fingerprint(again));
        char name[256];
        assert_int_equal(pab_config_get(cfg, "name", name, sizeof name, NULL), PAB_OK);
        assert_string_equal(name, entry->d_name);
        pab_config_free(cfg);
        pab_config_free(again);
        count++;
    }
    closedir(dir);
    assert_true(count >= 14);
}

/* Laying the recorded close over a preset must give the recorded scenario. */
static void assert_preset_is(const char *preset, const char *run, const char *close)
{
    pab_config *recorded = import(run), *ours = NULL;
    assert_int_equal(pab_config_new(NULL, &ours), PAB_OK);
    assert_int_equal(pab_config_preset(ours, preset), PAB_OK);
    assert_int_equal(pab_config_set(ours, "clock.market_close", close), PAB_OK);
    if (fingerprint(recorded) != fingerprint(ours))
        fail_msg("%s is not %s", preset, run);
    pab_config_free(recorded);
    pab_config_free(ours);
}

static void presets_are_the_recorded_markets(void **state)
{
    (void)state;
    need_recordings();
    assert_preset_is("rmsc04", "rmsc04_s7_1600", "16:00:00");
    assert_preset_is("rmsc04", "rmsc04_s0_1000", "10:00:00");
    assert_preset_is("two_symbol", "two_symbol_s6_1000", "10:00:00");
    assert_preset_is("two_symbol", "two_symbol_s13_1000", "10:00:00");
    assert_preset_is("rmsc03", "rmsc03_s0_1000", "10:00:00");
    assert_preset_is("rmsc03", "rmsc03_s1_1000", "10:00:00");
}

static void variants_differ_only_in_what_they_set(void **state)
{
    (void)state;
    need_recordings();
    static const char *const variants[][2] = {
        {"rmsc04_cubic_s3_1000", "latency: {model: cubic}"},
        {"rmsc04_nolat_s4_1000", "latency: {model: none}"},
        {"rmsc04_submom_s5_1000", "agents: {momentum: {subscribe: true}}"},
        {"rmsc04_suball_s5_1000", "agents: {momentum: {subscribe: true}, market_maker: {subscribe: true}}"},
        {"rmsc04_mmfixed_s9_1000",
         "agents: {momentum: {poisson_arrival: false}, market_maker: {window_size: 20, anchor: top, num_ticks: 6, "
         "level_spacing: 0.5, poisson_arrival: false, skew_beta: 0.002, price_skew: 0, backstop_quantity: 500}}"},
    };
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        pab_config *recorded = import(variants[i][0]), *ours = NULL;
        assert_int_equal(pab_config_new(NULL, &ours), PAB_OK);
        assert_int_equal(pab_config_preset(ours, "rmsc04"), PAB_OK);
        assert_int_equal(pab_config_set(ours, "clock.market_close", "10:00:00"), PAB_OK);
        assert_true(fingerprint(recorded) != fingerprint(ours));
        assert_int_equal(pab_config_parse(ours, variants[i][1], strlen(variants[i][1]), "variant"), PAB_OK);
        if (fingerprint(recorded) != fingerprint(ours))
            fail_msg("%s differs elsewhere", variants[i][0]);
        pab_config_free(recorded);
        pab_config_free(ours);
    }
}

/* A recorded file with one piece of text exchanged, in a file of its own. */
static pab_status import_changed(const char *run, const char *from, const char *to, pab_config **out)
{
    static char text[65536], changed[65536];
    char path[1024], temp[] = "/tmp/pab_import_XXXXXX";
    snprintf(path, sizeof path, "%s/%s/scenario.json", market_dir(), run);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    char *at = strstr(text, from);
    assert_non_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    int fd = mkstemp(temp);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, changed, strlen(changed)), strlen(changed));
    close(fd);
    assert_int_equal(pab_config_new(NULL, out), PAB_OK);
    pab_status status = pab_config_import_abides(*out, temp);
    unlink(temp);
    return status;
}

static void every_parameter_is_taken_from_the_file(void **state)
{
    (void)state;
    need_recordings();
    static const char *const changes[][4] = {
        {"\"seed\": 7", "\"seed\": 4294967295", "seed", "4294967295"},
        {"\"order_size\": \"mixture\"", "\"order_size\": 37", "agents.noise.fixed_size", "37"},
        {"\"order_size\": \"mixture\"", "\"order_size\": \"randint_3_9_at_construction\"", "agents.noise.max_size",
         "9"},
        {"\"order_size\": \"mixture\"", "\"order_size\": \"randint_3_9_at_construction\"", "agents.noise.order_size",
         "per_agent"},
        {"\"window_size\": \"adaptive\"", "\"window_size\": 12", "agents.market_maker.window_size", "12"},
        {"\"price_skew_param\": 4", "\"price_skew_param\": null", "agents.market_maker.price_skew", "0"},
        {"\"r_bar\": 100000", "\"r_bar\": 123456.0", "symbols.ABM.oracle.r_bar", "123456"},
        {"\"kappa\": 1.67e-16", "\"kappa\": 1.6700000000000001e-16", "symbols.ABM.oracle.kappa",
         "1.6700000000000001e-16"},
        {"\"wake_up_freq_ns\": 60000000000", "\"wake_up_freq_ns\": 7200000000000", "exchange.volume_window", "2h"},
        {"\"pipeline_delay_ns\": 0", "\"pipeline_delay_ns\": 17", "exchange.pipeline_delay", "17ns"},
        {"\"default_computation_delay_ns\": 50", "\"default_computation_delay_ns\": 75", "clock.computation_delay",
         "75ns"},
        {"\"mkt_close_ns\": 1612540800000000000", "\"mkt_close_ns\": 1612540799000000000", "clock.market_close",
         "15:59:59"},
        {"\"mkt_close_ns\": 1612540800000000000", "\"mkt_close_ns\": 1612540799000000001", "clock.market_close",
         "1612540799000000001"},
        {"\"metres_per_ns\": 0.299792458", "\"metres_per_ns\": 1", "latency.metres_per_ns", "1"},
        {"\"seed\": 7", "\"seed\": 7", "clock.date", "2021-02-05"},
        {"\"type\": \"NoiseAgent\"", "\"type\": \"Other\"", "agents.noise.label", "Other"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        pab_config *cfg = NULL;
        char value[256];
        if (import_changed("rmsc04_s7_1600", changes[i][0], changes[i][1], &cfg) != PAB_OK)
            fail_with_error(changes[i][1]);
        assert_int_equal(pab_config_get(cfg, changes[i][2], value, sizeof value, NULL), PAB_OK);
        assert_string_equal(value, changes[i][3]);
        pab_scenario_free(freeze(cfg, changes[i][1]));
        pab_config_free(cfg);
    }
}

static void unknown_missing_or_wrong_keys_are_refused_by_name(void **state)
{
    (void)state;
    need_recordings();
    static const struct {
        const char *from, *to;
        pab_status code;
        const char *message;
    } cases[] = {
        {"\"seed\": 7", "\"seeds\": 7", PAB_E_KEY, ":5:2: the file has no key 'seeds'"},
        {" \"seed\": 7,\n", "", PAB_E_KEY, ":1:1: the file lacks the key 'seed'"},
        {"\"seed\": 7", "\"seed\": \"x\"", PAB_E_TYPE, ":5:10: seed: quoted 'x' found"},
        {"\"agent_count\": 1117", "\"agent_count\": 1118", PAB_E_RANGE, ":16:17: agent_count: 1118, but exchange"},
        {"\"first_id\": 1001", "\"first_id\": 1002", PAB_E_RANGE, ":49:16: first_id: 1002"},
        {"\"kind\": \"NoiseAgent\"", "\"kind\": \"Noise\"", PAB_E_KEY, ":39:3: groups: the kind of agent 'Noise'"},
        {"   \"lambda_a\": 5.7e-12,\n", "", PAB_E_KEY, ":48:3: value lacks the key 'lambda_a'"},
        {"\"lambda_a\"", "\"lambda_b\"", PAB_E_KEY, ":59:4: value has no key 'lambda_b'"},
        {"\"pov\": 0.025", "\"pov\": NaN", PAB_E_RANGE, ":71:11: agents.market_maker.pov: NaN is out of range"},
        {"\"anchor\": \"middle\"", "\"anchor\": \"left\"", PAB_E_TYPE, ":74:14: agents.market_maker.anchor: 'left'"},
        {"\"order_size\": \"mixture\"", "\"order_size\": \"some\"", PAB_E_TYPE, ":46:18: order_size: 'some'"},
        {"\"model\": \"deterministic\"", "\"model\": \"quantum\"", PAB_E_TYPE, ":108:12: latency.model: 'quantum'"},
        {"\"model\": \"deterministic\",", "", PAB_E_KEY, ":107:13: latency lacks the key 'model'"},
        {"\"id\": 0", "\"id\": 1", PAB_E_RANGE, ":21:9: exchange.id: 1"},
        {"\"ABM\"\n ]", "\"ABN\"\n ]", PAB_E_KEY, ":18:3: symbols: 'ABN'"},
        {"\"symbols\": [\n  \"ABM\"\n ]", "\"symbols\": 5", PAB_E_TYPE, ":17:13: symbols: expected a list"},
        {"\"dist\": \"lognormal\"", "\"dist\": \"flat\"", PAB_E_TYPE, ":115:13: order_size_mixture.components[0].dist"},
        {"\"weights\"", "\"weight\"", PAB_E_KEY, ":112:24: order_size_mixture lacks the key 'weights'"},
        {"{", "[{", PAB_E_SYNTAX, ":"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pab_config *cfg = NULL;
        char error[1024], text[16];
        pab_status status = import_changed("rmsc04_s7_1600", cases[i].from, cases[i].to, &cfg);
        pab_last_error(error, sizeof error);
        if (status != cases[i].code || !strstr(error, cases[i].message))
            fail_msg("%s: got %s \"%s\", expected \"%s\"", cases[i].to, pab_status_name(status), error,
                     cases[i].message);
        assert_int_equal(pab_config_text(cfg, text, sizeof text, NULL), PAB_OK);
        assert_string_equal(text, "{}\n");
        pab_config_free(cfg);
    }
}

static void groups_of_one_kind_are_distinguished_by_symbol(void **state)
{
    (void)state;
    need_recordings();
    pab_config *cfg = import("two_symbol_s13_1000");
    char value[64];
    assert_int_equal(pab_config_get(cfg, "agents.value_BBB.r_bar", value, sizeof value, NULL), PAB_OK);
    assert_string_equal(value, "60000");
    pab_config_free(cfg);
    cfg = import("rmsc03_s0_1000");
    pab_scenario *scn = freeze(cfg, "rmsc03");
    assert_string_equal(scn->groups[4].name, "idle");
    assert_int_equal(scn->groups[4].symbol, -1);
    assert_int_equal(scn->groups[3].common.size_kind, PAB__SIZE_PER_AGENT);
    assert_int_equal(scn->groups[3].common.size_max, 10);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    need_recordings();
    char path[1024];
    snprintf(path, sizeof path, "%s/two_symbol_s6_1000/scenario.json", market_dir());
    pab_status status = PAB_E_MEMORY;
    int left = 0;
    for (; status == PAB_E_MEMORY && left < 1000; left++) {
        failing f;
        pab_host host = failing_host(&f, left, 0);
        pab_config *cfg = NULL;
        status = pab_config_new(&host, &cfg);
        if (status == PAB_OK)
            status = pab_config_import_abides(cfg, path);
        pab_config_free(cfg);
        assert_int_equal(f.blocks, 0);
        assert_int_equal(f.bytes, 0);
    }
    assert_int_equal(status, PAB_OK);
    assert_true(left > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_run_imports_and_survives_its_own_text),
        cmocka_unit_test(presets_are_the_recorded_markets),
        cmocka_unit_test(variants_differ_only_in_what_they_set),
        cmocka_unit_test(every_parameter_is_taken_from_the_file),
        cmocka_unit_test(unknown_missing_or_wrong_keys_are_refused_by_name),
        cmocka_unit_test(groups_of_one_kind_are_distinguished_by_symbol),
        cmocka_unit_test(running_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
