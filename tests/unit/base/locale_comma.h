/* A locale whose decimal point is a comma, as a host may have set it. */
#ifndef TEST_LOCALE_COMMA_H
#define TEST_LOCALE_COMMA_H

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct comma_locale {
    int entered; /* 0: this machine has none, and none could be made */
} comma_locale;

/* Compiles one by localedef where the machine has none: a bare Debian has only C. */
static inline int make_comma_locale(void)
{
    char dir[] = "/tmp/pab-locale-XXXXXX", command[256];
    if (!mkdtemp(dir))
        return 0;
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >%s/log 2>&1", dir, dir);
    int made = system(command) == 0;
    if (made) {
        setenv("LOCPATH", dir, 1);
        made = setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
    }
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command) == 0 && made;
}

static inline comma_locale enter_comma_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ru_RU.UTF-8", "pt_BR.UTF-8"};
    comma_locale out = {0};
    for (size_t i = 0; !out.entered && i < sizeof names / sizeof *names; i++)
        out.entered = setlocale(LC_ALL, names[i]) != NULL;
    if (!out.entered)
        out.entered = make_comma_locale();
    out.entered = out.entered && strcmp(localeconv()->decimal_point, ",") == 0;
    return out;
}

static inline void leave_comma_locale(comma_locale before)
{
    (void)before;
    setlocale(LC_ALL, "C");
}

#endif
