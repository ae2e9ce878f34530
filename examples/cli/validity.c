#include "validity.h"
#include "cli.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

enum { SHARE, SECONDS, COUNT };

#define AT(member) offsetof(pab_validity_report, member)

static const struct {
    const char *name;
    size_t at;
    int kind;
} lines[] = {
    {"without a bid, % of time", AT(no_bid), SHARE},
    {"without an ask, % of time", AT(no_ask), SHARE},
    {"without any quote, % of time", AT(no_quote), SHARE},
    {"locked or crossed, % of time", AT(crossed), SHARE},
    {"longest silence of a maker, s", AT(maker_silence), SECONDS},
    {"longest unchanged quote, s", AT(quote_age), SECONDS},
    {"longest gap of the feed, s", AT(feed_age), SECONDS},
    {"market orders", AT(market_orders), COUNT},
    {"... into an empty side", AT(unmet), COUNT},
    {"... shares that nobody took", AT(discarded), COUNT},
    {"rejected orders and cancels", AT(rejected), COUNT},
    {"makers away from the bid, s", AT(withdrawn), SECONDS},
    {"makers away from the ask, s", AT(withdrawn) + sizeof(int64_t), SECONDS},
};

static void print_cell(int kind, int64_t value, int64_t watched)
{
    if (value < 0)
        printf(" %12s", "-");
    else if (kind == SHARE)
        printf(" %12.4f", watched > 0 ? 100.0 * (double)value / (double)watched : 0.0);
    else if (kind == SECONDS)
        printf(" %12.3f", (double)value / 1e9);
    else
        printf(" %12" PRId64, value);
}

int validity_print(const pab_scenario *scenario, const pab_validity *validity)
{
    printf("\n%-30s", "validity");
    for (uint32_t s = 0; pab_scenario_symbol(scenario, s); s++)
        printf(" %12s", pab_scenario_symbol(scenario, s));
    printf("\n");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        printf("%-30s", lines[i].name);
        for (uint32_t s = 0; pab_scenario_symbol(scenario, s); s++) {
            pab_validity_report report = {.struct_size = sizeof report};
            if (pab_validity_read(validity, s, &report) != PAB_OK)
                return cli_fail_library(NULL);
            print_cell(lines[i].kind, *(const int64_t *)(const void *)((const char *)&report + lines[i].at),
                       report.watched);
        }
        printf("\n");
    }
    return CLI_OK;
}
