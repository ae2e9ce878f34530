/* Bin edges at equal quantiles of what policies meet. */
#include "calib/calib.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experts/view.h"
#include "scenario/schema.h"

enum { HEDGE = 47, RESIDUAL = 51, ASYMMETRY = 55, RESIDUAL_SCALE = 4 /* of the observation */ };

#define LEAST_GAP 1e-3 /* between two edges */

static void values_of(const pab__scene *scene, double out[PAB__EDGE_VALUES])
{
    pab__pair_view view;
    pab__pair_view_make(scene, &view);
    for (int leg = 0; leg < 2; leg++) {
        const double *is = view.leg[leg].is;
        double *to = out + leg * PAB__EDGE_PAIR;
        to[PAB__EDGE_AHEAD] = -is[PAB__BEHIND];
        to[PAB__EDGE_SPREAD_Z] = is[PAB__SPREAD_Z];
        to[PAB__EDGE_SIGNAL] = is[PAB__ALPHA];
        to[PAB__EDGE_VOLATILITY] = is[PAB__VOLATILITY];
    }
    double *pair = out + 2 * PAB__EDGE_PAIR;
    pair[PAB__EDGE_HEDGE - PAB__EDGE_PAIR] = (double)scene->obs[HEDGE];
    pair[PAB__EDGE_PAIR_AHEAD - PAB__EDGE_PAIR] = 0.5 * (out[PAB__EDGE_AHEAD] + out[PAB__EDGE_PAIR + PAB__EDGE_AHEAD]);
    pair[PAB__EDGE_ASYMMETRY - PAB__EDGE_PAIR] = (double)scene->obs[ASYMMETRY];
    pair[PAB__EDGE_RESIDUAL - PAB__EDGE_PAIR] = RESIDUAL_SCALE * (double)scene->obs[RESIDUAL];
}

pab_status pab__edges_episode(pab_env *env, pab_policy *policy, uint64_t seed, uint32_t steps, double *out)
{
    pab_step_result result = {.struct_size = sizeof result};
    pab__scene scene;
    uint32_t k = 0;
    pab_status status = pab_env_reset(env, seed, NULL, NULL, 0);
    if (status == PAB_OK)
        status = pab_policy_reset(policy, env);
    while (status == PAB_OK && k < steps && (result.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0) {
        pab_decision decision = {0};
        status = pab__scene_take(env, &scene);
        if (status == PAB_OK)
            values_of(&scene, out + PAB__EDGE_VALUES * k++);
        if (status == PAB_OK)
            status = pab_policy_act(policy, env, &decision);
        if (status == PAB_OK)
            status = pab_env_step_exact(env, &decision, NULL, 0, &result);
    }
    for (; k < steps; k++)
        for (int i = 0; i < PAB__EDGE_VALUES; i++)
            out[PAB__EDGE_VALUES * k + (uint32_t)i] = NAN;
    return status;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void pab__edges_conclude(const double *values, size_t rows, double *space, double out[][PAB__EDGES_MAX])
{
    for (int list = 0; list < PAB__EDGE_LISTS; list++) {
        const int of_leg = list < PAB__EDGE_PAIR, count = pab__edge_counts[list];
        size_t n = 0;
        for (size_t r = 0; r < rows; r++) {
            const double *row = values + r * PAB__EDGE_VALUES;
            double v[2] = {row[of_leg ? list : list + PAB__EDGE_PAIR], row[of_leg ? list + PAB__EDGE_PAIR : 0]};
            for (int i = 0; i < 1 + of_leg; i++)
                if (!isnan(v[i]))
                    space[n++] = v[i];
        }
        qsort(space, n, sizeof *space, by_value);
        for (int k = 0; k < count && n > 0; k++) {
            double edge = space[n * (size_t)(k + 1) / (size_t)(count + 1)];
            out[list][k] = k > 0 && edge < out[list][k - 1] + LEAST_GAP ? out[list][k - 1] + LEAST_GAP : edge;
        }
    }
}
