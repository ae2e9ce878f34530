/* A checked tree of settings becomes the flat records that a market reads. */
#include "scenario/config.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"

enum { AGENTS_MAX = 1000000, GROUPS_MAX = 65534, SYMBOLS_MAX = 1024 };

/* What the parts share. */
typedef struct build {
    const pab_config *cfg;
    const pab__node *root;
    pab_scenario *scn;
    pab__times times;
} build;

static pab_status no_memory(void)
{
    return pab__fail(PAB_E_MEMORY, "no memory for the scenario");
}

static pab_status store(const build *b, const pab__section *section, const pab__node *map, const char *path,
                        void *record)
{
    return pab__schema_store_rows(section->rows, section->row_count, map, path, &b->times, record);
}

static pab_status build_top(build *b)
{
    pab__top_keys keys = {0};
    pab_status status = store(b, &pab__top_section, b->root, "", &keys);
    if (status != PAB_OK)
        return status;
    memcpy(b->scn->name, keys.name, sizeof keys.name);
    b->scn->default_seed = (uint64_t)keys.seed;
    b->scn->rng = keys.rng;
    return PAB_OK;
}

/* In the order of the table, because later times may refer to date, open and close. */
static pab_status build_clock(build *b)
{
    static const int32_t settles[] = {PAB__KNOWS_DATE, PAB__KNOWS_OPEN, PAB__KNOWS_CLOSE};
    pab__clock *clock = &b->scn->clock;
    const pab__node *map = pab__node_find(b->root, "clock");
    pab_status status = PAB_OK;
    for (uint32_t i = 0; i < pab__clock_section.row_count && status == PAB_OK; i++) {
        status = pab__schema_store_row(&pab__clock_section.rows[i], map, "clock", &b->times, clock);
        b->times.date = clock->date;
        b->times.open = clock->market_open;
        b->times.close = clock->market_close;
        if (i < sizeof settles / sizeof *settles)
            b->times.known |= settles[i];
    }
    return status;
}

static pab_status build_quirks(build *b)
{
    pab__quirk_keys keys = {0};
    pab_status status = store(b, &pab__quirks_section, pab__node_find(b->root, "quirks"), "quirks", &keys);
    for (uint32_t i = 0; i < PAB__QUIRK_COUNT; i++)
        b->scn->quirks |= keys.on[i] ? 1u << i : 0;
    return status;
}

static pab_status build_components(const build *b, const pab__node *list)
{
    pab__mixture *mix = &b->scn->mixture;
    pab_status status = PAB_OK;
    if (list->count < 1 || list->count > PAB__MIXTURE_MAX)
        return pab__node_fail(list, PAB_E_RANGE, "order_size_mixture.components: %u items, expected 1 to %d",
                              list->count, PAB__MIXTURE_MAX);
    for (const pab__node *item = list->first; item && status == PAB_OK; item = item->next) {
        pab__component_keys keys = {0};
        char path[64];
        snprintf(path, sizeof path, "order_size_mixture.components[%u]", mix->count);
        status = store(b, &pab__component_section, item, path, &keys);
        mix->part[mix->count].lognormal = keys.dist;
        mix->part[mix->count].mu = keys.mu;
        mix->part[mix->count].sigma = keys.sigma;
        mix->count++;
    }
    return status;
}

static pab_status build_weights(const build *b, const pab__node *list)
{
    pab__mixture *mix = &b->scn->mixture;
    double weights[PAB__MIXTURE_MAX], sum = 0;
    uint32_t n = 0;
    if (list->count != mix->count)
        return pab__node_fail(list, PAB_E_RANGE, "order_size_mixture.weights: %u items, expected %u, one per component",
                              list->count, mix->count);
    for (const pab__node *item = list->first; item; item = item->next, n++) {
        pab_status status = pab__schema_read_value(pab__weights_section.rows, item, "order_size_mixture.weights",
                                                   &b->times, &weights[n]);
        if (status != PAB_OK)
            return status;
        sum += weights[n];
    }
    if (!(sum > 0))
        return pab__node_fail(list, PAB_E_RANGE, "order_size_mixture.weights: all are 0, expected a positive one");
    pab__mixture_weights(mix, weights);
    return PAB_OK;
}

typedef pab_status (*list_reader)(const build *b, const pab__node *list);

