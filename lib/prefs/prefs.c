/* Preferences as growing arrays, merged and ranked, and as a handle. */
#include "prefs/prefs.h"

#include <string.h>

static pab_status grow(const pab_host *host, void **data, uint32_t *cap, uint32_t used, uint32_t more, size_t size)
{
    uint64_t room = *cap > 0 ? *cap : more > 16 ? more : 16; /* of a file: what it has, no more */
    if ((uint64_t)used + more <= *cap)
        return PAB_OK;
    while (room < (uint64_t)used + more)
        room *= 2;
    void *fresh = room <= UINT32_MAX ? pab__alloc(host, room * size) : NULL;
    if (!fresh)
        return pab__fail(PAB_E_MEMORY, "no memory for preferences");
    if (used > 0)
        memcpy(fresh, *data, used * size);
    pab__release(host, *data, *cap * size);
    *data = fresh;
    *cap = (uint32_t)room;
    return PAB_OK;
}

#define GROW(p, array, used, cap, more) \
    grow(&(p)->host, (void **)(void *)&(p)->array, &(p)->cap, (p)->used, more, sizeof *(p)->array)

pab_status pab__prefs_reserve(pab_prefs *p, uint32_t points, uint32_t plays, uint32_t trajectories, uint32_t starts,
                              uint32_t pairs)
{
    pab_status status = GROW(p, point, points, cap_points, points);
    if (status == PAB_OK)
        status = GROW(p, play, plays, cap_plays, plays);
    if (status == PAB_OK)
        status = GROW(p, trajectory, trajectories, cap_trajectories, trajectories);
    if (status == PAB_OK) /* a row of outcomes for each trajectory */
        status = grow(&p->host, (void **)(void *)&p->outcome, &p->cap_outcomes, p->trajectories, trajectories,
                      p->futures * sizeof *p->outcome);
    if (status == PAB_OK)
        status = GROW(p, start, starts, cap_starts, starts);
    if (status == PAB_OK)
        status = GROW(p, pair, pairs, cap_pairs, pairs);
    return status;
}

pab_status pab__prefs_new(const pab_host *host, uint32_t futures, double eta, pab_prefs **out)
{
    pab_prefs *p = pab__alloc(host, sizeof *p);
    if (!p)
        return pab__fail(PAB_E_MEMORY, "no memory for preferences");
    p->host = *host;
    p->futures = futures;
    p->eta = eta;
    *out = p;
    return PAB_OK;
}

void pab_prefs_free(pab_prefs *p)
{
    if (!p)
        return;
    pab_host host = p->host;
    pab__release(&host, p->point, p->cap_points * sizeof *p->point);
    pab__release(&host, p->play, p->cap_plays * sizeof *p->play);
    pab__release(&host, p->trajectory, p->cap_trajectories * sizeof *p->trajectory);
    pab__release(&host, p->outcome, (size_t)p->cap_outcomes * p->futures * sizeof *p->outcome);
    pab__release(&host, p->start, p->cap_starts * sizeof *p->start);
    pab__release(&host, p->pair, p->cap_pairs * sizeof *p->pair);
    pab__release(&host, p, sizeof *p);
}

pab_status pab__prefs_append(pab_prefs *p, const pab_prefs *more)
{
    const uint32_t point = p->points, play = p->plays, trajectory = p->trajectories, pair = p->pairs;
    pab_status status = pab__prefs_reserve(p, more->points, more->plays, more->trajectories, more->starts, more->pairs);
    if (status != PAB_OK)
        return status;
    for (uint32_t i = 0; i < more->points; i++)
        p->point[p->points++] = more->point[i];
    for (uint32_t i = 0; i < more->plays; i++)
        p->play[p->plays++] = (pab__pref_action){more->play[i].point + point, more->play[i].action};
    for (uint32_t i = 0; i < more->trajectories; i++) {
        pab__pref_trajectory *t = &p->trajectory[p->trajectories];
        *t = more->trajectory[i];
        for (uint32_t m = 0; m <= p->futures; m++)
            t->play[m] += play;
        for (uint32_t m = 0; m < p->futures; m++)
            p->outcome[p->trajectories * p->futures + m] = more->outcome[i * p->futures + m];
        p->trajectories++;
    }
    for (uint32_t i = 0; i < more->pairs; i++)
        p->pair[p->pairs++] = more->pair[i];
    for (uint32_t i = 0; i < more->starts; i++) {
        pab__pref_start *s = &p->start[p->starts++];
        *s = more->start[i];
        s->point += point;
        s->trajectory += trajectory;
        s->pair += pair;
    }
    return PAB_OK;
}

