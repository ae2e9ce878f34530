/**
 * @file qtable.h
 * @brief Stage 1 of learning: Q-tables that start from a rule expert's advice and deviate where that is cheaper.
 *
 * A learned expert has three tables: one per leg, over 4 050 states and 17 actions, and one for the pair, over 1 620
 * states and 25 pairs of action classes. The advice of a leg's table is the rule's action, that of the pair's table the
 * classes that both leg tables choose. The pair's table chooses a class for each leg, the leg's table an action of that
 * class. A table that has learned too little leaves the decision to its advice.
 *
 * Tables learn in one of two ways. From forks (the default): at the first occurrence of an advice in an episode the
 * market is copied, and the copy plays another action there and at every later occurrence of that advice. The
 * difference of returns in the same future is one sample of the action's value, shared by all states. Or from whole
 * episodes, by double Watkins Q(lambda), state by state, which needs more episodes. docs/methods.md 4 has the formulas.
 *
 * Training is deterministic in its arguments, for any number of threads, and uses training and validation seeds only.
 */
#ifndef PAIRSABIDES_QTABLE_H
#define PAIRSABIDES_QTABLE_H

#include <pairsabides/policy.h>
#include <pairsabides/progress.h>

PAB_BEGIN_DECLS

/** The rule experts, in the order of every table. */
enum { PAB_EXPERT_LAE = 0, PAB_EXPERT_SCE = 1, PAB_EXPERT_OME = 2, PAB_EXPERT_RAE = 3, PAB_EXPERT_COUNT = 4 };

struct pab_moe_options;
struct pab_qtable_options;

/** Options that all stages of learning share. */
typedef struct pab_learn_options {
    uint32_t struct_size;   /**< sizeof(pab_learn_options) as the caller knows it */
    uint32_t threads;       /**< 0: the caller's thread */
    uint64_t master_seed;   /**< identifies the training run */
    double budget;          /**< scales rounds, generations, starts and seeds together; 1 is the documented default */
    const char *log_path;   /**< CSV of the learning curve; NULL for none */
    const char *checkpoint; /**< file rewritten after every round, resumed from when it exists; NULL for none */
    const pab_progress *progress; /**< NULL for none */
    const struct pab_moe_options *moe; /**< Stage 3 only; NULL for its defaults */
    const struct pab_qtable_options *qtable; /**< Stage 1 only; NULL for its defaults */
} pab_learn_options;

PAB_API pab_status pab_learn_options_init(pab_learn_options *options, uint32_t size); /**< budget 1, seed 1, no files */

/** Options of Stage 1. pab_qtable_options_init fills in the defaults. */
typedef struct pab_qtable_options {
    uint32_t struct_size; /**< sizeof(pab_qtable_options) as the caller knows it */
    uint32_t rounds;      /**< per table, at most; 0 (default): 64 times the budget, at least 2 */
    uint32_t episodes;    /**< episodes (or forks) per round; default 128 */
    uint32_t repeats;     /**< of these from one warm-up, at most 64 with forks; default 8 */
    int32_t baseline;     /**< episodes only. 1 (default): subtracts the rule's rewards on the same seed */
    uint32_t validation;  /**< seeds per regime; 0 (default): 48 times the budget, at least 4 */
    uint32_t interval;    /**< rounds between validations; default 16 */
    uint32_t patience;    /**< validations without gain that end a table's training; default 3 */
    double trace;         /**< episodes only: lambda, in [0, 1]; default 0.8 */
    double prior_visits;  /**< weight of the prior of a new entry, in samples; default 40 */
    int32_t forks;        /**< 1 (default): learns from forks; 0: from whole episodes, by Watkins' Q(lambda) */
    uint32_t reserved;    /**< 0 */
} pab_qtable_options;

PAB_API pab_status pab_qtable_options_init(pab_qtable_options *options, uint32_t size); /**< defaults */

typedef struct pab_qtable pab_qtable; /**< a learned expert; immutable once trained, may be shared between threads */

/**
 * Trains expert `expert` (PAB_EXPERT_...) by double Watkins Q(lambda): leg A, leg B, then the pair.
 * @param options  NULL for the defaults
 * @return         PAB_E_CANCELLED when the progress hook returns non-zero; training resumes from the checkpoint.
 *                 PAB_E_KIND for a checkpoint of another scenario or other options
 */
PAB_API pab_status pab_qtable_train(pab_scenario *scn, int32_t expert, const pab_learn_options *options,
                                    pab_qtable **out);
