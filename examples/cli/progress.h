/**
 * @file progress.h
 * @brief Progress bars, for markets that run and for long calls, where a person is watching.
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

/** A bar for long calls of the library; zero-initialise. */
typedef struct progress_bar {
    double start; /**< clock of the first report */
    double drawn; /**< and of the last one drawn */
} progress_bar;

/** The `report` of a pab_progress whose `user` is a progress_bar: draws it, a few times a second. Never cancels. */
int32_t progress_report(void *bar, const char *stage, uint64_t done, uint64_t total);

/** Wipes a bar from a terminal; nothing elsewhere. */
void progress_clear(void);

/** Seconds of a steady clock. */
double progress_clock(void);

#endif
