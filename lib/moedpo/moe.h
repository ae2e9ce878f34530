/* A trained mixture, and what its file holds. */
#ifndef PAB_MOEDPO_MOE_H
#define PAB_MOEDPO_MOE_H

#include <pairsabides/moe.h>

#include "base/host.h"
#include "moedpo/mixture.h"

enum { PAB__CELLS = PAB_MOE_CELLS };

/* Sums over the states of a cell. */
typedef struct pab__cell_sum {
    double visits;
    double gate[PAB__COMPONENTS];
    double classes[PAB_ENV_LEGS][PAB__ACTION_CLASSES];
} pab__cell_sum;

/* Written as it stands: no pointers, no padding. */
typedef struct pab__moe_body {
    uint32_t components;
    int32_t loss;        /* PAB_LOSS_..., -1: distilled only */
    uint64_t seed;       /* of the training run */
    uint64_t scenario;   /* its hash */
    double share[PAB__CELLS][PAB_EXPERT_COUNT]; /* the ensemble's weights, which share the anchor out */
    pab__cell_sum cell[PAB__CELLS];
    pab__mixture_net net;
} pab__moe_body;

struct pab_moe {
    pab_host host;
    pab__moe_body body;
};

/* Zeroed but for the host; NULL after setting an error. */
pab_moe *pab__moe_new(const pab_host *host);

/* Weights of the experts, the anchor's shared out. */
void pab__moe_resolve(const pab__moe_body *body, int32_t cell, const double gate[PAB__COMPONENTS],
                      double resolved[PAB_EXPERT_COUNT]);

/* Fills the cells' sums in from points. */
void pab__moe_survey(pab__moe_body *body, const pab__point *points, uint32_t count);

/* The action at u in [0, 1) of a draw that follows pi^(1 / temperature). */
int32_t pab__moe_draw(const double pi[PAB__ACTIONS], double temperature, double u);

/* Everything pab_moe_describe tells of a point. */
void pab__moe_reason(const pab_moe *moe, const pab__point *point, pab_moe_reason *out);

#endif
