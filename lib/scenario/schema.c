#include "scenario/schema.h"

#include "scenario/extension.h"

#include <string.h>

#define AT(record, member) (uint32_t) offsetof(record, member)
#define ROWS(table) .row_count = sizeof(table) / sizeof *(table), .rows = (table)
#define SUBS(table) .subs = (table), .sub_count = sizeof(table) / sizeof *(table)

#define TEXT(record, member, key, def, doc) \
    {key, PAB_PARAM_TEXT, AT(record, member), "", def, 0, 0, NULL, doc}
#define CHOICE(record, member, key, def, choices, doc) \
    {key, PAB_PARAM_CHOICE, AT(record, member), "", def, 0, 0, choices, doc}
#define INT(record, member, key, unit, def, low, high, doc) \
    {key, PAB_PARAM_INT, AT(record, member), unit, def, low, high, NULL, doc}
#define REAL(record, member, key, unit, def, low, high, doc) \
    {key, PAB_PARAM_REAL, AT(record, member), unit, def, low, high, NULL, doc}
#define BOOL(record, member, key, def, doc) \
    {key, PAB_PARAM_BOOL, AT(record, member), "", def, 0, 1, NULL, doc}
#define DURATION(record, member, key, def, low, high, doc) \
    {key, PAB_PARAM_DURATION, AT(record, member), "ns", def, low, high, NULL, doc}
#define TIME(record, member, key, def, doc) \
    {key, PAB_PARAM_TIME, AT(record, member), "ns", def, 0, 0, NULL, doc}

#define YEAR 31536e12 /* ns */
#define PRICES 1e15 /* ticks */
#define SHARES 1e12

static const pab_param top_rows[] = {
    TEXT(pab__top_keys, preset, "preset", "",
         "Preset that the file starts over from"),
    TEXT(pab__top_keys, name, "name", "scenario", "Name of the scenario in reports"),
    INT(pab__top_keys, seed, "seed", "", "0", 0, 9e18, "Seed used where a run is given none"),
    CHOICE(pab__top_keys, rng, "rng", "abides", "abides|fast",
           "Random generators: abides replays ABIDES draw for draw, fast is counter-based"),
};

static const pab_param clock_rows[] = {
    TIME(pab__clock, date, "date", "2021-02-05", "Day of the run, YYYY-MM-DD; clock times count from its midnight"),
    TIME(pab__clock, market_open, "market_open", "09:30:00", "The exchange opens"),
    TIME(pab__clock, market_close, "market_close", "16:00:00", "The exchange closes; orders at this instant count"),
    TIME(pab__clock, kernel_start, "kernel_start", "00:00:00", "All agents wake for the first time"),
    TIME(pab__clock, kernel_stop, "kernel_stop", "close + 1s", "The run ends"),
    TIME(pab__clock, noise_open, "noise_open", "open - 30min", "Earliest wake time of noise agents"),
    TIME(pab__clock, noise_close, "noise_close", "close", "Latest wake time of noise agents"),
    TIME(pab__clock, oracle_open, "oracle_open", "open", "The fundamental value starts moving"),
    TIME(pab__clock, oracle_close, "oracle_close", "close", "The fundamental value stands still from here on"),
    DURATION(pab__clock, computation_delay, "computation_delay", "50ns", 0, YEAR,
             "Time an agent is busy after each event, unless its group says otherwise"),
};

static const pab_param exchange_rows[] = {
    INT(pab__exchange_params, count, "count", "", "1", 1, 1000, "Exchange agents; they have the first ids"),
    DURATION(pab__exchange_params, computation_delay, "computation_delay", "0ns", 0, YEAR,
             "Time an exchange is busy after each event, from its first message on"),
    DURATION(pab__exchange_params, pipeline_delay, "pipeline_delay", "0ns", 0, YEAR,
             "Added to the delay of every message an exchange sends"),
    INT(pab__exchange_params, stream_history, "stream_history", "", "500", 0, 1e12,
        "Kept from ABIDES configurations; without effect"),
    DURATION(pab__exchange_params, volume_window, "volume_window", "1h", 0, 9.2e18,
             "Transacted volume is kept this long for queries"),
    REAL(pab__exchange_params, maker_fee, "maker_fee", "cents/share", "0", -1000, 1000,
         "Paid to the exchange for a fill of a resting order; a rebate where negative"),
    REAL(pab__exchange_params, taker_fee, "taker_fee", "cents/share", "0", -1000, 1000,
         "Paid to the exchange for a fill of an incoming order; a rebate where negative"),
    BOOL(pab__exchange_params, self_trade_prevention, "self_trade_prevention", "false",
         "An incoming order that meets one of its owner is rejected, less what it has filled"),
    REAL(pab__exchange_params, tick_value, "tick_value", "currency", "0.01", 1e-18, 1e12,
         "What a price of one tick is in money; ABIDES' ticks are cents. Fees and shortfalls in cents follow from it"),
};

