/**
 * @file eval.h
 * @brief Evaluation: policies on the same episodes, and confidence intervals of their differences.
 *
 * A `pab_eval` is a table of episode metrics: policies by regimes by seeds. Every policy plays each seed from the same
 * state after the warm-up with the same random numbers, so policies are compared seed by seed. Rows come from
 * pab_eval_run, or from elsewhere through pab_eval_put: other processes that ran other shards, or a file.
 */
#ifndef PAIRSABIDES_EVAL_H
#define PAIRSABIDES_EVAL_H

#include <pairsabides/policy.h>
#include <pairsabides/progress.h>

PAB_BEGIN_DECLS

/** A table of episodes: a row of metrics per policy, regime and episode. Made by pab_eval_new, filled by pab_eval_run
 *  or pab_eval_put, freed by pab_eval_free. Used by one thread at a time. */
typedef struct pab_eval pab_eval;

/** What is measured of an episode: a number per episode, from pab_episode_metrics. */
#define PAB_MEASURE_TABLE(X)                                                                          \
    X(PAIR_COST, "pair_cost", "bps", "shortfall + 0.5 bps per % of tracking error")                   \
    X(PAIR_COST_1, "pair_cost_1", "bps", "shortfall + 1 bps per % of tracking error")                 \
    X(SHORTFALL, "shortfall", "bps", "implementation shortfall of the pair")                          \
    X(SHORTFALL_CURRENCY, "shortfall_currency", "cents", "implementation shortfall of the pair")      \
    X(SHORTFALL_A, "shortfall_a", "bps", "shortfall of leg A, of its own notional")                   \
    X(SHORTFALL_B, "shortfall_b", "bps", "shortfall of leg B, of its own notional")                   \
    X(COST_SPREAD, "cost_spread", "bps", "part of the shortfall: half-spreads paid")                  \
    X(COST_IMPACT, "cost_impact", "bps", "part of the shortfall: prices beyond the touch")            \
    X(COST_DRIFT, "cost_drift", "bps", "part of the shortfall: moves of the mid")                     \
    X(TRACKING_ERROR, "tracking_error", "%", "root mean square hedge error over the horizon")         \
    X(HEDGE_MAX, "hedge_max", "", "largest hedge error, as a share of the parent")                    \
    X(HEDGE_COST, "hedge_cost", "bps", "sum of the hedge terms of the reward")                        \
    X(RISK_COST, "risk_cost", "bps", "sum of the risk terms of the reward")                           \
    X(TERMINAL_COST, "terminal_cost", "bps", "terminal term of the reward")                           \
    X(LEGGING, "legging", "bps", "profit of being hedged late")                                       \
    X(COMPLETION, "completion", "", "share filled before liquidation")                                \
    X(FORCED, "forced", "", "share filled by liquidation")                                            \
    X(RESIDUAL, "residual", "", "share never filled")                                                 \
    X(PASSIVE, "passive", "", "share of fills that were passive")                                     \
    X(VWAP_SLIPPAGE, "vwap_slippage", "bps", "cost against the market's average price")               \
    X(PARTICIPATION, "participation", "", "own share of the traded volume")                           \
    X(MARKOUT, "markout", "bps", "10 s after fills; positive: the price went our way")                \
    X(MESSAGES, "messages", "", "order messages sent")                                                \
    X(SHIELDED, "shielded", "", "actions that the shield changed")                                    \
    X(FILLS, "fills", "", "number of fills")                                                          \
    X(TRUNCATED, "truncated", "", "1: the market closed first")                                       \
    X(COST_FEES, "cost_fees", "bps", "part of the shortfall: exchange fees, rebates taken off")

/** Indices of PAB_MEASURE_TABLE. */
enum {
#define PAB_MEASURE_ENTRY(id, name, unit, doc) PAB_MEASURE_##id,
    PAB_MEASURE_TABLE(PAB_MEASURE_ENTRY)
#undef PAB_MEASURE_ENTRY
    PAB_MEASURE_COUNT
};

/** What a measure is. */
typedef struct pab_measure_info {
    uint32_t struct_size; /**< sizeof(pab_measure_info) as the caller knows it */
    uint32_t reserved;    /**< 0 */
    const char *name;     /**< "pair_cost"; static */
    const char *unit;     /**< "" for pure numbers; static */
    const char *doc;      /**< a phrase; static */
} pab_measure_info;

PAB_API pab_status pab_measure_get(int32_t measure, pab_measure_info *out); /**< PAB_E_RANGE from the count on */
/** One measure of an episode. */
PAB_API pab_status pab_measure_value(int32_t measure, const pab_episode_metrics *metrics, double *out);

