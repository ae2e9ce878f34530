/* Stage 0 in small: facts and hedge ratio of two recorded tapes, and a scenario fitted to them.
 * The tapes are recorded from a market here, so that the example needs no files; pab_tape_read fills them from data. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <math.h>
#include <stdio.h>

#define SECOND INT64_C(1000000000)

/* Three quarters of an hour of a livelier pair than the built-in one, as if it were data in cents. */
static void record(pab_tape *tapes[2])
{
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_market *market = NULL;
    pab_scenario_info info = {.struct_size = sizeof info};
    const double tick[2] = {0.01, 0.01};
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_config_set(cfg, "agents.noise_AAA.wake_up_freq", "20s"));
    must(pab_config_set(cfg, "symbols.AAA.oracle.fund_vol", "2.2e-4"));
    must(pab_config_set(cfg, "symbols.BBB.oracle.fund_vol", "6e-5"));
    must(pab_scenario_new(cfg, &scn));
    must(pab_scenario_describe(scn, &info));
    must(pab_market_new(scn, &market));
    must(pab_market_reset(market, 2024));
    must(pab_market_run(market, info.market_open + 600 * SECOND, NULL));
    must(pab_tape_new(NULL, &tapes[0]));
    must(pab_tape_new(NULL, &tapes[1]));
    must(pab_tape_record(market, tapes, tick, 2, info.market_open + 3300 * SECOND));
    pab_market_free(market);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

/* Mids every 10 s give the hedge ratio: units of B per unit of A. */
static void hedge(pab_tape *tapes[2])
{
    double a[512], b[512];
    uint64_t n = 0;
    pab_hedge h = {.struct_size = sizeof h};
    must(pab_tape_mids(tapes[0], 10 * SECOND, a, 512, &n));
    must(pab_tape_mids(tapes[1], 10 * SECOND, b, 512, NULL));
    must(pab_hedge_estimate(a, b, n, &h, NULL));
    printf("hedge ratio: %.2f by least squares, %.2f total, %.2f filtered; ADF t %.2f (5 %%: %.2f)\n",
           h.ols_increments, h.tls, h.kalman, h.adf, PAB_ADF_5PC);
}

int main(void)
{
    pab_tape *tapes[2] = {NULL, NULL};
    pab_config *cfg = NULL;
    pab_fit_options how;
    pab_fit_report report = {.struct_size = sizeof report};
    record(tapes);
    hedge(tapes);
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_fit_options_init(&how, sizeof how));
    how.budget = PAB_BUDGET_SMALL;
    how.threads = 2;
    must(pab_stage0_fit(cfg, tapes[0], tapes[1], &how, &report));
    printf("off by %.3f before the search, by %.3f after %d scenarios\n", report.loss_before, report.loss,
           report.evaluations);
    for (uint32_t i = 0; i < PAB_LEG_FACT_COUNT; i++) {
        pab_fact_info fact = {.struct_size = sizeof fact};
        must(pab_fact_get(i, &fact));
        if (i == PAB_FACT_SPREAD_BPS || i == PAB_FACT_ORDER_RATE || i == PAB_FACT_VOL_60)
            printf("%-12s A: wanted %.4g, simulated %.4g %s\n", fact.name, report.wanted[i], report.simulated[i],
                   fact.unit);
    }
    int good = report.loss < report.loss_before && isfinite(report.loss);
    pab_config_free(cfg);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
    return good ? 0 : 1;
}
