/**
 * @file stage0.h
 * @brief Experimental: Stage 0, from recorded quotes and trades of two instruments to a pair scenario fitted to them.
 *
 * A `pab_tape` holds the best quotes and trades of one instrument, read from files, recorded from a simulated market,
 * or added one by one. Facts (spread, sizes, rates, volatility, correlation) are measured on tapes the same way
 * whatever they come from; a fit changes a scenario until its simulated facts are those of the recorded pair. These
 * declarations may change in any release; the scenario that a fit writes is stable (config.h).
 */
#ifndef PAIRSABIDES_STAGE0_H
#define PAIRSABIDES_STAGE0_H

#include <pairsabides/market.h>

PAB_BEGIN_DECLS

/** Best quotes and trades of one instrument over a window of time. Used by one thread at a time. */
typedef struct pab_tape pab_tape;

/** Prices on a tape are whole numbers of 1e-8 of the currency unit. */
#define PAB_TAPE_PRICE 100000000

/** @name Tapes
 * @{ */
PAB_API pab_status pab_tape_new(const pab_host *host, pab_tape **out); /**< empty; NULL: default hooks */
PAB_API void pab_tape_free(pab_tape *tape);                            /**< NULL is allowed */
PAB_API void pab_tape_clear(pab_tape *tape);                           /**< forgets all rows and the window */

/**
 * Appends a best quote.
 * @param time      ns, not before the last quote's
 * @param bid, ask  in 1e-8 of the currency unit; 0: no such side
 * @param bid_size, ask_size  shares
 */
PAB_API pab_status pab_tape_add_quote(pab_tape *tape, int64_t time, int64_t bid, double bid_size, int64_t ask,
                                      double ask_size);

/** Flags of a trade. */
enum { PAB_TRADE_OFF_BOOK = 1 /**< reported elsewhere: counts as a trade, but did not happen on the book */ };

/**
 * Appends a trade.
 * @param time   ns, not before the last trade's
 * @param price  in 1e-8 of the currency unit
 * @param size   shares
 * @param sign   1: the buyer came last, -1: the seller, 0: inferred from the quotes
 * @param flags  PAB_TRADE_...
 */
PAB_API pab_status pab_tape_add_trade(pab_tape *tape, int64_t time, int64_t price, double size, int32_t sign,
                                      uint32_t flags);

/** Formats of files. All but LOBSTER have a header line; all may be compressed by gzip. */
enum {
    PAB_TAPE_AUTO = 0,    /**< detected from the first line */
    PAB_TAPE_QUOTES = 1,  /**< bid, bid_size (or bid_qty), ask, ask_size (or ask_qty) and a time column */
    PAB_TAPE_TRADES = 2,  /**< price, size (or qty) and a time column; optional: exch, type, buyer_is_maker */
    PAB_TAPE_BARS = 3,    /**< close, volume; rows are laid end to end, so that nights take no time; where times
                               *   show that a row does not follow on the one before, there is no return between
                               *   them (bars under a day). The legs of a pair are matched by these times */
    PAB_TAPE_LOBSTER = 4  /**< message file; the order book file's name has "orderbook" for "message" */
};

/**
 * How a file is read. Time columns: time_ns, time_us, time_ms or time_s (since midnight or 1970), exch_ms or local_ns
 * (one
 * of the two for a whole tape); timestamp, datetime, date, time, ts_event and the like hold dates, with or without time
 * of day and zone, or counts since 1970, whose unit comes from their size. Prices are in currency units; whole ones in
 * 1/10000 in LOBSTER files and beside time_ms and time_s, in 1e-9 in columns of Databento.
 */
typedef struct pab_read_options {
    uint32_t struct_size;   /**< sizeof(pab_read_options) as the caller knows it */
    int32_t format;         /**< PAB_TAPE_... */
    int64_t from;           /**< ns: quotes before it only tell the one at it; 0 with `to` 0: all */
    int64_t to;             /**< ns: trades at it and all that comes after are dropped */
    int64_t bar;            /**< bars: ns per row; 0: told from the times of the rows, one minute where there are none
                                 */
    const char *instrument; /**< columns are NAME_bid and so on; NULL: the file has one instrument */
    int64_t session_from;   /**< ns after midnight of each day, on the file's own clock; equal to session_to: all day */
    int64_t session_to;     /**< what comes at or after it is dropped */
} pab_read_options;

