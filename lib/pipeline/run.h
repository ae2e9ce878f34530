/* A run of the pipeline: its directory, what it has made so far, and how far it is. */
#ifndef PAB_PIPELINE_RUN_H
#define PAB_PIPELINE_RUN_H

#include <pairsabides/pipeline.h>

#include <stddef.h>

#include "eval/table.h"
#include "pipeline/run_dir.h"
#include "pipeline/run_lock.h"

enum { PAB__RUN_STAGE = 48, PAB__RUN_LINE = 96, PAB__RUN_POLICIES = 48, PAB__RUN_NAME = 32,
       PAB__RUN_TEXT = 256, PAB__RUN_ROUNDS = 8 };

/* Validation seeds are dealt out by index, so that what is chosen on some is judged on others. Stages below take them
 * from 0 and from 2^32 on. */
#define PAB__SEEDS_ROUNDS (UINT64_C(1) << 36)    /* chooses the mixture of a round; 2^32 each */
#define PAB__SEEDS_BASELINES (UINT64_C(1) << 40) /* which tactic of a schedule */
#define PAB__SEEDS_LAST (UINT64_C(1) << 41)      /* the result table */

#define PAB__RUN_EPISODES "episodes.eval" /* artefact: rows of the result table */

/* The public handle: what a run made. */
struct pab_pipeline {
    pab_host host;
    pab_config *cfg;
    pab_scenario *scn;
    pab_qtable *q[PAB_EXPERT_COUNT]; /* NULL: not there */
    pab_sip *sip, *uniform;
    pab_moe *distilled, *moe;
    pab_moe *tuned[PAB_LOSS_COUNT]; /* the last accepted by each loss */
    pab__run_dir dir;               /* of a run that was opened; empty while one is made */
};

typedef struct pab__policy_list {
    uint32_t count;
    char name[PAB__RUN_POLICIES][PAB__RUN_NAME];
} pab__policy_list;

typedef struct pab__run {
    pab_host host;
    pab_pipeline_options options; /* complete */
    pab__run_dir dir;
    pab__run_lock lock; /* of the directory */
    pab_pipeline *artefacts;
    pab_pipeline_result result;
    pab_eval *eval; /* the result table ... */
    pab__policy_list list; /* ... and its policies */
    struct {
        pab_progress relay; /* given to stages */
        char name[PAB__RUN_STAGE];
        uint32_t stage, stages;
        double weight, before, all; /* of the stage, of those done, of all at most */
        double reported;            /* greatest share of the whole that was reported */
        double began;               /* clock */
    } at;
} pab__run;

/* --- options.c --- */
pab_status pab__pipeline_options_take(const pab_pipeline_options *given, pab_pipeline_options *out);
uint32_t pab__pipeline_scaled(double budget, double usual, uint32_t least);

/* Lines of the manifest: all that results depend on. */
void pab__pipeline_head(const pab_pipeline_options *options, uint64_t fingerprint, char *buf, size_t cap);
/* And back, as far as they are sound: write them again to know. Other options are the defaults. */
pab_status pab__pipeline_head_read(const char *head, pab_pipeline_options *options, uint64_t *fingerprint);
/* PAB_E_KIND with the first line in which what was asked for differs from what the directory holds. */
pab_status pab__pipeline_head_same(const char *dir, const char *wanted, const char *there);

/* --- progress.c --- */
/* A stage begins. `files` (ends with NULL) are its artefacts; 1 in *done when all are finished. `checkpoint` (NULL:
 * none) is the file it can be resumed from. */
pab_status pab__stage_begin(pab__run *run, const char *name, double weight, const char *const *files,
                            const char *checkpoint, int32_t *done);
/* Its artefacts are finished: enters them, and deletes `checkpoint` (NULL: none) with what lies beside it. */
pab_status pab__stage_end(pab__run *run, const char *const *files, const char *checkpoint);
/* Sums up the weights of all stages there can be. */
void pab__stage_plan(pab__run *run);

/* Weights of stages, in episodes. */
typedef struct pab__stage_cost {
    double calibrate, expert, ensemble, distil, prefs, tune, choose, baselines, evaluate;
} pab__stage_cost;
void pab__stage_costs(const pab_pipeline_options *options, pab__stage_cost *out);

/* --- calibrate.c, learn.c, rounds.c, choice.c, evaluate.c, report.c: the stages --- */
/* Options of the learning stages; paths are kept in the caller's buffers. */
pab_status pab__learn_setup(const pab__run *run, uint64_t seed, const char *log, const char *checkpoint,
                            pab_learn_options *out);
pab_status pab__run_calibrate(pab__run *run);
pab_status pab__run_experts(pab__run *run);
pab_status pab__run_ensemble(pab__run *run);
pab_status pab__run_distil(pab__run *run);
double pab__run_multiplier(const pab__run *run); /* of tracking error, by which preferences score: bps per % */
/* What learned policies are chosen by, on the seeds of a table in which the ensemble is policy `sip`. */
pab_status pab__run_goal(const pab__run *run, const pab_eval *eval, uint32_t sip, pab__objective *out);
pab_status pab__run_rounds(pab__run *run);
pab_status pab__run_choice(pab__run *run);
pab_status pab__run_evaluate(pab__run *run);
pab_status pab__run_report(pab__run *run);

/* --- rounds.c --- */
#define PAB__RUN_REFERENCE "reference" /* a round's decision that changes nothing; others are names of losses */
const char *pab__run_round_decision(const pab__run_dir *dir, uint32_t round); /* "": not made */

/* Names the seeds of a round (from 1), so that they differ between rounds and from the rest of the run. */
uint64_t pab__round_seed(uint64_t master_seed, uint32_t round);

/* --- choice.c --- */
extern const char *const pab__shipped_keys[]; /* by PAB_SHIPPED_..., as the manifest and report.json have them */
int32_t pab__run_shipped(const pab__run_dir *dir); /* PAB_SHIPPED_..., -1: not decided */

/* --- increments.c: what each stage added, in the result table --- */

/* A policy less the one it was made from, pair cost in bps. */
typedef struct pab__increment {
    const char *of, *over; /* names */
    int32_t regime;        /* -1: all */
    pab_contrast less;
} pab__increment;

enum { PAB__INCREMENTS = (PAB_EXPERT_COUNT + 2) * (PAB_REGIME_COUNT + 1) };

typedef struct pab__increments {
    uint32_t count;
    pab__increment row[PAB__INCREMENTS];
} pab__increments;

/* Sets the means and intervals of run->result, too. */
pab_status pab__run_increments(pab__run *run, pab__increments *out);

/* --- tables.c, report.c: CSV of the result table, report.json. Files end with NULL --- */
/* A column of summary.csv and a member of "summary" in report.json. */
typedef struct pab__summary_column {
    const char *name;
    size_t offset; /* of a double in pab_eval_summary */
} pab__summary_column;
extern const pab__summary_column pab__summary_columns[]; /* ends with a NULL name */
extern const char *const pab__run_tables_files[];
pab_status pab__run_tables(pab__run *run, const pab__increments *increments);
int32_t pab__run_finished(const pab__run_dir *dir);

/* --- artefacts.c --- */
pab_status pab__artefacts_new(const pab_host *host, pab_pipeline **out);
pab_status pab__artefacts_uniform(pab_pipeline *artefacts); /* equal weights over the ensemble's experts */
#endif
