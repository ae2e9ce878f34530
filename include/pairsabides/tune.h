/**
 * @file tune.h
 * @brief Experimental: tuning, the search for a policy's thresholds that cost least on training episodes.
 *
 * The options of a policy (see pab_policy_option_get) are searched by the cross-entropy method: each generation draws
 * candidates around a mean, evaluates all of them on the same new training seeds, and moves the mean towards
 * the cheapest. The result is then compared with the given policy on validation seeds and replaces it only if it is
 * cheaper there. The objective is J = mean IS + 0.5 mean TE + 0.1 CVaR95 of IS. These declarations may change in any
 * release.
 */
#ifndef PAIRSABIDES_TUNE_H
#define PAIRSABIDES_TUNE_H

#include <pairsabides/eval.h>

PAB_BEGIN_DECLS

/** Options of a search. pab_tune_options_init fills in the defaults. */
typedef struct pab_tune_options {
    uint32_t struct_size; /**< sizeof(pab_tune_options) as the caller knows it */
    uint32_t regimes;     /**< bit r: regime r takes part; default all */
    uint32_t generations; /**< default 20 */
    uint32_t candidates;  /**< of a generation, 8 to 4096; default 40 */
    uint32_t elite;       /**< candidates that make the next mean; 0 (default): a sixth of them */
    uint32_t episodes;    /**< of a generation and regime; default 20 */
    uint32_t validation;  /**< episodes per regime of the final comparison; default 64 */
    uint32_t threads;     /**< 0: the caller's thread. The result does not depend on it */
    uint64_t seed;        /**< names the search; default 1 */
    uint64_t first;       /**< index of the first seed of each regime, in either split; default 0 */
    const pab_progress *progress; /**< counts seeds, each played by all candidates; NULL for none */
} pab_tune_options;

PAB_API pab_status pab_tune_options_init(pab_tune_options *options, uint32_t size); /**< defaults */

/** What a search found. */
typedef struct pab_tune_result {
    uint32_t struct_size; /**< sizeof(pab_tune_result) as the caller knows it */
    int32_t better;       /**< 1: the found policy's J on validation seeds is below that of the given one */
    double before;        /**< J of the given policy on validation seeds, bps */
    double after;         /**< J of the found one there */
    double gain;          /**< mean difference of IS + 0.5 TE, found less given, seed by seed; negative is better */
    double gain_low;      /**< lower end of its 95 % interval */
    double gain_high;     /**< upper end */
    char spec[512];       /**< specification of the found policy, for pab_policy_parse; the given one if !better */
} pab_tune_result;

/**
 * Tunes all options of a built-in policy.
 * @param spec     a specification as for pab_policy_parse, whose values start the search
 * @param options  NULL for the defaults
 * @param out      struct_size must be set
 * @return         PAB_E_UNSUPPORTED for a policy without options; PAB_E_CANCELLED when the hook returns non-zero
 */
PAB_API pab_status pab_policy_tune(pab_scenario *scn, const char *spec, const pab_tune_options *options,
                                   pab_tune_result *out);

PAB_END_DECLS

#endif
