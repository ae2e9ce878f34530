#include "cli.h"
#include "trace.h"

/* In agents.csv ABIDES' class stands for the built-in types, whatever label a group carries. */
static const char *class_name(const pab_group_info *group)
{
    static const char *const names[][2] = {
        {"noise", "NoiseAgent"},       {"value", "ValueAgent"},
        {"momentum", "MomentumAgent"}, {"market_maker", "AdaptiveMarketMakerAgent"},
        {"idle", "IdleTradingAgent"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(group->type, names[i][0]) == 0)
            return names[i][1];
    }
    return group->label;
}

static void put_exchange(const trace *t, cli_out *out, int32_t id, const pab_market *market)
{
    cli_put_int(out, id);
    cli_put(out, ",ExchangeAgent");
    for (uint32_t i = 0; i < t->symbol_count + 5; i++)
        cli_put_char(out, ',');
    cli_put_cell(out, 1, pab_replay_agent_word(market, id));
    cli_put_cell(out, 1, pab_replay_agent_gauss(market, id));
    cli_put_char(out, '\n');
}

static void put_trader(const trace *t, cli_out *out, int32_t id, const pab_market *market,
                       const pab_group_info *group, const pab_agent_info *agent, double tick_value)
{
    cli_put_int(out, id);
    cli_put_char(out, ',');
    cli_put(out, class_name(group));
    cli_put_char(out, ',');
    if (group->symbol >= 0)
        cli_put(out, t->symbols[group->symbol].name);
    cli_put_char(out, ',');
    cli_put_cents(out, agent->cash, tick_value);
    for (uint32_t i = 0; i < t->symbol_count; i++)
        cli_put_cell(out, 1, pab_market_holding(market, id, i));
    cli_put_char(out, ',');
    cli_put_cents(out, agent->mark_to_market, tick_value);
    cli_put_cell(out, 1, agent->open_orders);
    cli_put_char(out, ',');
    if (strcmp(group->type, "noise") == 0)
        cli_put_int(out, pab_replay_agent_wakeup(market, id));
    cli_put_cell(out, 1, pab_replay_agent_word(market, id));
    cli_put_cell(out, 1, pab_replay_agent_gauss(market, id));
    cli_put_char(out, '\n');
}

static int put_agents(const trace *t, cli_out *out, const pab_market *market)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    if (pab_scenario_describe(t->scenario, &info) != PAB_OK)
        return cli_fail_library(NULL);
    cli_put(out, "id,type,symbol,cash");
    for (uint32_t i = 0; i < t->symbol_count; i++) {
        cli_put(out, ",holding_");
        cli_put(out, t->symbols[i].name);
    }
    cli_put(out, ",mark_to_market,open_orders,wakeup_time_ns,rng_next_u32,rng_has_gauss\n");
    for (uint32_t id = 0; id < info.agent_count; id++) {
        pab_agent_info agent = {.struct_size = sizeof agent};
        pab_group_info group = {.struct_size = sizeof group};
        if (pab_market_agent(market, (int32_t)id, &agent) != PAB_OK)
            return cli_fail_library(NULL);
        if (agent.group < 0) {
            put_exchange(t, out, (int32_t)id, market);
            continue;
        }
        if (pab_scenario_group(t->scenario, (uint32_t)agent.group, &group) != PAB_OK)
            return cli_fail_library(NULL);
        put_trader(t, out, (int32_t)id, market, &group, &agent, info.tick_value);
    }
    return CLI_OK;
}

int trace_write_agents(const trace *t, const pab_market *market)
{
    cli_out out;
    if (cli_out_create(t->dir, "agents.csv.gz", &out) != 0)
        return CLI_FAILED;
    if (put_agents(t, &out, market) != CLI_OK) {
        cli_out_abandon(&out);
        return CLI_FAILED;
    }
    return cli_out_close(&out);
}
