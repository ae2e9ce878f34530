/**
 * @file env.h
 * @brief The pair environment: buy one leg, sell the other, keep them synchronized; an episode by reset and step.
 *
 * An episode is a parent order on two correlated assets of one market, worked in N decisions of equal length.
 * Everything an episode changes lives in the environment's market and a small block beside it, so an
 * environment can be copied, saved and hashed in the middle of an episode.
 *
 * Everything is computed from the messages that have reached the executing agent: its quotes lag by the feed's interval
 * and latency, and its own orders are subtracted from every depth. Whatever the caller does, shares filled and working
 * never exceed the parents, and the hedge error stays inside its band however the working orders fill.
 */
#ifndef PAIRSABIDES_ENV_H
#define PAIRSABIDES_ENV_H

#include <pairsabides/market.h>

PAB_BEGIN_DECLS

/** A pair environment. Made by pab_env_new, started by pab_env_reset, freed by pab_env_free. Used by one thread at a
 *  time; different environments are independent. */
typedef struct pab_env pab_env;

/** Sizes of the interface. */
enum {
    PAB_ENV_LEGS = 2,          /**< leg A is 0, leg B is 1 */
    PAB_ENV_LEG_ACTIONS = 17,  /**< actions per leg */
    PAB_ENV_JOINT_ACTIONS = 289, /**< 17 * 17; joint index = 17 * action of A + action of B */
    PAB_ENV_OBSERVATIONS = 60  /**< float features */
};

/** Placement styles, from patient to urgent. */
enum { PAB_STYLE_JOIN = 0, PAB_STYLE_IMPROVE = 1, PAB_STYLE_MID = 2, PAB_STYLE_TAKE = 3, PAB_STYLE_SWEEP = 4 };

/** Leg actions: HOLD, CANCEL, then 2 + 3 * style + size, where size 0, 1, 2 is half, one or two slices. */
enum { PAB_ACTION_HOLD = 0, PAB_ACTION_CANCEL = 1, PAB_ACTION_FIRST_STYLE = 2 };

/**
 * Hedge ratio, shares of B per share of A, from `pair.ratio`:
 * - SHARE   the ratio itself
 * - BETA    ratio * price of A / price of B: the ratio is a beta of returns
 * - DOLLAR  price of A / price of B
 */
enum { PAB_HEDGE_SHARE = 0, PAB_HEDGE_BETA = 1, PAB_HEDGE_DOLLAR = 2 };

/** Splits of the seed space, in the top eight bits of a seed; bits 48-55 are the regime. */
enum { PAB_SPLIT_TRAIN = 1, PAB_SPLIT_VALIDATION = 2, PAB_SPLIT_TEST = 3 };

/** Market regimes. */
enum {
    PAB_REGIME_CALM,
    PAB_REGIME_VOLATILE,
    PAB_REGIME_THIN,
    PAB_REGIME_CRUMBLING,
    PAB_REGIME_MEGASHOCK,
    PAB_REGIME_COUNT
};

/** split << 56 | regime << 48 | index. Parts out of their bounds (split PAB_SPLIT_..., regime below PAB_REGIME_COUNT,
 *  index below 2^48) set pab_last_error and give UINT64_MAX, which is refused as a seed. */
PAB_API uint64_t pab_seed(int32_t split, int32_t regime, uint64_t index);

/** Name of a regime ("calm"), or NULL. Static text. */
PAB_API const char *pab_regime_name(int32_t regime);

/** Reward = -(w_IS * IS + w_H * HE + w_R * RK + w_X * X + w_T * TM), the terms being those of pab_cost. */
typedef struct pab_reward_weights {
    uint32_t struct_size;   /**< sizeof(pab_reward_weights) as the caller knows it */
    int32_t adverse;        /**< kind of the X term: PAB_X_... */
    double shortfall;       /**< w_IS */
    double hedge;           /**< w_H */
    double risk;            /**< w_R */
    double terminal;        /**< w_T */
    double extra;           /**< w_X */
} pab_reward_weights;