PAB_API pab_status pab_read_options_init(pab_read_options *options, uint32_t size); /**< all of an `auto` file */

/**
 * Appends the rows of a file and widens the window to them. Unchanged on error.
 * @param options  NULL for defaults
 * @return         PAB_E_IO, PAB_E_CORRUPT (damaged gzip), PAB_E_KEY (a column is missing), PAB_E_SYNTAX, PAB_E_RANGE,
 *                 each naming file and line
 */
PAB_API pab_status pab_tape_read(pab_tape *tape, const char *path, const pab_read_options *options);

/**
 * Runs a market until `until` (ns) and appends what happens to symbol i to tapes[i] (NULL: not recorded), in windows
 * that begin where the market stood. Replaces the market's taps.
 * @param tick  currency units per tick
 */
PAB_API pab_status pab_tape_record(pab_market *market, pab_tape *const *tapes, const double *tick, uint32_t count,
                                   int64_t until);

/**
 * What was read into a tape: a line for each file (rows, form of times and prices, what was left out or changed), and
 * one that begins with "warning: " for each thing that looks wrong.
 * @param needed  receives the length without the terminator; may be NULL
 * @return        PAB_E_CAPACITY when 0 < cap is too small (needed is still set)
 */
PAB_API pab_status pab_tape_report(const pab_tape *tape, char *buf, size_t cap, size_t *needed);

/** What a tape holds. */
typedef struct pab_tape_info {
    uint32_t struct_size; /**< sizeof(pab_tape_info) as the caller knows it */
    int32_t format;       /**< PAB_TAPE_BARS, or PAB_TAPE_QUOTES for anything else */
    uint64_t quotes;      /**< rows */
    uint64_t trades;      /**< rows */
    int64_t from;         /**< start of the window, ns */
    int64_t to;           /**< its end, ns */
    double tick;          /**< currency units: as set, or the greatest that divides all quoted prices */
    int64_t resolution;   /**< of its times, ns: 1, 10, ... 1e9, the greatest that divides them all */
} pab_tape_info;

PAB_API pab_status pab_tape_describe(const pab_tape *tape, pab_tape_info *out); /**< struct_size must be set */
/** Facts are measured over [from, to) ns. PAB_E_RANGE unless from < to. */
PAB_API pab_status pab_tape_set_window(pab_tape *tape, int64_t from, int64_t to);
PAB_API pab_status pab_tape_set_tick(pab_tape *tape, double tick); /**< currency units per tick; 0: from the quotes */

/**
 * Mids at `from`, `from + step`, ... of the window, in currency units: the last at or before each instant; NaN for
 * instants before the first.
 * @param count  receives the number of instants; may be NULL
 * @return       PAB_E_CAPACITY when 0 < cap is too small (count is still set); PAB_E_STATE without quotes
 */
PAB_API pab_status pab_tape_mids(const pab_tape *tape, int64_t step, double *out, uint64_t cap, uint64_t *count);
/** @} */

/** @name Facts
 * Definitions are those by which the tables of recorded pairs were made; docs/realism.md repeats them.
 * @{ */
