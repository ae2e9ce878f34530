/* The parser of all commands: typed options into the fields of a request. */
#include "parse.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const cli_command *current; /* of this process: there is one command line */

enum { LIST = 512 };

int cli_has_option(const char *name)
{
    for (const cli_option *o = current ? current->options : NULL; o && o->name; o++)
        if (strcmp(o->name, name) == 0)
            return 1;
    return 0;
}

void cli_list(char *buf, size_t cap, const char *name)
{
    const size_t used = strlen(buf);
    snprintf(buf + used, cap - used, "%s%s", used > 0 ? ", " : "", name);
}

/* --- Values --- */

int cli_parse_real(const char *text, double *out)
{
    char *end;
    const double x = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(x))
        return -1;
    *out = x;
    return 0;
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

static int bounded(const cli_option *o)
{
    return o->least != 0 || o->most != 0;
}

static int wrong_number(const cli_option *o, const char *kind, const char *value)
{
    if (bounded(o))
        return cli_usage("%s: %s expects %s from %.10g to %.10g, not '%s'", current->name, o->name, kind, o->least,
                         o->most, value);
    return cli_usage("%s: %s expects %s, not '%s'", current->name, o->name, kind, value);
}

static int take_whole(const cli_option *o, const char *value, void *field)
{
    uint64_t n;
    const int fits = cli_parse_uint(value, &n) == 0 && (o->type == CLI_LONG || n <= UINT32_MAX);
    if (!fits || (bounded(o) && ((double)n < o->least || (double)n > o->most)))
        return wrong_number(o, bounded(o) ? "a whole number" : "a whole number from 0 on", value);
    if (o->type == CLI_LONG)
        *(uint64_t *)field = n;
    else
        *(uint32_t *)field = (uint32_t)n;
    return CLI_OK;
}

static int take_real(const cli_option *o, const char *value, double *field)
{
    double x;
    if (cli_parse_real(value, &x) != 0 || (bounded(o) && (x < o->least || x > o->most)))
        return wrong_number(o, "a number", value);
    *field = x;
    return CLI_OK;
}

static int find_choice(const cli_option *o, const char *value, size_t len)
{
    for (int32_t i = 0; o->choices(i); i++)
        if (strlen(o->choices(i)) == len && memcmp(o->choices(i), value, len) == 0)
            return i;
    return -1;
}

static int wrong_choice(const cli_option *o, const char *value, size_t len)
{
    char list[LIST] = "";
    for (int32_t i = 0; o->choices(i); i++)
        cli_list(list, sizeof list, o->choices(i));
    return cli_usage("%s: %s expects %s of %s, not '%.*s'", current->name, o->name,
                     o->type == CLI_CHOICES ? "some" : "one", list, (int)len, value);
}

static int take_choice(const cli_option *o, const char *value, int32_t *field)
{
    const int found = find_choice(o, value, strlen(value));
    if (found < 0)
        return wrong_choice(o, value, strlen(value));
    *field = found;
    return CLI_OK;
}

static int take_choices(const cli_option *o, const char *value, uint32_t *field)
{
    *field = 0;
    for (const char *from = value;; from++) {
        const size_t len = strcspn(from, ",");
        const int found = find_choice(o, from, len);
        if (found < 0)
            return wrong_choice(o, from, len);
        *field |= UINT32_C(1) << found;
        from += len;
        if (*from == '\0')
            return CLI_OK;
    }
}

static int take_override(const cli_option *o, const char *value, cli_overrides *field)
{
    if (!strchr(value, '=') || value[0] == '=')
        return cli_usage("%s: %s expects KEY=VALUE, not '%s'", current->name, o->name, value);
    if (field->count == CLI_OVERRIDES)
        return cli_usage("%s: %s stands there more than %d times", current->name, o->name, CLI_OVERRIDES);
    field->text[field->count++] = value;
    return CLI_OK;
}

static int take_file(const cli_option *o, const char *value, cli_files *field)
{
    if (!value[0])
        return cli_usage("%s: %s expects %s, not an empty text", current->name, o->name, o->operand);
    if (field->count == CLI_FILES_MOST)
        return cli_usage("%s: %s names more than %d files", current->name, o->name, CLI_FILES_MOST);
    field->path[field->count++] = value;
    return CLI_OK;
}

