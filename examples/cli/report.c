#include "cli.h"
#include "run/report.h"
#include "scenario.h"
#include "stages.h"

#include <stdio.h>

typedef struct request {
    const char *dir;
    uint32_t threads;
    int brief, quiet;
} request;

static const cli_operand operands[] = {{"DIR", CLI_RUN_HELP, offsetof(request, dir)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    CLI_OPTION_THREADS(request, threads),
    {"--brief", NULL, "print the headline only", CLI_SWITCH, offsetof(request, brief), 0, 0, NULL, 0},
    CLI_OPTION_QUIET(request),
    CLI_OPTION_END,
};

static int run(int argc, char **argv)
{
    request r = {.threads = cli_processors()};
    int code = cli_parse(&cli_report_command, argc, argv, &r);
    if (code == CLI_OK)
        code = report_make(r.dir, r.threads);
    if (code != CLI_OK || r.quiet)
        return code;
    code = r.brief ? stages_print_first(r.dir, "result.txt") : stages_print(r.dir, "result.txt");
    printf("\n");
    report_point_out(r.dir);
    return code;
}

const cli_command cli_report_command = {
    .name = "report",
    .summary = "write tables and report.html of a finished run",
    .detail = "'pairsabides run' makes the same report at its end. Writes result.txt, tables.txt, criteria.csv,\n"
              "completed.csv, trace.csv, fills.csv and report.html into DIR.\n",
    .operands = operands,
    .options = options,
    .run = run,
};
