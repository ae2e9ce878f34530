/* What the tests of evaluations share. */
#ifndef EVAL_TABLE_H
#define EVAL_TABLE_H

#include <stdlib.h>
#include <string.h>

#include <pairsabides/eval.h>

#include "../status.h"

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
