/* Ablations of a finished run: one thing is changed at a time, and the result plays what the run's table played. */
#ifndef PAB_PIPELINE_ABLATE_H
#define PAB_PIPELINE_ABLATE_H

#include "pipeline/run.h"

/* What is changed. The first are mixtures, the next ensembles; the shield is no policy but the episode's. */
enum {
    PAB__NO_ANCHOR, PAB__GATE_ONLY, PAB__WHOLE, PAB__ONE_FUTURE, PAB__MBT,
    PAB__NO_HEDGE_PRICE, PAB__NO_PRICES, PAB__RULES,
    PAB__NO_SHIELD,
    PAB__ABLATIONS,
    PAB__ABLATE_MIXTURES = PAB__NO_HEDGE_PRICE,
    PAB__ABLATE_PLAYERS = 16
};

typedef struct pab__ablation {
    const char *name, *text;
} pab__ablation;
extern const pab__ablation pab__ablations[PAB__ABLATIONS];

/* Who plays under the same rules. */
typedef struct pab__lineup {
    uint32_t count;
    char name[PAB__ABLATE_PLAYERS][PAB__RUN_NAME];
    pab_policy *policy[PAB__ABLATE_PLAYERS];
    pab_eval *eval;
} pab__lineup;

typedef struct pab__ablate {
    pab__run run;     /* the finished run's options and policies; the directory is the ablations' own */
    pab__run_dir made; /* the finished run's */
    int32_t loss;     /* PAB_LOSS_... of the tuning that is varied; -1: there was none, so distillation is */
    char tuned_name[PAB__RUN_NAME];
    pab_moe *tuned;   /* what it came to in the first round: like is held against like */
    pab_prefs *prefs; /* that it learned from */
    pab_moe *moe[PAB__ABLATIONS]; /* NULL: not there */
    pab_sip *sip[PAB__ABLATIONS];
    pab__lineup shielded, bare; /* with the environment's shield, without it */
} pab__ablate;

/* --- ablate_make.c: what each ablation comes to --- */
pab_status pab__ablate_mixtures(pab__ablate *a);
pab_status pab__ablate_ensembles(pab__ablate *a);

/* --- ablate_table.c: episodes and tables --- */
pab_status pab__ablate_play(pab__ablate *a);
pab_status pab__ablate_report(pab__ablate *a);

#endif
