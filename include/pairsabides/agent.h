/**
 * @file agent.h
 * @brief The interface every trading agent is written against, built-in or yours.
 *
 * An agent type is a record of callbacks and a parameter table. Each agent of the type owns `state_size`
 * bytes in the market's flat state: plain data, no pointers, so that save, restore, copy and hash cover it.
 * A callback acts through the `pab_agent` it is given, which is valid only during the call.
 *
 * The library does what every trading agent does (ABIDES' trading agent): it asks for market hours and the
 * close price, keeps cash, holdings, the list of open orders and the last known quotes, and then calls the type.
 */
#ifndef PAIRSABIDES_AGENT_H
#define PAIRSABIDES_AGENT_H

#include <pairsabides/message.h>
#include <pairsabides/param.h>

PAB_BEGIN_DECLS

/** An agent during one of its callbacks. */
typedef struct pab_agent pab_agent;

/** A type of agent. Fill in with pab_agent_type_init, then the members that the type needs. */
typedef struct pab_agent_type {
    uint32_t struct_size;     /**< sizeof(pab_agent_type) as the caller knows it */
    uint32_t state_size;      /**< bytes of state per agent, zeroed before on_build; may be 0 */
    uint32_t params_size;     /**< bytes of the parameter record shared by a group */
    uint32_t params_count;    /**< rows in `params` */
    const char *name;         /**< the word after `type:` in YAML */
    const char *label;        /**< the name in tables and traces */
    const pab_param *params;  /**< keys of the group under `agents`, stored into the parameter record */
    void *user;               /**< the caller's own, see pab_agent_user */
    /** Draws from the shared build generator (pab_agent_shared_uniform) before the own one exists. May be NULL. */
    void (*on_build)(pab_agent *self, void *state);
    /** Construction: draws from the own generator. May be NULL. */
    void (*on_start)(pab_agent *self, void *state);
    /** Market hours just became known: returns the offset after the open of the first waking, in ns. NULL: 0. */
    int64_t (*first_wakeup)(pab_agent *self, void *state);
    /** A wake-up, after the base part. `can_trade`: hours are known and the market is not closed. */
    void (*on_wakeup)(pab_agent *self, void *state, int32_t can_trade);
    /** A message, after the base part took it in. May be NULL. */
    void (*on_message)(pab_agent *self, void *state, const pab_message *msg, int32_t sender);
    /** The run is over. May be NULL. */
    void (*on_stop)(pab_agent *self, void *state);
    /** A state was read from a file: 1 where it can be one of this agent's, so that its counts and indices may be used;
     * 0 refuses the file. NULL: any bytes will do. */
    int32_t (*accepts)(pab_agent *self, const void *state);
} pab_agent_type;

/** Zeroes the record and sets struct_size. `size` is sizeof(pab_agent_type) as the caller knows it. */
PAB_API pab_status pab_agent_type_init(pab_agent_type *type, uint32_t size);

/** @name Who and when
 * @{ */
PAB_API int32_t pab_agent_id(const pab_agent *self);            /**< this agent's id */
PAB_API int32_t pab_agent_symbol(const pab_agent *self);        /**< its group's symbol, or -1 */
PAB_API const void *pab_agent_params(const pab_agent *self);    /**< its group's parameter record */
PAB_API void *pab_agent_user(const pab_agent *self);            /**< the type's `user` */
PAB_API int64_t pab_agent_now(const pab_agent *self);           /**< simulated time, ns */
PAB_API int64_t pab_agent_market_open(const pab_agent *self);   /**< ns */
PAB_API int64_t pab_agent_market_close(const pab_agent *self);  /**< ns */
PAB_API int32_t pab_agent_hours_known(const pab_agent *self);   /**< 1 once the exchange has told the hours */
PAB_API int32_t pab_agent_market_closed(const pab_agent *self); /**< 1 once the agent has learnt of the close */
PAB_API int32_t pab_agent_close_known(const pab_agent *self);   /**< 1 once a query answered after the close */
PAB_API int32_t pab_agent_symbol_count(const pab_agent *self);  /**< symbols in the market */
/** @} */

/** @name What it knows. `symbol` must be its own unless the group has none.
 * @{ */
/** Ticks: shares times prices; times the scenario's tick_value it is money. */
PAB_API int64_t pab_agent_cash(const pab_agent *self);
PAB_API int64_t pab_agent_holding(const pab_agent *self, int32_t symbol);    /**< shares, negative when short */
PAB_API int64_t pab_agent_last_trade(const pab_agent *self, int32_t symbol); /**< ticks, 0 when unknown */
PAB_API int64_t pab_agent_bid(const pab_agent *self, int32_t symbol);        /**< last known best bid, 0 for none */
PAB_API int64_t pab_agent_ask(const pab_agent *self, int32_t symbol);        /**< last known best ask, 0 for none */
PAB_API int64_t pab_agent_bid_quantity(const pab_agent *self, int32_t symbol); /**< shares there */
PAB_API int64_t pab_agent_ask_quantity(const pab_agent *self, int32_t symbol); /**< shares there */

