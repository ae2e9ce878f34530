#include "scenario/import_keys.h"

#include <stddef.h>

const pab__import_mapping pab__import_top[] = {
    {"date_ns", "date", PAB__IMPORT_DATE, 0},
    {"mkt_open_ns", "market_open", PAB__IMPORT_TIME, 0},
    {"mkt_close_ns", "market_close", PAB__IMPORT_TIME, 0},
    {"kernel_start_ns", "kernel_start", PAB__IMPORT_TIME, 0},
    {"kernel_stop_ns", "kernel_stop", PAB__IMPORT_TIME, 0},
    {"noise_open_ns", "noise_open", PAB__IMPORT_TIME, 0},
    {"noise_close_ns", "noise_close", PAB__IMPORT_TIME, 0},
    {"oracle_open_ns", "oracle_open", PAB__IMPORT_TIME, 0},
    {"oracle_close_ns", "oracle_close", PAB__IMPORT_TIME, 0},
    {"default_computation_delay_ns", "computation_delay", PAB__IMPORT_DURATION, 0},
    {"name", NULL, PAB__IMPORT_PART, 0},
    {"config", NULL, PAB__IMPORT_IGNORE, 1},
    {"reference", NULL, PAB__IMPORT_IGNORE, 1},
    {"seed", NULL, PAB__IMPORT_PART, 0},
    {"agent_count", NULL, PAB__IMPORT_PART, 0},
    {"symbols", NULL, PAB__IMPORT_PART, 0},
    {"exchange", NULL, PAB__IMPORT_PART, 0},
    {"oracle", NULL, PAB__IMPORT_PART, 0},
    {"groups", NULL, PAB__IMPORT_PART, 0},
    {"latency", NULL, PAB__IMPORT_PART, 0},
    {"order_size_mixture", NULL, PAB__IMPORT_PART, 0},
    {"market_maker_subscription_patches", NULL, PAB__IMPORT_IGNORE, 1}, /* makers always run patched */
    {"seed_draw_order", NULL, PAB__IMPORT_IGNORE, 1},
    {NULL, NULL, 0, 0},
};

const pab__import_mapping pab__import_exchange[] = {
    {"id", NULL, PAB__IMPORT_PART, 0},
    {"type", NULL, PAB__IMPORT_IGNORE, 1},
    {"computation_delay_ns", "computation_delay", PAB__IMPORT_DURATION, 0},
    {"pipeline_delay_ns", "pipeline_delay", PAB__IMPORT_DURATION, 0},
    {"stream_history", "stream_history", PAB__IMPORT_AS_IS, 0},
    {NULL, NULL, 0, 0},
};

const pab__import_mapping pab__import_oracle[] = {
    {"r_bar", "r_bar", PAB__IMPORT_AS_IS, 0},
    {"kappa", "kappa", PAB__IMPORT_AS_IS, 0},
    {"sigma_s", "sigma_s", PAB__IMPORT_AS_IS, 0},
    {"fund_vol", "fund_vol", PAB__IMPORT_AS_IS, 0},
    {"megashock_lambda_a", "megashock_lambda_a", PAB__IMPORT_AS_IS, 0},
    {"megashock_mean", "megashock_mean", PAB__IMPORT_AS_IS, 0},
    {"megashock_var", "megashock_var", PAB__IMPORT_AS_IS, 0},
    {NULL, NULL, 0, 0},
};

const pab__import_mapping pab__import_latency[] = {
    {"model", NULL, PAB__IMPORT_PART, 0},
    {"line_length_m", "line_length", PAB__IMPORT_AS_IS, 1},
    {"metres_per_ns", "metres_per_ns", PAB__IMPORT_AS_IS, 1},
    {"jitter", "jitter", PAB__IMPORT_AS_IS, 1},
    {"jitter_clip", "jitter_clip", PAB__IMPORT_AS_IS, 1},
    {"jitter_unit", "jitter_unit", PAB__IMPORT_AS_IS, 1},
    {NULL, NULL, 0, 0},
};

#define COMMON_KEYS                                                                            \
    {"first_id", NULL, PAB__IMPORT_PART, 0}, {"count", "count", PAB__IMPORT_AS_IS, 0},                       \
    {"kind", NULL, PAB__IMPORT_PART, 0}, {"type", NULL, PAB__IMPORT_PART, 0}, {"symbol", NULL, PAB__IMPORT_PART, 0}, \
    {"starting_cash", "starting_cash", PAB__IMPORT_AS_IS, 0}

