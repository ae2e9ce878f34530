#include "cli.h"
#include "run/report.h"
#include "scenario.h"
#include "stages.h"

#include <stdio.h>
#include <unistd.h>

typedef struct request {
    const char *scenario, *dir;
    int brief, quiet, test;
    cli_overrides overrides;
    pab_pipeline_options run;
} request;

#define FIELD(name) offsetof(request, name)

static const cli_operand operands[] = {{"SCENARIO", CLI_SCENARIO_HELP, FIELD(scenario)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    {"-o", "DIR", "where everything goes; made if it is missing", CLI_TEXT, FIELD(dir), 0, 0, NULL, 1},
    {"--budget", "X", "scales rounds, generations, starts and seeds of all stages; default 1", CLI_REAL,
     FIELD(run.budget), 1e-6, 1000, NULL, 0},
    CLI_OPTION_THREADS(request, run.threads),
    {"--resume", NULL, "continue an interrupted run in DIR", CLI_SWITCH, FIELD(run.resume), 0, 0, NULL, 0},
    {"--seed", "N", "names the training run; default 1", CLI_LONG, FIELD(run.master_seed), 0, 0, NULL, 0},
    {"--eta", "X", "bps of cost per % of tracking error in the objective; default 0.5", CLI_REAL, FIELD(run.eta), 0,
     1000, NULL, 0},
    {"--tracking", "X", "bound on the ensemble's tracking error, times that of rule SCE; default 1; 0: none", CLI_REAL,
     FIELD(run.tracking), 0, 1000, NULL, 0},
    {"--rounds", "N", "of preferences and tuning; default 2", CLI_UINT, FIELD(run.rounds), 0, 8, NULL, 0},
    {"--losses", "LIST", "preference losses of mix, cpl, ipo, pl, mbt; default mix,mbt", CLI_CHOICES,
     FIELD(run.losses), 0, 0, pab_loss_name, 0},
    {"--episodes", "N", "of the evaluation, per regime; default 1000 times the budget", CLI_UINT, FIELD(run.episodes),
     0, 1000000, NULL, 0},
    {"--skip", "N", "skip the first N episodes of each regime: those already looked at; default 0", CLI_UINT,
     FIELD(run.skip), 0, 1000000, NULL, 0},
    {"--resamples", "N", "of the bootstrap; default 10000", CLI_UINT, FIELD(run.resamples), 1, 1000000, NULL, 0},
    {"--rules", NULL, "no Q-learning: experts stay their rules", CLI_SWITCH, FIELD(run.rules), 0, 0, NULL, 0},
    {"--no-front", NULL, "search the ensemble for one eta only", CLI_SWITCH_OFF, FIELD(run.front), 0, 0, NULL, 0},
    {"--no-calibration", NULL, "use the scenario as it is, calibrated or not", CLI_SWITCH_OFF, FIELD(run.calibrate), 0,
     0, NULL, 0},
    {"--test", NULL, "evaluate on test seeds, for a final result only; logged in DIR/test_runs.log", CLI_SWITCH,
     FIELD(test), 0, 0, NULL, 0},
    CLI_OPTION_SET(request),
    {"--brief", NULL, "print the headline only", CLI_SWITCH, FIELD(brief), 0, 0, NULL, 0},
    CLI_OPTION_QUIET(request),
    CLI_OPTION_END,
};

/* Prints the result, or the reason why there is none. */
static int finish(const request *r, pab_status status, double seconds)
{
    if (status == PAB_E_STATE)
        return cli_usage("run: '%s' holds a run already; use --resume to continue it, or another directory with -o",
                         r->dir);
    if (status != PAB_OK) {
        cli_fail_library("run");
        return status == PAB_E_RANGE ? CLI_USAGE : CLI_FAILED;
    }
    int code = report_make(r->dir, r->run.threads);
    if (r->quiet || code != CLI_OK)
        return code;
    code = r->brief ? stages_print_first(r->dir, "result.txt") : stages_print(r->dir, "result.txt");
    printf("\n%.1f s on %u threads\n", seconds, r->run.threads > 0 ? r->run.threads : 1);
    report_point_out(r->dir);
    return code;
}

static int run(int argc, char **argv)
{
    request r = {0};
    pab_config *cfg = NULL;
    stages_bar bar = {0};
    const pab_pipeline_hook hook = {.struct_size = sizeof hook, .user = &bar, .report = stages_report};
    if (pab_pipeline_options_init(&r.run, sizeof r.run) != PAB_OK)
        return cli_fail_library(NULL);
    r.run.threads = cli_processors();
    int code = cli_parse(&cli_run_command, argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_config("run", r.scenario, NULL, &r.overrides, &cfg);
    if (code != CLI_OK)
        return code;
    r.run.split = r.test ? PAB_SPLIT_TEST : PAB_SPLIT_VALIDATION;
    if (!r.quiet && isatty(STDERR_FILENO))
        r.run.hook = &hook;
    const double start = progress_clock();
    const pab_status status = pab_pipeline_run(cfg, r.dir, &r.run, NULL);
    progress_clear();
    pab_config_free(cfg);
    return finish(&r, status, progress_clock() - start);
}

const cli_command cli_run_command = {
    .name = "run",
    .summary = "learn experts, ensemble and mixture; evaluate them and write a report",
    .detail = "Stages: calibration where there is none, Q-tables for the four experts, the ensemble, the distilled\n"
              "mixture, rounds of preferences and tuning, the choice of tactics, the evaluation, the report.\n"
              "Each leaves files in DIR. --resume continues an interrupted run; it ends with the same bytes.\n"
              "docs/pipeline.md lists the files; open report.html first.\n",
    .operands = operands,
    .options = options,
    .run = run,
};
