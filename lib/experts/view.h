/* What the experts' rules speak of: one number per leg and notion, computed from a scene. */
#ifndef PAB_EXPERTS_VIEW_H
#define PAB_EXPERTS_VIEW_H

#include "experts/scene.h"

/* Notions of a leg. 0 is no notion, so that a rule's unused conditions are empty. */
enum {
    PAB__LEAVES = 1,   /* L, shares */
    PAB__LEFT,         /* N - k, decisions */
    PAB__FAR_SHORT,    /* 1: the far touch holds less than two slices */
    PAB__BEHIND,       /* b: fraction of the parent behind the schedule line */
    PAB__GAP,          /* g: fraction of the parent behind the other leg */
    PAB__P_NEAR,       /* crumbling probability of the own-side touch */
    PAB__P_FAR,        /* and of the opposite touch */
    PAB__SPREAD_Z,     /* standardised spread */
    PAB__NEAR_DEPTH,   /* ln of depth on the own side over its reference */
    PAB__FAR_DEPTH,    /* and on the other */
    PAB__ALPHA,        /* adverse signal: above 0 the price is expected to move away */
    PAB__QUEUE,        /* shares ahead of us at our price, as a fraction of ahead and own */
    PAB__RESTING,      /* 1: an order rests */
    PAB__VOLATILITY,   /* vr: realised volatility over its reference */
    PAB__PAUSED,       /* decisions paused in a row */
    PAB__THINNESS,     /* half-spread in bps * (1 + p_near) */
    PAB__PAIR_RISK,    /* risk of what both legs have left, bps */
    PAB__RISKIER,      /* 1: this leg carries more of it */
    PAB__NOTIONS
};

typedef struct pab__leg_view {
    double is[PAB__NOTIONS];
    double slice;  /* u, shares */
    double parent; /* Q, shares */
    const uint8_t *legal; /* of the scene */
} pab__leg_view;

typedef struct pab__pair_view {
    pab__leg_view leg[PAB_ENV_LEGS];
    double time; /* k / N */
} pab__pair_view;

/* The view lends the scene's mask. */
void pab__pair_view_make(const pab__scene *scene, pab__pair_view *out);

/* Name of a notion as explanations write it ("p_far"); of a flag, what it says when set and when not. */
const char *pab__notion_name(int32_t notion);
const char *pab__notion_flag(int32_t notion, int32_t set);

#endif
