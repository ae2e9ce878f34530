/* What the tests of learned experts share. */
#ifndef LEARNED_H
#define LEARNED_H

#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <pairsabides/config.h>
#include <pairsabides/qtable.h>
#include <pairsabides/scenario.h>

#include "../status.h"
#include "base/host.h"

static inline pab_host plain_host(void)
{
    pab_host host;
    must(pab_host_init(&host, sizeof host));
    must(pab__host_take(&host, &host));
    return host;
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
