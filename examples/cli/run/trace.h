/**
 * @file trace.h
 * @brief Episodes to look at, for the page: trace.csv, a row per decision, and fills.csv.
 */
#ifndef PAIRSABIDES_CLI_RUN_TRACE_H
#define PAIRSABIDES_CLI_RUN_TRACE_H

#include "finished.h"

/** Plays an episode in each regime by three policies, on validation seeds, and writes both files: an exit code. */
int trace_episodes(const finished *f);

#endif
