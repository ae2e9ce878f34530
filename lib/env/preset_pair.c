/* The reference pair: two correlated books that are cheap to simulate and plausible beside AIG and BAC of October 2013
 * (docs/realism.md). Prices are in tenths of a cent. Warm-up and one episode of 300 s need 16 minutes of market. */
#include "env/builtin.h"

#define MAKER(symbol)                                                                                             \
    "{type: market_maker, symbol: " symbol ", count: 3, requote: changed, pov: 0, anchor: middle,\n"                \
    "    wake_up_freq: 3s, poisson_arrival: true, cancel_limit_delay: 50ns, price_skew: 0, min_imbalance: 1,\n"      \
    "    watch: 1, num_ticks: 4, window_size: 10, level_spacing: 1, "
#define NOISE(symbol) "{type: noise, symbol: " symbol ", arrival: poisson, "
#define VALUE(symbol) "{type: value, symbol: " symbol ", depth_spread: 20, "
#define MOMENTUM(symbol) "{type: momentum, symbol: " symbol ", wake_up_freq: 20s, poisson_arrival: true, "

const char pab__preset_pair[] =
    "name: pair\n"
    "rng: fast\n"
    "quirks: none\n"
    "clock: {date: 2021-02-05, market_open: 09:30:00, market_close: 10:30:00, kernel_start: 09:29:59,\n"
    "    kernel_stop: close + 1s, noise_open: open, noise_close: close, oracle_open: open, oracle_close: close}\n"
    "exchange: {volume_window: 30min, tick_value: 0.001}\n"
    "symbols:\n"
    "  AAA: {oracle: {kind: correlated, r_bar: 49000, kappa: 2e-14, fund_vol: 1.3e-4}}\n"
    "  BBB: {oracle: {kind: correlated, r_bar: 13900, kappa: 2e-14, fund_vol: 3.7e-5, lag: 500ms}}\n"
    "correlation: {grid: 500ms, pairs: {main: {first: AAA, second: BBB, rho: 0.65}}}\n"
    "agents:\n"
    "  maker_AAA: " MAKER("AAA") "initial_spread: 14, min_order_size: 300}\n"
    "  maker_BBB: " MAKER("BBB") "initial_spread: 8, min_order_size: 12000}\n"
    "  noise_AAA: " NOISE("AAA") "count: 20, wake_up_freq: 40s, herding: 0.9, order_size: mixture}\n"
    "  noise_BBB: " NOISE("BBB") "count: 20, wake_up_freq: 30s, herding: 0.8, order_size: per_agent,\n"
    "    min_size: 100, max_size: 600}\n"
    "  value_AAA: " VALUE("AAA") "count: 20, sigma_n: 20, r_bar: 49000, kappa: 2e-14, lambda_a: 2.5e-11,\n"
    "    percent_aggr: 0.7, order_size: mixture}\n"
    "  value_BBB: " VALUE("BBB") "count: 20, sigma_n: 6, r_bar: 13900, kappa: 2e-14, lambda_a: 4.5e-11,\n"
    "    percent_aggr: 0.9, order_size: per_agent, min_size: 100, max_size: 600}\n"
    "  momentum_AAA: " MOMENTUM("AAA") "count: 2, order_size: mixture}\n"
    "  momentum_BBB: " MOMENTUM("BBB") "count: 2, order_size: per_agent, min_size: 100, max_size: 600}\n"
    "  arbitrage: {type: arbitrage, count: 2, first: AAA, second: BBB, band: 6, size: 100, max_position: 500,\n"
    "    wake_up_freq: 2s}\n"
    "  executor: {type: pair_executor}\n"
    "latency: {model: deterministic, line_length: 3866660, metres_per_ns: 0.299792458}\n"
    "pair: {a: AAA, b: BBB, hedge: dollar, quantity: 2000}\n";
