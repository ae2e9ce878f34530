/* Preferences as tuning trains on them: starts, the trajectories from each, and pairs of trajectories of which one was
 * better.
 *
 * pab__tune_dataset_add makes it of a pab_prefs; tune_batch.h trains on it. All arrays are flat; a start is a run of
 * each. */
#ifndef PAB_MOEDPO_TUNE_DATASET_H
#define PAB_MOEDPO_TUNE_DATASET_H

#include <pairsabides/prefs.h>

#include "moedpo/mixture.h"

/* An action at an input. */
typedef struct pab__tune_step {
    uint32_t input;
    int32_t action; /* joint */
    double weight;  /* 1 over the number of futures, summed over futures that are alike */
} pab__tune_step;

/* Steps first .. end - 1: one candidate in all its futures. */
typedef struct pab__tune_trajectory {
    uint32_t first, end;
} pab__tune_trajectory;

typedef struct pab__tune_pair {
    uint32_t winner, loser; /* trajectories */
    double p;               /* that the winner is the better, at least 1/2 */
} pab__tune_pair;

/* Runs of the arrays below. The first input is the state that all trajectories start from. */
typedef struct pab__tune_start {
    uint32_t first_input, end_input;
    uint32_t first_pair, end_pair;
    uint32_t first_listed, end_listed; /* trajectories, the best first */
} pab__tune_start;

/* Lengths of the arrays. */
typedef struct pab__tune_counts {
    uint32_t inputs, steps, trajectories, pairs, listed, starts;
} pab__tune_counts;

typedef struct pab__tune_dataset {
    pab_host host;
    pab__mixture_input *inputs;
    pab__tune_step *steps;
    pab__tune_trajectory *trajectories;
    pab__tune_pair *pairs;
    uint32_t *listed;
    pab__tune_start *starts;
    pab__tune_counts count, cap;
} pab__tune_dataset;

void pab__tune_dataset_init(pab__tune_dataset *dataset, const pab_host *host);
void pab__tune_dataset_free(pab__tune_dataset *dataset);
/* Makes room for so many more of each. */
pab_status pab__tune_dataset_reserve(pab__tune_dataset *dataset, const pab__tune_counts *more);

/* Appends those starts of `prefs` that have pairs and are held out or, held 0, are not. Steps with one legal action are
 * left out, since they teach nothing; a first step that is the same in all futures is one step. */
pab_status pab__tune_dataset_add(pab__tune_dataset *dataset, const pab_prefs *prefs, int32_t held);

#endif
