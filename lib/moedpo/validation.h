/* The objective J of mixtures and of the ensemble on validation seeds, by rolling them out.
 *
 * moe_tune.c fills in the inputs, opens it, lets tune.c evaluate by it, and closes it. J is that of the preferences'
 * multiplier of tracking; an ensemble that has a bound on tracking adds its penalty (pab__sip_goal). */
#ifndef PAB_MOEDPO_VALIDATION_H
#define PAB_MOEDPO_VALIDATION_H

#include <pairsabides/sip.h>

#include "eval/table.h"
#include "moedpo/moe.h"

typedef struct pab__validation {
    /* Inputs, lent. */
    pab_scenario *scn;
    const pab_sip *sip; /* the ensemble; NULL: none, its J counts as infinite */
    const pab_progress *progress;
    double eta;         /* multiplier of tracking, bps per % */
    uint32_t threads;
    uint32_t episodes;  /* per regime */
    uint64_t total;     /* evaluations at most, for the progress hook */
    /* Its own. */
    uint64_t done;        /* evaluations so far */
    pab_moe *trial;       /* carries the networks that are evaluated */
    pab_policy *ensemble;
    pab_progress hook;
    int32_t seeds;        /* PAB__TUNE_SEEDS_... that the following belong to; -1: none yet */
    pab__objective goal;
    pab_eval_summary ensemble_summary; /* struct_size 0: not evaluated on these seeds */
} pab__validation;

/* `like`: what networks that will be evaluated belong to. */
pab_status pab__validation_open(pab__validation *validation, const pab_moe *like);
void pab__validation_close(pab__validation *validation); /* zeroed ones are allowed */

/* As `evaluate` of pab__tune_task; `user` is the validation. */
pab_status pab__validation_evaluate(void *user, const pab__mixture_net *net, int32_t seeds, double *objective);

#endif
