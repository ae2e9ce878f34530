/* Calls that must succeed, and calls that must not. */
#ifndef PAB_TEST_STATUS_H
#define PAB_TEST_STATUS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <pairsabides/status.h>

static inline void must(pab_status status)
{
    char text[1024];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fail_msg("%s: %s", pab_status_name(status), text);
}

/* A call failed as expected, and its sentence has `part` in it. */
static inline void refused(pab_status got, pab_status expected, const char *part)
{
    char text[1024] = "";
    pab_last_error(text, sizeof text);
    if (got != expected || !strstr(text, part))
        fail_msg("%s \"%s\"; expected %s and \"%s\"", pab_status_name(got), text, pab_status_name(expected), part);
}

#endif
