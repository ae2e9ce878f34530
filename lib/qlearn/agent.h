/* The agent under study at one decision. */
#ifndef PAB_QLEARN_AGENT_H
#define PAB_QLEARN_AGENT_H

#include "qlearn/play.h"

/* Reward weights of an expert. */
void pab__expert_weights(int32_t expert, pab_reward_weights *out);

/* Resets an environment to a seed, with the expert's weights. */
pab_status pab__agent_reset(const pab__study *study, pab_env *env, uint64_t seed);

/* What it chooses from, in the columns of its table. */
pab__move pab__agent_choices(const pab__study *study, const pab__features *f, const uint8_t *mask);

/* Chooses as the study says; *explore receives the probability of exploring. */
int32_t pab__agent_choose(const pab__study *study, const pab__move *from, pab__draw *draw, double *explore);

/* A choice in the columns of the table as an action for each leg. */
void pab__agent_carry_out(const pab__study *study, const pab__features *f, const uint8_t *mask, int32_t chosen,
                          int32_t action[PAB_ENV_LEGS]);

/* What it is paid for a step; `before` is the status when it decided. */
double pab__agent_reward(const pab__study *study, const pab_env *env, const pab_env_status *before,
                         const pab_step_result *r);

/* Whether it has nothing to decide any more. */
int pab__agent_is_over(const pab__study *study, const pab__features *f);

#endif
