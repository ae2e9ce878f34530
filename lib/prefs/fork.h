/* One episode of the reference, and its forks. */
#ifndef PAB_PREFS_FORK_H
#define PAB_PREFS_FORK_H

#include "eval/workers.h"
#include "prefs/prefs.h"

enum { PAB__PREF_STAGE = 3, PAB__PREF_STARTS = 2, PAB__PREF_CANDIDATES = PAB_PREFS_FIRST_EXTRA + PAB_PREFS_EXTRAS };

/* Scratch of a worker. Each policy twice: along the episode, and in a fork. */
typedef struct pab__pref_policies {
    pab_policy *along[PAB__PREF_CANDIDATES + 1], *inside[PAB__PREF_CANDIDATES + 1]; /* the last is the reference */
} pab__pref_policies;

/* What episodes have in common. */
typedef struct pab__pref_plan {
    pab_prefs_options how;
    uint64_t master_seed;
    uint32_t candidates; /* the reference has this number */
} pab__pref_plan;

uint64_t pab__pref_seed(uint64_t master_seed, uint32_t episode);

/* Appends the starts of an episode: a function of the plan and its number. The worker has a fork, and
 * pab__pref_policies as its scratch. */
pab_status pab__pref_episode(const pab__pref_plan *plan, const pab__worker *worker, uint32_t episode, pab_prefs *out);

#endif
