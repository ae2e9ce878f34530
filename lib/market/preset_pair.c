/* The reference pair: two correlated books that are cheap to simulate and plausible beside AIG and BAC of 2013
 * (docs/realism.md). Warm-up and one episode of 300 s need 15 minutes of market. */
#include "market/preset.h"

#define MAKER(symbol)                                                                                                  \
    "{type: market_maker, symbol: " symbol ", count: 2, pov: 0.05, min_order_size: 60, num_ticks: 4, anchor: middle,\n" \
    "    window_size: 0, level_spacing: 0.6, wake_up_freq: 2s, poisson_arrival: true, cancel_limit_delay: 50ns,\n"     \
    "    price_skew: 0, spread_alpha: 0.1, min_imbalance: 1, initial_spread: 20, "
#define NOISE(symbol) "{type: noise, symbol: " symbol ", arrival: poisson, order_size: mixture, "
#define VALUE(symbol) "{type: value, symbol: " symbol ", order_size: mixture, percent_aggr: 0.2, depth_spread: 2, "
#define MOMENTUM(symbol)                                                                            \
    "{type: momentum, symbol: " symbol ", count: 2, order_size: mixture, wake_up_freq: 20s, poisson_arrival: true}\n"

const char pab__preset_pair[] =
    "name: pair\n"
    "rng: fast\n"
    "quirks: none\n"
    "clock: {date: 2021-02-05, market_open: 09:30:00, market_close: 10:30:00, kernel_start: 09:29:59,\n"
    "    kernel_stop: close + 1s, noise_open: open, noise_close: close, oracle_open: open, oracle_close: close}\n"
    "exchange: {volume_window: 30min}\n"
    "symbols:\n"
    "  AAA: {oracle: {kind: correlated, r_bar: 100000, kappa: 2e-14, fund_vol: 2.4e-4, own_shock_rate: 2,\n"
    "    own_shock_sd: 5}}\n"
    "  BBB: {oracle: {kind: correlated, r_bar: 60000, kappa: 2e-14, fund_vol: 1.4e-4, lag: 1s}}\n"
    "correlation: {grid: 500ms, pairs: {main: {first: AAA, second: BBB, rho: 0.8}}}\n"
    "agents:\n"
    "  maker_AAA: " MAKER("AAA") "}\n"
    "  maker_BBB: " MAKER("BBB") "}\n"
    "  noise_AAA: " NOISE("AAA") "count: 20, wake_up_freq: 40s}\n"
    "  noise_BBB: " NOISE("BBB") "count: 20, wake_up_freq: 20s}\n"
    "  value_AAA: " VALUE("AAA") "count: 10, sigma_n: 100, r_bar: 100000, lambda_a: 5e-11}\n"
    "  value_BBB: " VALUE("BBB") "count: 10, sigma_n: 100, r_bar: 60000, lambda_a: 5e-11}\n"
    "  momentum_AAA: " MOMENTUM("AAA")
    "  momentum_BBB: " MOMENTUM("BBB")
    "  arbitrage: {type: arbitrage, count: 2, first: AAA, second: BBB, band: 5, size: 100, max_position: 500,\n"
    "    wake_up_freq: 2s}\n"
    "latency: {model: deterministic, line_length: 3866660, metres_per_ns: 0.299792458}\n"
    "";
