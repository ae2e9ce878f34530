/**
 * @file message.h
 * @brief What travels between agents and exchanges.
 */
#ifndef PAIRSABIDES_MESSAGE_H
#define PAIRSABIDES_MESSAGE_H

#include <pairsabides/status.h>

PAB_BEGIN_DECLS

/** Message types and the names they carry in traces. */
#define PAB_MESSAGE_TABLE(X)                                    \
    X(PAB_MSG_WAKEUP, 0, "WakeupMsg")                           \
    X(PAB_MSG_MARKET_HOURS_REQUEST, 1, "MarketHoursRequestMsg") \
    X(PAB_MSG_MARKET_HOURS, 2, "MarketHoursMsg")                \
    X(PAB_MSG_CLOSE_PRICE_REQUEST, 3, "MarketClosePriceRequestMsg") \
    X(PAB_MSG_CLOSE_PRICE, 4, "MarketClosePriceMsg")            \
    X(PAB_MSG_MARKET_CLOSED, 5, "MarketClosedMsg")              \
    X(PAB_MSG_QUERY_SPREAD, 6, "QuerySpreadMsg")                \
    X(PAB_MSG_SPREAD, 7, "QuerySpreadResponseMsg")              \
    X(PAB_MSG_QUERY_VOLUME, 8, "QueryTransactedVolMsg")         \
    X(PAB_MSG_VOLUME, 9, "QueryTransactedVolResponseMsg")       \
    X(PAB_MSG_QUERY_LAST_TRADE, 10, "QueryLastTradeMsg")        \
    X(PAB_MSG_LAST_TRADE, 11, "QueryLastTradeResponseMsg")      \
    X(PAB_MSG_L1_SUBSCRIBE, 12, "L1SubReqMsg")                  \
    X(PAB_MSG_L2_SUBSCRIBE, 13, "L2SubReqMsg")                  \
    X(PAB_MSG_L3_SUBSCRIBE, 14, "L3SubReqMsg")                  \
    X(PAB_MSG_VOLUME_SUBSCRIBE, 15, "TransactedVolSubReqMsg")   \
    X(PAB_MSG_IMBALANCE_SUBSCRIBE, 16, "BookImbalanceSubReqMsg")\
    X(PAB_MSG_L1_DATA, 17, "L1DataMsg")                         \
    X(PAB_MSG_L2_DATA, 18, "L2DataMsg")                         \
    X(PAB_MSG_L3_DATA, 19, "L3DataMsg")                         \
    X(PAB_MSG_VOLUME_DATA, 20, "TransactedVolDataMsg")          \
    X(PAB_MSG_IMBALANCE_DATA, 21, "BookImbalanceDataMsg")       \
    X(PAB_MSG_LIMIT_ORDER, 22, "LimitOrderMsg")                 \
    X(PAB_MSG_MARKET_ORDER, 23, "MarketOrderMsg")               \
    X(PAB_MSG_CANCEL_ORDER, 24, "CancelOrderMsg")               \
    X(PAB_MSG_PARTIAL_CANCEL_ORDER, 25, "PartialCancelOrderMsg")\
    X(PAB_MSG_MODIFY_ORDER, 26, "ModifyOrderMsg")               \
    X(PAB_MSG_REPLACE_ORDER, 27, "ReplaceOrderMsg")             \
    X(PAB_MSG_BATCH, 28, "MessageBatch")                        \
    X(PAB_MSG_ORDER_ACCEPTED, 29, "OrderAcceptedMsg")           \
    X(PAB_MSG_ORDER_EXECUTED, 30, "OrderExecutedMsg")           \
    X(PAB_MSG_ORDER_CANCELLED, 31, "OrderCancelledMsg")         \
    X(PAB_MSG_ORDER_PARTIAL_CANCELLED, 32, "OrderPartialCancelledMsg") \
    X(PAB_MSG_ORDER_MODIFIED, 33, "OrderModifiedMsg")           \
    X(PAB_MSG_ORDER_REPLACED, 34, "OrderReplacedMsg")           \
    X(PAB_MSG_ORDER_REJECTED, 35, "OrderRejectedMsg")           \
    X(PAB_MSG_USER, 36, "UserMsg")

/** The types of PAB_MESSAGE_TABLE. */
enum {
#define PAB_MESSAGE_ENTRY(name, number, text) name = number,
    PAB_MESSAGE_TABLE(PAB_MESSAGE_ENTRY)
#undef PAB_MESSAGE_ENTRY
    PAB_MSG_COUNT
};

/** Name of a message type as it stands in traces, or NULL. Static text. */
PAB_API const char *pab_message_name(int32_t type);

/** Sides. A buyer's sign is +1. */
enum { PAB_BUY = 1, PAB_SELL = -1 };

