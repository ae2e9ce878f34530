/**
 * @file scenario.h
 * @brief An immutable, validated scenario, shared by any number of markets on any number of threads.
 */
#ifndef PAIRSABIDES_SCENARIO_H
#define PAIRSABIDES_SCENARIO_H

#include <pairsabides/config.h>

PAB_BEGIN_DECLS

/** A frozen scenario. Safe to share between threads; reference counted. */
typedef struct pab_scenario pab_scenario;

/** Random generators: numpy-legacy streams that replay ABIDES, or counter-based ones. */
enum { PAB_RNG_ABIDES = 0, PAB_RNG_FAST = 1 };

/** What a scenario says about itself. */
typedef struct pab_scenario_info {
    uint32_t struct_size;      /**< sizeof(pab_scenario_info) as the caller knows it */
    int32_t rng;               /**< PAB_RNG_... */
    uint32_t symbol_count;     /**< tradable symbols */
    uint32_t agent_count;      /**< exchanges included */
    uint32_t exchange_count;   /**< agents 0 .. exchange_count-1 are exchanges */
    uint32_t group_count;      /**< agent groups */
    uint64_t default_seed;     /**< seed named by the scenario */
    uint64_t fingerprint;      /**< hash of everything that affects a run */
    int64_t kernel_start;      /**< ns */
    int64_t kernel_stop;       /**< ns */
    int64_t market_open;       /**< ns */
    int64_t market_close;      /**< ns */
    const char *name;          /**< lent until the scenario is freed */
    double tick_value;         /**< what a price of one tick is in money: `exchange.tick_value`, currency units */
} pab_scenario_info;

/** Validates `cfg`, copies all it needs, and freezes it. The caller owns one reference. */
PAB_API pab_status pab_scenario_new(const pab_config *cfg, pab_scenario **out);

/** Drops the caller's reference; NULL is allowed. Markets keep theirs. */
PAB_API void pab_scenario_free(pab_scenario *scn);

/** Fills `out`; its struct_size must be set. */
PAB_API pab_status pab_scenario_describe(const pab_scenario *scn, pab_scenario_info *out);

/** Name of a symbol, or NULL. Lent until the scenario is freed. */
PAB_API const char *pab_scenario_symbol(const pab_scenario *scn, uint32_t symbol);

/** What one agent group is. */
typedef struct pab_group_info {
    uint32_t struct_size; /**< sizeof(pab_group_info) as the caller knows it */
    int32_t symbol;       /**< index of the traded symbol, -1 for none or all */
    int32_t first_id;     /**< id of the first agent */
    int32_t count;        /**< number of agents */
    int64_t starting_cash;/**< ticks, as prices: times the scenario's tick_value it is money */
    const char *name;     /**< key under `agents`; lent */
    const char *type;     /**< name of the agent type; lent */
    const char *label;    /**< type name printed in tables, ABIDES' class name for built-in types; lent */
} pab_group_info;

/** Describes group `index`; PAB_E_RANGE past the last. */
PAB_API pab_status pab_scenario_group(const pab_scenario *scn, uint32_t index, pab_group_info *out);

PAB_END_DECLS

#endif
