/* What the two long calls of Stage 3 share. */
#ifndef PAB_MOEDPO_STAGE_H
#define PAB_MOEDPO_STAGE_H

#include "moedpo/options.h"

/* Options of both kinds, completed and checked. */
pab_status pab__stage_options(const pab_learn_options *given, pab_learn_options *learn, pab_moe_options *moe);

/* `budget` times a default, at least `least`. */
uint32_t pab__stage_scaled(double budget, uint32_t usual, uint32_t least);

#endif
