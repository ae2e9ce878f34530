/**
 * @file qtable.h
 * @brief Stage 1: a rule expert with Q-tables, which follows the rule's advice unless another action is cheaper.
 *
 * A learned expert has three tables: one per leg, over 4 050 states and 17 actions, and one for the pair, over 1 620
 * states and 25 pairs of action classes. The rule advises a leg's table, the tables of the legs advise the pair's. The
 * pair's table chooses a class for each leg, the leg's table an action of that class. Where a table knows too little,
 * it follows the advice. learn.h trains tables; here they are loaded, described and played.
 */
#ifndef PAIRSABIDES_QTABLE_H
#define PAIRSABIDES_QTABLE_H

#include <pairsabides/policy.h>

PAB_BEGIN_DECLS

/** The rule experts, in the order of every table. */
enum { PAB_EXPERT_LAE = 0, PAB_EXPERT_SCE = 1, PAB_EXPERT_OME = 2, PAB_EXPERT_RAE = 3, PAB_EXPERT_COUNT = 4 };

typedef struct pab_qtable pab_qtable; /**< a learned expert; immutable once trained, may be shared between threads */

PAB_API void pab_qtable_free(pab_qtable *q);                                    /**< NULL is allowed */
PAB_API pab_status pab_qtable_save(const pab_qtable *q, const char *path);      /**< checksummed file */
PAB_API pab_status pab_qtable_load(const pab_host *host, const char *path, pab_qtable **out); /**< reads it back */
PAB_API int32_t pab_qtable_expert(const pab_qtable *q);                         /**< PAB_EXPERT_... */
PAB_API pab_status pab_qtable_policy(const pab_qtable *q, pab_policy **out);    /**< greedy policy; q must outlive it */

/** The tables of a learned expert. */
enum { PAB_TABLE_LEG_A = 0, PAB_TABLE_LEG_B = 1, PAB_TABLE_PAIR = 2, PAB_TABLE_COUNT = 3 };

/** When a table decides against its advice. */
enum {
    PAB_TABLE_PLAIN = 0,     /**< wherever enough was learned */
    PAB_TABLE_CONFIDENT = 1, /**< only where the gap to the advice is larger than its standard error */
    PAB_TABLE_RULE = 2       /**< never: it did not beat its advice on validation seeds */
};

/** How training ended for one table. Returns are of the expert's own reward, bps. */
typedef struct pab_qtable_info {
    uint32_t struct_size; /**< sizeof(pab_qtable_info) as the caller knows it */
    int32_t mode;         /**< PAB_TABLE_PLAIN, _CONFIDENT or _RULE */
    uint32_t states;      /**< rows */
    uint32_t actions;     /**< that a table chooses from */
    uint32_t visited;     /**< rows visited in training */
    uint32_t best_round;  /**< round of the table that was kept; 0: before the first */
    double scale;         /**< sigma: how much a usual choice matters */
    double gain;          /**< mean return less that of its advice alone, validation seeds, as it plays */
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

/** One round of training. NaN where a number was not measured in this round. */
typedef struct pab_qtable_round {
    uint32_t struct_size; /**< sizeof(pab_qtable_round) as the caller knows it */
    int32_t table;        /**< PAB_TABLE_... */
    uint32_t round;       /**< from 1 within the table; 0: validation of the rule */
    uint32_t visited;     /**< states visited so far */
    double reward;        /**< mean return of the round's episodes, exploring, or of its trunks, bps */
    double advantage;     /**< mean return, exploring, less that of the baseline (rule, trunk), bps */
    double shortfall;     /**< mean IS, bps */
    double tracking;      /**< mean TE, % */
    double entropy;       /**< of greedy actions over visited states, nats */
    double missed;        /**< mean |target - value|, bps */
    double explore;       /**< mean probability of exploring */
    double rule_share;    /**< share of the rule in exploration */
    double validation;    /**< mean return on validation seeds, greedy, bps */
    double gain;          /**< the same less that of the advice alone, seed by seed */
    double gain_error;    /**< standard error of the gain */
    double agreement;     /**< share of validation decisions that were as advised */
} pab_qtable_round;

/** Round `index` of the learning curve; struct_size must be set. PAB_E_RANGE past the last. */
PAB_API pab_status pab_qtable_curve(const pab_qtable *q, uint32_t index, pab_qtable_round *out);

PAB_END_DECLS

#endif