static int did_the_same(const pab_prefs *p, const pab__pref_trajectory *a, const pab__pref_trajectory *b)
{
    for (uint32_t m = 0; m < p->futures; m++) {
        uint32_t n = a->play[m + 1] - a->play[m];
        if (b->play[m + 1] - b->play[m] != n)
            return 0;
        for (uint32_t i = 0; i < n; i++)
            if (p->play[a->play[m] + i].action != p->play[b->play[m] + i].action)
                return 0;
    }
    return 1;
}

void pab__prefs_merge(pab_prefs *p, uint32_t first)
{
    uint32_t last = p->trajectories - 1;
    for (uint32_t t = first; t < last; t++) {
        if (!did_the_same(p, &p->trajectory[t], &p->trajectory[last]))
            continue;
        p->trajectory[t].candidates |= p->trajectory[last].candidates;
        uint32_t play = p->trajectory[last].play[0];
        /* Its points, other than the start's own, were the last ones too. */
        for (uint32_t i = play; i < p->plays; i++)
            if (p->play[i].point != p->play[play].point && p->play[i].point < p->points)
                p->points = p->play[i].point;
        p->plays = play;
        p->trajectories--;
        return;
    }
}

/* Group of a start: regime, and whether its segment is a single decision. */
static uint32_t group_of(const pab__pref_start *s)
{
    return 2 * (uint32_t)(s->seed >> 48 & 0xff) % (2 * PAB_REGIME_COUNT) + (s->segment > 1);
}

static pab__pref_scores scores_of(const pab_prefs *p, const pab__pref_start *s, double *score)
{
    for (uint32_t i = 0; i < s->trajectories * p->futures; i++)
        score[i] = p->outcome[(size_t)s->trajectory * p->futures + i].score;
    return (pab__pref_scores){score, s->trajectories, p->futures};
}

pab_status pab__prefs_label(pab_prefs *p)
{
    pab__pref_pool pool[2 * PAB_REGIME_COUNT] = {{0, 0}};
    double score[PAB__PREF_TRAJECTORIES * PAB__PREF_FUTURES];
    p->pairs = 0;
    for (uint32_t i = 0; i < p->starts; i++) {
        const pab__pref_scores s = scores_of(p, &p->start[i], score);
        pab__pref_pool_add(&pool[group_of(&p->start[i])], &s);
    }
    pab_status status = pab__prefs_reserve(p, 0, 0, 0, 0, p->starts * PAB__PREF_PAIRS);
    for (uint32_t i = 0; status == PAB_OK && i < p->starts; i++) {
        pab__pref_start *start = &p->start[i];
        const pab__pref_scores s = scores_of(p, start, score);
        double sd = pab__pref_pool_sd(&pool[group_of(start)]);
        start->pair = p->pairs;
        start->pairs = pab__pref_pairs(&s, sd, p->pair + p->pairs);
        start->listed = pab__pref_rank(&s, sd, start->list);
        for (uint32_t k = start->listed; k < PAB__PREF_TRAJECTORIES; k++)
            start->list[k] = 0;
        p->pairs += start->pairs;
    }
    return status;
}

/* --- Introspection --- */

static pab_status check(const pab_prefs *p, uint32_t start)
{
    if (!p)
        return pab__fail(PAB_E_ARGUMENT, "prefs is NULL; expected preferences");
    if (start >= p->starts)
        return pab__fail(PAB_E_RANGE, "start %u does not exist; there are %u", start, p->starts);
    return PAB_OK;
}