static const pab_param symbol_rows[] = {
    INT(pab__symbol_keys, exchange, "exchange", "", "0", 0, 999, "Id of the exchange agent that lists the symbol"),
};

static const pab_param oracle_rows[] = {
    CHOICE(pab__oracle_params, kind, "kind", "sparse", "none|sparse|dense|series|correlated",
           "Fundamental value: none, computed when asked, on a grid, read from a file, or moving with other symbols"),
    INT(pab__oracle_params, r_bar, "r_bar", "ticks", "100000", 0, PRICES,
        "Mean fundamental value, and its first value"),
    REAL(pab__oracle_params, kappa, "kappa", "1/ns", "1.67e-16", 0, 1, "Rate of return to the mean"),
    REAL(pab__oracle_params, sigma_s, "sigma_s", "ticks^2", "0", 0, 1e30, "Shock variance; kept for value agents"),
    REAL(pab__oracle_params, fund_vol, "fund_vol", "ticks/sqrt(ns)", "5e-05", 0, 1e15, "Volatility of the value"),
    REAL(pab__oracle_params, megashock_lambda_a, "megashock_lambda_a", "1/ns", "2.77778e-18", 1e-30, 1,
         "Rate of megashocks"),
    REAL(pab__oracle_params, megashock_mean, "megashock_mean", "ticks", "1000", -PRICES, PRICES,
         "Mean size of megashocks"),
    REAL(pab__oracle_params, megashock_var, "megashock_var", "ticks^2", "50000", 0, 1e30, "Variance of their size"),
    DURATION(pab__oracle_params, grid, "grid", "1s", 1, YEAR,
             "Spacing of computed values: dense oracles, and sparse ones with quirks.query_driven_oracle off"),
    TEXT(pab__oracle_params, file, "file", "", "Series: CSV file with a header line and a column time_ns"),
    TEXT(pab__oracle_params, column, "column", "value", "Series: name of the column of values, in ticks"),
    TEXT(pab__oracle_params, follows, "follows", "",
         "Correlated: symbol whose deviation it shares; its own deviation is then the cointegrated spread"),
    REAL(pab__oracle_params, beta, "beta", "", "1", -100, 100, "Correlated: its return per return of the one followed"),
    DURATION(pab__oracle_params, half_life, "half_life", "0", 0, YEAR,
             "Correlated: half-life of its own deviation; 0: kappa tells"),
    REAL(pab__oracle_params, loading, "loading", "", "0", -1, 1,
         "Correlated: on a common factor; the correlation of two symbols is the product of theirs, or as pairs say"),
    DURATION(pab__oracle_params, lag, "lag", "0", 0, 3600e9, "Correlated: its value is this late, in whole grid steps"),
    REAL(pab__oracle_params, shock_beta, "shock_beta", "", "1", -100, 100, "Correlated: its share of common jumps"),
    REAL(pab__oracle_params, own_shock_rate, "own_shock_rate", "1/h", "0", 0, 1e6,
         "Correlated: rate of jumps of its own; 0 for none"),
    REAL(pab__oracle_params, own_shock_sd, "own_shock_sd", "bps", "10", 0, 1e4,
         "Correlated: standard deviation of their size"),
};

