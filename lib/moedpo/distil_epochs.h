/* Epochs of distillation: gradient steps over the training states of a data set, and a test on those held out.
 *
 * distil.c begins one per round, runs and tests epochs, and ends it. */
#ifndef PAB_MOEDPO_DISTIL_EPOCHS_H
#define PAB_MOEDPO_DISTIL_EPOCHS_H

#include "moedpo/distil_dataset.h"
#include "moedpo/trainer.h"

/* States of a batch: fewer where there are few states, which would otherwise make few steps. */
enum { PAB__DISTIL_BATCH = 256, PAB__DISTIL_BATCH_SMALL = 64, PAB__DISTIL_SMALL = 32768 };

typedef struct pab__distil_epochs {
    const pab__distil_dataset *dataset; /* lent */
    uint32_t components;
    uint32_t train_count, test_count; /* training and held-out states */
    uint32_t *order, *test;           /* their numbers */
    uint64_t seed;
    pab__trainer trainer;
} pab__distil_epochs;

/* The threads are lent. */
pab_status pab__distil_epochs_begin(pab__distil_epochs *epochs, pab__threads *threads,
                                    const pab__distil_dataset *dataset, uint32_t components, uint64_t seed);
void pab__distil_epochs_end(pab__distil_epochs *epochs);
/* Runs one epoch, which depends on the trainer's state and `epoch` only. Returns the mean loss of its states. */
double pab__distil_epochs_run(pab__distil_epochs *epochs, uint32_t epoch);

/* Means over the held-out states. */
typedef struct pab__distil_metrics {
    double kl;                           /* sum of the following */
    double part[PAB_MOE_COMPONENTS + 1]; /* KL by component, then of the gate */
    double agree[PAB_MOE_COMPONENTS];    /* how often the first choice is the teacher's */
} pab__distil_metrics;

void pab__distil_epochs_test(pab__distil_epochs *epochs, pab__distil_metrics *out);

#endif