/** Name, unit, meaning. Facts of one leg come first. */
#define PAB_LEG_FACT_TABLE(X)                                                                                       \
    X(MID, "mid", "currency", "mean mid")                                                                           \
    X(SPREAD, "spread", "ticks", "time-weighted mean spread")                                                       \
    X(SPREAD_MEDIAN, "spread_median", "ticks", "median spread at whole seconds")                                    \
    X(SPREAD_SD, "spread_sd", "ticks", "time-weighted standard deviation of the spread")                            \
    X(SPREAD_BPS, "spread_bps", "bps", "time-weighted mean spread over mid")                                        \
    X(ONE_TICK, "one_tick", "%", "share of time at a spread of one tick")                                           \
    X(CROSSED, "crossed", "%", "share of time locked or crossed")                                                   \
    X(TOUCH_SIZE, "touch_size", "shares", "time-weighted mean size at the best prices")                             \
    X(TOUCH_SIZE_MEDIAN, "touch_size_median", "shares", "median size at the best prices at whole seconds")          \
    X(TOUCH_LIFE, "touch_life", "s", "mean time between changes of the mid")                                        \
    X(QUOTE_RATE, "quote_rate", "1/h", "best-quote updates")                                                        \
    X(MID_RATE, "mid_rate", "1/h", "changes of the mid")                                                            \
    X(TRADE_RATE, "trade_rate", "1/h", "fills")                                                                     \
    X(ORDER_RATE, "order_rate", "1/h", "aggressive orders: instants of fills on the book")                          \
    X(VOLUME_RATE, "volume_rate", "shares/h", "traded volume")                                                      \
    X(BOOK_VOLUME_RATE, "book_volume_rate", "shares/h", "volume traded on the book")                                \
    X(TRADE_SIZE, "trade_size", "shares", "mean size of a fill")                                                    \
    X(TRADE_SIZE_MEDIAN, "trade_size_median", "shares", "median size of a fill")                                    \
    X(BUY_SHARE, "buy_share", "%", "share of fills on the book that a buyer brought about")                         \
    X(SIGN_1, "sign_1", "", "autocorrelation of trade signs, lag 1")                                                \
    X(SIGN_2, "sign_2", "", "autocorrelation of trade signs, lag 2")                                                \
    X(SIGN_5, "sign_5", "", "autocorrelation of trade signs, lag 5")                                                \
    X(SIGN_10, "sign_10", "", "autocorrelation of trade signs, lag 10")                                             \
    X(RESPONSE_1, "response_1s", "ticks", "mean move of the mid in the trade's direction, 1 s after")               \
    X(RESPONSE_10, "response_10s", "ticks", "mean move of the mid in the trade's direction, 10 s after")            \
    X(VOL_1, "vol_1s", "bps/sqrt(h)", "volatility from 1 s returns")                                                \
    X(VOL_10, "vol_10s", "bps/sqrt(h)", "volatility from 10 s returns")                                             \
    X(VOL_60, "vol_60s", "bps/sqrt(h)", "volatility from 60 s returns")                                             \
    X(VOL_300, "vol_300s", "bps/sqrt(h)", "volatility from 300 s returns")                                          \
    X(KURTOSIS_1, "kurtosis_1s", "", "excess kurtosis of 1 s returns")                                              \
    X(REVERSION_1, "return_ac_1s", "", "autocorrelation of 1 s returns, lag 1")

/** Facts of a pair: correlation of returns over an interval, at a lag, and hedge ratios of 60 s samples. */
#define PAB_PAIR_FACT_TABLE(X)                                                                                      \
    X(CORR_1, "corr_1s", "", "correlation of 1 s returns")                                                          \
    X(CORR_2, "corr_2s", "", "correlation of 2 s returns")                                                          \
    X(CORR_5, "corr_5s", "", "correlation of 5 s returns")                                                          \
    X(CORR_10, "corr_10s", "", "correlation of 10 s returns")                                                       \
    X(CORR_30, "corr_30s", "", "correlation of 30 s returns")                                                       \
    X(CORR_60, "corr_60s", "", "correlation of 60 s returns")                                                       \
    X(CORR_300, "corr_300s", "", "correlation of 300 s returns")                                                    \
    X(LAG_MINUS_2, "lag_-2s", "", "correlation of 1 s returns, leg B 2 s earlier")                                  \
    X(LAG_MINUS_1, "lag_-1s", "", "correlation of 1 s returns, leg B 1 s earlier")                                  \
    X(LAG_PLUS_1, "lag_+1s", "", "correlation of 1 s returns, leg B 1 s later")                                     \
    X(LAG_PLUS_2, "lag_+2s", "", "correlation of 1 s returns, leg B 2 s later")                                     \
    X(BETA_RETURNS, "beta_returns", "", "slope of leg A's 60 s log returns on leg B's")                             \
    X(BETA_PRICES, "beta_prices", "", "slope of leg A's 60 s price changes on leg B's")                             \
    X(BETA_LEVELS, "beta_levels", "", "slope of leg A's log mid on leg B's")                                        \
    X(SPREAD_DEVIATION, "pair_spread_sd", "bps", "standard deviation of what that line leaves")                     \
    X(ADF, "adf", "", "t value of the Engle-Granger test, one lag")                                                 \
    X(HALF_LIFE, "half_life", "s", "half-life of what the line leaves")

