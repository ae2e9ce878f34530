/* Growable arrays of a preference data set. */
#include "moedpo/preference.h"

#include <string.h>

void pab__tales_init(pab__tales *tales, const pab_host *host)
{
    *tales = (pab__tales){.host = *host};
}

void pab__tales_free(pab__tales *tales)
{
    const pab_host *host = &tales->host;
    pab__release(host, tales->points, tales->cap_points * sizeof *tales->points);
    pab__release(host, tales->plays, tales->cap_plays * sizeof *tales->plays);
    pab__release(host, tales->tracks, tales->cap_tracks * sizeof *tales->tracks);
    pab__release(host, tales->ranks, tales->cap_ranks * sizeof *tales->ranks);
    pab__release(host, tales->listed, tales->cap_listed * sizeof *tales->listed);
    pab__release(host, tales->starts, tales->cap_starts * sizeof *tales->starts);
    pab__tales_init(tales, &(pab_host){0});
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

#define GROW(array, more)                                                                                       \
    do {                                                                                                        \
        void *larger = grown(&t->host, t->array, sizeof *t->array, t->n_##array, more, &t->cap_##array);        \
        if (!larger)                                                                                     \
            return pab__fail(PAB_E_MEMORY, "no memory for preferences: %u " #array " and %u more", t->n_##array, \
                             more);                                                                             \
        t->array = larger;                                                                                      \
    } while (0)

pab_status pab__tales_reserve(pab__tales *t, uint32_t points, uint32_t plays, uint32_t tracks, uint32_t ranks,
                              uint32_t listed, uint32_t starts)
{
    GROW(points, points);
    GROW(plays, plays);
    GROW(tracks, tracks);
    GROW(ranks, ranks);
    GROW(listed, listed);
    GROW(starts, starts);
    return PAB_OK;
}
