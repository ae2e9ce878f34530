/* Losses of preference tuning and its regularisers, each with its derivatives. tune_batch.c puts them together.
 *
 * A preference's loss is a function of margins: sums of ln pi over a trajectory's steps, winner less loser. */
#ifndef PAB_MOEDPO_LOSSES_H
#define PAB_MOEDPO_LOSSES_H

#include <pairsabides/moe_train.h>

#include "moedpo/mixture.h"

/* The winner is the better with probability p; *slope: derivative by the margin. */
double pab__loss_mix(double beta, double p, double margin, double *slope);
double pab__loss_ipo(double beta, double p, double margin, double *slope);

/* Plackett-Luce of n items, the best first; slope[i]: derivative by score[i]. */
double pab__loss_list(double beta, uint32_t n, const double *score, double *slope);

/* Mixture of Bradley-Terry models, of which the gate weighs one per component. */
typedef struct pab__loss_mbt_input {
    double beta, p;
    uint32_t components;
    const double *gate, *margin; /* [components] */
} pab__loss_mbt_input;

/* Derivatives by the components' margins and by the gate's logits. */
double pab__loss_mbt(const pab__loss_mbt_input *in, double *by_margin, double *by_gate);

/* Each of the following adds `amount` times its derivatives to slope and returns its value (not times amount). */

/* KL(pi || pi_ref) of two passes of one state. */
double pab__loss_kl(const pab__mixture_pass *pass, const pab__mixture_pass *reference, double amount,
                    pab__mixture_slope *slope);
/* Sum of g ln g. */
double pab__loss_gate_entropy(const pab__mixture_pass *pass, double amount, pab__mixture_slope *slope);

/* Load balance E * sum (mean_e - b_e)^2 over a batch whose mean gate is `mean`; returns the value. omega[e]: its
 * derivative by mean[e], for pab__loss_balance_slope. */
double pab__loss_balance(uint32_t components, const double *mean, double omega[PAB_MOE_COMPONENTS]);
/* Adds one state's derivatives: `amount` is the loss's weight over the states of the batch. */
void pab__loss_balance_slope(const pab__mixture_pass *pass, const double omega[PAB_MOE_COMPONENTS], double amount,
                             pab__mixture_slope *slope);

#endif
