/* A run of the pipeline: its directory, what it has made so far, and how far it is. */
#ifndef PAB_PIPELINE_RUN_H
#define PAB_PIPELINE_RUN_H

#include <pairsabides/pipeline.h>

#include "eval/table.h"
#include "pipeline/run_dir.h"

enum { PAB__RUN_STAGE = 48, PAB__RUN_LINE = 96, PAB__RUN_POLICIES = 48, PAB__RUN_NAME = 32,
       PAB__RUN_TEXT = 256, PAB__RUN_ROUNDS = 8 };

/* Validation seeds are dealt out by index, so that what is chosen on some is judged on others. Stages below take them
 * from 0 and from 2^32 on. */
#define PAB__SEEDS_ROUNDS (UINT64_C(1) << 36)    /* which mixture goes on; a block of 2^32 for each round */
#define PAB__SEEDS_BASELINES (UINT64_C(1) << 40) /* which tactic of a schedule */
#define PAB__SEEDS_LAST (UINT64_C(1) << 41)      /* the result table */

/* The public handle: what a run made. */
struct pab_pipeline {
    pab_host host;
    pab_config *cfg;
    pab_scenario *scn;
    pab_qtable *q[PAB_EXPERT_COUNT]; /* NULL: not there */
    pab_sip *sip, *uniform;
    pab_moe *distilled, *moe;
    pab_moe *tuned[PAB_LOSS_COUNT]; /* the last accepted by each loss */
};

typedef struct pab__run {
    pab_host host;
    pab_pipeline_options options; /* complete */
    pab__run_dir dir;
    pab_pipeline *artefacts;
    pab_pipeline_result result;
    pab_eval *eval; /* the result table; policies in the order of `name` */
    uint32_t policies;
    char name[PAB__RUN_POLICIES][PAB__RUN_NAME];
    struct {
        pab_progress relay; /* given to stages */
        char name[PAB__RUN_STAGE];
        uint32_t stage, stages;
        double weight, before, all; /* of the stage, of those done, of all at most */
        double told;                /* greatest share of the whole that was told */
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
/* A stage begins. `files` (ends with NULL) are its artefacts; 1 in *done when all are finished. */
pab_status pab__stage_begin(pab__run *run, const char *name, double weight, const char *const *files, int32_t *done);
/* Its artefacts are finished: enters them, and deletes `checkpoint` (NULL: none) with what lies beside it. */
pab_status pab__stage_end(pab__run *run, const char *const *files, const char *checkpoint);
/* Sums up the weights of all stages there can be. */
void pab__stage_plan(pab__run *run);

/* Weights of stages, in episodes. */
typedef struct pab__stage_cost {
    double calibrate, expert, ensemble, distil, prefs, tune, choose, baselines, evaluate;
} pab__stage_cost;
void pab__stage_costs(const pab_pipeline_options *options, pab__stage_cost *out);

/* --- calibrate.c, learn.c, rounds.c, evaluate.c, report.c: the stages --- */
/* What stages of learning are told; paths are kept in the caller's buffers. */
pab_status pab__learn_setup(const pab__run *run, uint64_t seed, const char *log, const char *checkpoint,
                            pab_learn_options *out);
pab_status pab__run_calibrate(pab__run *run);
pab_status pab__run_experts(pab__run *run);
pab_status pab__run_ensemble(pab__run *run);
pab_status pab__run_distil(pab__run *run);
double pab__run_price(const pab__run *run); /* eta that preferences score by */
/* What learned policies are chosen by, on the seeds of a table in which the ensemble is policy `sip`. */
pab_status pab__run_goal(const pab__run *run, const pab_eval *eval, uint32_t sip, pab__objective *out);
pab_status pab__run_rounds(pab__run *run);
pab_status pab__run_baselines(pab__run *run);
pab_status pab__run_evaluate(pab__run *run);
pab_status pab__run_report(pab__run *run);

/* --- tables.c, trace.c, page.c: parts of the report. Files end with NULL --- */
struct pab__findings;
extern const char *const pab__shipped_names[];
extern const char *const pab__run_tables_files[];
pab_status pab__run_tables(pab__run *run, const struct pab__findings *found);
extern const char *const pab__run_trace_files[];
pab_status pab__run_trace(pab__run *run); /* an episode in each regime, decision by decision */
extern const char *const pab__run_page_files[];
pab_status pab__run_page(pab__run *run, const struct pab__findings *found);

/* --- result.c: what the table says --- */

/* One stage's worth: a policy less the one before it, pair cost in bps. */
typedef struct pab__increment {
    const char *of, *over; /* names */
    int32_t regime;        /* -1: all */
    pab_contrast less;
} pab__increment;

/* A condition of a convincing result. */
typedef struct pab__criterion {
    int32_t met;
    char text[PAB__RUN_TEXT];
} pab__criterion;

#define PAB__COMPLETED 0.98 /* share filled before liquidation that counts as done */

/* The mixture less a policy that does not fill as much, pair cost where both did, bps. */
enum { PAB__VERDICT_BELOW, PAB__VERDICT_NOT_BELOW, PAB__VERDICT_FEW, PAB__VERDICT_NEVER };
extern const char *const pab__verdict_names[];

typedef struct pab__restatement {
    const char *policy;
    double completion;
    uint32_t episodes; /* in which both did */
    int32_t verdict;
    double mean, low, high; /* NaN: too few episodes */
} pab__restatement;

enum { PAB__CRITERIA = 4, PAB__INCREMENTS = (PAB_EXPERT_COUNT + 2) * (PAB_REGIME_COUNT + 1) };

typedef struct pab__findings {
    uint32_t increments;
    pab__increment increment[PAB__INCREMENTS];
    pab__criterion criterion[PAB__CRITERIA];
    uint32_t restatements;
    pab__restatement restated[PAB__RUN_POLICIES];
} pab__findings;

pab_status pab__run_restate(const pab__run *run, pab__findings *out); /* restate.c */

pab_status pab__run_judge(pab__run *run, pab__findings *out);
int32_t pab__run_find(const pab__run *run, const char *name); /* number of a policy of the table, -1: none */

/* --- artefacts.c --- */
pab_status pab__artefacts_new(const pab_host *host, pab_pipeline **out);
pab_status pab__artefacts_uniform(pab_pipeline *artefacts); /* equal weights over the ensemble's experts */
/* The ensemble's experts by another table. */
struct pab__sip_table;
pab_status pab__artefacts_ensemble(const pab_pipeline *artefacts, const struct pab__sip_table *table, pab_sip **out);

#endif