static const pab__import_mapping noise_keys[] = {
    COMMON_KEYS,
    {"order_size", NULL, PAB__IMPORT_PART, 0},
    {NULL, NULL, 0, 0},
};

static const pab__import_mapping value_keys[] = {
    COMMON_KEYS,
    {"sigma_n", "sigma_n", PAB__IMPORT_AS_IS, 0},
    {"r_bar", "r_bar", PAB__IMPORT_AS_IS, 0},
    {"kappa", "kappa", PAB__IMPORT_AS_IS, 0},
    {"sigma_s", "sigma_s", PAB__IMPORT_AS_IS, 0},
    {"lambda_a", "lambda_a", PAB__IMPORT_AS_IS, 0},
    {"percent_aggr", "percent_aggr", PAB__IMPORT_AS_IS, 0},
    {"depth_spread", "depth_spread", PAB__IMPORT_AS_IS, 0},
    {"order_size", NULL, PAB__IMPORT_PART, 0},
    {NULL, NULL, 0, 0},
};

static const pab__import_mapping maker_keys[] = {
    COMMON_KEYS,
    {"pov", "pov", PAB__IMPORT_AS_IS, 0},
    {"min_order_size", "min_order_size", PAB__IMPORT_AS_IS, 0},
    {"window_size", "window_size", PAB__IMPORT_ADAPTIVE, 0},
    {"anchor", "anchor", PAB__IMPORT_AS_IS, 0},
    {"num_ticks", "num_ticks", PAB__IMPORT_AS_IS, 0},
    {"level_spacing", "level_spacing", PAB__IMPORT_AS_IS, 0},
    {"wake_up_freq_ns", "wake_up_freq", PAB__IMPORT_DURATION, 0},
    {"poisson_arrival", "poisson_arrival", PAB__IMPORT_AS_IS, 0},
    {"subscribe", "subscribe", PAB__IMPORT_AS_IS, 0},
    {"subscribe_freq_ns", "subscribe_freq", PAB__IMPORT_DURATION, 0},
    {"subscribe_num_levels", "subscribe_num_levels", PAB__IMPORT_AS_IS, 0},
    {"cancel_limit_delay_ns", "cancel_limit_delay", PAB__IMPORT_DURATION, 0},
    {"skew_beta", "skew_beta", PAB__IMPORT_AS_IS, 0},
    {"price_skew_param", "price_skew", PAB__IMPORT_NULL_IS_0, 0},
    {"spread_alpha", "spread_alpha", PAB__IMPORT_AS_IS, 0},
    {"backstop_quantity", "backstop_quantity", PAB__IMPORT_AS_IS, 0},
    {"min_imbalance", "min_imbalance", PAB__IMPORT_AS_IS, 0},
    {"initial_spread", "initial_spread", PAB__IMPORT_AS_IS, 0},
    {NULL, NULL, 0, 0},
};

static const pab__import_mapping momentum_keys[] = {
    COMMON_KEYS,
    {"min_size", "min_size", PAB__IMPORT_AS_IS, 0},
    {"max_size", "max_size", PAB__IMPORT_AS_IS, 0},
    {"wake_up_freq_ns", "wake_up_freq", PAB__IMPORT_DURATION, 0},
    {"poisson_arrival", "poisson_arrival", PAB__IMPORT_AS_IS, 0},
    {"subscribe", "subscribe", PAB__IMPORT_AS_IS, 0},
    {"subscribe_freq_ns", "subscribe_freq", PAB__IMPORT_DURATION, 0},
    {"subscribe_depth", "subscribe_depth", PAB__IMPORT_AS_IS, 0},
    {"order_size", NULL, PAB__IMPORT_PART, 0},
    {NULL, NULL, 0, 0},
};

static const pab__import_mapping idle_keys[] = {
    COMMON_KEYS,
    {"wake_offset_after_open_ns", "wake_offset", PAB__IMPORT_DURATION, 0},
    {NULL, NULL, 0, 0},
};

const pab__import_kind pab__import_kinds[] = {
    {"NoiseAgent", "noise", noise_keys, 0},
    {"ValueAgent", "value", value_keys, 0},
    {"AdaptiveMarketMakerAgent", "market_maker", maker_keys, 1},
    {"MomentumAgent", "momentum", momentum_keys, 0},
    {"IdleTradingAgent", "idle", idle_keys, 0},
    {NULL, NULL, NULL, 0},
};
