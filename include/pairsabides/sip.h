/**
 * @file sip.h
 * @brief Stage 2, SIP-Sync: an ensemble of the four experts that weighs execution cost against tracking.
 *
 * In each of 72 coarse states (time, hedge error, crumbling, spread, volatility) the ensemble adds the experts' scores
 * of joint actions by weight and subtracts penalties: a multiplier times each expected effect (squared hedge error, lag
 * behind an even pace, spread paid). The action with the greatest sum is played. sip_train.h trains ensembles; here
 * they are loaded, described and played.
 */
#ifndef PAIRSABIDES_SIP_H
#define PAIRSABIDES_SIP_H

#include <pairsabides/qtable.h>

PAB_BEGIN_DECLS

/** Coarse states. */
enum { PAB_SIP_CELL_COUNT = 72 };

typedef struct pab_sip pab_sip; /**< weights and multipliers by coarse state; immutable once trained, may be shared */

PAB_API void pab_sip_free(pab_sip *sip);                               /**< NULL is allowed */
PAB_API pab_status pab_sip_save(const pab_sip *sip, const char *path); /**< checksummed file, experts included */
PAB_API pab_status pab_sip_load(const pab_host *host, const char *path, pab_sip **out); /**< reads it back */
PAB_API pab_status pab_sip_policy(const pab_sip *sip, pab_policy **out); /**< greedy policy; sip must outlive it */

/** Terms that an action is charged for; each has a multiplier in every coarse state. */
enum {
    PAB_SIP_TERM_HEDGE = 0,  /**< squared hedge error, in bands */
    PAB_SIP_TERM_LAG = 1,    /**< legs behind an even pace, slices squared */
    PAB_SIP_TERM_SPREAD = 2  /**< paid against the mid, bps */
};

/**
 * A copy of an ensemble with a part taken out, to measure what the part is worth.
 * @param without  bit t: the multiplier of term PAB_SIP_TERM_... t is 0 in every coarse state
 * @param rules    1: the experts' rules instead of their tables; 0: as trained
 */
PAB_API pab_status pab_sip_variant(const pab_sip *sip, uint32_t without, int32_t rules, pab_sip **out);

/** Result of a training run. */
typedef struct pab_sip_info {
    uint32_t struct_size;  /**< sizeof(pab_sip_info) as the caller knows it */
    int32_t rules;         /**< 1: experts are scored by their rules, not by their tables */
    uint32_t generations;  /**< rows of pab_sip_generation_get */
    uint32_t finalists;    /**< rows of pab_sip_finalist_get */
    uint32_t selected;     /**< finalist with the least J on the final seeds, among the feasible if any are */
    uint32_t shipped;      /**< finalist that the ensemble plays: `single` where `selected` is worse on validation */
    uint32_t single;       /**< best single expert on the final seeds, likewise */
    uint32_t reserved;     /**< 0 */
    double eta;            /**< bps per %: multiplier of tracking at which the constraint holds */
    double gain; /**< J of selected less J of single on validation */
    double gain_low; /**< lower end of its 95 % interval */
    double gain_high; /**< upper end */
    uint32_t sweeps;   /**< of local refinement, rows of pab_sip_sweep_get */
    uint32_t accepted; /**< of them those that made the objective on the final seeds less */
    double eta_asked;  /**< bps per % in the options, by which J is counted */
    double bound;      /**< mean TE that finalists may have on the final seeds, %; 0: any */
} pab_sip_info;

PAB_API pab_status pab_sip_describe(const pab_sip *sip, pab_sip_info *out); /**< struct_size must be set */

/** The ensemble in one coarse state. */
typedef struct pab_sip_cell {
    uint32_t struct_size; /**< sizeof(pab_sip_cell) as the caller knows it */
    int32_t dominant;     /**< PAB_EXPERT_... with the largest weight */
    double weight[PAB_EXPERT_COUNT]; /**< sum to 1 */
    double kappa;         /**< multiplier of the expected squared hedge error, in bands */
    double visits;        /**< decisions taken there on the final seeds */
    double lag;           /**< multiplier of the lag behind an even pace, slices squared, summed over legs */
    double spread;        /**< multiplier of the spread paid, bps of the pair if every slice paid it */
} pab_sip_cell;

