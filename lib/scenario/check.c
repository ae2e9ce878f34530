/* Checks across keys, which the bounds of single keys cannot express. */
#include "scenario/config.h"

#include "base/stamp.h"

/* Where a key was given, so that the error can name the place. */
static const pab__node *given(const pab_config *cfg, const char *section, const char *key)
{
    return pab__node_find(pab__node_find(cfg->tree.root, section), key);
}

/* The place of the first of two keys that was given. */
static const pab__node *either(const pab_config *cfg, const char *section, const char *one, const char *other)
{
    const pab__node *node = given(cfg, section, one);
    return node ? node : given(cfg, section, other);
}

static pab_status check_clock(const pab_config *cfg, const pab__clock *c)
{
    const struct {
        const char *early, *late;
        int64_t from, to;
        int32_t strict;
    } orders[] = {
        {"kernel_start", "kernel_stop", c->kernel_start, c->kernel_stop, 0},
        {"kernel_start", "market_open", c->kernel_start, c->market_open, 0},
        {"market_open", "market_close", c->market_open, c->market_close, 1},
        {"noise_open", "noise_close", c->noise_open, c->noise_close, 0},
        {"oracle_open", "oracle_close", c->oracle_open, c->oracle_close, 1},
    };
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        const char *negative = orders[i].from < 0 ? orders[i].early : orders[i].to < 0 ? orders[i].late : NULL;
        if (negative)
            return pab__node_fail(given(cfg, "clock", negative), PAB_E_RANGE, "clock.%s is before 1970", negative);
        const pab__node *node = either(cfg, "clock", orders[i].late, orders[i].early);
        if (orders[i].to < orders[i].from || (orders[i].strict && orders[i].to == orders[i].from))
            return pab__node_fail(node, PAB_E_RANGE, "clock.%s (%s) must %s clock.%s (%s)", orders[i].late,
                                  pab__stamp_time(orders[i].to).text,
                                  orders[i].strict ? "come after" : "not come before", orders[i].early,
                                  pab__stamp_time(orders[i].from).text);
    }
    /* Room for delays and a wind-down without overflow. */
    if (c->kernel_stop > INT64_C(8000000000000000000) || c->market_close > INT64_C(8000000000000000000))
        return pab__node_fail(given(cfg, "clock", "kernel_stop"), PAB_E_RANGE,
                              "clock: the run ends after the year 2223");
    return PAB_OK;
}

static pab_status check_latency(const pab_config *cfg, const pab__latency_params *l)
{
    double base = l->line_length / l->metres_per_ns;
    double worst = l->model == PAB__LATENCY_CUBIC
                       ? base + l->jitter / (l->jitter_clip * l->jitter_clip * l->jitter_clip) * (base / l->jitter_unit)
                       : base;
    if (l->model != PAB__LATENCY_NONE && !(worst <= 1e15))
        return pab__node_fail(pab__node_find(cfg->tree.root, "latency"), PAB_E_RANGE,
                              "latency: the longest delay is %g ns, expected at most 1e15", worst);
    return PAB_OK;
}

/* A recording must be of the run's day: else its first or last value would stand still in its place. */
static pab_status check_series(const pab_scenario *scn, const pab__symbol *s, const pab__node *oracle)
{
    const pab__series *rows = &s->series;
    char first[PAB__STAMP_TEXT], last[PAB__STAMP_TEXT], open[PAB__STAMP_TEXT], close[PAB__STAMP_TEXT];
    if (rows->count == 0)
        return PAB_OK;
    int64_t from = rows->times[0], to = rows->times[rows->count - 1];
    pab__stamp_text(from, first);
    pab__stamp_text(to, last);
    pab__stamp_text(scn->clock.oracle_open, open);
    pab__stamp_text(scn->clock.oracle_close, close);
    if (to < scn->clock.oracle_open || from > scn->clock.oracle_close)
        return pab__node_fail(pab__node_find(oracle, "file"), PAB_E_RANGE, "symbols.%s.oracle.file: the rows of '%s' "
                              "are from %s to %s; expected some between clock.oracle_open and clock.oracle_close, %s "
                              "to %s", s->name, s->oracle.file, first, last, open, close);
    int64_t missing = (from > scn->clock.oracle_open ? from - scn->clock.oracle_open : 0) +
                      (to < scn->clock.oracle_close ? scn->clock.oracle_close - to : 0);
    if (missing > (scn->clock.oracle_close - scn->clock.oracle_open) / 20)
        pab__log(&scn->host, PAB_LOG_WARNING, "scenario", "symbols.%s.oracle.file: '%s' covers %s to %s of %s to %s; "
                 "its first and last values hold beyond", s->name, s->oracle.file, first, last, open, close);
    return PAB_OK;
}