/** An entry of the agent's own open-order list, as the agent believes it to be. */
typedef struct pab_open_order {
    int64_t id;       /**< order id */
    int64_t quantity; /**< shares not yet reported filled */
    int64_t price;    /**< limit, ticks */
    int32_t symbol;   /**< symbol index */
    int32_t side;     /**< PAB_BUY or PAB_SELL */
    uint32_t flags;   /**< PAB_ORDER_... */
    uint32_t ref;     /**< the library's own hint */
} pab_open_order;

/** Entries in the open-order list. */
PAB_API uint32_t pab_agent_open_count(const pab_agent *self);

/** Copies up to `cap` entries in order of entry; returns the number copied. */
PAB_API uint32_t pab_agent_open_orders(const pab_agent *self, pab_open_order *out, uint32_t cap);

/**
 * Copies the levels of a market-data message, best first.
 * @param side  PAB_BUY for bids, PAB_SELL for asks
 * @return      number copied, at most `cap`
 */
PAB_API uint32_t pab_agent_levels(const pab_agent *self, const pab_message *msg, int32_t side, pab_level *out,
                                  uint32_t cap);
/** @} */

/** @name What it does
 * Orders are numbered when placed and listed as open. An order of another agent cannot be touched.
 * Quantities that the exchange refuses follow the scenario's quirks.
 * @{ */
/** Asks to be woken. Not before now: a time in the past stops the run with PAB_E_RANGE. */
PAB_API void pab_agent_wakeup_at(pab_agent *self, int64_t time);
/** Answered by PAB_MSG_SPREAD; depth 1 .. 256. Another depth stops the run with PAB_E_RANGE. */
PAB_API void pab_agent_query_spread(pab_agent *self, int32_t symbol, int32_t depth);
/** Answered by PAB_MSG_VOLUME; lookback in ns, from 0. */
PAB_API void pab_agent_query_volume(pab_agent *self, int32_t symbol, int64_t lookback);
/** Answered by PAB_MSG_LAST_TRADE. */
PAB_API void pab_agent_query_last_trade(pab_agent *self, int32_t symbol);
/** Subscribes: `type` is PAB_MSG_L1_SUBSCRIBE ... PAB_MSG_IMBALANCE_SUBSCRIBE. L2 and L3 have depth 1 .. 256. */
PAB_API void pab_agent_subscribe(pab_agent *self, int32_t type, int32_t symbol, const pab_message_subscription *sub);
/** Sends a limit order; returns its id. Unknown flags and fewer than 0 shares stop the run: -1 is returned. */
PAB_API int64_t pab_agent_limit_order(pab_agent *self, int32_t symbol, int32_t side, int64_t quantity, int64_t price,
                                      uint32_t flags);
/** Sends a market order; returns its id, or -1 as pab_agent_limit_order. */
PAB_API int64_t pab_agent_market_order(pab_agent *self, int32_t symbol, int32_t side, int64_t quantity);
/** Collects limit orders instead of sending them, until pab_agent_batch_end sends them as one entry. */
PAB_API void pab_agent_batch_begin(pab_agent *self);
PAB_API void pab_agent_batch_end(pab_agent *self); /**< sends the collected orders; nothing when there are none */
PAB_API pab_status pab_agent_cancel(pab_agent *self, int64_t order_id);  /**< PAB_E_KEY if not in the open list */
/** One cancel per listed limit order, in list order. */
PAB_API void pab_agent_cancel_all(pab_agent *self);
/** Takes `quantity` off an open order. */
PAB_API pab_status pab_agent_partial_cancel(pab_agent *self, int64_t order_id, int64_t quantity);
/** Asks for another quantity (and, with quirks off, price). */
PAB_API pab_status pab_agent_modify(pab_agent *self, int64_t order_id, int64_t quantity, int64_t price);
/** Replaces an open order by a new one; `new_id` receives the new id and may be NULL. */
PAB_API pab_status pab_agent_replace(pab_agent *self, int64_t order_id, int64_t quantity, int64_t price,
                                     int64_t *new_id);
/** Sends a PAB_MSG_USER message to any agent but an exchange. */
PAB_API pab_status pab_agent_send(pab_agent *self, int32_t recipient, const pab_message_user *payload);
/** Transient computation delay of this event. */
PAB_API void pab_agent_add_delay(pab_agent *self, int64_t ns);
PAB_API void pab_agent_set_computation_delay(pab_agent *self, int64_t ns); /**< from now on */
/** Makes pab_market_run return after this event. */
PAB_API void pab_agent_pause(pab_agent *self);
/** @} */

/** @name What it draws, from its own generator
 * @{ */
PAB_API double pab_agent_uniform(pab_agent *self, double low, double high);        /**< [low, high) */
PAB_API int64_t pab_agent_randint(pab_agent *self, int64_t low, int64_t high);     /**< low .. high-1; low when empty */
PAB_API double pab_agent_normal(pab_agent *self, double mean, double sd);          /**< normal */
PAB_API double pab_agent_exponential(pab_agent *self, double mean);                /**< exponential of that mean */
/** Per the group's order_size; may be 0. */
PAB_API int64_t pab_agent_order_size(pab_agent *self);
/** In on_build only: [0,1) of the build generator. */
PAB_API double pab_agent_shared_uniform(pab_agent *self);
/** The oracle's value now, seen with noise of this variance, in ticks; 0 where the symbol has no oracle. */
PAB_API int64_t pab_agent_observe(pab_agent *self, int32_t symbol, double variance);
/** @} */

PAB_END_DECLS

#endif
