/**
 * @file learn.h
 * @brief Experimental: options that all training calls share, and training of learned experts (Stage 1).
 *
 * These declarations may change in any release; what is trained is stable (qtable.h). Training is deterministic in its
 * arguments, for any number of threads, and uses training and validation seeds only.
 */
#ifndef PAIRSABIDES_LEARN_H
#define PAIRSABIDES_LEARN_H

#include <pairsabides/progress.h>
#include <pairsabides/qtable.h>

PAB_BEGIN_DECLS

struct pab_moe_options;
struct pab_qtable_options;

/** Options that all stages of learning share. */
typedef struct pab_learn_options {
    uint32_t struct_size;   /**< sizeof(pab_learn_options) as the caller knows it */
    uint32_t threads;       /**< 0: the caller's thread */
    uint64_t master_seed;   /**< names the training run */
    double budget;          /**< scales rounds, generations, starts and seeds together; 1 is the documented default */
    const char *log_path;   /**< CSV of the learning curve; NULL for none */
    const char *checkpoint; /**< file rewritten after every round, resumed from when it exists; NULL for none */
    const pab_progress *progress; /**< NULL for none */
    const struct pab_qtable_options *qtable; /**< Stage 1 only; NULL for its defaults */
    const struct pab_moe_options *moe; /**< Stage 3 only; NULL for its defaults */
} pab_learn_options;

PAB_API pab_status pab_learn_options_init(pab_learn_options *options, uint32_t size); /**< budget 1, seed 1, no files */

/** Options of Stage 1. pab_qtable_options_init fills in the defaults. */
typedef struct pab_qtable_options {
    uint32_t struct_size; /**< sizeof(pab_qtable_options) as the caller knows it */
    int32_t forks;        /**< 1 (default): learns from forks; 0: from whole episodes, by double Watkins Q(lambda) */
    uint32_t rounds;      /**< per table, at most; 0 (default): 64 times the budget, at least 2 */
    uint32_t episodes;    /**< per round, or forks; default 128 */
    uint32_t repeats;     /**< of them from one warm-up, at most 64 with forks; default 8 */
    uint32_t validation;  /**< seeds per regime; 0 (default): 48 times the budget, at least 4 */
    uint32_t interval;    /**< rounds between validations; default 16 */
    uint32_t patience;    /**< validations without gain after which a table's training ends; default 3 */
    double prior_visits;  /**< updates that the prior of a new entry counts for; default 40 */
    double trace;         /**< whole episodes: lambda, in [0, 1]; default 0.8 */
    int32_t baseline;     /**< whole episodes. 1 (default): rewards are less the rule's own on the same seed */
    uint32_t reserved;    /**< 0 */
} pab_qtable_options;

PAB_API pab_status pab_qtable_options_init(pab_qtable_options *options, uint32_t size); /**< defaults */

/**
 * Trains the tables of expert `expert` (PAB_EXPERT_...): leg A, leg B, then the pair.
 *
 * From forks (the default): where the rule advises an action for the first time in an episode, a copy of the market
 * takes another one there and wherever the rule advises the same again; all states share what the difference of returns
 * in the same future teaches. Or from whole episodes, state by state, which takes more of them.
 * @param options  NULL for the defaults
 * @return         PAB_E_CANCELLED when the hook returns non-zero; with a checkpoint the next call resumes.
 *                 PAB_E_KIND for a checkpoint of another scenario or other options
 */
PAB_API pab_status pab_qtable_train(pab_scenario *scn, int32_t expert, const pab_learn_options *options,
                                    pab_qtable **out);

PAB_END_DECLS

#endif
