/**
 * @file moe.h
 * @brief Stage 3, MoE-DPO: a mixture of networks distilled from the ensemble and tuned on preferences.
 *
 * Five small networks, one per expert and one for the ensemble itself (the anchor), and a gate that weighs them by the
 * observation: pi(a | s) is the weighted sum of their distributions over legal joint actions. moe_train.h distils and
 * tunes mixtures; here they are loaded, described and played.
 */
#ifndef PAIRSABIDES_MOE_H
#define PAIRSABIDES_MOE_H

#include <pairsabides/qtable.h>

PAB_BEGIN_DECLS

typedef struct pab_moe pab_moe; /**< five networks and a gate; immutable once trained, may be shared between threads */

/** Components of the mixture: the experts, then the distilled ensemble. */
enum { PAB_MOE_ANCHOR = PAB_EXPERT_COUNT, PAB_MOE_COMPONENTS = PAB_EXPERT_COUNT + 1 };

/** Sizes of the tables by coarse state. */
enum { PAB_MOE_CELLS = 72, PAB_MOE_CLASSES = 5, PAB_MOE_ALTERNATIVES = 4, PAB_MOE_INFLUENCES = 5 };

PAB_API void pab_moe_free(pab_moe *moe);                                        /**< NULL is allowed */
PAB_API pab_status pab_moe_save(const pab_moe *moe, const char *path);          /**< checksummed file */
PAB_API pab_status pab_moe_load(const pab_host *host, const char *path, pab_moe **out); /**< reads it back */
PAB_API pab_status pab_moe_policy(const pab_moe *moe, pab_policy **out); /**< greedy policy; moe must outlive it */

/** How a mixture acts. pab_moe_policy_options_init fills in the defaults. */
typedef struct pab_moe_policy_options {
    uint32_t struct_size; /**< sizeof(pab_moe_policy_options) as the caller knows it */
    int32_t sample;       /**< 1: draws actions; 0 (default): takes the likeliest, ties to the lowest index */
    double temperature;   /**< of the draws: pi^(1 / temperature); default 1 */
    uint64_t seed;        /**< of the draws, together with the episode's seed; default 1 */
} pab_moe_policy_options;

PAB_API pab_status pab_moe_policy_options_init(pab_moe_policy_options *options, uint32_t size); /**< defaults */
/** A policy that acts by `options`; moe must outlive it. */
PAB_API pab_status pab_moe_policy_with(const pab_moe *moe, const pab_moe_policy_options *options, pab_policy **out);

/** Why a mixture decides as it does in one state. */
typedef struct pab_moe_explanation {
    uint32_t struct_size; /**< sizeof(pab_moe_explanation) as the caller knows it */
    int32_t cell;         /**< coarse state */
    int32_t dominant;     /**< PAB_EXPERT_... with the largest resolved weight */
    int32_t action[PAB_MOE_ALTERNATIVES];      /**< likeliest joint actions, best first; -1: there are no more */
    int32_t feature[PAB_MOE_INFLUENCES];       /**< features with most influence, as numbered by pab_feature_get */
    double probability[PAB_MOE_ALTERNATIVES];  /**< of the actions */
    double influence[PAB_MOE_INFLUENCES];      /**< feature times derivative of the best action's ln probability */
    double gate[PAB_MOE_COMPONENTS];           /**< weights of the components */
    double resolved[PAB_EXPERT_COUNT];         /**< weights of the experts with the anchor's distributed by cell */
    double responsibility[PAB_MOE_COMPONENTS]; /**< shares of the components in the best action's probability */
} pab_moe_explanation;

/** Explains a decision; struct_size must be set. `mask` as from pab_env_legal. */
PAB_API pab_status pab_moe_describe(const pab_moe *moe, const float obs[PAB_ENV_OBSERVATIONS],
                                    const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS], pab_moe_explanation *out);

/** The mixture over the states of its training that fell into one coarse state. */
typedef struct pab_moe_cell {
    uint32_t struct_size; /**< sizeof(pab_moe_cell) as the caller knows it */
    int32_t dominant;     /**< PAB_EXPERT_... with the largest mean resolved weight; -1 for a cell without visits */
    double visits;        /**< states */
    double gate[PAB_MOE_COMPONENTS];   /**< mean weights of the components */
    double resolved[PAB_EXPERT_COUNT]; /**< mean weights of the experts */
    double entropy;       /**< of the mean gate, nats */
    double classes[PAB_ENV_LEGS][PAB_MOE_CLASSES]; /**< mean probability of WAIT, JOIN, INSIDE, TAKE, SWEEP per leg */
} pab_moe_cell;

/** One coarse state of 0 .. PAB_MOE_CELLS - 1; struct_size must be set. */
PAB_API pab_status pab_moe_cell_get(const pab_moe *moe, int32_t cell, pab_moe_cell *out);

PAB_END_DECLS

#endif
