/* Markets to measure. */
#ifndef MARKET_BENCH_H
#define MARKET_BENCH_H

#include <pairsabides/market.h>

#include "bench.h"

#define SECOND INT64_C(1000000000)

static inline void bench_must(pab_status status)
{
    char text[512];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fprintf(stderr, "%s\n", text);
    exit(1);
}

/* rmsc04 with its numbers of agents times `crowd`. */
static inline pab_scenario *bench_rmsc04(const char *rng, int64_t crowd)
{
    static const struct {
        const char *key;
        int64_t count;
    } groups[] = {{"agents.noise.count", 1000}, {"agents.value.count", 102}, {"agents.momentum.count", 12}};
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    char count[32];
    bench_must(pab_config_new(NULL, &cfg));
    bench_must(pab_config_preset(cfg, "rmsc04"));
    bench_must(pab_config_set(cfg, "rng", rng));
    for (int i = 0; i < 3 && crowd > 1; i++) {
        snprintf(count, sizeof count, "%lld", (long long)(groups[i].count * crowd));
        bench_must(pab_config_set(cfg, groups[i].key, count));
    }
    bench_must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

static inline pab_market *bench_market_of(pab_scenario *scn)
{
    pab_market *m = NULL;
    bench_must(pab_market_new(scn, &m));
    return m;
}

static inline int64_t bench_open_time(const pab_scenario *scn)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    bench_must(pab_scenario_describe(scn, &info));
    return info.market_open;
}

static inline pab_market_counters bench_count(const pab_market *m)
{
    pab_market_counters c = {.struct_size = sizeof c};
    bench_must(pab_market_count(m, &c));
    return c;
}

#endif
