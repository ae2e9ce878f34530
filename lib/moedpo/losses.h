/* Losses as functions of margins, scores and distributions; their derivatives come with them. */
#ifndef PAB_MOEDPO_LOSSES_H
#define PAB_MOEDPO_LOSSES_H

#include "moedpo/mixture.h"

/* Preference of probability p for a winner by `margin`; *slope: by the margin. */
double pab__loss_mix(double beta, double p, double margin, double *slope);
double pab__loss_ipo(double beta, double p, double margin, double *slope);

/* Plackett-Luce of n items, the best first; slope[i]: by score[i]. */
double pab__loss_list(double beta, uint32_t n, const double *score, double *slope);

/* Mixture of Bradley-Terry models: by_margin[e] and by_gate[e] (the gate's logits). */
double pab__loss_mbt(double beta, double p, uint32_t components, const double *gate, const double *margin,
                     double *by_margin, double *by_gate);

/* Each of the following adds `amount` times its derivatives to slope and returns its value (not times amount). */

/* KL(pi || pi_ref) of two passes of one state. */
double pab__loss_kl(const pab__pass *pass, const pab__pass *reference, double amount, pab__slope *slope);
/* Sum of g ln g. */
double pab__loss_gate_entropy(const pab__pass *pass, double amount, pab__slope *slope);

/* Load balance E * sum (mean_e - b_e)^2 over a batch whose mean gate is `mean`; returns the value. */
double pab__balance(uint32_t components, const double *mean, double omega[PAB__COMPONENTS]);
/* Adds one state's derivative: `amount` is the loss's weight over the states of the batch. */
void pab__slope_balance(const pab__pass *pass, const double omega[PAB__COMPONENTS], double amount, pab__slope *slope);

/* What a teacher says of a state: the sums of its distribution that the logits see, and its entropy. */
typedef struct pab__lesson {
    float marginal[PAB__COMPONENTS][PAB__LOGITS];
    float entropy[PAB__COMPONENTS];
    float gate[PAB__COMPONENTS];
    int16_t best[PAB__COMPONENTS]; /* the teacher's first choice */
    int16_t reserved[3];
} pab__lesson;

/* A lesson of component e: softmax over legal actions of score / temperature (-INFINITY: illegal). */
void pab__lesson_set(pab__lesson *lesson, uint32_t e, const double score[PAB__ACTIONS], double temperature);

/* Sum over components of KL(teacher || p_e), and KL(gate teacher || gate). parts (NULL: not wanted): each of them,
 * the gate last. */
double pab__loss_lesson(const pab__pass *pass, const pab__lesson *lesson, double amount, pab__slope *slope,
                        double parts[PAB__COMPONENTS + 1]);

#endif
