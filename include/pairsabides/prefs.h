/**
 * @file prefs.h
 * @brief Experimental: preferences, trajectories of several policies from the same state, ranked by their costs.
 *
 * A reference policy plays episodes; at some of their decisions the market is forked. From there each candidate acts
 * for one or for six decisions, then the reference plays to the end, in M futures that are the same for all candidates.
 * A candidate's score is -(IS + eta * TE) of the episode, in bps; pairs are labelled by the mean difference over the
 * futures and its standard error. One start in ten, by its seed, is held out.
 *
 * Generation is deterministic in its arguments, for any number of threads, and uses training seeds only. These
 * declarations may change in any release.
 */
#ifndef PAIRSABIDES_PREFS_H
#define PAIRSABIDES_PREFS_H

#include <pairsabides/sip_train.h>

PAB_BEGIN_DECLS

typedef struct pab_prefs pab_prefs; /**< ranked trajectories from common states; immutable, may be shared */

/** Candidates of every start: the experts in the order of PAB_EXPERT_..., the ensemble, then extra ones. */
enum { PAB_PREFS_ENSEMBLE = PAB_EXPERT_COUNT, PAB_PREFS_FIRST_EXTRA = PAB_EXPERT_COUNT + 1, PAB_PREFS_EXTRAS = 8 };

/** Options of preferences. pab_prefs_options_init fills in the defaults. */
typedef struct pab_prefs_options {
    uint32_t struct_size; /**< sizeof(pab_prefs_options) as the caller knows it */
    uint32_t episodes;    /**< each gives two starts at most; 0 (default): 600 times the budget, at least 5 */
    uint32_t futures;     /**< M, 1 to 16; default 4 */
    uint32_t segment;     /**< decisions of the longer segments; default 6 */
    uint32_t extras;      /**< policies in `extra`, at most PAB_PREFS_EXTRAS; default 0 */
    uint32_t reserved;    /**< 0 */
    double single;        /**< share of starts whose segment is one decision; default 0.6 */
    double explore;       /**< share of the reference's decisions before a start that are drawn instead; default 0.1 */
    double eta;           /**< bps of cost per % of tracking error; default 0.5 */
    const pab_policy *const *extra; /**< further candidates; they must choose plain actions, no exact quantities */
} pab_prefs_options;

PAB_API pab_status pab_prefs_options_init(pab_prefs_options *options, uint32_t size); /**< defaults */

/**
 * Plays and ranks. The scenario must have `rng: fast`, else PAB_E_UNSUPPORTED.
 * @param sip        experts and ensemble
 * @param reference  plays before and after the segments; NULL: the ensemble
 * @param options    NULL for the defaults; `log_path` is not used. With `checkpoint`, an interrupted call resumes
 *                   after its last round of episodes
 * @param how        NULL for the defaults
 */
PAB_API pab_status pab_prefs_generate(pab_scenario *scn, const pab_sip *sip, const pab_policy *reference,
                                      const pab_learn_options *options, const pab_prefs_options *how, pab_prefs **out);
PAB_API void pab_prefs_free(pab_prefs *prefs);                               /**< NULL is allowed */
PAB_API pab_status pab_prefs_save(const pab_prefs *prefs, const char *path); /**< checksummed file */
PAB_API pab_status pab_prefs_load(const pab_host *host, const char *path, pab_prefs **out); /**< reads it back */

/** What a set of preferences holds. */
typedef struct pab_prefs_info {
    uint32_t struct_size; /**< sizeof(pab_prefs_info) as the caller knows it */
    uint32_t starts;      /**< states */
    uint32_t held;        /**< of them held out */
    uint32_t trajectories;      /**< trajectories of all starts; identical ones are one */
    uint32_t pairs;       /**< ranked */
    uint32_t futures;     /**< M */
    uint64_t fingerprint; /**< of the scenario */
    uint64_t master_seed; /**< of the run */
    double eta;           /**< bps per % */
} pab_prefs_info;

PAB_API pab_status pab_prefs_describe(const pab_prefs *prefs, pab_prefs_info *out); /**< struct_size must be set */

/** One state that candidates started from. */
typedef struct pab_prefs_start {
    uint32_t struct_size; /**< sizeof(pab_prefs_start) as the caller knows it */
    int32_t regime;       /**< PAB_REGIME_... */
    uint64_t seed;        /**< of the episode */
    uint64_t state;       /**< hash of the environment there */
    int32_t step;         /**< decisions taken before */
    int32_t segment;      /**< decisions of a candidate */
    int32_t cell;         /**< coarse state */
    int32_t held;         /**< 1: held out of training */
    uint32_t trajectories;      /**< see pab_prefs_trajectory_get */
    uint32_t pairs;       /**< see pab_prefs_pair_get */
    uint32_t listed;      /**< trajectories in the ranking, 0: all tie */
    uint32_t list[16];    /**< their numbers, the best first */
} pab_prefs_start;

PAB_API pab_status pab_prefs_start_get(const pab_prefs *prefs, uint32_t start, pab_prefs_start *out); /**< a row */

/** Costs of a trajectory: means over the futures. */
typedef struct pab_prefs_trajectory {
    uint32_t struct_size; /**< sizeof(pab_prefs_trajectory) as the caller knows it */
    uint32_t candidates;  /**< bit c: candidate c took it */
    int32_t action;       /**< first joint action */
    int32_t reserved;     /**< 0 */
    double score;         /**< -(IS to go + eta * TE), bps */
    double shortfall[PAB_ENV_LEGS]; /**< IS to go by leg, bps of the pair */
    double hedge;         /**< HE to go */
    double hedge_max;     /**< max |h| of the episode */
    double risk;          /**< RK to go */
    double tracking;      /**< TE of the episode, % */
    double forced;        /**< share filled by liquidation */
    double residual;      /**< share never filled */
} pab_prefs_trajectory;

PAB_API pab_status pab_prefs_trajectory_get(const pab_prefs *prefs, uint32_t start, uint32_t trajectory,
                                       pab_prefs_trajectory *out); /**< a row */

/** A ranked pair of a start's trajectories. */
typedef struct pab_prefs_pair {
    uint32_t struct_size; /**< sizeof(pab_prefs_pair) as the caller knows it */
    uint32_t winner;      /**< trajectory */
    uint32_t loser;       /**< trajectory */
    uint32_t reserved;    /**< 0 */
    double p;             /**< that the winner is the better, up to 0.98 */
    double confidence;    /**< |2p - 1| */
    double gain;          /**< mean difference of scores, bps */
    double error;         /**< its standard error, shrunk */
} pab_prefs_pair;

PAB_API pab_status pab_prefs_pair_get(const pab_prefs *prefs, uint32_t start, uint32_t pair,
                                      pab_prefs_pair *out); /**< a row, the surest first */

PAB_END_DECLS

#endif
