/* A batch of tuning: the loss of some starts' preferences, and regularisers on states drawn from all of them.
 *
 * tune_epochs.c makes batches and gives pab__tune_batch_item to the trainer. An item below `starts` is a start, one
 * above is a replayed state. */
#ifndef PAB_MOEDPO_TUNE_BATCH_H
#define PAB_MOEDPO_TUNE_BATCH_H

#include "moedpo/losses.h"
#include "moedpo/trainer.h"
#include "moedpo/tune_dataset.h"

/* The loss, and the weights of its terms. */
typedef struct pab__tune_weights {
    int32_t loss; /* PAB_LOSS_... */
    int32_t reserved;
    double beta;
    double smoothing;                       /* of labels */
    double kl, imitation, balance, entropy; /* of the regularisers */
} pab__tune_weights;

void pab__tune_weights_default(pab__tune_weights *weights, int32_t loss);

/* Logarithms of an action's probabilities. */
typedef struct pab__tune_log {
    double component[PAB_MOE_COMPONENTS]; /* 0 beyond `components` */
    double mixture;
} pab__tune_log;

typedef struct pab__tune_batch {
    const pab__tune_dataset *dataset;
    const pab__tune_weights *weights;
    const pab__mixture_net *net, *reference;
    const pab__tune_log *reference_log; /* of each step of the data set */
    uint32_t components;
    uint32_t starts, replays;
    const uint32_t *start, *replay;     /* their numbers */
    double omega[PAB_MOE_COMPONENTS];   /* set by pab__tune_batch_balance */
} pab__tune_batch;

/* Values that items add up. */
enum {
    PAB__TUNE_VALUE_LOSS,      /* of preferences, a start counting 1 */
    PAB__TUNE_VALUE_IMITATION, /* mean -ln pi of winners, likewise */
    PAB__TUNE_VALUE_ACCURACY,  /* share of pairs ranked as labelled, likewise */
    PAB__TUNE_VALUE_KL,        /* of replayed states */
    PAB__TUNE_VALUE_ENTROPY,   /* sum of g ln g, likewise */
    PAB__TUNE_VALUE_GATE,      /* five: sums of gates, likewise */
    PAB__TUNE_VALUE_WEIGHT = PAB__TUNE_VALUE_GATE + PAB_MOE_COMPONENTS /* starts that have pairs */
};

/* Bytes of scratch that an item needs at most. */
size_t pab__tune_batch_scratch(const pab__tune_dataset *dataset);
/* Logarithms of all steps under `net`. */
void pab__tune_batch_reference(const pab__tune_dataset *dataset, const pab__mixture_net *net, uint32_t components,
                               pab__tune_log *out);
/* Sets omega from the mean gate over the replayed states; returns the balance loss. */
double pab__tune_batch_balance(pab__tune_batch *batch);
/* A pab__trainer_item; `user` is the batch. */
void pab__tune_batch_item(void *user, uint32_t item, pab__trainer_shard *shard);
/* The batch's whole loss, from the summed values and the balance loss. */
double pab__tune_batch_loss(const pab__tune_batch *batch, const double value[PAB__TRAINER_VALUES], double balance);

#endif
