/**
 * @file learn.h
 * @brief Learning: Q-tables from experts, their synchronized ensemble, preferences, and a mixture tuned on them.
 *
 * Stage 1 turns each rule expert into a table-driven policy (`pab_qtable`), Stage 2 weighs the four of them by
 * state (`pab_sip`), preferences rank what follows from one state (`pab_prefs`), and Stage 3 distils the result
 * into networks and tunes them on the preferences (`pab_moe`). Every function is deterministic in its arguments,
 * for any number of threads. What is trained can be saved, loaded and used as a `pab_policy`.
 */
#ifndef PAIRSABIDES_LEARN_H
#define PAIRSABIDES_LEARN_H

#include <pairsabides/policy.h>
#include <pairsabides/progress.h>

PAB_BEGIN_DECLS

/** The rule experts, in the order of every table. */
enum { PAB_EXPERT_LAE = 0, PAB_EXPERT_SCE = 1, PAB_EXPERT_OME = 2, PAB_EXPERT_RAE = 3, PAB_EXPERT_COUNT = 4 };

/** What all stages have in common. */
typedef struct pab_learn_options {
    uint32_t struct_size;   /**< sizeof(pab_learn_options) as the caller knows it */
    uint32_t threads;       /**< 0: the caller's thread */
    uint64_t master_seed;   /**< names the training run */
    double budget;          /**< scales rounds, generations, starts and seeds together; 1 is the documented default */
    const char *log_path;   /**< CSV of the learning curve; NULL for none */
    const char *checkpoint; /**< file rewritten after every round, resumed from when it exists; NULL for none */
    const pab_progress *progress; /**< NULL for none */
} pab_learn_options;

PAB_API pab_status pab_learn_options_init(pab_learn_options *options, uint32_t size); /**< budget 1, seed 1, no files */

/** @name Stage 1: one expert's tables, per leg and for the pair
 * @{ */
typedef struct pab_qtable pab_qtable; /**< a learned expert; immutable once trained, may be shared between threads */

/** Trains expert `expert` (PAB_EXPERT_...) by double Watkins Q(lambda), legs first, then the pair. */
PAB_API pab_status pab_qtable_train(pab_scenario *scn, int32_t expert, const pab_learn_options *options, pab_qtable **out);
PAB_API void pab_qtable_free(pab_qtable *q);                                    /**< NULL is allowed */
PAB_API pab_status pab_qtable_save(const pab_qtable *q, const char *path);      /**< checksummed file */
PAB_API pab_status pab_qtable_load(const pab_host *host, const char *path, pab_qtable **out); /**< reads it back */
PAB_API int32_t pab_qtable_expert(const pab_qtable *q);                         /**< PAB_EXPERT_... */
PAB_API pab_status pab_qtable_policy(const pab_qtable *q, pab_policy **out);    /**< greedy policy; q must outlive it */
/** @} */

/** @name Stage 2: the synchronization-aware ensemble
 * @{ */
typedef struct pab_sip pab_sip; /**< weights and penalty by coarse state; immutable once trained */

/** Searches weights over the four learned experts, which are copied. */
PAB_API pab_status pab_sip_train(pab_scenario *scn, const pab_qtable *const experts[PAB_EXPERT_COUNT],
                                 const pab_learn_options *options, pab_sip **out);
PAB_API void pab_sip_free(pab_sip *sip);                                        /**< NULL is allowed */
PAB_API pab_status pab_sip_save(const pab_sip *sip, const char *path);          /**< checksummed file, experts included */
PAB_API pab_status pab_sip_load(const pab_host *host, const char *path, pab_sip **out); /**< reads it back */
PAB_API pab_status pab_sip_policy(const pab_sip *sip, pab_policy **out);        /**< sip must outlive it */
/** @} */

/** @name Preferences
 * @{ */
typedef struct pab_prefs pab_prefs; /**< ranked trajectories from common states */

/** Forks states of episodes played by `reference`, plays candidates in common futures, ranks them. */
PAB_API pab_status pab_prefs_generate(pab_scenario *scn, const pab_sip *sip, const pab_policy *reference,
                                      const pab_learn_options *options, pab_prefs **out);
PAB_API void pab_prefs_free(pab_prefs *prefs);                                  /**< NULL is allowed */
PAB_API pab_status pab_prefs_save(const pab_prefs *prefs, const char *path);    /**< checksummed file */
PAB_API pab_status pab_prefs_load(const pab_host *host, const char *path, pab_prefs **out); /**< reads it back */
/** @} */

/** @name Stage 3: the mixture of experts
 * @{ */
typedef struct pab_moe pab_moe; /**< five networks and a gate; immutable once trained */

/** Preference losses. */
enum { PAB_LOSS_MIX = 0, PAB_LOSS_CPL = 1, PAB_LOSS_IPO = 2, PAB_LOSS_PL = 3, PAB_LOSS_MBT = 4 };

/** Distils the ensemble into networks: the reference policy of the tuning. */
PAB_API pab_status pab_moe_distil(pab_scenario *scn, const pab_sip *sip, const pab_learn_options *options, pab_moe **out);
/** Tunes a distilled mixture on preferences by `loss`; `accepted` receives 1 when validation did not get worse. */
PAB_API pab_status pab_moe_tune(pab_scenario *scn, const pab_moe *reference, const pab_prefs *prefs, int32_t loss,
                                const pab_learn_options *options, pab_moe **out, int32_t *accepted);
PAB_API void pab_moe_free(pab_moe *moe);                                        /**< NULL is allowed */
PAB_API pab_status pab_moe_save(const pab_moe *moe, const char *path);          /**< checksummed file */
PAB_API pab_status pab_moe_load(const pab_host *host, const char *path, pab_moe **out); /**< reads it back */
PAB_API pab_status pab_moe_policy(const pab_moe *moe, pab_policy **out);        /**< greedy policy; moe must outlive it */
/** @} */

PAB_END_DECLS

#endif
