/* What a program that uses an installed library does first; compiled as C and as C++. */
#include <pairsabides/pairsabides.h>

#include <stdio.h>
#include <string.h>

static int fail(const char *what)
{
    char text[512];
    pab_last_error(text, sizeof text);
    fprintf(stderr, "consumer: %s: %s\n", what, text);
    return 1;
}

int main(void)
{
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", PAB_VERSION_MAJOR, PAB_VERSION_MINOR, PAB_VERSION_PATCH);
    if (strcmp(version, pab_version()) != 0) {
        fprintf(stderr, "consumer: headers are %s, library is %s\n", version, pab_version());
        return 1;
    }

    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_market *market = NULL;
    pab_scenario_info info;
    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info;
    int32_t why = PAB_RUN_ENDED;
    if (pab_config_new(NULL, &cfg) != PAB_OK || pab_config_preset(cfg, "rmsc04") != PAB_OK)
        return fail("preset");
    if (pab_scenario_new(cfg, &scn) != PAB_OK || pab_scenario_describe(scn, &info) != PAB_OK)
        return fail("scenario");
    if (pab_market_new(scn, &market) != PAB_OK || pab_market_reset(market, 1) != PAB_OK)
        return fail("market");
    if (pab_market_run(market, info.market_open + INT64_C(60000000000), &why) != PAB_OK || why != PAB_RUN_TIME)
        return fail("run");
    pab_market_free(market);
    pab_scenario_free(scn);
    pab_config_free(cfg);
    return 0;
}
