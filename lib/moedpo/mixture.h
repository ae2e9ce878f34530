/* A state through all networks: the gate, each component's distribution over joint actions, and their mixture.
 *
 * A component's logits are z(a) = u_A[a_A] + u_B[a_B] + v[c(a)] on the legal joint actions, which are all pairs of
 * legal leg actions. So p(a) = P(class pair) * p(a_A | its class) * p(a_B | its class), which is what is stored:
 * 59 exponentials instead of 289. */
#ifndef PAB_MOEDPO_MIXTURE_H
#define PAB_MOEDPO_MIXTURE_H

#include "moedpo/net.h"

#define PAB__ACTIONS PAB_ENV_JOINT_ACTIONS
#define PAB__LEG_ACTIONS PAB_ENV_LEG_ACTIONS

/* An observation and what is legal in it: bit a of legal[leg]; each leg has a legal action. */
typedef struct pab__point {
    float obs[PAB__INPUTS];
    uint32_t legal[PAB_ENV_LEGS];
} pab__point;

/* One component's distribution; 0 where illegal. */
typedef struct pab__joint {
    double logit[PAB__LOGITS];
    double leg[PAB_ENV_LEGS][PAB__LEG_ACTIONS]; /* of an action within its class */
    double pair[PAB__ACTION_CLASSES][PAB__ACTION_CLASSES];      /* of a class pair */
    double norm;                                /* ln of the sum of exp(z) */
} pab__joint;

typedef struct pab__pass {
    double x[PAB__INPUTS];
    uint32_t legal[PAB_ENV_LEGS];
    uint32_t components; /* 5, or 4 without the anchor */
    uint32_t reserved;
    double gate_hidden[PAB__GATE_HIDDEN];
    double gate[PAB__COMPONENTS], log_gate[PAB__COMPONENTS]; /* gate 0 beyond `components` */
    pab__hidden hidden[PAB__COMPONENTS];
    pab__joint joint[PAB__COMPONENTS];
} pab__pass;

/* Derivatives of a loss by the outputs of all networks. */
typedef struct pab__slope {
    double logit[PAB__COMPONENTS][PAB__LOGITS];
    double gate[PAB__COMPONENTS]; /* by the gate's logits */
} pab__slope;

/* One legal joint action only. */
int pab__forced(const uint32_t legal[PAB_ENV_LEGS]);
/* From a mask of bytes, as pab_env_legal gives it. */
void pab__point_set(pab__point *point, const float obs[PAB__INPUTS],
                    const uint8_t mask[PAB_ENV_LEGS * PAB__LEG_ACTIONS]);

/* Joint softmax of logits that are in joint->logit. */
void pab__joint_normalise(pab__joint *joint, const uint32_t legal[PAB_ENV_LEGS]);
double pab__joint_log(const pab__joint *joint, int32_t action);  /* ln p of a legal joint action */
int32_t pab__joint_best(const pab__joint *joint); /* its likeliest joint action, ties to the lowest index */
/* Sums of p over joint actions that share a leg action or a class pair, laid out as the logits. */
void pab__joint_marginals(const pab__joint *joint, double marginal[PAB__LOGITS]);

void pab__pass_forward(const pab__mixture_net *net, uint32_t components, const pab__point *point, pab__pass *out);
/* Only the gate part of `out`. */
void pab__pass_gate(const pab__mixture_net *net, uint32_t components, const pab__point *point, pab__pass *out);
/* Adds to the gradient and to dx, as in net.h. gate_only leaves the components' gradient alone. */
void pab__pass_backward(const pab__mixture_net *net, const pab__pass *pass, const pab__slope *slope, int gate_only,
                        pab__mixture_net *gradient, double *dx);

/* pi of all joint actions, 0 where illegal. */
void pab__pass_policy(const pab__pass *pass, double pi[PAB__ACTIONS]);
/* Largest pi, ties to the lowest index. */
int32_t pab__pass_best(const double pi[PAB__ACTIONS], const uint32_t legal[PAB_ENV_LEGS]);
/* ln pi of a legal action, and the responsibilities (may be NULL). */
double pab__pass_log(const pab__pass *pass, int32_t action, double share[PAB__COMPONENTS]);

/* Adds the derivatives of amount * ln pi(action). */
void pab__slope_mixture(const pab__pass *pass, int32_t action, double amount, pab__slope *slope);
/* Adds those of amount * ln p_e(action). */
void pab__slope_component(const pab__pass *pass, uint32_t e, int32_t action, double amount, pab__slope *slope);

#endif