/* A list of the mixture section, or its default. */
static pab_status read_list(const build *b, const pab__section *section, list_reader read)
{
    const pab__node *given = pab__node_find(pab__node_find(b->root, "order_size_mixture"), section->name);
    if (given)
        return read(b, given);
    pab__tree tree;
    pab_status status = pab__yaml_parse(&b->scn->host, section->default_value, strlen(section->default_value),
                                        "the default", &tree);
    if (status != PAB_OK)
        return status;
    status = read(b, tree.root);
    pab__tree_free(&tree);
    return status;
}

static pab_status build_mixture(build *b)
{
    pab_status status = read_list(b, &pab__components_section, build_components);
    return status == PAB_OK ? read_list(b, &pab__weights_section, build_weights) : status;
}

/* A relative file that lies beside the scenario's own is meant there; else it is looked for where the program stands.
 * */
static void find_file(const pab__node *node, char file[PAB_PARAM_TEXT_SIZE])
{
    char beside[PAB_PARAM_TEXT_SIZE];
    const char *slash = node && node->origin ? strrchr(node->origin, '/') : NULL;
    if (!slash || file[0] == '/')
        return;
    int len = snprintf(beside, sizeof beside, "%.*s/%s", (int)(slash - node->origin), node->origin, file);
    if (len > 0 && (size_t)len < sizeof beside && pab__file_exists(beside))
        memcpy(file, beside, (size_t)len + 1);
}

static pab_status build_symbol(build *b, const pab__node *map, pab__symbol *symbol)
{
    char path[PAB__PATH_SIZE];
    pab__symbol_keys keys = {0};
    snprintf(path, sizeof path, "symbols.%s", map->key);
    pab_status status = store(b, &pab__symbol_section, map, path, &keys);
    if (status != PAB_OK)
        return status;
    snprintf(symbol->name, sizeof symbol->name, "%s", map->key);
    symbol->exchange = keys.exchange;
    snprintf(path, sizeof path, "symbols.%s.oracle", map->key);
    status = store(b, &pab__oracle_section, pab__node_find(map, "oracle"), path, &symbol->oracle);
    for (uint32_t i = 0; b->cfg->extensions[i]; i++) {
        if (b->cfg->extensions[i]->adjust_symbol)
            b->cfg->extensions[i]->adjust_symbol(b->scn->records[i], symbol);
    }
    if (status != PAB_OK || symbol->oracle.kind != PAB__ORACLE_SERIES)
        return status;
    if (!*symbol->oracle.file)
        return pab__node_fail(map, PAB_E_KEY, "%s.file is required where kind is series", path);
    find_file(pab__node_find(pab__node_find(map, "oracle"), "file"), symbol->oracle.file);
    return pab__series_load(&b->scn->host, &symbol->oracle, &symbol->series);
}

static pab_status build_symbols(build *b)
{
    const pab__node *all = pab__node_find(b->root, "symbols");
    if (!all || all->count == 0)
        return pab__node_fail(all, PAB_E_KEY, "symbols: a market needs at least one symbol");
    if (all->count > SYMBOLS_MAX)
        return pab__node_fail(all, PAB_E_CAPACITY, "symbols: %u given, at most %d are possible", all->count,
                              SYMBOLS_MAX);
    b->scn->symbols = pab__alloc(&b->scn->host, all->count * sizeof *b->scn->symbols);
    if (!b->scn->symbols)
        return no_memory();
    b->scn->symbol_count = all->count;
    pab_status status = PAB_OK;
    pab__symbol *symbol = b->scn->symbols;
    for (const pab__node *map = all->first; map && status == PAB_OK; map = map->next)
        status = build_symbol(b, map, symbol++);
    return status;
}

static int32_t symbol_index(const pab_scenario *scn, const char *name)
{
    for (uint32_t i = 0; i < scn->symbol_count; i++) {
        if (strcmp(scn->symbols[i].name, name) == 0)
            return (int32_t)i;
    }
    return -1;
}

static pab_status build_params(const build *b, const pab__node *map, const char *path, pab__group *group)
{
    const pab_agent_type *type = &group->type;
    if (type->params_size == 0)
        return PAB_OK;
    group->params = pab__alloc(&b->scn->host, type->params_size);
    if (!group->params)
        return no_memory();
    return pab__schema_store_rows(type->params, type->params_count, map, path, &b->times, group->params);
}

