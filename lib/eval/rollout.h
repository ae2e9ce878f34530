/* Rollouts: an episode from a seed, or from where an environment stands, to its end. The library's only loop of
 * decisions and steps: evaluation, training, calibration and forks are callbacks of it.
 *
 * Fill in a pab__rollout (plain data, on the stack), then start it from a seed,
 *
 *     pab__rollout r = {.env = env, .policy = policy};
 *     status = pab__rollout_episode(&r, seed, NULL, &metrics);
 *
 * or from a state that was copied or reset before:
 *
 *     pab__rollout r = {.env = fork, .decide = choose, .after = add_reward, .user = &scratch};
 *     status = pab_env_copy(fork, trunk);
 *     if (status == PAB_OK)
 *         status = pab__rollout_resume(&r, &metrics);
 *
 * Nothing is allocated. A pab__rollout can be used again for the next episode. */
#ifndef PAB_EVAL_ROLLOUT_H
#define PAB_EVAL_ROLLOUT_H

#include <pairsabides/policy.h>

/* A callback returns PAB_OK, an error, which ends the rollout and is passed on, or this: the rollout ends here, without
 * an error and without metrics. From `decide` and `before` it ends before the step, from `after` behind it. */
enum { PAB__ROLLOUT_STOP = 1 };

typedef struct pab__rollout {
    pab_env *env;
    /* Who decides: a policy, or `decide` where that is NULL. `out` comes zeroed: HOLD of both legs. A callback may copy
     * `env` into another environment and roll that out (a fork). */
    pab_policy *policy;
    pab_status (*decide)(void *user, const pab_env *env, pab_decision *out);
    /* Observers, NULL for none: what is about to be done, and what it led to. */
    pab_status (*before)(void *user, const pab_env *env, const pab_decision *decision);
    pab_status (*after)(void *user, const pab_env *env, const pab_decision *decision, const pab_step_result *result);
    void *user; /* first argument of the callbacks: their scratch */
} pab__rollout;

/* Resets the environment to `seed` (options: NULL for defaults) and the policy, if there is one; then as
 * pab__rollout_resume. */
pab_status pab__rollout_episode(const pab__rollout *r, uint64_t seed, const pab_reset_options *options,
                                pab_episode_metrics *metrics);

/* Decides and steps until the episode is over; a policy keeps its state. Sets *metrics (NULL: not wanted; its
 * struct_size need not be set) unless a callback stopped the rollout. */
pab_status pab__rollout_resume(const pab__rollout *r, pab_episode_metrics *metrics);

static inline int pab__rollout_is_over(const pab_step_result *result)
{
    return (result->flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) != 0;
}

#endif