static pab_status check_symbols(const pab_config *cfg, const pab_scenario *scn)
{
    const pab__node *map = pab__node_find(cfg->tree.root, "symbols")->first;
    for (uint32_t i = 0; i < scn->symbol_count; i++, map = map->next) {
        const pab__symbol *s = &scn->symbols[i];
        if (s->exchange >= scn->exchange.count)
            return pab__node_fail(pab__node_find(map, "exchange"), PAB_E_RANGE,
                                  "symbols.%s.exchange: there is no exchange %lld, exchange.count is %lld", s->name,
                                  (long long)s->exchange, (long long)scn->exchange.count);
        pab_status status = check_series(scn, s, pab__node_find(map, "oracle"));
        if (status != PAB_OK)
            return status;
        int32_t drawn = s->oracle.kind == PAB__ORACLE_SPARSE || s->oracle.kind == PAB__ORACLE_DENSE;
        const pab__node *kappa = pab__node_find(pab__node_find(map, "oracle"), "kappa");
        if (drawn && !(s->oracle.kappa > 0))
            return pab__node_fail(kappa, PAB_E_RANGE,
                                  "symbols.%s.oracle.kappa: 0 is out of range, expected a positive rate",
                                  s->name);
    }
    return PAB_OK;
}

/* What a built-in type asks of its groups. */
static pab_status check_builtin(const pab_scenario *scn, const pab__group *g, const pab__node *map)
{
    const pab__builtin_type *builtin = g->builtin;
    if ((builtin->needs & PAB__NEEDS_SYMBOL) && g->symbol < 0)
        return pab__node_fail(map, PAB_E_KEY, "agents.%s.symbol is required for agents of type %s", g->name,
                              g->type.name);
    if ((builtin->needs & PAB__NEEDS_ORACLE) && scn->symbols[g->symbol].oracle.kind == PAB__ORACLE_NONE)
        return pab__node_fail(map, PAB_E_RANGE,
                              "agents.%s: %s agents need an oracle, symbols.%s.oracle.kind is none",
                              g->name, g->type.name, scn->symbols[g->symbol].name);
    return builtin->check ? builtin->check(scn, g, map) : PAB_OK;
}

static pab_status check_groups(const pab_config *cfg, const pab_scenario *scn)
{
    const pab__node *map = pab__node_find(cfg->tree.root, "agents")->first;
    for (uint32_t i = 0; i < scn->group_count; i++, map = map->next) {
        const pab__group *g = &scn->groups[i];
        if (g->common.size_kind == PAB__SIZE_PER_AGENT && g->common.size_min >= g->common.size_max)
            return pab__node_fail(map, PAB_E_RANGE, "agents.%s.min_size (%lld) must be below agents.%s.max_size (%lld)",
                                  g->name, (long long)g->common.size_min, g->name, (long long)g->common.size_max);
        pab_status status = g->builtin ? check_builtin(scn, g, map) : PAB_OK;
        if (status != PAB_OK)
            return status;
    }
    return PAB_OK;
}

pab_status pab__scenario_check(const pab_config *cfg, const pab_scenario *scn)
{
    if (scn->rng == PAB_RNG_ABIDES && scn->default_seed > UINT32_MAX)
        return pab__node_fail(pab__node_find(cfg->tree.root, "seed"), PAB_E_RANGE,
                              "seed: %llu is out of range, expected at most 4294967295 with rng: abides",
                              (unsigned long long)scn->default_seed);
    pab_status status = check_clock(cfg, &scn->clock);
    if (status == PAB_OK)
        status = check_latency(cfg, &scn->latency);
    if (status == PAB_OK)
        status = check_symbols(cfg, scn);
    if (status == PAB_OK)
        status = check_groups(cfg, scn);
    for (uint32_t i = 0; scn->extensions[i] && status == PAB_OK; i++) {
        if (scn->extensions[i]->check)
            status = scn->extensions[i]->check(cfg, scn, scn->records[i]);
    }
    return status;
}
