#include "cli.h"
#include "progress.h"
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct request {
    const char *scenario, *out;
    int quiet;
    cli_overrides overrides;
    pab_calibrate_options how;
} request;

#define FIELD(name) offsetof(request, name)

static const char *bins_name(int32_t index)
{
    return index == PAB_BINS_FIXED ? "fixed" : index == PAB_BINS_QUANTILE ? "quantile" : NULL;
}

static const cli_operand operands[] = {{"SCENARIO", CLI_SCENARIO_HELP, FIELD(scenario)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    {"-o", "FILE", "calibrated scenario to write", CLI_TEXT, FIELD(out), 0, 0, NULL, 1},
    {"--episodes", "N", "training episodes per regime; default 64", CLI_UINT, FIELD(how.episodes), 1, 100000, NULL, 0},
    {"--validation", "N", "validation episodes per regime, for AUC and Brier score; default 32", CLI_UINT,
     FIELD(how.validation), 0, 100000, NULL, 0},
    {"--bins", "EDGES", "of learning states: fixed (default) or quantile", CLI_CHOICE, FIELD(how.bins), 0, 0, bins_name,
     0},
    CLI_OPTION_THREADS(request, how.threads),
    CLI_OPTION_SET(request),
    {"--quiet", NULL, "no progress bar, no summary", CLI_SWITCH, FIELD(quiet), 0, 0, NULL, 0},
    CLI_OPTION_END,
};

static void print_crumbling(const pab_calibration *c)
{
    static const char *const labels[] = {"", "makers that withdraw", "touches that retreat and come back"};
    if (c->label == PAB_LABEL_NONE) {
        printf("crumbling: nothing withdrew, the coefficients stay as they are\n");
        return;
    }
    printf("crumbling: labels from %s, %.2f%% of touches\n", labels[c->label], 100 * c->positives);
    printf("  AUC %.4f (before %.4f), Brier %.5f (before %.5f), on %u validation episodes\n", c->auc, c->auc_before,
           c->brier, c->brier_before, c->validation);
}

static void print_summary(const pab_calibration *c, double seconds)
{
    printf("%u training episodes in %.1f s\n\n", c->episodes, seconds);
    printf("%-34s %12s %12s\n", "", "leg A", "leg B");
#define ROW(title, member) printf("%-34s %12.5g %12.5g\n", title, c->member[0], c->member[1])
    ROW("spread, ticks", spread);
    ROW("shares at a touch", touch);
    ROW("volatility, bps/sqrt(s)", volatility);
    ROW("volume, shares/h", volume);
    ROW("cost of crossing, bps", half_spread);
    ROW("impact eta, ticks per share/s", impact_eta);
#undef ROW
    static const char *const styles[] = {"JOIN", "IMPROVE", "MID", "TAKE", "SWEEP"};
    for (int s = 0; s < 5; s++)
        printf("%-7s %-26s %12.3f %12.3f\n", styles[s], "fills of an interval", c->fill[0][s], c->fill[1][s]);
    printf("\nbeta %.4f, parent of leg A %lld shares, fingerprint %016llx\n", c->beta, (long long)c->quantity,
           (unsigned long long)c->fingerprint);
    print_crumbling(c);
}

static int calibrate(const request *r, pab_config *cfg)
{
    progress_bar bar = {0};
    pab_progress hook = {.struct_size = sizeof hook, .user = &bar, .report = progress_report};
    pab_calibration report = {.struct_size = sizeof report};
    pab_calibrate_options how = r->how;
    pab_scenario *scn = NULL;
    double start = progress_clock();
    how.report = &report;
    how.progress = !r->quiet && isatty(STDERR_FILENO) ? &hook : NULL;
    pab_status status = pab_scenario_new(cfg, &scn);
    if (status == PAB_OK)
        status = pab_calibrate(scn, &how, cfg);
    progress_clear();
    if (status == PAB_OK)
        status = pab_config_save(cfg, r->out);
    pab_scenario_free(scn);
    if (status != PAB_OK)
        return cli_fail_library(NULL);
    if (!r->quiet)
        print_summary(&report, progress_clock() - start);
    return CLI_OK;
}

static int run_calibrate(int argc, char **argv)
{
    request r = {0};
    pab_config *cfg = NULL;
    if (pab_calibrate_options_init(&r.how, sizeof r.how) != PAB_OK)
        return cli_fail_library(NULL);
    r.how.threads = cli_processors();
    int code = cli_parse(&cli_calibrate_command, argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_config("calibrate", r.scenario, NULL, &r.overrides, &cfg);
    if (code == CLI_OK)
        code = calibrate(&r, cfg);
    pab_config_free(cfg);
    return code;
}

const cli_command cli_calibrate_command = {
    .name = "calibrate",
    .summary = "measure a pair's market for the executor",
    .detail = "Simulates and probes training seeds in all regimes; writes the scenario with its keys calibration.*.\n",
    .operands = operands,
    .options = options,
    .run = run_calibrate,
};