/** Indices of facts. */
enum {
#define PAB_FACT_ENTRY(id, name, unit, doc) PAB_FACT_##id,
    PAB_LEG_FACT_TABLE(PAB_FACT_ENTRY)
    PAB_LEG_FACT_COUNT,
    PAB_PAIR_FACT_FIRST = PAB_LEG_FACT_COUNT,
    PAB_PAIR_FACT_BEFORE_FIRST = PAB_PAIR_FACT_FIRST - 1,
    PAB_PAIR_FACT_TABLE(PAB_FACT_ENTRY)
#undef PAB_FACT_ENTRY
    PAB_FACT_COUNT
};

/** What a fact is. */
typedef struct pab_fact_info {
    uint32_t struct_size; /**< sizeof(pab_fact_info) as the caller knows it */
    int32_t pair;         /**< 1: a fact of two legs together */
    const char *name;     /**< "spread_bps"; static */
    const char *unit;     /**< "" for pure numbers; static */
    const char *doc;      /**< a phrase; static */
} pab_fact_info;

PAB_API pab_status pab_fact_get(uint32_t index, pab_fact_info *out); /**< PAB_E_RANGE from PAB_FACT_COUNT on */

/**
 * Measures one leg over its window.
 * @param out  receives PAB_LEG_FACT_COUNT values; NaN where the tape does not tell
 * @return     PAB_E_STATE without quotes
 */
PAB_API pab_status pab_facts_leg(const pab_tape *tape, double *out, uint32_t count);

/** Measures a pair over the window that both tapes share: PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST values. */
PAB_API pab_status pab_facts_pair(const pab_tape *a, const pab_tape *b, double *out, uint32_t count);
/** @} */

/** @name Realism
 * Facts that judge a market as a desk sees it: queues, fills, mark-outs, memory, and what can be foreseen. Trades off
 * the book do not count; trades of one instant and one side are one order. docs/realism.md says how each is measured.
 * @{ */
