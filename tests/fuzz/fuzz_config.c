/* Any text as a scenario: it is read or refused, and what is read comes back from its own text. */
#include <pairsabides/config.h>
#include <pairsabides/scenario.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(const pab_config *cfg)
{
    size_t len = 0;
    if (pab_config_text(cfg, NULL, 0, &len) != PAB_OK)
        abort();
    char *text = malloc(len + 1);
    pab_config *again = NULL;
    if (!text || pab_config_text(cfg, text, len + 1, NULL) != PAB_OK || pab_config_new(NULL, &again) != PAB_OK ||
        pab_config_parse(again, text, len, "again") != PAB_OK)
        abort();
    pab_config_free(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pab_config *cfg = NULL;
    if (pab_config_new(NULL, &cfg) != PAB_OK)
        abort();
    if (pab_config_parse(cfg, (const char *)data, size, "input") == PAB_OK) {
        pab_scenario *scn = NULL;
        round_trip(cfg);
        if (pab_scenario_new(cfg, &scn) == PAB_OK)
            pab_scenario_free(scn);
    }
    pab_config_free(cfg);
    return 0;
}