/** Order flags. */
enum {
    PAB_ORDER_HIDDEN = 1,          /**< rests invisibly, behind all visible orders of its level */
    PAB_ORDER_POST_ONLY = 2,       /**< meant to add liquidity, never to take it */
    PAB_ORDER_PRICE_TO_COMPLY = 4, /**< rests visibly at its limit and hidden one tick better */
    PAB_ORDER_INSERT_BY_ID = 8,    /**< queues before visible orders of greater id */
    PAB_ORDER_IS_MARKET = 16       /**< no limit price */
};

/** Message flags. */
enum {
    PAB_MSG_FLAG_CLOSED = 1,          /**< the market was closed when the answer was made */
    PAB_MSG_FLAG_IMBALANCE_START = 2, /**< the imbalance began (absent: it ended) */
    PAB_MSG_FLAG_INCOMING = 4         /**< this fill is the aggressor's */
};

/** Why an order was rejected (`quirks.silent_discard: false`). */
enum {
    PAB_REJECT_QUANTITY = 1,   /**< quantity not positive */
    PAB_REJECT_PRICE = 2,      /**< price not positive, or past the limit */
    PAB_REJECT_SYMBOL = 3,     /**< the exchange has no such book */
    PAB_REJECT_UNKNOWN = 4,    /**< no such resting order */
    PAB_REJECT_POST_ONLY = 5,  /**< a post-only order would have traded or crossed */
    PAB_REJECT_CLOSED = 6,     /**< before the open */
    PAB_REJECT_SELF_TRADE = 7, /**< self-trade prevention */
    PAB_REJECT_DUPLICATE = 8   /**< an order of this id already rests */
};

/** Order part of a message. */
typedef struct pab_message_order {
    int64_t id;         /**< order id */
    int64_t quantity;   /**< shares: ordered, resting, filled or taken off, as the type says */
    int64_t price;      /**< limit price in ticks; 0 for market orders */
    int64_t fill_price; /**< ticks; executions only */
    int64_t other_id;   /**< replaced order's id; partial cancel: shares to take off */
    int32_t agent;      /**< owner's id */
    uint32_t ref;       /**< the library's own hint; pass it on untouched */
} pab_message_order;

/** Market-data part of a message: the touch. Deeper levels: pab_agent_levels. */
typedef struct pab_message_quote {
    int64_t bid;          /**< ticks, 0 for none */
    int64_t bid_quantity; /**< shares */
    int64_t ask;          /**< ticks, 0 for none */
    int64_t ask_quantity; /**< shares */
    int64_t last_trade;   /**< ticks */
    int32_t depth;        /**< levels asked for */
    uint32_t reserved;    /**< 0 */
} pab_message_quote;

/** Transacted volume: request and answer. */
typedef struct pab_message_volume {
    int64_t bought;   /**< shares bought by aggressors in the window */
    int64_t sold;     /**< shares sold by aggressors in the window */
    int64_t lookback; /**< window, ns */
} pab_message_volume;

/** Subscription request. */
typedef struct pab_message_subscription {
    int64_t interval;  /**< least time between two data messages, ns */
    int64_t lookback;  /**< transacted volume: window, ns */
    double threshold;  /**< imbalance: in [0,1] */
    int32_t depth;     /**< levels */
    int32_t cancel;    /**< 1: end the subscription */
} pab_message_subscription;

/** Imbalance data. */
typedef struct pab_message_imbalance {
    double value; /**< |imbalance| in [0,1] */
} pab_message_imbalance;

/** Payload of a message between user agents. */
typedef struct pab_message_user {
    int32_t kind;      /**< the sender's own code */
    int32_t reserved;  /**< 0 */
    int64_t i[3];      /**< integers */
    double d[2];       /**< reals */
} pab_message_user;

/** One price level. */
typedef struct pab_level {
    int64_t price;    /**< ticks */
    int64_t quantity; /**< visible shares */
} pab_level;

/** One message: 64 bytes, lent for the duration of the handler. */
typedef struct pab_message {
    uint8_t type;   /**< PAB_MSG_... */
    int8_t side;    /**< PAB_BUY, PAB_SELL or 0; imbalance: the dominant side */
    uint8_t flags;  /**< PAB_MSG_FLAG_... */
    uint8_t order_flags; /**< PAB_ORDER_... */
    int32_t symbol; /**< symbol index, -1 for none */
    int32_t reason; /**< PAB_REJECT_... for rejects */
    uint32_t next;  /**< the library's own link; read nothing from it */
    union {
        pab_message_order order;
        pab_message_quote quote;
        pab_message_volume volume;
        pab_message_subscription subscription;
        pab_message_imbalance imbalance;
        pab_message_user user;
        pab_level levels[3]; /* the library's own: deeper levels of a quote */
    } u; /**< the part that belongs to the type */
} pab_message;

PAB_END_DECLS

#endif
