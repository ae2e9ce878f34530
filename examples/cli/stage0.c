#include "cli.h"
#include "fitted.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_A, OPT_B, OPT_TRADES_A, OPT_TRADES_B, OPT_NAME_A, OPT_NAME_B, OPT_FORMAT, OPT_SESSION, OPT_OUT, OPT_THREADS,
       OPT_BUDGET, OPT_QUIET };

static const cli_option options[] = {
    {"--a", "FILE", "quotes, bars or LOBSTER messages of leg A; may be gzip"},
    {"--b", "FILE", "the same of leg B"},
    {"--trades-a", "FILE", "trades of leg A"},
    {"--trades-b", "FILE", "trades of leg B"},
    {"--name-a", "NAME", "leg A's columns are NAME_bid and so on: for files that hold both legs"},
    {"--name-b", "NAME", "the same of leg B"},
    {"--format", "FORMAT", "of --a and --b: auto, quotes, bars or lobster; default: auto"},
    {"--session", "FROM-TO", "HH:MM:SS-HH:MM:SS of files whose times count from midnight; default: all rows"},
    {"-o", "FILE", "scenario to write"},
    {"--threads", "N", "markets simulated at once; the result is the same for any number; default: 1"},
    {"--budget", "SIZE", "small (seconds) or default (minutes)"},
    {"--quiet", NULL, "no progress bar, no table"},
    {NULL, NULL, NULL},
};

/* What the arguments ask for. */
typedef struct request {
    fitted_leg leg[2];
    const char *out;
    int32_t format, budget, threads;
    int64_t from, to; /* ns since midnight; equal: all */
    int quiet;
} request;

static int choose(const char *option, const char *value, const char *const *names, int count, int32_t *out)
{
    char list[128] = "";
    for (int i = 0; i < count; i++) {
        if (names[i] && strcmp(names[i], value) == 0) {
            *out = i;
            return CLI_OK;
        }
        size_t used = strlen(list);
        if (names[i])
            snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", names[i]);
    }
    return cli_usage("stage0: %s expects one of %s, not '%s'", option, list, value);
}

static int clock_time(const char *text, char end, int64_t *out)
{
    static const int limits[] = {24, 60, 60};
    int64_t seconds = 0;
    for (int i = 0; i < 3; i++, text += 3) {
        if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
            return -1;
        int part = (text[0] - '0') * 10 + text[1] - '0';
        if (part >= limits[i] || text[2] != (i < 2 ? ':' : end))
            return -1;
        seconds = seconds * 60 + part;
    }
    *out = seconds * INT64_C(1000000000);
    return 0;
}

static int take_session(const char *text, request *r)
{
    if (clock_time(text, '-', &r->from) != 0 || clock_time(text + 9, '\0', &r->to) != 0 || r->from >= r->to)
        return cli_usage("stage0: --session expects HH:MM:SS-HH:MM:SS, the later time last, not '%s'", text);
    return CLI_OK;
}

static int take_threads(const char *text, request *r)
{
    int64_t threads = 0;
    if (cli_parse_int(text, &threads) != 0 || threads < 1 || threads > 1024)
        return cli_usage("stage0: --threads expects 1 to 1024, not '%s'", text);
    r->threads = (int32_t)threads;
    return CLI_OK;
}

static int take_option(int option, const char *value, request *r)
{
    static const char *const formats[] = {"auto", "quotes", NULL, "bars", "lobster"};
    static const char *const budgets[] = {"small", "default"};
    switch (option) {
    case OPT_A:
    case OPT_B:
        r->leg[option - OPT_A].quotes = value;
        return CLI_OK;
    case OPT_TRADES_A:
    case OPT_TRADES_B:
        r->leg[option - OPT_TRADES_A].trades = value;
        return CLI_OK;
    case OPT_NAME_A:
    case OPT_NAME_B:
        r->leg[option - OPT_NAME_A].name = value;
        return CLI_OK;
    case OPT_FORMAT:
        return choose("--format", value, formats, 5, &r->format);
    case OPT_SESSION:
        return take_session(value, r);
    case OPT_OUT:
        r->out = value;
        return CLI_OK;
    case OPT_THREADS:
        return take_threads(value, r);
    case OPT_BUDGET:
        return choose("--budget", value, budgets, 2, &r->budget);
    default:
        r->quiet = 1;
        return CLI_OK;
    }
}

