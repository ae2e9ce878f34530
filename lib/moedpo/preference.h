/* Preferences as training sees them: starts, and in each the tracks that were played from it and how they rank. */
#ifndef PAB_MOEDPO_PREFERENCE_H
#define PAB_MOEDPO_PREFERENCE_H

#include <pairsabides/moe.h>

#include "moedpo/losses.h"
#include "moedpo/trainer.h"

/* An action at a point; weight: 1 over the number of futures, times any discount. */
typedef struct pab__play {
    uint32_t point;
    int32_t action; /* joint */
    double weight;
} pab__play;

/* Plays first .. end - 1: one candidate in all its futures. */
typedef struct pab__track {
    uint32_t first, end;
} pab__track;

typedef struct pab__rank {
    uint32_t winner, loser; /* tracks */
    double p;               /* that the winner is the better, at least 1/2 */
} pab__rank;

/* Runs of the arrays below. The first point is the state itself, common to all tracks. */
typedef struct pab__start {
    uint32_t point, points;   /* end of its points: `points` */
    uint32_t rank, ranks;
    uint32_t listed, listing; /* tracks, the best first */
} pab__start;

/* All of a data set. Each array grows by pab__tales_reserve. */
typedef struct pab__tales {
    pab_host host;
    pab__point *points;
    pab__play *plays;
    pab__track *tracks;
    pab__rank *ranks;
    uint32_t *listed;
    pab__start *starts;
    uint32_t n_points, n_plays, n_tracks, n_ranks, n_listed, n_starts;
    uint32_t cap_points, cap_plays, cap_tracks, cap_ranks, cap_listed, cap_starts;
} pab__tales;

void pab__tales_init(pab__tales *tales, const pab_host *host);
void pab__tales_free(pab__tales *tales);
/* Room for so many more of each. */
pab_status pab__tales_reserve(pab__tales *tales, uint32_t points, uint32_t plays, uint32_t tracks, uint32_t ranks,
                              uint32_t listed, uint32_t starts);

/* How tuning weighs its terms. */
typedef struct pab__tuning {
    int32_t loss; /* PAB_LOSS_... */
    int32_t reserved;
    double beta;
    double smoothing;          /* of labels */
    double kl, imitate, balance, entropy; /* weights of the regularisers */
} pab__tuning;

void pab__tuning_default(pab__tuning *tuning, int32_t loss);

/* What the items of a batch share: starts `start[0 .. starts - 1]` first, then replayed points. */
typedef struct pab__lecture {
    const pab__tales *tales;
    const pab__tuning *tuning;
    const pab__mixture_net *net, *reference;
    const double (*was)[PAB__COMPONENTS + 1]; /* of each play in the reference: ln p_e, then ln pi */
    uint32_t components;
    uint32_t starts, replays;
    const uint32_t *start, *replay;
    double omega[PAB__COMPONENTS];            /* set by pab__lecture_balance */
} pab__lecture;

/* Values that an item adds up. */
enum {
    PAB__VALUE_LOSS,    /* of preferences, a start counting 1 */
    PAB__VALUE_IMITATE, /* mean -ln pi of winners, likewise */
    PAB__VALUE_RIGHT,   /* share of pairs ranked as labelled */
    PAB__VALUE_KL,      /* of replayed points */
    PAB__VALUE_ENTROPY, /* sum of g ln g, likewise */
    PAB__VALUE_GATE,    /* five: sum of gates, likewise */
    PAB__VALUE_WEIGHT = PAB__VALUE_GATE + PAB__COMPONENTS /* starts that have pairs */
};

/* Bytes of scratch that one start needs at most. */
size_t pab__lecture_scratch(const pab__tales *tales);
/* ln p of all plays under `net`. */
void pab__lecture_reference(const pab__tales *tales, const pab__mixture_net *net, uint32_t components,
                            double (*was)[PAB__COMPONENTS + 1]);
/* Sets omega from the mean gate over the replayed points; returns the balance loss. */
double pab__lecture_balance(pab__lecture *lecture);
/* A pab__item; `user` is a lecture. */
void pab__lecture_item(void *user, uint32_t item, pab__shard *shard);
/* The batch's loss from its summed values. */
double pab__lecture_loss(const pab__lecture *lecture, const double value[PAB__VALUES], double balance);

#endif
