/**
 * @file gains.h
 * @brief What each type of agent gained.
 */
#ifndef PAIRSABIDES_CLI_GAINS_H
#define PAIRSABIDES_CLI_GAINS_H

#include <pairsabides/pairsabides.h>

/** Sum over a label's agents of what they gained, labels in order of first appearance. */
typedef struct label_gain {
    const char *label;
    int64_t total; /**< ticks: times the scenario's tick_value it is money */
    int64_t agents;
} label_gain;

/** Fills at most `cap` labels, returns the number filled, or -1 with the library's error set. */
int64_t label_gains(const pab_scenario *scenario, const pab_market *market, label_gain *out, size_t cap);

#endif
