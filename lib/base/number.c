/* The C library's conversions, with this thread's locale set aside. */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t plain; /* (locale_t)0 where it could not be made: the host's locale stays */

static void make_plain(void)
{
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* The locale to return to. */
static locale_t enter(void)
{
    pthread_once(&once, make_plain);
    return plain ? uselocale(plain) : (locale_t)0;
}

static void leave(locale_t before)
{
    if (before)
        uselocale(before);
}

int pab__format_list(char *buf, size_t cap, const char *format, va_list args)
{
    locale_t before = enter();
    int len = vsnprintf(buf, cap, format, args);
    leave(before);
    return len;
}

int pab__format(char *buf, size_t cap, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = pab__format_list(buf, cap, format, args);
    va_end(args);
    return len;
}

double pab__real_parse(const char *text, char **end)
{
    locale_t before = enter();
    double value = strtod(text, end);
    leave(before);
    return value;
}

int pab__real_read(const char *text, double *out)
{
    char *end;
    if ((*text < '0' || *text > '9') && *text != '-' && *text != '+' && *text != '.')
        return 0;
    double value = pab__real_parse(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return 0;
    *out = value;
    return 1;
}
