#include "cli.h"
#include "progress.h"
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OPT_OUT, OPT_EPISODES, OPT_VALIDATION, OPT_BINS, OPT_THREADS, OPT_SET, OPT_QUIET };

static const cli_option options[] = {
    {"-o", "FILE", "calibrated scenario to write"},
    {"--episodes", "N", "training episodes per regime; default 64"},
    {"--validation", "N", "validation episodes per regime, for AUC and Brier score; default 32"},
    {"--bins", "EDGES", "of learning states: fixed (default) or quantile"},
    {"--threads", "N", "default: one per processor; the result is the same"},
    {"--set", "KEY=VALUE", "change one key of the scenario; may be repeated; see 'pairsabides schema'"},
    {"--quiet", NULL, "no progress bar, no summary"},
    {NULL, NULL, NULL},
};

typedef struct request {
    const char *scenario, *out;
    int quiet;
    pab_calibrate_options how;
} request;

static int read_number(const cli_args *args, uint64_t least, uint64_t most, uint32_t *out)
{
    uint64_t n = 0;
    int code = cli_read_number("calibrate", args, least, most, &n);
    *out = (uint32_t)n;
    return code;
}

static int read_bins(const char *text, request *r)
{
    int quantile = strcmp(text, "quantile") == 0;
    if (!quantile && strcmp(text, "fixed") != 0)
        return cli_usage("calibrate: --bins expects fixed or quantile, not '%s'", text);
    r->how.bins = quantile ? PAB_BINS_QUANTILE : PAB_BINS_FIXED;
    return CLI_OK;
}

static int read_option(void *user, int option, const cli_args *args)
{
    request *r = user;
    switch (option) {
    case OPT_OUT: r->out = args->value; return CLI_OK;
    case OPT_EPISODES: return read_number(args, 1, 100000, &r->how.episodes);
    case OPT_VALIDATION: return read_number(args, 0, 100000, &r->how.validation);
    case OPT_BINS: return read_bins(args->value, r);
    case OPT_THREADS: return read_number(args, 0, 1024, &r->how.threads);
    case OPT_SET: return cli_check_override(args);
    default: r->quiet = 1; return CLI_OK;
    }
}

static int read_arguments(int argc, char **argv, request *r)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    if (pab_calibrate_options_init(&r->how, sizeof r->how) != PAB_OK)
        return cli_fail_library(NULL);
    r->how.threads = cli_processors();
    int code = cli_read_arguments("calibrate", &args, &r->scenario, read_option, r);
    if (code != CLI_OK)
        return code;
    return r->out ? CLI_OK : cli_usage("calibrate: expected -o FILE for the calibrated scenario");
}

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
    const cli_args args = {.argc = argc, .argv = argv, .options = options};
    request r = {0};
    pab_config *cfg = NULL;
    int code = read_arguments(argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_config(&args, r.scenario, NULL, &cfg);
    if (code == CLI_OK)
        code = calibrate(&r, cfg);
    pab_config_free(cfg);
    return code;
}

const cli_command cli_calibrate_command = {
    .name = "calibrate",
    .operands = "SCENARIO",
    .summary = "measure what an executor should know of a pair's market",
    .detail = "Watches and probes training seeds in all regimes; writes the scenario with its keys calibration.*.\n",
    .options = options,
    .run = run_calibrate,
};
