/* What the tests of evaluations share. */
#ifndef EVAL_TABLE_H
#define EVAL_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pairsabides/eval.h>

static inline void must(pab_status status)
{
    char text[1024];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fail_msg("%s: %s", pab_status_name(status), text);
}

/* A call failed as expected, and its sentence has `part` in it. */
static inline void assert_status_says(pab_status got, pab_status expected, const char *part)
{
    char text[1024] = "";
    pab_last_error(text, sizeof text);
    if (got != expected || strstr(text, part) == NULL)
        fail_msg("%s \"%s\"; expected %s and \"%s\"", pab_status_name(got), text, pab_status_name(expected), part);
}

/* The pair preset with `more` YAML on top. */
static inline pab_scenario *make_pair(const char *more)
{
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_config_parse(cfg, more, strlen(more), "more"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

#endif
