/* Correlated symbols become a step on a common grid: what each keeps, and how their shocks go together. */
#include "scenario/correlation.h"

#include "scenario/schema.h"

#include "base/stamp.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>


void pab__correlation_free(const pab_host *host, pab__correlation *c)
{
    pab__release(host, c->members, c->count * sizeof *c->members);
    pab__release(host, c->factor, (size_t)c->count * c->count * sizeof *c->factor);
    *c = (pab__correlation){0};
}

static const pab__oracle_params *oracle_of(const pab_scenario *scn, uint32_t member)
{
    return &scn->symbols[scn->correlation.members[member].symbol].oracle;
}

static const char *name_of(const pab_scenario *scn, uint32_t member)
{
    return scn->symbols[scn->correlation.members[member].symbol].name;
}

/* For errors. */
static pab__symbol_names member_names(const pab_scenario *scn)
{
    pab__symbol_names names = {""};
    pab__text out = pab__text_in(names.text, sizeof names.text);
    for (uint32_t i = 0; i < scn->correlation.count; i++)
        pab__text_say(&out, "%s%s", i > 0 ? ", " : "", name_of(scn, i));
    return names;
}

static int32_t member_named(const pab_scenario *scn, const char *name)
{
    for (uint32_t i = 0; i < scn->correlation.count; i++) {
        if (strcmp(name_of(scn, i), name) == 0)
            return (int32_t)i;
    }
    return -1;
}

/* Rate of return of its own deviation, 1/ns. */
static double own_rate(const pab__oracle_params *p)
{
    return p->half_life > 0 ? log(2.0) / (double)p->half_life : p->kappa;
}

static pab_status list_members(const pab__node *root, pab_scenario *scn)
{
    pab__correlation *c = &scn->correlation;
    uint32_t count = 0;
    for (uint32_t s = 0; s < scn->symbol_count; s++)
        count += scn->symbols[s].oracle.kind == PAB__ORACLE_CORRELATED;
    if (count > PAB__CORRELATED_MAX)
        return pab__node_fail(pab__node_find(root, "symbols"), PAB_E_CAPACITY,
                              "symbols: %u have a correlated oracle, at most %d are possible", count,
                              PAB__CORRELATED_MAX);
    if (count == 0)
        return PAB_OK;
    c->members = pab__alloc(&scn->host, count * sizeof *c->members);
    c->factor = pab__alloc(&scn->host, (size_t)count * count * sizeof *c->factor);
    c->count = c->members && c->factor ? count : 0;
    if (c->count == 0) {
        pab__release(&scn->host, c->members, count * sizeof *c->members);
        pab__release(&scn->host, c->factor, (size_t)count * count * sizeof *c->factor);
        c->members = NULL;
        c->factor = NULL;
        return pab__fail(PAB_E_MEMORY, "no memory for %u correlated symbols", count);
    }
    uint32_t next = 0;
    for (uint32_t s = 0; s < scn->symbol_count; s++) {
        if (scn->symbols[s].oracle.kind == PAB__ORACLE_CORRELATED)
            c->members[next++] = (pab__correlated){.symbol = s, .leader = -1};
    }
    return PAB_OK;
}

/* Links a member to the one that it follows. */
static pab_status find_leader(const pab__node *root, pab_scenario *scn, uint32_t i)
{
    pab__correlated *m = &scn->correlation.members[i];
    const pab__oracle_params *p = oracle_of(scn, i);
    const char *name = name_of(scn, i);
    const pab__node *node = pab__node_find(pab__node_find(root, "symbols"), name);
    node = pab__node_find(pab__node_find(node, "oracle"), "follows");
    if (!*p->follows)
        return PAB_OK;
    m->leader = member_named(scn, p->follows);
    if (m->leader < 0)
        return pab__node_fail(node, PAB_E_KEY,
                              "symbols.%.60s.oracle.follows: '%.60s' is no symbol with a correlated oracle; expected "
                              "one of %s", name, p->follows, member_names(scn).text);
    if (m->leader == (int32_t)i || *oracle_of(scn, (uint32_t)m->leader)->follows)
        return pab__node_fail(node, PAB_E_RANGE,
                              "symbols.%.60s.oracle.follows: '%.60s' follows another symbol itself, expected one "
                              "that does not",
                              name, p->follows);
    const pab__symbol *leader = &scn->symbols[scn->correlation.members[m->leader].symbol];
    if (leader->oracle.r_bar <= 0)
        return pab__node_fail(node, PAB_E_RANGE, "symbols.%.60s.oracle.r_bar must be positive where another follows it",
                              p->follows);
    m->beta = p->beta * (double)p->r_bar / (double)leader->oracle.r_bar;
    return PAB_OK;
}

