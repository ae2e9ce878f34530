/**
 * @file sip_train.h
 * @brief Experimental: training of ensembles (Stage 2, SIP-Sync).
 *
 * These declarations may change in any release; what is trained is stable (sip.h). Training is deterministic in its
 * arguments, for any number of threads, and uses training and validation seeds only.
 */
#ifndef PAIRSABIDES_SIP_TRAIN_H
#define PAIRSABIDES_SIP_TRAIN_H

#include <pairsabides/learn.h>
#include <pairsabides/sip.h>

PAB_BEGIN_DECLS

/** Options of Stage 2; 0 means scaled by the budget. pab_sip_options_init fills in the defaults. */
typedef struct pab_sip_options {
    uint32_t struct_size;       /**< sizeof(pab_sip_options) as the caller knows it */
    int32_t front;              /**< 1 (default): searches for eta 0, 0.1, 0.25, 0.5, 1, 2 and 4 too; 0: `eta` alone */
    double eta;                 /**< bps of cost per % of tracking error; default 0.5 */
    double tracking;            /**< constraint: mean TE on the final seeds at most this times the rule SCE's; default
                                     1; 0: none */
    uint32_t generations;       /**< of the search; 0 (default): 18 times the budget, at least 2 */
    uint32_t front_generations; /**< for each further eta of the front; 0 (default): 3 times the budget, at least 1 */
    uint32_t candidates;        /**< of a generation, 8 to 4096; default 64 */
    uint32_t elite;             /**< candidates that make the next mean; 0 (default): an eighth of them */
    uint32_t seeds;             /**< of a generation; 0 (default): 40 times the budget, at least 5 */
    uint32_t final_seeds;       /**< that choose among finalists; 0 (default): 400 times the budget, at least 10 */
    uint32_t validation_seeds;  /**< 0 (default): 240 times the budget, at least 10 */
    uint32_t refine;            /**< sweeps of local refinement, at most 16; default 3; 0: none */
    uint32_t refine_visits;     /**< cells with fewer visits keep their weights; 0 (default): 200 times the budget, at
                                     least 10 */
    uint32_t reserved;          /**< 0 */
} pab_sip_options;

PAB_API pab_status pab_sip_options_init(pab_sip_options *options, uint32_t size); /**< defaults */

/**
 * Searches weights of four experts and multipliers of penalties by the cross-entropy method on training seeds.
 *
 * The objective is J = mean IS + eta * mean TE + 0.1 CVaR95 of IS. Under a constraint on TE (`tracking`) the first
 * search raises eta while its elite violates it, and lowers it, never below the one asked for, while it holds. Of the
 * finalists the feasible one with the least J on the final seeds is selected; an infeasible one only if none is
 * feasible. Single experts are finalists too. The multiplier of tracking, by which preferences score, is the least eta,
 * from the one asked for, at which the best finalist is feasible.
 * @param experts  learned experts in the order of PAB_EXPERT_..., which are copied; NULL for one: its rule as it is
 * @param options  NULL for the defaults. `log_path` receives the search as CSV. With `checkpoint`, an interrupted
 *                 call resumes after its last generation
 * @param how      NULL for the defaults
 * @return         PAB_E_CANCELLED when the hook returns non-zero; PAB_E_KIND for a checkpoint of another run
 */
PAB_API pab_status pab_sip_train(pab_scenario *scn, const pab_qtable *const experts[PAB_EXPERT_COUNT],
                                 const pab_learn_options *options, const pab_sip_options *how, pab_sip **out);

PAB_END_DECLS

#endif
