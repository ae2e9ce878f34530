/**
 * @file market_report.h
 * @brief The table printed after a market has run.
 */
#ifndef PAIRSABIDES_CLI_MARKET_REPORT_H
#define PAIRSABIDES_CLI_MARKET_REPORT_H

#include <pairsabides/pairsabides.h>

/** Prints symbols, agent types and totals on stdout; 0, or CLI_FAILED after printing why. */
int market_report_print(const pab_scenario *scenario, const pab_market *market, uint64_t seed, double seconds);

#endif
