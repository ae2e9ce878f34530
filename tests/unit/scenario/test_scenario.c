/* Freezing a configuration: what it becomes, what it refuses, and what its fingerprint tells apart. */
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
#include "scenario/scenario.h"

static pab_config *config(const char *preset)
{
    pab_config *cfg = NULL;
    assert_int_equal(pab_config_new(NULL, &cfg), PAB_OK);
    if (preset)
        assert_int_equal(pab_config_preset(cfg, preset), PAB_OK);
    return cfg;
}

static void set(pab_config *cfg, const char *key, const char *value)
{
    if (pab_config_set(cfg, key, value) != PAB_OK) {
        char error[1024];
        pab_last_error(error, sizeof error);
        fail_msg("%s", error);
    }
}

static pab_scenario *freeze(const pab_config *cfg)
{
    pab_scenario *scn = NULL;
    if (pab_scenario_new(cfg, &scn) != PAB_OK) {
        char error[1024];
        pab_last_error(error, sizeof error);
        fail_msg("%s", error);
    }
    return scn;
}

static uint64_t fingerprint(const pab_config *cfg)
{
    pab_scenario *scn = freeze(cfg);
    uint64_t value = scn->fingerprint;
    pab_scenario_free(scn);
    return value;
}

static void assert_refused(const pab_config *cfg, pab_status code, const char *message)
{
    pab_scenario *scn = NULL;
    char error[1024];
    pab_status status = pab_scenario_new(cfg, &scn);
    assert_null(scn);
    assert_string_equal(pab_status_name(status), pab_status_name(code));
    pab_last_error(error, sizeof error);
    if (strncmp(error, message, strlen(message)) != 0)
        fail_msg("got \"%s\", expected \"%s\"", error, message);
}

static void a_preset_becomes_what_it_says(void **state)
{
    (void)state;
    pab_config *cfg = config("rmsc04");
    pab_scenario *scn = freeze(cfg);
    pab_config_free(cfg);
    assert_int_equal(scn->clock.date, 1612483200000000000);
    assert_int_equal(scn->clock.market_open, 1612517400000000000);
    assert_int_equal(scn->clock.market_close, 1612540800000000000);
    assert_int_equal(scn->clock.kernel_stop, 1612540801000000000);
    assert_int_equal(scn->clock.noise_open, 1612515600000000000);
    assert_int_equal(scn->agent_count, 1117);
    assert_int_equal(scn->group_count, 4);
    assert_int_equal(scn->quirks, PAB_QUIRKS_ABIDES);
    assert_true(scn->symbols[0].oracle.kappa == 1.67e-16);
    assert_true(scn->latency.line_length == 3866660.0);
    assert_int_equal(scn->mixture.count, 11);
    assert_int_equal(scn->mixture.part[0].lognormal, 1);
    assert_true(scn->mixture.part[10].mu == 1000.0);
    assert_true(scn->mixture.cdf[10] == 1.0);
    assert_int_equal(scn->group_of[0], UINT16_MAX);
    assert_int_equal(scn->group_of[1], 0);
    assert_int_equal(scn->group_of[1103], 2);
    assert_int_equal(scn->group_of[1116], 3);
    pab_group_info group = {.struct_size = sizeof group};
    assert_int_equal(pab_scenario_group(scn, 2, &group), PAB_OK);
    assert_string_equal(group.name, "market_maker");
    assert_string_equal(group.label, "AdaptivePOVMarketMakerAgent");
    assert_int_equal(group.first_id, 1103);
    assert_int_equal(group.count, 2);
    assert_int_equal(pab_scenario_group(scn, 4, &group), PAB_E_RANGE);
    assert_string_equal(pab_scenario_symbol(scn, 0), "ABM");
    assert_null(pab_scenario_symbol(scn, 1));
    pab_scenario_free(scn);
}

