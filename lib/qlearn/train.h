/* A training run: its state, which a checkpoint holds whole, and the working memory around it. */
#ifndef PAB_QLEARN_TRAIN_H
#define PAB_QLEARN_TRAIN_H

#include "qlearn/workers.h"

typedef struct pab__qlearn_training {
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
    double bar;          /* return that the next gain has to beat */
    uint32_t best_round;
    uint32_t validation_episodes;
    pab__table kept[2];  /* best so far: shaped as a leg's and as the pair's table */
    double *rule;        /* the rule's validation returns */
} pab__qlearn_training;

/* The best table so far has the shape of the one in training. */
static inline pab__table *pab__qlearn_kept(pab__qlearn_training *t)
{
    return &t->kept[t->table == PAB_TABLE_PAIR];
}

/* The state and its working memory. */
typedef struct pab__qlearn_trainer {
    pab__qlearn_training *t;
    pab__qlearn_workers workers;
    pab__transition *moves;     /* of a round, or of a validation */
    pab__learning_result *result;
    uint32_t room;        /* episodes */
} pab__qlearn_trainer;

/* --- round.c --- */
pab_status pab__qlearn_round(pab__qlearn_trainer *g);
pab_qtable_round pab__qlearn_round_empty(const pab__qlearn_training *t); /* all numbers NaN */

/* --- validation.c --- */
/* Plays the rule on the validation seeds: the baseline of the table. */
pab_status pab__qlearn_validate_rule(pab__qlearn_trainer *g);
/* Plays the table on the same seeds and keeps it if it is the best so far. */
pab_status pab__qlearn_validate(pab__qlearn_trainer *g, pab_qtable_round *row);
/* Keeps the best table, chooses its mode, and moves on to the next. */
pab_status pab__qlearn_finish_table(pab__qlearn_trainer *g);

/* --- checkpoint.c --- */
pab_status pab__qlearn_checkpoint_save(const pab__qlearn_training *t);
/* Resumes from a checkpoint where there is one: 1 in *found. */
pab_status pab__qlearn_checkpoint_load(pab__qlearn_training *t, int *found);

#endif
