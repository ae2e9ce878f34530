/**
 * @file learn.h
 * @brief Learning beyond Q-tables: their synchronized ensemble, preferences, and a mixture tuned on them.
 *
 * Stage 1 turns each rule expert into a table-driven policy (`pab_qtable`), Stage 2 weighs the four of them by
 * state (`pab_sip`), preferences rank what follows from one state (`pab_prefs`), and Stage 3 distils the result
 * into networks and tunes them on the preferences (`pab_moe`). Every function is deterministic in its arguments,
 * for any number of threads. What is trained can be saved, loaded and used as a `pab_policy`.
 */
#ifndef PAIRSABIDES_LEARN_H
#define PAIRSABIDES_LEARN_H

#include <pairsabides/moe.h>

PAB_BEGIN_DECLS

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

PAB_END_DECLS

#endif
