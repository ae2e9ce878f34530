/* The caller's agent types. */
#include "scenario/config.h"

#include <math.h>
#include <string.h>

const pab_agent_type *pab__config_type_at(const pab_config *cfg, uint32_t index)
{
    if (index < cfg->type_count)
        return &cfg->types[index];
    const pab__builtin_type *builtin = pab__extensions_type(cfg->extensions, index - cfg->type_count);
    return builtin ? &builtin->type : NULL;
}

const pab_agent_type *pab__config_type(const pab_config *cfg, const char *name)
{
    const pab_agent_type *type;
    for (uint32_t i = 0; (type = pab__config_type_at(cfg, i)); i++) {
        if (strcmp(type->name, name) == 0)
            return type;
    }
    return NULL;
}

static int named_before(const pab_param *rows, uint32_t count, const char *key)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(rows[i].key, key) == 0)
            return 1;
    }
    return 0;
}

static pab_status bad_row(const pab_agent_type *type, uint32_t index, const char *why)
{
    const char *key = type->params[index].key;
    return pab__fail(PAB_E_ARGUMENT, "agent type '%s', parameter %u '%.80s': %s", type->name, index, key ? key : "",
                     why);
}

static pab_status check_default(const pab_agent_type *type, const pab_param *row)
{
    static const pab__times any = {.known = PAB__KNOWS_ALL};
    char scratch[PAB_PARAM_TEXT_SIZE];
    pab_param here = *row;
    here.offset = 0;
    pab__node node = {.text = row->default_value, .quoted = row->type == PAB_PARAM_TEXT};
    if (!row->default_value)
        return PAB_OK;
    pab_status status = pab__schema_read_value(&here, &node, row->key, &any, scratch);
    if (status == PAB_OK)
        return PAB_OK;
    char why[512];
    pab_last_error(why, sizeof why);
    return pab__fail(PAB_E_ARGUMENT, "agent type '%s', default of %s", type->name, why);
}

static pab_status check_row(const pab_agent_type *type, uint32_t index)
{
    const pab_param *row = &type->params[index];
    uint32_t size = pab__schema_value_size(row->type);
    if (!row->key || !pab__schema_is_name(row->key))
        return bad_row(type, index, "the key is no name of letters, digits, '_' and '-'");
    if (size == 0)
        return bad_row(type, index, "the type is none of PAB_PARAM_...");
    if (row->offset > type->params_size || size > type->params_size - row->offset)
        return bad_row(type, index, "the value lies outside params_size");
    if (size <= 8 && row->offset % size != 0)
        return bad_row(type, index, "the offset is not aligned");
    if (!row->unit || !row->doc)
        return bad_row(type, index, "unit or doc is NULL");
    if (row->type == PAB_PARAM_CHOICE && (!row->choices || !*row->choices))
        return bad_row(type, index, "a choice needs choices");
    if (isnan(row->min) || isnan(row->max) || row->min > row->max)
        return bad_row(type, index, "min is not at most max");
    if (named_before(type->params, index, row->key) ||
        named_before(pab__group_section.rows, pab__group_section.row_count, row->key))
        return bad_row(type, index, "the key is taken");
    return check_default(type, row);
}

static pab_status check_type(const pab_config *cfg, const pab_agent_type *type)
{
    if (!type->name || !pab__schema_is_name(type->name))
        return pab__fail(PAB_E_ARGUMENT, "agent type: name '%.80s' is no word of letters, digits, '_' and '-'",
                         type->name ? type->name : "");
    if (type->label && strlen(type->label) >= PAB_PARAM_TEXT_SIZE)
        return pab__fail(PAB_E_ARGUMENT, "agent type '%s': its label is longer than 255 bytes", type->name);
    if (pab__config_type(cfg, type->name))
        return pab__fail(PAB_E_ARGUMENT, "agent type '%s' is already there", type->name);
    if (type->state_size > 1 << 20 || type->params_size > 1 << 20 || type->params_count > 4096)
        return pab__fail(PAB_E_ARGUMENT, "agent type '%s': state or parameters exceed 1 MiB or 4096 rows", type->name);
    if (type->params_count > 0 && !type->params)
        return pab__fail(PAB_E_ARGUMENT, "agent type '%s': params is NULL, params_count is %u", type->name,
                         type->params_count);
    pab_status status = PAB_OK;
    for (uint32_t i = 0; i < type->params_count && status == PAB_OK; i++)
        status = check_row(type, i);
    return status;
}

pab_status pab_config_add_agent_type(pab_config *cfg, const pab_agent_type *type)
{
    if (!cfg)
        return pab__fail(PAB_E_ARGUMENT, "cfg is NULL");
    pab_agent_type full;
    pab_status status = pab__record_in(&full, sizeof full, type, PAB__UPTO(pab_agent_type, on_stop),
                                      "the agent type");
    if (status == PAB_OK)
        status = check_type(cfg, &full);
    if (status != PAB_OK)
        return status;
    pab_agent_type *grown = pab__alloc(&cfg->host, (cfg->type_count + 1) * sizeof *grown);
    if (!grown)
        return pab__fail(PAB_E_MEMORY, "no memory for agent type '%s'", full.name);
    if (cfg->types)
        memcpy(grown, cfg->types, cfg->type_count * sizeof *grown);
    grown[cfg->type_count] = full;
    pab__release(&cfg->host, cfg->types, cfg->type_count * sizeof *grown);
    cfg->types = grown;
    cfg->type_count++;
    return PAB_OK;
}
