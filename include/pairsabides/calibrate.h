/**
 * @file calibrate.h
 * @brief Experimental: calibration, estimates of market parameters from simulation, written into the scenario.
 *
 * Episodes of training seeds are recorded and probed in all regimes. The estimates become the keys `calibration.*` of
 * the scenario and part of its fingerprint, so a calibrated scenario is one YAML file. docs/methods.md 0 has the
 * formulas. These declarations may change in any release; the keys keep their meaning.
 */
#ifndef PAIRSABIDES_CALIBRATE_H
#define PAIRSABIDES_CALIBRATE_H

#include <pairsabides/config.h>
#include <pairsabides/env.h>
#include <pairsabides/progress.h>

PAB_BEGIN_DECLS

/** Edges of the bins of learning states. */
enum {
    PAB_BINS_FIXED = 0,   /**< the documented ones */
    PAB_BINS_QUANTILE = 1 /**< equal quantiles over the states that benchmarks and rules visit */
};

/** What the labels of withdrawing touches were taken from. */
enum {
    PAB_LABEL_NONE = 0,    /**< all labels are equal: the coefficients are unchanged */
    PAB_LABEL_MAKERS = 1,  /**< a market maker has withdrawn from the side: ground truth, unknown to policies */
    PAB_LABEL_RETREAT = 2  /**< the touch retreats and recovers: for markets without withdrawing makers */
};

/** Result of a calibration. Ticks are the scenario's. */
typedef struct pab_calibration {
    uint32_t struct_size;   /**< sizeof(pab_calibration) as the caller knows it */
    uint32_t episodes;      /**< training episodes recorded */
    uint32_t validation;    /**< validation episodes that evaluated the crumbling probability */
    int32_t label;          /**< PAB_LABEL_... */
    double positives;       /**< share of validation samples whose touch withdraws */
    double auc;             /**< area under the ROC curve on validation seeds; NaN without labels */
    double auc_before;      /**< the same of the coefficients that the scenario had */
    double brier;           /**< Brier score on validation seeds; NaN without labels */
    double brier_before;    /**< the same of the coefficients that the scenario had */
    double beta;            /**< return of A per return of B, over 60 s: median of the regimes */
    double spread[PAB_ENV_LEGS];      /**< mean spread, ticks */
    double touch[PAB_ENV_LEGS];       /**< mean shares at a touch */
    double volatility[PAB_ENV_LEGS];  /**< mean volatility, bps/sqrt(s) */
    double volume[PAB_ENV_LEGS];      /**< mean volume, shares/h */
    double half_spread[PAB_ENV_LEGS]; /**< cost of crossing: intercept of the impact regression, bps */
    double impact_eta[PAB_ENV_LEGS];  /**< its slope: temporary impact, ticks per share/s; 0 where not positive */
    double fill[PAB_ENV_LEGS][5];     /**< mean share of a slice that fills in an interval, by PAB_STYLE_... */
    int64_t quantity;       /**< parent of leg A that the scenario now has, shares */
    uint64_t fingerprint;   /**< of the calibrated scenario */
} pab_calibration;

/** Options of a calibration. pab_calibrate_options_init fills in the defaults. */
typedef struct pab_calibrate_options {
    uint32_t struct_size;   /**< sizeof(pab_calibrate_options) as the caller knows it */
    uint32_t regimes;       /**< bit r: regime r takes part, all with the same weight; default all */
    uint32_t episodes;      /**< training episodes per regime; default 64 */
    uint32_t validation;    /**< validation episodes per regime, for AUC and Brier score; default 32 */
    uint64_t first;         /**< index of the first seed of each regime; default 0 */
    uint32_t threads;       /**< 0: the caller's thread. The result does not depend on it */
    int32_t bins;           /**< PAB_BINS_...; default PAB_BINS_FIXED */
    const pab_progress *progress; /**< counts episodes; NULL for none */
    pab_calibration *report;      /**< receives the report, its struct_size set; NULL for none */
} pab_calibrate_options;

PAB_API pab_status pab_calibrate_options_init(pab_calibrate_options *options, uint32_t size); /**< defaults */

/**
 * Measures per leg the references of the observation, the volume profile, the micro-price table, temporary impact and
 * the shares of orders that fill; fits the crumbling probability; and gives `pair.quantity` a number where it has none.
 * @param scn      made of `out`; must have a `pair` section and `rng: fast`
 * @param options  NULL for the defaults
 * @param out      receives the keys `calibration.*`; unchanged on error
 * @return         PAB_E_KIND when `scn` was not made of `out`; PAB_E_UNSUPPORTED; PAB_E_CANCELLED
 */
PAB_API pab_status pab_calibrate(pab_scenario *scn, const pab_calibrate_options *options, pab_config *out);

PAB_END_DECLS

#endif
