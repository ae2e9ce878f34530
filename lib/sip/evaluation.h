/* Evaluation of tables of weights on seeds: every table on every seed, from one warm-up per seed. */
#ifndef PAB_SIP_EVALUATION_H
#define PAB_SIP_EVALUATION_H

#include "eval/rollout.h"
#include "eval/workers.h"
#include "sip/psi.h"

typedef struct pab__sip_workers {
    pab__workers all; /* scratch is a pab__psi */
    const pab_qtable *const *experts;
} pab__sip_workers;

/* forks: 1 for workers with a second environment, as refinement needs. */
pab_status pab__sip_workers_open(const pab_host *host, pab_scenario *scn, uint32_t threads, int32_t forks,
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

/* A table of weights that decides in rollouts. */
typedef struct pab__sip_actor {
    const pab_qtable *const *experts;
    const pab__sip_table *table;
    pab__sip_memory memory; /* zeroed when an episode begins */
    pab__psi *psi;
    uint16_t *visits;       /* [cells], decisions of this episode; NULL: not wanted */
} pab__sip_actor;

/* Decides in a rollout; `actor` is a pab__sip_actor. */
pab_status pab__sip_decide(void *actor, const pab_env *env, pab_decision *out);

/* A joint action as a decision. */
static inline pab_decision pab__sip_decision(int32_t joint)
{
    return (pab_decision){{joint / PAB_ENV_LEG_ACTIONS, joint % PAB_ENV_LEG_ACTIONS}, {0, 0}};
}

#endif