/** The X term of the reward, in bps. */
enum {
    PAB_X_NONE = 0,
    PAB_X_ADVERSE_SELECTION = 1, /**< what passive fills lost against the mid at the end of the step */
    PAB_X_BAND = 2,              /**< max(0, greatest |e| / H of the step - 0.5) */
    PAB_X_SPREAD_CAPTURE = 3,    /**< minus what fills gained against the mid at the start of the step */
    PAB_X_EXPOSURE = 4           /**< shares working, of the parent, while volatility is above the usual */
};

/** Options of one episode. pab_reset_options_init fills in the scenario's choices. */
typedef struct pab_reset_options {
    uint32_t struct_size;   /**< sizeof(pab_reset_options) as the caller knows it */
    int32_t side_a;         /**< PAB_BUY, PAB_SELL; 0: that of `pair.side` */
    int64_t quantity_a;     /**< parent shares of leg A; 0: the scenario's */
    int32_t regime;         /**< PAB_REGIME_...; -1: the one in the seed */
    int32_t shield;         /**< 1 (default): the hedge band is enforced; 0: over-fill protection only */
    pab_reward_weights weights; /**< default: w_IS 1, w_H 0.5, w_R 0, w_T 1, w_X 0 */
} pab_reset_options;

PAB_API pab_status pab_reset_options_init(pab_reset_options *options, uint32_t size); /**< defaults */

/** Makes an environment. The scenario must have a `pair` section, else PAB_E_UNSUPPORTED. */
PAB_API pab_status pab_env_new(pab_scenario *scn, pab_env **out);
PAB_API void pab_env_free(pab_env *env); /**< NULL is allowed */

/**
 * Starts an episode: simulates the warm-up and stops at the first decision. The same seed again starts from a snapshot
 * that the handle keeps, without simulating.
 * @param seed     see pab_seed; a plain number below 2^48 counts as training, calm; PAB_E_RANGE for other splits than
 *                 PAB_SPLIT_... and for regimes that there are not
 * @param options  NULL for the scenario's defaults
 * @param obs      receives the observation; n_obs must be PAB_ENV_OBSERVATIONS, or obs NULL and n_obs 0
 */
PAB_API pab_status pab_env_reset(pab_env *env, uint64_t seed, const pab_reset_options *options, float *obs,
                                 uint32_t n_obs);

/** One decision: an action per leg. Where `quantity` is positive, the action places that many shares instead of its
 *  multiple of the slice, as far as the shield allows; HOLD and CANCEL ignore it. */
typedef struct pab_decision {
    int32_t action[PAB_ENV_LEGS];   /**< 0..16 */
    int64_t quantity[PAB_ENV_LEGS]; /**< shares, 0: the action's multiple of the slice */
} pab_decision;

/** Flags of a step: the episode has ended; it was cut off, since the market ended; shares were liquidated. */
enum { PAB_STEP_TERMINATED = 1, PAB_STEP_TRUNCATED = 2, PAB_STEP_FORCED = 4 };

/** What a step cost, in bps of the pair's notional at arrival; positive is bad. */
typedef struct pab_cost {
    /** IS per leg: fills against the mid at the start of the step, exchange fees, and what is left times the move of
     *  the mid. Over an episode they add up to the shortfall against the arrival price, fees included. */
    double shortfall[PAB_ENV_LEGS];
    double hedge;    /**< HE: 100 / N times the time average of h^2; an error of 0.1 costs 1 over a whole episode */
    double risk;     /**< RK: 0.02 * variance of the return of what is left, over the step */
    double extra;    /**< X, of the options' weights */
    double terminal; /**< TM, last step: 5 per notional liquidated, 50 per notional left, 500 * h^2 at the horizon */
} pab_cost;