/** Options of an evaluation. pab_eval_options_init fills in the defaults. */
typedef struct pab_eval_options {
    uint32_t struct_size;   /**< sizeof(pab_eval_options) as the caller knows it */
    int32_t split;          /**< PAB_SPLIT_...; default PAB_SPLIT_VALIDATION */
    uint32_t regimes;       /**< bit r: regime r takes part; default all */
    uint32_t episodes;      /**< per regime; default 64. Side by seed: half buy A, half sell it */
    uint64_t first;         /**< index of the first seed of each regime; default 0 */
    uint32_t threads;       /**< 0: the caller's thread. The result does not depend on it */
    uint32_t resamples;     /**< of the bootstrap; default 10 000 */
    uint32_t shard; /**< with `shards`: run only episodes whose number is `shard` modulo `shards`; default 0 */
    uint32_t shards; /**< default 1: all */
    uint64_t bootstrap;     /**< seed of the resamples; default 1 */
    const pab_reset_options *episode; /**< for every episode, copied; NULL: the scenario's */
    const pab_progress *progress;     /**< counts seeds, each run by all policies; copied; NULL for none */
} pab_eval_options;

PAB_API pab_status pab_eval_options_init(pab_eval_options *options, uint32_t size); /**< defaults */

/**
 * Makes an empty table.
 * @param names    one per policy, different from each other, copied
 * @param options  NULL for the defaults
 */
PAB_API pab_status pab_eval_new(const pab_host *host, const char *const *names, uint32_t count,
                                const pab_eval_options *options, pab_eval **out);
PAB_API void pab_eval_free(pab_eval *eval); /**< NULL is allowed */

/**
 * Runs every episode of this shard that has no row yet. Policies are cloned, once per thread.
 * @param policies  as many as names, in their order
 * @return          PAB_E_CANCELLED and errors of an episode (the message names it) keep the rows that are finished
 */
PAB_API pab_status pab_eval_run(pab_eval *eval, pab_scenario *scn, pab_policy *const *policies);

/**
 * Writes all rows, finished or missing, as a checksummed file. Files are read by the version of the library that wrote
 * them, on the same kind of machine.
 */
PAB_API pab_status pab_eval_save(const pab_eval *eval, const char *path);
/** Reads rows back into a table of as many policies, regimes and episodes; PAB_E_KIND for another number of them. */
PAB_API pab_status pab_eval_load(pab_eval *eval, const char *path);

/** @name Rows
 * Numbers: `policy` as in pab_eval_new, `regime` PAB_REGIME_..., `episode` from 0.
 * @{ */
PAB_API uint32_t pab_eval_policies(const pab_eval *eval); /**< number of policies */
PAB_API const char *pab_eval_policy(const pab_eval *eval, uint32_t policy); /**< name, lent; NULL past the last */
PAB_API uint32_t pab_eval_episodes(const pab_eval *eval, int32_t regime); /**< 0 where it takes no part */
/** Seed of an episode, see pab_seed. */
PAB_API uint64_t pab_eval_seed(const pab_eval *eval, int32_t regime, uint32_t episode);
/** Adds a row, or replaces it. */
PAB_API pab_status pab_eval_put(pab_eval *eval, uint32_t policy, int32_t regime, uint32_t episode,
                                const pab_episode_metrics *metrics);
/** Reads a row; PAB_E_STATE where there is none. */
PAB_API pab_status pab_eval_get(const pab_eval *eval, uint32_t policy, int32_t regime, uint32_t episode,
                                pab_episode_metrics *out);
/** @} */

/** @name Statistics
 * `regime` -1 takes all regimes together.
 * @{ */

/** Summary of one policy's episodes; NaN where there are too few. */
typedef struct pab_eval_summary {
    uint32_t struct_size;   /**< sizeof(pab_eval_summary) as the caller knows it */
    uint32_t episodes;      /**< number of rows */
    double shortfall;       /**< mean IS, bps */
    double shortfall_sd;    /**< its standard deviation over episodes */
    double shortfall_iqm;   /**< mean of its middle half */
    double shortfall_cvar;  /**< CVaR95: mean of the worst 5 %, rounded up */
    double tracking_error;  /**< mean TE, % */
    double tracking_rms;    /**< root mean square TE, % */
    double hedge_p99;       /**< 99 % of max |h| are no larger */
    double completion; /**< mean share filled before liquidation */
    double forced; /**< mean share filled by liquidation */
    double passive; /**< mean share of passive fills */
    double vwap_slippage;   /**< mean, bps */
    double markout;         /**< mean, bps */
    double pair_cost;       /**< mean of IS + 0.5 TE, bps */
    double objective;       /**< J = mean IS + 0.5 mean TE + 0.1 CVaR95 of IS */
} pab_eval_summary;

/** Summarizes one policy in one regime, or in all with -1. Rows that are missing do not count: see `episodes`. */
PAB_API pab_status pab_eval_summarize(const pab_eval *eval, uint32_t policy, int32_t regime, pab_eval_summary *out);

