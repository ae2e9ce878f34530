#include "cli.h"
#include "progress.h"
#include "scenario.h"

#include <stdio.h>
#include <unistd.h>

typedef struct request {
    const char *scenario, *policy;
    int quiet;
    cli_overrides overrides;
    pab_tune_options tune;
} request;

#define FIELD(name) offsetof(request, name)

static const cli_operand operands[] = {{"SCENARIO", CLI_SCENARIO_HELP, FIELD(scenario)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    {"--policy", "SPEC", "what to tune, and where to begin: lae, sce:leg, 'rae(risk=20)', twap:work", CLI_TEXT,
     FIELD(policy), 0, 0, NULL, 1},
    {"--generations", "N", "default 20", CLI_UINT, FIELD(tune.generations), 1, 1000000, NULL, 0},
    {"--candidates", "N", "of a generation; default 40", CLI_UINT, FIELD(tune.candidates), 8, 1000000, NULL, 0},
    {"--episodes", "N", "training episodes of a generation and regime; default 20", CLI_UINT, FIELD(tune.episodes), 1,
     1000000, NULL, 0},
    {"--validation", "N", "validation episodes per regime for the final comparison; default 64", CLI_UINT,
     FIELD(tune.validation), 1, 1000000, NULL, 0},
    {"--seed", "N", "names the search; default 1", CLI_LONG, FIELD(tune.seed), 0, 0, NULL, 0},
    CLI_OPTION_THREADS(request, tune.threads),
    CLI_OPTION_SET(request),
    {"--quiet", NULL, "no progress bar; prints the specification only", CLI_SWITCH, FIELD(quiet), 0, 0, NULL, 0},
    CLI_OPTION_END,
};

static void print_result(const request *r, const pab_tune_result *found)
{
    if (!r->quiet) {
        printf("J on validation seeds: %.3f bps as given, %.3f as found\n", found->before, found->after);
        printf("IS + 0.5 TE, found less given: %.3f bps [%.3f, %.3f]\n", found->gain, found->gain_low,
               found->gain_high);
        printf("%s\n", found->better ? "found:" : "no improvement; the given specification stays:");
    }
    printf("%s\n", found->spec);
}

static int run_tune(int argc, char **argv)
{
    request r = {0};
    progress_bar bar = {0};
    pab_progress hook = {.struct_size = sizeof hook, .user = &bar, .report = progress_report};
    pab_tune_result found = {.struct_size = sizeof found};
    pab_scenario *scenario = NULL;
    if (pab_tune_options_init(&r.tune, sizeof r.tune) != PAB_OK)
        return cli_fail_library(NULL);
    r.tune.threads = cli_processors();
    int code = cli_parse(&cli_tune_command, argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_scenario("tune", r.scenario, NULL, &r.overrides, &scenario);
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
    .summary = "find the thresholds of a policy that cost least in a scenario",
    .detail = "Searches the options of a built-in policy by the cross-entropy method on training seeds, and compares\n"
              "the result with the given specification on validation seeds. The last line is a specification for\n"
              "--policies.\n",
    .operands = operands,
    .options = options,
    .run = run_tune,
};
