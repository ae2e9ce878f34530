/* Collecting a distillation's dataset: episodes in which the teacher gives a target in every state, also where another
 * policy acts.
 *
 * distil.c calls it once for each kind of episode of a round. Episodes run in parallel; the data set does not depend
 * on the number of threads. */
#ifndef PAB_MOEDPO_DISTIL_COLLECT_H
#define PAB_MOEDPO_DISTIL_COLLECT_H

#include <pairsabides/progress.h>

#include "base/threads.h"
#include "moedpo/distil_dataset.h"

/* A teacher's output in one state: scores of all joint actions, -INFINITY where illegal, and the experts' weights. */
typedef struct pab__teacher_output {
    double score[PAB_MOE_COMPONENTS][PAB_ENV_JOINT_ACTIONS]; /* experts, then the ensemble */
    double weight[PAB_EXPERT_COUNT];                         /* of the experts in this state */
} pab__teacher_output;

/* `memory` is private to an episode: plain bytes, zeroed when it begins. `teach` is called by several threads. */
typedef struct pab__teacher {
    const void *user;
    size_t memory; /* bytes */
    pab_status (*teach)(const void *user, void *memory, const pab_env *env, pab__teacher_output *out);
} pab__teacher;

/* Who acts: a component of the teacher, PAB_EXPERT_... or the ensemble, or the student. */
enum { PAB__DISTIL_ACTOR_ENSEMBLE = PAB_MOE_ANCHOR, PAB__DISTIL_ACTOR_STUDENT = PAB_MOE_COMPONENTS };

/* A set of episodes. */
typedef struct pab__distil_collection {
    int32_t actor;
    uint32_t episodes;
    uint32_t first;     /* number of the first; seeds follow from numbers, so sets must not share any */
    uint32_t anchor;    /* 0: targets of the gate are the experts' weights; 1: half of them, half the anchor */
    double noise;       /* probability of a random legal action instead of the actor's */
    double temperature; /* of targets */
    uint64_t seed;      /* of the run */
    const pab__mixture_net *student;
    const pab_progress *progress; /* may be NULL */
} pab__distil_collection;

/* Runs the episodes and appends their states, episode by episode. Every tenth episode is held out. */
pab_status pab__distil_collect(pab__distil_dataset *dataset, pab_scenario *scn, pab__threads *threads,
                               const pab__teacher *teacher, const pab__distil_collection *collection);

#endif
