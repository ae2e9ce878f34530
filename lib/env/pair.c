/* Compiles `pair` and `calibration`, and checks that the market has what an executor needs. */
#include "env/pair.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/stamp.h"
#include "env/builtin.h"
#include "env/pair_keys.h"
#include "scenario/config.h"

/* Longest time after the horizon for which volumes must still be remembered. */
#define AFTER INT64_C(60000000000)

static pab_status build_list(const pab__section *section, const pab__node *leg, const char *path,
                             const pab__times *times, double *out, uint32_t cap, uint32_t *count)
{
    const pab__node *list = pab__node_find(leg, section->name);
    *count = 0;
    if (!list)
        return PAB_OK;
    if (list->count > cap)
        return pab__node_fail(list, PAB_E_RANGE, "%s.%s: %u items, expected at most %u", path, section->name,
                              list->count, cap);
    for (const pab__node *item = list->first; item; item = item->next) {
        pab_status status = pab__schema_read_value(section->rows, item, path, times, &out[*count]);
        if (status != PAB_OK)
            return status;
        ++*count;
    }
    return PAB_OK;
}

/* A table is there or not: no part of it. */
static pab_status whole(const pab__node *map, const char *path, const char *key, uint32_t count, uint32_t wanted)
{
    if (count == 0 || count == wanted)
        return PAB_OK;
    return pab__node_fail(pab__node_find(map, key), PAB_E_RANGE, "%s.%s: %u items, expected %u or none", path, key,
                          count, wanted);
}

static pab_status build_leg(const pab__section *section, const pab__node *all, const pab__times *times,
                            pab__leg_plan *leg)
{
    char path[PAB__PATH_SIZE];
    const pab__node *map = pab__node_find(all, section->name);
    snprintf(path, sizeof path, "calibration.%s", section->name);
    pab_status status = pab__schema_store_rows(section->rows, section->row_count, map, path, times, &leg->ref);
    if (status == PAB_OK)
        status = build_list(&pab__leg_lists[0], map, path, times, leg->profile, PAB__PROFILE_MAX, &leg->profile_count);
    if (status == PAB_OK)
        status = build_list(&pab__leg_lists[1], map, path, times, leg->micro_price, PAB__MICRO_MAX, &leg->micro_count);
    if (status == PAB_OK)
        status = build_list(&pab__leg_lists[2], map, path, times, leg->fill, PAB__FILL_MAX, &leg->fill_count);
    if (status == PAB_OK)
        status = whole(map, path, "micro_price", leg->micro_count, PAB__MICRO_MAX);
    return status == PAB_OK ? whole(map, path, "fill", leg->fill_count, PAB__FILL_MAX) : status;
}

static pab_status build_edges(const pab__node *all, const pab__times *times, pab__pair *pair)
{
    const pab__node *map = pab__node_find(all, "bins");
    pab_status status = PAB_OK;
    for (uint32_t i = 0; i < PAB__EDGE_LISTS && status == PAB_OK; i++) {
        const char *name = pab__edge_lists[i].name;
        uint32_t count;
        status = build_list(&pab__edge_lists[i], map, "calibration.bins", times, pair->edge[i], PAB__BINS_EDGES_MAX,
                            &count);
        if (status == PAB_OK)
            status = whole(map, "calibration.bins", name, count, pab__edge_counts[i]);
        pair->edges[i] = (int32_t)count;
        for (uint32_t k = 1; k < count && status == PAB_OK; k++)
            if (!(pair->edge[i][k] > pair->edge[i][k - 1]))
                status = pab__node_fail(pab__node_find(map, name), PAB_E_RANGE,
                                        "calibration.bins.%s: %g after %g, expected ascending numbers", name,
                                        pair->edge[i][k], pair->edge[i][k - 1]);
    }
    return status;
}

static pab_status build_calibration(const pab__node *root, const pab__times *times, pab__pair *pair)
{
    const pab__node *all = pab__node_find(root, "calibration");
    const pab__section *crumbling = &pab__calibration_subs[2];
    pab_status status = pab__schema_store_rows(pab__calibration_rows, 1, all, "calibration", times, &pair->beta);
    for (uint32_t i = 0; i < 2 && status == PAB_OK; i++)
        status = build_leg(&pab__calibration_subs[i], all, times, &pair->legs[i]);
    if (status == PAB_OK)
        status = build_edges(all, times, pair);
    if (status != PAB_OK)
        return status;
    return pab__schema_store_rows(crumbling->rows, crumbling->row_count, pab__node_find(all, "crumbling"),
                                  "calibration.crumbling", times, pair->crumbling);
}

static pab_status find_symbol(const pab_scenario *scn, const pab__node *map, const char *key, const char *name,
                              uint32_t fallback, uint32_t *out)
{
    if (!*name && fallback < scn->symbol_count) {
        *out = fallback;
        return PAB_OK;
    }
    for (uint32_t i = 0; i < scn->symbol_count; i++) {
        if (strcmp(scn->symbols[i].name, name) == 0) {
            *out = i;
            return PAB_OK;
        }
    }
    if (!*name)
        return pab__node_fail(map, PAB_E_KEY, "pair: two symbols are needed, the scenario has %u", scn->symbol_count);
    return pab__node_fail(pab__node_find(map, key), PAB_E_KEY, "pair.%s: there is no symbol '%.80s'%s", key, name,
                          pab__scenario_symbol_names(scn).text);
}

