/* Coarse states of a pair, and the weights that an ensemble gives its experts in each. */
#ifndef PAB_SIP_CELLS_H
#define PAB_SIP_CELLS_H

#include <pairsabides/qtable.h>

enum { PAB__SIP_CELLS = 72, PAB__SIP_FACTORS = 5, PAB__SIP_BINS = 12, PAB__SIP_PARAMETERS = 60 };

typedef struct pab__sip_cell {
    double weight[PAB_EXPERT_COUNT]; /* sums to 1 */
    double kappa;                    /* of the synchronization cost */
} pab__sip_cell;

typedef struct pab__sip_table {
    int32_t rules; /* 1: experts' scores are those of their rules, 0 for what the rule does and -1 for all else */
    int32_t reserved;
    pab__sip_cell cell[PAB__SIP_CELLS];
} pab__sip_table;

/* Cell of an observation: time (3 bins), |e|/H (3), crumbling (2), spread (2), volatility (2), time outermost. */
int32_t pab__sip_cell_of(const float obs[PAB_ENV_OBSERVATIONS]);
void pab__sip_bins_of(int32_t cell, int32_t bin[PAB__SIP_FACTORS]); /* each counted on from the factor before */

/* From 12 parameters per expert, then 12 for ln kappa, to a table. */
void pab__sip_table_make(const double parameter[PAB__SIP_PARAMETERS], pab__sip_table *out);
void pab__sip_table_even(pab__sip_table *out);                             /* weights alike, kappa 1 */
void pab__sip_table_single(int32_t expert, int32_t rules, pab__sip_table *out); /* one expert, kappa 0 */

/* Psi = sum of w Z - kappa C; -INFINITY where any Z is. */
void pab__sip_mix(const pab__sip_cell *cell, double z[PAB_EXPERT_COUNT][PAB_ENV_JOINT_ACTIONS],
                  const double cost[PAB_ENV_JOINT_ACTIONS], double psi[PAB_ENV_JOINT_ACTIONS]);

#endif