/** Result of a step. */
typedef struct pab_step_result {
    uint32_t struct_size;   /**< sizeof(pab_step_result) as the caller knows it */
    uint32_t flags;         /**< PAB_STEP_... */
    double reward;          /**< weighted by the options */
    pab_cost cost;          /**< components */
    int32_t step;           /**< decisions taken so far */
    int32_t shielded;       /**< actions that the shield changed, this episode */
    int64_t filled[PAB_ENV_LEGS];  /**< shares so far */
    int64_t live[PAB_ENV_LEGS];    /**< V, working: resting, in flight or being cancelled */
    double hedge_error;     /**< e, A-shares */
    double hedge_fraction;  /**< h = e / Q_A */
    double hedge_max;       /**< max |h| in the step */
    double hedge_square;    /**< time average of h^2 in the step */
    double mid[PAB_ENV_LEGS];    /**< ticks, as the agent knows it */
    double spread[PAB_ENV_LEGS]; /**< ticks */
    double fees[PAB_ENV_LEGS];   /**< part of cost.shortfall: exchange fees, bps of the pair; rebates are negative */
} pab_step_result;

PAB_API pab_status pab_step_result_init(pab_step_result *result, uint32_t size); /**< zeroes, sets struct_size */

/**
 * Applies an action per leg and runs to the next decision, or through liquidation to the end of the episode.
 * An illegal action is lowered along SWEEP, TAKE, MID, IMPROVE, JOIN, HOLD to a legal one, and counted.
 * @return PAB_E_STATE after the end of an episode; PAB_E_RANGE for an action outside 0..16
 */
PAB_API pab_status pab_env_step(pab_env *env, const int32_t action[PAB_ENV_LEGS], float *obs, uint32_t n_obs,
                                pab_step_result *result);

/** As pab_env_step, with exact quantities. */
PAB_API pab_status pab_env_step_exact(pab_env *env, const pab_decision *decision, float *obs, uint32_t n_obs,
                                      pab_step_result *result);

/** Writes the current observation: PAB_ENV_OBSERVATIONS floats, see PAB_OBS_LEG_TABLE. */
PAB_API pab_status pab_env_observe(const pab_env *env, float *obs, uint32_t n_obs);
/** mask[17 * leg + action] is 1 where legal now. */
PAB_API pab_status pab_env_legal(const pab_env *env, uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS]);
PAB_API const char *pab_action_name(int32_t action); /**< "TAKE x2"; NULL outside 0..16 */

/**
 * The observation: id, name, form, scale, least and greatest value, unit of the signal, what it is. Each feature is
 * made of a signal, a number in natural units, by one of these forms:
 * - SAME   the signal itself
 * - CLIP   signal / scale, kept within the bounds
 * - LOG    ln(1 + signal) / ln(1 + scale), at most 1
 * - RATIO  tanh(ln(signal))
 *
 * The 23 features of a leg come first, A then B, then the 14 of the pair. Against us: the price gets worse for the leg,
 * up for a buyer. Near: the leg's own side of the book; far: the opposite one.
 */