/** Of each leg: name, unit, meaning. */
#define PAB_REALISM_LEG_TABLE(X)                                                                                    \
    X(ONE_TICK, "one_tick", "%", "share of time at a spread of one tick")                                           \
    X(REALISED_01, "realised_100ms", "bps", "half-spread paid less the mid's move .1 s after a trade")              \
    X(REALISED_1, "realised_1s", "bps", "the same 1 s after")                                                       \
    X(REALISED_10, "realised_10s", "bps", "the same 10 s after")                                                    \
    X(REALISED_60, "realised_60s", "bps", "the same 60 s after")                                                    \
    X(BEHIND_5, "behind_5s", "", "an order that joins the touch behind its queue is filled within 5 s")             \
    X(BEHIND_30, "behind_30s", "", "within 30 s")                                                                   \
    X(BEHIND_60, "behind_60s", "", "within 60 s")                                                                   \
    X(BEHIND_MARKOUT, "behind_markout", "bps", "its profit 10 s after the fill")                                    \
    X(FRONT_5, "front_5s", "", "an order in front of the queue is filled within 5 s")                               \
    X(FRONT_30, "front_30s", "", "within 30 s")                                                                     \
    X(FRONT_60, "front_60s", "", "within 60 s")                                                                     \
    X(FRONT_MARKOUT, "front_markout", "bps", "its profit 10 s after the fill")                                      \
    X(RESPONSE_01, "response_100ms", "", "move of the mid .1 s after a trade over the half-spread paid")            \
    X(RESPONSE_03, "response_300ms", "", "the same .3 s after")                                                     \
    X(RESPONSE_1, "response_1s", "", "the same 1 s after")                                                          \
    X(RESPONSE_3, "response_3s", "", "the same 3 s after")                                                          \
    X(RESPONSE_10, "response_10s", "", "the same 10 s after")                                                       \
    X(RESPONSE_30, "response_30s", "", "the same 30 s after")                                                       \
    X(RESPONSE_60, "response_60s", "", "the same 60 s after")                                                       \
    X(MID_RATE, "mid_rate", "1/h", "changes of the mid")                                                            \
    X(QUOTE_RATE, "quote_rate", "1/h", "best-quote updates")                                                        \
    X(TOUCH_LIFE, "touch_life", "s", "mean time between changes of the mid")                                        \
    X(TOUCH, "touch", "shares", "mean size at the best prices, at whole seconds")                                   \
    X(TOUCH_CV, "touch_cv", "", "its standard deviation over its mean")                                             \
    X(TOUCH_Q01, "touch_q01", "", "1 % quantile of the touch over its mean")                                        \
    X(TOUCH_Q10, "touch_q10", "", "10 % quantile")                                                                  \
    X(TOUCH_Q25, "touch_q25", "", "25 % quantile")                                                                  \
    X(TOUCH_Q50, "touch_q50", "", "median")                                                                         \
    X(TOUCH_Q75, "touch_q75", "", "75 % quantile")                                                                  \
    X(TOUCH_Q90, "touch_q90", "", "90 % quantile")                                                                  \
    X(TOUCH_Q99, "touch_q99", "", "99 % quantile")                                                                  \
    X(ORDER_SIGN_1, "sign_1", "", "autocorrelation of the signs of orders, lag 1")                                  \
    X(ORDER_SIGN_2, "sign_2", "", "lag 2")                                                                          \
    X(ORDER_SIGN_5, "sign_5", "", "lag 5")                                                                          \
    X(ORDER_SIGN_10, "sign_10", "", "lag 10")                                                                       \
    X(ORDER_SIGN_20, "sign_20", "", "lag 20")                                                                       \
    X(ORDER_SIGN_50, "sign_50", "", "lag 50")                                                                       \
    X(ABS_RETURN_60, "abs_return_60s", "", "autocorrelation of absolute 60 s returns, lag 1")                       \
    X(KURTOSIS_1, "kurtosis_1s", "", "excess kurtosis of 1 s returns")                                              \
    X(KURTOSIS_10, "kurtosis_10s", "", "excess kurtosis of 10 s returns")                                           \
    X(FANO, "fano_10s", "", "variance over mean of the number of fills in 10 s")                                    \
    X(GAP_CV, "gap_cv", "", "standard deviation over mean of the time between trades")                              \
    X(GAP_10MS, "gap_10ms", "%", "share of these times under 10 ms")                                                \
    X(VOL_1, "vol_1s", "bps/sqrt(h)", "volatility from 1 s returns")                                                \
    X(VOL_10, "vol_10s", "bps/sqrt(h)", "volatility from 10 s returns")                                             \
    X(VOL_60, "vol_60s", "bps/sqrt(h)", "volatility from 60 s returns")                                             \
    X(VOL_300, "vol_300s", "bps/sqrt(h)", "volatility from 300 s returns")                                          \
    X(ORDER_RATE, "order_rate", "1/h", "aggressive orders")                                                         \
    X(ORDER_SIZE, "order_size", "shares", "their mean size")                                                        \
    X(SIZE_MEDIAN, "size_median", "", "median size over the mean")                                                  \
    X(SIZE_Q99, "size_q99", "", "99 % quantile of the size over the mean")                                          \
    X(SIZE_TAIL, "size_tail", "", "tail index of sizes: Hill's estimate from the largest 1 %")                      \
    X(ROUND_LOTS, "round_lots", "%", "share of orders of whole hundreds")                                           \
    X(AUC_IMBALANCE, "auc_imbalance", "", "area under the curve: imbalance of the touch for the next move's side")  \
    X(AUC_LOST, "auc_lost", "", "area under the curve: the touch is lost within 5 s, foreseen by regression")       \
    X(LOST, "lost_5s", "%", "share of touches lost within 5 s")                                                     \
    X(LOST_LIKELY, "lost_likely", "%", "share of touches with a foreseen probability over one half")                \
    X(R2_10, "r2_10s", "%", "share of the mid's move over 10 s that regression foresees")                           \
    X(R2_20, "r2_20s", "%", "the same over 20 s")                                                                   \
    X(R2_40, "r2_40s", "%", "the same over 40 s")                                                                   \
    X(VOLUME_OPEN, "volume_open", "", "volume in the first thirteenth of a day over its mean; days of 4 h or more") \
    X(VOLUME_NOON, "volume_noon", "", "the same in the seventh thirteenth")                                         \
    X(VOLUME_CLOSE, "volume_close", "", "the same in the last")

