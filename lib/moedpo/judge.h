/* The objective J of mixtures on validation seeds, by playing them. */
#ifndef PAB_MOEDPO_JUDGE_H
#define PAB_MOEDPO_JUDGE_H

#include "eval/table.h"
#include "moedpo/moe.h"

typedef struct pab__judge {
    pab_scenario *scn;
    pab_moe *trial;    /* plays the networks that are judged */
    uint32_t threads;
    uint32_t episodes; /* per regime */
    uint64_t first;    /* of their indices */
    pab__objective goal;    /* on these seeds */
    const pab_progress *progress;
} pab__judge;

pab_status pab__judge_mixture(const pab__judge *judge, const pab__mixture_net *net, double *objective);
/* What becomes of any policy on these seeds. */
pab_status pab__judge_policy(const pab__judge *judge, pab_policy *policy, pab_eval_summary *out);

#endif
