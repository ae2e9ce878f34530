/* The cross-entropy method: draws around a mean, and moves the mean to where the best draws lie. It knows nothing of
 * what is being minimised. */
#ifndef PAB_EVAL_CEM_H
#define PAB_EVAL_CEM_H

#include <stdint.h>

enum { PAB__CEM_DIMS = 84, PAB__CEM_CANDIDATES = 4096 };

typedef struct pab__cem_plan {
    uint32_t dims;       /* at most PAB__CEM_DIMS */
    uint32_t candidates; /* of a generation, at most PAB__CEM_CANDIDATES */
    uint32_t elite;      /* the best so many make the next mean */
    double smoothing;    /* weight of the new mean and sd */
    double floor;        /* least sd */
    uint64_t key;        /* of the draws */
} pab__cem_plan;

typedef struct pab__cem {
    uint64_t generation;
    double mean[PAB__CEM_DIMS], sd[PAB__CEM_DIMS];
} pab__cem;

void pab__cem_start(pab__cem *cem, double sd); /* all means 0 */

/* Candidate `i` of the generation: a function of key, generation and i alone, in whatever order they are drawn. */
void pab__cem_draw(const pab__cem_plan *plan, const pab__cem *cem, uint32_t i, double *out);

/* Moves on to the next generation; `order` ranks the candidates by cost
 * (pab__sort_rank). */
void pab__cem_update(const pab__cem_plan *plan, pab__cem *cem, const uint32_t *order);

#endif
