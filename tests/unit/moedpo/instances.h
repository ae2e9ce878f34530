/* Random instances: inputs with random observations and masks, trajectories of random legal actions, labelled pairs. */
#ifndef INSTANCES_H
#define INSTANCES_H

#include <stdlib.h>

#include "base/rng.h"
#include "moedpo/tune_batch.h"

typedef struct random_source {
    pab__rng rng;
} random_source;

static inline double random_between(random_source *l, double low, double high)
{
    pab__draw draw = {.rng = &l->rng};
    return pab__draw_uniform(&draw, low, high);
}

static inline uint32_t random_below(random_source *l, uint32_t n)
{
    pab__draw draw = {.rng = &l->rng};
    return (uint32_t)pab__draw_randint(&draw, 0, n);
}

static inline pab_host plain_host(void)
{
    pab_host host = {0};
    (void)pab__host_take(NULL, &host);
    return host;
}

/* HOLD is legal, and about half of the others. */
static inline void input_random(random_source *l, pab__mixture_input *input)
{
    for (int i = 0; i < PAB__NET_INPUTS; i++)
        input->obs[i] = (float)random_between(l, -1.5, 1.5);
    for (int leg = 0; leg < 2; leg++)
        input->legal[leg] = 1 | random_below(l, 1 << PAB_ENV_LEG_ACTIONS);
}

static inline int32_t leg_random(random_source *l, uint32_t legal)
{
    for (;;) {
        int32_t action = (int32_t)random_below(l, PAB_ENV_LEG_ACTIONS);
        if ((legal >> action & 1) != 0)
            return action;
    }
}

static inline int32_t action_random(random_source *l, const pab__mixture_input *input)
{
    int32_t first = leg_random(l, input->legal[0]);
    return PAB_ENV_LEG_ACTIONS * first + leg_random(l, input->legal[1]);
}

/* One start: `inputs` inputs, `trajectories` trajectories over them, every pair with a random label. */
static inline void start_random(random_source *l, pab__tune_dataset *t, uint32_t inputs, uint32_t trajectories)
{
    pab__tune_start start = {.first_input = t->count.inputs, .first_pair = t->count.pairs,
                             .first_listed = t->count.listed};
    uint32_t first = t->count.trajectories;
    const pab__tune_counts more = {inputs, trajectories * inputs, trajectories, trajectories * trajectories,
                                   trajectories, 1};
    if (pab__tune_dataset_reserve(t, &more) != PAB_OK)
        abort();
    for (uint32_t i = 0; i < inputs; i++)
        input_random(l, &t->inputs[t->count.inputs++]);
    for (uint32_t k = 0; k < trajectories; k++) {
        uint32_t end = t->count.steps;
        for (uint32_t i = 0; i < inputs; i++)
            if (i == 0 || random_below(l, 2) != 0) {
                uint32_t at = start.first_input + i;
                t->steps[end++] = (pab__tune_step){.input = at, .action = action_random(l, &t->inputs[at]),
                                                   .weight = random_between(l, 0.25, 1.0)};
            }
        t->trajectories[t->count.trajectories++] = (pab__tune_trajectory){.first = t->count.steps, .end = end};
        t->count.steps = end;
        t->listed[t->count.listed++] = first + (k * 2 + 1) % trajectories; /* another order */
        for (uint32_t j = 0; j < k; j++)
            t->pairs[t->count.pairs++] = (pab__tune_pair){.winner = first + k, .loser = first + j,
                                                          .p = random_between(l, 0.5, 0.98)};
    }
    start.end_input = t->count.inputs;
    start.end_pair = t->count.pairs;
    start.end_listed = t->count.listed;
    t->starts[t->count.starts++] = start;
}

#endif
