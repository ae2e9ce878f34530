/* From preferences as they were played to preferences as they are trained on. */
#include "moedpo/prefer.h"

#include "prefs/prefs.h"

#include <string.h>

static uint32_t add_point(pab__tales *t, const pab__pref_point *from)
{
    pab__point *point = &t->points[t->n_points];
    memcpy(point->obs, from->obs, sizeof point->obs);
    memcpy(point->legal, from->legal, sizeof point->legal);
    return t->n_points++;
}

/* All futures of a track. Its first decision is the same in each of them. */
static void add_track(pab__tales *t, const pab_prefs *prefs, const pab__pref_start *start, uint32_t number,
                      uint32_t origin)
{
    const pab__pref_trajectory *track = &prefs->trajectory[number];
    uint32_t first = t->n_plays;
    double weight = 1.0 / prefs->futures;
    for (uint32_t i = track->play[0]; i < track->play[prefs->futures]; i++) {
        const pab__pref_action *from = &prefs->play[i];
        const pab__pref_point *seen = &prefs->point[from->point];
        int again = from->point == start->point && t->n_plays > first && t->plays[first].point == origin;
        if (again && t->plays[first].action == from->action) {
            t->plays[first].weight += weight;
            continue;
        }
        if (pab__forced(seen->legal))
            continue;
        uint32_t point = from->point == start->point ? origin : add_point(t, seen);
        t->plays[t->n_plays++] = (pab__play){.point = point, .action = from->action, .weight = weight};
    }
    t->tracks[t->n_tracks++] = (pab__track){.first = first, .end = t->n_plays};
}

static pab_status add_start(pab__tales *t, const pab_prefs *prefs, const pab__pref_start *from)
{
    const pab__pref_trajectory *tracks = &prefs->trajectory[from->trajectory];
    uint32_t plays = from->trajectories > 0 ? tracks[from->trajectories - 1].play[prefs->futures] - tracks[0].play[0] : 0;
    pab_status status = pab__tales_reserve(t, plays + 1, plays, from->trajectories, from->pairs, from->listed, 1);
    if (status != PAB_OK)
        return status;
    pab__start start = {.point = t->n_points, .rank = t->n_ranks, .listed = t->n_listed};
    uint32_t first = t->n_tracks, origin = add_point(t, &prefs->point[from->point]);
    for (uint32_t k = 0; k < from->trajectories; k++)
        add_track(t, prefs, from, from->trajectory + k, origin);
    for (uint32_t i = 0; i < from->pairs; i++) {
        const pab__pref_pair *pair = &prefs->pair[from->pair + i];
        t->ranks[t->n_ranks++] =
            (pab__rank){.winner = first + pair->winner, .loser = first + pair->loser, .p = pair->p};
    }
    for (uint32_t i = 0; i < from->listed; i++)
        t->listed[t->n_listed++] = first + from->list[i];
    start.points = t->n_points;
    start.ranks = t->n_ranks;
    start.listing = t->n_listed;
    t->starts[t->n_starts++] = start;
    return PAB_OK;
}

pab_status pab__tales_take(pab__tales *tales, const pab_prefs *prefs, int32_t held)
{
    pab_status status = PAB_OK;
    for (uint32_t s = 0; status == PAB_OK && s < prefs->starts; s++) {
        const pab__pref_start *start = &prefs->start[s];
        if (start->pairs > 0 && (start->held != 0) == (held != 0))
            status = add_start(tales, prefs, start);
    }
    return status;
}