static void rmsc03_differs_where_it_should(void **state)
{
    (void)state;
    pab_config *cfg = config("rmsc03");
    pab_scenario *scn = freeze(cfg);
    assert_int_equal(scn->clock.date, 1591142400000000000);
    assert_int_equal(scn->clock.kernel_stop - scn->clock.market_close, 60000000000);
    assert_int_equal(scn->clock.oracle_close, scn->clock.market_close);
    assert_int_equal(scn->groups[0].common.size_kind, PAB__SIZE_PER_AGENT);
    assert_int_equal(scn->groups[0].common.size_max, 50);
    assert_int_equal(scn->groups[4].symbol, -1);
    assert_int_equal(scn->agent_count, 5129);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static void a_shorter_day_moves_what_hangs_on_the_close(void **state)
{
    (void)state;
    pab_config *cfg = config("rmsc04");
    set(cfg, "clock.market_close", "10:00:00");
    pab_scenario *scn = freeze(cfg);
    assert_int_equal(scn->clock.market_close, 1612519200000000000);
    assert_int_equal(scn->clock.kernel_stop, 1612519201000000000);
    assert_int_equal(scn->clock.noise_close, 1612540800000000000);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

/* One override of rmsc04 that single keys allow and the whole does not. */
typedef struct clash {
    const char *key, *value;
    pab_status code;
    const char *message;
} clash;

static void keys_that_clash_are_named(void **state)
{
    (void)state;
    static const clash cases[] = {
        {"clock.market_close", "09:30:00", PAB_E_RANGE,
         "clock.market_close (2021-02-05 09:30:00) must come after clock.market_open"},
        {"clock.kernel_stop", "1612483199999999999", PAB_E_RANGE,
         "clock.kernel_stop (2021-02-04 23:59:59.999999999) must not"},
        {"clock.kernel_start", "10:00:00", PAB_E_RANGE, "preset rmsc04:4:40: clock.market_open"},
        {"clock.noise_open", "17:00:00", PAB_E_RANGE, "preset rmsc04:5:73: clock.noise_close"},
        {"clock.oracle_close", "open", PAB_E_RANGE, "clock.oracle_close"},
        {"clock.market_open", "close - 1h", PAB_E_TYPE, "clock.market_open: 'close - 1h' is not usable"},
        {"clock.noise_open", "open - 999999h", PAB_E_RANGE, "clock.noise_open is before 1970"},
        {"clock.kernel_stop", "9000000000000000000", PAB_E_RANGE, "clock: the run ends after"},
        {"latency.metres_per_ns", "0.000001", PAB_OK, ""},
        {"latency", "{line_length: 1e12, metres_per_ns: 1e-6}", PAB_E_RANGE,
         "preset rmsc04:22:10: latency: the longest"},
        {"symbols.ABM.exchange", "1", PAB_E_RANGE, "symbols.ABM.exchange: there is no exchange 1"},
        {"symbols.ABM.oracle.kappa", "0", PAB_E_RANGE, "symbols.ABM.oracle.kappa: 0 is out of range"},
        {"symbols.ABM.oracle.kind", "none", PAB_E_RANGE,
         "preset rmsc04:14:10: agents.value: value agents need an oracle"},
        {"symbols.ABM.oracle.kind", "series", PAB_E_KEY, "preset rmsc04:"},
        {"symbols.ABM", "null", PAB_E_KEY, "preset rmsc04:9:3: symbols: a market needs"},
        {"agents.noise.symbol", "XYZ", PAB_E_KEY, "agents.noise.symbol: there is no symbol 'XYZ'"},
        {"agents.noise.symbol", "", PAB_E_KEY, "preset rmsc04:13:10: agents.noise.symbol is required"},
        {"agents.noise", "{order_size: per_agent, min_size: 5, max_size: 5}", PAB_E_RANGE,
         "preset rmsc04:13:10: agents.noise.min_size (5) must be below agents.noise.max_size (5)"},
        {"agents.more", "{count: 5}", PAB_E_KEY, "agents.more:1:1: agents.more.type is required"},
        {"agents.noise.count", "1000000", PAB_E_RANGE, "preset rmsc04:13:3: agents: more than 1000000 agents"},
        {"agents.market_maker.wake_up_freq", "61min", PAB_E_RANGE,
         "agents.market_maker.wake_up_freq (3660 s)"},
        {"seed", "4294967296", PAB_E_RANGE, "seed: 4294967296 is out of range"},
        {"order_size_mixture.weights", "[1, 2]", PAB_E_RANGE, "order_size_mixture.weights:1:1: order_size_mixture.wei"},
        {"order_size_mixture", "{components: [{dist: normal, mu: 1}], weights: [1]}", PAB_E_KEY,
         "order_size_mixture:1:15: order_size_mixture.components[0].sigma is required"},
        {"order_size_mixture", "{components: [{dist: normal, mu: 1, sigma: 0}], weights: [0]}", PAB_E_RANGE,
         "order_size_mixture:1:58: order_size_mixture.weights: all are 0"},
        {"order_size_mixture.components", "[]", PAB_E_RANGE,
         "order_size_mixture.components:1:1: order_size_mixture.co"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pab_config *cfg = config("rmsc04");
        set(cfg, cases[i].key, cases[i].value);
        if (cases[i].code == PAB_OK)
            pab_scenario_free(freeze(cfg));
        else
            assert_refused(cfg, cases[i].code, cases[i].message);
        pab_config_free(cfg);
    }
}

static void a_market_needs_agents(void **state)
{
    (void)state;
    pab_config *cfg = config(NULL);
    assert_refused(cfg, PAB_E_KEY, "symbols: a market needs");
    set(cfg, "symbols.ABM", "{}");
    assert_refused(cfg, PAB_E_KEY, "agents: a market needs");
    set(cfg, "agents.none", "{type: idle, count: 0}");
    assert_refused(cfg, PAB_E_RANGE, "agents: the counts add up to 0");
    set(cfg, "agents.none.count", "1");
    pab_scenario_free(freeze(cfg));
    pab_config_free(cfg);
}

static void too_many_groups_are_refused(void **state)
{
    (void)state;
    enum { COUNT = 65535 };
    char *text = malloc(COUNT * 24 + 64), *at = text;
    assert_non_null(text);
    at += sprintf(at, "symbols: {A: {}}\nagents:\n");
    for (int i = 0; i < COUNT; i++)
        at += sprintf(at, "  g%d: {type: idle}\n", i);
    pab_config *cfg = config(NULL);
    assert_int_equal(pab_config_parse(cfg, text, (size_t)(at - text), "many.yaml"), PAB_OK);
    assert_refused(cfg, PAB_E_CAPACITY, "many.yaml:3:3: agents: 65535 groups given, at most 65534");
    free(text);
    pab_config_free(cfg);
}

static void the_fingerprint_ignores_what_cannot_matter(void **state)
{
    (void)state;
    pab_config *cfg = config("rmsc04");
    uint64_t before = fingerprint(cfg);
    set(cfg, "name", "other");
    set(cfg, "seed", "77");
    set(cfg, "exchange.stream_history", "1");
    set(cfg, "agents.noise.label", "Trader");
    set(cfg, "agents.market_maker.wake_up_freq", "1min");
    set(cfg, "symbols.ABM.oracle.fund_vol", "0.00005");
    assert_true(fingerprint(cfg) == before);
    pab_config_free(cfg);
}

static void a_tick_is_a_cent_unless_the_scenario_says(void **state)
{
    (void)state;
    static const struct {
        const char *preset, *value;
        double worth;
    } cases[] = {{"rmsc04", NULL, 0.01}, {"rmsc04", "0.01", 0.01}, {"rmsc03", "0.25", 0.25}, {"pair", NULL, 0.001}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pab_config *cfg = config(cases[i].preset);
        pab_scenario *scn;
        pab_scenario_info info = {.struct_size = sizeof info};
        if (cases[i].value)
            set(cfg, "exchange.tick_value", cases[i].value);
        assert_int_equal(pab_scenario_new(cfg, &scn), PAB_OK);
        assert_int_equal(pab_scenario_describe(scn, &info), PAB_OK);
        assert_true(info.tick_value == cases[i].worth);
        pab_scenario_free(scn);
        pab_config_free(cfg);
    }
    pab_config *cfg = config("rmsc04");
    assert_int_equal(pab_config_set(cfg, "exchange.tick_value", "0"), PAB_E_RANGE);
    uint64_t before = fingerprint(cfg);
    set(cfg, "exchange.tick_value", "0.01");
    assert_true(fingerprint(cfg) == before);
    pab_config_free(cfg);
}

static void the_fingerprint_sees_what_matters(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"clock.market_close", "15:00:00"}, {"clock.computation_delay", "51ns"}, {"exchange.pipeline_delay", "1ns"},
        {"exchange.tick_value", "0.001"},
        {"symbols.ABM.oracle.kappa", "1.68e-16"}, {"agents.noise.count", "999"}, {"agents.noise.starting_cash", "1"},
        {"agents.value.lambda_a", "5.8e-12"}, {"agents.market_maker.anchor", "top"},
        {"agents.momentum.poisson_arrival", "false"}, {"latency.model", "cubic"}, {"quirks.wake_grid", "false"},
        {"order_size_mixture.weights",
         "[0.3, 0.7, 0.06, 0.004, 0.0329, 0.001, 0.0006, 0.0004, 0.0005, 0.0003, 0.0003]"},
        {"rng", "fast"}, {"agents.extra", "{type: idle}"}, {"symbols.XYZ", "{}"}, {"agents.momentum", "null"},
    };
    pab_config *cfg = config("rmsc04");
    uint64_t seen[sizeof changes / sizeof *changes + 1] = {fingerprint(cfg)};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        assert_int_equal(pab_config_preset(cfg, "rmsc04"), PAB_OK);
        set(cfg, changes[i][0], changes[i][1]);
        seen[i + 1] = fingerprint(cfg);
        for (size_t k = 0; k <= i; k++)
            assert_true(seen[k] != seen[i + 1]);
    }
    pab_config_free(cfg);
}