/** Coarse state 0 .. PAB_SIP_CELL_COUNT - 1; struct_size must be set. */
PAB_API pab_status pab_sip_cell_get(const pab_sip *sip, int32_t cell, pab_sip_cell *out);

/** One generation of the search. */
typedef struct pab_sip_generation {
    uint32_t struct_size; /**< sizeof(pab_sip_generation) as the caller knows it */
    uint32_t generation;  /**< from 0 within its eta */
    double eta;           /**< bps per % */
    double best;          /**< least J of a candidate, on the generation's seeds */
    double elite;         /**< mean J of the elite */
    double mean;          /**< mean J of all */
    double sd;            /**< mean standard deviation of the parameters drawn next */
    double tracking;      /**< mean TE of the elite, % */
} pab_sip_generation;

PAB_API pab_status pab_sip_generation_get(const pab_sip *sip, uint32_t index, pab_sip_generation *out); /**< a row */

/**
 * One sweep of local refinement. Episodes of the selected ensemble are forked where it visits a cell: each expert's own
 * action is played for one decision, then the ensemble continues in the same future. Weights move to experts whose
 * action cost less; a sweep is accepted where J on the final seeds falls.
 */
typedef struct pab_sip_sweep {
    uint32_t struct_size; /**< sizeof(pab_sip_sweep) as the caller knows it */
    int32_t accepted;     /**< 1: feasible, and `after` is less than `before` */
    uint32_t episodes;    /**< that were forked */
    uint32_t visits;      /**< decisions where all experts were tried */
    uint32_t forks;       /**< played to the end; identical actions share one */
    uint32_t cells;       /**< visited often enough for their weights to move */
    double before;        /**< J on the final seeds, bps */
    double after;         /**< J there with the moved weights */
} pab_sip_sweep;

PAB_API pab_status pab_sip_sweep_get(const pab_sip *sip, uint32_t index, pab_sip_sweep *out); /**< a row */

/** What a finalist is. */
enum {
    PAB_SIP_CANDIDATE = 0, /**< drawn in the last generation */
    PAB_SIP_MEAN = 1,      /**< the mean of the last generation */
    PAB_SIP_EVEN = 2,      /**< all experts alike */
    PAB_SIP_EXPERT = 3,    /**< one learned expert */
    PAB_SIP_RULE = 4,      /**< one rule expert */
    PAB_SIP_REFINED = 5    /**< the selected one after local refinement */
};

/** One finalist. */
typedef struct pab_sip_finalist {
    uint32_t struct_size; /**< sizeof(pab_sip_finalist) as the caller knows it */
    int32_t kind;         /**< PAB_SIP_CANDIDATE ... */
    int32_t expert;       /**< PAB_EXPERT_... of a single expert, else -1 */
    int32_t front;        /**< 1: no finalist has both mean IS and mean TE no larger and one smaller */
    double eta;           /**< of the search it comes from */
    double shortfall;     /**< mean IS on the final seeds, bps */
    double tracking;      /**< mean TE, % */
    double tail;          /**< CVaR95 of IS, bps */
    double objective; /**< J by the training's eta */
    double objective_low; /**< lower end of its 95 % interval */
    double objective_high; /**< upper end */
    double validation_shortfall; /**< mean IS on validation seeds, bps; NaN where not played there */
    double validation_tracking; /**< mean TE there, % */
} pab_sip_finalist;

PAB_API pab_status pab_sip_finalist_get(const pab_sip *sip, uint32_t index, pab_sip_finalist *out); /**< a row */

/** What pab_sip_write_csv writes. */
enum {
    PAB_SIP_CSV_CELLS = 0,     /**< weights, multipliers, visits, dominant expert by coarse state */
    PAB_SIP_CSV_SEARCH = 1,    /**< generations */
    PAB_SIP_CSV_FINALISTS = 2, /**< all finalists */
    PAB_SIP_CSV_FRONT = 3,     /**< those on the front, by mean IS */
    PAB_SIP_CSV_SWEEPS = 4     /**< sweeps of local refinement */
};

PAB_API pab_status pab_sip_write_csv(const pab_sip *sip, int32_t what, const char *path); /**< with a header line */

PAB_END_DECLS

#endif
