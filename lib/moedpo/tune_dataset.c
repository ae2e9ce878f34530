/* Growable arrays, and what is taken over from preferences. */
#include "moedpo/tune_dataset.h"

#include "prefs/prefs.h"

#include <string.h>

void pab__tune_dataset_init(pab__tune_dataset *dataset, const pab_host *host)
{
    *dataset = (pab__tune_dataset){.host = *host};
}

void pab__tune_dataset_free(pab__tune_dataset *d)
{
    const pab_host *host = &d->host;
    pab__release(host, d->inputs, d->cap.inputs * sizeof *d->inputs);
    pab__release(host, d->steps, d->cap.steps * sizeof *d->steps);
    pab__release(host, d->trajectories, d->cap.trajectories * sizeof *d->trajectories);
    pab__release(host, d->pairs, d->cap.pairs * sizeof *d->pairs);
    pab__release(host, d->listed, d->cap.listed * sizeof *d->listed);
    pab__release(host, d->starts, d->cap.starts * sizeof *d->starts);
    pab__tune_dataset_init(d, &(pab_host){0});
}

/* The array with room for `more`, or NULL. */
static void *grown(const pab_host *host, void *array, size_t size, uint32_t used, uint32_t more, uint32_t *cap)
{
    if ((uint64_t)used + more <= *cap && array)
        return array;
    uint64_t wanted = (uint64_t)used + more;
    wanted = wanted < 2 * (uint64_t)*cap ? 2 * (uint64_t)*cap : wanted + 16;
    void *larger = wanted < UINT32_MAX ? pab__alloc(host, (size_t)wanted * size) : NULL;
    if (!larger)
        return NULL;
    if (used > 0)
        memcpy(larger, array, used * size);
    pab__release(host, array, *cap * size);
    *cap = (uint32_t)wanted;
    return larger;
}

#define GROW(array)                                                                                                   \
    do {                                                                                                              \
        void *larger = grown(&d->host, d->array, sizeof *d->array, d->count.array, more->array, &d->cap.array);       \
        if (!larger)                                                                                                  \
            return pab__fail(PAB_E_MEMORY, "no memory for preferences: %u " #array " and %u more", d->count.array,    \
                             more->array);                                                                            \
        d->array = larger;                                                                                            \
    } while (0)

pab_status pab__tune_dataset_reserve(pab__tune_dataset *d, const pab__tune_counts *more)
{
    GROW(inputs);
    GROW(steps);
    GROW(trajectories);
    GROW(pairs);
    GROW(listed);
    GROW(starts);
    return PAB_OK;
}

static uint32_t add_input(pab__tune_dataset *d, const pab__pref_point *from)
{
    pab__mixture_input *input = &d->inputs[d->count.inputs];
    memcpy(input->obs, from->obs, sizeof input->obs);
    memcpy(input->legal, from->legal, sizeof input->legal);
    return d->count.inputs++;
}

/* All futures of a trajectory. Its first decision is the same in each of them. */
static void add_trajectory(pab__tune_dataset *d, const pab_prefs *prefs, const pab__pref_start *start, uint32_t number,
                           uint32_t origin)
{
    const pab__pref_trajectory *trajectory = &prefs->trajectory[number];
    uint32_t first = d->count.steps;
    double weight = 1.0 / prefs->futures;
    for (uint32_t i = trajectory->play[0]; i < trajectory->play[prefs->futures]; i++) {
        const pab__pref_action *from = &prefs->play[i];
        const pab__pref_point *seen = &prefs->point[from->point];
        int again = from->point == start->point && d->count.steps > first && d->steps[first].input == origin;
        if (again && d->steps[first].action == from->action) {
            d->steps[first].weight += weight;
            continue;
        }
        if (pab__mixture_is_forced(seen->legal))
            continue;
        uint32_t input = from->point == start->point ? origin : add_input(d, seen);
        d->steps[d->count.steps++] = (pab__tune_step){.input = input, .action = from->action, .weight = weight};
    }
    d->trajectories[d->count.trajectories++] = (pab__tune_trajectory){.first = first, .end = d->count.steps};
}

static pab_status add_start(pab__tune_dataset *d, const pab_prefs *prefs, const pab__pref_start *from)
{
    const pab__pref_trajectory *own = &prefs->trajectory[from->trajectory];
    const uint32_t count = from->trajectories;
    uint32_t steps = count > 0 ? own[count - 1].play[prefs->futures] - own[0].play[0] : 0;
    const pab__tune_counts more = {.inputs = steps + 1, .steps = steps, .trajectories = count, .pairs = from->pairs,
                                   .listed = from->listed, .starts = 1};
    pab_status status = pab__tune_dataset_reserve(d, &more);
    if (status != PAB_OK)
        return status;
    pab__tune_start start = {.first_input = d->count.inputs, .first_pair = d->count.pairs,
                             .first_listed = d->count.listed};
    uint32_t first = d->count.trajectories, origin = add_input(d, &prefs->point[from->point]);
    for (uint32_t k = 0; k < count; k++)
        add_trajectory(d, prefs, from, from->trajectory + k, origin);
    for (uint32_t i = 0; i < from->pairs; i++) {
        const pab__pref_pair *pair = &prefs->pair[from->pair + i];
        d->pairs[d->count.pairs++] =
            (pab__tune_pair){.winner = first + pair->winner, .loser = first + pair->loser, .p = pair->p};
    }
    for (uint32_t i = 0; i < from->listed; i++)
        d->listed[d->count.listed++] = first + from->list[i];
    start.end_input = d->count.inputs;
    start.end_pair = d->count.pairs;
    start.end_listed = d->count.listed;
    d->starts[d->count.starts++] = start;
    return PAB_OK;
}

pab_status pab__tune_dataset_add(pab__tune_dataset *dataset, const pab_prefs *prefs, int32_t held)
{
    pab_status status = PAB_OK;
    for (uint32_t s = 0; status == PAB_OK && s < prefs->starts; s++) {
        const pab__pref_start *start = &prefs->start[s];
        if (start->pairs > 0 && (start->held != 0) == (held != 0))
            status = add_start(dataset, prefs, start);
    }
    return status;
}
