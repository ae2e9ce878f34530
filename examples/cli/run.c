#include "cli.h"
#include "scenario.h"
#include "stages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_OUT, OPT_BUDGET, OPT_THREADS, OPT_RESUME, OPT_SEED, OPT_ETA, OPT_TRACKING, OPT_ROUNDS, OPT_LOSSES,
       OPT_EPISODES, OPT_SKIP, OPT_RESAMPLES, OPT_RULES, OPT_NO_FRONT, OPT_NO_CALIBRATION, OPT_TEST, OPT_SET,
       OPT_QUIET };

static const cli_option options[] = {
    {"-o", "DIR", "where everything goes; made where it is missing"},
    {"--budget", "X", "scales rounds, generations, starts and seeds of all stages; default 1"},
    {"--threads", "N", "default: one per processor; the result is the same"},
    {"--resume", NULL, "go on with what is in DIR"},
    {"--seed", "N", "names the training run; default 1"},
    {"--eta", "X", "bps of cost per % of tracking error that is trained for; default 0.5"},
    {"--tracking", "X", "times SCE's tracking error that the ensemble may have; default 1; 0: any"},
    {"--rounds", "N", "of preferences and tuning, 0 to 8; default 2"},
    {"--losses", "LIST", "preference losses of mix, cpl, ipo, pl, mbt; default mix,mbt"},
    {"--episodes", "N", "of the evaluation, per regime; default 1000 times the budget"},
    {"--skip", "N", "episodes of each regime passed over first: those played before; default 0"},
    {"--resamples", "N", "of its bootstrap; default 10000"},
    {"--rules", NULL, "experts stay their rules: without Stage 1"},
    {"--no-front", NULL, "search the ensemble for one eta only"},
    {"--no-calibration", NULL, "take the scenario as it is, calibrated or not"},
    {"--test", NULL, "evaluate on test seeds, for the last word only; noted in DIR/test_runs.log"},
    {"--set", "KEY=VALUE", "change one key of the scenario; may be repeated; see 'pairsabides schema'"},
    {"--quiet", NULL, "no progress bar, no table"},
    {NULL, NULL, NULL},
};

typedef struct request {
    const char *scenario, *dir;
    int quiet;
    pab_pipeline_options run;
} request;

/* --- Arguments --- */

static int read_real(const char *option, const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && *end == '\0' ? CLI_OK : cli_usage("run: %s expects a number, not '%s'", option, text);
}

static int read_number(const char *option, const char *text, uint64_t most, uint64_t *out)
{
    if (cli_parse_uint(text, out) == 0 && *out <= most)
        return CLI_OK;
    return cli_usage("run: %s expects a number from 0 to %" PRIu64 ", not '%s'", option, most, text);
}

static int read_losses(const char *text, uint32_t *out)
{
    *out = 0;
    for (const char *from = text;; from++) {
        size_t len = strcspn(from, ",");
        int32_t l = 0;
        while (pab_loss_name(l) && (strlen(pab_loss_name(l)) != len || memcmp(pab_loss_name(l), from, len) != 0))
            l++;
        if (!pab_loss_name(l))
            return cli_usage("run: there is no loss '%.*s'; expected mix, cpl, ipo, pl, mbt", (int)len, from);
        *out |= UINT32_C(1) << l;
        from += len;
        if (*from == '\0')
            return CLI_OK;
    }
}

static int read_option(void *user, int option, const cli_args *args)
{
    request *r = user;
    const char *value = args->value;
    uint64_t n = 0;
    int code = CLI_OK;
    switch (option) {
    case OPT_OUT: r->dir = value; return CLI_OK;
    case OPT_BUDGET: return read_real(args->name, value, &r->run.budget);
    case OPT_ETA: return read_real(args->name, value, &r->run.eta);
    case OPT_TRACKING: return read_real(args->name, value, &r->run.tracking);
    case OPT_SEED: return read_number(args->name, value, UINT64_MAX, &r->run.master_seed);
    case OPT_LOSSES: return read_losses(value, &r->run.losses);
    case OPT_SET: return cli_check_override(args);
    case OPT_RESUME: r->run.resume = 1; return CLI_OK;
    case OPT_RULES: r->run.rules = 1; return CLI_OK;
    case OPT_NO_FRONT: r->run.front = 0; return CLI_OK;
    case OPT_NO_CALIBRATION: r->run.calibrate = 0; return CLI_OK;
    case OPT_TEST: r->run.split = PAB_SPLIT_TEST; return CLI_OK;
    case OPT_QUIET: r->quiet = 1; return CLI_OK;
    default: code = read_number(args->name, value, 1000000, &n);
    }
    if (option == OPT_THREADS)
        r->run.threads = (uint32_t)n;
    else if (option == OPT_SKIP)
        r->run.skip = (uint32_t)n;
    else if (option == OPT_RESAMPLES)
        r->run.resamples = (uint32_t)n;
    else if (option == OPT_ROUNDS)
        r->run.rounds = (uint32_t)n;
    else
        r->run.episodes = (uint32_t)n;
    return code;
}

static int read_arguments(int argc, char **argv, request *r)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    if (pab_pipeline_options_init(&r->run, sizeof r->run) != PAB_OK)
        return cli_fail_library(NULL);
    r->run.threads = cli_processors();
    int code = cli_read_arguments("run", &args, &r->scenario, read_option, r);
    return code == CLI_OK && !r->dir ? cli_usage("run: expected -o DIR") : code;
}

/* --- The run --- */

static int run(int argc, char **argv)
{
    const cli_args args = {.argc = argc, .argv = argv, .options = options};
    request r = {0};
    pab_config *cfg = NULL;
    stages_bar bar = {0};
    const pab_pipeline_hook hook = {.struct_size = sizeof hook, .user = &bar, .report = stages_report};
    int code = read_arguments(argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_config(&args, r.scenario, NULL, &cfg);
    if (code != CLI_OK)
        return code;
    if (!r.quiet && isatty(STDERR_FILENO))
        r.run.hook = &hook;
    double start = progress_clock();
    pab_status status = pab_pipeline_run(cfg, r.dir, &r.run, NULL);
    progress_clear();
    pab_config_free(cfg);
    if (status == PAB_E_RANGE || status == PAB_E_STATE) {
        cli_fail_library("run");
        return CLI_USAGE;
    }
    if (status != PAB_OK)
        return cli_fail_library("run");
    if (r.quiet)
        return CLI_OK;
    code = stages_print(r.dir, "result.txt");
    printf("\n%.1f s on %u threads; the report is %s/report.html\n", progress_clock() - start,
           r.run.threads > 0 ? r.run.threads : 1, r.dir);
    return code;
}

const cli_command cli_run_command = {
    .name = "run",
    .operands = "SCENARIO -o DIR",
    .summary = "learn experts, ensemble and mixture, evaluate all, report",
    .detail = "Stages: calibration where there is none, Q-tables for the four experts, the ensemble, the distilled\n"
              "mixture, rounds of preferences and tuning, the choice of tactics, the evaluation, the report.\n"
              "Each leaves files in DIR; a run that was cut off goes on with --resume and ends with the same bytes.\n"
              "docs/pipeline.md lists the files; report.html is to look at.\n",
    .options = options,
    .run = run,
};
