/* Options of Stage 3 as a caller gives them. */
#ifndef PAB_MOEDPO_OPTIONS_H
#define PAB_MOEDPO_OPTIONS_H

#include "moedpo/preference.h"

/* Completes and checks; `given` NULL: the defaults. */
pab_status pab__moe_options_take(const pab_moe_options *given, pab_moe_options *out);
void pab__moe_tuning(const pab_moe_options *options, int32_t loss, pab__tuning *out);

#endif
