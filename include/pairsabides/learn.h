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
#include <pairsabides/prefs.h>

#endif
