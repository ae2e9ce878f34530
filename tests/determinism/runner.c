/* Prints a hash per market: equal builds of the library print equal lines. */
#include <pairsabides/market.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void must(pab_status status)
{
    char text[512];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fprintf(stderr, "%s\n", text);
    exit(1);
}

static void run(const char *preset, const char *rng, const char *quirks, uint64_t seed)
{
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_market *m = NULL;
    uint64_t hash = 0;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, preset));
    must(pab_config_set(cfg, "clock.market_close", "09:50:00"));
    must(pab_config_set(cfg, "rng", rng));
    must(pab_config_set(cfg, "quirks", quirks));
    must(pab_scenario_new(cfg, &scn));
    must(pab_market_new(scn, &m));
    must(pab_market_reset(m, seed));
    must(pab_market_finish(m));
    must(pab_market_hash(m, &hash));
    printf("%s %s %s %" PRIu64 " %016" PRIx64 "\n", preset, rng, quirks, seed, hash);
    pab_market_free(m);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

int main(void)
{
    static const char *const presets[] = {"rmsc03", "rmsc04", "two_symbol"};
    for (int i = 0; i < 3; i++)
        for (uint64_t seed = 0; seed < 2; seed++) {
            run(presets[i], "abides", "abides", seed);
            run(presets[i], "fast", "none", seed);
        }
    return 0;
}
