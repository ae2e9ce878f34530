/**
 * @file validity.h
 * @brief Is a simulated market sound? Silence, empty books, lost orders and stale quotes of a run, counted by taps.
 */
#ifndef PAIRSABIDES_VALIDITY_H
#define PAIRSABIDES_VALIDITY_H

#include <pairsabides/market.h>

PAB_BEGIN_DECLS

/** Observes one market. It is not part of the market's state and changes nothing in it. */
typedef struct pab_validity pab_validity;

/** Observations of one symbol between the open, or the time of attaching if later, and the close. */
typedef struct pab_validity_report {
    uint32_t struct_size;   /**< sizeof(pab_validity_report) as the caller knows it */
    int32_t makers;         /**< market makers of the symbol */
    int64_t watched;        /**< ns */
    int64_t no_bid;         /**< ns without a visible bid */
    int64_t no_ask;         /**< ns without a visible ask */
    int64_t no_quote;       /**< ns with neither */
    int64_t crossed;        /**< ns with best bid at or above best ask */
    int64_t maker_silence;  /**< longest time that a maker sent no order, ns */
    int64_t quote_age;      /**< longest time without a change of the best quote, ns */
    int64_t feed_age;       /**< longest time between two market-data messages, to anyone, ns; -1: fewer than two */
    int64_t market_orders;  /**< market orders delivered */
    int64_t unmet;          /**< market orders that found the other side empty */
    int64_t rejected;       /**< orders and cancels that the exchange rejected */
    int64_t discarded;      /**< shares of market orders that found no counterparty */
    int64_t withdrawn[2];   /**< maker-nanoseconds of withdrawal from bids and from asks */
} pab_validity_report;

/**
 * Makes a watcher and hands its taps to the market, replacing the market's own.
 * @param m  must outlive the watcher, or have its taps replaced before; reset it after this to see all of a run
 */
PAB_API pab_status pab_validity_new(pab_market *m, pab_validity **out);
PAB_API void pab_validity_free(pab_validity *v); /**< NULL is allowed; the market loses its taps */

/**
 * Observations of `symbol` up to the market's present time.
 * @return  PAB_E_RANGE for an unknown symbol; struct_size must be set
 */
PAB_API pab_status pab_validity_read(const pab_validity *v, uint32_t symbol, pab_validity_report *out);

/**
 * Ground truth for labels, never for decisions: how many makers of `symbol` have withdrawn from `side` right now.
 * @param side  PAB_BUY or PAB_SELL
 */
PAB_API pab_status pab_market_withdrawn(const pab_market *m, uint32_t symbol, int32_t side, int32_t *out);

PAB_END_DECLS

#endif
