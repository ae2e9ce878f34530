/* Distillation of any teacher. */
#ifndef PAB_MOEDPO_DISTIL_H
#define PAB_MOEDPO_DISTIL_H

#include "moedpo/school.h"

typedef struct pab__distil_job {
    pab_host host;
    pab_scenario *scn;
    const pab__teacher *teacher;
    const double (*share)[PAB_EXPERT_COUNT]; /* [PAB__CELLS]: weights that share the anchor out */
    uint64_t identity;   /* of scenario and teacher: a checkpoint of others is refused */
    uint64_t seed;
    uint32_t components; /* 5, or 4 without the anchor */
    uint32_t threads;
    uint32_t steps;      /* of an episode */
    uint32_t reserved;
    double budget, temperature;
    const char *log_path, *checkpoint;
    const pab_progress *progress;
} pab__distil_job;

pab_status pab__distil(const pab__distil_job *job, pab_moe **out);

#endif
