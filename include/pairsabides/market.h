/**
 * @file market.h
 * @brief A running market: all that a run changes, in one flat state that can be saved, copied and hashed.
 */
#ifndef PAIRSABIDES_MARKET_H
#define PAIRSABIDES_MARKET_H

#include <pairsabides/book.h>
#include <pairsabides/scenario.h>

PAB_BEGIN_DECLS

/** A market. Used by one thread at a time; different markets are independent. */
typedef struct pab_market pab_market;

/** Makes a market of a scenario, which it keeps alive. Reset it before use. */
PAB_API pab_status pab_market_new(pab_scenario *scn, pab_market **out);
PAB_API void pab_market_free(pab_market *m); /**< NULL is allowed */

/** Builds the market's first state for `seed`. With `rng: abides` seeds are below 2^32, else PAB_E_RANGE. */
PAB_API pab_status pab_market_reset(pab_market *m, uint64_t seed);

/** Why pab_market_run returned. */
enum { PAB_RUN_TIME = 0, PAB_RUN_PAUSED = 1, PAB_RUN_ENDED = 2 };

/**
 * Delivers everything due up to and including `until`: ns, on the scenario's day (or before its kernel_stop) and not
 * before the market's time, else PAB_E_RANGE and nothing is changed. INT64_MAX: to the end.
 * @param why  receives PAB_RUN_...; may be NULL
 * @return     PAB_OK; PAB_E_STATE before reset or after an error; PAB_E_MEMORY, PAB_E_CAPACITY, PAB_E_RANGE:
 *             the market then accepts only reset, restore, copy into it, and free
 */
PAB_API pab_status pab_market_run(pab_market *m, int64_t until, int32_t *why);

/** Runs to the scenario's end and winds the agents up (marks to market, calls on_stop). */
PAB_API pab_status pab_market_finish(pab_market *m);

/** Delivers one entry. `why` receives PAB_RUN_TIME after a delivery, PAB_RUN_ENDED when no entry is left. */
PAB_API pab_status pab_market_step(pab_market *m, int32_t *why);

/** Totals of a run so far. */
typedef struct pab_market_counters {
    uint32_t struct_size;    /**< sizeof(pab_market_counters) as the caller knows it */
    uint32_t reserved;       /**< 0 */
    int64_t now;             /**< ns: time of the last entry taken from the queue, delivered or put back */
    uint64_t queue_pops;     /**< ABIDES' message count: deliveries and re-queues */
    uint64_t delivered;      /**< entries delivered */
    uint64_t orders_created; /**< order ids handed out */
    int64_t last_delivery;   /**< ns: time of the last entry delivered to an agent */
    int32_t ended;           /**< 1 once the run is over */
    int32_t finished;        /**< 1 once agents are wound up */
} pab_market_counters;

PAB_API pab_status pab_market_count(const pab_market *m, pab_market_counters *out); /**< struct_size must be set */

/** @name State
 * A saved state belongs to its scenario (same fingerprint). It is position-independent and little-endian.
 * @{ */
/**
 * Writes the state into `buf`.
 * @param needed  receives the bytes of the state; may be NULL
 * @return        PAB_E_CAPACITY when cap is too small (needed is still set; buf is untouched)
 */
PAB_API pab_status pab_market_save(const pab_market *m, void *buf, size_t cap, size_t *needed);
/** Takes over a saved state. Damaged or foreign ones leave the market unchanged; forged ones (PAB_E_CORRUPT) failed. */
PAB_API pab_status pab_market_restore(pab_market *m, const void *buf, size_t len);
/** Writes a checksummed file: temporary, sync, rename. */
PAB_API pab_status pab_market_save_file(const pab_market *m, const char *path);
PAB_API pab_status pab_market_load_file(pab_market *m, const char *path);        /**< unchanged on error */
/** dst becomes equal to src; both of the same scenario (else PAB_E_KIND). No allocation once dst is warm. */
PAB_API pab_status pab_market_copy(pab_market *dst, const pab_market *src);
/** XXH3-64 of the canonical state: equal states have equal hashes. */
PAB_API pab_status pab_market_hash(const pab_market *m, uint64_t *out);
/**
 * Gives this market another future: from now on all random streams are also keyed by `fork`. Markets that are equal
 * stay equal when reseeded with the same number. PAB_E_UNSUPPORTED with `rng: abides`, whose streams have no keys.
 */
PAB_API pab_status pab_market_reseed(pab_market *m, uint64_t fork);
PAB_API size_t pab_market_memory(const pab_market *m); /**< bytes held by this handle */
/** @} */

