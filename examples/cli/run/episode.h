/**
 * @file episode.h
 * @brief One episode played by a policy, with callbacks that watch it: for traces, and for explanations.
 */
#ifndef PAIRSABIDES_CLI_EPISODE_H
#define PAIRSABIDES_CLI_EPISODE_H

#include <pairsabides/pairsabides.h>

/** Who watches an episode; a callback may be NULL, and its error ends the episode. */
typedef struct episode_watch {
    void *user; /**< first argument of the callbacks */
    /** Before a decision is taken. */
    pab_status (*before)(void *user, const pab_env *env, pab_policy *policy);
    /** A decision was taken; the environment has not stepped yet. */
    pab_status (*decided)(void *user, const pab_env *env, const pab_decision *decision);
    /** The environment has stepped. */
    pab_status (*after)(void *user, const pab_env *env, const pab_decision *decision, const pab_step_result *result);
} episode_watch;

/** Resets environment and policy to a seed and plays to the end. */
pab_status episode_play(pab_env *env, pab_policy *policy, uint64_t seed, const episode_watch *watch);

/** Whether this step was the episode's last one. */
static inline int episode_is_over(const pab_step_result *result)
{
    return (result->flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) != 0;
}

#endif
