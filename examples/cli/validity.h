/**
 * @file validity.h
 * @brief The table of `market --validity`.
 */
#ifndef PAIRSABIDES_CLI_VALIDITY_H
#define PAIRSABIDES_CLI_VALIDITY_H

#include <pairsabides/pairsabides.h>

/** Prints a column per symbol on stdout; 0, or CLI_FAILED after printing why. */
int validity_print(const pab_scenario *scenario, const pab_validity *validity);

#endif
