/* What callers and files can get wrong: the right code, a sentence that names the fault, nothing changed, no leak. */
#include "../base/failing.h"
#include "lab.h"

#include "scenario/scenario.h"

/* --- scenarios --- */

typedef struct fault {
    const char *yaml;
    pab_status code;
    const char *text; /* in the error */
} fault;

static const fault faults[] = {
    {"clock: {market_open: [1, 2]}", PAB_E_TYPE, "market_open"},
    {"clock: {market_open: '10:00:00'", PAB_E_SYNTAX, "input:"},
    {"clock:\n  market_opens: '10:00:00'", PAB_E_KEY, "input:2:3"},
    {"colour: blue", PAB_E_KEY, "colour"},
    {"rng: fastest", PAB_E_TYPE, "fastest"},
    {"seed: -1", PAB_E_RANGE, "seed"},
    {"seed: 1.5", PAB_E_TYPE, "seed"},
    {"clock: {computation_delay: -50ns}", PAB_E_RANGE, "computation_delay"},
    {"clock: {computation_delay: 50 parsecs}", PAB_E_TYPE, "computation_delay"},
    {"exchange: {pipeline_delay: -1}", PAB_E_RANGE, "pipeline_delay"},
    {"latency: {metres_per_ns: .nan}", PAB_E_RANGE, "metres_per_ns"},
    {"latency: {metres_per_ns: -1}", PAB_E_RANGE, "metres_per_ns"},
    {"latency: {line_length: -5}", PAB_E_RANGE, "line_length"},
    {"latency: {model: carrier_pigeon}", PAB_E_TYPE, "carrier_pigeon"},
    {"agents: {noise: {count: 1000000000000}}", PAB_E_RANGE, "count"},
    {"agents: {noise: {count: -1}}", PAB_E_RANGE, "count"},
    {"agents: {noise: {count: ten}}", PAB_E_TYPE, "count"},
    {"agents: {value: {kappa: .nan}}", PAB_E_RANGE, "kappa"},
    {"agents: {value: {kappa: .inf}}", PAB_E_RANGE, "kappa"},
    {"agents: {value: {kappa: 1e999}}", PAB_E_RANGE, "kappa"},
    {"agents: {value: {sigma_n: -1}}", PAB_E_RANGE, "sigma_n"},
    {"agents: {value: {temper: 3}}", PAB_E_KEY, "temper"},
    {"agents: {ghost: {type: ghost, symbol: ABM}}", PAB_E_KEY, "ghost"},
    {"agents: {ghost: {symbol: ABM}}", PAB_E_KEY, "type"},
    {"agents: {noise: {symbol: XYZ}}", PAB_E_KEY, "XYZ"},
    {"symbols: {ABM: {oracle: {kind: crystal_ball}}}", PAB_E_TYPE, "crystal_ball"},
    {"symbols: {ABM: {oracle: {fund_vol: -0.1}}}", PAB_E_RANGE, "fund_vol"},
    {"symbols: {ABM: {oracle: {kind: series}}}", PAB_E_KEY, "file"},
    {"symbols: {ABM: {oracle: {kind: series, file: no/such.csv}}}", PAB_E_IO, "no/such.csv"},
    {"quirks: {late_entries: true}", PAB_E_KEY, "late_entries"},
    {"quirks: {late_entry: perhaps}", PAB_E_TYPE, "late_entry"},
    {"quirks: some", PAB_E_TYPE, "quirks"},
    {"clock: {market_close: '09:00:00'}", PAB_E_RANGE, "market_close"},
    {"clock: {kernel_stop: open - 10h}", PAB_E_RANGE, "kernel_stop"},
    {"order_size_mixture: {weights: [0.5, -0.5]}", PAB_E_RANGE, "weights"},
    {"preset: rmsc05", PAB_E_KEY, "rmsc05"},
    {"&anchor seed: 1", PAB_E_SYNTAX, "input:"},
    {"seed: 1\nseed: 2", PAB_E_SYNTAX, "seed"},
    {"\xff\xfe\x00", PAB_E_SYNTAX, "input"},
};

