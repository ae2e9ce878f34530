/**
 * @file book.h
 * @brief A single order book on its own: ABIDES' matching rules without agents or time delays.
 */
#ifndef PAIRSABIDES_BOOK_H
#define PAIRSABIDES_BOOK_H

#include <pairsabides/message.h>

PAB_BEGIN_DECLS

/** An order book. Used by one thread at a time. */
typedef struct pab_book pab_book;

/** Quirk bits, one per switch of `quirks:`; see docs/quirks.md. */
#define PAB_QUIRK_TABLE(X)      \
    X(STALE_FEED, 0)            \
    X(SILENT_MAKER, 1)          \
    X(STACKED_LADDERS, 2)       \
    X(MAKER_SUBSCRIPTION, 3)    \
    X(AVERAGE_LAST_TRADE, 4)    \
    X(SILENT_MARKET_ORDER, 5)   \
    X(TAKING_POST_ONLY, 6)      \
    X(LOOSE_PRICE_TO_COMPLY, 7) \
    X(ABSOLUTE_PARTIAL_CANCEL, 8)\
    X(QUANTITY_ONLY_MODIFY, 9)  \
    X(OVERFILLING_REPLACE, 10)  \
    X(SILENT_DISCARD, 11)       \
    X(ZERO_IS_NONE, 12)         \
    X(EARLY_ORDERS, 13)         \
    X(LATE_ENTRY, 14)           \
    X(UNEVEN_BUSY, 15)          \
    X(QUERY_DRIVEN_ORACLE, 16)  \
    X(CANCELLING_ESTIMATE, 17)  \
    X(BLIND_MOMENTUM, 18)       \
    X(WAKE_GRID, 19)

/** The bits of PAB_QUIRK_TABLE, none and all. */
enum {
#define PAB_QUIRK_ENTRY(name, bit) PAB_QUIRK_##name = 1 << bit,
    PAB_QUIRK_TABLE(PAB_QUIRK_ENTRY)
#undef PAB_QUIRK_ENTRY
    PAB_QUIRKS_NONE = 0,
    PAB_QUIRKS_ABIDES = (1 << 20) - 1
};

/** An order as its owner believes it to be. */
typedef struct pab_order {
    int64_t id;       /**< unique among resting orders */
    int64_t quantity; /**< shares */
    int64_t price;    /**< limit in ticks; ignored for market orders */
    int32_t agent;    /**< owner */
    int32_t side;     /**< PAB_BUY or PAB_SELL */
    uint32_t flags;   /**< PAB_ORDER_... */
    uint32_t ref;     /**< passed through to notifications */
} pab_order;

/** A notification to an order's owner; events come in the order in which they are sent. */
typedef struct pab_book_event {
    int32_t type;       /**< PAB_MSG_ORDER_ACCEPTED ... PAB_MSG_ORDER_REJECTED */
    int32_t recipient;  /**< agent notified */
    pab_order order;    /**< the order; its quantity as the type says */
    int64_t fill_price; /**< executions: ticks */
    int64_t old_id;     /**< replacements: the replaced order */
    int32_t reason;     /**< rejects: PAB_REJECT_... */
    int32_t flags;      /**< PAB_MSG_FLAG_INCOMING on the aggressor's executions */
} pab_book_event;

/** Kinds of rows in a book's history. PAB_ROW_AWAY: a trade of another venue, reported here; no order is named. */
enum { PAB_ROW_LIMIT, PAB_ROW_EXEC, PAB_ROW_CANCEL, PAB_ROW_CANCEL_PARTIAL, PAB_ROW_MODIFY, PAB_ROW_REPLACE,
       PAB_ROW_AWAY };

/** One row of a book's history, as in a recorded book.csv. Unused members are 0, ids -1. */
typedef struct pab_book_row {
    int32_t kind;           /**< PAB_ROW_... */
    int32_t side;           /**< PAB_BUY, PAB_SELL or 0 */
    int64_t order_id;       /**< resting or named order */
    int64_t other_order_id; /**< aggressor's or new order, -1 for none */
    int32_t agent;          /**< resting owner, -1 for none */
    int32_t other_agent;    /**< aggressor, -1 for none */
    int64_t quantity;       /**< shares */
    int64_t price;          /**< ticks */
} pab_book_row;

