/**
 * @file ablation.h
 * @brief Ablations of a finished run: one thing changed at a time, played on the episodes of the run's result table.
 *
 * Everything lies in DIR/ablations. A step whose file is there is finished, and a step in the middle has a checkpoint:
 * a call that was interrupted resumes when it is made again.
 */
#ifndef PAIRSABIDES_CLI_ABLATION_H
#define PAIRSABIDES_CLI_ABLATION_H

#include "finished.h"

/** What is changed: first mixtures, then ensembles; the shield is no policy but a rule of the episode. */
enum {
    ABLATE_NO_ANCHOR, ABLATE_GATE_ONLY, ABLATE_WHOLE, ABLATE_ONE_FUTURE, ABLATE_MBT,
    ABLATE_NO_HEDGE_TERM, ABLATE_NO_TERMS, ABLATE_RULES,
    ABLATE_NO_SHIELD,
    ABLATE_COUNT,
    ABLATE_MIXTURES = ABLATE_NO_HEDGE_TERM,
    ABLATE_POLICIES = 16,
    ABLATE_NAME = 32
};

typedef struct ablation_kind {
    const char *name, *text;
} ablation_kind;
extern const ablation_kind ablation_kinds[ABLATE_COUNT];

/** Policies that play under the same rules. */
typedef struct ablation_group {
    uint32_t count;
    char name[ABLATE_POLICIES][ABLATE_NAME];
    pab_policy *policy[ABLATE_POLICIES];
    pab_eval *eval;
} ablation_group;

typedef struct ablation {
    finished made;       /**< the run */
    char dir[FINISHED_PATH]; /**< of the ablations */
    uint32_t threads, episodes, resamples;
    const pab_progress *progress;
    int32_t loss;        /**< PAB_LOSS_... of the tuning that is varied; -1: there was none, so distillation is */
    char tuned_name[ABLATE_NAME];
    pab_moe *tuned;      /**< what that tuning gave in the first round: the reference for the ablations of mixtures */
    pab_moe *distilled;
    pab_sip *ensemble;
    pab_prefs *prefs;    /**< of the first round */
    pab_moe *moe[ABLATE_COUNT]; /**< NULL: not made */
    pab_sip *sip[ABLATE_COUNT];
    int rejected[ABLATE_COUNT]; /**< 1: the tuning was not accepted, the mixture plays as it was distilled */
    ablation_group shielded, bare; /**< with the environment's shield, without it */
} ablation;

const char *ablation_path(const ablation *a, const char *name, char *path); /**< in a buffer of FINISHED_PATH */
int ablation_has(const ablation *a, const char *name);

/** What each ablation gives (ablation_make.c), its episodes and tables (ablation_table.c). */
pab_status ablation_make(ablation *a);
pab_status ablation_play(ablation *a);
int ablation_write(const ablation *a); /**< ablations.csv, ablations.txt: an exit code */

/** All of the above, in `dir`: an exit code. Episodes and resamples 0: as many as the run's. */
int ablation_run(const char *dir, uint32_t threads, uint32_t episodes, uint32_t resamples,
                 const pab_progress *progress);

#endif
