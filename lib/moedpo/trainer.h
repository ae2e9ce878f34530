/* Gradient steps over batches of items: 16 shards whatever the number of threads, summed in their order; Adam. */
#ifndef PAB_MOEDPO_TRAINER_H
#define PAB_MOEDPO_TRAINER_H

#include "base/threads.h"
#include "moedpo/net.h"

enum { PAB__SHARDS = 16, PAB__VALUES = 16 };

/* What one share of a batch adds up: gradient, and values that the items' function defines. */
typedef struct pab__shard {
    pab__mixture_net gradient;
    double value[PAB__VALUES];
    int32_t learning; /* 0: only values are wanted */
    int32_t gate_only;
    void *scratch;
} pab__shard;

/* Adds one item's gradient and values. */
typedef void (*pab__item)(void *user, uint32_t item, pab__shard *shard);

/* What learning changes, and so what a checkpoint holds. */
typedef struct pab__learner {
    pab__mixture_net net, first, second; /* parameters and Adam's moments */
    uint64_t steps;
} pab__learner;

typedef struct pab__trainer {
    pab_host host;
    pab__threads *threads;
    size_t scratch;
    pab__shard *shards;
    pab__learner *learner;
    int32_t gate_only; /* 1: components are frozen */
    int32_t reserved;
    double rate;       /* Adam's */
    double norm;       /* of the last gradient, before the clip */
} pab__trainer;

/* `scratch` bytes for each shard. The threads are lent. */
pab_status pab__trainer_init(pab__trainer *trainer, const pab_host *host, pab__threads *threads, size_t scratch);
void pab__trainer_free(pab__trainer *trainer);

/* Forgets moments and steps. */
void pab__learner_restart(pab__learner *learner);

/* Values summed over items 0 .. count - 1. */
void pab__trainer_sum(pab__trainer *trainer, uint32_t count, pab__item item, void *user, double value[PAB__VALUES]);
/* The same, and a gradient step: clipped to norm 1. */
void pab__trainer_step(pab__trainer *trainer, uint32_t count, pab__item item, void *user, double value[PAB__VALUES]);
/* The same, but the gradient is only left in shards[0]. */
void pab__trainer_gradient(pab__trainer *trainer, uint32_t count, pab__item item, void *user,
                           double value[PAB__VALUES]);

/* A permutation of 0 .. count - 1 that `key` names. */
void pab__shuffle(uint32_t *order, uint32_t count, uint64_t key);

#endif
