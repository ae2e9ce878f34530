/**
 * @file sip.h
 * @brief Stage 2 of learning: SIP-Sync, a state-indexed policy ensemble of the four experts with synchronized legs.
 *
 * In each of 72 coarse states (time, hedge error, crumbling, spread, volatility) the ensemble adds up the experts'
 * weighted scores of each joint action and subtracts penalties for the expected hedge error, lag behind an even
 * schedule and spread paid. The cross-entropy method searches the weights and penalty weights on training seeds. The
 * best single expert is among the finalists, so on the final seeds the result is no worse than any feasible expert.
 *
 * The objective is J = mean IS + eta * mean TE + 0.1 * CVaR95 of IS. `tracking` constrains TE on the final seeds.
 * Feasible finalists win by the least J; an infeasible one is selected only if none is feasible, and an infeasible
 * single expert never replaces a feasible ensemble. The first search multiplies eta, after each generation, by the
 * elite's TE over the constraint, and keeps it at or above the requested one. The multiplier of tracking, which scores
 * preferences, is the least eta, from the requested one on, at which the best of all finalists is feasible.
 *
 * Training is deterministic in its arguments, for any number of threads, and uses training and validation seeds only.
 */
#ifndef PAIRSABIDES_SIP_H
#define PAIRSABIDES_SIP_H

#include <pairsabides/qtable.h>

PAB_BEGIN_DECLS

/** Coarse states. */
enum { PAB_SIP_CELL_COUNT = 72 };

typedef struct pab_sip pab_sip; /**< weights by coarse state; immutable once trained, may be shared */

/** Options of Stage 2. pab_sip_options_init fills in the defaults; 0 means scaled by the budget. */
typedef struct pab_sip_options {
    uint32_t struct_size;       /**< sizeof(pab_sip_options) as the caller knows it */
    uint32_t generations;       /**< of the search; 0 (default): 18 times the budget, at least 2 */
    uint32_t candidates;        /**< of a generation, 8 to 4096; default 64 */
    uint32_t elite;             /**< that make the next mean; 0 (default): an eighth of the candidates */
    uint32_t seeds;             /**< of a generation; 0 (default): 40 times the budget, at least 5 */
    uint32_t final_seeds;       /**< that choose among finalists; 0 (default): 400 times the budget, at least 10 */
    uint32_t validation_seeds;  /**< 0 (default): 240 times the budget, at least 10 */
    uint32_t front_generations; /**< for each further eta of the front; 0 (default): 3 times the budget, at least 1 */
    int32_t front;              /**< 1 (default): searches for eta 0, 0.1, 0.25, 0.5, 1, 2 and 4 too; 0: `eta` alone */
    uint32_t reserved;          /**< 0 */
    double eta;                 /**< bps of cost per % of tracking error; default 0.5 */
    uint32_t refine;            /**< sweeps of local refinement, at most 16; default 3; 0: none */
    uint32_t refine_visits;     /**< below so many visits a cell is left alone; 0 (default): 200 times the budget,
                                     at least 10 */
    double tracking;            /**< constraint: TE on the final seeds at most this multiple of the rule SCE's;
                                     default 1; 0: none */
} pab_sip_options;

PAB_API pab_status pab_sip_options_init(pab_sip_options *options, uint32_t size); /**< defaults */

/**
 * Searches weights over four experts.
 * @param experts  learned experts in the order of PAB_EXPERT_..., which are copied; NULL for one: its rule
 * @param options  NULL for the defaults. `log_path` receives the search as CSV. With `checkpoint`, an
 *                 interrupted call resumes after the last finished generation
 * @param how      NULL for the defaults
 * @return         PAB_E_CANCELLED when the hook returns non-zero; PAB_E_KIND for a checkpoint of another run
 */
PAB_API pab_status pab_sip_train(pab_scenario *scn, const pab_qtable *const experts[PAB_EXPERT_COUNT],
                                 const pab_learn_options *options, const pab_sip_options *how, pab_sip **out);
PAB_API void pab_sip_free(pab_sip *sip);                               /**< NULL is allowed */
PAB_API pab_status pab_sip_save(const pab_sip *sip, const char *path); /**< checksummed file, experts included */
PAB_API pab_status pab_sip_load(const pab_host *host, const char *path, pab_sip **out); /**< reads it back */
PAB_API pab_status pab_sip_policy(const pab_sip *sip, pab_policy **out); /**< greedy policy; sip must outlive it */

