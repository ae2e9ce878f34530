/**
 * @file policy.h
 * @brief Policies: from an environment to a decision. Experts, schedules, learned tables, or your callback.
 */
#ifndef PAIRSABIDES_POLICY_H
#define PAIRSABIDES_POLICY_H

#include <pairsabides/env.h>

PAB_BEGIN_DECLS

/** A policy with its private state. Made by pab_policy_parse, pab_policy_new or a learner, reset with each episode,
 *  freed by pab_policy_free. Used by one thread at a time; clone it for another. */
typedef struct pab_policy pab_policy;

/** A caller's own kind of policy. */
typedef struct pab_policy_type {
    uint32_t struct_size; /**< sizeof(pab_policy_type) as the caller knows it */
    uint32_t state_size;  /**< bytes of private state: plain data, zeroed at new, copied by clone */
    const char *name;     /**< for tables */
    void *user;           /**< first argument of the callbacks; must outlive the policy and its clones */
    /** An episode begins; the state is zeroed before. May be NULL. */
    void (*reset)(void *user, void *state, const pab_env *env);
    /** Fills in a decision (zeroed before: HOLD both). A negative return is passed on as the error. */
    pab_status (*act)(void *user, void *state, const pab_env *env, pab_decision *out);
    /** Writes in words why it would act as it does. May be NULL. */
    pab_status (*explain)(void *user, const void *state, const pab_env *env, char *buf, size_t cap);
    /** The last clone is freed. May be NULL. */
    void (*destroy)(void *user);
} pab_policy_type;

PAB_API pab_status pab_policy_type_init(pab_policy_type *type, uint32_t size); /**< zeroes, sets struct_size */

/** Makes a policy of a caller's type. */
PAB_API pab_status pab_policy_new(const pab_host *host, const pab_policy_type *type, pab_policy **out);

/**
 * Makes a built-in policy from its specification, NAME[:FORM][(KEY=VALUE, ...)]: "lae", "sce:pair", "twap:work",
 * "ac_pair(mu=1)", "random(seed=3)", "lae:leg(b_urgent=0.2)". Options are listed by pab_policy_option_get.
 *
 * Experts, in two forms: `pair` (the default) coordinates the legs, `leg` lets each act by itself.
 * - lae  liquidity-aware expert: takes touches that are about to vanish, quotes the thin leg, hedges in the liquid one
 * - sce  synchronization expert: closes the gap between the legs first
 * - ome  opportunistic expert: waits in the queue, pays when the price is about to move away
 * - rae  risk-averse expert: front-loaded, faster in volatile markets, pauses in dislocated ones
 *
 * Schedules, with two tactics: `take` (the default) trades all that is due at the far touch; `work` rests it at the
 * near touch, and takes what is overdue once that exceeds a slice. Both pay in the last `finish` decisions.
 * - twap, vwap, pov (a share of others' volume), ac (Almgren-Chriss), ac_pair (both legs at once)
 *
 * And aggressive (TAKE x2), passive (JOIN x1), immediate (all at once, as far as the hedge band lets it), random.
 *
 * @return PAB_E_SYNTAX, PAB_E_KEY, PAB_E_TYPE or PAB_E_RANGE, with an explanation of what and where
 */
PAB_API pab_status pab_policy_parse(const pab_host *host, const char *spec, pab_policy **out);

PAB_API const char *pab_policy_builtin(uint32_t index); /**< name of a built-in policy, NULL past the last */
/** Its forms or tactics, "pair|leg" or "take|work", the first being the default; "": none. NULL past the last. */
PAB_API const char *pab_policy_forms(uint32_t index);

/** One option of a built-in policy. */
typedef struct pab_policy_option {
    uint32_t struct_size; /**< sizeof(pab_policy_option) as the caller knows it */
    uint32_t reserved;    /**< 0 */
    const char *policy;   /**< "lae" */
    const char *key;      /**< "b_urgent" */
    const char *unit;     /**< unit or "" */
    const char *doc;      /**< one sentence */
    double value;         /**< default */
    double min;           /**< least value */
    double max;           /**< greatest value */
} pab_policy_option;

PAB_API pab_status pab_policy_option_get(uint32_t index, pab_policy_option *out); /**< PAB_E_RANGE past the last */

PAB_API void pab_policy_free(pab_policy *policy);                              /**< NULL is allowed */
PAB_API const char *pab_policy_name(const pab_policy *policy);                 /**< specification or type name; lent */
PAB_API pab_status pab_policy_clone(const pab_policy *policy, pab_policy **out); /**< with its private state */
/** Copies the private state. Both must be of one kind, else PAB_E_KIND. */
PAB_API pab_status pab_policy_copy(pab_policy *dst, const pab_policy *src);
/** An episode begins: the private state is zeroed. Must come before the first pab_policy_act. */
PAB_API pab_status pab_policy_reset(pab_policy *policy, const pab_env *env);
/**
 * Decides, for pab_env_step_exact. Built-in policies choose legal actions only, and return the same decision when
 * called again (except random, which draws again, and rae, which counts a pause).
 * @return PAB_E_STATE before pab_policy_reset or after the end of the episode; `out` is untouched on error
 */
PAB_API pab_status pab_policy_act(pab_policy *policy, const pab_env *env, pab_decision *out);
/** Explains in words what it would do now, cut to `cap` bytes; the state is unchanged. */
PAB_API pab_status pab_policy_explain(const pab_policy *policy, const pab_env *env, char *buf, size_t cap);

PAB_END_DECLS

#endif
