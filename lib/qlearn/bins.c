/* The factors of leg and pair states (docs/methods.md 3). */
#include "qlearn/bins.h"

#include <math.h>

#define EDGES(n, ...) {n, {__VA_ARGS__}}

static const pab__bins fixed = {
    .leg = {
        EDGES(4, 0.25, 0.5, 0.75, 0.92),       /* time */
        EDGES(4, -0.12, -0.04, 0.02, 0.08),    /* ahead of schedule */
        EDGES(2, -0.5, 1),                     /* spread z */
        EDGES(2, -0.3, 0.3),                   /* adverse signal */
        EDGES(2, 1, 2),                        /* touch that crumbles: none, near, far */
        EDGES(1, 1.4),                         /* volatility */
        EDGES(2, 1, 2),                        /* own order: none, in front of the queue, behind */
    },
    .pair = {
        EDGES(3, 0.25, 0.6, 0.9),              /* time */
        EDGES(4, -0.5, -0.15, 0.15, 0.5),      /* hedge error over band */
        EDGES(2, -0.05, 0.05),                 /* ahead of schedule, mean of legs */
        EDGES(2, -0.25, 0.25),                 /* asymmetry of spreads */
        EDGES(2, 1, 2),                        /* instability: calm, volatile, crumbling */
        EDGES(2, -1, 1),                       /* residual of the pair */
    },
};

#define CRUMBLES 0.5 /* probability from which a touch counts as crumbling */
#define BUSY 1.4     /* volatility over its reference that counts as unstable */

void pab__bins_fixed(pab__bins *out)
{
    *out = fixed;
}

void pab__bins_of(const pab__pair *pair, pab__bins *out)
{
    pab__bins_factor *const by_list[PAB__EDGE_LISTS] = {&out->leg[1],  &out->leg[2],  &out->leg[3],  &out->leg[5],
                                                   &out->pair[1], &out->pair[2], &out->pair[3], &out->pair[5]};
    *out = fixed;
    for (int i = 0; i < PAB__EDGE_LISTS; i++)
        for (int32_t k = 0; k < pair->edges[i]; k++)
            by_list[i]->edge[k] = pair->edge[i][k];
}

uint32_t pab__bins_find(const pab__bins_factor *factor, double x)
{
    uint32_t n = 0;
    if (isnan(x))
        return (uint32_t)(factor->edges + 1) / 2;
    while (n < (uint32_t)factor->edges && x >= factor->edge[n])
        n++;
    return n;
}

uint32_t pab__bins_index(const pab__bins_factor *factor, int32_t count, const uint32_t *bin)
{
    uint32_t index = 0;
    for (int32_t i = 0; i < count; i++)
        index = index * (uint32_t)(factor[i].edges + 1) + bin[i];
    return index;
}

void pab__bins_unindex(const pab__bins_factor *factor, int32_t count, uint32_t index, uint32_t *bin)
{
    for (int32_t i = count - 1; i >= 0; i--) {
        uint32_t radix = (uint32_t)(factor[i].edges + 1);
        bin[i] = index % radix;
        index /= radix;
    }
}

static double crumbling_code(const pab__leg_features *leg)
{
    if (leg->p_far >= CRUMBLES && leg->p_far > leg->p_near)
        return 2;
    return leg->p_near >= CRUMBLES ? 1 : 0;
}

static double instability_code(const pab__features *f)
{
    double p = 0, vr = 0;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        p = fmax(p, fmax(f->leg[leg].p_near, f->leg[leg].p_far));
        vr = fmax(vr, f->leg[leg].volatility);
    }
    return p >= CRUMBLES ? 2 : vr >= BUSY ? 1 : 0;
}

void pab__bins_leg_values(const pab__features *f, int leg, double out[PAB__BINS_LEG_FACTORS])
{
    const pab__leg_features *l = &f->leg[leg];
    out[0] = f->time;
    out[1] = l->ahead;
    out[2] = l->spread_z;
    out[3] = l->alpha;
    out[4] = crumbling_code(l);
    out[5] = l->volatility;
    out[6] = !l->resting ? 0 : l->queue <= 0.5 ? 1 : 2;
}

void pab__bins_pair_values(const pab__features *f, double out[PAB__BINS_PAIR_FACTORS])
{
    out[0] = f->time;
    out[1] = f->hedge;
    out[2] = (f->leg[0].ahead + f->leg[1].ahead) / 2;
    out[3] = f->asymmetry;
    out[4] = instability_code(f);
    out[5] = f->residual;
}

uint32_t pab__bins_leg_state(const pab__bins *bins, const pab__features *f, int leg)
{
    double value[PAB__BINS_LEG_FACTORS];
    uint32_t bin[PAB__BINS_LEG_FACTORS];
    pab__bins_leg_values(f, leg, value);
    for (int i = 0; i < PAB__BINS_LEG_FACTORS; i++)
        bin[i] = pab__bins_find(&bins->leg[i], value[i]);
    return pab__bins_index(bins->leg, PAB__BINS_LEG_FACTORS, bin);
}

uint32_t pab__bins_pair_state(const pab__bins *bins, const pab__features *f)
{
    double value[PAB__BINS_PAIR_FACTORS];
    uint32_t bin[PAB__BINS_PAIR_FACTORS];
    pab__bins_pair_values(f, value);
    for (int i = 0; i < PAB__BINS_PAIR_FACTORS; i++)
        bin[i] = pab__bins_find(&bins->pair[i], value[i]);
    return pab__bins_index(bins->pair, PAB__BINS_PAIR_FACTORS, bin);
}
