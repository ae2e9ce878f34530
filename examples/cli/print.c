/* Errors of the command: one line on stderr, which names options as they are typed. */
#include "parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 1024 };

static void complain(const char *format, va_list list)
{
    char line[LINE];
    vsnprintf(line, sizeof line, format, list);
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f) /* line ends, and what a terminal would act on */
            *p = ' ';
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

/* "options.master_seed" is "--seed" where the command has that option; else the text stays as it is. */
static size_t put_option(const char *field, size_t len, char *to, size_t room)
{
    static const char *const renamed[][2] = {{"master_seed", "seed"}, {"front", "no-front"},
                                             {"calibrate", "no-calibration"}, {"split", "seeds"}};
    char name[64];
    if (len + 3 > sizeof name)
        return 0;
    snprintf(name, sizeof name, "--%.*s", (int)len, field);
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (strcmp(name + 2, renamed[i][0]) == 0)
            snprintf(name, sizeof name, "--%s", renamed[i][1]);
    for (char *p = name + 2; *p; p++)
        *p = *p == '_' ? '-' : *p;
    if (!cli_has_option(name))
        return 0;
    snprintf(to, room, "%s", name);
    return strlen(to);
}

static void in_words_of_the_command(const char *text, char *out, size_t cap)
{
    static const char begins[] = "options.";
    size_t used = 0;
    while (*text && used + 1 < cap) {
        if (strncmp(text, begins, sizeof begins - 1) == 0) {
            const char *field = text + sizeof begins - 1;
            const size_t len = strspn(field, "abcdefghijklmnopqrstuvwxyz_0123456789");
            const size_t put = put_option(field, len, out + used, cap - used);
            if (put > 0) {
                used += put;
                text = field + len;
                continue;
            }
        }
        out[used++] = *text++;
    }
    out[used] = '\0';
}

int cli_fail_library(const char *what)
{
    char text[LINE], words[LINE];
    if (pab_last_error(text, sizeof text) == 0)
        snprintf(text, sizeof text, "unknown error");
    in_words_of_the_command(text, words, sizeof words);
    return what ? cli_fail("%s: %s", what, words) : cli_fail("%s", words);
}
