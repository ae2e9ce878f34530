#include "fitted.h"
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void print_value(FILE *out, double value)
{
    if (isnan(value))
        fprintf(out, " %11s", "-");
    else
        fprintf(out, " %11.5g", value);
}

static void print_triple(FILE *out, double wanted, double simulated)
{
    print_value(out, wanted);
    print_value(out, simulated);
    double ratio = simulated / wanted;
    if (isfinite(ratio))
        fprintf(out, " %7.2f", ratio);
    else
        fprintf(out, " %7s", "-");
}

void fitted_print(FILE *out, const char *margin, const pab_fit_report *report)
{
    fprintf(out, "%sloss %.4f before the search, %.4f after %d scenarios; figures from %.1f simulated hours\n", margin,
            report->loss_before, report->loss, report->evaluations, report->seconds / 3600);
    fprintf(out, "%s%-18s %11s %11s %7s %11s %11s %7s  %s\n", margin, "fact", "A wanted", "simulated", "ratio",
            "B wanted", "simulated", "ratio", "unit");
    for (uint32_t i = 0; i < PAB_FACT_COUNT; i++) {
        pab_fact_info info = {.struct_size = sizeof info};
        if (pab_fact_get(i, &info) != PAB_OK)
            return;
        if (i == PAB_PAIR_FACT_FIRST)
            fprintf(out, "%s%-18s %11s %11s %7s\n", margin, "of the pair", "wanted", "simulated", "ratio");
        fprintf(out, "%s%-18s", margin, info.name);
        uint32_t at = info.pair ? PAB_LEG_FACT_COUNT + i : i;
        print_triple(out, report->wanted[at], report->simulated[at]);
        if (!info.pair)
            print_triple(out, report->wanted[PAB_LEG_FACT_COUNT + i], report->simulated[PAB_LEG_FACT_COUNT + i]);
        fprintf(out, "%s%s\n", info.unit[0] ? "  " : "", info.unit);
    }
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void put_provenance(FILE *out, const fitted_leg legs[2], pab_tape *const tapes[2], int crowd)
{
    fprintf(out, "# A pair fitted to recorded data by 'pairsabides stage0' %s. Numbers only; no data is copied.\n",
            pab_version());
    for (int i = 0; i < 2; i++) {
        pab_tape_info info = {.struct_size = sizeof info};
        if (pab_tape_describe(tapes[i], &info) != PAB_OK)
            continue;
        fprintf(out, "# Leg %s: %s%s%s%s%s: %llu quotes, %llu trades, %.2f h, tick %g\n", i ? "B" : "A",
                legs[i].name ? legs[i].name : "", legs[i].name ? " of " : "", base_name(legs[i].quotes),
                legs[i].trades ? ", " : "", legs[i].trades ? base_name(legs[i].trades) : "",
                (unsigned long long)info.quotes, (unsigned long long)info.trades,
                (double)(info.to - info.from) / 3.6e12, info.tick);
    }
    if (crowd) {
        fputs("# Counted: orders added, trades, queues and falls by share of the touch, sizes, clusters.\n"
              "# Searched for: volatility, scale of trades, thickness of queues, hazard of a fall, correlation.\n"
              "# All else is as in the scenario that the fit began with.\n#\n", out);
        return;
    }
    fputs("# Taken from the data: opening prices, half-life of the spread, which leg leads. Searched for:\n"
          "# volatility, correlation, maker gaps, sizes and visits, order rates and sizes, arbitrage visits.\n#\n",
          out);
}

static char *config_text(const pab_config *cfg)
{
    size_t len = 0;
    if (pab_config_text(cfg, NULL, 0, &len) != PAB_OK && len == 0)
        return NULL;
    char *text = malloc(len + 1);
    if (text && pab_config_text(cfg, text, len + 1, NULL) != PAB_OK) {
        free(text);
        return NULL;
    }
    return text;
}

int fitted_write(const char *path, const fitted_leg legs[2], pab_tape *const tapes[2], const pab_config *cfg,
                 const pab_fit_report *report)
{
    char *text = config_text(cfg);
    if (!text)
        return cli_fail_library("the fitted scenario");
    errno = 0;
    FILE *out = fopen(path, "w");
    if (!out) {
        free(text);
        return cli_fail("cannot create '%s': %s", path, strerror(errno));
    }
    put_provenance(out, legs, tapes, strstr(text, "type: flow") != NULL);
    fitted_print(out, "# ", report);
    fprintf(out, "\n%s", text);
    free(text);
    int failed = ferror(out);
    return fclose(out) != 0 || failed ? cli_fail("cannot write '%s': %s", path, strerror(errno)) : CLI_OK;
}
