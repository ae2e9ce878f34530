/* Preferences as tuning wants them. */
#ifndef PAB_MOEDPO_PREFER_H
#define PAB_MOEDPO_PREFER_H

#include <pairsabides/prefs.h>

#include "moedpo/preference.h"

/* Appends the starts that have pairs, held out or not. Steps that leave no choice are dropped; what is alike in all
 * futures is one play. */
pab_status pab__tales_take(pab__tales *tales, const pab_prefs *prefs, int32_t held);

#endif
