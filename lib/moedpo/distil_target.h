/* Distillation targets: distributions for each component and the gate in one state, and the divergence from them.
 *
 * Of a teacher's distribution over 289 joint actions only the sums that the logits see are kept, and its entropy: that
 * is all that the loss needs. */
#ifndef PAB_MOEDPO_DISTIL_TARGET_H
#define PAB_MOEDPO_DISTIL_TARGET_H

#include "moedpo/mixture.h"

typedef struct pab__distil_target {
    float marginal[PAB_MOE_COMPONENTS][PAB__NET_LOGITS]; /* laid out as the logits */
    float entropy[PAB_MOE_COMPONENTS];                   /* nats */
    float gate[PAB_MOE_COMPONENTS];
    int16_t best[PAB_MOE_COMPONENTS]; /* the teacher's first choice, a joint action */
    int16_t reserved[3];
} pab__distil_target;

/* Sets the target of component e: the softmax over legal actions of score / temperature (-INFINITY: illegal). */
void pab__distil_target_set(pab__distil_target *target, uint32_t e, const double score[PAB_ENV_JOINT_ACTIONS],
                            double temperature);

/* Sum over components of KL(teacher || p_e), plus KL(gate's target || gate). Adds `amount` times its derivatives to
 * slope. parts (NULL: not wanted): the terms, the gate's last. */
double pab__distil_target_loss(const pab__mixture_pass *pass, const pab__distil_target *target, double amount,
                               pab__mixture_slope *slope, double parts[PAB_MOE_COMPONENTS + 1]);

#endif
