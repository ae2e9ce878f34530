#include "market_report.h"
#include "cli.h"
#include "gains.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int print_symbols(const pab_scenario *scenario, const pab_market *market, uint32_t count)
{
    printf("\n%-12s %10s %10s %10s %12s %10s %12s\n", "symbol", "accepted", "cancelled", "trades", "volume", "last",
           "fundamental");
    for (uint32_t i = 0; i < count; i++) {
        pab_symbol_info s = {.struct_size = sizeof s};
        if (pab_market_symbol(market, i, &s) != PAB_OK)
            return cli_fail_library(NULL);
        printf("%-12s %10" PRId64 " %10" PRId64 " %10" PRId64 " %12" PRId64 " %10" PRId64 " %12" PRId64 "\n",
               pab_scenario_symbol(scenario, i), s.accepted, s.cancelled, s.trades, s.traded_volume, s.last_trade,
               s.fundamental);
    }
    return CLI_OK;
}

static int print_gains(const pab_scenario *scenario, const pab_market *market, uint32_t groups, double tick_value)
{
    label_gain *gains = calloc(groups + 1, sizeof *gains);
    if (!gains)
        return cli_fail("no memory for a table of %u groups", groups);
    int64_t count = label_gains(scenario, market, gains, groups);
    if (count > 0)
        printf("\n%-32s %10s %18s\n", "agents", "number", "mean gain, $");
    for (int64_t i = 0; i < count; i++)
        printf("%-32s %10" PRId64 " %18.2f\n", gains[i].label, gains[i].agents,
               tick_value * (double)gains[i].total / (double)gains[i].agents);
    free(gains);
    return count < 0 ? cli_fail_library(NULL) : CLI_OK;
}

static int print_totals(const pab_market *market, double seconds)
{
    pab_market_counters c = {.struct_size = sizeof c};
    uint64_t hash = 0;
    char now[64];
    if (pab_market_count(market, &c) != PAB_OK || pab_market_hash(market, &hash) != PAB_OK)
        return cli_fail_library(NULL);
    double rate = seconds > 0 ? 1e-6 / seconds : 0;
    cli_date_text(c.last_delivery, now, sizeof now);
    printf("\n%-18s %s\n", "last delivery", now);
    printf("%-18s %" PRIu64 "\n", "orders", c.orders_created);
    printf("%-18s %" PRIu64 " counted, %" PRIu64 " delivered\n", "messages", c.queue_pops, c.delivered);
    printf("%-18s %.3f s\n", "wall time", seconds);
    printf("%-18s %.2f M counted/s, %.2f M delivered/s\n", "speed", (double)c.queue_pops * rate,
           (double)c.delivered * rate);
    printf("%-18s %016" PRIx64 "\n", "state hash", hash);
    return CLI_OK;
}

int market_report_print(const pab_scenario *scenario, const pab_market *market, uint64_t seed, double seconds)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    if (pab_scenario_describe(scenario, &info) != PAB_OK)
        return cli_fail_library(NULL);
    printf("%s, seed %" PRIu64 ", %u agents\n", info.name, seed, info.agent_count);
    int code = print_symbols(scenario, market, info.symbol_count);
    if (code == CLI_OK)
        code = print_gains(scenario, market, info.group_count, info.tick_value);
    if (code == CLI_OK)
        code = print_totals(market, seconds);
    return code;
}
