/* Playing tables of weights on seeds: every table on every seed, from one warm-up of each. */
#ifndef PAB_SIP_TRIALS_H
#define PAB_SIP_TRIALS_H

#include "base/jobs.h"
#include "sip/psi.h"

/* One thread's own. */
typedef struct pab__sip_player {
    pab_env *env;
    pab__psi *psi;
    double *visits; /* [tables][cells], sums over its episodes: whole numbers, so their order does not matter */
} pab__sip_player;

typedef struct pab__sip_field {
    pab_host host;
    pab__threads *threads;
    pab__sip_player *players;
    const pab_qtable *const *experts;
} pab__sip_field;

pab_status pab__sip_field_open(const pab_host *host, pab_scenario *scn, uint32_t threads,
                               const pab_qtable *const experts[PAB_EXPERT_COUNT], pab__sip_field *out);
void pab__sip_field_close(pab__sip_field *field);

/* Seed `n` of block `block` of a run: regimes in turn; no two runs, blocks or splits share one. */
uint64_t pab__sip_seed(int32_t split, uint64_t master_seed, uint32_t block, uint32_t n);
enum { PAB__SIP_SWEEP_BLOCK = 0xff00, PAB__SIP_FINAL_BLOCK = 0xffff }; /* a block for each sweep, from there on */

typedef struct pab__sip_trials {
    const pab__sip_table *table;
    uint32_t tables, seeds;
    int32_t split;
    uint32_t block;
    uint64_t master_seed;
    double *shortfall, *tracking; /* [tables][seeds] */
    double *visits;               /* [tables][cells]; NULL: not wanted */
} pab__sip_trials;

pab_status pab__sip_play(pab__sip_field *field, const pab__sip_trials *trials);

/* Plays on to the end of the episode; `r` is of the last step, or zeroed. visits may be NULL. */
pab_status pab__sip_play_on(const pab_qtable *const *experts, const pab__sip_table *table, pab__sip_memory *memory,
                            pab_env *env, pab__psi *psi, double *visits, pab_step_result *r,
                            pab_episode_metrics *out);

/* One episode; visits may be NULL. */
pab_status pab__sip_episode(const pab_qtable *const *experts, const pab__sip_table *table, uint64_t seed, pab_env *env,
                            pab__psi *psi, double *visits, pab_episode_metrics *out);

#endif