#define PAB_OBS_LEG_TABLE(X)                                                                                          \
    X(LEAVES, leaves, SAME, 1, 0, 1, "", "Shares still to trade, of the parent")                                      \
    X(SCHEDULE, schedule, CLIP, 0.25, -1, 1, "", "Fraction of the parent ahead of an even schedule")                  \
    X(WORKING, working, CLIP, 4, 0, 1, "slices", "Shares working; a slice is an even share of what is left")          \
    X(OWN_OFFSET, own_offset, CLIP, 3, -1.0 / 3, 1, "spreads", "How far the own price lies behind the touch")         \
    X(QUEUE, queue, SAME, 1, 0, 1, "", "Shares ahead in the queue over shares ahead and own; 1 without an order")      \
    X(AGE, age, CLIP, 1, 0, 1, "5 intervals", "Time since the first order at the own price")                          \
    X(SPREAD, spread, LOG, 50, 0, 1, "bps", "Spread, of the mid")                                                     \
    X(SPREAD_Z, spread_z, CLIP, 3, -1, 1, "sd", "Spread, standardised")                                               \
    X(IMBALANCE_1, imbalance_1, SAME, 1, -1, 1, "", "Imbalance of the touch; positive: against us")                   \
    X(IMBALANCE_5, imbalance_5, SAME, 1, -1, 1, "", "Imbalance of 5 levels, near ones weighing more")                 \
    X(IMBALANCE_10, imbalance_10, SAME, 1, -1, 1, "", "Imbalance of 10 levels, near ones weighing more")              \
    X(MICRO_PRICE, micro_price, CLIP, 1, -1, 1, "half-spreads", "Where the mid is expected to settle")                \
    X(TRADE_FLOW, trade_flow, SAME, 1, -1, 1, "", "Imbalance of aggressors' volume over 30 s")                        \
    X(ORDER_FLOW, order_flow, SAME, 1, -1, 1, "", "tanh of the touch's order-flow imbalance since the last decision") \
    X(VOLATILITY_RATIO, volatility_ratio, RATIO, 1, -1, 1, "", "Volatility of 60 s over the usual one")               \
    X(MOMENTUM, momentum, CLIP, 3, -1, 1, "sd", "Move of the mid over 6 decisions; positive: against us")             \
    X(CRUMBLE_NEAR, crumble_near, SAME, 1, 0, 1, "", "Probability that the own side's touch withdraws")               \
    X(CRUMBLE_FAR, crumble_far, SAME, 1, 0, 1, "", "Probability that the opposite touch withdraws")                   \
    X(DEPTH_NEAR, depth_near, CLIP, 2, -1, 1, "ln", "Shares in 5 levels of the own side over the usual")              \
    X(DEPTH_FAR, depth_far, CLIP, 2, -1, 1, "ln", "Shares in 5 levels of the opposite side over the usual")           \
    X(VOLUME_RATIO, volume_ratio, CLIP, 2, -1, 1, "ln", "Volume of 30 s over the usual")                              \
    X(SLIPPAGE, slippage, CLIP, 20, -1, 1, "bps", "Cost of the fills so far, of the leg's parent")                    \
    X(DRIFT, drift, CLIP, 20, -1, 1, "bps", "Move of the mid since arrival; positive: against us")

/** The features of the pair, as PAB_OBS_LEG_TABLE. */
#define PAB_OBS_PAIR_TABLE(X)                                                                                         \
    X(TIME, time, SAME, 1, 0, 1, "", "Decisions taken, of all")                                                       \
    X(HEDGE_ERROR, hedge_error, CLIP, 1, -1, 1, "bands", "Hedge error; positive: A is ahead")                         \
    X(HEDGE_SIZE, hedge_size, CLIP, 1, 0, 1, "bands", "Its size")                                                     \
    X(ROOM_A, room_a, CLIP, 2, 0, 1, "bands", "Shares that A may still have working")                                 \
    X(ROOM_B, room_b, CLIP, 2, 0, 1, "bands", "Shares that B may still have working, in shares of A")                 \
    X(RESIDUAL_Z, residual_z, CLIP, 4, -1, 1, "sd", "Residual of ln A on ln B; positive: against leg A")              \
    X(RESIDUAL_CHANGE, residual_change, CLIP, 2, -1, 1, "sd", "Its change over 6 decisions")                          \
    X(CORRELATION, correlation, CLIP, 1, -1, 1, "", "Correlation of returns over 5 s")                                \
    X(BETA_CHANGE, beta_change, CLIP, 1, -1, 1, "", "Present beta of returns over the calibrated one, less one")      \
    X(SPREAD_ASYMMETRY, spread_asymmetry, SAME, 1, -1, 1, "", "Half-spread of A less that of B, over their sum")      \
    X(RISK, risk, CLIP, 50, 0, 1, "bps", "Standard deviation to the horizon of what is left")                         \
    X(CRUMBLE, crumble, SAME, 1, 0, 1, "", "Greatest of the four crumbling probabilities")                            \
    X(VOLATILITY_RATIO, volatility_ratio, RATIO, 1, -1, 1, "", "Greater of the two volatility ratios")                \
    X(SLIPPAGE, slippage, CLIP, 20, -1, 1, "bps", "Cost of the fills so far, of the notional")

