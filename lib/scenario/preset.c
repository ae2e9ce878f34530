/* The reference markets, as their recorded runs have them. Other keys keep their defaults. */
#include "scenario/extension.h"

#define HEAD(name)     \
    "name: " name "\n" \
    "rng: abides\n"    \
    "quirks: abides\n"

static const char rmsc03[] =
    HEAD("rmsc03")
    "clock: {date: 2020-06-03, market_open: 09:30:00, market_close: 16:00:00, kernel_start: 00:00:00,\n"
    "        kernel_stop: close + 60s, noise_open: open - 30min, noise_close: 16:00:00, oracle_open: open,\n"
    "        oracle_close: close, computation_delay: 50ns}\n"
    "exchange: {count: 1, computation_delay: 0ns, pipeline_delay: 0ns, stream_history: 25000}\n"
    "symbols:\n"
    "  ABM:\n"
    "    oracle: {kind: sparse, r_bar: 100000, kappa: 1.67e-16, sigma_s: 0, fund_vol: 0.001,\n"
    "             megashock_lambda_a: 2.77778e-18, megashock_mean: 1000, megashock_var: 50000}\n"
    "agents:\n"
    "  noise: {type: noise, symbol: ABM, count: 5000, order_size: per_agent, min_size: 20, max_size: 50}\n"
    "  value: {type: value, symbol: ABM, count: 100, order_size: per_agent, min_size: 20, max_size: 50,\n"
    "          sigma_n: 10000.0, r_bar: 100000, kappa: 1.67e-15, sigma_s: 100000, lambda_a: 7e-11,\n"
    "          percent_aggr: 0.1, depth_spread: 2}\n"
    "  market_maker: {type: market_maker, symbol: ABM, count: 2, pov: 0.025, min_order_size: 1, window_size: 0,\n"
    "          anchor: middle, num_ticks: 10, level_spacing: 5, wake_up_freq: 10s, poisson_arrival: true,\n"
    "          subscribe: false, subscribe_freq: 10s, subscribe_num_levels: 1, cancel_limit_delay: 50ns,\n"
    "          skew_beta: 0, price_skew: 0, spread_alpha: 0.75, backstop_quantity: 50000, min_imbalance: 0.9,\n"
    "          initial_spread: 50}\n"
    "  momentum: {type: momentum, symbol: ABM, count: 25, order_size: per_agent, min_size: 1, max_size: 10,\n"
    "          wake_up_freq: 20s, poisson_arrival: true, subscribe: false, subscribe_freq: 10s,\n"
    "          subscribe_depth: 1}\n"
    "  idle: {type: idle, count: 1, wake_offset: 0ns}\n"
    "latency: {model: deterministic, line_length: 3866660, metres_per_ns: 0.299792458}\n";

#define MAKER                                                                                                    \
    "pov: 0.025, min_order_size: 1, window_size: 0, anchor: middle,\n"                                           \
    "          num_ticks: 10, level_spacing: 5, wake_up_freq: 60s, poisson_arrival: true, subscribe: false,\n"   \
    "          subscribe_freq: 10s, subscribe_num_levels: 1, cancel_limit_delay: 50ns, skew_beta: 0,\n"          \
    "          price_skew: 4, spread_alpha: 0.75, backstop_quantity: 0, min_imbalance: 0.9, initial_spread: 50}\n"
#define MOMENTUM                                                                                          \
    "order_size: mixture, min_size: 1, max_size: 10, wake_up_freq: 37s,\n"                                \
    "          poisson_arrival: true, subscribe: false, subscribe_freq: 10s, subscribe_depth: 1}\n"
#define RMSC04_CLOCK                                                                                             \
    "clock: {date: 2021-02-05, market_open: 09:30:00, market_close: 16:00:00, kernel_start: 00:00:00,\n"         \
    "        kernel_stop: close + 1s, noise_open: open - 30min, noise_close: 16:00:00, oracle_open: open,\n"     \
    "        oracle_close: 16:00:00, computation_delay: 50ns}\n"                                                 \
    "exchange: {count: 1, computation_delay: 0ns, pipeline_delay: 0ns, stream_history: 500}\n"
#define LATENCY "latency: {model: deterministic, line_length: 3866660, metres_per_ns: 0.299792458}\n"

static const char rmsc04[] =
    HEAD("rmsc04")
    RMSC04_CLOCK
    "symbols:\n"
    "  ABM:\n"
    "    oracle: {kind: sparse, r_bar: 100000, kappa: 1.67e-16, sigma_s: 0, fund_vol: 5e-05,\n"
    "             megashock_lambda_a: 2.77778e-18, megashock_mean: 1000, megashock_var: 50000}\n"
    "agents:\n"
    "  noise: {type: noise, symbol: ABM, count: 1000, order_size: mixture}\n"
    "  value: {type: value, symbol: ABM, count: 102, order_size: mixture, sigma_n: 1000.0, r_bar: 100000,\n"
    "          kappa: 1.67e-15, sigma_s: 100000, lambda_a: 5.7e-12, percent_aggr: 0.1, depth_spread: 2}\n"
    "  market_maker: {type: market_maker, symbol: ABM, count: 2, " MAKER
    "  momentum: {type: momentum, symbol: ABM, count: 12, " MOMENTUM
    LATENCY;

static const char two_symbol[] =
    HEAD("two_symbol")
    RMSC04_CLOCK
    "symbols:\n"
    "  AAA:\n"
    "    oracle: {kind: sparse, r_bar: 100000, kappa: 1.67e-16, sigma_s: 0, fund_vol: 5e-05,\n"
    "             megashock_lambda_a: 2.77778e-18, megashock_mean: 1000, megashock_var: 50000}\n"
    "  BBB:\n"
    "    oracle: {kind: sparse, r_bar: 60000, kappa: 2.5e-16, sigma_s: 0, fund_vol: 8e-05,\n"
    "             megashock_lambda_a: 2.77778e-18, megashock_mean: 600, megashock_var: 20000}\n"
    "agents:\n"
    "  noise_AAA: {type: noise, symbol: AAA, count: 300, order_size: mixture}\n"
    "  noise_BBB: {type: noise, symbol: BBB, count: 300, order_size: mixture}\n"
    "  value_AAA: {type: value, symbol: AAA, count: 40, order_size: mixture, sigma_n: 1000.0, r_bar: 100000,\n"
    "          kappa: 1.67e-15, sigma_s: 100000, lambda_a: 5.7e-12, percent_aggr: 0.1, depth_spread: 2}\n"
    "  value_BBB: {type: value, symbol: BBB, count: 40, order_size: mixture, sigma_n: 600.0, r_bar: 60000,\n"
    "          kappa: 1.67e-15, sigma_s: 100000, lambda_a: 5.7e-12, percent_aggr: 0.1, depth_spread: 2}\n"
    "  market_maker_AAA: {type: market_maker, symbol: AAA, count: 1, " MAKER
    "  market_maker_BBB: {type: market_maker, symbol: BBB, count: 1, " MAKER
    "  momentum_AAA: {type: momentum, symbol: AAA, count: 6, " MOMENTUM
    "  momentum_BBB: {type: momentum, symbol: BBB, count: 6, " MOMENTUM
    LATENCY;

const pab__preset pab__presets[PAB__PRESET_COUNT] = {
    {"rmsc03", rmsc03}, {"rmsc04", rmsc04}, {"two_symbol", two_symbol},
};