/* A caller's own agent type. */
typedef struct probe_params {
    double gain;
    int64_t delay, at;
    int32_t mode, on;
    char note[PAB_PARAM_TEXT_SIZE];
} probe_params;

static const pab_param probe_rows[] = {
    {"gain", PAB_PARAM_REAL, offsetof(probe_params, gain), "", "0.5", 0, 1, NULL, "Gain"},
    {"delay", PAB_PARAM_DURATION, offsetof(probe_params, delay), "ns", "2ms", 0, 1e12, NULL, "Delay"},
    {"at", PAB_PARAM_TIME, offsetof(probe_params, at), "ns", "open + 1s", 0, 0, NULL, "When"},
    {"mode", PAB_PARAM_CHOICE, offsetof(probe_params, mode), "", NULL, 0, 0, "calm|wild", "Mode"},
    {"on", PAB_PARAM_BOOL, offsetof(probe_params, on), "", "true", 0, 1, NULL, "On"},
    {"note", PAB_PARAM_TEXT, offsetof(probe_params, note), "", "", 0, 0, NULL, "Note"},
};

static pab_agent_type probe_type(void)
{
    pab_agent_type type;
    assert_int_equal(pab_agent_type_init(&type, sizeof type), PAB_OK);
    type.name = "probe";
    type.label = "ProbeAgent";
    type.params = probe_rows;
    type.params_count = sizeof probe_rows / sizeof *probe_rows;
    type.params_size = sizeof(probe_params);
    return type;
}

