/* Evaluation of tables of weights on seeds: every table on every seed, from one warm-up per seed. */
#ifndef PAB_SIP_EVALUATION_H
#define PAB_SIP_EVALUATION_H

#include "base/jobs.h"
#include "sip/psi.h"

/* Environment and scratch of one thread. */
typedef struct pab__sip_worker {
    pab_env *env;
    pab__psi *psi;
    double *visits; /* [tables][cells], sums over its episodes: whole numbers, so their order does not matter */
} pab__sip_worker;

typedef struct pab__sip_workers {
    pab_host host;
    pab__threads *threads;
    pab__sip_worker *worker;
    const pab_qtable *const *experts;
} pab__sip_workers;

pab_status pab__sip_workers_open(const pab_host *host, pab_scenario *scn, uint32_t threads,
                               const pab_qtable *const experts[PAB_EXPERT_COUNT], pab__sip_workers *out);
void pab__sip_workers_close(pab__sip_workers *workers);

/* Seed `n` of block `block` of a run: regimes in turn; no two runs, blocks or splits share one. */
uint64_t pab__sip_seed(int32_t split, uint64_t master_seed, uint32_t block, uint32_t n);
enum { PAB__SIP_SWEEP_BLOCK = 0xff00, PAB__SIP_FINAL_BLOCK = 0xffff }; /* a block for each sweep, from there on */

typedef struct pab__sip_evaluation {
    const pab__sip_table *table;
    uint32_t tables, seeds;
    int32_t split;
    uint32_t block;
    uint64_t master_seed;
    double *shortfall, *tracking; /* [tables][seeds] */
    double *visits;               /* [tables][cells]; NULL: not wanted */
} pab__sip_evaluation;

pab_status pab__sip_evaluate(pab__sip_workers *workers, const pab__sip_evaluation *evaluation);

/* Acts until the episode ends; `r` is of the last step, or zeroed. visits may be NULL. */
pab_status pab__sip_finish_episode(const pab_qtable *const *experts, const pab__sip_table *table,
                                   pab__sip_memory *memory, pab_env *env, pab__psi *psi, double *visits,
                                   pab_step_result *r, pab_episode_metrics *out);

/* One episode; visits may be NULL. */
pab_status pab__sip_episode(const pab_qtable *const *experts, const pab__sip_table *table, uint64_t seed, pab_env *env,
                            pab__psi *psi, double *visits, pab_episode_metrics *out);

#endif
