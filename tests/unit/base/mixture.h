/* The order-size mixture of the recorded runs (docs/abides.md 3.8). */
#ifndef TEST_MIXTURE_H
#define TEST_MIXTURE_H

#include "base/rng.h"

static const double recorded_weights[11] = {0.2, 0.7, 0.06, 0.004, 0.0329, 0.001, 0.0006, 0.0004, 0.0005, 0.0003,
                                            0.0003};

static inline pab__mixture recorded_mixture(void)
{
    pab__mixture mix = {.count = 11};
    mix.part[0].lognormal = 1;
    mix.part[0].mu = 2.9;
    mix.part[0].sigma = 1.2;
    for (int k = 1; k < 11; k++) {
        mix.part[k].mu = 100.0 * k;
        mix.part[k].sigma = 0.15;
    }
    pab__mixture_weights(&mix, recorded_weights);
    return mix;
}

#endif
