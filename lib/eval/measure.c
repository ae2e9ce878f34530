/* Measures of an episode: a table over its metrics. */
#include "base/host.h"
#include "eval/bootstrap.h"
#include "eval/table.h"

double pab__measure_of(int32_t measure, const pab_episode_metrics *row)
{
    switch (measure) {
    case PAB_MEASURE_PAIR_COST: return row->shortfall + PAB__OBJECTIVE_ETA * row->tracking_error;
    case PAB_MEASURE_PAIR_COST_1: return row->shortfall + row->tracking_error;
    case PAB_MEASURE_SHORTFALL: return row->shortfall;
    case PAB_MEASURE_SHORTFALL_CURRENCY: return row->shortfall_currency;
    case PAB_MEASURE_SHORTFALL_A: return row->leg_shortfall[0];
    case PAB_MEASURE_SHORTFALL_B: return row->leg_shortfall[1];
    case PAB_MEASURE_COST_SPREAD: return row->cost_spread;
    case PAB_MEASURE_COST_IMPACT: return row->cost_impact;
    case PAB_MEASURE_COST_DRIFT: return row->cost_drift;
    case PAB_MEASURE_TRACKING_ERROR: return row->tracking_error;
    case PAB_MEASURE_HEDGE_MAX: return row->hedge_max;
    case PAB_MEASURE_HEDGE_COST: return row->hedge_cost;
    case PAB_MEASURE_RISK_COST: return row->risk_cost;
    case PAB_MEASURE_TERMINAL_COST: return row->terminal_cost;
    case PAB_MEASURE_LEGGING: return row->legging;
    case PAB_MEASURE_COMPLETION: return row->completion;
    case PAB_MEASURE_FORCED: return row->forced;
    case PAB_MEASURE_RESIDUAL: return row->residual;
    case PAB_MEASURE_PASSIVE: return row->passive;
    case PAB_MEASURE_VWAP_SLIPPAGE: return row->vwap_slippage;
    case PAB_MEASURE_PARTICIPATION: return row->participation;
    case PAB_MEASURE_MARKOUT: return row->markout;
    case PAB_MEASURE_MESSAGES: return (double)row->messages;
    case PAB_MEASURE_SHIELDED: return (double)row->shielded;
    case PAB_MEASURE_FILLS: return (double)row->fills;
    case PAB_MEASURE_COST_FEES: return row->cost_fees;
    default: return row->truncated;
    }
}

static pab_status check_measure(int32_t measure)
{
    if (measure < 0 || measure >= PAB_MEASURE_COUNT)
        return pab__fail(PAB_E_RANGE, "there is no measure %d; expected 0 to %d", measure, PAB_MEASURE_COUNT - 1);
    return PAB_OK;
}

pab_status pab_measure_get(int32_t measure, pab_measure_info *out)
{
    static const struct {
        const char *name, *unit, *doc;
    } table[] = {
#define MEASURE_ROW(id, name, unit, doc) {name, unit, doc},
        PAB_MEASURE_TABLE(MEASURE_ROW)
#undef MEASURE_ROW
    };
    pab_status status = check_measure(measure);
    if (status != PAB_OK)
        return status;
    pab_measure_info info = {.struct_size = sizeof info, .name = table[measure].name, .unit = table[measure].unit,
                             .doc = table[measure].doc};
    return pab__record_out(out, &info, sizeof info, PAB__UPTO(pab_measure_info, doc), "the measure info");
}

pab_status pab_measure_value(int32_t measure, const pab_episode_metrics *metrics, double *out)
{
    pab_episode_metrics row;
    pab_status status = check_measure(measure);
    if (status == PAB_OK && !out)
        status = pab__fail(PAB_E_ARGUMENT, "out is NULL");
    if (status == PAB_OK)
        status = pab__record_in(&row, sizeof row, metrics, PAB__UPTO(pab_episode_metrics, fills), "metrics");
    if (status == PAB_OK)
        *out = pab__measure_of(measure, &row);
    return status;
}
