#include "cli.h"
#include "progress.h"
#include "scenario.h"
#include "text.h"

#include <stdio.h>
#include <unistd.h>

enum { OPT_SEEDS, OPT_REGIME, OPT_SLICE, OPT_THREADS, OPT_CSV, OPT_SET, OPT_QUIET };

static const cli_option options[] = {
    {"--seeds", "N", "training seeds averaged over; default 64"},
    {"--regime", "NAME", "calm, volatile, thin, crumbling or megashock; default calm"},
    {"--slice", "SHARES", "size of the small order; default: the parent over 60"},
    {"--threads", "N", "default: one per processor; the result is the same"},
    {"--csv", "FILE", "write a row per time, for plotting"},
    {"--set", "KEY=VALUE", "change one key of the scenario; may be repeated; see 'pairsabides schema'"},
    {"--quiet", NULL, "no progress bar, no table"},
    {NULL, NULL, NULL},
};

/* What a probe needs: a look at the book each tenth of a second, for a little more than five minutes. */
static const char *const probe_keys[] = {"pair.interval=100ms", "pair.horizon=301s", NULL};

typedef struct request {
    const char *scenario, *csv;
    int quiet;
    pab_impact_options impact;
} request;

static int read_regime(request *r, const char *text)
{
    for (int32_t regime = 0; pab_regime_name(regime); regime++) {
        if (strcmp(pab_regime_name(regime), text) == 0) {
            r->impact.regime = regime;
            return CLI_OK;
        }
    }
    return cli_usage("impact: there is no regime '%s'; expected calm, volatile, thin, crumbling or megashock", text);
}

static int read_option(void *user, int option, const cli_args *args)
{
    request *r = user;
    uint64_t n = 0;
    int code;
    switch (option) {
    case OPT_SEEDS:
        code = cli_read_number("impact", args, 1, 1000000, &n);
        r->impact.seeds = (uint32_t)n;
        return code;
    case OPT_SLICE:
        code = cli_read_number("impact", args, 1, 100000000, &n);
        r->impact.slice = (int64_t)n;
        return code;
    case OPT_THREADS:
        code = cli_read_number("impact", args, 0, 1024, &n);
        r->impact.threads = (uint32_t)n;
        return code;
    case OPT_REGIME: return read_regime(r, args->value);
    case OPT_SET: return cli_check_override(args);
    case OPT_CSV: r->csv = args->value; return CLI_OK;
    default: r->quiet = 1; return CLI_OK;
    }
}

static int read_arguments(int argc, char **argv, request *r)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    if (pab_impact_options_init(&r->impact, sizeof r->impact) != PAB_OK)
        return cli_fail_library(NULL);
    r->impact.threads = cli_processors();
    return cli_read_arguments("impact", &args, &r->scenario, read_option, r);
}

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
    printf("mid of leg A after an order that takes, less the mid without it: bps, mean of %u seeds (standard error)\n",
           impact->seeds);
    printf("%8s  %9.1f shares       %9.1f shares\n", "seconds", impact->shares[0], impact->shares[1]);
    for (int t = 0; t < PAB_IMPACT_TIMES; t++)
        printf("%8.1f  %9.4f (%.4f)   %9.4f (%.4f)\n", impact->times[t], impact->mean[0][t], impact->error[0][t],
               impact->mean[1][t], impact->error[1][t]);
}

static int run_impact(int argc, char **argv)
{
    const cli_args args = {.argc = argc, .argv = argv, .options = options};
    request r = {0};
    progress_bar bar = {0};
    pab_progress hook = {.struct_size = sizeof hook, .user = &bar, .report = progress_report};
    pab_impact impact = {.struct_size = sizeof impact};
    pab_scenario *scenario = NULL;
    int code = read_arguments(argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_scenario(&args, r.scenario, probe_keys, &scenario);
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
    .operands = "SCENARIO",
    .summary = "measure how the book answers an order that takes",
    .detail = "Forks one state per seed: one fork takes one slice of leg A at once, one takes four, one does nothing;\n"
              "all share their randomness. A market that reacts shows a positive impact that decays.\n",
    .options = options,
    .run = run_impact,
};
