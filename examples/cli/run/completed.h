/**
 * @file completed.h
 * @brief Policies that leave much to liquidation, compared with the mixture on the episodes that both complete.
 *
 * An incomplete policy can look cheap because it has not traded. On jointly completed episodes both did the same task;
 * they are the policy's luckiest, so the comparison is hard on the mixture.
 */
#ifndef PAIRSABIDES_CLI_COMPLETED_H
#define PAIRSABIDES_CLI_COMPLETED_H

#include <pairsabides/pairsabides.h>

#define COMPLETED_SHARE 0.98 /**< share filled before liquidation that counts as complete */

/** What the comparison says. */
enum {
    COMPLETED_CHEAPER,     /**< the mixture is significantly cheaper */
    COMPLETED_NOT_CHEAPER, /**< it is not */
    COMPLETED_FEW,         /**< too few jointly completed episodes to say */
    COMPLETED_EXCLUDED     /**< the policy completes under 5 % of its episodes: it does another task */
};
extern const char *const completed_verdicts[];

/** The mixture less one policy, pair cost, bps. */
typedef struct completed {
    const char *policy; /**< lent by the table */
    double completion;  /**< mean share filled before liquidation */
    uint32_t episodes;  /**< that both complete */
    int verdict;        /**< COMPLETED_... */
    double mean, low, high; /**< with a 95 % interval; NaN: too few episodes */
} completed;

/** A row for each policy of the table below COMPLETED_SHARE. Policy 0 is the mixture; `out` has room for all. */
pab_status completed_compare(const pab_eval *eval, uint32_t resamples, uint32_t threads, completed *out,
                             uint32_t *count);

#endif