pab_status pab_prefs_describe(const pab_prefs *p, pab_prefs_info *out)
{
    if (!p)
        return pab__fail(PAB_E_ARGUMENT, "prefs is NULL; expected preferences");
    pab_prefs_info info = {.struct_size = sizeof info, .starts = p->starts,
                           .trajectories = p->trajectories, .pairs = p->pairs,
                           .futures = p->futures, .fingerprint = p->fingerprint, .master_seed = p->master_seed,
                           .eta = p->eta};
    for (uint32_t i = 0; i < p->starts; i++)
        info.held += p->start[i].held != 0;
    return pab__record_out(out, &info, sizeof info, PAB__UPTO(pab_prefs_info, eta), "the preferences info");
}

pab_status pab_prefs_start_get(const pab_prefs *p, uint32_t start, pab_prefs_start *out)
{
    pab_status status = check(p, start);
    if (status != PAB_OK)
        return status;
    const pab__pref_start *s = &p->start[start];
    pab_prefs_start full = {
        .struct_size = sizeof full, .regime = (int32_t)(s->seed >> 48 & 0xff), .seed = s->seed, .state = s->state,
        .step = s->step, .segment = s->segment, .cell = s->cell, .held = s->held, .trajectories = s->trajectories,
        .pairs = s->pairs, .listed = s->listed};
    for (uint32_t k = 0; k < s->listed; k++)
        full.list[k] = s->list[k];
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_prefs_start, list), "the start");
}

pab_status pab_prefs_trajectory_get(const pab_prefs *p, uint32_t start, uint32_t trajectory, pab_prefs_trajectory *out)
{
    pab_status status = check(p, start);
    if (status == PAB_OK && trajectory >= p->start[start].trajectories)
        status = pab__fail(PAB_E_RANGE, "trajectory %u does not exist; start %u has %u", trajectory, start,
                           p->start[start].trajectories);
    if (status != PAB_OK)
        return status;
    const uint32_t number = p->start[start].trajectory + trajectory;
    const pab__pref_trajectory *t = &p->trajectory[number];
    double mean[PAB__PREF_COMPONENTS] = {0};
    pab_prefs_trajectory full = {.struct_size = sizeof full, .candidates = t->candidates};
    full.action = p->play[t->play[0]].action;
    for (uint32_t m = 0; m < p->futures; m++) {
        const pab__pref_outcome *o = &p->outcome[(size_t)number * p->futures + m];
        full.score += o->score / p->futures;
        for (int c = 0; c < PAB__PREF_COMPONENTS; c++)
            mean[c] += o->component[c] / p->futures;
    }
    full.shortfall[0] = mean[PAB__PREF_SHORTFALL_A];
    full.shortfall[1] = mean[PAB__PREF_SHORTFALL_B];
    full.hedge = mean[PAB__PREF_HEDGE];
    full.hedge_max = mean[PAB__PREF_HEDGE_MAX];
    full.risk = mean[PAB__PREF_RISK];
    full.tracking = mean[PAB__PREF_TRACKING];
    full.forced = mean[PAB__PREF_FORCED];
    full.residual = mean[PAB__PREF_RESIDUAL];
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_prefs_trajectory, residual), "the trajectory");
}

pab_status pab_prefs_pair_get(const pab_prefs *p, uint32_t start, uint32_t pair, pab_prefs_pair *out)
{
    pab_status status = check(p, start);
    if (status == PAB_OK && pair >= p->start[start].pairs)
        status = pab__fail(PAB_E_RANGE, "pair %u does not exist; start %u has %u", pair, start, p->start[start].pairs);
    if (status != PAB_OK)
        return status;
    const pab__pref_pair *from = &p->pair[p->start[start].pair + pair];
    pab_prefs_pair full = {.struct_size = sizeof full, .winner = from->winner, .loser = from->loser, .p = from->p,
                           .confidence = 2 * from->p - 1, .gain = from->gain, .error = from->error};
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_prefs_pair, error), "the pair");
}