/** @name Reading
 * @{ */
/** As pab_book_l1. */
PAB_API pab_status pab_market_l1(const pab_market *m, uint32_t symbol, pab_level *bid, pab_level *ask);
/** As pab_book_l2; 0 for an unknown symbol. */
PAB_API uint32_t pab_market_l2(const pab_market *m, uint32_t symbol, int32_t side, uint32_t depth, pab_level *out,
                               uint32_t cap);
/** As pab_book_l3; 0 for an unknown symbol. */
PAB_API uint32_t pab_market_l3(const pab_market *m, uint32_t symbol, int32_t side, pab_resting_order *out,
                               uint32_t cap);

/** State and totals of one symbol. */
typedef struct pab_symbol_info {
    uint32_t struct_size;       /**< sizeof(pab_symbol_info) as the caller knows it */
    uint32_t megashocks;        /**< number drawn so far; the last of them lies ahead, at next_shock_time */
    int64_t accepted;           /**< orders that came to rest */
    int64_t cancelled;          /**< cancels that found their order */
    int64_t trades;             /**< fills */
    int64_t traded_volume;      /**< shares */
    int64_t last_trade;         /**< ticks; the oracle's mean before the first */
    int64_t fundamental;        /**< last computed value, ticks */
    int64_t next_shock_time;    /**< ns */
    double next_shock_value;    /**< ticks */
} pab_symbol_info;

/** Fills `out`; its struct_size must be set. */
PAB_API pab_status pab_market_symbol(const pab_market *m, uint32_t symbol, pab_symbol_info *out);

/** State of one agent. */
typedef struct pab_agent_info {
    uint32_t struct_size;    /**< sizeof(pab_agent_info) as the caller knows it */
    int32_t group;           /**< index of its group, -1 for an exchange */
    int64_t cash;            /**< ticks: shares times prices; times the scenario's tick_value it is money */
    int64_t mark_to_market;  /**< cash + holdings at the last trades the agent knows */
    int64_t busy_until;      /**< ns */
    uint32_t open_orders;    /**< length of its open-order list */
    uint32_t reserved;       /**< 0 */
} pab_agent_info;

/** Fills `out`; its struct_size must be set. */
PAB_API pab_status pab_market_agent(const pab_market *m, int32_t agent, pab_agent_info *out);
/** Shares; 0 where unknown. */
PAB_API int64_t pab_market_holding(const pab_market *m, int32_t agent, uint32_t symbol);
/** The agent's own state (state_size bytes of its type), lent until the market changes; NULL for exchanges. */
PAB_API const void *pab_market_agent_state(const pab_market *m, int32_t agent);
/** @} */

/** One delivery, as seen by a tap. */
typedef struct pab_delivery {
    int64_t time;      /**< ns */
    int32_t sender;    /**< agent id */
    int32_t recipient; /**< agent id */
    int32_t type;      /**< PAB_MSG_... */
    int32_t reserved;  /**< 0 */
} pab_delivery;

/** Observers of a run. They read; a run with and without taps has the same hash. NULL members are skipped. */
typedef struct pab_tap {
    uint32_t struct_size; /**< sizeof(pab_tap) as the caller knows it */
    uint32_t reserved;    /**< 0 */
    void *user;           /**< first argument of the callbacks */
    /** Each delivered entry. */
    void (*delivery)(void *user, const pab_delivery *d);
    /** Each row of a book's history: PAB_ROW_... in book.h. */
    void (*row)(void *user, int64_t time, uint32_t symbol, const pab_book_row *row);
    /** Best visible quote, when it changed after a row. Missing sides are 0. */
    void (*l1)(void *user, int64_t time, uint32_t symbol, const pab_level *bid, const pab_level *ask);
    /** Each computed fundamental; `stopping` is 1 during wind-up. The first is the oracle's opening value, at reset. */
    void (*fundamental)(void *user, uint32_t symbol, int64_t time, int64_t value, int32_t stopping);
    /** Each megashock drawn; the first at reset. */
    void (*megashock)(void *user, uint32_t symbol, int64_t time, double value);
    /** Each message with all it holds, before its recipient takes it; a batch message by message. No wake-ups. */
    void (*message)(void *user, int64_t time, int32_t sender, int32_t recipient, const pab_message *msg);
} pab_tap;

/** Attaches observers (NULL: none). Set before reset to see everything. Not part of the state. */
PAB_API pab_status pab_market_set_tap(pab_market *m, const pab_tap *tap);

PAB_END_DECLS

#endif
