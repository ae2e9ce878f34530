/**
 * @file pipeline.h
 * @brief Experimental: all stages of learning in one call, experts, ensemble, mixture, evaluation, report.
 *
 * A run has a directory. Every finished stage leaves its artefact there, listed in `manifest.json` with its hash; an
 * unfinished stage leaves a checkpoint. An interrupted run resumes bit-identically, for any number of threads; only
 * `stage_times.csv` and `test_runs.log` depend on clocks.
 *
 * Training takes training and validation seeds only. docs/pipeline.md lists stages and files. These declarations may
 * change in any release; what a run leaves is loaded by stable headers (qtable.h, sip.h, moe.h, eval.h).
 */
#ifndef PAIRSABIDES_PIPELINE_H
#define PAIRSABIDES_PIPELINE_H

#include <pairsabides/moe_train.h>
#include <pairsabides/eval.h>

PAB_BEGIN_DECLS

/** How far a run is. */
typedef struct pab_pipeline_step {
    uint32_t struct_size; /**< sizeof(pab_pipeline_step) as the library knows it */
    uint32_t stage;       /**< number of the stage, from 0 */
    uint32_t stages;      /**< how many there are at most */
    uint32_t reserved;    /**< 0 */
    const char *name;     /**< of the stage; lent for the call */
    uint64_t done;        /**< units of the stage that are done */
    uint64_t total;       /**< units of the stage */
    double overall;       /**< estimated share of the whole run that is done, 0 to 1 */
} pab_pipeline_step;

/** A caller's hook. Called from the thread that runs the pipeline. */
typedef struct pab_pipeline_hook {
    uint32_t struct_size; /**< sizeof(pab_pipeline_hook) as the caller knows it */
    uint32_t reserved;    /**< 0 */
    void *user;           /**< first argument of the callback */
    /** A non-zero return cancels: the run ends with PAB_E_CANCELLED and can be resumed. */
    int32_t (*report)(void *user, const pab_pipeline_step *step);
} pab_pipeline_hook;

/** Options of a run. pab_pipeline_options_init fills in the defaults. */
typedef struct pab_pipeline_options {
    uint32_t struct_size;  /**< sizeof(pab_pipeline_options) as the caller knows it */
    uint32_t threads;      /**< 0: the caller's thread. Results do not depend on it */
    uint64_t master_seed;  /**< identifies the run; default 1 */
    double budget;         /**< scales rounds, generations, starts and seeds of all stages; default 1 */
    double eta;            /**< least bps of cost per % of tracking error that is trained for; default 0.5 */
    uint32_t rounds;       /**< of preferences and tuning, at most 8; default 2; 0: the distilled mixture stays */
    uint32_t losses;       /**< bit l: loss PAB_LOSS_... takes part; default mix and mbt */
    int32_t split;         /**< of the evaluation; default PAB_SPLIT_VALIDATION; the use of test seeds is logged */
    uint32_t episodes;     /**< of the evaluation, per regime; 0 (default): 1000 times the budget, at least 8 */
    uint32_t resamples;    /**< of its bootstrap; default 10 000 */
    int32_t resume;        /**< 1: resumes the run in the directory; 0 (default): the directory holds no run */
    int32_t rules;         /**< 1: experts use their rules, Stage 1 is skipped; default 0 */
    int32_t front;         /**< 1 (default): the ensemble is searched for other etas too; 0: for `eta` alone */
    int32_t calibrate;     /**< 1 (default): a scenario without calibration is calibrated first; 0: used as it is */
    uint32_t skip;         /**< episodes of each regime skipped before those of the evaluation, so that it uses fresh
                                ones; default 0 */
    const pab_pipeline_hook *hook; /**< NULL for none */
    double tracking;       /**< times the TE of the rule SCE that the ensemble may have, see pab_sip_options;
                                default 1; 0: any */
} pab_pipeline_options;

PAB_API pab_status pab_pipeline_options_init(pab_pipeline_options *options, uint32_t size); /**< defaults */

/** What is shipped: the policy with the least J on validation seeds that chose nothing before. */
enum {
    PAB_SHIPPED_ENSEMBLE = 0,  /**< the ensemble of Stage 2 */
    PAB_SHIPPED_DISTILLED = 1, /**< the mixture as distilled */
    PAB_SHIPPED_TUNED = 2      /**< a mixture tuned on preferences */
};

