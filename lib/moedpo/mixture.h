/* The policy: an input through all networks, each component's distribution over joint actions, and their mixture.
 *
 * A component's logits are z(a) = u_A[a_A] + u_B[a_B] + v[c(a)] on the legal joint actions, which are all pairs of
 * legal leg actions. So p(a) = P(class pair) * p(a_A | its class) * p(a_B | its class), which is what is
 * stored: 59 exponentials instead of 289. */
#ifndef PAB_MOEDPO_MIXTURE_H
#define PAB_MOEDPO_MIXTURE_H

#include "moedpo/net.h"

/* An observation and what is legal in it: bit a of legal[leg]; each leg has a legal action. */
typedef struct pab__mixture_input {
    float obs[PAB__NET_INPUTS];
    uint32_t legal[PAB_ENV_LEGS];
} pab__mixture_input;

/* One component's distribution; 0 where illegal. */
typedef struct pab__joint {
    double logit[PAB__NET_LOGITS];
    double leg[PAB_ENV_LEGS][PAB_ENV_LEG_ACTIONS]; /* of an action within its class */
    double pair[PAB__ACTION_CLASSES][PAB__ACTION_CLASSES];       /* of a class pair */
    double norm;                                   /* ln of the sum of exp(z) */
} pab__joint;

/* A forward pass: what the networks make of an input, kept for the backward pass. */
typedef struct pab__mixture_pass {
    double x[PAB__NET_INPUTS]; /* the observation, clipped to [-5, 5] */
    uint32_t legal[PAB_ENV_LEGS];
    uint32_t components; /* 5, or 4 without the anchor */
    double gate_hidden[PAB__NET_GATE_HIDDEN];
    double gate[PAB_MOE_COMPONENTS], log_gate[PAB_MOE_COMPONENTS]; /* gate 0 beyond `components` */
    pab__net_hidden hidden[PAB_MOE_COMPONENTS];
    pab__joint joint[PAB_MOE_COMPONENTS];
} pab__mixture_pass;

/* Derivatives of a loss by the logits of all components and of the gate. */
typedef struct pab__mixture_slope {
    double logit[PAB_MOE_COMPONENTS][PAB__NET_LOGITS];
    double gate[PAB_MOE_COMPONENTS];
} pab__mixture_slope;

/* 1 if one joint action only is legal. */
int pab__mixture_is_forced(const uint32_t legal[PAB_ENV_LEGS]);
/* From a mask of bytes, as pab_env_legal gives it. */
void pab__mixture_input_set(pab__mixture_input *input, const float obs[PAB__NET_INPUTS],
                            const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS]);
/* From where an environment stands. */
int pab__mixture_input_is_sound(const pab__mixture_input *input); /* 0: no observation of an environment */
pab_status pab__mixture_input_observe(pab__mixture_input *input, const pab_env *env);

/* Joint softmax of the logits in joint->logit. */
void pab__joint_normalise(pab__joint *joint, const uint32_t legal[PAB_ENV_LEGS]);
double pab__joint_log(const pab__joint *joint, int32_t action); /* ln p of a legal joint action */
int32_t pab__joint_best(const pab__joint *joint); /* its likeliest joint action, ties to the lowest index */
/* Sums of p over joint actions that share a leg action or a class pair, laid out as the logits. */
void pab__joint_marginals(const pab__joint *joint, double marginal[PAB__NET_LOGITS]);

void pab__mixture_forward(const pab__mixture_net *net, uint32_t components, const pab__mixture_input *input,
                          pab__mixture_pass *out);
/* Only the gate's part of `out`. */
void pab__mixture_forward_gate(const pab__mixture_net *net, uint32_t components, const pab__mixture_input *input,
                               pab__mixture_pass *out);
/* Adds to the gradient and to dx, as in net.h. gate_only leaves the components' gradient alone. */
void pab__mixture_backward(const pab__mixture_net *net, const pab__mixture_pass *pass, const pab__mixture_slope *slope,
                           int gate_only, pab__mixture_net *gradient, double *dx);

/* pi of all joint actions, 0 where illegal. */
void pab__mixture_policy(const pab__mixture_pass *pass, double pi[PAB_ENV_JOINT_ACTIONS]);
/* The legal action with the largest pi, ties to the lowest index. */
int32_t pab__mixture_best(const double pi[PAB_ENV_JOINT_ACTIONS], const uint32_t legal[PAB_ENV_LEGS]);
/* ln pi of a legal action, and the components' responsibilities (NULL: not wanted). */
double pab__mixture_log(const pab__mixture_pass *pass, int32_t action, double share[PAB_MOE_COMPONENTS]);

/* Adds the derivatives of amount * ln pi(action). */
void pab__mixture_slope_log(const pab__mixture_pass *pass, int32_t action, double amount, pab__mixture_slope *slope);
/* Adds the derivatives of amount * ln p_e(action). */
void pab__mixture_slope_component(const pab__mixture_pass *pass, uint32_t e, int32_t action, double amount,
                                  pab__mixture_slope *slope);

#endif
