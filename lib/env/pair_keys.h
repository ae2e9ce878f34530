/* The keys of `pair`, `calibration` and `regimes`. */
#ifndef PAB_ENV_PAIR_KEYS_H
#define PAB_ENV_PAIR_KEYS_H

#include "env/pair.h"
#include "scenario/extension.h"

/* The lists belong to a leg of the calibration. */
enum { PAB__PLAN_ROWS = 14, PAB__LEG_LISTS = 3, PAB__CALIBRATION_SUBS = 4 };
extern const pab_param pab__plan_rows[PAB__PLAN_ROWS];
extern const pab_param pab__calibration_rows[1];
extern const pab__section pab__leg_lists[PAB__LEG_LISTS];
extern const pab__section pab__edge_lists[PAB__EDGE_LISTS];
extern const uint8_t pab__edge_counts[PAB__EDGE_LISTS]; /* edges of each factor */
extern const pab__section pab__calibration_subs[PAB__CALIBRATION_SUBS]; /* a, b, crumbling, bins */

extern const pab__section pab__regime_subs[PAB__REGIMES]; /* regime_keys.c */

#endif