static int take_value(const cli_option *o, const char *value, void *field)
{
    switch (o->type) {
    case CLI_SWITCH: *(int *)field = 1; return CLI_OK;
    case CLI_SWITCH_OFF: *(int32_t *)field = 0; return CLI_OK;
    case CLI_UINT:
    case CLI_LONG: return take_whole(o, value, field);
    case CLI_REAL: return take_real(o, value, field);
    case CLI_CHOICE: return take_choice(o, value, field);
    case CLI_CHOICES: return take_choices(o, value, field);
    case CLI_OVERRIDE: return take_override(o, value, field);
    case CLI_FILES: return take_file(o, value, field);
    case CLI_TEXT: break;
    }
    *(const char **)field = value;
    return value[0] ? CLI_OK : cli_usage("%s: %s expects %s, not an empty text", current->name, o->name, o->operand);
}

/* --- Arguments --- */

/* A walk over argv. */
typedef struct walk {
    int argc, next;
    char **argv;
    char *request;
    uint64_t seen;        /* bit k: option k was given */
    int operands_read, no_options;
} walk;

static const cli_option *find_option(const char *text, size_t len)
{
    for (const cli_option *o = current->options; o->name; o++)
        if (strlen(o->name) == len && memcmp(o->name, text, len) == 0)
            return o;
    return NULL;
}

static int unknown_option(const char *text, size_t len)
{
    char list[LIST] = "";
    for (const cli_option *o = current->options; o->name; o++)
        cli_list(list, sizeof list, o->name);
    return cli_usage("%s: unknown option '%.*s'; expected one of %s; see 'pairsabides %s --help'", current->name,
                     (int)len, text, list[0] ? list : "none", current->name);
}

static int take_option(walk *w, const char *text)
{
    const char *equals = strncmp(text, "--", 2) == 0 ? strchr(text, '=') : NULL;
    const size_t len = equals ? (size_t)(equals - text) : strlen(text);
    const cli_option *o = find_option(text, len);
    const char *value = NULL;
    if (!o)
        return unknown_option(text, len);
    if (!o->operand && equals)
        return cli_usage("%s: option %s takes no value, got '%s'", current->name, o->name, equals + 1);
    if (equals)
        value = equals + 1;
    else if (o->operand && w->next < w->argc)
        value = w->argv[w->next++];
    else if (o->operand)
        return cli_usage("%s: option %s expects %s after it", current->name, o->name, o->operand);
    w->seen |= UINT64_C(1) << (o - current->options);
    int code = take_value(o, value, w->request + o->offset);
    while (code == CLI_OK && o->type == CLI_FILES && w->next < w->argc && w->argv[w->next][0] != '-')
        code = take_value(o, w->argv[w->next++], w->request + o->offset);
    return code;
}

static int take_operand(walk *w, const char *text)
{
    const cli_operand *operand = current->operands;
    if (!operand || !operand->name)
        return cli_usage("%s: expected options only, got '%s'", current->name, text);
    if (!operand[w->operands_read].name)
        return cli_usage("%s: expected one %s, got '%s' as well", current->name, operand[w->operands_read - 1].name,
                         text);
    *(const char **)(w->request + operand[w->operands_read++].offset) = text;
    return CLI_OK;
}

/* What is missing. */
static int check_complete(const walk *w)
{
    const cli_operand *operand = current->operands;
    if (operand && operand[w->operands_read].name)
        return cli_usage("%s: expected %s: %s", current->name, operand[w->operands_read].name,
                         operand[w->operands_read].help);
    for (int k = 0; current->options[k].name; k++) {
        const cli_option *o = &current->options[k];
        if (o->required && !(w->seen >> k & 1))
            return cli_usage("%s: expected %s %s: %s", current->name, o->name, o->operand, o->help);
    }
    return CLI_OK;
}

int cli_parse(const cli_command *command, int argc, char **argv, void *request)
{
    walk w = {.argc = argc, .argv = argv, .next = 1, .request = request};
    int code = CLI_OK;
    current = command;
    while (code == CLI_OK && w.next < argc) {
        const char *text = argv[w.next++];
        if (!w.no_options && strcmp(text, "--") == 0)
            w.no_options = 1;
        else if (!w.no_options && text[0] == '-' && text[1] != '\0')
            code = take_option(&w, text);
        else
            code = take_operand(&w, text);
    }
    return code == CLI_OK ? check_complete(&w) : code;
}

uint32_t cli_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 1 ? (uint32_t)(n < 1024 ? n : 1024) : 0;
}
