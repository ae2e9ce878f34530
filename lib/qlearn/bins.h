/* From features to states: bins by edges, then one index in mixed radix, first factor outermost. */
#ifndef PAB_QLEARN_BINS_H
#define PAB_QLEARN_BINS_H

#include "qlearn/features.h"

enum {
    PAB__BINS_LEG_STATES = 4050,
    PAB__BINS_PAIR_STATES = 1620,
    PAB__BINS_LEG_FACTORS = 7,
    PAB__BINS_PAIR_FACTORS = 6
};

/* Classes of leg actions: WAIT, JOIN, INSIDE, TAKE, SWEEP; a class pair is 5 * class of A + class of B. */
enum { PAB__ACTION_CLASSES = 5, PAB__ACTION_CLASS_PAIRS = 25 };

typedef struct pab__bins_factor {
    int32_t edges; /* bins - 1 */
    double edge[PAB__BINS_EDGES_MAX];
} pab__bins_factor;

typedef struct pab__bins {
    pab__bins_factor leg[PAB__BINS_LEG_FACTORS];
    pab__bins_factor pair[PAB__BINS_PAIR_FACTORS];
} pab__bins;

void pab__bins_fixed(pab__bins *out); /* the documented edges */
void pab__bins_of(const pab__pair *pair, pab__bins *out); /* calibrated where there are such, else the documented */

/* Number of edges at or below x; the middle bin for NaN. */
uint32_t pab__bins_find(const pab__bins_factor *factor, double x);

/* Index of a combination of bins, and back. */
uint32_t pab__bins_index(const pab__bins_factor *factor, int32_t count, const uint32_t *bin);
void pab__bins_unindex(const pab__bins_factor *factor, int32_t count, uint32_t index, uint32_t *bin);

/* Values that the factors bin. */
void pab__bins_leg_values(const pab__features *f, int leg, double out[PAB__BINS_LEG_FACTORS]);
void pab__bins_pair_values(const pab__features *f, double out[PAB__BINS_PAIR_FACTORS]);

uint32_t pab__bins_leg_state(const pab__bins *bins, const pab__features *f, int leg);
uint32_t pab__bins_pair_state(const pab__bins *bins, const pab__features *f);

static inline int32_t pab__action_class(int32_t action)
{
    static const int8_t of_style[] = {1, 2, 2, 3, 4};
    return action < PAB_ACTION_FIRST_STYLE ? 0 : of_style[(action - PAB_ACTION_FIRST_STYLE) / 3];
}

#endif
