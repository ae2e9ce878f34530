/* Preferences in memory: flat arrays, and runs of them. */
#ifndef PAB_PREFS_PREFS_H
#define PAB_PREFS_PREFS_H

#include <pairsabides/prefs.h>

#include "prefs/labels.h"
#include "base/bytes.h"

/* A state in which a policy acted. */
typedef struct pab__pref_point {
    float obs[PAB_ENV_OBSERVATIONS];
    uint32_t legal[PAB_ENV_LEGS]; /* bit a: action a */
} pab__pref_point;

/* An action there. */
typedef struct pab__pref_action {
    uint32_t point;
    int32_t action; /* joint */
} pab__pref_action;

/* Costs of a trajectory in one future. */
enum { PAB__PREF_SHORTFALL_A, PAB__PREF_SHORTFALL_B, PAB__PREF_HEDGE, PAB__PREF_HEDGE_MAX, PAB__PREF_RISK,
       PAB__PREF_TRACKING, PAB__PREF_FORCED, PAB__PREF_RESIDUAL, PAB__PREF_COMPONENTS };

typedef struct pab__pref_outcome {
    double score;
    double component[PAB__PREF_COMPONENTS];
} pab__pref_outcome;

/* One candidate, or several that did the same. Its outcomes stand at its number * futures. */
typedef struct pab__pref_trajectory {
    uint32_t candidates; /* bits */
    uint32_t play[PAB__PREF_FUTURES + 1]; /* future m: plays play[m] .. play[m + 1] - 1 */
} pab__pref_trajectory;

typedef struct pab__pref_start {
    uint64_t seed, state;
    int32_t step, segment, cell, held;
    uint32_t point;         /* the state itself: the first point of every play of the first decision */
    uint32_t trajectory, trajectories; /* the run of trajectories: first, how many */
    uint32_t pair, pairs;   /* the run of pairs; their trajectories count from 0 within the start */
    uint32_t listed, list[PAB__PREF_TRAJECTORIES];
} pab__pref_start;

struct pab_prefs {
    pab_host host;
    uint64_t fingerprint, master_seed;
    double eta;
    uint32_t futures;
    uint32_t points, plays, trajectories, starts, pairs;       /* used */
    uint32_t cap_points, cap_plays, cap_trajectories, cap_outcomes, cap_starts, cap_pairs;
    pab__pref_point *point;
    pab__pref_action *play;
    pab__pref_trajectory *trajectory;
    pab__pref_outcome *outcome; /* [trajectories][futures] */
    pab__pref_start *start;
    pab__pref_pair *pair;
};

pab_status pab__prefs_new(const pab_host *host, uint32_t futures, double eta, pab_prefs **out);
/* Room for so many more of each. */
pab_status pab__prefs_reserve(pab_prefs *p, uint32_t points, uint32_t plays, uint32_t trajectories, uint32_t starts,
                              uint32_t pairs);
/* Appends all starts of another set with as many futures. */
pab_status pab__prefs_append(pab_prefs *p, const pab_prefs *more);
/* Takes the last trajectory together with one of those from `first` on that did the same. */
void pab__prefs_merge(pab_prefs *p, uint32_t first);
/* Ranks all starts. */
pab_status pab__prefs_label(pab_prefs *p);

void pab__prefs_write(const pab_prefs *p, pab__bytes *out);
pab_status pab__prefs_read(const pab_host *host, pab__bytes *in, const char *path, pab_prefs **out);

#endif
