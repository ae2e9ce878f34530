/* Options of Stage 3 as callers give them: completed, checked, handed on. Used by moe_distil.c and moe_tune.c. */
#ifndef PAB_MOEDPO_OPTIONS_H
#define PAB_MOEDPO_OPTIONS_H

#include "moedpo/tune_batch.h"

/* Options of learning and, within them, of the mixture; `given` NULL: the defaults. */
pab_status pab__moe_options_learn(const pab_learn_options *given, pab_learn_options *learn, pab_moe_options *moe);

void pab__moe_options_weights(const pab_moe_options *options, pab__tune_weights *out);

/* `budget` times a default, at least `least`. */
uint32_t pab__moe_options_scale(double budget, uint32_t usual, uint32_t least);

#endif