/**
 * A policy less the base policy, seed by seed; negative is better than the base where the measure is a cost.
 * Intervals: 95 %, percentiles of resamples of seeds, drawn within each regime, the same for all policies.
 */
typedef struct pab_contrast {
    uint32_t struct_size; /**< sizeof(pab_contrast) as the caller knows it */
    uint32_t episodes;    /**< pairs */
    double mean; /**< mean difference of the measure */
    double low; /**< lower end of its interval */
    double high; /**< upper end */
    double p;             /**< two-sided bootstrap p value of the mean; 1 for the base itself */
    double p_holm;        /**< the same, corrected for all the policies compared (Holm) */
    double lower; /**< probability that the policy's measure is the lower; ties half */
    double lower_low; /**< lower end of its interval */
    double lower_high; /**< upper end */
    double cvar; /**< difference of CVaR95 of the shortfall, bps */
    double cvar_low; /**< lower end of its interval */
    double cvar_high; /**< upper end */
    double objective; /**< difference of J, bps */
    double objective_low; /**< lower end of its interval */
    double objective_high; /**< upper end */
} pab_contrast;

/**
 * Compares every policy with one of them.
 * @param base     number of the policy to compare with
 * @param measure  PAB_MEASURE_...
 * @param out      receives one record per policy, each with its struct_size set
 * @param count    number of policies
 * @return         PAB_E_STATE where a row is missing
 */
PAB_API pab_status pab_eval_compare(const pab_eval *eval, uint32_t base, int32_t regime, int32_t measure,
                                    pab_contrast *out, uint32_t count);

/**
 * The tables as text: for each regime that takes part, and for all together when there are several.
 * @param base    as in pab_eval_compare; -1: no comparison
 * @param needed  receives the text's length without terminator; may be NULL
 */
PAB_API pab_status pab_eval_text(const pab_eval *eval, int32_t base, char *buf, size_t cap, size_t *needed);
/** @} */

/** @name Impact of orders
 * @{ */

/** Times after the order at which an impact probe samples the mid, tenths of a second. */
#define PAB_IMPACT_TABLE(X) X(1) X(2) X(5) X(10) X(20) X(50) X(100) X(200) X(300) X(600) X(1200) X(1800) X(3000)

/** Number of those times, and of probes. */
enum {
#define PAB_IMPACT_ENTRY(tenths) PAB_IMPACT_AT_##tenths,
    PAB_IMPACT_TABLE(PAB_IMPACT_ENTRY)
#undef PAB_IMPACT_ENTRY
    PAB_IMPACT_TIMES,
    PAB_IMPACT_PROBES = 2 /**< one and four slices */
};

/** Options of an impact probe. */
typedef struct pab_impact_options {
    uint32_t struct_size; /**< sizeof(pab_impact_options) as the caller knows it */
    int32_t split;        /**< PAB_SPLIT_...; default PAB_SPLIT_TRAIN */
    int32_t regime;       /**< PAB_REGIME_...; default calm */
    uint32_t seeds;       /**< averaged over; default 64 */
    uint64_t first;       /**< index of the first seed */
    int64_t slice;        /**< shares of leg A of the small probe; 0: the parent over 60 */
    uint32_t threads;     /**< 0: the caller's thread. The result does not depend on it */
    uint32_t reserved;    /**< 0 */
    const pab_progress *progress; /**< counts seeds; NULL for none */
} pab_impact_options;

PAB_API pab_status pab_impact_options_init(pab_impact_options *options, uint32_t size); /**< defaults */

/** Mean path of the mid after a marketable order, against the same market without it. */
typedef struct pab_impact {
    uint32_t struct_size; /**< sizeof(pab_impact) as the caller knows it */
    uint32_t seeds;       /**< averaged over */
    double times[PAB_IMPACT_TIMES];                     /**< s after the order */
    double shares[PAB_IMPACT_PROBES];                   /**< mean shares filled at once */
    double mean[PAB_IMPACT_PROBES][PAB_IMPACT_TIMES];   /**< bps of the mid; positive: the way of the order */
    double error[PAB_IMPACT_PROBES][PAB_IMPACT_TIMES];  /**< standard errors of these means */
} pab_impact;

/**
 * Measures the impact on leg A's mid of an order that takes: forks one state, sweeps one slice or four in two forks
 * (buying or selling by the seed) and nothing in a third, and follows the mids, all with the same randomness.
 * @param scn  its decisions must lie 100 ms apart and its horizon beyond 300 s, else PAB_E_UNSUPPORTED
 */
PAB_API pab_status pab_impact_measure(pab_scenario *scn, const pab_impact_options *options, pab_impact *out);
/** @} */

PAB_END_DECLS

#endif