/* The executor is one agent, wherever its group stands. */
static pab_status find_executor(const pab_scenario *scn, const pab__node *map, int32_t *id)
{
    int64_t count = 0;
    for (uint32_t i = 0; i < scn->group_count; i++) {
        const pab__group *g = &scn->groups[i];
        if (g->builtin != &pab__executor_agent)
            continue;
        if (g->symbol >= 0)
            return pab__node_fail(map, PAB_E_RANGE, "pair: agents.%s must have no symbol: it trades both legs",
                                  g->name);
        count += g->common.count;
        *id = g->first_id;
    }
    if (count != 1)
        return pab__node_fail(map, PAB_E_RANGE,
                              "pair: there are %lld agents of type pair_executor, expected one, as in "
                              "agents: {executor: {type: pair_executor}}", (long long)count);
    return PAB_OK;
}

pab_status pab__pair_build(const pab_config *cfg, const pab__times *times, pab_scenario *scn, void *record)
{
    const pab__node *root = cfg->tree.root, *map = pab__node_find(root, "pair");
    pab__pair *pair = record;
    pair->executor = -1;
    if (!map)
        return PAB_OK;
    pair->given = 1;
    pab_status status = pab__schema_store_rows(pab__plan_rows, PAB__PLAN_ROWS, map, "pair", times, &pair->plan);
    if (status == PAB_OK)
        status = find_symbol(scn, map, "a", pair->plan.a, 0, &pair->legs[0].symbol);
    if (status == PAB_OK)
        status = find_symbol(scn, map, "b", pair->plan.b, 1, &pair->legs[1].symbol);
    if (status == PAB_OK)
        status = find_executor(scn, map, &pair->executor);
    if (status == PAB_OK)
        status = build_calibration(root, times, pair);
    if (status == PAB_OK)
        pab__regime_event(pair, scn);
    return status;
}

static pab_status check_times(const pab_scenario *scn, const pab__pair_plan *p, const pab__node *map)
{
    if (p->horizon % p->interval != 0 || p->horizon / p->interval > 1000000)
        return pab__node_fail(map, PAB_E_RANGE,
                              "pair.horizon (%s) must be a whole number of times pair.interval (%s), at most 1000000",
                              pab__stamp_span(p->horizon).text, pab__stamp_span(p->interval).text);
    if (p->warmup >= scn->clock.market_close - scn->clock.market_open)
        return pab__node_fail(map, PAB_E_RANGE, "pair.warmup (%s) ends after the close: the market is open for %s",
                              pab__stamp_span(p->warmup).text,
                              pab__stamp_span(scn->clock.market_close - scn->clock.market_open).text);
    if (p->warmup + p->horizon + AFTER > scn->exchange.volume_window)
        return pab__node_fail(map, PAB_E_RANGE,
                              "pair: warmup and horizon and a minute (%s) must not exceed exchange.volume_window (%s)",
                              pab__stamp_span(p->warmup + p->horizon + AFTER).text,
                              pab__stamp_span(scn->exchange.volume_window).text);
    return PAB_OK;
}

/* Quirks under which an executor gets no answer about its orders, or stale quotes. */
static pab_status check_quirks(const pab_scenario *scn, const pab__node *map)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } bad[] = {{PAB_QUIRK_STALE_FEED, "stale_feed"},
               {PAB_QUIRK_ABSOLUTE_PARTIAL_CANCEL, "absolute_partial_cancel"},
               {PAB_QUIRK_SILENT_DISCARD, "silent_discard"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (scn->quirks & bad[i].bit)
            return pab__node_fail(map, PAB_E_RANGE, "pair: an executor needs quirks.%s off", bad[i].name);
    }
    return PAB_OK;
}

pab_status pab__pair_check(const pab_config *cfg, const pab_scenario *scn, const void *record)
{
    const pab__pair *pair = record;
    const pab__node *map = pab__node_find(cfg->tree.root, "pair");
    if (!pair->given)
        return PAB_OK;
    if (pair->legs[0].symbol == pair->legs[1].symbol)
        return pab__node_fail(map, PAB_E_RANGE, "pair: both legs are symbol '%.80s', expected two different ones",
                              scn->symbols[pair->legs[0].symbol].name);
    if (pair->plan.ratio == 0.0)
        return pab__node_fail(pab__node_find(map, "ratio"), PAB_E_RANGE, "pair.ratio: 0 is out of range, expected "
                              "another number");
    pab_status status = check_times(scn, &pair->plan, map);
    return status == PAB_OK ? check_quirks(scn, map) : status;
}

uint64_t pab__pair_hash(const void *record, uint64_t h)
{
    const pab__pair *pair = record;
    if (!pair->given)
        return h;
    h = pab__schema_hash_rows(pab__plan_rows, PAB__PLAN_ROWS, &pair->plan, h);
    h = pab__hash_mix(h, pab__hash(&pair->beta, sizeof pair->beta));
    h = pab__hash_mix(h, pab__hash(pair->crumbling, sizeof pair->crumbling));
    for (uint32_t i = 0; i < 2; i++) {
        const pab__leg_plan *leg = &pair->legs[i];
        h = pab__hash_mix(h, leg->symbol);
        h = pab__hash_mix(h, pab__hash(&leg->ref, sizeof leg->ref));
        h = pab__hash_mix(h, pab__hash(leg->profile, leg->profile_count * sizeof *leg->profile));
        h = pab__hash_mix(h, pab__hash(leg->micro_price, leg->micro_count * sizeof *leg->micro_price));
        if (leg->fill_count > 0)
            h = pab__hash_mix(h, pab__hash(leg->fill, leg->fill_count * sizeof *leg->fill));
    }
    for (uint32_t i = 0; i < PAB__EDGE_LISTS; i++)
        if (pair->edges[i] > 0)
            h = pab__hash_mix(h + i, pab__hash(pair->edge[i], (size_t)pair->edges[i] * sizeof *pair->edge[i]));
    return h;
}
