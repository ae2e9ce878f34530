/* Before the search: prices and ticks, the groups with free parameters, start values. */
#include "stage0/fit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/extension.h"

#define HOUR_NS 3600e9
#define MOST_QUOTES 0.999 /* share of quotes that are whole numbers of a tick */

/* The measured number, or a default if the tape does not have it. */
static double known(double value, double otherwise)
{
    return value > 0 && isfinite(value) ? value : otherwise;
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double known_sign(double value, double otherwise)
{
    return isnan(value) ? otherwise : value;
}

static double leg_fact(const pab__fit_plan *plan, int leg, int fact)
{
    return plan->wanted[leg * PAB_LEG_FACT_COUNT + fact];
}

static double pair_fact(const pab__fit_plan *plan, int fact)
{
    return plan->wanted[2 * PAB_LEG_FACT_COUNT + fact - PAB_PAIR_FACT_FIRST];
}

static int32_t role_of(const pab__group *group)
{
    return group->builtin ? group->builtin->role : PAB__ROLE_NONE;
}

static pab_status list_groups(const pab_scenario *scn, uint32_t count, pab__fit_plan *plan)
{
    uint32_t makers[2] = {0};
    for (uint32_t i = 0; i < count; i++) {
        const pab__group *from = &scn->groups[i];
        int32_t role = role_of(from);
        if (role == PAB__ROLE_NONE || from->common.count == 0)
            continue;
        if (plan->group_count == PAB__FIT_GROUPS)
            return pab__fail(PAB_E_CAPACITY, "more than %d groups of agents to fit", PAB__FIT_GROUPS);
        pab__fit_group *g = &plan->groups[plan->group_count++];
        snprintf(g->name, sizeof g->name, "%s", from->name);
        g->role = role;
        g->leg = from->symbol;
        g->count = (int32_t)from->common.count;
        if (role == PAB__ROLE_MAKER && from->symbol >= 0)
            makers[from->symbol]++;
    }
    if (makers[0] == 0 || makers[1] == 0)
        return pab__fail(PAB_E_UNSUPPORTED, "the scenario has no group of type market_maker for symbol %s; expected "
                         "one for each leg, as in preset pair, or of type flow, as in pair_cent",
                         plan->symbol[makers[0] != 0]);
    return PAB_OK;
}

static pab_status read_scenario(const pab_config *cfg, pab__fit_plan *plan)
{
    pab_scenario *scn = NULL;
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_status status = pab_scenario_new(cfg, &scn);
    if (status == PAB_OK)
        status = pab_scenario_describe(scn, &info);
    if (status == PAB_OK && (info.symbol_count != 2 || info.rng != PAB_RNG_FAST))
        status = pab__fail(PAB_E_UNSUPPORTED, "the scenario has %u symbols and rng %s; expected two and fast, as in "
                           "preset pair", info.symbol_count, info.rng == PAB_RNG_FAST ? "fast" : "abides");
    for (uint32_t i = 0; i < 2 && status == PAB_OK; i++)
        snprintf(plan->symbol[i], sizeof plan->symbol[i], "%s", pab_scenario_symbol(scn, i));
    if (status == PAB_OK && !pab__fit_crowd_find(scn, plan))
        status = list_groups(scn, info.group_count, plan);
    plan->open = info.market_open;
    plan->close = info.market_close;
    if (status == PAB_OK && plan->close - plan->open < 1200 * PAB__SECOND)
        status = pab__fail(PAB_E_UNSUPPORTED, "the scenario's market is open for less than 20 minutes; expected more");
    pab_scenario_free(scn);
    return status;
}

/* Share of quotes whose prices are whole numbers of a tick. */
static double share_of(const pab_tape *tape, int64_t tick)
{
    uint64_t fit = 0;
    for (uint64_t i = 0; i < tape->quote_count; i++)
        fit += tape->quotes[i].bid % tick == 0 && tape->quotes[i].ask % tick == 0;
    return (double)fit / (double)tape->quote_count;
}

/* The tick of nearly all quoted prices: a few odd ones make none. 0 without quotes. */
static double quoted_tick(const pab_tape *tape)
{
    static const int64_t parts[] = {1, 2, 4, 5};
    int64_t least = pab__tape_tick(tape), found = 0;
    for (int64_t unit = 100 * (int64_t)PAB_TAPE_PRICE; unit > least && tape->tick == 0 && !tape->bars; unit /= 10)
        for (size_t k = 0; k < sizeof parts / sizeof *parts && found == 0; k++) {
            int64_t tick = unit / parts[k];
            if (tick > least && tick % least == 0 && share_of(tape, tick) > MOST_QUOTES)
                found = tick;
        }
    return (double)(found > 0 ? found : least) / PAB_TAPE_PRICE;
}

/* The scenario's tick is that of the data unless another one is asked for. */
static void set_prices(const pab_tape *tape, int leg, double tick, pab__fit_plan *plan)
{
    double mid = leg_fact(plan, leg, PAB_FACT_MID);
    uint64_t next = pab__tape_after(tape, tape->from);
    for (uint64_t i = next > 0 ? next - 1 : 0; i < tape->quote_count; i++) {
        if (pab__quote_mid(&tape->quotes[i]) > 0) {
            mid = pab__quote_mid(&tape->quotes[i]);
            break;
        }
    }
    plan->real_tick[leg] = quoted_tick(tape);
    plan->tick[leg] = tick > 0 ? tick : plan->real_tick[leg];
    plan->price[leg] = mid;
}

/* Ratios of prices and sums over the legs are of money, so both legs count in the finer tick. */
static void share_tick(pab__fit_plan *plan)
{
    double tick = plan->tick[0] < plan->tick[1] ? plan->tick[0] : plan->tick[1];
    for (int leg = 0; leg < 2; leg++) {
        plan->tick[leg] = tick;
        plan->r_bar[leg] = llround(plan->price[leg] / tick);
    }
}

static pab_status copy_text(const pab_config *cfg, pab__fit_plan *plan, const pab_host *host)
{
    size_t len = 0;
    pab_status status = pab_config_text(cfg, NULL, 0, &len);
    if (status != PAB_OK && len == 0)
        return status;
    plan->text = pab__alloc(host, len + 1);
    plan->text_len = len;
    return plan->text ? pab_config_text(cfg, plan->text, len + 1, NULL)
                              : pab__fail(PAB_E_MEMORY, "no memory for a configuration of %zu bytes", len);
}

pab_status pab__fit_plan_make(const pab_config *cfg, const pab_tape *a, const pab_tape *b, double tick,
                              pab__fit_plan *plan)
{
    pab__text warnings = pab__text_growing(&a->host);
    pab_status status = pab__fit_check(a, b, plan->wanted, &warnings);
    if (status == PAB_OK)
        status = pab__text_check(&warnings, "the warnings of a fit");
    if (status == PAB_OK && warnings.len > 0)
        pab__log(&a->host, PAB_LOG_WARNING, "stage0", "%s", warnings.at);
    pab__text_free(&warnings);
    if (status == PAB_OK)
        status = read_scenario(cfg, plan);
    if (status != PAB_OK)
        return status;
    set_prices(a, 0, tick, plan);
    set_prices(b, 1, tick, plan);
    share_tick(plan);
    double corr = known_sign(pair_fact(plan, PAB_FACT_CORR_60), pair_fact(plan, PAB_FACT_CORR_300)),
        life = pair_fact(plan, PAB_FACT_HALF_LIFE);
    plan->sign = corr < 0 ? -1 : 1;
    plan->half_life = clamp(isnan(life) ? 3600 : life, 60, 86400) * 1e9;
    /* The leg whose returns the other's echo a second later leads. */
    double lead = pair_fact(plan, PAB_FACT_LAG_PLUS_1) - pair_fact(plan, PAB_FACT_LAG_MINUS_1);
    plan->lag[1] = plan->sign * lead > 0.02 ? 1e9 : 0;
    plan->lag[0] = plan->sign * lead < -0.02 ? 1e9 : 0;
    if (plan->crowd)
        status = pab__fit_crowd_count(a, b, plan);
    else
        memset(plan->used, 1, sizeof plan->used);
    return status == PAB_OK ? copy_text(cfg, plan, &a->host) : status;
}

pab__knobs pab__fit_start(const pab__fit_plan *plan)
{
    pab__knobs k;
    if (plan->crowd)
        return pab__fit_crowd_start(plan);
    for (int leg = 0; leg < 2; leg++) {
        double *v = k.value + leg * PAB__KNOBS_LEG;
        double orders = known(leg_fact(plan, leg, PAB_FACT_ORDER_RATE), 2000);
        double volume = known(leg_fact(plan, leg, PAB_FACT_BOOK_VOLUME_RATE),
                              known(leg_fact(plan, leg, PAB_FACT_VOLUME_RATE), 100 * orders));
        double spread = known(leg_fact(plan, leg, PAB_FACT_SPREAD_BPS), 3);
        v[PAB__KNOB_VOL] = known(leg_fact(plan, leg, PAB_FACT_VOL_60), known(leg_fact(plan, leg, PAB_FACT_VOL_300),
                                                                             50));
        v[PAB__KNOB_WINDOW] = clamp(spread * 1e-4 * plan->price[leg] / plan->tick[leg], 1, 1e6);
        v[PAB__KNOB_SIZE] = clamp(volume / orders, 1, 1e9);
        /* A level is found half eaten; one of more than a dozen orders hardly ever falls. */
        v[PAB__KNOB_DEPTH] = clamp(known(0.5 * leg_fact(plan, leg, PAB_FACT_TOUCH_SIZE), v[PAB__KNOB_SIZE]),
                                   v[PAB__KNOB_SIZE], 12 * v[PAB__KNOB_SIZE]);
        v[PAB__KNOB_RATE] = 0.4 * orders;
        v[PAB__KNOB_VALUE] = 0.6 * orders;
        v[PAB__KNOB_MAKER] = 1200;
        v[PAB__KNOB_WATCH] = 1;
    }
    double corr = known(fabs(pair_fact(plan, PAB_FACT_CORR_300)), known(fabs(pair_fact(plan, PAB_FACT_CORR_60)), 0.5));
    k.value[PAB__KNOB_RHO] = atanh(clamp(corr, 0.05, 0.97));
    k.value[PAB__KNOB_ARBITRAGE] = 3600;
    return k;
}
