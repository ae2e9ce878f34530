/* The networks: 60 features, hidden layers of tanh, logits. Layers are stored input by input, so that every loop runs
 * over outputs and is vectorised without changing the order of any sum. */
#ifndef PAB_MOEDPO_NET_H
#define PAB_MOEDPO_NET_H

#include "qlearn/bins.h"

enum {
    PAB__INPUTS = PAB_ENV_OBSERVATIONS,
    PAB__HIDDEN = 64,
    PAB__GATE_HIDDEN = 32,
    PAB__LOGITS = 2 * PAB_ENV_LEG_ACTIONS + PAB__ACTION_CLASS_PAIRS, /* u_A, u_B, v */
    PAB__COMPONENTS = 5, /* four experts, then the anchor */
    PAB__ANCHOR = 4
};

/* Doubles only: the whole of them is one array too. */
typedef struct pab__net {
    double w1[PAB__INPUTS][PAB__HIDDEN], b1[PAB__HIDDEN];
    double w2[PAB__HIDDEN][PAB__HIDDEN], b2[PAB__HIDDEN];
    double w3[PAB__HIDDEN][PAB__LOGITS], b3[PAB__LOGITS];
} pab__net;

typedef struct pab__gate {
    double w1[PAB__INPUTS][PAB__GATE_HIDDEN], b1[PAB__GATE_HIDDEN];
    double w2[PAB__GATE_HIDDEN][PAB__COMPONENTS], b2[PAB__COMPONENTS];
} pab__gate;

/* Parameters, and likewise gradients and moments. */
typedef struct pab__mixture_net {
    pab__net net[PAB__COMPONENTS];
    pab__gate gate;
} pab__mixture_net;

#define PAB__PARAMETERS (sizeof(pab__mixture_net) / sizeof(double))
#define PAB__GATE_PARAMETERS (sizeof(pab__gate) / sizeof(double))

_Static_assert(PAB__PARAMETERS == 61612, "no padding");

/* What a pass leaves for the way back. */
typedef struct pab__hidden {
    double first[PAB__HIDDEN], second[PAB__HIDDEN];
} pab__hidden;

/* Xavier-uniform weights, biases 0; equal seeds, equal bits. */
void pab__mixture_net_init(pab__mixture_net *net, uint64_t seed);

void pab__net_forward(const pab__net *net, const double x[PAB__INPUTS], pab__hidden *hidden,
                      double logit[PAB__LOGITS]);
/* Adds the gradient of a loss whose derivatives by the logits are `slope`, and to dx those by the features. Either may
 * be NULL: not wanted. */
void pab__net_backward(const pab__net *net, const double x[PAB__INPUTS], const pab__hidden *hidden,
                       const double slope[PAB__LOGITS], pab__net *gradient, double *dx);

void pab__gate_forward(const pab__gate *gate, const double x[PAB__INPUTS], double hidden[PAB__GATE_HIDDEN],
                       double y[PAB__COMPONENTS]);
void pab__gate_backward(const pab__gate *gate, const double x[PAB__INPUTS], const double hidden[PAB__GATE_HIDDEN],
                        const double slope[PAB__COMPONENTS], pab__gate *gradient, double *dx);

/* x[i] becomes exp(x[i]). */
void pab__exp_many(double *x, uint32_t n);

#endif
