/* Bin edges at equal quantiles of what policies meet. */
#include "calib/calib.h"

#include <math.h>
#include <string.h>

#include "base/sort.h"
#include "env/pair_keys.h"
#include "eval/rollout.h"
#include "experts/inputs.h"

#define LEAST_GAP 1e-3 /* between two edges */

static void values_of(const pab__context *context, double out[PAB__EDGE_VALUES])
{
    const pab__signals *signals = &context->signals;
    pab__pair_inputs inputs;
    pab__inputs_make(context, &inputs);
    for (int leg = 0; leg < 2; leg++) {
        double *to = out + leg * PAB__EDGE_PAIR;
        to[PAB__EDGE_AHEAD] = -inputs.leg[leg].value[PAB__INPUT_BEHIND];
        to[PAB__EDGE_SPREAD_Z] = signals->leg[leg].spread_z;
        to[PAB__EDGE_SIGNAL] = pab__signals_alpha(&signals->leg[leg]);
        to[PAB__EDGE_VOLATILITY] = signals->leg[leg].volatility_ratio;
    }
    double *pair = out + 2 * PAB__EDGE_PAIR;
    pair[PAB__EDGE_HEDGE - PAB__EDGE_PAIR] = signals->pair.hedge_error;
    pair[PAB__EDGE_PAIR_AHEAD - PAB__EDGE_PAIR] = 0.5 * (out[PAB__EDGE_AHEAD] + out[PAB__EDGE_PAIR + PAB__EDGE_AHEAD]);
    pair[PAB__EDGE_ASYMMETRY - PAB__EDGE_PAIR] = signals->pair.spread_asymmetry;
    pair[PAB__EDGE_RESIDUAL - PAB__EDGE_PAIR] = signals->pair.residual_z;
}

typedef struct episode {
    double *out; /* [steps][PAB__EDGE_VALUES] */
    uint32_t steps, seen;
} episode;

static pab_status write_values(void *user, const pab_env *env, const pab_decision *decision)
{
    episode *e = user;
    pab__context context;
    (void)decision;
    if (e->seen == e->steps)
        return PAB__ROLLOUT_STOP;
    pab_status status = pab__context_take(env, &context);
    if (status == PAB_OK)
        values_of(&context, e->out + PAB__EDGE_VALUES * e->seen++);
    return status;
}

pab_status pab__edges_episode(pab_env *env, pab_policy *policy, uint64_t seed, uint32_t steps, double *out)
{
    episode e = {.out = out, .steps = steps};
    const pab__rollout r = {.env = env, .policy = policy, .before = write_values, .user = &e};
    pab_status status = pab__rollout_episode(&r, seed, NULL, NULL);
    for (uint32_t i = e.seen * PAB__EDGE_VALUES; i < steps * PAB__EDGE_VALUES; i++)
        out[i] = NAN;
    return status;
}

void pab__edges_fit(const double *values, size_t rows, double *space, double out[][PAB__BINS_EDGES_MAX])
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
        pab__sort_reals(space, n);
        for (int k = 0; k < count && n > 0; k++) {
            double edge = space[n * (size_t)(k + 1) / (size_t)(count + 1)];
            out[list][k] = k > 0 && edge < out[list][k - 1] + LEAST_GAP ? out[list][k - 1] + LEAST_GAP : edge;
        }
    }
}
