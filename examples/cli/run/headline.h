/**
 * @file headline.h
 * @brief The result of a run in one sentence.
 */
#ifndef PAIRSABIDES_CLI_HEADLINE_H
#define PAIRSABIDES_CLI_HEADLINE_H

#include "finished.h"

/** What ships, and what it costs beside the cheapest benchmark schedule; two lines. */
pab_status headline_put(const finished *f, FILE *out);

#endif
