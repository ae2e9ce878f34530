/* A trained mixture and its parts: the file (moe.c), the policy (policy.c), explanations (explain.c), statistics per
 * cell (cells.c). distil.c and moe_tune.c make mixtures; immutable from then on. */
#ifndef PAB_MOEDPO_MOE_H
#define PAB_MOEDPO_MOE_H

#include <pairsabides/moe_train.h>

#include "base/host.h"
#include "moedpo/mixture.h"

/* Sums over the states of training that fell into a cell. */
typedef struct pab__moe_cell_sum {
    double visits;
    double gate[PAB_MOE_COMPONENTS];
    double classes[PAB_ENV_LEGS][PAB__ACTION_CLASSES];
} pab__moe_cell_sum;

/* The file's payload: no pointers, no padding. */
typedef struct pab__moe_body {
    uint32_t components;
    int32_t loss;        /* PAB_LOSS_..., -1: distilled only */
    uint64_t seed;       /* of the training run */
    uint64_t scenario;   /* its hash */
    double ensemble_weight[PAB_MOE_CELLS][PAB_EXPERT_COUNT]; /* the anchor's share of each expert */
    pab__moe_cell_sum cell[PAB_MOE_CELLS];
    pab__mixture_net net;
} pab__moe_body;

struct pab_moe {
    pab_host host;
    pab__moe_body body;
};

/* Zeroed but for the host; NULL after setting an error. */
pab_moe *pab__moe_new(const pab_host *host);

/* PAB_E_CORRUPT for a payload that no training gives. */
pab_status pab__moe_check(const pab__moe_body *body, const char *path);

/* Weights of the experts: the gate's, and their shares of the anchor's. */
void pab__moe_resolve(const pab__moe_body *body, int32_t cell, const double gate[PAB_MOE_COMPONENTS],
                      double resolved[PAB_EXPERT_COUNT]);

/* Sets the cells' sums from the states of training. */
void pab__moe_fill_cells(pab__moe_body *body, const pab__mixture_input *inputs, uint32_t count);

/* Samples an action in proportion to pi^(1 / temperature); u is uniform in [0, 1). */
int32_t pab__moe_sample(const double pi[PAB_ENV_JOINT_ACTIONS], double temperature, double u);

/* As pab_moe_describe, of a checked input. */
void pab__moe_explain(const pab_moe *moe, const pab__mixture_input *input, pab_moe_explanation *out);

#endif
