/**
 * @file judge.h
 * @brief The realism report: facts of recorded days as a range, those of simulated markets beside it, a verdict a row.
 */
#ifndef PAIRSABIDES_CLI_JUDGE_H
#define PAIRSABIDES_CLI_JUDGE_H

#include "tapes.h"

/** What a row is of, in the order of PAB_REALISM_COUNT values. */
typedef struct judge_row {
    double low, high;   /**< of the recorded windows; NaN where they do not tell */
    double mean;        /**< over them */
    double least, most; /**< what is allowed; infinite where anything is */
    double ours;        /**< of the simulated markets together */
} judge_row;

typedef struct judge {
    const char *real[2], *ours[2]; /**< names of the legs */
    uint32_t windows, markets;
    double resolution; /**< of times, ns */
    double tick[2][2]; /**< of the recorded legs and the simulated ones, bps of the price */
    judge_row rows[PAB_REALISM_COUNT];
} judge;

typedef enum judge_format { JUDGE_TABLE, JUDGE_CSV, JUDGE_MARKDOWN } judge_format;

/** Measures both sides. */
int judge_make(const recorded *real, const pab_pair_window *ours, uint32_t markets, judge *out);
void judge_print(const judge *j, judge_format format);
/** Writes the figures into `dir`, which is created where needed. */
int judge_figures(const judge *j, const char *dir);

#endif