/** Of the pair. */
#define PAB_REALISM_PAIR_TABLE(X)                                                                                   \
    X(CORR_1, "corr_1s", "", "correlation of 1 s returns")                                                          \
    X(CORR_2, "corr_2s", "", "correlation of 2 s returns")                                                          \
    X(CORR_5, "corr_5s", "", "correlation of 5 s returns")                                                          \
    X(CORR_10, "corr_10s", "", "correlation of 10 s returns")                                                       \
    X(CORR_30, "corr_30s", "", "correlation of 30 s returns")                                                       \
    X(CORR_60, "corr_60s", "", "correlation of 60 s returns")                                                       \
    X(CORR_300, "corr_300s", "", "correlation of 300 s returns")                                                    \
    X(LEAD_1, "lead_1s", "", "correlation of 1 s returns with leg B a second later, less a second earlier")         \
    X(PAIR_SD, "pair_sd", "bps", "standard deviation of what a line through the log mids of a day leaves")          \
    X(PAIR_HALF_LIFE, "pair_half_life", "s", "its half-life, median of the days")                                   \
    X(R2_PAIR_10, "r2_pair_10s", "%", "share of the move of A less B over 10 s that regression foresees")           \
    X(R2_PAIR_40, "r2_pair_40s", "%", "the same over 40 s")

/** Indices: those of leg A, those of leg B from PAB_REALISM_LEG_COUNT on, those of the pair after both. */
enum {
#define PAB_REALISM_ENTRY(id, name, unit, doc) PAB_REALISM_##id,
    PAB_REALISM_LEG_TABLE(PAB_REALISM_ENTRY)
    PAB_REALISM_LEG_COUNT,
    PAB_REALISM_LEG_LAST = PAB_REALISM_LEG_COUNT - 1,
    PAB_REALISM_PAIR_TABLE(PAB_REALISM_ENTRY)
    PAB_REALISM_NAMES, /**< leg facts once, then those of the pair */
#undef PAB_REALISM_ENTRY
    PAB_REALISM_COUNT = PAB_REALISM_LEG_COUNT + PAB_REALISM_NAMES
};

PAB_API pab_status pab_realism_get(uint32_t index, pab_fact_info *out); /**< PAB_E_RANGE from PAB_REALISM_NAMES on */

/** A stretch of trading of two legs: a day, or a simulated market. */
typedef struct pab_pair_window {
    const pab_tape *legs[2]; /**< tapes of leg A and leg B */
    int64_t from;       /**< ns: first instant */
    int64_t to;         /**< ns: last instant */
    int64_t resolution; /**< ns: times are rounded down to it, so that tapes on unlike clocks compare; 0: as they are */
} pab_pair_window;

/**
 * The window that two tapes share, cut where either has a gap (a night, a break).
 * @param count  receives how many there are; out receives those, up to `cap`, of at least a minute
 * @return       PAB_E_STATE where they share no time; PAB_E_CAPACITY when 0 < cap is too small (count is still set)
 */
PAB_API pab_status pab_pair_windows(const pab_tape *a, const pab_tape *b, pab_pair_window *out, uint32_t cap,
                                    uint32_t *count);

/**
 * Measures all facts but those that are foreseen, which are left as they are in `out`, over all windows together.
 * @param out     receives values; NaN where the tapes do not tell
 * @param values  PAB_REALISM_COUNT
 */
PAB_API pab_status pab_realism_facts(const pab_pair_window *windows, uint32_t count, double *out, uint32_t values);

/** The facts that are foreseen: regressions learn on windows [0, taught) and are tested on the others. */
PAB_API pab_status pab_realism_foresight(const pab_pair_window *windows, uint32_t taught, uint32_t count, double *out,
                                         uint32_t values);
/** @} */

/** @name Hedge ratios
 * @{ */
/** Estimates from two series of levels (docs/methods.md 0). NaN where a series does not move. */
typedef struct pab_hedge {
    uint32_t struct_size;    /**< sizeof(pab_hedge) as the caller knows it */
    uint32_t reserved;       /**< 0 */
    double ols_increments;   /**< cov(dA, dB) / var(dB): units of B per unit of A */
    double ols_returns;      /**< the same of returns; times A/B it is units of B per unit of A */
    double correlation;      /**< of returns */
    double tls;              /**< total least squares on increments */
    double kalman;           /**< last slope of A = alpha + beta B with a drifting (alpha, beta) */
    double kalman_intercept; /**< last alpha */
    double slope; /**< OLS in levels: slope */
    double intercept; /**< OLS in levels: intercept */
    double r2; /**< OLS in levels: share of variance explained */
    double residual_sd; /**< OLS in levels: sd of the residual */
    double adf;              /**< t value of the residual's ADF(1) test without a constant: Engle-Granger */
    double half_life;        /**< of the residual, samples; INFINITY when it does not revert */
    double trace[2];         /**< Johansen trace statistics for rank 0 and rank <= 1, one lag, constant */
    double eigenvalue[2];    /**< Johansen eigenvalues, larger first */
} pab_hedge;

