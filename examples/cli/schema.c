#include "cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct request {
    int csv;
} request;

static const cli_option options[] = {
    {"--csv", NULL, "comma-separated, for programs", CLI_SWITCH, offsetof(request, csv), 0, 0, NULL, 0},
    CLI_OPTION_END,
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
    request r = {0};
    const int code = cli_parse(&cli_schema_command, argc, argv, &r);
    return code == CLI_OK ? print_schema(r.csv) : code;
}

const cli_command cli_schema_command = {
    .name = "schema",
    .summary = "list the keys of a scenario: type, unit, default, bounds",
    .detail = "A part in angle brackets stands for a name of your choice, or for any group of agents of that type.\n",
    .options = options,
    .run = run_schema,
};
