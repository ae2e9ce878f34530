/* Regimes: variants of a scenario with a pair. Agents keep their names, so those that are in two variants draw the same
 * random numbers in both. */
#include "env/regime.h"

#include "env/pair.h"
#include "env/pair_keys.h"
#include "scenario/config.h"

#include <stdio.h>

static const pab__regime neutral = {.volatility = 1, .momentum = 1, .value = 1, .noise = 1, .maker_size = 1};

static const pab__regime *regime_of(const void *record)
{
    return &((const pab__pair *)record)->regime;
}

/* --- What a regime does to the parts of a scenario --- */

void pab__regime_symbol(const void *record, pab__symbol *symbol)
{
    const pab__regime *r = regime_of(record);
    symbol->oracle.fund_vol *= r->volatility;
    if (symbol->oracle.kind == PAB__ORACLE_DENSE)
        symbol->oracle.sigma_s *= r->volatility * r->volatility;
}

static void change_makers(const pab__regime *r, const pab__maker_hooks *maker, void *params)
{
    maker->scale_size(params, r->maker_size);
    if (r->withdrawal_off > 0)
        maker->set_withdrawal(params, r->withdrawal_off, r->withdrawal_on > 0 ? r->withdrawal_on : 1);
}

void pab__regime_group(const void *record, pab__group *group)
{
    const pab__regime *r = regime_of(record);
    const pab__builtin_type *type = group->builtin;
    int64_t *count = &group->common.count;
    if (!type)
        return;
    if (type->adjust) {
        pab__conditions c = {r->volatility, r->noise, r->maker_size,
                             r->withdrawal_off > 0 ? 1e9 / (double)r->withdrawal_off : 0,
                             r->withdrawal_off > 0 ? r->withdrawal_on : 0};
        type->adjust(group->params, &c);
    }
    if (type->role == PAB__ROLE_MOMENTUM)
        *count = pab__extension_scaled(*count, r->momentum);
    else if (type->role == PAB__ROLE_VALUE)
        *count = pab__extension_scaled(*count, r->value);
    else if (type->role == PAB__ROLE_NOISE)
        *count = pab__extension_scaled(*count, r->noise);
    else if (type->role == PAB__ROLE_MAKER)
        change_makers(r, type->maker, group->params);
}

void pab__regime_event(const pab__pair *pair, pab_scenario *scn)
{
    const pab__regime *r = &pair->regime;
    const pab__pair_plan *plan = &pair->plan;
    pab__correlation_keys *k = &scn->correlation.keys;
    if (!r->shock)
        return;
    int64_t start = scn->clock.market_open + plan->warmup;
    k->event = 1;
    k->event_from = start + pab__round_half_even(r->shock_from * (double)plan->horizon);
    k->event_to = start + pab__round_half_even(r->shock_to * (double)plan->horizon);
    k->event_sd = r->shock_sd;
    k->event_own_sd = r->shock_own_sd;
    k->event_delay = r->shock_delay;
}

/* --- Which there are --- */

static pab_status read_regime(const pab_config *cfg, uint32_t index, pab__regime *out)
{
    static const pab__times none = {0};
    const pab__section *section = &pab__regime_subs[index];
    const pab__node *map = pab__node_find(pab__node_find(cfg->tree.root, "regimes"), section->name);
    char path[64];
    snprintf(path, sizeof path, "regimes.%s", section->name);
    pab_status status = pab__schema_store_rows(section->rows, section->row_count, map, path, &none, out);
    if (status == PAB_OK && out->shock_to < out->shock_from)
        return pab__node_fail(map, PAB_E_RANGE, "%s.shock_to (%g) must not be below shock_from (%g)", path,
                              out->shock_to, out->shock_from);
    return status;
}

static int changes_nothing(const pab__regime *r)
{
    const pab__regime *n = &neutral;
    return r->volatility == n->volatility && r->momentum == n->momentum && r->value == n->value &&
           r->noise == n->noise && r->maker_size == n->maker_size && r->withdrawal_off == 0 && !r->shock;
}

pab_status pab__regime_start(const pab_config *cfg, int32_t variant, void *record, int32_t *changes)
{
    pab__regime *regime = &((pab__pair *)record)->regime;
    *regime = neutral;
    if (variant < 0 || !pab__node_find(cfg->tree.root, "pair"))
        return PAB_OK;
    pab_status status = read_regime(cfg, (uint32_t)variant, regime);
    *changes = status == PAB_OK && !changes_nothing(regime);
    return status;
}
