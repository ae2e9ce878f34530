/* Drawing, ranking and moving on. */
#include "eval/cem.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"

void pab__cem_start(pab__cem *cem, double sd)
{
    memset(cem, 0, sizeof *cem);
    for (int i = 0; i < PAB__CEM_DIMS; i++)
        cem->sd[i] = sd;
}

void pab__cem_draw(const pab__cem_plan *plan, const pab__cem *cem, uint32_t i, double *out)
{
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__rng_seed(&rng, pab__rng_key(plan->key, cem->generation << 16 | i, 1));
    for (uint32_t d = 0; d < plan->dims; d++)
        out[d] = pab__draw_normal(&draw, cem->mean[d], cem->sd[d]);
}

void pab__cem_update(const pab__cem_plan *plan, pab__cem *cem, const uint32_t *order)
{
    double sum[PAB__CEM_DIMS] = {0}, square[PAB__CEM_DIMS] = {0}, x[PAB__CEM_DIMS];
    for (uint32_t i = 0; i < plan->elite; i++) {
        pab__cem_draw(plan, cem, order[i], x);
        for (uint32_t d = 0; d < plan->dims; d++) {
            double from_mean = x[d] - cem->mean[d];
            sum[d] += from_mean;
            square[d] += from_mean * from_mean;
        }
    }
    for (uint32_t d = 0; d < plan->dims; d++) {
        double shift = sum[d] / plan->elite;
        double sd = sqrt(fmax(0, square[d] / plan->elite - shift * shift));
        cem->mean[d] += plan->smoothing * shift;
        cem->sd[d] = fmax(plan->floor, plan->smoothing * sd + (1 - plan->smoothing) * cem->sd[d]);
    }
    cem->generation++;
}
