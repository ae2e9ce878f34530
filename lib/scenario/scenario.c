#include "scenario/config.h"

#include "base/hash.h"

#include <stdatomic.h>
#include <string.h>

static void destroy(pab_scenario *scn)
{
    pab_host host = scn->host;
    for (uint32_t i = 0; i < PAB__REGIMES; i++)
        pab_scenario_free(scn->variants[i]);
    for (uint32_t i = 0; scn->symbols && i < scn->symbol_count; i++)
        pab__series_free(&host, &scn->symbols[i].series);
    for (uint32_t i = 0; scn->groups && i < scn->group_count; i++)
        pab__release(&host, scn->groups[i].params, scn->groups[i].type.params_size);
    pab__correlation_free(&host, &scn->correlation);
    pab__release(&host, scn->symbols, scn->symbol_count * sizeof *scn->symbols);
    pab__release(&host, scn->groups, scn->group_count * sizeof *scn->groups);
    pab__release(&host, scn->group_of, scn->agent_count * sizeof *scn->group_of);
    pab__release(&host, scn, sizeof *scn);
}

pab_scenario *pab__scenario_ref(pab_scenario *scn)
{
    atomic_fetch_add_explicit(&scn->references, 1, memory_order_relaxed);
    return scn;
}

void pab_scenario_free(pab_scenario *scn)
{
    if (scn && atomic_fetch_sub_explicit(&scn->references, 1, memory_order_acq_rel) == 1)
        destroy(scn);
}

pab_status pab_scenario_describe(const pab_scenario *scn, pab_scenario_info *out)
{
    if (!scn)
        return pab__fail(PAB_E_ARGUMENT, "scn is NULL");
    pab_scenario_info info = {
        .struct_size = sizeof info,
        .rng = scn->rng,
        .symbol_count = scn->symbol_count,
        .agent_count = scn->agent_count,
        .exchange_count = (uint32_t)scn->exchange.count,
        .group_count = scn->group_count,
        .default_seed = scn->default_seed,
        .fingerprint = scn->fingerprint,
        .kernel_start = scn->clock.kernel_start,
        .kernel_stop = scn->clock.kernel_stop,
        .market_open = scn->clock.market_open,
        .market_close = scn->clock.market_close,
        .name = scn->name,
    };
    return pab__record_out(out, &info, sizeof info, PAB__UPTO(pab_scenario_info, name), "the scenario info");
}

const char *pab_scenario_symbol(const pab_scenario *scn, uint32_t symbol)
{
    return scn && symbol < scn->symbol_count ? scn->symbols[symbol].name : NULL;
}

pab_status pab_scenario_group(const pab_scenario *scn, uint32_t index, pab_group_info *out)
{
    if (!scn)
        return pab__fail(PAB_E_ARGUMENT, "scn is NULL");
    if (index >= scn->group_count)
        return pab__fail(PAB_E_RANGE, "there is no group %u, the scenario has %u", index, scn->group_count);
    const pab__group *group = &scn->groups[index];
    pab_group_info info = {
        .struct_size = sizeof info,
        .symbol = group->symbol,
        .first_id = group->first_id,
        .count = (int32_t)group->common.count,
        .starting_cash = group->common.starting_cash,
        .name = group->name,
        .type = group->type.name,
        .label = group->label,
    };
    return pab__record_out(out, &info, sizeof info, PAB__UPTO(pab_group_info, label), "the group info");
}

pab_status pab__scenario_compile(const pab_config *cfg, const pab__regime *regime, pab_scenario **out)
{
    const pab_host *host = &cfg->host;
    pab_scenario *scn = pab__alloc(host, sizeof *scn);
    if (!scn)
        return pab__fail(PAB_E_MEMORY, "no memory for a scenario");
    scn->host = *host;
    scn->regime = *regime;
    atomic_init(&scn->references, 1);
    pab_status status = pab__scenario_build(cfg, scn);
    if (status == PAB_OK)
        status = pab__scenario_check(cfg, scn);
    if (status != PAB_OK) {
        destroy(scn);
        return status;
    }
    scn->fingerprint = pab__scenario_fingerprint(scn);
    *out = scn;
    return PAB_OK;
}

pab_status pab_scenario_new(const pab_config *cfg, pab_scenario **out)
{
    if (!cfg || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", cfg ? "out" : "cfg");
    pab_scenario *scn;
    pab_status status = pab__scenario_compile(cfg, &pab__regime_neutral, &scn);
    if (status != PAB_OK)
        return status;
    status = pab__scenario_build_variants(cfg, scn);
    if (status != PAB_OK) {
        destroy(scn);
        return status;
    }
    for (uint32_t i = 0; i < PAB__REGIMES; i++) {
        if (scn->variants[i])
            scn->fingerprint = pab__hash_mix(scn->fingerprint, scn->variants[i]->fingerprint);
    }
    *out = scn;
    return PAB_OK;
}
