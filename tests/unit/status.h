/* Calls that must succeed, and calls that must not. A failure names the line of the call. */
#ifndef PAB_TEST_STATUS_H
#define PAB_TEST_STATUS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <pairsabides/status.h>

#define must(status) must_at((status), __FILE__, __LINE__)
static inline void must_at(pab_status status, const char *file, int line)
{
    char text[1024];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    print_error("ERROR: %s: %s\n", pab_status_name(status), text);
    _fail(file, line);
}

/* A call failed as expected, and its sentence has `part` in it. */
#define refused(got, expected, part) refused_at((got), (expected), (part), __FILE__, __LINE__)
static inline void refused_at(pab_status got, pab_status expected, const char *part, const char *file, int line)
{
    char text[1024] = "";
    pab_last_error(text, sizeof text);
    if (got == expected && strstr(text, part))
        return;
    print_error("ERROR: %s \"%s\"; expected %s and \"%s\"\n", pab_status_name(got), text, pab_status_name(expected),
                part);
    _fail(file, line);
}

#endif
