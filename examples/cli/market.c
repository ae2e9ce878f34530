#include "cli.h"
#include "lobster.h"
#include "progress.h"
#include "market_report.h"
#include "scenario.h"
#include "trace.h"
#include "validity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the arguments ask for. */
typedef struct request {
    const char *scenario;
    const char *trace_dir, *lobster_dir, *until;
    int quiet, validity;
    uint32_t levels;
    double tick;
    uint64_t seed; /* SCENARIO_SEED: the scenario's own */
    cli_overrides overrides;
} request;

#define SCENARIO_SEED UINT64_MAX
#define FIELD(name) offsetof(request, name)

static const cli_operand operands[] = {{"SCENARIO", CLI_SCENARIO_HELP, FIELD(scenario)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    {"--seed", "N", "seed of the run; default: the scenario's own", CLI_LONG, FIELD(seed), 0, 0, NULL, 0},
    CLI_OPTION_SET(request),
    {"--trace", "DIR", "write messages, book, l1, fundamental, agents and summary into DIR", CLI_TEXT,
     FIELD(trace_dir), 0, 0, NULL, 0},
    {"--lobster", "DIR", "write LOBSTER message and orderbook files of each symbol into DIR", CLI_TEXT,
     FIELD(lobster_dir), 0, 0, NULL, 0},
    {"--levels", "N", "with --lobster: levels of the order book files; default 10", CLI_UINT, FIELD(levels), 1,
     LOBSTER_LEVELS, NULL, 0},
    {"--tick", "UNIT", "with --lobster: currency units per tick; default: exchange.tick_value", CLI_REAL,
     FIELD(tick), 1e-4, 1e6, NULL, 0},
    {"--until", "TIME", "stop there: HH:MM[:SS[.fraction]] of the scenario's day, or ns since 1970", CLI_TEXT,
     FIELD(until), 0, 0, NULL, 0},
    {"--validity", NULL, "say for each symbol whether its market was sound; not with --trace or --lobster", CLI_SWITCH,
     FIELD(validity), 0, 0, NULL, 0},
    CLI_OPTION_QUIET(request),
    CLI_OPTION_END,
};

static int two_digits(const char *text, int limit, int64_t *out)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return 0;
    *out = (text[0] - '0') * 10 + text[1] - '0';
    return *out < limit;
}

/* "09:45[:00[.5]]" on the day of kernel_start, or plain nanoseconds, on that day too. */
static int parse_until(const char *text, const pab_scenario_info *info, int64_t *out)
{
    const int64_t day = INT64_C(86400000000000);
    const int64_t midnight = info->kernel_start - info->kernel_start % day;
    int64_t hours, minutes, seconds = 0, fraction = 0;
    if (strchr(text, ':')) {
        if (!two_digits(text, 24, &hours) || text[2] != ':' || !two_digits(text + 3, 60, &minutes) ||
            (text[5] != '\0' && (text[5] != ':' || !two_digits(text + 6, 60, &seconds))))
            return -1;
        const char *p = text + (text[5] == '\0' ? 5 : 8);
        if (p == text + 8 && *p == '.' && p[1] != '\0') {
            p++;
            for (int64_t unit = 100000000; *p >= '0' && *p <= '9' && unit > 0; p++, unit /= 10)
                fraction += (*p - '0') * unit;
        }
        if (*p != '\0')
            return -1;
        *out = midnight + ((hours * 60 + minutes) * 60 + seconds) * INT64_C(1000000000) + fraction;
    } else if (cli_parse_int(text, out) != 0) {
        return -1;
    }
    return *out >= info->kernel_start && (*out <= midnight + day || *out <= info->kernel_stop) ? 0 : -1;
}

/* What watches a run; each may be NULL. */
typedef struct watchers {
    trace *trace;
    lobster *lobster;
    pab_validity *validity;
} watchers;

static int writing_failed(const void *user)
{
    const watchers *w = user;
    return (w->trace && trace_failed(w->trace)) || (w->lobster && lobster_failed(w->lobster));
}