static pab_status build_members(const pab__node *root, pab_scenario *scn)
{
    pab__correlation *c = &scn->correlation;
    double grid = (double)c->keys.grid;
    pab_status status = PAB_OK;
    for (uint32_t i = 0; i < c->count && status == PAB_OK; i++) {
        pab__correlated *m = &c->members[i];
        const pab__oracle_params *p = oracle_of(scn, i);
        if (p->lag / c->keys.grid > 1000000)
            return pab__node_fail(pab__node_find(root, "correlation"), PAB_E_RANGE,
                                  "symbols.%.60s.oracle.lag: more than a million steps of correlation.grid",
                                  name_of(scn, i));
        m->keep = exp(-own_rate(p) * grid);
        m->lag = (uint32_t)((p->lag + c->keys.grid / 2) / c->keys.grid);
        m->lag_first = c->lag_slots;
        c->lag_slots += m->lag;
        status = find_leader(root, scn, i);
    }
    for (uint32_t i = 0; i < c->count; i++)
        c->members[i].keep_jump = c->members[c->members[i].leader < 0 ? i : (uint32_t)c->members[i].leader].keep;
    return status;
}

/* The correlation matrix: products of loadings, then what pairs say. */
static pab_status read_matrix(const pab__node *root, const pab__times *times, const pab_scenario *scn, double *rho)
{
    uint32_t n = scn->correlation.count;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < n; j++)
            rho[i * n + j] = i == j ? 1.0 : oracle_of(scn, i)->loading * oracle_of(scn, j)->loading;
    }
    const pab__node *pairs = pab__node_find(pab__node_find(root, "correlation"), "pairs");
    for (const pab__node *node = pairs ? pairs->first : NULL; node; node = node->next) {
        char path[PAB__PATH_SIZE];
        pab__rho_keys keys = {0};
        snprintf(path, sizeof path, "correlation.pairs.%s", node->key);
        pab_status status = pab__schema_store_rows(pab__rho_section.rows, pab__rho_section.row_count, node, path, times,
                                                   &keys);
        if (status != PAB_OK)
            return status;
        int32_t first = member_named(scn, keys.first), second = member_named(scn, keys.second);
        if (first < 0 || second < 0)
            return pab__node_fail(node, PAB_E_KEY,
                                  "%s: '%.60s' is no symbol with a correlated oracle; expected one of %s", path,
                                  first < 0 ? keys.first : keys.second, member_names(scn).text);
        if (first == second)
            return pab__node_fail(node, PAB_E_RANGE, "%s: first and second are both '%.60s'", path, keys.first);
        rho[(uint32_t)first * n + (uint32_t)second] = rho[(uint32_t)second * n + (uint32_t)first] = keys.rho;
    }
    return PAB_OK;
}

/* Covariance of two Ornstein-Uhlenbeck increments over one grid step, exactly. */
static double step_covariance(const pab_scenario *scn, uint32_t i, uint32_t j, double rho)
{
    const pab__oracle_params *a = oracle_of(scn, i), *b = oracle_of(scn, j);
    double rate = own_rate(a) + own_rate(b), grid = (double)scn->correlation.keys.grid;
    return rho * a->fund_vol * b->fund_vol * (rate > 0 ? -expm1(-rate * grid) / rate : grid);
}

/* Cholesky: rho, in place of which the lower factor is left in c->factor. */
static pab_status factorise(const pab__node *root, pab_scenario *scn, const double *rho)
{
    pab__correlation *c = &scn->correlation;
    uint32_t n = c->count;
    double *l = c->factor;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            double sum = step_covariance(scn, i, j, rho[i * n + j]);
            double scale = sum;
            for (uint32_t k = 0; k < j; k++)
                sum -= l[i * n + k] * l[j * n + k];
            if (i == j && sum < -1e-9 * scale)
                return pab__node_fail(pab__node_find(root, "correlation"), PAB_E_RANGE,
                                      "correlation: no noise has all these correlations at once: they leave %.60s "
                                      "a negative variance", name_of(scn, i));
            if (i == j)
                l[i * n + i] = sqrt(sum > 0 ? sum : 0);
            else
                l[i * n + j] = l[j * n + j] > 0 ? sum / l[j * n + j] : 0;
        }
    }
    return PAB_OK;
}

static pab_status check_event(const pab__node *root, const pab__correlation_keys *k)
{
    if (k->event && k->event_to < k->event_from)
        return pab__node_fail(pab__node_find(root, "correlation"), PAB_E_RANGE,
                              "correlation.event_to (%s) must not come before correlation.event_from (%s)",
                              pab__stamp_time(k->event_to).text, pab__stamp_time(k->event_from).text);
    return PAB_OK;
}

pab_status pab__correlation_build(const pab__node *root, const pab__times *times, pab_scenario *scn)
{
    pab__correlation *c = &scn->correlation;
    const pab__section *section = &pab__correlation_section;
    pab_status status = pab__schema_store_rows(section->rows, section->row_count, pab__node_find(root, section->name),
                                               section->name, times, &c->keys);
    if (status == PAB_OK)
        status = check_event(root, &c->keys);
    if (status == PAB_OK)
        status = list_members(root, scn);
    if (status == PAB_OK)
        status = build_members(root, scn);
    if (status != PAB_OK)
        return status;
    static const uint32_t widest = PAB__CORRELATED_MAX * PAB__CORRELATED_MAX;
    double *rho = pab__alloc(&scn->host, widest * sizeof *rho);
    if (!rho)
        return pab__fail(PAB_E_MEMORY, "no memory for the correlation matrix");
    status = read_matrix(root, times, scn, rho);
    if (status == PAB_OK)
        status = factorise(root, scn, rho);
    pab__release(&scn->host, rho, widest * sizeof *rho);
    return status;
}
