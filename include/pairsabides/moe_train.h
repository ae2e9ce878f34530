/**
 * @file moe_train.h
 * @brief Experimental: distillation and tuning of mixtures (Stage 3, MoE-DPO).
 *
 * These declarations may change in any release; what is trained is stable (moe.h). Distillation teaches each component
 * of the mixture its expert's scores; the result is the reference. Tuning moves it towards what preferences rank
 * higher. Both are deterministic in their arguments, for any number of threads, and use training and validation seeds
 * only.
 */
#ifndef PAIRSABIDES_MOE_TRAIN_H
#define PAIRSABIDES_MOE_TRAIN_H

#include <pairsabides/moe.h>
#include <pairsabides/prefs.h>

PAB_BEGIN_DECLS

/** Preference losses. */
enum { PAB_LOSS_MIX = 0, PAB_LOSS_CPL = 1, PAB_LOSS_IPO = 2, PAB_LOSS_PL = 3, PAB_LOSS_MBT = 4, PAB_LOSS_COUNT = 5 };

PAB_API const char *pab_loss_name(int32_t loss); /**< "mix"; NULL for a number that is no loss. Static text */

/** Options of distillation and tuning. pab_moe_options_init fills in the defaults. */
typedef struct pab_moe_options {
    uint32_t struct_size; /**< sizeof(pab_moe_options) as the caller knows it */
    int32_t anchor;       /**< distillation: 1 (default) has the ensemble as fifth component, 0 only the experts */
    double temperature;   /**< distillation: temperature of the teachers; default 0.15 */
    int32_t loss;         /**< tuning: PAB_LOSS_...; default PAB_LOSS_MIX */
    int32_t gate_only;    /**< tuning: 1 freezes the components; default 0; not with PAB_LOSS_MBT */
    double beta;          /**< tuning: inverse temperature of the preference model; default 0.5 */
    double smoothing;     /**< tuning: label smoothing, in [0, 0.5); default 0, since labels are soft */
    double kl;            /**< tuning: weight of the divergence from the reference; default 0.02 */
    double imitation;     /**< tuning: weight of the winners' likelihood; default 0.05 */
    double balance;       /**< tuning: weight of the gate's load balance; default 0.01 */
    double entropy;       /**< tuning: weight of the gate's entropy; default 0.001 */
} pab_moe_options;

PAB_API pab_status pab_moe_options_init(pab_moe_options *options, uint32_t size); /**< defaults */

/** Distils the ensemble into networks: the reference policy of the tuning. */
PAB_API pab_status pab_moe_distil(pab_scenario *scn, const pab_sip *sip, const pab_learn_options *options,
                                  pab_moe **out);
/**
 * Tunes a distilled mixture on preferences by the loss of options->moe. J takes its eta from the preferences.
 * @param sip       the ensemble to compare with; NULL: only the reference is compared
 * @param accepted  receives 1 if the tuned mixture's objective is no worse than the reference's and the ensemble's on
 *                  validation seeds that had no part in choosing it; else 0, and `out` receives a copy of the
 *                  reference
 */
PAB_API pab_status pab_moe_tune(pab_scenario *scn, const pab_sip *sip, const pab_moe *reference,
                                const pab_prefs *prefs, const pab_learn_options *options, pab_moe **out,
                                int32_t *accepted);

PAB_END_DECLS

#endif
