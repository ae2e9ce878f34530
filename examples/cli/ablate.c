#include "cli.h"
#include "run/ablation.h"
#include "scenario.h"
#include "stages.h"

#include <unistd.h>

typedef struct request {
    const char *dir;
    int quiet;
    uint32_t threads, episodes, resamples;
} request;

static const cli_operand operands[] = {{"DIR", CLI_RUN_HELP, offsetof(request, dir)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    CLI_OPTION_THREADS(request, threads),
    {"--episodes", "N", "per regime; default: as many as the run's result table has", CLI_UINT,
     offsetof(request, episodes), 1, 1000000, NULL, 0},
    {"--resamples", "N", "of the bootstrap; default: as many as the run's", CLI_UINT, offsetof(request, resamples), 1,
     1000000, NULL, 0},
    CLI_OPTION_QUIET(request),
    CLI_OPTION_END,
};

static int run(int argc, char **argv)
{
    request r = {.threads = cli_processors()};
    progress_bar bar = {0};
    const pab_progress hook = {.struct_size = sizeof hook, .user = &bar, .report = progress_report};
    int code = cli_parse(&cli_ablate_command, argc, argv, &r);
    if (code != CLI_OK)
        return code;
    code = ablation_run(r.dir, r.threads, r.episodes, r.resamples, !r.quiet && isatty(STDERR_FILENO) ? &hook : NULL);
    progress_clear();
    if (code != CLI_OK)
        return code;
    return r.quiet ? CLI_OK : stages_print(r.dir, "ablations/ablations.txt");
}

const cli_command cli_ablate_command = {
    .name = "ablate",
    .summary = "change one thing at a time in a finished run, and measure what it costs",
    .detail = "Tunes the mixture without the distilled ensemble, with the gate alone, on preferences to the end of\n"
              "the episode and from one future; plays the ensemble without its charges and over rules, and all\n"
              "without the shield. Everything goes into DIR/ablations; the same command continues an interrupted\n"
              "one. docs/pipeline.md says what is compared with what.\n",
    .operands = operands,
    .options = options,
    .run = run,
};