PAB_API void pab_qtable_free(pab_qtable *q);                                    /**< NULL is allowed */
PAB_API pab_status pab_qtable_save(const pab_qtable *q, const char *path);      /**< checksummed file */
PAB_API pab_status pab_qtable_load(const pab_host *host, const char *path, pab_qtable **out); /**< reads it back */
PAB_API int32_t pab_qtable_expert(const pab_qtable *q);                         /**< PAB_EXPERT_... */
PAB_API pab_status pab_qtable_policy(const pab_qtable *q, pab_policy **out);    /**< greedy policy; q must outlive it */

/** The tables of a learned expert. */
enum { PAB_TABLE_LEG_A = 0, PAB_TABLE_LEG_B = 1, PAB_TABLE_PAIR = 2, PAB_TABLE_COUNT = 3 };

/** When a table may deviate from its advice. */
enum {
    PAB_TABLE_PLAIN = 0,     /**< where it has enough samples */
    PAB_TABLE_CONFIDENT = 1, /**< only where the gap to the advice is larger than its standard error */
    PAB_TABLE_RULE = 2       /**< never: it did not beat its advice on validation seeds */
};

/** How training ended for one table. Returns are of the expert's own reward, bps. */
typedef struct pab_qtable_info {
    uint32_t struct_size; /**< sizeof(pab_qtable_info) as the caller knows it */
    int32_t mode;         /**< PAB_TABLE_PLAIN, _CONFIDENT or _RULE */
    uint32_t states;      /**< rows */
    uint32_t actions;     /**< columns */
    uint32_t visited;     /**< rows visited in training */
    uint32_t best_round;  /**< round of the table that was kept; 0: before the first */
    double scale;         /**< sigma: median over rows of greatest less median value, bps */
    double gain;          /**< mean return less that of its advice, on validation seeds, in this mode */
    double gain_error;    /**< its standard error */
    double plain_gain;    /**< the same for PAB_TABLE_PLAIN */
    double confident_gain;/**< and for PAB_TABLE_CONFIDENT */
} pab_qtable_info;

/** Describes a table, PAB_TABLE_...; struct_size must be set. */
PAB_API pab_status pab_qtable_describe(const pab_qtable *q, int32_t table, pab_qtable_info *out);

/** One entry of a table. */
typedef struct pab_qtable_entry {
    uint32_t struct_size; /**< sizeof(pab_qtable_entry) as the caller knows it */
    uint32_t visits;      /**< of the state; of a shared row: forks */
    double value;         /**< mean of both halves, bps */
    double count;         /**< updates of the entry */
    double error;         /**< standard error of its targets; infinite below two */
} pab_qtable_entry;

/**
 * Reads an entry; struct_size must be set. Columns are actions, or class pairs 5 * class of A + class of B.
 * @param state  below `states` of pab_qtable_info: what a state adds, learned from whole episodes; columns are valued
 *               where the advice is something else, and one more column, `actions`, is following the advice. From
 *               `states` on, `actions` more rows: what all states share, learned from forks; row `states` + r is where
 *               the advice is r. The value of an action in a state is the sum of both
 */
PAB_API pab_status pab_qtable_read(const pab_qtable *q, int32_t table, uint32_t state, int32_t action,
                                   pab_qtable_entry *out);

/** One round of training. NaN: not measured in this round. */
typedef struct pab_qtable_round {
    uint32_t struct_size; /**< sizeof(pab_qtable_round) as the caller knows it */
    int32_t table;        /**< PAB_TABLE_... */
    uint32_t round;       /**< from 1 within the table; 0: validation of the rule */
    uint32_t visited;     /**< states visited so far */
    double reward;        /**< mean return of the round's episodes, exploring, or of its trunks, bps */
    double advantage;     /**< mean return, exploring, less that of the baseline (rule or trunk), bps */
    double shortfall;     /**< mean IS, bps */
    double tracking;      /**< mean TE, % */
    double entropy;       /**< of greedy actions over visited states, nats */
    double missed;        /**< mean |target - value|, bps */
    double explore;       /**< mean probability of exploring */
    double rule_share;    /**< share of the rule in exploration */
    double validation;    /**< mean return on validation seeds, greedy, bps */
    double gain;          /**< the same less that of the advice alone, seed by seed */
    double gain_error;    /**< standard error of the gain */
    double agreement;     /**< share of validation decisions equal to the advice */
} pab_qtable_round;

/** Round `index` of the learning curve; struct_size must be set. PAB_E_RANGE past the last. */
PAB_API pab_status pab_qtable_curve(const pab_qtable *q, uint32_t index, pab_qtable_round *out);

PAB_END_DECLS

#endif
