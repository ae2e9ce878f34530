#include "cli.h"
#include "progress.h"
#include "scenario.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { OPT_POLICIES, OPT_SEEDS, OPT_EPISODES, OPT_FIRST, OPT_REGIMES, OPT_THREADS, OPT_CSV, OPT_SET, OPT_BASELINE,
       OPT_RESAMPLES, OPT_ALLOW_TEST, OPT_BRIEF, OPT_QUIET };

static const cli_option options[] = {
    {"--policies", "LIST", "specifications separated by commas, e.g. twap:take,lae,\"ac_pair(mu=10)\""},
    {"--seeds", "SPLIT", "train, validation or test"},
    {"--episodes", "N", "per regime; default 64"},
    {"--first", "N", "index of the first seed; default 0"},
    {"--regimes", "LIST", "default calm,volatile,thin,crumbling,megashock"},
    {"--threads", "N", "default: one per processor; the result is the same"},
    {"--csv", "FILE", "write a row per episode; compressed when FILE ends in .gz"},
    {"--set", "KEY=VALUE", "change one key of the scenario; may be repeated; see 'pairsabides schema'"},
    {"--baseline", "NAME", "policy that the others are compared with; default: the first"},
    {"--resamples", "N", "of the bootstrap; default 10000"},
    {"--allow-test", NULL, "needed for test seeds; the run is noted in evaluations.log beside the csv"},
    {"--brief", NULL, "one table over all regimes, no comparisons"},
    {"--quiet", NULL, "no progress bar, no table"},
    {NULL, NULL, NULL},
};

enum { POLICIES_MAX = 64, SPECS_SIZE = 4096 };

typedef struct request {
    const char *scenario, *csv, *baseline, *seeds, *policies;
    char specs[SPECS_SIZE]; /* cut at the commas */
    const char *names[POLICIES_MAX];
    uint32_t count;
    int32_t base; /* -1: none */
    int allow_test, brief, quiet;
    pab_eval_options eval;
} request;

/* --- Arguments --- */

/* Cuts `text` at the commas outside brackets. */
static int split_policies(request *r, const char *text)
{
    int depth = 0;
    if (strlen(text) >= sizeof r->specs)
        return cli_usage("evaluate: --policies is longer than %zu characters", sizeof r->specs - 1);
    memcpy(r->specs, text, strlen(text) + 1);
    r->policies = text;
    r->count = 1;
    r->names[0] = r->specs;
    for (char *p = r->specs; *p; p++) {
        depth += (*p == '(') - (*p == ')');
        if (*p != ',' || depth > 0)
            continue;
        if (r->count == POLICIES_MAX)
            return cli_usage("evaluate: --policies names more than %d", POLICIES_MAX);
        *p = '\0';
        r->names[r->count++] = p + 1;
    }
    for (uint32_t i = 0; i < r->count; i++)
        if (r->names[i][0] == '\0')
            return cli_usage("evaluate: --policies has an empty name in '%s'", text);
    return CLI_OK;
}

static int read_split(request *r, const char *text)
{
    static const char *const names[] = {"train", "validation", "test"};
    for (int32_t i = 0; i < 3; i++) {
        if (strcmp(names[i], text) == 0) {
            r->eval.split = PAB_SPLIT_TRAIN + i;
            r->seeds = names[i];
            return CLI_OK;
        }
    }
    return cli_usage("evaluate: --seeds expects train, validation or test, not '%s'", text);
}

static int read_regimes(request *r, const char *text)
{
    r->eval.regimes = 0;
    for (const char *from = text;; from++) {
        size_t len = strcspn(from, ",");
        int32_t regime = 0;
        for (; pab_regime_name(regime); regime++)
            if (strlen(pab_regime_name(regime)) == len && memcmp(pab_regime_name(regime), from, len) == 0)
                break;
        if (!pab_regime_name(regime))
            return cli_usage("evaluate: there is no regime '%.*s'; expected calm, volatile, thin, crumbling, megashock",
                             (int)len, from);
        r->eval.regimes |= UINT32_C(1) << regime;
        from += len;
        if (*from == '\0')
            return CLI_OK;
    }
}

static int read_count(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    if (cli_parse_uint(text, out) == 0 && *out >= least && *out <= most)
        return CLI_OK;
    return cli_usage("evaluate: %s expects a number from %" PRIu64 " to %" PRIu64 ", not '%s'", option, least, most,
                     text);
}