static pab_status build_group(const build *b, const pab__node *map, pab__group *group)
{
    char path[PAB__PATH_SIZE];
    pab__group_keys keys = {0};
    snprintf(path, sizeof path, "agents.%s", map->key);
    pab_status status = store(b, &pab__group_section, map, path, &keys);
    if (status != PAB_OK)
        return status;
    const pab_agent_type *type = pab__config_type(b->cfg, keys.type);
    if (!type)
        return pab__node_fail(map, PAB_E_KEY, "%s.type: there is no agent type '%.80s'", path, keys.type);
    group->type = *type;
    group->builtin = pab__extensions_type_named(b->cfg->extensions, keys.type);
    group->common = keys.common;
    group->symbol = symbol_index(b->scn, keys.symbol);
    if (*keys.symbol && group->symbol < 0)
        return pab__node_fail(pab__node_find(map, "symbol"), PAB_E_KEY, "%s.symbol: there is no symbol '%.80s'%s", path,
                              keys.symbol, pab__scenario_symbol_names(b->scn).text);
    const char *label = *keys.label ? keys.label : type->label ? type->label : type->name;
    snprintf(group->name, sizeof group->name, "%s", map->key);
    snprintf(group->label, sizeof group->label, "%s", label);
    status = build_params(b, map, path, group);
    for (uint32_t i = 0; b->cfg->extensions[i] && status == PAB_OK; i++) {
        if (b->cfg->extensions[i]->adjust_group)
            b->cfg->extensions[i]->adjust_group(b->scn->records[i], group);
    }
    return status;
}

static pab_status build_groups(build *b)
{
    const pab__node *all = pab__node_find(b->root, "agents");
    if (!all || all->count == 0)
        return pab__node_fail(all, PAB_E_KEY, "agents: a market needs at least one group of agents");
    if (all->count > GROUPS_MAX)
        return pab__node_fail(all, PAB_E_CAPACITY, "agents: %u groups given, at most %d are possible", all->count,
                              GROUPS_MAX);
    b->scn->groups = pab__alloc(&b->scn->host, all->count * sizeof *b->scn->groups);
    if (!b->scn->groups)
        return no_memory();
    b->scn->group_count = all->count;
    pab_status status = PAB_OK;
    pab__group *group = b->scn->groups;
    for (const pab__node *map = all->first; map && status == PAB_OK; map = map->next)
        status = build_group(b, map, group++);
    return status;
}

/* Exchanges have the first ids, then the groups in order. */
static pab_status number_agents(build *b)
{
    pab_scenario *scn = b->scn;
    int64_t exchanges = scn->exchange.count, total = exchanges;
    for (uint32_t i = 0; i < scn->group_count && total <= AGENTS_MAX; i++) {
        scn->groups[i].first_id = (int32_t)total;
        total += scn->groups[i].common.count;
    }
    const pab__node *all = pab__node_find(b->root, "agents");
    if (total > AGENTS_MAX)
        return pab__node_fail(all, PAB_E_RANGE, "agents: more than %d agents in total, exchanges included", AGENTS_MAX);
    if (total == exchanges)
        return pab__node_fail(all, PAB_E_RANGE, "agents: the counts add up to 0, expected at least one agent");
    scn->group_of = pab__alloc(&scn->host, (size_t)total * sizeof *scn->group_of);
    if (!scn->group_of)
        return no_memory();
    scn->agent_count = (uint32_t)total;
    for (int64_t id = 0; id < exchanges; id++)
        scn->group_of[id] = UINT16_MAX;
    for (uint32_t i = 0; i < scn->group_count; i++) {
        for (int64_t k = 0; k < scn->groups[i].common.count; k++)
            scn->group_of[scn->groups[i].first_id + k] = (uint16_t)i;
    }
    return PAB_OK;
}

pab_status pab__scenario_build(const pab_config *cfg, pab_scenario *scn)
{
    build b = {.cfg = cfg, .root = cfg->tree.root, .scn = scn};
    pab_status status = build_top(&b);
    if (status == PAB_OK)
        status = build_clock(&b);
    if (status == PAB_OK)
        status = store(&b, &pab__exchange_section, pab__node_find(b.root, "exchange"), "exchange", &scn->exchange);
    if (status == PAB_OK)
        status = store(&b, &pab__latency_section, pab__node_find(b.root, "latency"), "latency", &scn->latency);
    if (status == PAB_OK)
        status = build_mixture(&b);
    if (status == PAB_OK)
        status = build_quirks(&b);
    if (status == PAB_OK)
        status = build_symbols(&b);
    if (status == PAB_OK)
        status = pab__correlation_build(b.root, &b.times, scn);
    if (status == PAB_OK)
        status = build_groups(&b);
    if (status == PAB_OK)
        status = number_agents(&b);
    for (uint32_t i = 0; cfg->extensions[i] && status == PAB_OK; i++) {
        if (cfg->extensions[i]->build)
            status = cfg->extensions[i]->build(cfg, &b.times, scn, scn->records[i]);
    }
    return status;
}
