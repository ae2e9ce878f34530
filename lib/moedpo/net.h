/* The networks: features, hidden layers of tanh, logits; forward and backward passes, parameters, initial weights.
 *
 * Layers are stored input by input, so that every loop runs over outputs and is vectorised without changing the order
 * of any sum. mixture.h makes a policy of them, trainer.h trains them. */
#ifndef PAB_MOEDPO_NET_H
#define PAB_MOEDPO_NET_H

#include <pairsabides/moe.h>

#include "qlearn/bins.h"

enum {
    PAB__NET_INPUTS = PAB_ENV_OBSERVATIONS,
    PAB__NET_HIDDEN = 64,
    PAB__NET_GATE_HIDDEN = 32,
    PAB__NET_LOGITS = 2 * PAB_ENV_LEG_ACTIONS + PAB__ACTION_CLASS_PAIRS /* u_A, u_B, v of mixture.h */
};

/* Doubles only, so that all parameters are one array, too. */
typedef struct pab__net {
    double w1[PAB__NET_INPUTS][PAB__NET_HIDDEN], b1[PAB__NET_HIDDEN];
    double w2[PAB__NET_HIDDEN][PAB__NET_HIDDEN], b2[PAB__NET_HIDDEN];
    double w3[PAB__NET_HIDDEN][PAB__NET_LOGITS], b3[PAB__NET_LOGITS];
} pab__net;

typedef struct pab__gate {
    double w1[PAB__NET_INPUTS][PAB__NET_GATE_HIDDEN], b1[PAB__NET_GATE_HIDDEN];
    double w2[PAB__NET_GATE_HIDDEN][PAB_MOE_COMPONENTS], b2[PAB_MOE_COMPONENTS];
} pab__gate;

/* Parameters, and likewise gradients and moments. */
typedef struct pab__mixture_net {
    pab__net net[PAB_MOE_COMPONENTS];
    pab__gate gate;
} pab__mixture_net;

#define PAB__NET_PARAMETERS (sizeof(pab__mixture_net) / sizeof(double))
#define PAB__NET_GATE_PARAMETERS (sizeof(pab__gate) / sizeof(double))

/* Of a layer of `from` inputs and `to` outputs. */
#define PAB__NET_LAYER(from, to) (((from) + 1) * (to))
_Static_assert(PAB__NET_GATE_PARAMETERS == PAB__NET_LAYER(PAB__NET_INPUTS, PAB__NET_GATE_HIDDEN) +
                                               PAB__NET_LAYER(PAB__NET_GATE_HIDDEN, PAB_MOE_COMPONENTS), "no padding");
_Static_assert(sizeof(pab__net) / sizeof(double) == PAB__NET_LAYER(PAB__NET_INPUTS, PAB__NET_HIDDEN) +
                                                        PAB__NET_LAYER(PAB__NET_HIDDEN, PAB__NET_HIDDEN) +
                                                        PAB__NET_LAYER(PAB__NET_HIDDEN, PAB__NET_LOGITS), "no padding");

/* Hidden layers of a forward pass, kept for the backward pass. */
typedef struct pab__net_hidden {
    double first[PAB__NET_HIDDEN], second[PAB__NET_HIDDEN];
} pab__net_hidden;

/* Xavier-uniform weights, biases 0; equal seeds, equal bits. */
void pab__mixture_net_init(pab__mixture_net *net, uint64_t seed);

void pab__net_forward(const pab__net *net, const double x[PAB__NET_INPUTS], pab__net_hidden *hidden,
                      double logit[PAB__NET_LOGITS]);
/* Given the derivatives of a loss by the logits, `slope`, adds those by the parameters to gradient and those by the
 * features to dx. Either may be NULL: not wanted. */
void pab__net_backward(const pab__net *net, const double x[PAB__NET_INPUTS], const pab__net_hidden *hidden,
                       const double slope[PAB__NET_LOGITS], pab__net *gradient, double *dx);

void pab__gate_forward(const pab__gate *gate, const double x[PAB__NET_INPUTS], double hidden[PAB__NET_GATE_HIDDEN],
                       double y[PAB_MOE_COMPONENTS]);
void pab__gate_backward(const pab__gate *gate, const double x[PAB__NET_INPUTS],
                        const double hidden[PAB__NET_GATE_HIDDEN],
                        const double slope[PAB_MOE_COMPONENTS], pab__gate *gradient, double *dx);

/* x[i] becomes exp(x[i]). */
void pab__net_exp(double *x, uint32_t n);

#endif
