/* What if? Forks a running market: one branch continues unchanged, in the other a large buyer appears. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <inttypes.h>
#include <stdio.h>

static const int64_t minute = INT64_C(60000000000); /* ns */

/* What the program wants of its agent; read at each waking. */
typedef struct order_plan {
    int64_t quantity; /* shares a minute */
} order_plan;

static void plan_wakeup(pab_agent *self, void *state, int32_t can_trade)
{
    const order_plan *plan = pab_agent_user(self);
    (void)state;
    if (!can_trade)
        return;
    if (plan->quantity > 0)
        pab_agent_market_order(self, pab_agent_symbol(self), PAB_BUY, plan->quantity);
    pab_agent_wakeup_at(self, pab_agent_now(self) + minute);
}

static pab_scenario *make_scenario(order_plan *plan)
{
    static const char yaml[] = "preset: rmsc04\n"
                               "clock: {market_close: '10:00:00'}\n"
                               "agents: {me: {type: planned, symbol: ABM}}\n";
    pab_agent_type type;
    pab_config *cfg;
    pab_scenario *scn;
    must(pab_agent_type_init(&type, sizeof type));
    type.name = "planned";
    type.label = "Planned";
    type.user = plan;
    type.on_wakeup = plan_wakeup;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_add_agent_type(cfg, &type));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "04_fork"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

/* Runs a branch on under a plan and returns the best ask it leads to. */
static int64_t outcome(pab_market *branch, order_plan *plan, int64_t quantity, int64_t until, uint64_t *hash)
{
    pab_level bid, ask;
    plan->quantity = quantity;
    must(pab_market_run(branch, until, NULL));
    must(pab_market_l1(branch, 0, &bid, &ask));
    must(pab_market_hash(branch, hash));
    printf("%5" PRId64 " shares: bid %" PRId64 ", ask %" PRId64 "\n", quantity, bid.price, ask.price);
    return ask.price;
}

int main(void)
{
    order_plan plan = {0};
    pab_scenario *scn = make_scenario(&plan);
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_market *trunk, *fork;
    uint64_t hash[3];
    int64_t ask[3];
    must(pab_scenario_describe(scn, &info));
    must(pab_market_new(scn, &trunk));
    must(pab_market_new(scn, &fork));
    must(pab_market_reset(trunk, 3));
    must(pab_market_run(trunk, info.market_open + 10 * minute, NULL));

    int64_t until = info.market_open + 11 * minute + minute / 60; /* a second after our next order */
    must(pab_market_copy(fork, trunk)); /* some memory is copied, nothing is recomputed */
    ask[0] = outcome(fork, &plan, 0, until, &hash[0]);
    must(pab_market_copy(fork, trunk));
    ask[1] = outcome(fork, &plan, 2000, until, &hash[1]);
    ask[2] = outcome(trunk, &plan, 0, until, &hash[2]); /* the trunk itself was not touched */

    pab_market_free(fork);
    pab_market_free(trunk);
    pab_scenario_free(scn);
    return hash[0] == hash[2] && ask[0] == ask[2] && hash[0] != hash[1] && ask[1] > ask[0] ? 0 : 1;
}
