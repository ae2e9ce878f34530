#include "cli.h"
#include "stages.h"

#include <stdio.h>
#include <unistd.h>

enum { OPT_THREADS, OPT_EPISODES, OPT_RESAMPLES, OPT_QUIET };

static const cli_option options[] = {
    {"--threads", "N", "default: one per processor; the result is the same"},
    {"--episodes", "N", "per regime; default: as many as the run's result table has"},
    {"--resamples", "N", "of the bootstrap; default: as many as the run's"},
    {"--quiet", NULL, "no progress bar, no table"},
    {NULL, NULL, NULL},
};

typedef struct request {
    const char *dir;
    int quiet;
    pab_ablate_options how;
} request;

static int read_option(request *r, int option, const cli_args *args)
{
    uint32_t *const into[] = {&r->how.threads, &r->how.episodes, &r->how.resamples};
    uint64_t n = 0;
    if (option == OPT_QUIET) {
        r->quiet = 1;
        return CLI_OK;
    }
    int code = cli_read_number("ablate", args, option != OPT_THREADS, option == OPT_THREADS ? 1024 : 1000000, &n);
    *into[option] = (uint32_t)n;
    return code;
}

static int read_arguments(int argc, char **argv, request *r)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    int code = CLI_OK;
    if (pab_ablate_options_init(&r->how, sizeof r->how) != PAB_OK)
        return cli_fail_library(NULL);
    r->how.threads = cli_processors();
    for (int got; code == CLI_OK && (got = cli_next(&args)) != CLI_END;) {
        if (got == CLI_BAD)
            return CLI_USAGE;
        if (got != CLI_POSITIONAL)
            code = read_option(r, got, &args);
        else if (r->dir)
            return cli_usage("ablate: expected one DIR, got '%s' as well", args.value);
        else
            r->dir = args.value;
    }
    return code == CLI_OK && !r->dir ? cli_usage("ablate: expected DIR, where 'pairsabides run' has written") : code;
}

static int run(int argc, char **argv)
{
    request r = {0};
    stages_bar bar = {0};
    const pab_pipeline_hook hook = {.struct_size = sizeof hook, .user = &bar, .report = stages_report};
    int code = read_arguments(argc, argv, &r);
    if (code != CLI_OK)
        return code;
    if (!r.quiet && isatty(STDERR_FILENO))
        r.how.hook = &hook;
    pab_status status = pab_pipeline_ablate(NULL, r.dir, &r.how);
    progress_clear();
    if (status != PAB_OK)
        return cli_fail_library("ablate");
    return r.quiet ? CLI_OK : stages_print(r.dir, "ablations/ablations.txt");
}

const cli_command cli_ablate_command = {
    .name = "ablate",
    .operands = "DIR",
    .summary = "change one thing at a time in a finished run, and play the results",
    .detail = "Tunes the mixture without the distilled ensemble, with the gate alone, on preferences to the end of\n"
              "the episode and from one future; plays the ensemble without its prices and over rules, and all without\n"
              "the shield. Everything goes into DIR/ablations; a call that was cut off goes on when made again.\n"
              "docs/pipeline.md says what is held against what.\n",
    .options = options,
    .run = run,
};