/** Receivers of events and rows; either may be NULL. Rows come as the book changes, events as they are sent. */
typedef struct pab_book_sink {
    uint32_t struct_size;                                       /**< sizeof(pab_book_sink) as the caller knows it */
    uint32_t reserved;                                          /**< 0 */
    void *user;                                                 /**< first argument of the callbacks */
    void (*event)(void *user, const pab_book_event *event);     /**< one notification */
    void (*row)(void *user, const pab_book_row *row);           /**< one history row */
} pab_book_sink;

/** One resting order of a full-depth listing. */
typedef struct pab_resting_order {
    int64_t price;    /**< of the level, ticks */
    int64_t order_id; /**< id */
    int64_t quantity; /**< shares */
    int32_t agent;    /**< owner */
    int32_t side;     /**< PAB_BUY or PAB_SELL */
    int32_t level;    /**< 0 is the best */
    int32_t position; /**< in its queue, 0 is the front */
    int32_t hidden;   /**< 1: in the hidden queue */
    int32_t ptc_half; /**< price-to-comply: 1 visible half, 2 hidden half, else 0 */
} pab_resting_order;

/** State of a book at a glance. */
typedef struct pab_book_summary {
    uint32_t struct_size;   /**< sizeof(pab_book_summary) as the caller knows it */
    uint32_t order_count;   /**< resting orders, both halves of a price-to-comply order counted */
    uint32_t bid_levels;    /**< levels, hidden-only ones included */
    uint32_t ask_levels;    /**< likewise */
    int64_t best_bid;       /**< first level's price, hidden-only or not; 0 for none */
    int64_t best_ask;       /**< likewise */
    int64_t last_trade;     /**< ticks, 0 before the first */
    int64_t last_update;    /**< ns: see quirk stale_feed */
} pab_book_summary;

/**
 * Makes an empty book.
 * @param host    hooks, NULL for defaults
 * @param quirks  PAB_QUIRK_... bits
 * @param sink    receivers, copied; NULL for none
 */
PAB_API pab_status pab_book_new(const pab_host *host, uint32_t quirks, const pab_book_sink *sink, pab_book **out);
PAB_API void pab_book_free(pab_book *book);  /**< NULL is allowed */
PAB_API void pab_book_clear(pab_book *book); /**< empties the book, keeps its memory */

/** @name Operations
 * `now` is the book's clock, ns, never decreasing. They fail only with PAB_E_ARGUMENT or PAB_E_MEMORY.
 * @{ */
PAB_API pab_status pab_book_limit(pab_book *book, int64_t now, const pab_order *order);  /**< a limit order enters */
PAB_API pab_status pab_book_market(pab_book *book, int64_t now, const pab_order *order); /**< a market order enters */
/** The order is found by side, price and id. */
PAB_API pab_status pab_book_cancel(pab_book *book, int64_t now, const pab_order *order);
/** Takes `quantity` off. */
PAB_API pab_status pab_book_partial_cancel(pab_book *book, int64_t now, const pab_order *order, int64_t quantity);
/** Both orders have the same id. */
PAB_API pab_status pab_book_modify(pab_book *book, int64_t now, const pab_order *order, const pab_order *changed);
/** Notifies `requester`. */
PAB_API pab_status pab_book_replace(pab_book *book, int64_t now, int32_t requester, const pab_order *order,
                                    const pab_order *fresh);
/** @} */

/** @name Queries
 * @{ */
/** Best visible quote. Missing sides are 0. */
PAB_API pab_status pab_book_l1(const pab_book *book, pab_level *bid, pab_level *ask);
/** First `depth` levels of a side, those without visible shares dropped; returns the number written (at most cap). */
PAB_API uint32_t pab_book_l2(const pab_book *book, int32_t side, uint32_t depth, pab_level *out, uint32_t cap);
/** All resting orders of a side: level by level, visible queue before hidden; returns the number there are. */
PAB_API uint32_t pab_book_l3(const pab_book *book, int32_t side, pab_resting_order *out, uint32_t cap);
/** Shares bought and sold by aggressors at or after now-lookback. */
PAB_API pab_status pab_book_volume(const pab_book *book, int64_t now, int64_t lookback, int64_t *bought, int64_t *sold);
/** Imbalance of visible shares: |value| in [0,1] and the dominant side (0 when balanced). */
PAB_API pab_status pab_book_imbalance(const pab_book *book, double *value, int32_t *side);
PAB_API pab_status pab_book_describe(const pab_book *book, pab_book_summary *out); /**< struct_size must be set */
/** @} */

PAB_END_DECLS

#endif
