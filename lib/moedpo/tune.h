/* Tuning on preferences from beginning to end: the gate, then everything, as long as validation falls. */
#ifndef PAB_MOEDPO_TUNE_H
#define PAB_MOEDPO_TUNE_H

#include "moedpo/course.h"
#include "moedpo/ledger.h"

enum { PAB__PHASE_GATE = 0, PAB__PHASE_FULL = 1, PAB__PHASES = 2 };

/* Validation seeds that choose among epochs, and those that have the last word. */
enum { PAB__BLOCK_CHOICE = 0, PAB__BLOCK_FRESH = 1 };

/* Tuning as it stands between two epochs. */
typedef struct pab__tuned {
    uint32_t phase, epoch, stale, begun;
    uint32_t confirmed, reserved;
    double reference, ensemble; /* J on validation seeds */
    double best, best_held;     /* J and held-out loss of `kept` */
    double fresh[3];            /* J of kept, reference and ensemble on seeds that chose nothing */
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
    /* Objective on a block of validation seeds, PAB__BLOCK_..., of a mixture; net NULL: of the ensemble. Lower is
     * better. */
    pab_status (*judge)(void *user, const pab__mixture_net *net, int32_t block, double *objective);
    void *user;
} pab__tune_job;

/* `state` is zeroed before; it ends with the best mixture in `kept`. *accepted: that is another one than the reference,
 * and on fresh seeds no worse than reference and ensemble. The best of many epochs looks better than it is. */
pab_status pab__tune(const pab__tune_job *job, pab__tuned *state, int32_t *accepted);

#endif
