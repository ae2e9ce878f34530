#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void complain(const char *format, va_list list)
{
    char line[1024];
    vsnprintf(line, sizeof line, format, list);
    for (char *p = line; *p; p++) {
        if (*p == '\n' || *p == '\r')
            *p = ' ';
    }
    fprintf(stderr, "pairsabides: %s\n", line);
}

int cli_usage(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    complain(format, list);
    va_end(list);
    return CLI_USAGE;
}

int cli_fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    complain(format, list);
    va_end(list);
    return CLI_FAILED;
}

int cli_fail_library(const char *what)
{
    char text[768];
    if (pab_last_error(text, sizeof text) == 0)
        snprintf(text, sizeof text, "unknown error");
    return what ? cli_fail("%s: %s", what, text) : cli_fail("%s", text);
}

static int find_option(const cli_args *args, const char *text, size_t len)
{
    for (int i = 0; args->options[i].name; i++) {
        if (strlen(args->options[i].name) == len && memcmp(args->options[i].name, text, len) == 0)
            return i;
    }
    return CLI_BAD;
}

static int take_option(cli_args *args, const char *text)
{
    const char *equals = strncmp(text, "--", 2) == 0 ? strchr(text, '=') : NULL;
    size_t len = equals ? (size_t)(equals - text) : strlen(text);
    int found = find_option(args, text, len);
    if (found < 0) {
        cli_usage("%s: unknown option '%.*s'; see 'pairsabides help %s'", args->argv[0], (int)len, text,
                  args->argv[0]);
        return CLI_BAD;
    }
    const cli_option *option = &args->options[found];
    args->name = option->name;
    args->value = NULL;
    if (!option->operand) {
        if (equals) {
            cli_usage("%s: option %s takes no value, got '%s'", args->argv[0], option->name, equals + 1);
            return CLI_BAD;
        }
        return found;
    }
    if (equals) {
        args->value = equals + 1;
    } else if (args->next + 1 < args->argc) {
        args->value = args->argv[++args->next];
    } else {
        cli_usage("%s: option %s expects %s after it", args->argv[0], option->name, option->operand);
        return CLI_BAD;
    }
    return found;
}

int cli_next(cli_args *args)
{
    if (++args->next >= args->argc)
        return CLI_END;
    const char *text = args->argv[args->next];
    if (!args->no_options && strcmp(text, "--") == 0) {
        args->no_options = 1;
        return cli_next(args);
    }
    if (!args->no_options && text[0] == '-' && text[1] != '\0')
        return take_option(args, text);
    args->value = text;
    return CLI_POSITIONAL;
}

int cli_parse_int(const char *text, int64_t *out)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    if (digits[0] < '0' || digits[0] > '9')
        return -1;
    char *end = NULL;
    errno = 0;
    intmax_t value = strtoimax(text, &end, 10);
    if (errno != 0 || *end != '\0' || value < INT64_MIN || value > INT64_MAX)
        return -1;
    *out = (int64_t)value;
    return 0;
}

int cli_parse_uint(const char *text, uint64_t *out)
{
    if (text[0] < '0' || text[0] > '9')
        return -1;
    char *end = NULL;
    errno = 0;
    uintmax_t value = strtoumax(text, &end, 10);
    if (errno != 0 || *end != '\0' || value > UINT64_MAX)
        return -1;
    *out = (uint64_t)value;
    return 0;
}

int cli_read_arguments(const char *command, cli_args *args, const char **scenario, cli_take *take, void *request)
{
    for (;;) {
        int got = cli_next(args), code = CLI_OK;
        if (got == CLI_BAD)
            return CLI_USAGE;
        if (got == CLI_END)
            break;
        if (got != CLI_POSITIONAL)
            code = take(request, got, args);
        else if (*scenario)
            code = cli_usage("%s: expected one SCENARIO, got '%s' as well", command, args->value);
        else
            *scenario = args->value;
        if (code != CLI_OK)
            return code;
    }
    return *scenario ? CLI_OK : cli_usage("%s: expected a SCENARIO: a YAML file or a preset", command);
}

int cli_read_number(const char *command, const cli_args *args, uint64_t least, uint64_t most, uint64_t *out)
{
    if (cli_parse_uint(args->value, out) == 0 && *out >= least && *out <= most)
        return CLI_OK;
    return cli_usage("%s: %s expects a number from %llu to %llu, not '%s'", command, args->name,
                     (unsigned long long)least, (unsigned long long)most, args->value);
}

uint32_t cli_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 1 ? (uint32_t)(n < 1024 ? n : 1024) : 0;
}