/** Indices of an observation: PAB_OBS_A_SPREAD_Z, PAB_OBS_B_..., PAB_OBS_PAIR_.... */
enum {
/** @cond */
#define PAB_OBS_A(id, ...) PAB_OBS_A_##id,
#define PAB_OBS_B(id, ...) PAB_OBS_B_##id,
#define PAB_OBS_PAIR(id, ...) PAB_OBS_PAIR_##id,
/** @endcond */
    PAB_OBS_LEG_TABLE(PAB_OBS_A)
    PAB_OBS_LEG_TABLE(PAB_OBS_B)
    PAB_OBS_PAIR_TABLE(PAB_OBS_PAIR)
#undef PAB_OBS_A
#undef PAB_OBS_B
#undef PAB_OBS_PAIR
    PAB_OBS_COUNT,
    PAB_OBS_LEG_COUNT = PAB_OBS_B_LEAVES /**< features of a leg: PAB_OBS_A_... + PAB_OBS_LEG_COUNT is leg B's */
};

/** How a feature is made of its signal: see PAB_OBS_LEG_TABLE. */
enum { PAB_FORM_SAME = 0, PAB_FORM_CLIP = 1, PAB_FORM_LOG = 2, PAB_FORM_RATIO = 3 };

/** One feature of the observation. */
typedef struct pab_feature_info {
    uint32_t struct_size; /**< sizeof(pab_feature_info) as the caller knows it */
    float low;            /**< least value */
    float high;           /**< greatest value */
    int32_t form;         /**< PAB_FORM_... */
    const char *name;     /**< "a.spread_z" */
    const char *unit;     /**< of the signal; "" for pure numbers */
    const char *doc;      /**< one sentence */
    double scale;         /**< of the form */
} pab_feature_info;

PAB_API pab_status pab_feature_get(uint32_t index, pab_feature_info *out); /**< PAB_E_RANGE from PAB_OBS_COUNT on */

/** The parent orders, their progress, and the books as the executor knows them. */
typedef struct pab_env_status {
    uint32_t struct_size;     /**< sizeof(pab_env_status) as the caller knows it */
    int32_t step;             /**< k: decisions taken */
    int32_t steps;            /**< N */
    int32_t regime;           /**< PAB_REGIME_... */
    uint64_t seed;            /**< with its split and regime, see pab_seed */
    int64_t now; /**< t_k, ns */
    int64_t start; /**< t_0, ns */
    int64_t end; /**< t_N, ns */
    int64_t interval;         /**< ns: Delta */
    int32_t side[PAB_ENV_LEGS];      /**< PAB_BUY or PAB_SELL */
    int32_t symbol[PAB_ENV_LEGS];    /**< symbol indices */
    int64_t parent[PAB_ENV_LEGS];    /**< Q, shares */
    int64_t filled[PAB_ENV_LEGS];    /**< F, shares */
    int64_t live[PAB_ENV_LEGS];      /**< V, shares working */
    double arrival[PAB_ENV_LEGS];    /**< P, ticks */
    double mid[PAB_ENV_LEGS];        /**< M, ticks */
    double near_price[PAB_ENV_LEGS]; /**< own-side touch, 0 for none */
    double far_price[PAB_ENV_LEGS];  /**< opposite touch, 0 for none */
    int64_t far_quantity[PAB_ENV_LEGS]; /**< shares at the opposite touch */
    int64_t others_volume[PAB_ENV_LEGS];/**< shares traded by others since t_0 */
    double ratio;             /**< r = Q_B / Q_A */
    double band;              /**< H, A-shares */
    double hedge_error;       /**< e, A-shares */
    double covariance[3];     /**< AA, AB, BB of 1 s returns, bps^2/s (EWMA 60 s) */
    int32_t resting[PAB_ENV_LEGS];   /**< 1: an order rests */
    int32_t done;             /**< 1: the episode is over */
    int32_t reserved;         /**< 0 */
} pab_env_status;

