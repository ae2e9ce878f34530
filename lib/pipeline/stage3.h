/* The parts of Stage 3, each a stage of a run. */
#ifndef PAB_PIPELINE_STAGE3_H
#define PAB_PIPELINE_STAGE3_H

#include "pipeline/run.h"

/* The run's ensemble as networks. */
typedef struct pab__distil_stage {
    const char *name;               /* of the stage */
    const char *file, *curve, *kept; /* artefacts, checkpoint */
    const pab_moe_options *how;     /* NULL: the defaults */
} pab__distil_stage;

pab_status pab__stage_distil(pab__run *run, const pab__distil_stage *stage, pab_moe **out);

/* Preferences among experts, ensemble, draws of the reference at a high temperature and, once it was tuned, itself. */
typedef struct pab__prefer_stage {
    const char *name, *stem;  /* of the stage; of its artefact and checkpoint */
    uint32_t round;
    int32_t tuned;            /* the reference, which then plays around the segments too; else the ensemble does */
    const pab_moe *reference;
    pab_prefs_options how;    /* candidates and eta are put in */
} pab__prefer_stage;

pab_status pab__stage_prefer(pab__run *run, const pab__prefer_stage *stage, pab_prefs **out);
uint32_t pab__prefs_pairs(const pab_prefs *prefs); /* that a tuning would learn from */

/* Tuning on preferences; what is not accepted ends as a copy of the reference. */
typedef struct pab__tune_stage {
    const char *name, *stem; /* of the stage; of its artefacts and checkpoint */
    uint32_t round;
    int32_t loss;
    const pab_moe *reference;
    const pab_prefs *prefs;
    const pab_moe_options *how; /* NULL: the defaults */
} pab__tune_stage;

pab_status pab__stage_tune(pab__run *run, const pab__tune_stage *stage, pab_moe **out);

#endif
