/* Changes keys of a preset, stops the market at a time of day, and reads its book there. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <inttypes.h>
#include <stdio.h>

enum { DEPTH = 5 };

static const int64_t minute = INT64_C(60000000000); /* ns */

static void print_side(const pab_market *market, int32_t side, const char *name)
{
    pab_level levels[DEPTH];
    uint32_t count = pab_market_l2(market, 0, side, DEPTH, levels, DEPTH);
    for (uint32_t i = 0; i < count; i++)
        printf("%s %" PRIu32 "  %8" PRId64 " cents  %6" PRId64 " shares\n", name, i, levels[i].price,
               levels[i].quantity);
}

int main(void)
{
    pab_config *cfg;
    pab_scenario *scn;
    pab_market *market;
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_level bid, ask;
    char value[64];
    int32_t why;

    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "rmsc04"));
    must(pab_config_set(cfg, "agents.value.count", "150")); /* the path in YAML is the key */
    must(pab_config_set(cfg, "agents.momentum.wake_up_freq", "20s"));
    must(pab_config_get(cfg, "agents.value.count", value, sizeof value, NULL));
    printf("agents.value.count is %s\n", value);

    /* An error names the key and what was expected, and changes nothing. */
    if (pab_config_set(cfg, "agents.value.count", "many") != PAB_OK) {
        char text[512];
        pab_last_error(text, sizeof text);
        printf("refused: %s\n", text);
    }
    must(pab_scenario_new(cfg, &scn));
    must(pab_scenario_describe(scn, &info));
    pab_config_free(cfg);

    must(pab_market_new(scn, &market));
    must(pab_market_reset(market, info.default_seed));
    must(pab_market_run(market, info.market_open + 15 * minute, &why));
    print_side(market, PAB_SELL, "ask");
    print_side(market, PAB_BUY, "bid");
    must(pab_market_l1(market, 0, &bid, &ask));
    printf("spread %" PRId64 " cents\n", ask.price - bid.price);

    pab_market_free(market);
    pab_scenario_free(scn);
    return why == PAB_RUN_TIME && bid.price > 0 && bid.price < ask.price ? 0 : 1;
}
