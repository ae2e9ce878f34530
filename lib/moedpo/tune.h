/* Tuning on preferences from beginning to end: the gate, then everything, as long as validation falls. */
#ifndef PAB_MOEDPO_TUNE_H
#define PAB_MOEDPO_TUNE_H

#include "moedpo/course.h"
#include "moedpo/ledger.h"

enum { PAB__PHASE_GATE = 0, PAB__PHASE_FULL = 1, PAB__PHASES = 2 };

/* Tuning as it stands between two epochs. */
typedef struct pab__tuned {
    uint32_t phase, epoch, stale, begun;
    double reference, ensemble; /* J on validation seeds */
    double best, best_held;     /* J and held-out loss of `kept` */
    pab__learner learner;
    pab__mixture_net kept;
    pab__ledger_rows rows;
} pab__tuned;

typedef struct pab__tune_job {
    pab_host host;
    const pab__tales *tales, *held;
    const pab__mixture_net *reference;
    uint64_t identity;   /* of reference, preferences and scenario */
    uint64_t seed;
    uint32_t components;
    uint32_t threads;
    uint32_t epochs[PAB__PHASES]; /* at most; 0 leaves a phase out */
    uint32_t patience;
    uint32_t reserved;
    pab__tuning tuning;
    const char *log_path, *checkpoint;
    /* Objective on validation seeds of a mixture; net NULL: of the ensemble. Lower is better. */
    pab_status (*judge)(void *user, const pab__mixture_net *net, double *objective);
    void *user;
} pab__tune_job;

/* `state` is zeroed before; it ends with the best mixture in `kept`. *accepted: it is no worse than reference and
 * ensemble. */
pab_status pab__tune(const pab__tune_job *job, pab__tuned *state, int32_t *accepted);

#endif
