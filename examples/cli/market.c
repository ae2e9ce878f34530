#include "cli.h"
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
    const char *trace_dir, *until;
    int quiet, validity;
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
    {"--until", "TIME", "stop there: HH:MM:SS[.fraction] of the scenario's day, or ns since 1970", CLI_TEXT,
     FIELD(until), 0, 0, NULL, 0},
    {"--validity", NULL, "say for each symbol whether its market was sound; not with --trace", CLI_SWITCH,
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

/* "09:45:00[.5]" on the day of kernel_start, or plain nanoseconds. */
static int parse_until(const char *text, const pab_scenario_info *info, int64_t *out)
{
    const int64_t day = INT64_C(86400000000000);
    int64_t hours, minutes, seconds, fraction = 0;
    if (strchr(text, ':')) {
        if (!two_digits(text, 24, &hours) || text[2] != ':' || !two_digits(text + 3, 60, &minutes) || text[5] != ':'
            || !two_digits(text + 6, 60, &seconds))
            return -1;
        const char *p = text + 8;
        if (*p == '.' && p[1] != '\0') {
            p++;
            for (int64_t unit = 100000000; *p >= '0' && *p <= '9' && unit > 0; p++, unit /= 10)
                fraction += (*p - '0') * unit;
        }
        if (*p != '\0')
            return -1;
        *out = info->kernel_start - info->kernel_start % day
               + ((hours * 60 + minutes) * 60 + seconds) * INT64_C(1000000000) + fraction;
    } else if (cli_parse_int(text, out) != 0) {
        return -1;
    }
    return *out >= info->kernel_start ? 0 : -1;
}

static int trace_stopped(const void *user)
{
    return trace_failed(user);
}

/* Runs what is asked and leaves the market there; `seconds` receives the wall time. */
static int run(const request *r, const pab_scenario_info *info, pab_market *market, trace *t, double *seconds)
{
    progress p = {.from = info->market_open, .until = info->kernel_stop};
    int64_t until = info->kernel_stop;
    if (r->until && parse_until(r->until, info, &until) != 0)
        return cli_usage("market: --until expects HH:MM:SS[.fraction] or ns, not before the kernel starts; got '%s'",
                         r->until);
    p.until = until < info->kernel_stop ? until : info->kernel_stop;
    p.from = p.from < p.until ? p.from : p.until - 1;
    p.shown = !r->quiet && isatty(STDERR_FILENO);
    p.failed = t ? trace_stopped : NULL;
    p.user = t;
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

static int run_and_report(const request *r, pab_scenario *scenario)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_market *market = NULL;
    trace *t = NULL;
    pab_validity *validity = NULL;
    double seconds = 0;
    int code = CLI_OK;
    if (pab_scenario_describe(scenario, &info) != PAB_OK || pab_market_new(scenario, &market) != PAB_OK)
        return cli_fail_library(NULL);
    if (r->trace_dir) {
        t = malloc(sizeof *t);
        if (!t || trace_open(t, scenario, r->trace_dir) != CLI_OK) {
            code = t ? CLI_FAILED : cli_fail("no memory for the trace");
            free(t);
            t = NULL;
        } else {
            code = trace_attach(t, market);
        }
    }
    if (code == CLI_OK && r->validity && pab_validity_new(market, &validity) != PAB_OK)
        code = cli_fail_library(NULL);
    if (code == CLI_OK)
        code = run(r, &info, market, t, &seconds);
    if (code == CLI_OK && t)
        code = trace_close(t, market);
    else if (t)
        trace_abandon(t);
    if (code == CLI_OK && !r->quiet)
        code = market_report_print(scenario, market, r->seed != SCENARIO_SEED ? r->seed : info.default_seed, seconds);
    if (code == CLI_OK && validity)
        code = validity_print(scenario, validity);
    pab_validity_free(validity);
    pab_market_free(market);
    free(t);
    return code;
}

static int run_market(int argc, char **argv)
{
    request r = {.seed = SCENARIO_SEED};
    pab_scenario *scenario = NULL;
    int code = cli_parse(&cli_market_command, argc, argv, &r);
    if (code == CLI_OK && r.validity && r.trace_dir)
        code = cli_usage("market: --validity and --trace both watch the run; expected one of them");
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
    .detail = "A trace has the files and formats of a recorded ABIDES run.\n",
    .operands = operands,
    .options = options,
    .run = run_market,
};