/** How a run ended. Differences are of pair cost over all regimes, bps, with 95 % intervals; negative is better. */
typedef struct pab_pipeline_result {
    uint32_t struct_size; /**< sizeof(pab_pipeline_result) as the caller knows it */
    int32_t shipped;      /**< PAB_SHIPPED_... */
    uint32_t rounds;      /**< of preferences and tuning that were run */
    uint32_t accepted;    /**< of them that changed the mixture */
    double learned_mean;  /**< Stage 1: mean over the experts of learned less rule */
    double ensemble_mean; /**< Stage 2: the ensemble less the best learned expert */
    double ensemble_low;  /**< lower end of its interval */
    double ensemble_high; /**< upper end */
    double mixture_mean;  /**< Stage 3: the mixture less the ensemble */
    double mixture_low;   /**< lower end of its interval */
    double mixture_high;  /**< upper end */
} pab_pipeline_result;

/**
 * Runs all stages and writes everything into `dir`, which is made where it is missing.
 * @param cfg      a scenario with a pair and `rng: fast`; a copy is kept in the directory
 * @param options  NULL for the defaults
 * @param result   receives how it ended; its struct_size must be set; may be NULL
 * @return         PAB_E_STATE for a directory that holds a run and no `resume`; PAB_E_KIND for one of another scenario,
 *                 other options or another version of the library; PAB_E_CORRUPT for an artefact that was changed;
 *                 PAB_E_CANCELLED when the hook returns non-zero
 */
PAB_API pab_status pab_pipeline_run(const pab_config *cfg, const char *dir, const pab_pipeline_options *options,
                                    pab_pipeline_result *result);

typedef struct pab_pipeline pab_pipeline; /**< a run's directory, opened for its policies */

/** Opens a run, finished or not. PAB_E_CORRUPT for an artefact that is not what the manifest says. */
PAB_API pab_status pab_pipeline_open(const pab_host *host, const char *dir, pab_pipeline **out);
PAB_API void pab_pipeline_free(pab_pipeline *run); /**< NULL is allowed; policies made from it must be freed before */
PAB_API pab_scenario *pab_pipeline_scenario(const pab_pipeline *run); /**< lent */

/** A run's directory at a glance. */
typedef struct pab_pipeline_info {
    uint32_t struct_size;    /**< sizeof(pab_pipeline_info) as the caller knows it */
    int32_t finished;        /**< 1: the run has reached its end */
    int32_t shipped;         /**< PAB_SHIPPED_...; -1: not chosen yet */
    uint32_t rounds;         /**< of preferences and tuning that are finished */
    uint32_t accepted;       /**< of them that changed the mixture */
    int32_t rules;           /**< the option `rules` that the run was made with; the same for those below */
    uint64_t master_seed;    /**< option */
    double budget;           /**< option */
    double eta;              /**< option */
    int32_t split;           /**< option */
    uint32_t episodes;       /**< option, never 0 */
    uint32_t skip;           /**< option */
    uint32_t resamples;      /**< option */
} pab_pipeline_info;

/** Describes what a run made; struct_size must be set. */
PAB_API pab_status pab_pipeline_describe(const pab_pipeline *run, pab_pipeline_info *out);

/**
 * The result table of a run: every policy's episodes, for summaries and comparisons. Policy 0 is the mixture, "moe".
 * @return  PAB_E_STATE while the evaluation is not finished
 */
PAB_API pab_status pab_pipeline_eval(const pab_pipeline *run, pab_eval **out);

/** The seed by which a run makes preferences and tunes in a round (from 1): the same learning, changed in one point. */
PAB_API uint64_t pab_pipeline_round_seed(const pab_pipeline *run, uint32_t round);
/** Name of policy `index` that the run made: "q:lae", "uniform", "sip", "distilled", "moe"; NULL past the last. Lent */
PAB_API const char *pab_pipeline_name(const pab_pipeline *run, uint32_t index);
/**
 * Makes a policy: one that the run made, by its name, or any that pab_policy_parse knows.
 * @return PAB_E_STATE for one that the run would make but has not yet; else as pab_policy_parse
 */
PAB_API pab_status pab_pipeline_policy(const pab_pipeline *run, const char *name, pab_policy **out);

PAB_END_DECLS

#endif