/* Runs what is asked and leaves the market there; `seconds` receives the wall time. */
static int run(const request *r, const pab_scenario_info *info, pab_market *market, const watchers *w, double *seconds)
{
    progress p = {.from = info->market_open, .until = info->kernel_stop};
    int64_t until = info->kernel_stop;
    if (r->until && parse_until(r->until, info, &until) != 0)
        return cli_usage("market: --until expects HH:MM[:SS[.fraction]] or ns since 1970, on the scenario's day and "
                         "not before the kernel starts; got '%s'", r->until);
    p.until = until < info->kernel_stop ? until : info->kernel_stop;
    p.from = p.from < p.until ? p.from : p.until - 1;
    p.shown = !r->quiet && isatty(STDERR_FILENO);
    p.failed = writing_failed;
    p.user = w;
    double start = progress_clock();
    int32_t status = pab_market_reset(market, r->seed != SCENARIO_SEED ? r->seed : info->default_seed);
    if (status == PAB_E_RANGE && r->seed != SCENARIO_SEED) {
        cli_fail_library("market: --seed");
        return CLI_USAGE;
    }
    if (status == PAB_OK)
        status = progress_run(&p, market);
    if (status == PAB_OK && until >= info->kernel_stop)
        status = pab_market_finish(market);
    *seconds = progress_clock() - start;
    return status < 0 ? cli_fail_library(NULL) : CLI_OK;
}

/* Opens what was asked for and attaches it to the market. */
static int watch(const request *r, const pab_scenario *scenario, double tick_value, pab_market *market, watchers *w)
{
    int code = CLI_OK;
    if (r->trace_dir) {
        w->trace = malloc(sizeof *w->trace);
        code = w->trace ? trace_open(w->trace, scenario, r->trace_dir) : cli_fail("no memory for the trace");
        if (code == CLI_OK)
            return trace_attach(w->trace, market);
        free(w->trace);
        w->trace = NULL;
    }
    if (r->lobster_dir) {
        w->lobster = malloc(sizeof *w->lobster);
        code = w->lobster ? lobster_open(w->lobster, scenario, r->lobster_dir, (int)r->levels,
                                             r->tick > 0 ? r->tick : tick_value)
                          : cli_fail("no memory for LOBSTER files");
        if (code == CLI_OK)
            return lobster_attach(w->lobster, market);
        free(w->lobster);
        w->lobster = NULL;
    }
    if (r->validity && pab_validity_new(market, &w->validity) != PAB_OK)
        return cli_fail_library(NULL);
    return code;
}

/* Ends the files; after a failure without a word. */
static int stop_watching(const pab_market *market, int code, watchers *w)
{
    if (w->trace && code == CLI_OK)
        code = trace_close(w->trace, market);
    else if (w->trace)
        trace_abandon(w->trace);
    if (w->lobster && code == CLI_OK)
        code = lobster_close(w->lobster, market);
    else if (w->lobster)
        lobster_abandon(w->lobster);
    free(w->trace);
    free(w->lobster);
    return code;
}

static int run_and_report(const request *r, pab_scenario *scenario)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_market *market = NULL;
    watchers w = {NULL, NULL, NULL};
    double seconds = 0;
    if (pab_scenario_describe(scenario, &info) != PAB_OK || pab_market_new(scenario, &market) != PAB_OK)
        return cli_fail_library(NULL);
    int code = watch(r, scenario, info.tick_value, market, &w);
    if (code == CLI_OK)
        code = run(r, &info, market, &w, &seconds);
    code = stop_watching(market, code, &w);
    if (code == CLI_OK && !r->quiet)
        code = market_report_print(scenario, market, r->seed != SCENARIO_SEED ? r->seed : info.default_seed, seconds);
    if (code == CLI_OK && w.validity)
        code = validity_print(scenario, w.validity);
    pab_validity_free(w.validity);
    pab_market_free(market);
    return code;
}

static int run_market(int argc, char **argv)
{
    request r = {.seed = SCENARIO_SEED, .levels = 10};
    pab_scenario *scenario = NULL;
    int code = cli_parse(&cli_market_command, argc, argv, &r);
    const int watching = r.validity + (r.trace_dir != NULL) + (r.lobster_dir != NULL);
    if (code == CLI_OK && watching > 1)
        code = cli_usage("market: %s and %s both watch the run; expected one of them",
                         r.validity ? "--validity" : "--lobster", r.trace_dir ? "--trace" : "--lobster");
    if (code == CLI_OK)
        code = cli_make_scenario("market", r.scenario, NULL, &r.overrides, &scenario);
    if (code == CLI_OK)
        code = run_and_report(&r, scenario);
    pab_scenario_free(scenario);
    return code;
}

const cli_command cli_market_command = {
    .name = "market",
    .summary = "run a market to its end and say what happened",
    .detail = "A trace has the files and formats of a recorded ABIDES run. LOBSTER files hold what changes the best\n"
              "levels; trades of other venues are no part of them.\n",
    .operands = operands,
    .options = options,
    .run = run_market,
};
