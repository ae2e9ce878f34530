/* The inside of a pab_env: a slot per regime, with the market that runs and a snapshot at the end of its last warm-up.
 *
 * pab_env_new makes it empty. pab_env_reset simulates a warm-up into the snapshot, unless it has that seed already, and
 * copies it into the running market; episodes of the same seed share the warm-up. */
#ifndef PAB_ENV_ENV_H
#define PAB_ENV_ENV_H

#include "env/executor.h"

typedef struct pab__env_slot {
    pab_market *run;      /* NULL until the regime is needed */
    pab_market *snapshot; /* stands at t_0 of `seed` where `warm` */
    uint64_t seed;
    int32_t warm;
} pab__env_slot;

struct pab_env {
    pab_host host;
    pab_scenario *scn;
    int32_t regime; /* slot in use, -1 before the first reset */
    pab__env_slot slots[PAB_REGIME_COUNT];
};

/* Where an observation goes: NULL and 0, or room for all features. */
pab_status pab__env_check_obs(const float *obs, uint32_t n_obs);

/* The caller's options over the defaults, checked. */
pab_status pab__env_options_take(const pab_reset_options *given, pab_reset_options *out);

/* The market of a regime, made when it is needed first. */
pab_status pab__env_market(pab_env *env, int32_t regime, pab_market **out);

/* The state of the running episode; NULL after setting an error. */
pab__executor *pab__env_state(const pab_env *env);

#endif