static int read_option(void *user, int option, const cli_args *args)
{
    request *r = user;
    const char *value = args->value;
    uint64_t n = 0;
    int code;
    switch (option) {
    case OPT_POLICIES: return split_policies(r, value);
    case OPT_SEEDS: return read_split(r, value);
    case OPT_REGIMES: return read_regimes(r, value);
    case OPT_SET: return cli_check_override(args);
    case OPT_FIRST: return read_count(args->name, value, 0, UINT64_C(1) << 47, &r->eval.first);
    case OPT_EPISODES:
        code = read_count(args->name, value, 1, 1000000, &n);
        r->eval.episodes = (uint32_t)n;
        return code;
    case OPT_THREADS:
        code = read_count(args->name, value, 0, 1024, &n);
        r->eval.threads = (uint32_t)n;
        return code;
    case OPT_RESAMPLES:
        code = read_count(args->name, value, 1, 1000000, &n);
        r->eval.resamples = (uint32_t)n;
        return code;
    case OPT_CSV: r->csv = value; return value[0] ? CLI_OK : cli_usage("evaluate: --csv expects a file name");
    case OPT_BASELINE: r->baseline = value; return CLI_OK;
    case OPT_ALLOW_TEST: r->allow_test = 1; return CLI_OK;
    case OPT_BRIEF: r->brief = 1; return CLI_OK;
    default: r->quiet = 1; return CLI_OK;
    }
}

static int find_baseline(request *r)
{
    r->base = r->count > 1 ? 0 : -1;
    for (uint32_t i = 0; r->baseline && i < r->count; i++) {
        if (strcmp(r->names[i], r->baseline) == 0) {
            r->base = (int32_t)i;
            return CLI_OK;
        }
    }
    return r->baseline ? cli_usage("evaluate: --baseline '%s' is none of --policies", r->baseline) : CLI_OK;
}

static int check_request(request *r)
{
    if (!r->policies)
        return cli_usage("evaluate: expected --policies LIST");
    if (!r->seeds)
        return cli_usage("evaluate: expected --seeds train, validation or test");
    if (r->eval.split == PAB_SPLIT_TEST && !r->allow_test)
        return cli_usage("evaluate: test seeds are for the last word only; expected --allow-test with --seeds test");
    return find_baseline(r);
}

static int read_arguments(int argc, char **argv, request *r)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    if (pab_eval_options_init(&r->eval, sizeof r->eval) != PAB_OK)
        return cli_fail_library(NULL);
    r->eval.threads = cli_processors();
    int code = cli_read_arguments("evaluate", &args, &r->scenario, read_option, r);
    return code == CLI_OK ? check_request(r) : code;
}

/* --- Output --- */

