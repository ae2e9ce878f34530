/* An agent type of our own, with YAML parameters. Its state is part of the market's: saved, restored, copied and
 * hashed with it. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Buys a slice at the best ask once a period. */
typedef struct buyer_params {
    int64_t slice;  /* shares */
    int64_t period; /* ns */
} buyer_params;

typedef struct buyer_state {
    int64_t bought; /* shares */
    int64_t asking; /* 1 while a quote is on its way */
} buyer_state;

static const pab_param buyer_keys[] = {
    {"slice", PAB_PARAM_INT, offsetof(buyer_params, slice), "shares", "10", 1, 1e6, NULL, "Shares bought at a time"},
    {"period", PAB_PARAM_DURATION, offsetof(buyer_params, period), "ns", "30s", 1, 1e15, NULL,
     "Time between purchases"},
};

static void buyer_wakeup(pab_agent *self, void *state, int32_t can_trade)
{
    const buyer_params *p = pab_agent_params(self);
    buyer_state *s = state;
    if (!can_trade)
        return;
    pab_agent_query_spread(self, pab_agent_symbol(self), 1);
    s->asking = 1;
    pab_agent_wakeup_at(self, pab_agent_now(self) + p->period);
}

static void buyer_message(pab_agent *self, void *state, const pab_message *msg, int32_t sender)
{
    const buyer_params *p = pab_agent_params(self);
    buyer_state *s = state;
    (void)sender;
    if (msg->type == PAB_MSG_ORDER_EXECUTED)
        s->bought += msg->u.order.quantity;
    if (msg->type != PAB_MSG_SPREAD || !s->asking)
        return;
    s->asking = 0;
    if (msg->u.quote.ask > 0)
        pab_agent_limit_order(self, msg->symbol, PAB_BUY, p->slice, msg->u.quote.ask, 0);
}

static pab_scenario *make_scenario(void)
{
    static const char yaml[] = "preset: rmsc04\n"
                               "clock: {market_close: '10:00:00'}\n"
                               "agents: {patient: {type: buyer, symbol: ABM, count: 2, slice: 25, period: 20s}}\n";
    pab_agent_type type;
    pab_config *cfg;
    pab_scenario *scn;
    must(pab_agent_type_init(&type, sizeof type));
    type.name = "buyer";
    type.label = "Buyer";
    type.state_size = sizeof(buyer_state);
    type.params = buyer_keys;
    type.params_count = sizeof buyer_keys / sizeof *buyer_keys;
    type.params_size = sizeof(buyer_params);
    type.on_wakeup = buyer_wakeup;
    type.on_message = buyer_message;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_add_agent_type(cfg, &type));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "03_custom_agent"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

int main(void)
{
    pab_scenario *scn = make_scenario();
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_market *markets[3]; /* run through, saved and restored, copied */
    uint64_t hashes[3];
    int64_t bought[3];
    size_t size;
    must(pab_scenario_describe(scn, &info));
    for (int i = 0; i < 3; i++)
        must(pab_market_new(scn, &markets[i]));
    must(pab_market_reset(markets[0], 1));
    must(pab_market_run(markets[0], info.market_open + INT64_C(600000000000), NULL));

    must(pab_market_save(markets[0], NULL, 0, &size) == PAB_E_CAPACITY ? PAB_OK : PAB_E_STATE);
    void *saved = malloc(size);
    must(saved ? pab_market_save(markets[0], saved, size, &size) : PAB_E_MEMORY);
    must(pab_market_restore(markets[1], saved, size));
    must(pab_market_copy(markets[2], markets[0]));
    free(saved);

    for (int i = 0; i < 3; i++) {
        const buyer_state *mid = pab_market_agent_state(markets[i], (int32_t)info.agent_count - 1);
        int64_t then = mid->bought; /* the state is lent until the market moves on */
        must(pab_market_finish(markets[i]));
        must(pab_market_hash(markets[i], &hashes[i]));
        const buyer_state *end = pab_market_agent_state(markets[i], (int32_t)info.agent_count - 1);
        bought[i] = end->bought;
        printf("bought %" PRId64 " by 09:40, %" PRId64 " by 10:00, hash %016" PRIx64 "\n", then, end->bought,
               hashes[i]);
        pab_market_free(markets[i]);
    }
    pab_scenario_free(scn);
    return bought[0] > 0 && hashes[0] == hashes[1] && hashes[0] == hashes[2] && bought[1] == bought[2] ? 0 : 1;
}
