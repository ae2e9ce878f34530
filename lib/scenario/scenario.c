#include "scenario/scenario.h"

#include "scenario/config.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdatomic.h>
#include <string.h>

static void destroy(pab_scenario *scn)
{
    pab_host host = scn->host;
    for (uint32_t i = 0; i < PAB__VARIANTS_MAX; i++)
        pab_scenario_free(scn->variants[i]);
    for (uint32_t i = 0; i < PAB__EXTENSIONS_MAX && scn->extensions[i]; i++)
        pab__release(&host, scn->records[i], scn->extensions[i]->record_size);
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
        .tick_value = scn->exchange.tick_value,
    };
    return pab__record_out(out, &info, sizeof info, PAB__UPTO(pab_scenario_info, name), "the scenario info");
}

const char *pab_scenario_symbol(const pab_scenario *scn, uint32_t symbol)
{
    return scn && symbol < scn->symbol_count ? scn->symbols[symbol].name : NULL;
}

pab__symbol_names pab__scenario_symbol_names(const pab_scenario *scn)
{
    pab__symbol_names names = {""};
    pab__text out = pab__text_in(names.text, sizeof names.text);
    for (uint32_t i = 0; i < scn->symbol_count; i++)
        pab__text_say(&out, "%s%s", i == 0 ? "; expected one of " : ", ", scn->symbols[i].name);
    return names;
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

static pab_status add_records(pab_scenario *scn)
{
    for (uint32_t i = 0; scn->extensions[i]; i++) {
        size_t size = scn->extensions[i]->record_size;
        if (i == PAB__EXTENSIONS_MAX)
            return pab__fail(PAB_E_CAPACITY, "more than %d extensions of the scenario", PAB__EXTENSIONS_MAX);
        if (size > 0 && !(scn->records[i] = pab__alloc(&scn->host, size)))
            return pab__fail(PAB_E_MEMORY, "no memory for a scenario");
    }
    return PAB_OK;
}

static pab_status start_extensions(const pab_config *cfg, pab_scenario *scn, int32_t variant, int32_t *changes)
{
    pab_status status = add_records(scn);
    *changes = variant < 0;
    for (uint32_t i = 0; scn->extensions[i] && status == PAB_OK; i++) {
        int32_t here = 0;
        if (scn->extensions[i]->start)
            status = scn->extensions[i]->start(cfg, variant, scn->records[i], &here);
        *changes |= here;
    }
    return status;
}

/* Compiles and freezes `cfg`, or a variant of it: *out is NULL where the variant changes nothing. */
static pab_status compile(const pab_config *cfg, int32_t variant, pab_scenario **out)
{
    const pab_host *host = &cfg->host;
    pab_scenario *scn = pab__alloc(host, sizeof *scn);
    int32_t changes = 0;
    *out = NULL;
    if (!scn)
        return pab__fail(PAB_E_MEMORY, "no memory for a scenario");
    scn->host = *host;
    scn->extensions = cfg->extensions;
    atomic_init(&scn->references, 1);
    pab_status status = start_extensions(cfg, scn, variant, &changes);
    if (status == PAB_OK && changes)
        status = pab__scenario_build(cfg, scn);
    if (status == PAB_OK && changes)
        status = pab__scenario_check(cfg, scn);
    if (status != PAB_OK || !changes) {
        destroy(scn);
        return status;
    }
    scn->fingerprint = pab__scenario_fingerprint(scn);
    *out = scn;
    return PAB_OK;
}

static pab_status add_variants(const pab_config *cfg, pab_scenario *scn)
{
    pab_status status = PAB_OK;
    int32_t count = 0;
    for (uint32_t i = 0; scn->extensions[i]; i++)
        count += (int32_t)scn->extensions[i]->variant_count;
    for (int32_t i = 0; i < count && i < PAB__VARIANTS_MAX && status == PAB_OK; i++) {
        status = compile(cfg, i, &scn->variants[i]);
        if (scn->variants[i])
            scn->fingerprint = pab__hash_mix(scn->fingerprint, scn->variants[i]->fingerprint);
    }
    return status;
}

pab_scenario *pab__scenario_variant(pab_scenario *scn, int32_t variant)
{
    if (variant < 0 || variant >= PAB__VARIANTS_MAX || !scn->variants[variant])
        return scn;
    return scn->variants[variant];
}

pab_status pab_scenario_new(const pab_config *cfg, pab_scenario **out)
{
    if (!cfg || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", cfg ? "out" : "cfg");
    pab_scenario *scn;
    pab_status status = compile(cfg, -1, &scn);
    if (status != PAB_OK)
        return status;
    status = add_variants(cfg, scn);
    if (status != PAB_OK) {
        destroy(scn);
        return status;
    }
    *out = scn;
    return PAB_OK;
}
