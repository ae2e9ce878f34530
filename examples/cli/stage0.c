#include "cli.h"
#include "fitted.h"
#include "scenario.h"
#include "tapes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the arguments ask for. */
typedef struct request {
    fitted_leg leg[2];
    const char *out, *session, *bar_text, *base;
    int32_t format, budget;
    uint32_t threads;
    int64_t from, to; /* ns since midnight of each day; equal: all */
    int64_t bar;      /* ns; 0: told from the file */
    double tick;      /* currency units; 0: the data's own */
    int quiet;
} request;

#define FIELD(name) offsetof(request, name)

/* As PAB_TAPE_..., without trades, which have options of their own. */
static const int32_t formats[] = {PAB_TAPE_AUTO, PAB_TAPE_QUOTES, PAB_TAPE_BARS, PAB_TAPE_LOBSTER};

static const char *format_name(int32_t index)
{
    static const char *const names[] = {"auto", "quotes", "bars", "lobster"};
    return index < 4 ? names[index] : NULL;
}

static const char *budget_name(int32_t index)
{
    return index == PAB_BUDGET_SMALL ? "small" : index == PAB_BUDGET_DEFAULT ? "default" : NULL;
}

static const cli_option options[] = {
    {"--a", "FILE", "quotes, bars or LOBSTER messages of leg A; may be gzip", CLI_TEXT, FIELD(leg[0].quotes), 0, 0,
     NULL, 1},
    {"--b", "FILE", "the same of leg B", CLI_TEXT, FIELD(leg[1].quotes), 0, 0, NULL, 1},
    {"--trades-a", "FILE", "trades of leg A", CLI_TEXT, FIELD(leg[0].trades), 0, 0, NULL, 0},
    {"--trades-b", "FILE", "trades of leg B", CLI_TEXT, FIELD(leg[1].trades), 0, 0, NULL, 0},
    {"--name-a", "NAME", "leg A's columns are NAME_bid and so on: for files that hold both legs", CLI_TEXT,
     FIELD(leg[0].name), 0, 0, NULL, 0},
    {"--name-b", "NAME", "the same of leg B", CLI_TEXT, FIELD(leg[1].name), 0, 0, NULL, 0},
    {"--format", "FORMAT", "of --a and --b: auto, quotes, bars or lobster; default: auto", CLI_CHOICE, FIELD(format),
     0, 0, format_name, 0},
    {"--bar", "TIME", "length of a bar, like 5min; default: from the times of bars, one minute without times", CLI_TEXT,
     FIELD(bar_text), 0, 0, NULL, 0},
    {"--session", "FROM-TO", "HH:MM:SS-HH:MM:SS of each day, on the clock of the file; default: all rows", CLI_TEXT,
     FIELD(session), 0, 0, NULL, 0},
    {"--tick", "UNIT", "currency units per tick of the scenario; default: the data's own, of both legs the finer",
     CLI_REAL, FIELD(tick), 1e-8, 1e9, NULL, 0},
    {"--base", "SCENARIO", "what the fit starts from; default: preset pair. Tables of a pair at its real tick are "
     "counted: pair_cent", CLI_TEXT, FIELD(base), 0, 0, NULL, 0},
    {"-o", "FILE", "scenario to write", CLI_TEXT, FIELD(out), 0, 0, NULL, 1},
    {"--threads", "N", "markets simulated at once; the result is the same for any number; default: 1", CLI_UINT,
     FIELD(threads), 1, 1024, NULL, 0},
    {"--budget", "SIZE", "small (seconds) or default (minutes)", CLI_CHOICE, FIELD(budget), 0, 0, budget_name, 0},
    CLI_OPTION_QUIET(request),
    CLI_OPTION_END,
};

static int read_bar(request *r)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
    const char *text = r->bar_text;
    if (!text)
        return CLI_OK;
    char *end;
    unsigned long count = strtoul(text, &end, 10);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (count > 0 && count <= 100000 && strcmp(end, units[i].name) == 0)
            r->bar = (int64_t)count * units[i].seconds * INT64_C(1000000000);
    return r->bar > 0 ? CLI_OK : cli_usage("stage0: --bar expects a time like 60s, 5min, 1h or 1d, not '%s'", text);
}

