/* Shared by the examples: a call that must succeed, or the library's sentence and the end of the program. */
#ifndef PAIRSABIDES_EXAMPLES_MUST_H
#define PAIRSABIDES_EXAMPLES_MUST_H

#include <pairsabides/status.h>

#include <stdio.h>
#include <stdlib.h>

static inline void must(pab_status status)
{
    char text[512];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fprintf(stderr, "%s: %s\n", pab_status_name(status), text);
    exit(1);
}

#endif