static size_t text_of(const pab_config *cfg, char *buf, size_t cap)
{
    size_t len = 0;
    must(pab_config_text(cfg, buf, cap, &len));
    return len;
}

/* Refused when it is read, or else when the scenario is made; the configuration is as it was, or as it was read. */
static void check_fault(const fault *f)
{
    static char before[16384], after[16384];
    pab_config *cfg = NULL;
    pab_scenario *scn = (pab_scenario *)(void *)&cfg; /* must stay as it is */
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "rmsc04"));
    size_t len = text_of(cfg, before, sizeof before);
    pab_status status = pab_config_parse(cfg, f->yaml, strlen(f->yaml), "input");
    if (status != PAB_OK) {
        assert_int_equal(text_of(cfg, after, sizeof after), len);
        assert_memory_equal(before, after, len);
        pab_config_parse(cfg, f->yaml, strlen(f->yaml), "input");
    } else {
        status = pab_scenario_new(cfg, &scn);
        if (status == PAB_OK)
            fail_msg("%s: was taken", f->yaml);
        assert_ptr_equal(scn, (void *)&cfg);
    }
    char text[512] = "";
    pab_last_error(text, sizeof text);
    if (status != f->code || !strstr(text, f->text))
        fail_msg("%s: %s \"%s\", expected %s with \"%s\"", f->yaml, pab_status_name(status), text,
                 pab_status_name(f->code), f->text);
    pab_config_free(cfg);
}

static void faulty_scenarios_are_named_and_change_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        check_fault(&faults[i]);
}

/* --- calls --- */

