/* Variants of a scenario: the same market in another regime. Agents keep their names, so those that are in two
 * variants draw the same random numbers in both. */
#include "scenario/config.h"

#include <stdio.h>
#include <string.h>

const pab__regime pab__regime_neutral = {.volatility = 1, .momentum = 1, .value = 1, .noise = 1, .maker_size = 1};

/* --- What a regime does to the parts of a scenario --- */

void pab__regime_symbol(const pab__regime *r, pab__symbol *symbol)
{
    symbol->oracle.fund_vol *= r->volatility;
    if (symbol->oracle.kind == PAB__ORACLE_DENSE)
        symbol->oracle.sigma_s *= r->volatility * r->volatility;
}

/* At least one is left where there was one, unless the factor is 0. */
static int64_t scaled(int64_t number, double factor)
{
    int64_t rounded = pab__round_half_even((double)number * factor);
    return rounded == 0 && number > 0 && factor > 0 ? 1 : rounded;
}

static void *param_of(const pab__group *group, const char *key)
{
    for (uint32_t i = 0; i < group->type.params_count; i++) {
        if (strcmp(group->type.params[i].key, key) == 0)
            return (unsigned char *)group->params + group->type.params[i].offset;
    }
    return NULL;
}

static void scale_int(const pab__group *group, const char *key, double factor)
{
    int64_t *value = param_of(group, key);
    *value = scaled(*value, factor);
}

static void change_maker(const pab__regime *r, const pab__group *group)
{
    scale_int(group, "min_order_size", r->maker_size);
    scale_int(group, "backstop_quantity", r->maker_size);
    *(double *)param_of(group, "pov") *= r->maker_size;
    if (r->withdrawal_off == 0)
        return;
    *(int64_t *)param_of(group, "withdrawal_off") = r->withdrawal_off;
    *(int64_t *)param_of(group, "withdrawal_on") = r->withdrawal_on > 0 ? r->withdrawal_on : 1;
}

void pab__regime_group(const pab__regime *r, pab__group *group)
{
    const char *type = group->type.name;
    int64_t *count = &group->common.count;
    if (strcmp(type, "momentum") == 0)
        *count = scaled(*count, r->momentum);
    else if (strcmp(type, "value") == 0)
        *count = scaled(*count, r->value);
    else if (strcmp(type, "noise") == 0)
        *count = scaled(*count, r->noise);
    else if (strcmp(type, "market_maker") == 0)
        change_maker(r, group);
}

void pab__regime_event(pab_scenario *scn)
{
    const pab__regime *r = &scn->regime;
    const pab__pair_plan *plan = &scn->pair.plan;
    pab__correlation_keys *k = &scn->correlation.keys;
    if (!r->shock || !scn->pair.given)
        return;
    int64_t start = scn->clock.market_open + plan->warmup;
    k->event = 1;
    k->event_from = start + pab__round_half_even(r->shock_from * (double)plan->horizon);
    k->event_to = start + pab__round_half_even(r->shock_to * (double)plan->horizon);
    k->event_sd = r->shock_sd;
    k->event_own_sd = r->shock_own_sd;
    k->event_delay = r->shock_delay;
}

/* --- Building them --- */

static pab_status read_regime(const pab_config *cfg, uint32_t index, pab__regime *out)
{
    static const pab__times none = {0};
    const pab__section *section = &pab__regime_subs[index];
    const pab__node *map = pab__node_find(pab__node_find(cfg->tree.root, "regimes"), section->name);
    char path[64];
    snprintf(path, sizeof path, "regimes.%s", section->name);
    pab_status status = pab__rows_store(section->rows, section->row_count, map, path, &none, out);
    if (status == PAB_OK && out->shock_to < out->shock_from)
        return pab__node_fail(map, PAB_E_RANGE, "%s.shock_to (%g) must not be below shock_from (%g)", path,
                              out->shock_to, out->shock_from);
    return status;
}

static int changes_nothing(const pab__regime *r)
{
    const pab__regime *n = &pab__regime_neutral;
    return r->volatility == n->volatility && r->momentum == n->momentum && r->value == n->value &&
           r->noise == n->noise && r->maker_size == n->maker_size && r->withdrawal_off == 0 && !r->shock;
}

pab_status pab__scenario_build_variants(const pab_config *cfg, pab_scenario *scn)
{
    pab_status status = PAB_OK;
    if (!scn->pair.given)
        return PAB_OK;
    for (uint32_t i = 0; i < PAB__REGIMES && status == PAB_OK; i++) {
        pab__regime regime = {0};
        status = read_regime(cfg, i, &regime);
        if (status == PAB_OK && !changes_nothing(&regime))
            status = pab__scenario_compile(cfg, &regime, &scn->variants[i]);
    }
    return status;
}

pab_scenario *pab__scenario_variant(pab_scenario *scn, int32_t regime)
{
    if (regime < 0 || regime >= PAB__REGIMES || !scn->variants[regime])
        return scn;
    return scn->variants[regime];
}
