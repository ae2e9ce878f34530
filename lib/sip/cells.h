/* Coarse states of a pair, and the weights that an ensemble gives its experts in each. */
#ifndef PAB_SIP_CELLS_H
#define PAB_SIP_CELLS_H

#include <pairsabides/qtable.h>

#include "env/signals.h"

enum { PAB__SIP_CELLS = 72, PAB__SIP_FACTORS = 5, PAB__SIP_BINS = 12 };

/* Expected effects of an action, each with a multiplier. */
enum {
    PAB__SIP_HEDGE = 0,  /* the square of the hedge error, in bands */
    PAB__SIP_LAG = 1,    /* legs behind an even pace, slices squared */
    PAB__SIP_SPREAD = 2, /* paid against the mid, bps of the pair if all slices were traded so */
    PAB__SIP_TERMS = 3,
    PAB__SIP_PARAMETERS = (PAB_EXPERT_COUNT + PAB__SIP_TERMS) * PAB__SIP_BINS
};

typedef struct pab__sip_cell {
    double weight[PAB_EXPERT_COUNT]; /* sums to 1 */
    double multiplier[PAB__SIP_TERMS]; /* of each of PAB__SIP_HEDGE ... */
} pab__sip_cell;

typedef struct pab__sip_table {
    int32_t rules; /* 1: experts' scores are those of their rules, 0 for what the rule does and -1 for all else */
    int32_t reserved;
    pab__sip_cell cell[PAB__SIP_CELLS];
} pab__sip_table;

/* Cell of a decision: time (3 bins), |e|/H (3), crumbling (2), spread (2), volatility (2), time outermost. */
int32_t pab__sip_cell_of(const pab__signals *signals);
int32_t pab__sip_cell_of_observation(const float obs[PAB_ENV_OBSERVATIONS]);
void pab__sip_bins_of(int32_t cell, int32_t bin[PAB__SIP_FACTORS]); /* each counted on from the factor before */

/* From 12 parameters per expert, then 12 for the logarithm of each multiplier, to a table: all 0 is even weights and
 * the multipliers that the search starts from. */
void pab__sip_table_make(const double parameter[PAB__SIP_PARAMETERS], pab__sip_table *out);
void pab__sip_table_even(pab__sip_table *out);                             /* equal weights,
                         the multipliers to start from */
void pab__sip_table_single(int32_t expert, int32_t rules, pab__sip_table *out); /* one expert, multipliers 0 */

/* Penalties of joint actions: the sum of multipliers times expected effects. */
void pab__sip_charge(const pab__sip_cell *cell, double terms[PAB__SIP_TERMS][PAB_ENV_JOINT_ACTIONS],
                     double charge[PAB_ENV_JOINT_ACTIONS]);

/* Psi = sum of w Z - charge; -INFINITY where any Z is. */
void pab__sip_mix(const pab__sip_cell *cell, double z[PAB_EXPERT_COUNT][PAB_ENV_JOINT_ACTIONS],
                  const double charge[PAB_ENV_JOINT_ACTIONS], double psi[PAB_ENV_JOINT_ACTIONS]);

#endif