static void a_callers_type_takes_its_parameters(void **state)
{
    (void)state;
    pab_config *cfg = config("rmsc04");
    pab_agent_type type = probe_type();
    assert_int_equal(pab_config_add_agent_type(cfg, &type), PAB_OK);
    assert_int_equal(pab_config_add_agent_type(cfg, &type), PAB_E_ARGUMENT);
    set(cfg, "agents.probe", "{type: probe, count: 2, gain: 0.25, note: hello}");
    assert_refused(cfg, PAB_E_KEY, "agents.probe:1:1: agents.probe.mode is required");
    set(cfg, "agents.probe.mode", "wild");
    assert_int_equal(pab_config_set(cfg, "agents.probe.gain", "2"), PAB_E_RANGE);
    pab_scenario *scn = freeze(cfg);
    const probe_params *p = scn->groups[4].params;
    assert_true(p->gain == 0.25);
    assert_int_equal(p->delay, 2000000);
    assert_int_equal(p->at, scn->clock.market_open + 1000000000);
    assert_int_equal(p->mode, 1);
    assert_int_equal(p->on, 1);
    assert_string_equal(p->note, "hello");
    assert_string_equal(scn->groups[4].label, "ProbeAgent");
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static void a_faulty_type_is_refused(void **state)
{
    (void)state;
    pab_config *cfg = config(NULL);
    pab_param rows[2] = {probe_rows[0], probe_rows[1]};
    pab_agent_type type = probe_type();
    type.params = rows;
    type.params_count = 2;
    type.name = "two words";
    assert_int_equal(pab_config_add_agent_type(cfg, &type), PAB_E_ARGUMENT);
    type.name = "noise";
    assert_int_equal(pab_config_add_agent_type(cfg, &type), PAB_E_ARGUMENT);
    type.name = "probe";
    const pab_param cases[] = {{"gain", 99, 0, "", "0", 0, 1, NULL, ""},
                               {"gain", PAB_PARAM_REAL, sizeof(probe_params), "", "0", 0, 1, NULL, ""},
                               {"gain", PAB_PARAM_REAL, 4, "", "0", 0, 1, NULL, ""},
                               {"gain", PAB_PARAM_REAL, 0, "", "2", 0, 1, NULL, ""},
                               {"gain", PAB_PARAM_REAL, 0, "", "0", 1, 0, NULL, ""},
                               {"count", PAB_PARAM_REAL, 0, "", "0", 0, 1, NULL, ""},
                               {"delay", PAB_PARAM_REAL, 0, "", "0", 0, 1, NULL, ""},
                               {"gain", PAB_PARAM_CHOICE, 0, "", "a", 0, 1, NULL, ""},
                               {NULL, PAB_PARAM_REAL, 0, "", "0", 0, 1, NULL, ""},
                               {"gain", PAB_PARAM_REAL, 0, NULL, "0", 0, 1, NULL, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rows[0] = cases[i];
        assert_int_equal(pab_config_add_agent_type(cfg, &type), PAB_E_ARGUMENT);
    }
    rows[0] = probe_rows[0];
    assert_int_equal(pab_config_add_agent_type(cfg, &type), PAB_OK);
    pab_config_free(cfg);
}

static char series_path[] = "/tmp/pab_series_XXXXXX";

static void write_series(const char *text)
{
    FILE *file = fopen(series_path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_series(void **state)
{
    (void)state;
    int fd = mkstemp(series_path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_series(void **state)
{
    (void)state;
    int result = unlink(series_path);
    strcpy(series_path + sizeof series_path - 7, "XXXXXX");
    return result;
}

static pab_config *series_config(void)
{
    pab_config *cfg = config("rmsc04");
    set(cfg, "symbols.ABM.oracle.kind", "series");
    set(cfg, "symbols.ABM.oracle.file", series_path);
    set(cfg, "symbols.ABM.oracle.column", "mid");
    return cfg;
}

#define DAY "16125246000000000" /* 2021-02-05 11:30, two digits short of ns */

static void a_series_is_found_by_column_name(void **state)
{
    (void)state;
    pab_config *cfg = series_config();
    write_series("mid,other,time_ns\n100.5,x," DAY "10\r\n101.5,," DAY "20\n99,y," DAY "30");
    pab_scenario *scn = freeze(cfg);
    const pab__series *series = &scn->symbols[0].series;
    assert_int_equal(series->count, 3);
    assert_int_equal(series->times[1], INT64_C(1612524600000000020));
    assert_int_equal(series->values[0], 100);
    assert_int_equal(series->values[1], 102);
    assert_int_equal(series->values[2], 99);
    uint64_t one = scn->fingerprint;
    pab_scenario_free(scn);
    write_series("time_ns,mid\n" DAY "10,100\n" DAY "20,102\n" DAY "30,99\n");
    assert_true(fingerprint(cfg) == one);
    write_series("time_ns,mid\n" DAY "10,100\n" DAY "20,102\n" DAY "30,98\n");
    assert_true(fingerprint(cfg) != one);
    pab_config_free(cfg);
}

static void a_bad_series_names_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        pab_status code;
        const char *where;
    } cases[] = {
        {"", PAB_E_SYNTAX, ": no rows"},
        {"time_ns,mid\n", PAB_E_SYNTAX, ": no rows"},
        {"time,mid\n1,2\n", PAB_E_KEY, ":1: the header has no column 'time_ns'"},
        {"time_ns,mit\n1,2\n", PAB_E_KEY, ":1: the header has no column 'mid'"},
        {"time_ns,mid\n1,2\n3\n", PAB_E_SYNTAX, ":3: 1 fields, the header has 2"},
        {"time_ns,mid\n1,2\n3,4,5\n", PAB_E_SYNTAX, ":3: 3 fields"},
        {"time_ns,mid\n1,2\n1,4\n", PAB_E_RANGE, ":3: time_ns 1 (00:00:00.000000001) does not come after"},
        {"time_ns,mid\n1,2\nx,4\n", PAB_E_TYPE, ":3:1: time_ns: 'x'"},
        {"time_ns,mid\n1,2\n2,nan\n", PAB_E_RANGE, ":3:3: value: nan"},
        {"time_ns,mid\n1,2\n2,-4\n", PAB_E_RANGE, ":3:3: value: -4"},
        {"time_ns,mid\n1,2\n2,\n", PAB_E_TYPE, ":3:3: value: nothing"},
    };
    pab_config *cfg = series_config();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[256];
        write_series(cases[i].text);
        snprintf(message, sizeof message, "%s%s", series_path, cases[i].where);
        if (strcmp(cases[i].where, ":3") == 0)
            assert_int_not_equal(pab_scenario_new(cfg, &(pab_scenario *){NULL}), PAB_OK);
        else
            assert_refused(cfg, cases[i].code, message);
    }
    set(cfg, "symbols.ABM.oracle.file", "/nowhere/at/all.csv");
    assert_refused(cfg, PAB_E_IO, "cannot open '/nowhere/at/all.csv'");
    pab_config_free(cfg);
}

static void references_keep_a_scenario(void **state)
{
    (void)state;
    pab_config *cfg = config("rmsc04");
    pab_scenario *scn = freeze(cfg);
    assert_ptr_equal(pab__scenario_ref(scn), scn);
    pab_scenario_free(scn);
    assert_string_equal(pab_scenario_symbol(scn, 0), "ABM");
    pab_scenario_free(scn);
    pab_scenario_free(NULL);
    pab_config_free(cfg);
}

static pab_status live(const pab_host *host)
{
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_agent_type type = probe_type();
    pab_status status = pab_config_new(host, &cfg);
    if (status == PAB_OK)
        status = pab_config_preset(cfg, "two_symbol");
    if (status == PAB_OK)
        status = pab_config_add_agent_type(cfg, &type);
    if (status == PAB_OK)
        status = pab_config_set(cfg, "agents.probe", "{type: probe, mode: calm}");
    char oracle[256];
    snprintf(oracle, sizeof oracle, "{kind: series, column: mid, file: %s}", series_path);
    if (status == PAB_OK)
        status = pab_config_set(cfg, "symbols.BBB.oracle", oracle);
    if (status == PAB_OK)
        status = pab_scenario_new(cfg, &scn);
    pab_scenario_free(scn);
    pab_config_free(cfg);
    return status;
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    write_series("time_ns,mid\n" DAY "10,100\n" DAY "20,102\n");
    for (int sticky = 0; sticky < 2; sticky++) {
        pab_status status = PAB_E_MEMORY;
        int left = 0;
        for (; status == PAB_E_MEMORY && left < 1000; left++) {
            failing f;
            pab_host host = failing_host(&f, left, sticky);
            status = live(&host);
            assert_int_equal(f.blocks, 0);
            assert_int_equal(f.bytes, 0);
        }
        assert_int_equal(status, PAB_OK);
        assert_true(left > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_preset_becomes_what_it_says),
        cmocka_unit_test(rmsc03_differs_where_it_should),
        cmocka_unit_test(a_shorter_day_moves_what_hangs_on_the_close),
        cmocka_unit_test(keys_that_clash_are_named),
        cmocka_unit_test(a_market_needs_agents),
        cmocka_unit_test(too_many_groups_are_refused),
        cmocka_unit_test(the_fingerprint_ignores_what_cannot_matter),
        cmocka_unit_test(a_tick_is_a_cent_unless_the_scenario_says),
        cmocka_unit_test(the_fingerprint_sees_what_matters),
        cmocka_unit_test(a_callers_type_takes_its_parameters),
        cmocka_unit_test(a_faulty_type_is_refused),
        cmocka_unit_test_setup_teardown(a_series_is_found_by_column_name, make_series, remove_series),
        cmocka_unit_test_setup_teardown(a_bad_series_names_its_line, make_series, remove_series),
        cmocka_unit_test(references_keep_a_scenario),
        cmocka_unit_test_setup_teardown(running_out_of_memory_leaks_nothing, make_series, remove_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