/** 5 % critical values: Engle-Granger (two series, constant), and Johansen traces of rank 0 and <= 1. */
#define PAB_ADF_5PC (-3.34)
#define PAB_TRACE_5PC_RANK_0 15.49 /**< 5 % critical value of Johansen's trace statistic, rank 0 */
#define PAB_TRACE_5PC_RANK_1 3.84  /**< the same, rank at most 1 */

/**
 * Estimates the hedge ratio of `a` on `b`.
 * @param a, b  n levels each (prices, or their logarithms for the levels' part); n is at least 8, else PAB_E_RANGE
 * @param path  receives the Kalman slope after each sample, n values; may be NULL
 */
PAB_API pab_status pab_hedge_estimate(const double *a, const double *b, uint64_t n, pab_hedge *out, double *path);
/** @} */

/** @name Fit
 * @{ */
/** How much is simulated. */
enum { PAB_BUDGET_SMALL = 0, PAB_BUDGET_DEFAULT = 1 };

/** Options of a fit. pab_fit_options_init fills in the defaults. */
typedef struct pab_fit_options {
    uint32_t struct_size; /**< sizeof(pab_fit_options) as the caller knows it */
    int32_t budget;       /**< PAB_BUDGET_... */
    int32_t threads;      /**< markets simulated at once; 0: the caller's thread. The result does not depend on it */
    int32_t reserved;     /**< 0 */
    uint64_t seed;        /**< training seeds count from here */
    void *user;           /**< first argument of `progress` */
    /** Called on the caller's thread with the share done, in [0, 1]; non-zero cancels: PAB_E_CANCELLED. */
    int32_t (*progress)(void *user, double done);
    double tick;          /**< of the scenario, currency units; 0: the data's own, of both legs the finer */
} pab_fit_options;

PAB_API pab_status pab_fit_options_init(pab_fit_options *options, uint32_t size); /**< defaults */

/** How well a fitted scenario does. Facts of leg A, of leg B, then of the pair. */
typedef struct pab_fit_report {
    uint32_t struct_size;  /**< sizeof(pab_fit_report) as the caller knows it */
    int32_t evaluations;   /**< scenarios simulated */
    double loss_before;    /**< mean square of the logarithms of simulated over wanted, weighted; before the search */
    double loss;           /**< and after it */
    double seconds;        /**< simulated per leg for the figures below */
    double wanted[2 * PAB_LEG_FACT_COUNT + PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST];    /**< of the tapes */
    double simulated[2 * PAB_LEG_FACT_COUNT + PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST]; /**< of fresh seeds */
} pab_fit_report;

/**
 * Looks at two tapes before they are fitted: PAB_E_STATE or PAB_E_RANGE, naming the leg, where nothing can be fitted
 * (no
 * time in common, no two sides, no movement, too short, crossed most of the time). pab_stage0_fit does this first.
 * @param buf     receives warnings, a line each: jumps like a split, nights, rows without a partner
 * @param needed  receives the length of the warnings without the terminator; may be NULL
 */
PAB_API pab_status pab_stage0_check(const pab_tape *a, const pab_tape *b, char *buf, size_t cap, size_t *needed);

/**
 * Fits a scenario with a `pair` of two correlated symbols (preset `pair`) to two tapes. Opening prices, volatility,
 * correlation and the spread's half-life come straight from the tapes; order rates, sizes and spreads from a search.
 * Where flow agents trade both symbols (preset `pair_cent`), their tables are counted on the tapes, which then have to
 * be at a spread of one tick for ten minutes at least, and five of their constants are searched for.
 * Where the search finds nothing better than where it began, the scenario stays there: loss equals loss_before.
 * @param cfg  changed in place; unchanged on error
 */
PAB_API pab_status pab_stage0_fit(pab_config *cfg, const pab_tape *a, const pab_tape *b,
                                  const pab_fit_options *options, pab_fit_report *report);
/** @} */

PAB_END_DECLS

#endif
