/* Runs the reference market for its first half hour and prints what happened. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    pab_config *cfg;
    pab_scenario *scn;
    pab_market *market;
    pab_market_counters total = {.struct_size = sizeof total};
    pab_symbol_info abm = {.struct_size = sizeof abm};

    must(pab_config_new(NULL, &cfg)); /* NULL: malloc, silent log */
    must(pab_config_preset(cfg, "rmsc04"));
    must(pab_config_set(cfg, "clock.market_close", "10:00:00"));
    must(pab_scenario_new(cfg, &scn)); /* validated and frozen: any number of markets may share it */
    pab_config_free(cfg);

    must(pab_market_new(scn, &market));
    must(pab_market_reset(market, 7)); /* the seed */
    must(pab_market_finish(market));
    must(pab_market_count(market, &total));
    must(pab_market_symbol(market, 0, &abm));

    printf("%s: %" PRId64 " trades of %" PRId64 " shares, last at %" PRId64 " cents\n", pab_scenario_symbol(scn, 0),
           abm.trades, abm.traded_volume, abm.last_trade);
    printf("%" PRIu64 " messages delivered, %" PRIu64 " orders\n", total.delivered, total.orders_created);

    pab_market_free(market);
    pab_scenario_free(scn);
    return abm.trades > 0 && total.finished ? 0 : 1;
}
