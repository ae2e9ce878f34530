/* Many jobs at once, on any number of threads, each landing in the place that its number names. */
#ifndef PAB_QLEARN_ROUNDS_H
#define PAB_QLEARN_ROUNDS_H

#include "base/threads.h"
#include "qlearn/play.h"

typedef struct pab__crew {
    pab_host host;
    pab__threads *threads;
    pab__player *players; /* one per thread */
    uint32_t count;
    uint32_t steps;       /* N of the scenario */
} pab__crew;

pab_status pab__crew_new(pab_scenario *scn, uint32_t threads, pab__crew *out);
void pab__crew_free(pab__crew *crew); /* zeroed is allowed */

/* Plays all jobs of a study: moves[job][repeat][steps], played[job][repeat]. */
pab_status pab__crew_play(pab__crew *crew, const pab__study *study, pab__move *moves, pab__played *played);

#endif