static const pab_param correlation_rows[] = {
    DURATION(pab__correlation_keys, grid, "grid", "500ms", 1000, YEAR, "Spacing of correlated values"),
    REAL(pab__correlation_keys, common_rate, "common_shock_rate", "1/h", "0", 0, 1e6,
         "Rate of jumps that all correlated symbols share; 0 for none"),
    REAL(pab__correlation_keys, common_sd, "common_shock_sd", "bps", "20", 0, 1e4,
         "Standard deviation of their size, before shock_beta"),
    DURATION(pab__correlation_keys, common_delay, "common_shock_delay", "2s", 0, YEAR,
             "They hit the first symbol at once and each other one up to this much later"),
    BOOL(pab__correlation_keys, event, "event", "false", "One common jump at a random time of a window"),
    TIME(pab__correlation_keys, event_from, "event_from", "open", "Earliest time of the event"),
    TIME(pab__correlation_keys, event_to, "event_to", "close", "Latest time of the event"),
    REAL(pab__correlation_keys, event_sd, "event_sd", "bps", "60", 0, 1e4,
         "Standard deviation of its size, before shock_beta"),
    REAL(pab__correlation_keys, event_own_sd, "event_own_sd", "bps", "10", 0, 1e4,
         "Standard deviation of what each symbol adds of its own"),
    DURATION(pab__correlation_keys, event_delay, "event_delay", "2s", 0, YEAR,
             "It hits the first symbol at once and each other one up to this much later"),
};

static const pab_param rho_rows[] = {
    TEXT(pab__rho_keys, first, "first", NULL, "A correlated symbol"),
    TEXT(pab__rho_keys, second, "second", NULL, "Another one"),
    REAL(pab__rho_keys, rho, "rho", "", NULL, -1, 1, "Correlation of the noise that moves them"),
};

static const pab_param group_rows[] = {
    TEXT(pab__group_keys, type, "type", NULL, "Agent type"),
    TEXT(pab__group_keys, symbol, "symbol", "", "Symbol the agents trade; empty: none in particular"),
    TEXT(pab__group_keys, label, "label", "", "Type name printed in tables; empty: the type's own"),
    INT(pab__group_keys, common.count, "count", "agents", "1", 0, 1e6, "Number of agents"),
    INT(pab__group_keys, common.starting_cash, "starting_cash", "ticks", "10000000", -PRICES, PRICES,
        "Cash at the start"),
    DURATION(pab__group_keys, common.computation_delay, "computation_delay", "-1", -1, YEAR,
             "Time an agent is busy after each event; -1: clock.computation_delay"),
    CHOICE(pab__group_keys, common.size_kind, "order_size", "mixture", "mixture|per_agent|fixed",
           "Order sizes: drawn per order, drawn once per agent, or fixed"),
    INT(pab__group_keys, common.size_fixed, "fixed_size", "shares", "100", 0, SHARES, "Size when order_size is fixed"),
    INT(pab__group_keys, common.size_min, "min_size", "shares", "20", 0, SHARES, "Least size when drawn per agent"),
    INT(pab__group_keys, common.size_max, "max_size", "shares", "50", 0, SHARES,
        "Size drawn per agent stays below this"),
};

static const pab_param latency_rows[] = {
    CHOICE(pab__latency_params, model, "model", "deterministic", "none|deterministic|cubic",
           "Message delay: none, by distance, or by distance with jitter"),
    REAL(pab__latency_params, line_length, "line_length", "m", "3866660", 0, 1e12,
         "Agents stand uniformly on a line of this length"),
    REAL(pab__latency_params, metres_per_ns, "metres_per_ns", "m/ns", "0.299792458", 1e-6, 1e6, "Speed of messages"),
    REAL(pab__latency_params, jitter, "jitter", "", "0.5", 0, 1e6, "Cubic: strength of the jitter"),
    REAL(pab__latency_params, jitter_clip, "jitter_clip", "", "0.1", 1e-3, 1, "Cubic: least value of its uniform draw"),
    REAL(pab__latency_params, jitter_unit, "jitter_unit", "", "10.0", 1e-3, 1e9,
         "Cubic: base delay over this is a unit"),
};

static const pab_param component_rows[] = {
    CHOICE(pab__component_keys, dist, "dist", NULL, "normal|lognormal", "Distribution of the component"),
    REAL(pab__component_keys, mu, "mu", "", NULL, -1e9, 1e9, "Mean; of the logarithm when lognormal"),
    REAL(pab__component_keys, sigma, "sigma", "", NULL, 0, 1e9, "Standard deviation; of the logarithm when lognormal"),
};

static const pab_param weight_rows[] = {
    {"weight", PAB_PARAM_REAL, 0, "", NULL, 0, 1e9, NULL, "Weight of the component of the same place"},
};

