/* Distillation: states that teachers have been through, what each would do there, and networks that learn it. */
#ifndef PAB_MOEDPO_SCHOOL_H
#define PAB_MOEDPO_SCHOOL_H

#include <pairsabides/moe.h>

#include "moedpo/ledger.h"
#include "moedpo/losses.h"
#include "moedpo/moe.h"
#include "moedpo/trainer.h"

/* States of a batch. Few states would otherwise make few steps. */
enum { PAB__BATCH_LESSONS = 256, PAB__BATCH_FEW = 64, PAB__FEW_LESSONS = 32768 };

/* What teachers think of one state: scores of all joint actions, -INFINITY where illegal, and the gate's weights. */
typedef struct pab__teaching {
    double score[PAB__COMPONENTS][PAB__ACTIONS]; /* experts, then the ensemble */
    double weight[PAB_EXPERT_COUNT];             /* of the experts in this state */
} pab__teaching;

/* Whoever teaches. `memory` is private to an episode: plain bytes, zeroed when it begins. Called by several threads. */
typedef struct pab__teacher {
    const void *user;
    size_t memory;
    pab_status (*teach)(const void *user, void *memory, const pab_env *env, pab__teaching *out);
} pab__teacher;

/* States and lessons, side by side. */
typedef struct pab__notes {
    pab_host host;
    pab__point *points;
    pab__lesson *lessons;
    uint8_t *held;  /* 1: held out of training */
    uint32_t count, cap;
} pab__notes;

void pab__notes_init(pab__notes *notes, const pab_host *host);
void pab__notes_free(pab__notes *notes);
pab_status pab__notes_reserve(pab__notes *notes, uint32_t more);

/* Who acts in an episode: a component of the teaching, or the student. */
enum { PAB__ACTOR_ENSEMBLE = PAB__ANCHOR, PAB__ACTOR_STUDENT = PAB__COMPONENTS };

/* A set of episodes. */
typedef struct pab__excursion {
    int32_t actor;
    uint32_t episodes;
    uint32_t first;     /* number of the first, for seeds: no two sets share numbers */
    uint32_t anchor;    /* 0: the gate is told the experts' weights only */
    double noise;       /* probability of any legal action instead */
    double temperature; /* of the teachers */
    uint64_t seed;      /* of the run */
    const pab__mixture_net *student;
    const pab_progress *progress; /* may be NULL */
} pab__excursion;

/* Plays the episodes and appends their states in order, whoever played which. One episode in ten is held out. */
pab_status pab__notes_collect(pab__notes *notes, pab_scenario *scn, pab__threads *threads, const pab__teacher *teacher,
                              const pab__excursion *excursion);

/* A training run on notes. */
typedef struct pab__class {
    const pab__notes *notes; /* lent */
    uint32_t components;
    uint32_t taught, tested; /* training and held-out states */
    uint32_t *order, *tests; /* their numbers */
    uint64_t seed;
    pab__trainer trainer;
} pab__class;

pab_status pab__class_begin(pab__class *class, const pab_host *host, pab__threads *threads, const pab__notes *notes,
                            uint32_t components, uint64_t seed);
void pab__class_end(pab__class *class);
/* One epoch, a function of the learner and `epoch`; mean KL of its batches. */
double pab__class_epoch(pab__class *class, uint32_t epoch);

/* On the held-out states. */
typedef struct pab__report {
    double kl;                        /* sum of what follows */
    double part[PAB__COMPONENTS + 1]; /* KL by component, then of the gate */
    double agree[PAB__COMPONENTS];    /* how often the first choice is the teacher's */
} pab__report;

void pab__class_test(pab__class *class, pab__report *out);

/* Distillation as it stands between two epochs. */
typedef struct pab__distillation {
    uint32_t round, epoch, stale, collected; /* rounds collected so far */
    uint32_t states[4]; /* of each round */
    double best;
    pab__learner learner;
    pab__mixture_net kept; /* the best by held-out KL, this round */
    pab__report report;    /* its */
    pab__ledger_rows rows;
} pab__distillation;

#endif
