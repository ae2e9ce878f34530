/* Random instances: points with random observations and masks, tracks of random legal actions, ranks. */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <stdlib.h>

#include "base/rng.h"
#include "moedpo/preference.h"

typedef struct luck {
    pab__rng rng;
} luck;

static inline double luck_between(luck *l, double low, double high)
{
    pab__draw draw = {.rng = &l->rng};
    return pab__draw_uniform(&draw, low, high);
}

static inline uint32_t luck_below(luck *l, uint32_t n)
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
static inline void point_random(luck *l, pab__point *point)
{
    for (int i = 0; i < PAB__INPUTS; i++)
        point->obs[i] = (float)luck_between(l, -1.5, 1.5);
    for (int leg = 0; leg < 2; leg++)
        point->legal[leg] = 1 | luck_below(l, 1 << PAB__LEG_ACTIONS);
}

static inline int32_t leg_random(luck *l, uint32_t legal)
{
    for (;;) {
        int32_t action = (int32_t)luck_below(l, PAB__LEG_ACTIONS);
        if ((legal >> action & 1) != 0)
            return action;
    }
}

static inline int32_t action_random(luck *l, const pab__point *point)
{
    int32_t first = leg_random(l, point->legal[0]);
    return PAB__LEG_ACTIONS * first + leg_random(l, point->legal[1]);
}

/* One start: `points` points, `tracks` tracks over them, every pair ranked with a random label. */
static inline void start_random(luck *l, pab__tales *t, uint32_t points, uint32_t tracks)
{
    pab__start start = {.point = t->n_points, .rank = t->n_ranks, .listed = t->n_listed};
    uint32_t first = t->n_tracks;
    if (pab__tales_reserve(t, points, tracks * points, tracks, tracks * tracks, tracks, 1) != PAB_OK)
        abort();
    for (uint32_t i = 0; i < points; i++)
        point_random(l, &t->points[t->n_points++]);
    for (uint32_t k = 0; k < tracks; k++) {
        uint32_t end = t->n_plays;
        for (uint32_t i = 0; i < points; i++)
            if (i == 0 || luck_below(l, 2) != 0) {
                uint32_t at = start.point + i;
                t->plays[end++] = (pab__play){.point = at, .action = action_random(l, &t->points[at]),
                                              .weight = luck_between(l, 0.25, 1.0)};
            }
        t->tracks[t->n_tracks++] = (pab__track){.first = t->n_plays, .end = end};
        t->n_plays = end;
        t->listed[t->n_listed++] = first + (k * 2 + 1) % tracks; /* any order that is not that of the tracks */
        for (uint32_t j = 0; j < k; j++)
            t->ranks[t->n_ranks++] = (pab__rank){.winner = first + k, .loser = first + j,
                                                 .p = luck_between(l, 0.5, 0.98)};
    }
    start.points = t->n_points;
    start.ranks = t->n_ranks;
    start.listing = t->n_listed;
    t->starts[t->n_starts++] = start;
}

#endif