static void a_run_ends_on_the_scenarios_day_and_not_in_the_past(void **state)
{
    pab_market *m;
    pab_scenario *scn;
    pab_config *cfg;
    uint64_t before, after;
    (void)state;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "rmsc04"));
    must(pab_config_set(cfg, "clock.market_close", "09:45:00"));
    must(pab_scenario_new(cfg, &scn));
    must(pab_market_new(scn, &m));
    must(pab_market_reset(m, 1));
    const int64_t day = scn->clock.date, minute = 60 * LAB_SECOND;
    must(pab_market_run(m, scn->clock.market_open + minute, NULL));
    must(pab_market_hash(m, &before));
    const struct {
        int64_t until;
        const char *text;
    } bad[] = {
        {0, "until is 00:00:00 (0 ns), expected a time on the scenario's day, 2021-02-05"},
        {34200 * LAB_SECOND, "until is 09:30:00 (34200000000000 ns)"},
        {day - 1, "until is 2021-02-04 23:59:59.999999999"},
        {day + 25 * 60 * minute, "until is 2021-02-06 01:00:00"},
        {INT64_MIN, "expected a time on the scenario's day"},
        {scn->clock.market_open, "until is 2021-02-05 09:30:00, expected no time before 2021-02-05 09:30:5"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(pab_market_run(m, bad[i].until, NULL), PAB_E_RANGE, bad[i].text);
    must(pab_market_hash(m, &after));
    assert_true(before == after);
    must(pab_market_run(m, INT64_MAX, NULL));
    must(pab_market_run(m, scn->clock.kernel_stop, NULL)); /* over is over */
    pab_market_free(m);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static void calls_without_arguments_are_named(void **state)
{
    pab_market *m = NULL;
    pab_scenario *scn = NULL;
    pab_config *cfg = NULL;
    pab_level level;
    pab_market_counters small = {.struct_size = 4};
    pab_agent_info a = {.struct_size = sizeof a};
    pab_symbol_info s = {.struct_size = sizeof s};
    uint64_t hash;
    char byte = 0;
    (void)state;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "rmsc04"));
    must(pab_scenario_new(cfg, &scn));
    assert_int_equal(pab_market_new(NULL, &m), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_new(scn, NULL), PAB_E_ARGUMENT);
    must(pab_market_new(scn, &m));
    assert_int_equal(pab_market_run(m, 0, NULL), PAB_E_STATE);
    lab_error_has("reset");
    assert_int_equal(pab_market_step(m, NULL), PAB_E_STATE);
    assert_int_equal(pab_market_finish(m), PAB_E_STATE);
    assert_int_equal(pab_market_save(m, &byte, 1, NULL), PAB_E_STATE);
    assert_int_equal(pab_market_reset(NULL, 1), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_reset(m, UINT64_C(1) << 32), PAB_E_RANGE);
    lab_error_has("4294967296");
    must(pab_market_reset(m, 1));
    assert_int_equal(pab_market_run(NULL, 0, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_step(NULL, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_finish(NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_hash(NULL, &hash), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_hash(m, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_restore(m, NULL, 0), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_copy(m, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_copy(NULL, m), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_count(m, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_count(m, &small), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_agent(m, -1, &a), PAB_E_RANGE);
    assert_int_equal(pab_market_agent(m, 1117, &a), PAB_E_RANGE);
    lab_error_has("1116");
    assert_int_equal(pab_market_symbol(m, 1, &s), PAB_E_RANGE);
    assert_int_equal(pab_market_l1(m, 1, &level, &level), PAB_E_RANGE);
    assert_int_equal(pab_market_l1(m, 0, NULL, &level), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_l2(m, 1, PAB_BUY, 1, &level, 1), 0);
    assert_int_equal(pab_market_l2(NULL, 0, PAB_BUY, 1, &level, 1), 0);
    assert_int_equal(pab_market_holding(m, -1, 0), 0);
    assert_int_equal(pab_market_holding(m, 5, 9), 0);
    assert_null(pab_market_agent_state(m, 0));
    assert_int_equal(pab_replay_word(NULL, 0), 0);
    assert_int_equal(pab_replay_word(m, 2), 0);
    assert_int_equal(pab_replay_oracle_word(m, 1), 0);
    assert_int_equal(pab_replay_agent_word(m, -1), 0);
    assert_int_equal(pab_replay_agent_gauss(NULL, 0), 0);
    assert_int_equal(pab_replay_agent_wakeup(m, 0), 0);
    assert_int_equal(pab_market_save(m, &byte, 1, NULL), PAB_E_CAPACITY);
    assert_int_equal(byte, 0);
    pab_market_free(NULL);
    pab_scenario_free(NULL);
    pab_market_free(m);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static void a_market_keeps_its_scenario_alive(void **state)
{
    pab_market *m = NULL;
    pab_scenario *scn = NULL;
    pab_config *cfg = NULL;
    (void)state;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "rmsc04"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    must(pab_market_new(scn, &m));
    pab_scenario_free(scn);
    must(pab_market_reset(m, 1));
    pab_market_free(m);
}

static void a_market_with_nobody_in_it_runs(void **state)
{
    pab_market *m = NULL;
    pab_scenario *scn = NULL;
    pab_config *cfg = NULL;
    (void)state;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "rmsc04"));
    const char *const groups[] = {"noise", "value", "market_maker", "momentum"};
    for (int i = 0; i < 4; i++) {
        char key[64];
        snprintf(key, sizeof key, "agents.%s.count", groups[i]);
        must(pab_config_set(cfg, key, i < 3 ? "0" : "1"));
    }
    must(pab_scenario_new(cfg, &scn));
    must(pab_market_new(scn, &m));
    must(pab_market_reset(m, 1));
    must(pab_market_finish(m));
    pab_market_free(m);
    must(pab_config_set(cfg, "agents.momentum.count", "0"));
    pab_scenario_free(scn);
    scn = NULL;
    pab_status status = pab_scenario_new(cfg, &scn);
    assert_true(status != PAB_OK && !scn);
    lab_error_has("agent");
    pab_config_free(cfg);
}

/* --- memory --- */

static pab_scenario *small_scenario(const pab_host *host, const char *rng)
{
    pab_scenario *scn = NULL;
    pab_config *cfg = NULL;
    must(pab_config_new(host, &cfg));
    must(pab_config_preset(cfg, "two_symbol"));
    must(pab_config_set(cfg, "rng", rng));
    must(pab_config_set(cfg, "clock.market_close", "09:31:30"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

/* Refuses the n-th allocation of making, resetting and running a market, for every n. */
static void check_every_refusal(const char *rng, int sticky)
{
    failing f;
    pab_host host = failing_host(&f, -1, sticky);
    pab_scenario *scn = small_scenario(&host, rng);
    int64_t blocks = f.blocks, base = f.seen;
    uint64_t wanted = 0, got = 0;
    pab_market *m = NULL;
    must(pab_market_new(scn, &m));
    must(pab_market_reset(m, 3));
    must(pab_market_finish(m));
    must(pab_market_hash(m, &wanted));
    pab_market_free(m);
    int64_t count = f.seen - base;
    assert_true(count > 20);
    for (int64_t n = 0; n < count; n++) {
        m = NULL;
        f.passes = f.seen + n;
        pab_status status = pab_market_new(scn, &m);
        if (status != PAB_OK) {
            assert_int_equal(status, PAB_E_MEMORY);
            assert_null(m);
            lab_error_has("no memory");
            assert_int_equal(f.blocks, blocks);
            continue;
        }
        status = pab_market_reset(m, 3);
        if (status == PAB_OK)
            status = pab_market_finish(m);
        if (status == PAB_OK) { /* what only makes the generators of rng: abides quicker can be done without */
            assert_string_equal(rng, "abides");
        } else {
            assert_int_equal(status, PAB_E_MEMORY);
            lab_error_has("no memory");
            assert_int_equal(pab_market_run(m, INT64_MAX, NULL), PAB_E_STATE);
        }
        f.passes = INT64_MAX;
        must(pab_market_reset(m, 3));
        must(pab_market_finish(m));
        must(pab_market_hash(m, &got));
        assert_true(got == wanted);
        pab_market_free(m);
        assert_int_equal(f.blocks, blocks);
    }
    pab_scenario_free(scn);
    assert_int_equal(f.blocks, 0);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    check_every_refusal("fast", 0);
    check_every_refusal("fast", 1);
    check_every_refusal("abides", 0);
}

/* Restore and copy need room too: without it they leave the market as it was. */
static void a_restore_without_memory_changes_nothing(void **state)
{
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab_scenario *scn = small_scenario(&host, "fast");
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_market *from = NULL, *to = NULL;
    uint64_t before, after, wanted;
    size_t len;
    int refusals = 0;
    (void)state;
    must(pab_scenario_describe(scn, &info));
    must(pab_market_new(scn, &from));
    must(pab_market_reset(from, 1));
    must(pab_market_run(from, info.market_open + 30 * LAB_SECOND, NULL));
    must(pab_market_hash(from, &wanted));
    assert_int_equal(pab_market_save(from, NULL, 0, &len), PAB_E_CAPACITY);
    void *buf = malloc(len);
    must(pab_market_save(from, buf, len, NULL));
    for (int copy = 0; copy < 2; copy++) {
        pab_status status = PAB_E_MEMORY;
        for (int64_t n = 0; status != PAB_OK; n++) {
            must(pab_market_new(scn, &to));
            must(pab_market_reset(to, 2));
            must(pab_market_hash(to, &before));
            f.passes = f.seen + n;
            status = copy ? pab_market_copy(to, from) : pab_market_restore(to, buf, len);
            f.passes = INT64_MAX;
            must(pab_market_hash(to, &after));
            assert_true(after == (status == PAB_OK ? wanted : before));
            assert_true(status == PAB_OK || status == PAB_E_MEMORY);
            refusals += status != PAB_OK;
            pab_market_free(to);
        }
    }
    assert_true(refusals > 3);
    free(buf);
    pab_market_free(from);
    pab_scenario_free(scn);
    assert_int_equal(f.blocks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_scenarios_are_named_and_change_nothing),
        cmocka_unit_test(a_run_ends_on_the_scenarios_day_and_not_in_the_past),
        cmocka_unit_test(calls_without_arguments_are_named),
        cmocka_unit_test(a_market_keeps_its_scenario_alive),
        cmocka_unit_test(a_market_with_nobody_in_it_runs),
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(a_restore_without_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
