/**
 * @file policy.h
 * @brief Policies: whatever looks at an environment and decides. Experts, schedules, learned tables, your callback.
 */
#ifndef PAIRSABIDES_POLICY_H
#define PAIRSABIDES_POLICY_H

#include <pairsabides/env.h>

PAB_BEGIN_DECLS

/** A policy with its private state. Used by one thread at a time; clone it for another. */
typedef struct pab_policy pab_policy;

/** A caller's own kind of policy. */
typedef struct pab_policy_type {
    uint32_t struct_size; /**< sizeof(pab_policy_type) as the caller knows it */
    uint32_t state_size;  /**< bytes of private state: plain data, zeroed at new, copied by clone */
    const char *name;     /**< for tables */
    void *user;           /**< first argument of the callbacks; must outlive the policy and its clones */
    /** An episode begins. May be NULL: the state is zeroed. */
    void (*reset)(void *user, void *state, const pab_env *env);
    /** Fills in a decision (zeroed before: HOLD both). A negative return is passed on as the error. */
    pab_status (*act)(void *user, void *state, const pab_env *env, pab_decision *out);
    /** Says in words why it would act as it does. May be NULL. */
    pab_status (*explain)(void *user, const void *state, const pab_env *env, char *buf, size_t cap);
    /** The last clone is freed. May be NULL. */
    void (*destroy)(void *user);
} pab_policy_type;

PAB_API pab_status pab_policy_type_init(pab_policy_type *type, uint32_t size); /**< zeroes, sets struct_size */

/** Makes a policy of a caller's type. */
PAB_API pab_status pab_policy_new(const pab_host *host, const pab_policy_type *type, pab_policy **out);

/**
 * Makes a built-in policy from its specification: a name, then options in brackets, all documented by
 * pab_policy_option: "lae", "sce:pair", "ome:leg", "rae", "twap:take", "vwap:work", "pov", "ac", "ac_pair(mu=10)",
 * "aggressive", "passive", "immediate", "random(seed=3)", "lae:leg(b_urgent=0.2)".
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
    double value, min, max; /**< default and bounds */
} pab_policy_option;

PAB_API pab_status pab_policy_option_get(uint32_t index, pab_policy_option *out); /**< PAB_E_RANGE past the last */

PAB_API void pab_policy_free(pab_policy *policy);                              /**< NULL is allowed */
PAB_API const char *pab_policy_name(const pab_policy *policy);                 /**< specification or type name; lent */
PAB_API pab_status pab_policy_clone(const pab_policy *policy, pab_policy **out); /**< with its private state */
/** Private state; same kind, else PAB_E_KIND. */
PAB_API pab_status pab_policy_copy(pab_policy *dst, const pab_policy *src);
PAB_API pab_status pab_policy_reset(pab_policy *policy, const pab_env *env);   /**< an episode begins */
PAB_API pab_status pab_policy_act(pab_policy *policy, const pab_env *env, pab_decision *out); /**< decides */
/** Why it would act as it does now, in words; the state is unchanged. */
PAB_API pab_status pab_policy_explain(const pab_policy *policy, const pab_env *env, char *buf, size_t cap);

PAB_END_DECLS

#endif
