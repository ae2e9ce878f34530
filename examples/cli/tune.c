#include "cli.h"
#include "progress.h"
#include "scenario.h"

#include <stdio.h>
#include <unistd.h>

enum { OPT_POLICY, OPT_GENERATIONS, OPT_CANDIDATES, OPT_EPISODES, OPT_VALIDATION, OPT_SEED, OPT_THREADS, OPT_SET,
       OPT_QUIET };

static const cli_option options[] = {
    {"--policy", "SPEC", "what to tune, and where to begin: lae, sce:leg, 'rae(risk=20)', twap:work"},
    {"--generations", "N", "default 20"},
    {"--candidates", "N", "of a generation; default 40"},
    {"--episodes", "N", "training episodes of a generation and regime; default 20"},
    {"--validation", "N", "validation episodes per regime that decide in the end; default 64"},
    {"--seed", "N", "names the search; default 1"},
    {"--threads", "N", "default: one per processor; the result is the same"},
    {"--set", "KEY=VALUE", "change one key of the scenario; may be repeated; see 'pairsabides schema'"},
    {"--quiet", NULL, "no progress bar; prints the specification only"},
    {NULL, NULL, NULL},
};

typedef struct request {
    const char *scenario, *policy;
    int quiet;
    pab_tune_options tune;
} request;

static int read_count(const cli_args *args, uint64_t least, uint32_t *out)
{
    uint64_t n = 0;
    int code = cli_read_number("tune", args, least, 1000000, &n);
    *out = (uint32_t)n;
    return code;
}

static int read_option(void *user, int option, const cli_args *args)
{
    request *r = user;
    switch (option) {
    case OPT_POLICY: r->policy = args->value; return CLI_OK;
    case OPT_GENERATIONS: return read_count(args, 1, &r->tune.generations);
    case OPT_CANDIDATES: return read_count(args, 8, &r->tune.candidates);
    case OPT_EPISODES: return read_count(args, 1, &r->tune.episodes);
    case OPT_VALIDATION: return read_count(args, 1, &r->tune.validation);
    case OPT_SEED: return cli_read_number("tune", args, 0, UINT64_MAX, &r->tune.seed);
    case OPT_THREADS: return read_count(args, 0, &r->tune.threads);
    case OPT_SET: return cli_check_override(args);
    default: r->quiet = 1; return CLI_OK;
    }
}

static int check_request(const request *r)
{
    return r->policy ? CLI_OK : cli_usage("tune: expected --policy: a built-in policy, such as lae");
}

static int read_arguments(int argc, char **argv, request *r)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    if (pab_tune_options_init(&r->tune, sizeof r->tune) != PAB_OK)
        return cli_fail_library(NULL);
    r->tune.threads = cli_processors();
    int code = cli_read_arguments("tune", &args, &r->scenario, read_option, r);
    return code == CLI_OK ? check_request(r) : code;
}

static void print_result(const request *r, const pab_tune_result *found)
{
    if (!r->quiet) {
        printf("J on validation seeds: %.3f bps as given, %.3f as found\n", found->before, found->after);
        printf("IS + 0.5 TE, found less given: %.3f bps [%.3f, %.3f]\n", found->gain, found->gain_low,
               found->gain_high);
        printf("%s\n", found->better ? "found:" : "what was given stays:");
    }
    printf("%s\n", found->spec);
}

static int run_tune(int argc, char **argv)
{
    const cli_args args = {.argc = argc, .argv = argv, .options = options};
    request r = {0};
    progress_bar bar = {0};
    pab_progress hook = {.struct_size = sizeof hook, .user = &bar, .report = progress_report};
    pab_tune_result found = {.struct_size = sizeof found};
    pab_scenario *scenario = NULL;
    int code = read_arguments(argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_scenario(&args, r.scenario, NULL, &scenario);
    if (!r.quiet && isatty(STDERR_FILENO))
        r.tune.progress = &hook;
    if (code == CLI_OK) {
        pab_status status = pab_policy_tune(scenario, r.policy, &r.tune, &found);
        progress_clear();
        code = status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
    }
    if (code == CLI_OK)
        print_result(&r, &found);
    pab_scenario_free(scenario);
    return code;
}

const cli_command cli_tune_command = {
    .name = "tune",
    .operands = "SCENARIO",
    .summary = "find the thresholds of a policy that cost least in a scenario",
    .detail = "Searches the options of a built-in policy by cross-entropy on training seeds, and holds what\n"
              "it finds against what was given on validation seeds. The last line is a specification for --policies.\n",
    .options = options,
    .run = run_tune,
};
