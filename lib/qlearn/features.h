/* What a learned expert sees of a decision: the numbers its states are made of, and what its rule would do. */
#ifndef PAB_QLEARN_FEATURES_H
#define PAB_QLEARN_FEATURES_H

#include "experts/expert.h"

typedef struct pab__leg_features {
    double ahead;      /* d: fraction of the parent ahead of the expert's own schedule */
    double spread_z;   /* standardised spread */
    double alpha;      /* adverse signal */
    double p_near, p_far; /* crumbling probabilities */
    double volatility; /* over its reference */
    double queue;      /* share of what is ahead of us at our price */
    int32_t resting;   /* 1: an order rests */
    int32_t over;      /* 1: nothing is left */
} pab__leg_features;

typedef struct pab__features {
    double time;      /* k / N */
    double hedge;     /* e / H */
    double asymmetry; /* of half-spreads, A less B */
    double residual;  /* s_A * z of the pair */
    pab__leg_features leg[PAB_ENV_LEGS];
    int32_t rule[PAB_ENV_LEGS]; /* legal actions of the expert's rule, as a pair */
} pab__features;

/* `state` is the rule's private state, zero at the start of an episode; one call per decision. */
void pab__features_make(int32_t expert, pab__expert_state *state, const pab__context *context, pab__features *out);

#endif
