/* How the ensemble ranks joint actions in a state. */
#ifndef PAB_SIP_PSI_H
#define PAB_SIP_PSI_H

#include <pairsabides/sip.h>

#include "qlearn/score.h"
#include "sip/cells.h"

/* Private state of an episode, zeroed when it begins. */
typedef struct pab__sip_memory {
    pab__expert_state expert[PAB_EXPERT_COUNT];
} pab__sip_memory;

/* One decision. Scores are at most 0 for experts, and -INFINITY where illegal. */
typedef struct pab__psi {
    int32_t cell;
    int32_t best;                     /* joint action with the largest psi, the first among equals */
    pab__sip_cell weights;            /* of that cell */
    double z[PAB_EXPERT_COUNT][PAB_ENV_JOINT_ACTIONS];
    double terms[PAB__SIP_TERMS][PAB_ENV_JOINT_ACTIONS]; /* expected effects, PAB__SIP_HEDGE ... */
    double charge[PAB_ENV_JOINT_ACTIONS];                 /* their penalty */
    double psi[PAB_ENV_JOINT_ACTIONS];
    pab__context context;
} pab__psi;

/* Ranks by a table; call it once per decision, since experts have memory. */
pab_status pab__sip_rank(const pab_qtable *const experts[PAB_EXPERT_COUNT], const pab__sip_table *table,
                         pab__sip_memory *memory, const pab_env *env, pab__psi *out);

/* The same, by a trained ensemble. */
pab_status pab__sip_psi(const pab_sip *sip, pab__sip_memory *memory, const pab_env *env, pab__psi *out);

/* Share of a child of a leg that fills before the next decision, calibrated where the leg is (NULL: it is not);
 * NaN features count as usual. */
double pab__sip_fill(const pab__leg_plan *plan, int32_t style, double spread_z, double alpha);

/* Expected effects of all joint actions by the next decision. */
pab_status pab__sip_terms(const pab__features *f, const pab_env *env,
                          double out[PAB__SIP_TERMS][PAB_ENV_JOINT_ACTIONS]);

#endif
