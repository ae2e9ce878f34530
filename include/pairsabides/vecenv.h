/**
 * @file vecenv.h
 * @brief Many pair environments stepped by one call, into contiguous buffers that the caller owns.
 */
#ifndef PAIRSABIDES_VECENV_H
#define PAIRSABIDES_VECENV_H

#include <pairsabides/env.h>

PAB_BEGIN_DECLS

/** N environments and the threads that step them. Made by pab_vecenv_new, used by one thread at a time, freed by
 *  pab_vecenv_free. Results are the same bits for any number of threads. */
typedef struct pab_vecenv pab_vecenv;

/** What happens to an environment whose episode ended. */
enum {
    PAB_AUTORESET_NEXT_STEP = 0, /**< the next step ignores its action, returns the new episode's first observation */
    PAB_AUTORESET_SAME_STEP = 1, /**< the same step returns it; the last observation goes to final_observations */
    PAB_AUTORESET_DISABLED = 2   /**< the caller resets, see pab_vecenv_reset_some */
};

/** Options of a vector environment. */
typedef struct pab_vecenv_options {
    uint32_t struct_size; /**< sizeof(pab_vecenv_options) as the caller knows it */
    uint32_t count;       /**< N, at least 1 */
    uint32_t threads;     /**< 0: the caller's thread */
    int32_t autoreset;    /**< PAB_AUTORESET_... */
    pab_reset_options episode; /**< for every episode */
} pab_vecenv_options;

/** Defaults: one environment, the caller's thread. */
PAB_API pab_status pab_vecenv_options_init(pab_vecenv_options *options, uint32_t size);

/** Buffers of the caller, all of N rows, valid until replaced; NULL members are not written. */
typedef struct pab_vecenv_buffers {
    uint32_t struct_size;       /**< sizeof(pab_vecenv_buffers) as the caller knows it */
    uint32_t reserved;          /**< 0 */
    const int32_t *actions;     /**< [N][2], read by step */
    float *observations;        /**< [N][PAB_ENV_OBSERVATIONS] */
    double *rewards;            /**< [N] */
    uint8_t *terminated;        /**< [N] */
    uint8_t *truncated;         /**< [N] */
    uint8_t *masks;             /**< [N][34] legal actions of the next decision */
    float *final_observations;  /**< [N][PAB_ENV_OBSERVATIONS], same-step reset only */
    pab_step_result *results;   /**< [N], each with its struct_size set */
    pab_episode_metrics *metrics; /**< [N], each with its struct_size set; written when an episode ends */
    uint64_t *seeds;            /**< [N] seed of the running episode */
    const uint64_t *next_seeds; /**< [N] seeds of the episodes that follow, read when one begins; NULL: see reset */
} pab_vecenv_buffers;

/** Makes the environments and starts the threads. `scn` must have a `pair` section, else PAB_E_UNSUPPORTED. */
PAB_API pab_status pab_vecenv_new(pab_scenario *scn, const pab_vecenv_options *options, pab_vecenv **out);
PAB_API void pab_vecenv_free(pab_vecenv *vec); /**< NULL is allowed */
/** Sets the buffers to use from now on. */
PAB_API pab_status pab_vecenv_bind(pab_vecenv *vec, const pab_vecenv_buffers *buffers);
/** Resets all. Environment i runs seeds[i], then seeds[i] + N, + 2N ... or what next_seeds says; seeds: [N]. */
PAB_API pab_status pab_vecenv_reset(pab_vecenv *vec, const uint64_t *seeds);
/** Resets those with mask[i] != 0 to seeds[i]. */
PAB_API pab_status pab_vecenv_reset_some(pab_vecenv *vec, const uint8_t *mask, const uint64_t *seeds);
/** Steps all by the bound actions. On error the message names the environment, the first by number. */
PAB_API pab_status pab_vecenv_step(pab_vecenv *vec);
/** Environment `index`, owned by `vec`, to be used between calls only; NULL out of range. */
PAB_API pab_env *pab_vecenv_env(pab_vecenv *vec, uint32_t index);
/**
 * Resumes environment `index` from the state that it was restored to or copied into. Later seeds count on from that
 * episode's. Writes its rows of observations, masks and seeds.
 * @return PAB_E_RANGE for no such index; PAB_E_STATE when the environment holds no episode
 */
PAB_API pab_status pab_vecenv_resume(pab_vecenv *vec, uint32_t index);

PAB_END_DECLS

#endif
