/**
 * @file report.h
 * @brief The table printed after a run.
 */
#ifndef PAIRSABIDES_CLI_REPORT_H
#define PAIRSABIDES_CLI_REPORT_H

#include <pairsabides/pairsabides.h>

/** Prints symbols, agent types and totals on stdout; 0, or CLI_FAILED after printing why. */
int report_print(const pab_scenario *scenario, const pab_market *market, uint64_t seed, double seconds);

#endif
