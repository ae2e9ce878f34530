#include "tools.h"
#include "compare.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct request {
    const char *dir[2];
} request;

static const cli_operand operands[] = {
    {"DIR_A", "a trace, or a recorded run", offsetof(request, dir)},
    {"DIR_B", "another one", offsetof(request, dir) + sizeof(const char *)},
    {NULL, NULL, 0},
};

static const cli_option options[] = {CLI_OPTION_END};

static int is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void print_file(const comparison *c, const char *a, const char *b)
{
    char time[64] = "";
    switch (c->result) {
    case COMPARE_EQUAL:
        printf("%-16s equal, %llu rows\n", c->file, (unsigned long long)c->rows);
        break;
    case COMPARE_DIFFERENT:
        if (c->first.has_time)
            cli_date_text(c->first.time, time, sizeof time);
        printf("%-16s DIFFERS at line %llu%s%s\n", c->file, (unsigned long long)c->first.line, time[0] ? ", " : "",
               time);
        break;
    case COMPARE_ONLY_A:
        printf("%-16s MISSING in %s\n", c->file, b);
        break;
    case COMPARE_ONLY_B:
        printf("%-16s MISSING in %s\n", c->file, a);
        break;
    default:
        break;
    }
}

/* The earliest in simulated time; files without times come after all that have them. */
static int earlier(const comparison *a, const comparison *b)
{
    if (a->first.has_time != b->first.has_time)
        return a->first.has_time;
    return a->first.has_time && a->first.time < b->first.time;
}

static void print_row(const char *mark, uint64_t line, const char *text)
{
    printf("  %s %8llu  %s\n", mark, (unsigned long long)line, text);
}

static void print_side(const char *mark, uint64_t line, const divergence_side *side)
{
    if (side->count == 0)
        printf("  %s           (the file ends here)\n", mark);
    for (int i = 0; i < side->count; i++)
        print_row(mark, line + (uint64_t)i, side->rows[i]);
}

static void print_divergence(const comparison *c)
{
    const divergence *d = &c->first;
    char time[64];
    printf("\nfirst divergence: %s, line %llu", c->file, (unsigned long long)d->line);
    if (d->has_time) {
        cli_date_text(d->time, time, sizeof time);
        printf(", %s (%lld)", time, (long long)d->time);
    }
    printf("\n");
    for (int i = 0; i < d->before_count; i++)
        print_row(" ", d->line - (uint64_t)(d->before_count - i), d->before[i]);
    print_side("A", d->line, &d->a);
    print_side("B", d->b_line, &d->b);
}

static int compare_directories(const char *a, const char *b)
{
    comparison first = {0};
    int different = 0;
    int compared = 0;
    for (int i = 0; compare_file_name(i); i++) {
        comparison c;
        if (compare_files(a, b, i, &c) != CLI_OK)
            return CLI_USAGE;
        print_file(&c, a, b);
        compared += c.result == COMPARE_EQUAL || c.result == COMPARE_DIFFERENT;
        different += c.result != COMPARE_EQUAL && c.result != COMPARE_ABSENT;
        if (c.result == COMPARE_DIFFERENT && (first.result != COMPARE_DIFFERENT || earlier(&c, &first)))
            first = c;
    }
    if (!compared)
        return cli_usage("diff: '%s' and '%s' have no trace file in common", a, b);
    if (first.result == COMPARE_DIFFERENT) {
        printf("\nA: %s\nB: %s\n", a, b);
        print_divergence(&first);
        if (first.first.has_time && strcmp(first.file, "messages.csv") != 0
            && compare_print_messages(a, b, first.first.time) != CLI_OK)
            return CLI_USAGE;
    }
    return different ? CLI_FAILED : CLI_OK;
}

static int run_diff(int argc, char **argv)
{
    request r = {{NULL}};
    const int code = cli_parse(&cli_diff_command, argc, argv, &r);
    for (int i = 0; code == CLI_OK && i < 2; i++)
        if (!is_directory(r.dir[i]))
            return cli_usage("diff: expected a directory, but '%s' is none", r.dir[i]);
    return code == CLI_OK ? compare_directories(r.dir[0], r.dir[1]) : code;
}

const cli_command cli_diff_command = {
    .name = "diff",
    .summary = "find the first difference of two traces",
    .detail = "Compares the trace files of two directories, compressed or not, and shows the first diverging row\n"
              "by simulated time. Exit code 0: equal, 1: different or a file missing on one side, 2: cannot compare.\n",
    .operands = operands,
    .options = options,
    .run = run_diff,
};
