/**
 * @file stages.h
 * @brief What commands on a run's directory share: a bar for its stages, and its texts.
 */
#ifndef PAIRSABIDES_CLI_STAGES_H
#define PAIRSABIDES_CLI_STAGES_H

#include "progress.h"

/** A bar for each stage; zero-initialise. */
typedef struct stages_bar {
    uint32_t stage; /**< the one drawn, plus 1 */
    progress_bar bar;
} stages_bar;

/** The `report` of a pab_pipeline_hook whose `user` is a stages_bar. Never cancels. */
int32_t stages_report(void *bar, const pab_pipeline_step *step);

/** Copies a text of the directory to standard output; an exit code. */
int stages_print(const char *dir, const char *name);
/** Its first paragraph only. */
int stages_print_first(const char *dir, const char *name);

#endif
