/* The learner at one decision: context, legal choices, reward. */
#ifndef PAB_QLEARN_LEARNER_H
#define PAB_QLEARN_LEARNER_H

#include "qlearn/episodes.h"

/* Reward weights of an expert. */
void pab__learner_reward_weights(int32_t expert, pab_reward_weights *out);

/* Resets an environment to a seed, with the expert's weights. */
pab_status pab__learner_reset(const pab__learning_task *task, pab_env *env, uint64_t seed);

/* A decision and what it is based on. */
typedef struct pab__learner_decision {
    pab__context context;
    pab__features f;
    pab__transition move;  /* in the columns of the table, with the chosen action */
    double explore;  /* probability that it was to explore */
} pab__learner_decision;

/* Observes and chooses, once per decision; `state` is the rule's, `draw` for a task that explores. */
pab_status pab__learner_decide(const pab__learning_task *task, const pab_env *env, pab__expert_state *state,
                               pab__draw *draw, pab__learner_decision *out);

/* `chosen`, in the columns of the table, as an action of each leg. */
void pab__learner_actions(const pab__learning_task *task, const pab__learner_decision *now, int32_t chosen,
                          int32_t action[PAB_ENV_LEGS]);

/* The reward of the step that followed a decision. */
double pab__learner_reward(const pab__learning_task *task, const pab_env *env, const pab__learner_decision *now,
                           const pab_step_result *r);

/* 1: nothing is left to decide. */
int pab__learner_is_done(const pab__learning_task *task, const pab__features *f);

#endif
