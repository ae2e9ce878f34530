/* All that is built in: types of agents, presets and sections of scenarios. pab_config_new
 * gives this list to every configuration; public functions that need it without a configuration are here too. */
#include "env/builtin.h"

#include "env/pair_keys.h"
#include "market/agents/agents.h"

static const pab__builtin_type *const types[] = {&pab__executor_agent};

static const pab__preset presets[] = {{"pair", pab__preset_pair}, {"pair_cent", pab__preset_pair_cent}};

static const pab__section sections[] = {
    {.name = "regimes", .subs = pab__regime_subs, .sub_count = PAB__REGIMES},
    {.name = "pair", .row_count = PAB__PLAN_ROWS, .rows = pab__plan_rows},
    {.name = "calibration", .row_count = 1, .rows = pab__calibration_rows, .subs = pab__calibration_subs,
     .sub_count = PAB__CALIBRATION_SUBS},
};

static const pab__extension pair_extension = {
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .presets = presets,
    .preset_count = sizeof presets / sizeof *presets,
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
    .variant_count = PAB__REGIMES,
    .record_size = sizeof(pab__pair),
    .start = pab__regime_start,
    .adjust_symbol = pab__regime_symbol,
    .adjust_group = pab__regime_group,
    .build = pab__pair_build,
    .check = pab__pair_check,
    .hash = pab__pair_hash,
};

static const pab__extension *const extensions[] = {
    &pab__market_extension,
    [PAB__PAIR_RECORD] = &pair_extension,
    NULL,
};

pab_status pab_config_new(const pab_host *host, pab_config **out)
{
    return pab__config_new(host, extensions, out);
}

const char *pab_preset_name(uint32_t index)
{
    const pab__preset *preset = pab__preset_at(extensions, index);
    return preset ? preset->name : NULL;
}

pab_status pab_schema_get(uint32_t index, pab_schema_entry *out)
{
    return pab__schema_get(extensions, index, out);
}