const pab__section pab__oracle_section = {.name = "oracle", ROWS(oracle_rows)};
const pab__section pab__rho_section = {.name = "pair", ROWS(rho_rows)};
static const pab__section correlation_subs[] = {
    {.name = "pairs", .kind = PAB__SECTION_NAMED, .subs = &pab__rho_section, .sub_count = 1, .item = "<pair>"},
};
const pab__section pab__correlation_section = {.name = "correlation", ROWS(correlation_rows), SUBS(correlation_subs)};
const pab__section pab__component_section = {.name = "component", ROWS(component_rows)};
const pab__section pab__clock_section = {.name = "clock", ROWS(clock_rows)};
const pab__section pab__exchange_section = {.name = "exchange", ROWS(exchange_rows)};
const pab__section pab__latency_section = {.name = "latency", ROWS(latency_rows)};
const pab__section pab__group_section = {.name = "group", ROWS(group_rows), .typed = 1};

static const pab__section symbol_subs[] = {{.name = "oracle", ROWS(oracle_rows)}};
const pab__section pab__symbol_section = {.name = "symbol", ROWS(symbol_rows), SUBS(symbol_subs)};

/* ABIDES' order sizes. */
#define COMPONENTS                                                                                     \
    .name = "components", .kind = PAB__SECTION_LIST, .subs = &pab__component_section, .sub_count = 1,  \
    .default_value = "[{dist: lognormal, mu: 2.9, sigma: 1.2}, {dist: normal, mu: 100.0, sigma: 0.15}, " \
                     "{dist: normal, mu: 200.0, sigma: 0.15}, {dist: normal, mu: 300.0, sigma: 0.15}, " \
                     "{dist: normal, mu: 400.0, sigma: 0.15}, {dist: normal, mu: 500.0, sigma: 0.15}, " \
                     "{dist: normal, mu: 600.0, sigma: 0.15}, {dist: normal, mu: 700.0, sigma: 0.15}, " \
                     "{dist: normal, mu: 800.0, sigma: 0.15}, {dist: normal, mu: 900.0, sigma: 0.15}, " \
                     "{dist: normal, mu: 1000.0, sigma: 0.15}]"
#define WEIGHTS                                                \
    .name = "weights", .kind = PAB__SECTION_LIST, ROWS(weight_rows), \
    .default_value = "[0.2, 0.7, 0.06, 0.004, 0.0329, 0.001, 0.0006, 0.0004, 0.0005, 0.0003, 0.0003]"

const pab__section pab__components_section = {COMPONENTS};
const pab__section pab__weights_section = {WEIGHTS};
static const pab__section mixture_subs[] = {{COMPONENTS}, {WEIGHTS}};

const pab__section pab__quirks_section = {.name = "quirks", .row_count = PAB__QUIRK_COUNT, .rows = pab__quirk_rows};

static const pab__section top_subs[] = {
    {.name = "clock", ROWS(clock_rows)},
    {.name = "exchange", ROWS(exchange_rows)},
    {.name = "symbols", .kind = PAB__SECTION_NAMED, .subs = &pab__symbol_section, .sub_count = 1, .item = "<symbol>"},
    {.name = "correlation", ROWS(correlation_rows), SUBS(correlation_subs)},
    {.name = "agents", .kind = PAB__SECTION_NAMED, .subs = &pab__group_section, .sub_count = 1, .item = "<group>"},
    {.name = "latency", ROWS(latency_rows)},
    {.name = "order_size_mixture", SUBS(mixture_subs)},
    {.name = "quirks", .row_count = PAB__QUIRK_COUNT, .rows = pab__quirk_rows},
};
const pab__section pab__top_section = {.name = "", ROWS(top_rows), SUBS(top_subs)};

void pab__schema_compose(const pab__extension *const *list, pab__schema *out)
{
    const pab__section *section;
    uint32_t count = pab__top_section.sub_count;
    memcpy(out->sections, top_subs, sizeof top_subs);
    for (uint32_t i = 0; (section = pab__extensions_section(list, i)) && count < PAB__TOP_SECTIONS_MAX; i++)
        out->sections[count++] = *section;
    out->top = pab__top_section;
    out->top.subs = out->sections;
    out->top.sub_count = count;
}
