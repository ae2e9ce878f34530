/* Epochs of tuning: gradient steps over the preferences of a data set, and the loss on those held out. No episodes are
 * rolled out here.
 *
 * tune.c begins one at the reference, runs and tests epochs, and ends it. */
#ifndef PAB_MOEDPO_TUNE_EPOCHS_H
#define PAB_MOEDPO_TUNE_EPOCHS_H

#include "moedpo/tune_batch.h"

enum { PAB__TUNE_BATCH_PAIRS = 64, PAB__TUNE_BATCH_REPLAYS = 64 };

/* What is trained on. All pointers are lent. */
typedef struct pab__tune_plan {
    const pab__tune_dataset *dataset, *held_out; /* held_out may have no starts */
    const pab__mixture_net *reference;
    pab__tune_weights weights;
    uint64_t seed;
    uint32_t components;
} pab__tune_plan;

typedef struct pab__tune_epochs {
    pab__tune_plan plan;
    uint32_t replays; /* states of a batch that the regularisers are taken on, at most PAB__TUNE_BATCH_REPLAYS */
    pab__tune_log *reference_log, *held_out_log; /* under the reference, of each step of either data set */
    uint32_t *order, *held_out_order, *replay;
    pab__trainer trainer;
} pab__tune_epochs;

/* Means over the batches of an epoch. */
typedef struct pab__tune_metrics {
    double loss, preference, accuracy, kl, entropy;
    double gate[PAB_MOE_COMPONENTS];
} pab__tune_metrics;

/* Begins at the reference. The threads are lent. */
pab_status pab__tune_epochs_begin(pab__tune_epochs *epochs, const pab_host *host, pab__threads *threads,
                                  const pab__tune_plan *plan);
void pab__tune_epochs_end(pab__tune_epochs *epochs);

/* Runs epoch `epoch` of phase G (gate_only) or F, which depends on the trainer's state and these numbers only. */
void pab__tune_epochs_run(pab__tune_epochs *epochs, int32_t gate_only, uint32_t epoch, pab__tune_metrics *out);

/* Mean preference loss of the held-out starts, and the share of pairs ranked as labelled; NaN without any. */
void pab__tune_epochs_test(pab__tune_epochs *epochs, double *loss, double *accuracy);

#endif
