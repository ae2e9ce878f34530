#include "cli.h"
#include "progress.h"
#include "scenario.h"
#include "text.h"

#include <stdio.h>
#include <unistd.h>

typedef struct request {
    const char *scenario, *csv;
    int quiet;
    uint64_t slice;
    cli_overrides overrides;
    pab_impact_options impact;
} request;

#define FIELD(name) offsetof(request, name)

static const cli_operand operands[] = {{"SCENARIO", CLI_SCENARIO_HELP, FIELD(scenario)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    {"--seeds", "N", "training seeds averaged over; default 64", CLI_UINT, FIELD(impact.seeds), 1, 1000000, NULL, 0},
    {"--regime", "NAME", "calm (default), volatile, thin, crumbling or megashock", CLI_CHOICE, FIELD(impact.regime), 0,
     0, pab_regime_name, 0},
    {"--slice", "SHARES", "size of the small order; default: the parent over 60", CLI_LONG, FIELD(slice), 1, 100000000,
     NULL, 0},
    CLI_OPTION_THREADS(request, impact.threads),
    {"--csv", "FILE", "write a row per time, for plotting", CLI_TEXT, FIELD(csv), 0, 0, NULL, 0},
    CLI_OPTION_SET(request),
    CLI_OPTION_QUIET(request),
    CLI_OPTION_END,
};

/* What a probe needs: a look at the book each tenth of a second, for a little more than five minutes. */
static const char *const probe_keys[] = {"pair.interval=100ms", "pair.horizon=301s", NULL};

static int write_csv(const char *path, const pab_impact *impact)
{
    cli_out out;
    if (cli_out_open(&out, path) != CLI_OK)
        return CLI_FAILED;
    cli_put(&out, "seconds,impact_1x_bps,error_1x_bps,impact_4x_bps,error_4x_bps\n");
    for (int t = 0; t < PAB_IMPACT_TIMES; t++) {
        cli_put_real(&out, impact->times[t]);
        for (int p = 0; p < PAB_IMPACT_PROBES; p++) {
            cli_put_char(&out, ',');
            cli_put_real(&out, impact->mean[p][t]);
            cli_put_char(&out, ',');
            cli_put_real(&out, impact->error[p][t]);
        }
        cli_put_char(&out, '\n');
    }
    return cli_out_close(&out);
}

static void print_table(const pab_impact *impact)
{
    printf("mid of leg A after a marketable order, less the mid without it: bps, mean of %u seeds (standard error)\n",
           impact->seeds);
    printf("%8s  %9.1f shares       %9.1f shares\n", "seconds", impact->shares[0], impact->shares[1]);
    for (int t = 0; t < PAB_IMPACT_TIMES; t++)
        printf("%8.1f  %9.4f (%.4f)   %9.4f (%.4f)\n", impact->times[t], impact->mean[0][t], impact->error[0][t],
               impact->mean[1][t], impact->error[1][t]);
}

static int run_impact(int argc, char **argv)
{
    request r = {0};
    progress_bar bar = {0};
    pab_progress hook = {.struct_size = sizeof hook, .user = &bar, .report = progress_report};
    pab_impact impact = {.struct_size = sizeof impact};
    pab_scenario *scenario = NULL;
    if (pab_impact_options_init(&r.impact, sizeof r.impact) != PAB_OK)
        return cli_fail_library(NULL);
    r.impact.threads = cli_processors();
    int code = cli_parse(&cli_impact_command, argc, argv, &r);
    r.impact.slice = (int64_t)r.slice;
    if (code == CLI_OK)
        code = cli_make_scenario("impact", r.scenario, probe_keys, &r.overrides, &scenario);
    if (!r.quiet && isatty(STDERR_FILENO))
        r.impact.progress = &hook;
    if (code == CLI_OK) {
        pab_status status = pab_impact_measure(scenario, &r.impact, &impact);
        progress_clear();
        code = status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
    }
    if (code == CLI_OK && r.csv)
        code = write_csv(r.csv, &impact);
    if (code == CLI_OK && !r.quiet)
        print_table(&impact);
    pab_scenario_free(scenario);
    return code;
}

const cli_command cli_impact_command = {
    .name = "impact",
    .summary = "measure how the book reacts to a marketable order",
    .detail = "Forks one state per seed: one fork takes one slice of leg A at once, one takes four, one does nothing;\n"
              "all share their randomness. A market that reacts shows a positive impact that decays.\n",
    .operands = operands,
    .options = options,
    .run = run_impact,
};
