/* The trainer: gradient steps of Adam over batches of items.
 *
 * A batch is cut into 16 shards whatever the number of threads, and the shards are summed in their order, so that the
 * result does not depend on the threads. distil_epochs.h and tune_epochs.h have one each; they give the function that
 * adds up one item's gradient. */
#ifndef PAB_MOEDPO_TRAINER_H
#define PAB_MOEDPO_TRAINER_H

#include "base/threads.h"
#include "moedpo/net.h"

enum { PAB__TRAINER_SHARDS = 16, PAB__TRAINER_VALUES = 16 };

/* Sums over a part of a batch: the gradient, and values that the item function defines. */
typedef struct pab__trainer_shard {
    pab__mixture_net gradient;
    double value[PAB__TRAINER_VALUES];
    int32_t learning; /* 0: only values are wanted */
    int32_t gate_only;
    void *scratch;
} pab__trainer_shard;

/* Adds one item's gradient and values. */
typedef void (*pab__trainer_item)(void *user, uint32_t item, pab__trainer_shard *shard);

/* What learning changes: parameters and Adam's moments. Part of a checkpoint. */
typedef struct pab__trainer_state {
    pab__mixture_net net, first, second;
    uint64_t steps;
} pab__trainer_state;

typedef struct pab__trainer {
    pab_host host;
    pab__threads *threads;
    size_t scratch;
    pab__trainer_shard *shards;
    pab__trainer_state *state;
    int32_t gate_only; /* 1: components are frozen */
    double rate;       /* of learning */
    double norm;       /* of the last gradient, before clipping */
} pab__trainer;

/* `scratch` bytes for each shard. The threads are lent. */
pab_status pab__trainer_init(pab__trainer *trainer, const pab_host *host, pab__threads *threads, size_t scratch);
void pab__trainer_free(pab__trainer *trainer);

/* 0: read from a file, and with a parameter or a moment that is not finite. */
int pab__trainer_state_is_sound(const pab__trainer_state *state);

/* Zeroes moments and steps; the parameters stay. */
void pab__trainer_state_restart(pab__trainer_state *state);

/* Values summed over items 0 .. count - 1. */
void pab__trainer_sum(pab__trainer *trainer, uint32_t count, pab__trainer_item item, void *user,
                      double value[PAB__TRAINER_VALUES]);
/* The same, then a gradient step; the gradient is clipped to norm 1. */
void pab__trainer_step(pab__trainer *trainer, uint32_t count, pab__trainer_item item, void *user,
                       double value[PAB__TRAINER_VALUES]);
/* The same without the step: the gradient is left in shards[0]. */
void pab__trainer_gradient(pab__trainer *trainer, uint32_t count, pab__trainer_item item, void *user,
                           double value[PAB__TRAINER_VALUES]);

/* A permutation of 0 .. count - 1, a function of `key`. */
void pab__trainer_shuffle(uint32_t *order, uint32_t count, uint64_t key);

#endif
