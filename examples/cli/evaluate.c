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

enum { POLICIES_MAX = 64, SPECS_SIZE = 4096 };

typedef struct request {
    const char *scenario, *csv, *baseline, *policies;
    char specs[SPECS_SIZE]; /* cut at the commas */
    const char *names[POLICIES_MAX];
    uint32_t count;
    int32_t base; /* -1: none */
    int32_t split; /* a number of split_name */
    int allow_test, brief, quiet;
    cli_overrides overrides;
    pab_eval_options eval;
} request;

#define FIELD(name) offsetof(request, name)

static const char *split_name(int32_t index)
{
    static const char *const names[] = {"train", "validation", "test"};
    return index < 3 ? names[index] : NULL;
}

static const cli_operand operands[] = {{"SCENARIO", CLI_SCENARIO_HELP, FIELD(scenario)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    {"--policies", "LIST", "specifications separated by commas, e.g. twap:take,lae,\"ac_pair(mu=10)\"", CLI_TEXT,
     FIELD(policies), 0, 0, NULL, 1},
    {"--seeds", "SPLIT", "train, validation or test", CLI_CHOICE, FIELD(split), 0, 0, split_name, 1},
    {"--episodes", "N", "per regime; default 64", CLI_UINT, FIELD(eval.episodes), 1, 1000000, NULL, 0},
    {"--first", "N", "index of the first seed; default 0", CLI_LONG, FIELD(eval.first), 0, 140737488355328.0, NULL, 0},
    {"--regimes", "LIST", "default calm,volatile,thin,crumbling,megashock", CLI_CHOICES, FIELD(eval.regimes), 0, 0,
     pab_regime_name, 0},
    CLI_OPTION_THREADS(request, eval.threads),
    {"--csv", "FILE", "write a row per episode; compressed when FILE ends in .gz", CLI_TEXT, FIELD(csv), 0, 0, NULL, 0},
    CLI_OPTION_SET(request),
    {"--baseline", "NAME", "policy that the others are compared with; default: the first", CLI_TEXT, FIELD(baseline), 0,
     0, NULL, 0},
    {"--resamples", "N", "of the bootstrap; default 10000", CLI_UINT, FIELD(eval.resamples), 1, 1000000, NULL, 0},
    {"--allow-test", NULL, "needed for test seeds; the run is logged in evaluations.log beside the csv", CLI_SWITCH,
     FIELD(allow_test), 0, 0, NULL, 0},
    {"--brief", NULL, "one table over all regimes, no comparisons", CLI_SWITCH, FIELD(brief), 0, 0, NULL, 0},
    CLI_OPTION_QUIET(request),
    CLI_OPTION_END,
};

/* --- Arguments --- */

/* Cuts `text` at the commas outside brackets. */
static int split_policies(request *r)
{
    const char *text = r->policies;
    int depth = 0;
    if (strlen(text) >= sizeof r->specs)
        return cli_usage("evaluate: --policies is longer than %zu characters", sizeof r->specs - 1);
    memcpy(r->specs, text, strlen(text) + 1);
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

static int read_arguments(int argc, char **argv, request *r)
{
    if (pab_eval_options_init(&r->eval, sizeof r->eval) != PAB_OK)
        return cli_fail_library(NULL);
    r->eval.threads = cli_processors();
    int code = cli_parse(&cli_evaluate_command, argc, argv, r);
    if (code != CLI_OK)
        return code;
    r->eval.split = PAB_SPLIT_TRAIN + r->split;
    if (r->eval.split == PAB_SPLIT_TEST && !r->allow_test)
        return cli_usage("evaluate: test seeds are for a final result only; expected --allow-test with --seeds test");
    code = split_policies(r);
    return code == CLI_OK ? find_baseline(r) : code;
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
    request r = {0};
    pab_scenario *scenario = NULL;
    progress_bar bar = {0};
    pab_progress hook = {.struct_size = sizeof hook, .user = &bar, .report = progress_report};
    int code = read_arguments(argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_scenario("evaluate", r.scenario, NULL, &r.overrides, &scenario);
    if (!r.quiet && isatty(STDERR_FILENO))
        r.eval.progress = &hook;
    if (code == CLI_OK)
        code = parse_and_play(&r, scenario);
    pab_scenario_free(scenario);
    return code;
}

const cli_command cli_evaluate_command = {
    .name = "evaluate",
    .summary = "play policies on the same episodes and compare what they cost",
    .detail = "Every policy plays each seed from the same state after the warm-up; even seeds buy leg A, odd sell it.\n"
              "Per regime: implementation shortfall IS (mean, standard deviation, mean of the middle half, mean of\n"
              "the worst 5 %), tracking error TE, largest hedge error, completion, forced and passive shares,\n"
              "slippage against VWAP, 10 s mark-out, pair cost IS + 0.5 TE, and J = pair cost + 0.1 CVaR95; then\n"
              "differences from the baseline, seed by seed, with bootstrap intervals and Holm-corrected p values.\n",
    .operands = operands,
    .options = options,
    .run = run_evaluate,
};
