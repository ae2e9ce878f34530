/* Tuning on preferences from beginning to end: phases of epochs, early stopping, acceptance.
 *
 * Phase G trains the gate alone, phase F everything. After every epoch the mixture's objective J is evaluated on
 * validation seeds; the best mixture is kept, and a phase ends when it no longer gets better. In the end fresh seeds,
 * which chose nothing, decide whether the best is accepted: the best of many epochs looks better than it is. With a
 * checkpoint an interrupted run resumes with the same bytes. moe_tune.c calls it, validation.h evaluates. */
#ifndef PAB_MOEDPO_TUNE_H
#define PAB_MOEDPO_TUNE_H

#include "moedpo/training_log.h"
#include "moedpo/tune_epochs.h"

enum { PAB__TUNE_PHASE_GATE = 0, PAB__TUNE_PHASE_FULL = 1, PAB__TUNE_PHASES = 2 };

/* Validation seeds that choose among epochs, and those that accept. */
enum { PAB__TUNE_SEEDS_SELECT = 0, PAB__TUNE_SEEDS_FRESH = 1 };

/* A run between two epochs: what a checkpoint holds. */
typedef struct pab__tune_state {
    uint32_t phase, epoch, stale, begun;
    uint32_t confirmed, reserved;
    double reference, ensemble; /* J on the seeds that select */
    double best, best_held_out; /* J and held-out loss of `kept` */
    double fresh[3];            /* J of kept, reference and ensemble on fresh seeds */
    pab__trainer_state trainer;
    pab__mixture_net kept;
    pab__training_log log;
} pab__tune_state;

typedef struct pab__tune_task {
    pab_host host;
    pab__tune_plan plan;
    uint64_t identity; /* of reference, preferences and scenario: a checkpoint of others is refused */
    uint32_t threads;
    uint32_t patience; /* epochs without gain that end a phase */
    uint32_t epochs[PAB__TUNE_PHASES]; /* at most; 0 leaves a phase out */
    const char *log_path, *checkpoint; /* NULL: none */
    /* J in bps, on seeds PAB__TUNE_SEEDS_..., of a mixture; net NULL: of the ensemble. */
    pab_status (*evaluate)(void *user, const pab__mixture_net *net, int32_t seeds, double *objective);
    void *user;
} pab__tune_task;

/* `state` comes zeroed and ends with the best mixture in `kept`. *accepted: `kept` is not the reference, and on fresh
 * seeds its J is at most that of reference and ensemble. */
pab_status pab__tune_run(const pab__tune_task *task, pab__tune_state *state, int32_t *accepted);

#endif
