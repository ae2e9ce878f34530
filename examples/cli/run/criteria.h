/**
 * @file criteria.h
 * @brief Is the result convincing? Four conditions that one training run can meet; nothing is chosen by them.
 */
#ifndef PAIRSABIDES_CLI_CRITERIA_H
#define PAIRSABIDES_CLI_CRITERIA_H

#include "completed.h"
#include "finished.h"

enum { CRITERIA_COST, CRITERIA_HEDGE, CRITERIA_TAIL, CRITERIA_COMPLETION, CRITERIA_COUNT, CRITERIA_TEXT = 320 };

typedef struct criterion {
    int met;
    char text[CRITERIA_TEXT]; /**< the condition, a colon, what the table says */
} criterion;

typedef struct criteria {
    criterion each[CRITERIA_COUNT];
    uint32_t completed_count;
    completed completed[FINISHED_POLICIES]; /**< what the last condition rests on */
} criteria;

pab_status criteria_judge(const finished *f, uint32_t threads, criteria *out);

#endif
