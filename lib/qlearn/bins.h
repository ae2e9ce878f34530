/* From features to states: bins by edges, then one index in mixed radix, first factor outermost. */
#ifndef PAB_QLEARN_BINS_H
#define PAB_QLEARN_BINS_H

#include "qlearn/features.h"

enum { PAB__LEG_STATES = 4050, PAB__PAIR_STATES = 1620, PAB__LEG_FACTORS = 7, PAB__PAIR_FACTORS = 6 };

/* Classes of leg actions: WAIT, JOIN, INSIDE, TAKE, SWEEP; a class pair is 5 * class of A + class of B. */
enum { PAB__CLASSES = 5, PAB__CLASS_PAIRS = 25 };

typedef struct pab__factor {
    int32_t edges; /* bins - 1 */
    int32_t reserved;
    double edge[PAB__EDGES_MAX];
} pab__factor;

typedef struct pab__bins {
    pab__factor leg[PAB__LEG_FACTORS];
    pab__factor pair[PAB__PAIR_FACTORS];
} pab__bins;

void pab__bins_fixed(pab__bins *out); /* the documented edges */
void pab__bins_of(const pab__pair *pair, pab__bins *out); /* calibrated where there are such, else the documented */

/* Number of edges at or below x; the middle bin for NaN. */
uint32_t pab__bin(const pab__factor *factor, double x);

/* Index of a combination of bins, and back. */
uint32_t pab__index(const pab__factor *factor, int32_t count, const uint32_t *bin);
void pab__unindex(const pab__factor *factor, int32_t count, uint32_t index, uint32_t *bin);

/* Values that the factors bin. */
void pab__leg_values(const pab__features *f, int leg, double out[PAB__LEG_FACTORS]);
void pab__pair_values(const pab__features *f, double out[PAB__PAIR_FACTORS]);

uint32_t pab__leg_state(const pab__bins *bins, const pab__features *f, int leg);
uint32_t pab__pair_state(const pab__bins *bins, const pab__features *f);

static inline int32_t pab__class_of(int32_t action)
{
    static const int8_t of_style[] = {1, 2, 2, 3, 4};
    return action < PAB_ACTION_FIRST_STYLE ? 0 : of_style[(action - PAB_ACTION_FIRST_STYLE) / 3];
}

#endif