static int read_arguments(int argc, char **argv, request *r)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    for (;;) {
        int option = cli_next(&args);
        if (option == CLI_BAD)
            return CLI_USAGE;
        if (option == CLI_POSITIONAL)
            return cli_usage("stage0: expected options only, got '%s'", args.value);
        if (option == CLI_END)
            break;
        int code = take_option(option, args.value, r);
        if (code != CLI_OK)
            return code;
    }
    if (!r->leg[0].quotes || !r->leg[1].quotes)
        return cli_usage("stage0: expected --%s FILE", r->leg[0].quotes ? "b" : "a");
    return r->out ? CLI_OK : cli_usage("stage0: expected -o FILE for the scenario");
}

static int read_leg(const request *r, const fitted_leg *leg, pab_tape *tape)
{
    pab_read_options how;
    pab_status status = pab_read_options_init(&how, sizeof how);
    how.format = r->format;
    how.from = r->from;
    how.to = r->to;
    how.instrument = leg->name;
    if (status == PAB_OK)
        status = pab_tape_read(tape, leg->quotes, &how);
    how.format = PAB_TAPE_TRADES;
    if (status == PAB_OK && leg->trades)
        status = pab_tape_read(tape, leg->trades, &how);
    if (status == PAB_OK && r->from < r->to)
        status = pab_tape_set_window(tape, r->from, r->to);
    return status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

static int32_t show_progress(void *user, double done)
{
    enum { WIDTH = 30 };
    char bar[WIDTH + 1];
    (void)user;
    for (int i = 0; i < WIDTH; i++)
        bar[i] = i < (int)(done * WIDTH) ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %3d%%  searching \033[K", bar, (int)(done * 100));
    fflush(stderr);
    return 0;
}

static int fit(const request *r, pab_config *cfg, pab_tape *const tapes[2], pab_fit_report *report)
{
    pab_fit_options how;
    if (pab_config_preset(cfg, "pair") != PAB_OK || pab_fit_options_init(&how, sizeof how) != PAB_OK)
        return cli_fail_library(NULL);
    int shown = !r->quiet && isatty(STDERR_FILENO);
    how.budget = r->budget;
    how.threads = r->threads;
    how.progress = shown ? show_progress : NULL;
    pab_status status = pab_stage0_fit(cfg, tapes[0], tapes[1], &how, report);
    if (shown)
        fprintf(stderr, "\r\033[K");
    return status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

static int run_stage0(int argc, char **argv)
{
    request r = {.budget = PAB_BUDGET_DEFAULT, .threads = 1};
    int code = read_arguments(argc, argv, &r);
    if (code != CLI_OK)
        return code;
    pab_tape *tapes[2] = {NULL, NULL};
    pab_config *cfg = NULL;
    pab_fit_report report = {.struct_size = sizeof report};
    if (pab_tape_new(NULL, &tapes[0]) != PAB_OK || pab_tape_new(NULL, &tapes[1]) != PAB_OK ||
        pab_config_new(NULL, &cfg) != PAB_OK)
        code = cli_fail_library(NULL);
    for (int i = 0; i < 2 && code == CLI_OK; i++)
        code = read_leg(&r, &r.leg[i], tapes[i]);
    if (code == CLI_OK)
        code = fit(&r, cfg, tapes, &report);
    if (code == CLI_OK)
        code = fitted_write(r.out, r.leg, tapes, cfg, &report);
    if (code == CLI_OK && !r.quiet)
        fitted_print(stdout, "", &report);
    pab_config_free(cfg);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
    return code;
}

const cli_command cli_stage0_command = {
    .name = "stage0",
    .operands = "",
    .summary = "fit a pair scenario to recorded quotes and trades",
    .detail = "Starts from preset pair, searches for a scenario with the facts of the data, writes it, and says how\n"
              "well it fits. LOBSTER: name the message file; the order book file is found beside it.\n",
    .options = options,
    .run = run_stage0,
};
