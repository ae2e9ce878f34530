/**
 * @file progress.h
 * @brief Runs a market to a time, with a progress bar where a person is watching.
 */
#ifndef PAIRSABIDES_CLI_PROGRESS_H
#define PAIRSABIDES_CLI_PROGRESS_H

#include <pairsabides/pairsabides.h>

/** How a run goes. */
typedef struct progress {
    int64_t from;  /**< simulated ns at which nothing is done */
    int64_t until; /**< run to here */
    int shown;     /**< draw the bar */
    int (*failed)(const void *user); /**< non-zero ends the run early; may be NULL */
    const void *user;
} progress;

/** 0 when `until` or the end is reached, 1 when `failed` said so, or the library's error. */
int32_t progress_run(const progress *p, pab_market *market);

/** Seconds of a steady clock. */
double progress_clock(void);

#endif
