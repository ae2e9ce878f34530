#include "cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { OPT_CSV };

static const cli_option options[] = {
    {"--csv", NULL, "comma-separated, for programs"},
    {NULL, NULL, NULL},
};

static int has_bounds(const pab_schema_entry *e)
{
    return e->type == PAB_PARAM_INT || e->type == PAB_PARAM_REAL || e->type == PAB_PARAM_DURATION;
}

static void bounds_text(const pab_schema_entry *e, char *buf, size_t cap)
{
    buf[0] = '\0';
    if (e->choices)
        snprintf(buf, cap, "%s", e->choices);
    else if (has_bounds(e))
        snprintf(buf, cap, "%.17g..%.17g", e->min, e->max);
}

static void print_cell(const char *text)
{
    if (!strpbrk(text, ",\"\n")) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void print_csv(const pab_schema_entry *e)
{
    char low[40] = "";
    char high[40] = "";
    if (has_bounds(e)) {
        snprintf(low, sizeof low, "%.17g", e->min);
        snprintf(high, sizeof high, "%.17g", e->max);
    }
    const char *cells[] = {
        e->key, e->type_name, e->unit, e->default_value ? e->default_value : "", e->default_value ? "0" : "1",
        low,    high,         e->choices ? e->choices : "", e->doc,
    };
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        if (i > 0)
            putchar(',');
        print_cell(cells[i]);
    }
    putchar('\n');
}

static void print_row(const pab_schema_entry *e)
{
    char bounds[256];
    char kind[64];
    bounds_text(e, bounds, sizeof bounds);
    snprintf(kind, sizeof kind, "%s%s%s", e->type_name, e->unit[0] ? ", " : "", e->unit);
    printf("%-42s %-20s %-16s %s\n", e->key, kind, e->default_value ? e->default_value : "(required)", bounds);
    printf("    %s\n", e->doc);
}

static int print_schema(int csv)
{
    if (csv)
        printf("key,type,unit,default,required,min,max,choices,doc\n");
    else
        printf("%-42s %-20s %-16s %s\n", "key", "type, unit", "default", "bounds");
    for (uint32_t i = 0;; i++) {
        pab_schema_entry e = {.struct_size = sizeof e};
        pab_status status = pab_schema_get(i, &e);
        if (status == PAB_E_RANGE)
            return CLI_OK;
        if (status != PAB_OK)
            return cli_fail_library(NULL);
        if (csv)
            print_csv(&e);
        else
            print_row(&e);
    }
}

static int run_schema(int argc, char **argv)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    int csv = 0;
    for (;;) {
        switch (cli_next(&args)) {
        case OPT_CSV:
            csv = 1;
            break;
        case CLI_POSITIONAL:
            return cli_usage("schema: expected no operand, got '%s'", args.value);
        case CLI_END:
            return print_schema(csv);
        default:
            return CLI_USAGE;
        }
    }
}

const cli_command cli_schema_command = {
    .name = "schema",
    .operands = "",
    .summary = "list the keys of a scenario: type, unit, default, bounds",
    .detail = "A part in angle brackets stands for a name of your choice.\n",
    .options = options,
    .run = run_schema,
};