PAB_API pab_status pab_env_describe(const pab_env *env, pab_env_status *out); /**< struct_size must be set */

/** One fill of the episode. */
typedef struct pab_fill {
    int64_t time;    /**< ns */
    int32_t leg;     /**< 0 or 1 */
    int32_t passive; /**< 1: our order rested */
    int64_t price;   /**< ticks */
    int64_t quantity;/**< shares */
} pab_fill;

/** Fills kept at most: see pab_env_fills. */
enum { PAB_ENV_FILLS_KEPT = 128 };

/**
 * Fills so far, in order of arrival; returns how many are kept (copies at most cap; out may be NULL). After more than
 * PAB_ENV_FILLS_KEPT the oldest are dropped; they still count in costs and metrics.
 */
PAB_API uint32_t pab_env_fills(const pab_env *env, pab_fill *out, uint32_t cap);

/** Metrics of a finished episode. bps are of the notional at arrival, for a leg of its own. */
typedef struct pab_episode_metrics {
    uint32_t struct_size;   /**< sizeof(pab_episode_metrics) as the caller knows it */
    int32_t truncated;      /**< 1: the market closed first */
    double shortfall;       /**< pair IS, bps */
    double shortfall_currency; /**< pair IS, cents: 1/100 of the unit of `exchange.tick_value` */
    double leg_shortfall[PAB_ENV_LEGS]; /**< bps of the leg */
    double cost_spread; /**< part of the pair IS: half-spreads paid, bps */
    double cost_impact; /**< part of the pair IS: impact, bps */
    double cost_drift; /**< part of the pair IS: drift, bps */
    double tracking_error;  /**< TE, % of parent */
    double hedge_max;       /**< max |h| */
    double hedge_cost; /**< sum of HE, bps */
    double risk_cost; /**< sum of RK, bps */
    double terminal_cost; /**< sum of TM, bps */
    double legging;         /**< legging P&L, bps */
    double completion;      /**< share of the parents filled before liquidation */
    double forced;          /**< share filled by liquidation */
    double residual;        /**< share never filled */
    double passive;         /**< share of fills that were passive */
    double vwap_slippage;   /**< against market VWAP over [t_0,t_N], bps */
    double participation;   /**< own share of traded volume */
    double markout;         /**< 10 s mark-out, bps; positive: price went our way after the fill */
    double pair_cost;       /**< IS + 0.5 * TE */
    int64_t messages;       /**< order messages sent */
    int64_t shielded;       /**< shield interventions */
    int64_t fills;          /**< number of fills */
    double cost_fees;       /**< part of the pair IS: exchange fees, bps */
} pab_episode_metrics;

PAB_API pab_status pab_env_metrics(const pab_env *env, pab_episode_metrics *out); /**< PAB_E_STATE before the end */

/** @name State
 * @{ */
PAB_API pab_status pab_env_copy(pab_env *dst, const pab_env *src); /**< same scenario; no allocation once warm */
/**
 * Gives a fork another future: from now on all random streams are also keyed by `fork`. Forks with the same number,
 * made from the same state, share all randomness. Only with `rng: fast`, else PAB_E_UNSUPPORTED.
 */
PAB_API pab_status pab_env_reseed(pab_env *env, uint64_t fork);
PAB_API pab_status pab_env_save(const pab_env *env, void *buf, size_t cap, size_t *needed); /**< as pab_market_save */
/** As pab_market_restore. */
PAB_API pab_status pab_env_restore(pab_env *env, const void *buf, size_t len);
PAB_API pab_status pab_env_hash(const pab_env *env, uint64_t *out);                         /**< as pab_market_hash */
PAB_API const pab_market *pab_env_market(const pab_env *env); /**< the market below, lent for reading */
PAB_API pab_scenario *pab_env_scenario(const pab_env *env);   /**< lent */
/** @} */

PAB_END_DECLS

#endif
