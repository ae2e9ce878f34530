/* The state of a training run, all of which a checkpoint holds. */
#ifndef PAB_QLEARN_TRAIN_H
#define PAB_QLEARN_TRAIN_H

#include "qlearn/rounds.h"

typedef struct pab__training {
    pab_host host;
    pab_learn_options options;
    pab_qtable_options plan;
    uint64_t identity;   /* hash of everything that a resumed run must have in common */
    pab_qtable *q;
    /* of the table being trained */
    int32_t table;       /* PAB_TABLE_COUNT: done */
    int32_t begun;       /* 1: the rule was validated */
    uint32_t round;      /* rounds done */
    uint32_t stale;      /* validations without gain */
    double best;         /* mean validation return of the best table so far */
    double bar;          /* what the next gain is held against */
    uint32_t best_round;
    uint32_t judges;     /* validation episodes */
    pab__table kept[2];  /* best so far: shaped as a leg's and as the pair's table */
    double *rule;        /* the rule's validation returns */
} pab__training;

/* The best table so far has the shape of the one in training. */
static inline pab__table *pab__training_kept(pab__training *t)
{
    return &t->kept[t->table == PAB_TABLE_PAIR];
}

pab_status pab__checkpoint_save(const pab__training *t);
/* Goes on from a checkpoint where there is one; *found tells. */
pab_status pab__checkpoint_load(pab__training *t, int *found);

#endif
