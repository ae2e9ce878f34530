#include "tapes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_WINDOWS = 3, PARTS = 4 };

#define DAY INT64_C(86400000000000)

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

int tapes_session(const char *command, const char *text, int64_t *from, int64_t *to)
{
    if (!text)
        return CLI_OK;
    if (clock_time(text, '-', from) != 0 || clock_time(text + 9, '\0', to) != 0 || *from >= *to)
        return cli_usage("%s: --session expects HH:MM:SS-HH:MM:SS, the later time last, not '%s'", command, text);
    return CLI_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* --- Whose a file is --- */

/* Part `k` of a file's name, between '_', '-' and '.'; empty where there is none. */
static void part_of(const char *path, int k, char out[TAPES_NAME])
{
    const char *from = base_name(path);
    size_t len = strcspn(from, "_-.");
    for (; k > 0 && from[len]; k--) {
        from += len + 1;
        len = strcspn(from, "_-.");
    }
    len = k > 0 ? 0 : len < TAPES_NAME ? len : TAPES_NAME - 1;
    memcpy(out, from, len);
    out[len] = '\0';
}

static int is_name(const char *text)
{
    static const char *const others[] = {"nbbo", "bbo", "quote", "quotes", "trade", "trades", "message", "orderbook",
                                         "tick", "ticks", "csv", "gz", "book", "depth", NULL};
    for (int i = 0; others[i]; i++)
        if (strcmp(text, others[i]) == 0)
            return 0;
    return (text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z');
}

/* 1 where part `k` has two values over all files, both of them names. */
static int two_names(const cli_files *files, int k, char names[2][TAPES_NAME])
{
    names[0][0] = names[1][0] = '\0';
    for (uint32_t i = 0; i < files->count; i++) {
        char part[TAPES_NAME];
        part_of(files->path[i], k, part);
        if (!is_name(part))
            return 0;
        if (!names[0][0] || strcmp(part, names[0]) == 0)
            memcpy(names[0], part, TAPES_NAME);
        else if (!names[1][0] || strcmp(part, names[1]) == 0)
            memcpy(names[1], part, TAPES_NAME);
        else
            return 0;
    }
    return names[1][0] != '\0';
}

static int take_names(const char *command, const cli_files *files, const char *const given[2], recorded *out)
{
    if (!given[0] != !given[1])
        return cli_usage("%s: --name-%c is not there; expected the names of both legs, or of none", command,
                         given[0] ? 'b' : 'a');
    for (int leg = 0; leg < 2 && given[0]; leg++)
        snprintf(out->names[leg], TAPES_NAME, "%s", given[leg]);
    for (int k = 0; k < 8 && !given[0]; k++)
        if (two_names(files, k, out->names))
            return CLI_OK;
    if (given[0])
        return CLI_OK;
    return cli_usage("%s: the names of %u files ('%s' ...) do not tell two legs; expected --name-a and --name-b",
                     command, files->count, base_name(files->path[0]));
}

/* The date in a file's name, eight digits or four, two and two; empty for none. */
static void date_of(const char *path, char out[16])
{
    out[0] = '\0';
    for (const char *p = base_name(path); *p; p++) {
        size_t digits = strspn(p, "0123456789");
        if (digits == 8)
            snprintf(out, 16, "%.8s", p);
        else if (digits == 4 && p[4] == '-' && strspn(p + 5, "0123456789") == 2 && p[7] == '-')
            snprintf(out, 16, "%.10s", p);
        if (out[0])
            return;
        p += digits > 0 ? digits - 1 : 0;
    }
}

/* --- Reading --- */

static int find_day(const char *date, recorded *out, recorded_day **day)
{
    uint32_t i = 0;
    while (i < out->day_count && strcmp(out->days[i].date, date) < 0)
        i++;
    if (i == out->day_count || strcmp(out->days[i].date, date) != 0) {
        if (out->day_count == TAPES_DAYS)
            return cli_fail("more than %d days of files", TAPES_DAYS);
        memmove(&out->days[i + 1], &out->days[i], (out->day_count - i) * sizeof *out->days);
        memset(&out->days[i], 0, sizeof out->days[i]);
        snprintf(out->days[i].date, sizeof out->days[i].date, "%s", date);
        out->day_count++;
        for (int leg = 0; leg < 2; leg++)
            if (pab_tape_new(NULL, &out->days[i].legs[leg]) != PAB_OK)
                return cli_fail_library(NULL);
    }
    *day = &out->days[i];
    return CLI_OK;
}

static int read_file(const char *path, int64_t from, int64_t to, recorded *out)
{
    char date[16];
    recorded_day *day = NULL;
    pab_read_options how;
    int has[2] = {strstr(base_name(path), out->names[0]) != NULL, strstr(base_name(path), out->names[1]) != NULL};
    int both = has[0] == has[1];
    if (strstr(base_name(path), "orderbook")) /* read with its message file */
        return CLI_OK;
    date_of(path, date);
    int code = find_day(date, out, &day);
    for (int leg = 0; leg < 2 && code == CLI_OK; leg++) {
        if (!both && !has[leg])
            continue;
        pab_status status = pab_read_options_init(&how, sizeof how);
        how.session_from = from;
        how.session_to = to;
        how.instrument = both ? out->names[leg] : NULL;
        if (status == PAB_OK)
            status = pab_tape_read(day->legs[leg], path, &how);
        if (status != PAB_OK)
            return cli_fail_library(NULL);
        day->file[leg] = day->file[leg] ? day->file[leg] : path;
    }
    return code;
}

/* The whole session of a day, also before its first quote and after its last. */
static int widen(pab_tape *tape, const char *file, int64_t from, int64_t to)
{
    pab_tape_info info = {.struct_size = sizeof info};
    if (pab_tape_describe(tape, &info) != PAB_OK)
        return cli_fail_library(NULL);
    if (info.quotes == 0)
        return cli_fail("'%s' and the files of its day have no quotes; expected quotes and trades of each leg", file);
    int64_t midnight = info.from - info.from % DAY;
    if (from == to || info.from < midnight + from || info.to > midnight + to)
        return CLI_OK;
    return pab_tape_set_window(tape, midnight + from, midnight + to) == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

static int check_days(const char *command, int64_t from, int64_t to, recorded *out)
{
    for (uint32_t i = 0; i < out->day_count; i++) {
        const recorded_day *day = &out->days[i];
        for (int leg = 0; leg < 2; leg++) {
            if (!day->file[leg])
                return cli_fail("%s: leg %c (%s) has no file%s%s; leg %c has '%s'", command, 'A' + leg,
                                out->names[leg], day->date[0] ? " of " : "", day->date, 'B' - leg,
                                day->file[1 - leg]);
            int code = widen(day->legs[leg], day->file[leg], from, to);
            if (code != CLI_OK)
                return code;
        }
    }
    return CLI_OK;
}

/* --- Windows --- */

static int count_windows(const recorded_day *day, uint32_t *count)
{
    if (pab_pair_windows(day->legs[0], day->legs[1], NULL, 0, count) == PAB_OK)
        return CLI_OK;
    char what[512];
    snprintf(what, sizeof what, "'%s' and '%s'", day->file[0], day->file[1]);
    return cli_fail_library(what);
}

static void cut(recorded *out, uint32_t whole)
{
    for (uint32_t i = whole; i > 0; i--) {
        pab_pair_window w = out->windows[i - 1];
        int64_t length = (w.to - w.from) / out->parts;
        for (uint32_t k = 0; k < out->parts; k++) {
            pab_pair_window *part = &out->windows[(i - 1) * out->parts + k];
            *part = w;
            part->from = w.from + k * length;
            part->to = k + 1 < out->parts ? part->from + length : w.to;
        }
    }
}

static int make_windows(recorded *out)
{
    uint32_t whole = 0, some = 0;
    int64_t resolution = 1;
    for (uint32_t i = 0; i < out->day_count; i++, whole += some)
        if (count_windows(&out->days[i], &some) != CLI_OK)
            return CLI_FAILED;
    if (whole == 0)
        return cli_fail("the legs share no minute; expected more time in common");
    out->parts = whole < LEAST_WINDOWS ? PARTS : 1;
    out->windows = calloc((size_t)whole * out->parts, sizeof *out->windows);
    if (!out->windows)
        return cli_fail("no memory for %u windows", whole * out->parts);
    for (uint32_t i = 0, n = 0; i < out->day_count; i++, n += some) {
        pab_pair_windows(out->days[i].legs[0], out->days[i].legs[1], out->windows + n, whole - n, &some);
        for (int leg = 0; leg < 2; leg++) {
            pab_tape_info info = {.struct_size = sizeof info};
            pab_tape_describe(out->days[i].legs[leg], &info);
            resolution = info.resolution > resolution ? info.resolution : resolution;
        }
    }
    cut(out, whole);
    out->window_count = whole * out->parts;
    for (uint32_t i = 0; i < out->window_count; i++)
        out->windows[i].resolution = resolution;
    return CLI_OK;
}

int recorded_read(const char *command, const cli_files *files, const char *const names[2], int64_t session_from,
               int64_t session_to, recorded *out)
{
    memset(out, 0, sizeof *out);
    int code = take_names(command, files, names, out);
    out->days = code == CLI_OK ? calloc(TAPES_DAYS + 1, sizeof *out->days) : NULL;
    if (code == CLI_OK && !out->days)
        code = cli_fail("no memory for recorded days");
    for (uint32_t i = 0; i < files->count && code == CLI_OK; i++)
        code = read_file(files->path[i], session_from, session_to, out);
    if (code == CLI_OK)
        code = check_days(command, session_from, session_to, out);
    return code == CLI_OK ? make_windows(out) : code;
}

void recorded_free(recorded *t)
{
    for (uint32_t i = 0; i < t->day_count; i++) {
        pab_tape_free(t->days[i].legs[0]);
        pab_tape_free(t->days[i].legs[1]);
    }
    free(t->days);
    free(t->windows);
    t->days = NULL;
    t->windows = NULL;
}
