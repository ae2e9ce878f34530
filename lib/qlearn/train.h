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

/* What a run needs beside its state. */
typedef struct pab__gym {
    pab__training *t;
    pab__crew crew;
    pab__move *moves;     /* of a round, or of a validation */
    pab__played *played;
    uint32_t room;        /* episodes */
} pab__gym;

/* --- lesson.c --- */
pab_status pab__train_round(pab__gym *g);
pab_qtable_round pab__round_empty(const pab__training *t); /* whose numbers are not known yet */

/* --- judge.c --- */
/* The rule on the validation seeds: what the table is held against. */
pab_status pab__train_begin(pab__gym *g);
/* The table as it is now there; the best so far is kept. */
pab_status pab__train_validate(pab__gym *g, pab_qtable_round *row);
/* Keeps the best table, and decides how far it is to be trusted. On to the next. */
pab_status pab__train_end(pab__gym *g);

/* --- checkpoint.c --- */
pab_status pab__training_save(const pab__training *t);
/* Goes on from a checkpoint where there is one; *found tells. */
pab_status pab__training_load(pab__training *t, int *found);

#endif
