/* The agent under study at one decision. */
#ifndef PAB_QLEARN_AGENT_H
#define PAB_QLEARN_AGENT_H

#include "qlearn/play.h"

/* Reward weights of an expert. */
void pab__expert_weights(int32_t expert, pab_reward_weights *out);

/* Resets an environment to a seed, with the expert's weights. */
pab_status pab__agent_reset(const pab__study *study, pab_env *env, uint64_t seed);

/* What a decision is made of. */
typedef struct pab__moment {
    pab__context context;
    pab__features f;
    pab__move move;  /* in the columns of the table, with the action that the study says */
    double explore;  /* probability that it was to explore */
} pab__moment;

/* Looks and chooses, once per decision; `state` is the rule's, `draw` for a study that explores. */
pab_status pab__agent_look(const pab__study *study, pab_env *env, pab__expert_state *state, pab__draw *draw,
                           pab__moment *out);

/* One step with `chosen` in the columns of the table; *reward receives what the agent is paid for it. */
pab_status pab__agent_act(const pab__study *study, pab_env *env, const pab__moment *now, int32_t chosen,
                          pab_step_result *r, double *reward);

/* Whether it has nothing to decide any more. */
int pab__agent_is_over(const pab__study *study, const pab__features *f);

#endif
