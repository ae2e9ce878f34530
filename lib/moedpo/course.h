/* Tuning without a simulator: epochs over preferences, and the loss on those held out. */
#ifndef PAB_MOEDPO_COURSE_H
#define PAB_MOEDPO_COURSE_H

#include "moedpo/preference.h"

enum { PAB__BATCH_PAIRS = 64, PAB__BATCH_REPLAYS = 64 };

typedef struct pab__course {
    pab__tuning tuning;
    uint64_t seed;
    uint32_t components;
    uint32_t replayed; /* points of a batch that hold the regularisers, at most PAB__BATCH_REPLAYS */
    const pab__tales *tales, *held;      /* lent; held may have no starts */
    const pab__mixture_net *reference;   /* lent */
    double (*was)[PAB__COMPONENTS + 1];  /* of each play, under the reference */
    double (*was_held)[PAB__COMPONENTS + 1];
    uint32_t *order, *held_order, *replays;
    pab__trainer trainer;
} pab__course;

/* What an epoch showed, means over its batches. */
typedef struct pab__marks {
    double loss, preference, right, kl, entropy;
    double gate[PAB__COMPONENTS];
} pab__marks;

/* Begins at the reference. */
pab_status pab__course_begin(pab__course *course, const pab_host *host, pab__threads *threads,
                             const pab__tales *tales, const pab__tales *held, const pab__mixture_net *reference,
                             uint32_t components, const pab__tuning *tuning, uint64_t seed);
void pab__course_end(pab__course *course);

/* Epoch `epoch` of phase G (gate_only) or F: a function of the learner and these numbers. */
void pab__course_epoch(pab__course *course, int32_t gate_only, uint32_t epoch, pab__marks *out);

/* Mean preference loss of the held-out starts, and the share of pairs ranked as labelled; NaN without any. */
void pab__course_held(pab__course *course, double *loss, double *right);

#endif