/** How a training run ended. */
typedef struct pab_sip_info {
    uint32_t struct_size;  /**< sizeof(pab_sip_info) as the caller knows it */
    int32_t rules;         /**< 1: experts are scored by their rules, not by their tables */
    uint32_t generations;  /**< rows of pab_sip_generation_get */
    uint32_t finalists;    /**< rows of pab_sip_finalist_get */
    uint32_t selected;     /**< finalist with the least J on the final seeds, of the feasible ones if there are any */
    uint32_t shipped;      /**< finalist that the ensemble plays: `single` where `selected` is worse on validation */
    uint32_t single;       /**< best single expert on the final seeds, likewise */
    uint32_t reserved;     /**< 0 */
    double eta;            /**< bps per %: the multiplier of tracking that was found */
    double gain; /**< J of selected less J of single on validation */
    double gain_low; /**< lower end of its 95 % interval */
    double gain_high; /**< upper end */
    uint32_t sweeps;   /**< of local refinement, rows of pab_sip_sweep_get */
    uint32_t accepted; /**< sweeps that lowered the objective on the final seeds */
    double eta_asked;  /**< bps per % as requested: the eta of J */
    double bound;      /**< greatest feasible mean TE on the final seeds, %; 0: any */
} pab_sip_info;

PAB_API pab_status pab_sip_describe(const pab_sip *sip, pab_sip_info *out); /**< struct_size must be set */

/** The ensemble in one coarse state. */
typedef struct pab_sip_cell {
    uint32_t struct_size; /**< sizeof(pab_sip_cell) as the caller knows it */
    int32_t dominant;     /**< PAB_EXPERT_... with the largest weight */
    double weight[PAB_EXPERT_COUNT]; /**< sum to 1 */
    double kappa;         /**< penalty weight of the expected squared hedge error, in bands */
    double visits;        /**< decisions taken there on the final seeds */
    double lag;           /**< penalty weight of the lag behind an even schedule, slices squared, sum of legs */
    double spread;        /**< penalty weight of the spread paid, bps of the pair if every slice traded so */
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
    double spread;        /**< mean sd of the parameters drawn next */
    double tracking;      /**< mean TE of the elite, % */
} pab_sip_generation;

PAB_API pab_status pab_sip_generation_get(const pab_sip *sip, uint32_t index, pab_sip_generation *out); /**< a row */

/**
 * One sweep of local refinement. Episodes of the selected ensemble are forked where it visits a cell: each expert's own
 * action is played for one decision, then the ensemble continues in the same future. Weight moves to experts whose
 * action cost less; the sweep is kept if J on the final seeds falls.
 */
typedef struct pab_sip_sweep {
    uint32_t struct_size; /**< sizeof(pab_sip_sweep) as the caller knows it */
    int32_t accepted;     /**< 1: `after` is feasible and less than `before`: the weights are kept */
    uint32_t episodes;    /**< that were forked */
    uint32_t visits;      /**< decisions at which all experts were evaluated */
    uint32_t forks;       /**< rollouts; identical actions are simulated once */
    uint32_t cells;       /**< visited often enough for their weights to move */
    double before;        /**< J on the final seeds, bps */
    double after;         /**< J there with the moved weights */
} pab_sip_sweep;

PAB_API pab_status pab_sip_sweep_get(const pab_sip *sip, uint32_t index, pab_sip_sweep *out); /**< a row */

/** What a finalist is. */
enum {
    PAB_SIP_CANDIDATE = 0, /**< drawn in the last generation */
    PAB_SIP_MEAN = 1,      /**< the mean of the last generation */
    PAB_SIP_EVEN = 2,      /**< equal weights */
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
    PAB_SIP_CSV_CELLS = 0,     /**< weights, visits, dominant expert by coarse state */
    PAB_SIP_CSV_SEARCH = 1,    /**< generations */
    PAB_SIP_CSV_FINALISTS = 2, /**< all finalists */
    PAB_SIP_CSV_FRONT = 3,     /**< those on the front, by mean IS */
    PAB_SIP_CSV_SWEEPS = 4     /**< sweeps of local refinement */
};

PAB_API pab_status pab_sip_write_csv(const pab_sip *sip, int32_t what, const char *path); /**< with a header line */

PAB_END_DECLS

#endif
