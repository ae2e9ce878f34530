/**
 * @file result.h
 * @brief The texts of a run's report: result.txt, which is printed too, tables.txt, criteria.csv, completed.csv.
 */
#ifndef PAIRSABIDES_CLI_RESULT_H
#define PAIRSABIDES_CLI_RESULT_H

#include "criteria.h"

/** Writes them: CLI_OK, or an exit code after printing why. */
int result_write(const finished *f, const criteria *c);

#endif
