/* Any bytes as a saved state: refused, with the market unchanged or waiting for a reset, or taken over.
 * The input is laid over a good state and sealed again, so that it gets past the checksum. What is taken is run. */
#include <pairsabides/market.h>

#include "base/file.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static pab_market *market;
static unsigned char *good, *bad;
static size_t good_len;

static void start(void)
{
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_scenario_info info = {.struct_size = sizeof info};
    if (pab_config_new(NULL, &cfg) != PAB_OK || pab_config_preset(cfg, "rmsc04") != PAB_OK ||
        pab_config_set(cfg, "agents.noise.count", "20") != PAB_OK || pab_scenario_new(cfg, &scn) != PAB_OK ||
        pab_scenario_describe(scn, &info) != PAB_OK || pab_market_new(scn, &market) != PAB_OK ||
        pab_market_reset(market, 1) != PAB_OK ||
        pab_market_run(market, info.market_open + INT64_C(60000000000), NULL) != PAB_OK)
        abort();
    (void)pab_market_save(market, NULL, 0, &good_len);
    good = malloc(good_len);
    bad = malloc(good_len);
    if (!good || !bad || pab_market_save(market, good, good_len, NULL) != PAB_OK)
        abort();
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

/* Each four bytes of input change one byte of the state. */
static void spoil(const uint8_t *data, size_t size)
{
    memcpy(bad, good, good_len);
    for (size_t i = 0; i + 4 <= size; i += 4) {
        size_t at = ((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % good_len;
        bad[at] = data[i + 3];
    }
    uint64_t sum = pab__hash(bad, good_len - 8);
    for (int i = 0; i < 8; i++)
        bad[good_len - 8 + (size_t)i] = (unsigned char)(sum >> (8 * i));
}

/* Whatever became of the market, questions are safe. */
static void ask(void)
{
    pab_level level[8];
    pab_resting_order orders[8];
    pab_agent_info agent = {.struct_size = sizeof agent};
    pab_symbol_info symbol = {.struct_size = sizeof symbol};
    (void)pab_market_l1(market, 0, &level[0], &level[1]);
    (void)pab_market_l2(market, 0, PAB_BUY, 8, level, 8);
    (void)pab_market_l3(market, 0, PAB_SELL, orders, 8);
    (void)pab_market_symbol(market, 0, &symbol);
    for (int32_t id = 0; pab_market_agent(market, id, &agent) == PAB_OK; id++)
        (void)pab_market_holding(market, id, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t before = 0, after = 0;
    if (!market)
        start();
    if (pab_market_restore(market, good, good_len) != PAB_OK || pab_market_hash(market, &before) != PAB_OK)
        abort();
    spoil(data, size);
    pab_status status = pab_market_restore(market, bad, good_len);
    if (status != PAB_OK && pab_market_hash(market, &after) == PAB_OK && after != before)
        abort();
    for (int i = 0; status == PAB_OK && i < 500; i++)
        status = pab_market_step(market, NULL);
    ask();
    return 0;
}
