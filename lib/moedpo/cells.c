/* Statistics per cell (a coarse state): mean weights and action classes over the states of training. */
#include "moedpo/moe.h"

#include "sip/cells.h"

#include <math.h>
#include <string.h>

void pab__moe_resolve(const pab__moe_body *body, int32_t cell, const double gate[PAB_MOE_COMPONENTS],
                      double resolved[PAB_EXPERT_COUNT])
{
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        resolved[e] = gate[e] + gate[PAB_MOE_ANCHOR] * body->ensemble_weight[cell][e];
}

void pab__moe_fill_cells(pab__moe_body *body, const pab__mixture_input *inputs, uint32_t count)
{
    pab__mixture_pass pass;
    double marginal[PAB__NET_LOGITS];
    memset(body->cell, 0, sizeof body->cell);
    for (uint32_t i = 0; i < count; i++) {
        pab__moe_cell_sum *cell = &body->cell[pab__sip_cell_of_observation(inputs[i].obs)];
        pab__mixture_forward(&body->net, body->components, &inputs[i], &pass);
        cell->visits += 1.0;
        for (uint32_t e = 0; e < body->components; e++) {
            cell->gate[e] += pass.gate[e];
            pab__joint_marginals(&pass.joint[e], marginal);
            for (int a = 0; a < 2 * PAB_ENV_LEG_ACTIONS; a++)
                cell->classes[a / PAB_ENV_LEG_ACTIONS][pab__action_class(a % PAB_ENV_LEG_ACTIONS)] +=
                    pass.gate[e] * marginal[a];
        }
    }
}

static int32_t dominant(const double resolved[PAB_EXPERT_COUNT])
{
    int32_t most = 0;
    for (int32_t e = 1; e < PAB_EXPERT_COUNT; e++)
        most = resolved[e] > resolved[most] ? e : most;
    return most;
}

pab_status pab_moe_cell_get(const pab_moe *moe, int32_t cell, pab_moe_cell *out)
{
    pab_moe_cell full = {.dominant = -1};
    if (!moe)
        return pab__fail(PAB_E_ARGUMENT, "moe is NULL; expected a mixture");
    if (cell < 0 || cell >= PAB_MOE_CELLS)
        return pab__fail(PAB_E_RANGE, "cell is %d; expected 0 to %d", cell, PAB_MOE_CELLS - 1);
    const pab__moe_cell_sum *sum = &moe->body.cell[cell];
    full.visits = sum->visits;
    for (int e = 0; e < PAB_MOE_COMPONENTS && sum->visits > 0.0; e++) {
        full.gate[e] = sum->gate[e] / sum->visits;
        full.entropy -= full.gate[e] > 0.0 ? full.gate[e] * log(full.gate[e]) : 0.0;
    }
    for (int i = 0; i < PAB_ENV_LEGS * PAB_MOE_CLASSES && sum->visits > 0.0; i++)
        full.classes[i / PAB_MOE_CLASSES][i % PAB_MOE_CLASSES] =
            sum->classes[i / PAB_MOE_CLASSES][i % PAB_MOE_CLASSES] / sum->visits;
    if (sum->visits > 0.0) {
        pab__moe_resolve(&moe->body, cell, full.gate, full.resolved);
        full.dominant = dominant(full.resolved);
    }
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_moe_cell, classes), "out");
}
