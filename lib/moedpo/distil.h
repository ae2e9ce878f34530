/* Distillation of any teacher into a mixture: rounds of collecting states and learning from all that were collected.
 *
 * In the first round the teacher's components act, in the later ones the student does. With a checkpoint an interrupted
 * run resumes with the same bytes. moe_distil.c calls it with the ensemble as teacher. */
#ifndef PAB_MOEDPO_DISTIL_H
#define PAB_MOEDPO_DISTIL_H

#include "moedpo/distil_collect.h"
#include "moedpo/moe.h"

typedef struct pab__distil_task {
    pab_host host;
    pab_scenario *scn;
    const pab__teacher *teacher;
    const double (*ensemble_weight)[PAB_EXPERT_COUNT]; /* [PAB_MOE_CELLS]: the anchor's share of each expert */
    uint64_t identity;   /* of scenario and teacher: a checkpoint of others is refused */
    uint64_t seed;
    uint32_t components; /* 5, or 4 without the anchor */
    uint32_t threads;
    uint32_t steps;      /* of an episode */
    double budget, temperature;
    const char *log_path, *checkpoint; /* NULL: none */
    const pab_progress *progress;
} pab__distil_task;

pab_status pab__distil_run(const pab__distil_task *task, pab_moe **out);

#endif