/* One line per use of test seeds; a line is appended at once, so that runs side by side do not mix. */
static int note_test_run(const request *r, const pab_scenario *scenario)
{
    char path[4096], date[32];
    const char *slash = r->csv ? strrchr(r->csv, '/') : NULL;
    int folder = slash ? (int)(slash - r->csv) + 1 : 0;
    pab_scenario_info info = {.struct_size = sizeof info};
    time_t now = time(NULL);
    struct tm utc;
    if (pab_scenario_describe(scenario, &info) != PAB_OK)
        return cli_fail_library(NULL);
    snprintf(path, sizeof path, "%.*sevaluations.log", folder, r->csv ? r->csv : "");
    if (!gmtime_r(&now, &utc) || strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return cli_fail("the date is not known");
    FILE *log = fopen(path, "a");
    if (!log)
        return cli_fail("cannot append to '%s': %s", path, strerror(errno));
    fprintf(log, "%s scenario=%s fingerprint=%016" PRIx64 " seeds=test first=%" PRIu64 " episodes=%" PRIu32
            " regimes=0x%02" PRIx32 " policies=%s\n", date, info.name, info.fingerprint, r->eval.first,
            r->eval.episodes, r->eval.regimes, r->policies);
    int failed = ferror(log);
    return fclose(log) != 0 || failed ? cli_fail("cannot append to '%s': %s", path, strerror(errno)) : CLI_OK;
}

static void put_quoted(cli_out *out, const char *text)
{
    cli_put_char(out, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            cli_put_char(out, '"');
        cli_put_char(out, *p);
    }
    cli_put_char(out, '"');
}

static void put_episode(cli_out *out, const char *policy, int32_t regime, uint64_t seed, uint32_t episode,
                        const pab_episode_metrics *metrics)
{
    put_quoted(out, policy);
    cli_put_char(out, ',');
    cli_put(out, pab_regime_name(regime));
    cli_put_char(out, ',');
    cli_put_uint(out, seed);
    cli_put_cell(out, 1, episode);
    for (int32_t m = 0; m < PAB_MEASURE_COUNT; m++) {
        double value = 0;
        pab_measure_value(m, metrics, &value);
        cli_put_char(out, ',');
        cli_put_real(out, value);
    }
    cli_put_char(out, '\n');
}

static int write_csv(const request *r, const pab_eval *eval)
{
    cli_out out;
    if (cli_out_open(&out, r->csv) != CLI_OK)
        return CLI_FAILED;
    cli_put(&out, "policy,regime,seed,episode");
    for (int32_t m = 0; m < PAB_MEASURE_COUNT; m++) {
        pab_measure_info info = {.struct_size = sizeof info};
        pab_measure_get(m, &info);
        cli_put_char(&out, ',');
        cli_put(&out, info.name);
    }
    cli_put_char(&out, '\n');
    for (uint32_t p = 0; p < r->count; p++) {
        for (int32_t g = 0; g < PAB_REGIME_COUNT; g++) {
            for (uint32_t i = 0; i < pab_eval_episodes(eval, g); i++) {
                pab_episode_metrics metrics = {.struct_size = sizeof metrics};
                if (pab_eval_get(eval, p, g, i, &metrics) == PAB_OK)
                    put_episode(&out, r->names[p], g, pab_eval_seed(eval, g, i), i, &metrics);
            }
        }
    }
    return cli_out_close(&out);
}

static int print_tables(const request *r, const pab_eval *eval, double seconds)
{
    size_t needed = 0;
    char *text = NULL;
    if (pab_eval_text(eval, -1, NULL, 0, &needed) != PAB_OK)
        return cli_fail_library(NULL);
    /* Each comparison takes about as much room again. */
    size_t cap = 8 * needed + 4096;
    text = malloc(cap);
    if (!text)
        return cli_fail("no memory for the tables");
    pab_status status = pab_eval_text(eval, r->brief ? -1 : r->base, text, cap, &needed);
    if (status == PAB_OK) {
        double played = 0;
        for (int32_t g = 0; g < PAB_REGIME_COUNT; g++)
            played += (double)pab_eval_episodes(eval, g) * r->count;
        const char *overall = r->brief ? strstr(text, "== all regimes") : NULL;
        fputs(overall ? overall : text, stdout);
        printf("\n%.0f episodes in %.2f s: %.1f episodes/s on %u threads\n", played, seconds, played / seconds,
               r->eval.threads > 0 ? r->eval.threads : 1);
    }
    free(text);
    return status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

/* --- The run --- */

static int play(const request *r, pab_scenario *scenario, pab_policy *const *policies)
{
    pab_eval *eval = NULL;
    double start = progress_clock();
    int code = CLI_OK;
    if (pab_eval_new(NULL, r->names, r->count, &r->eval, &eval) != PAB_OK) {
        cli_fail_library("evaluate");
        return CLI_USAGE;
    }
    pab_status status = pab_eval_run(eval, scenario, policies);
    progress_clear();
    if (status != PAB_OK)
        code = cli_fail_library(NULL);
    double seconds = progress_clock() - start;
    if (code == CLI_OK && r->csv)
        code = write_csv(r, eval);
    if (code == CLI_OK && !r->quiet)
        code = print_tables(r, eval, seconds);
    pab_eval_free(eval);
    return code;
}

static int parse_and_play(const request *r, pab_scenario *scenario)
{
    pab_policy *policies[POLICIES_MAX] = {0};
    int code = CLI_OK;
    for (uint32_t i = 0; code == CLI_OK && i < r->count; i++) {
        if (pab_policy_parse(NULL, r->names[i], &policies[i]) != PAB_OK) {
            cli_fail_library("evaluate: --policies");
            code = CLI_USAGE;
        }
    }
    if (code == CLI_OK && r->eval.split == PAB_SPLIT_TEST)
        code = note_test_run(r, scenario);
    if (code == CLI_OK)
        code = play(r, scenario, policies);
    for (uint32_t i = 0; i < r->count; i++)
        pab_policy_free(policies[i]);
    return code;
}

static int run_evaluate(int argc, char **argv)
{
    const cli_args args = {.argc = argc, .argv = argv, .options = options};
    request r = {0};
    pab_scenario *scenario = NULL;
    progress_bar bar = {0};
    pab_progress hook = {.struct_size = sizeof hook, .user = &bar, .report = progress_report};
    int code = read_arguments(argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_scenario(&args, r.scenario, NULL, &scenario);
    if (!r.quiet && isatty(STDERR_FILENO))
        r.eval.progress = &hook;
    if (code == CLI_OK)
        code = parse_and_play(&r, scenario);
    pab_scenario_free(scenario);
    return code;
}

const cli_command cli_evaluate_command = {
    .name = "evaluate",
    .operands = "SCENARIO --policies LIST --seeds SPLIT",
    .summary = "play policies on the same episodes and compare what they cost",
    .detail = "Every policy plays each seed from the same state after the warm-up; even seeds buy leg A, odd sell it.\n"
              "Per regime: implementation shortfall IS (mean, standard deviation, mean of the middle half, mean of\n"
              "the worst 5 %), tracking error TE, largest hedge error, completion, forced and passive shares,\n"
              "slippage against VWAP, 10 s mark-out, pair cost IS + 0.5 TE, and J = pair cost + 0.1 CVaR95; then\n"
              "differences from the baseline, seed by seed, with bootstrap intervals and Holm-corrected p values.\n",
    .options = options,
    .run = run_evaluate,
};
