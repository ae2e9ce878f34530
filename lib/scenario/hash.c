/* The fingerprint: equal for two scenarios whose runs cannot differ. */
#include "scenario/config.h"

#include "base/hash.h"

#include <stdio.h>
#include <string.h>

static uint64_t hash_section(const pab__section *section, const void *record, uint64_t seed)
{
    return pab__schema_hash_rows(section->rows, section->row_count, record, seed);
}

static uint64_t hash_text(const char *text, uint64_t seed)
{
    return pab__hash_mix(seed, pab__hash(text, strlen(text)));
}

/* A series counts by what was read, not by where it was read from. */
static uint64_t hash_symbol(const pab__symbol *symbol, uint64_t h)
{
    pab__oracle_params oracle = symbol->oracle;
    memset(oracle.file, 0, sizeof oracle.file);
    memset(oracle.column, 0, sizeof oracle.column);
    pab__symbol_keys keys = {.exchange = symbol->exchange};
    h = hash_text(symbol->name, h);
    h = hash_section(&pab__symbol_section, &keys, h);
    h = hash_section(&pab__oracle_section, &oracle, h);
    size_t size = symbol->series.count * sizeof(int64_t);
    if (size == 0)
        return h;
    h = pab__hash_mix(h, pab__hash(symbol->series.times, size));
    return pab__hash_mix(h, pab__hash(symbol->series.values, size));
}

static uint64_t hash_group(const pab_scenario *scn, const pab__group *group, uint64_t h)
{
    pab__group_keys keys = {.common = group->common};
    snprintf(keys.type, sizeof keys.type, "%s", group->type.name);
    /* Names key the fast generators' streams; they play no part in a replay. */
    if (scn->rng == PAB_RNG_FAST)
        h = hash_text(group->name, h);
    h = hash_section(&pab__group_section, &keys, h);
    h = pab__hash_mix(h, (uint64_t)(int64_t)group->symbol);
    return group->params ? pab__schema_hash_rows(group->type.params, group->type.params_count, group->params, h) : h;
}

/* Members and matrix follow from the oracles and from this factor. */
static uint64_t hash_correlation(const pab__correlation *c, uint64_t h)
{
    if (c->count == 0)
        return h;
    h = hash_section(&pab__correlation_section, &c->keys, h);
    return pab__hash_mix(h, pab__hash(c->factor, (size_t)c->count * c->count * sizeof *c->factor));
}

/* Ticks that are cents leave the fingerprint as it was before there were others. */
static uint64_t hash_exchange(const pab__exchange_params *params, uint64_t h)
{
    pab__exchange_params exchange = *params;
    uint32_t rows = pab__exchange_section.row_count - (params->tick_value == 0.01);
    exchange.stream_history = 0;
    return pab__schema_hash_rows(pab__exchange_section.rows, rows, &exchange, h);
}

uint64_t pab__scenario_fingerprint(const pab_scenario *scn)
{
    uint64_t h = pab__hash_mix((uint64_t)scn->rng, scn->quirks);
    h = hash_section(&pab__clock_section, &scn->clock, h);
    h = hash_exchange(&scn->exchange, h);
    h = hash_section(&pab__latency_section, &scn->latency, h);
    h = pab__hash_mix(h, scn->mixture.count);
    for (uint32_t i = 0; i < scn->mixture.count; i++) {
        pab__component_keys keys = {.dist = scn->mixture.part[i].lognormal, .mu = scn->mixture.part[i].mu,
                                    .sigma = scn->mixture.part[i].sigma};
        h = hash_section(&pab__component_section, &keys, h);
        h = pab__hash_mix(h, pab__hash(&scn->mixture.cdf[i], sizeof scn->mixture.cdf[i]));
    }
    h = pab__hash_mix(h, scn->symbol_count);
    for (uint32_t i = 0; i < scn->symbol_count; i++)
        h = hash_symbol(&scn->symbols[i], h);
    h = hash_correlation(&scn->correlation, h);
    h = pab__hash_mix(h, scn->group_count);
    for (uint32_t i = 0; i < scn->group_count; i++)
        h = hash_group(scn, &scn->groups[i], h);
    for (uint32_t i = 0; scn->extensions[i]; i++) {
        if (scn->extensions[i]->hash)
            h = scn->extensions[i]->hash(scn->records[i], h);
    }
    return h;
}
