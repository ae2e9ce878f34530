/* What the experts' rules compare: numbers of a leg, from its signals, its parent order and the other leg's. Rules are
 * tables, so inputs are numbered; explanations name them. */
#ifndef PAB_EXPERTS_INPUTS_H
#define PAB_EXPERTS_INPUTS_H

#include "env/context.h"

/* Inputs of a leg. 0 is none, so that a rule's unused conditions are empty. */
enum {
    PAB__INPUT_LEAVES = 1,   /* L, shares */
    PAB__INPUT_LEFT,         /* N - k, decisions */
    PAB__INPUT_FAR_SHORT,    /* 1: the far touch holds less than two slices */
    PAB__INPUT_BEHIND,       /* b: fraction of the parent behind the schedule line */
    PAB__INPUT_GAP,          /* g: fraction of the parent behind the other leg */
    PAB__INPUT_P_NEAR,       /* crumbling probability of the own-side touch */
    PAB__INPUT_P_FAR,        /* and of the opposite touch */
    PAB__INPUT_SPREAD_Z,     /* standardised spread */
    PAB__INPUT_NEAR_DEPTH,   /* ln of depth on the own side over its reference */
    PAB__INPUT_FAR_DEPTH,    /* and on the other */
    PAB__INPUT_ALPHA,        /* adverse signal: above 0 the price is expected to move away */
    PAB__INPUT_QUEUE,        /* shares ahead of us at our price, as a fraction of ahead and own */
    PAB__INPUT_RESTING,      /* 1: an order rests */
    PAB__INPUT_VOLATILITY,   /* vr: realised volatility over its reference */
    PAB__INPUT_PAUSED,       /* decisions paused in a row */
    PAB__INPUT_THINNESS,     /* half-spread in bps * (1 + p_near) */
    PAB__INPUT_PAIR_RISK,    /* risk of what both legs have left, bps */
    PAB__INPUT_RISKIER,      /* 1: this leg carries more of it */
    PAB__INPUT_COUNT
};

typedef struct pab__leg_inputs {
    double value[PAB__INPUT_COUNT];
    double slice;  /* u, shares */
    double parent; /* Q, shares */
    const uint8_t *legal; /* of the context */
} pab__leg_inputs;

typedef struct pab__pair_inputs {
    pab__leg_inputs leg[PAB_ENV_LEGS];
    double time; /* k / N */
} pab__pair_inputs;

/* The inputs borrow the context's mask. */
void pab__inputs_make(const pab__context *context, pab__pair_inputs *out);

/* Name of an input as explanations write it ("p_far"); of a flag, what it says when set and when not. */
const char *pab__input_name(int32_t input);
const char *pab__input_flag(int32_t input, int32_t set);

#endif