static int read_leg(const request *r, const fitted_leg *leg, pab_tape *tape)
{
    pab_read_options how;
    pab_status status = pab_read_options_init(&how, sizeof how);
    how.format = formats[r->format];
    how.bar = r->bar;
    how.session_from = r->from;
    how.session_to = r->to;
    how.instrument = leg->name;
    if (status == PAB_OK)
        status = pab_tape_read(tape, leg->quotes, &how);
    how.format = PAB_TAPE_TRADES;
    if (status == PAB_OK && leg->trades)
        status = pab_tape_read(tape, leg->trades, &how);
    return status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

static void print_lines(const char *before, const char *text)
{
    while (*text) {
        int len = (int)strcspn(text, "\n");
        fprintf(stderr, "%s%.*s\n", before, len, text);
        text += len + (text[len] != '\0');
    }
}

/* What was read, then what looks wrong, a line each. */
static int print_data(pab_tape *const tapes[2])
{
    enum { TEXT = 1 << 16 };
    char *text = malloc(TEXT);
    if (!text)
        return cli_fail("no memory for the report of what was read");
    pab_tape_report(tapes[0], text, TEXT, NULL);
    print_lines("leg A: ", text);
    pab_tape_report(tapes[1], text, TEXT, NULL);
    print_lines("leg B: ", text);
    text[0] = '\0';
    pab_status status = pab_stage0_check(tapes[0], tapes[1], text, TEXT, NULL);
    print_lines("warning: ", text);
    free(text);
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
    if (pab_fit_options_init(&how, sizeof how) != PAB_OK)
        return cli_fail_library(NULL);
    int shown = !r->quiet && isatty(STDERR_FILENO);
    how.budget = r->budget;
    how.threads = (int32_t)r->threads;
    how.tick = r->tick;
    how.progress = shown ? show_progress : NULL;
    pab_status status = pab_stage0_fit(cfg, tapes[0], tapes[1], &how, report);
    if (shown)
        fprintf(stderr, "\r\033[K");
    return status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

static int run_stage0(int argc, char **argv)
{
    static const cli_overrides none;
    request r = {.budget = PAB_BUDGET_DEFAULT, .threads = 1, .base = "pair"};
    int code = cli_parse(&cli_stage0_command, argc, argv, &r);
    if (code == CLI_OK)
        code = tapes_session("stage0", r.session, &r.from, &r.to);
    if (code == CLI_OK)
        code = read_bar(&r);
    if (code != CLI_OK)
        return code;
    pab_tape *tapes[2] = {NULL, NULL};
    pab_config *cfg = NULL;
    pab_fit_report report = {.struct_size = sizeof report};
    if (pab_tape_new(NULL, &tapes[0]) != PAB_OK || pab_tape_new(NULL, &tapes[1]) != PAB_OK)
        code = cli_fail_library(NULL);
    if (code == CLI_OK)
        code = cli_make_config("stage0", r.base, NULL, &none, &cfg);
    for (int i = 0; i < 2 && code == CLI_OK; i++)
        code = read_leg(&r, &r.leg[i], tapes[i]);
    if (code == CLI_OK && !r.quiet)
        code = print_data(tapes);
    if (code == CLI_OK)
        code = fit(&r, cfg, tapes, &report);
    if (code == CLI_OK)
        code = fitted_write(r.out, r.leg, tapes, cfg, &report);
    if (code == CLI_OK && !r.quiet)
        fitted_print(stdout, "", &report);
    if (code == CLI_OK && !(report.loss < report.loss_before))
        fprintf(stderr, "warning: on fresh seeds the search found no better scenario than its start, which is "
                "written\n");
    pab_config_free(cfg);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
    return code;
}

const cli_command cli_stage0_command = {
    .name = "stage0",
    .summary = "fit a pair scenario to recorded quotes and trades",
    .detail = "Starts from a scenario, searches for a scenario with the facts of the data, writes it, and says how\n"
              "well it fits. LOBSTER: name the message file; the order book file is found beside it.\n",
    .options = options,
    .run = run_stage0,
};
