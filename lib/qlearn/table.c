/* Double Watkins Q(lambda) by whole episodes, backward (docs/methods.md 4). */
#include "qlearn/table.h"

#include <math.h>
#include <string.h>

#include "base/sort.h"

const pab__learning_rates pab__learning_rates_episodes = {
    .discount = 1, .trace = 0.8, .prior = 0.5, .prior_visits = 0, .rate_power = 0.7, .rate_least = 0.01,
};

static size_t entries(const pab__table *t)
{
    return (size_t)PAB__TABLE_HALVES * t->states * (t->actions + 1);
}

pab_status pab__table_new(const pab_host *host, uint32_t states, uint32_t actions, pab__table *out)
{
    pab__table t = {.host = *host, .states = states, .actions = actions};
    t.visits = pab__alloc(host, states * sizeof *t.visits);
    t.cells = pab__alloc(host, entries(&t) * sizeof *t.cells);
    t.shared = pab__alloc(host, pab__table_shared_count(&t) * sizeof *t.shared);
    *out = t;
    if (t.visits && t.cells && t.shared)
        return PAB_OK;
    pab__table_free(out);
    return pab__fail(PAB_E_MEMORY, "no memory for a table of %u states and %u actions", states, actions);
}

void pab__table_free(pab__table *t)
{
    if (t->visits)
        pab__release(&t->host, t->visits, t->states * sizeof *t->visits);
    if (t->cells)
        pab__release(&t->host, t->cells, entries(t) * sizeof *t->cells);
    if (t->shared)
        pab__release(&t->host, t->shared, pab__table_shared_count(t) * sizeof *t->shared);
    t->visits = NULL;
    t->cells = t->shared = NULL;
}

void pab__table_copy(pab__table *dst, const pab__table *src)
{
    memcpy(dst->visits, src->visits, src->states * sizeof *src->visits);
    memcpy(dst->cells, src->cells, entries(src) * sizeof *src->cells);
    memcpy(dst->shared, src->shared, pab__table_shared_count(src) * sizeof *src->shared);
}

void pab__table_clear(pab__table *t)
{
    memset(t->visits, 0, t->states * sizeof *t->visits);
    memset(t->cells, 0, entries(t) * sizeof *t->cells);
    memset(t->shared, 0, pab__table_shared_count(t) * sizeof *t->shared);
}

/* --- Learning --- */

/* A row is set when it is first visited. */
static void visit(pab__table *t, const pab__transition *move, const pab__learning_rates *rates)
{
    if (t->visits[move->state]++ > 0)
        return;
    for (int half = 0; half < PAB__TABLE_HALVES; half++) {
        pab__table_cell *row = pab__table_at(t, half, move->state);
        for (uint32_t a = 0; a < t->actions; a++)
            row[a].value = -rates->prior;
    }
}

/* Column of the best legal action. */
static uint32_t best_column(const pab__table *t, const pab__table_cell *row, const pab__transition *at)
{
    uint32_t best = UINT32_MAX;
    for (int32_t a = 0; a < (int32_t)t->actions; a++) {
        uint32_t c = pab__table_column(t, a, at->rule);
        if ((at->legal >> a & 1) != 0 && (best == UINT32_MAX || row[c].value > row[best].value))
            best = c;
    }
    return best;
}

static double update(pab__table_cell *e, double target, const pab__learning_rates *rates)
{
    double rate = fmax(rates->rate_least, pow(1 + e->count + rates->prior_visits, -rates->rate_power));
    double miss = target - e->value, off = target - e->mean;
    e->value += rate * miss;
    e->count += 1;
    e->mean += off / e->count;
    e->m2 += off * (target - e->mean);
    return fabs(miss);
}

double pab__table_learn(pab__table *t, const pab__transition *moves, uint32_t count, int half,
                        const pab__learning_rates *rates)
{
    double target = 0, missed = 0;
    for (uint32_t i = 0; i < count; i++)
        visit(t, &moves[i], rates);
    for (uint32_t i = count; i-- > 0;) {
        const pab__transition *now = &moves[i], *next = now + 1;
        double after = 0;
        if (i + 1 < count) {
            const pab__table_cell *own = pab__table_at(t, half, next->state);
            uint32_t best = best_column(t, own, next);
            double judged = pab__table_at(t, 1 - half, next->state)[best].value;
            int greedy = own[pab__table_column(t, next->action, next->rule)].value >= own[best].value;
            double trace = greedy ? rates->trace : 0;
            after = (1 - trace) * judged + trace * target;
        }
        target = now->reward + rates->discount * after;
        missed += update(&pab__table_at(t, half, now->state)[pab__table_column(t, now->action, now->rule)], target,
                         rates);
    }
    return missed;
}

/* --- Behaviour --- */

void pab__table_values(const pab__table *t, uint32_t state, int32_t rule, double prior, double *out)
{
    const pab__table_cell *x = pab__table_at(t, 0, state), *y = pab__table_at(t, 1, state);
    int set = t->visits[state] > 0;
    for (int32_t a = 0; a < (int32_t)t->actions; a++) {
        uint32_t c = pab__table_column(t, a, rule);
        out[a] = set ? 0.5 * (x[c].value + y[c].value) : a == rule ? 0 : -prior;
    }
    for (int half = 0; rule >= 0 && half < PAB__TABLE_HALVES; half++)
        for (uint32_t a = 0; a < t->actions; a++)
            out[a] += 0.5 * pab__table_shared(t, half, rule)[a].value;
}

int32_t pab__table_best(const double *value, uint32_t actions, uint32_t legal)
{
    int32_t best = -1;
    for (uint32_t a = 0; a < actions; a++)
        if ((legal >> a & 1) != 0 && (best < 0 || value[a] > value[best]))
            best = (int32_t)a;
    return best;
}

static int32_t least_tried(const pab__table *t, uint32_t state, uint32_t legal, int32_t rule, pab__draw *draw)
{
    double least = INFINITY;
    int32_t equal[PAB__TABLE_ACTIONS_MAX];
    int64_t n = 0;
    for (int32_t a = 0; a < (int32_t)t->actions; a++) {
        if ((legal >> a & 1) == 0)
            continue;
        double tries = pab__table_count(t, state, pab__table_column(t, a, rule));
        if (tries < least)
            n = 0;
        if (tries <= least)
            equal[n++] = a;
        least = fmin(least, tries);
    }
    return equal[pab__draw_randint(draw, 0, n)];
}

int32_t pab__table_behave(const pab__table *t, uint32_t state, uint32_t legal, int32_t rule,
                          const pab__exploration *how, pab__draw *draw, double *explore)
{
    double value[PAB__TABLE_ACTIONS_MAX];
    *explore = fmax(how->least, how->most * sqrt(10 / (10 + (double)t->visits[state])));
    if (pab__draw_double(draw) < *explore)
        return pab__draw_double(draw) < how->rule_share ? rule : least_tried(t, state, legal, rule, draw);
    pab__table_values(t, state, rule, how->prior, value);
    return pab__table_best(value, t->actions, legal);
}

/* --- Statistics --- */

double pab__table_count(const pab__table *t, uint32_t state, uint32_t column)
{
    return pab__table_at(t, 0, state)[column].count + pab__table_at(t, 1, state)[column].count;
}

double pab__table_cells_error(const pab__table_cell *x, const pab__table_cell *y)
{
    double n = x->count + y->count;
    if (n < 2)
        return INFINITY;
    double between = x->mean - y->mean;
    double m2 = x->m2 + y->m2 + between * between * x->count * y->count / n;
    return sqrt(m2 / (n * (n - 1)));
}

double pab__table_error(const pab__table *t, uint32_t state, uint32_t column)
{
    return pab__table_cells_error(&pab__table_at(t, 0, state)[column], &pab__table_at(t, 1, state)[column]);
}

/* A row by its number, mean of halves: rows of states, then what is shared, by the rule's advice. Returns its columns;
 * 0: it was never visited. */
static uint32_t whole_row(const pab__table *t, uint32_t number, double out[PAB__TABLE_ACTIONS_MAX + 1])
{
    if (number >= t->states) {
        int32_t rule = (int32_t)(number - t->states);
        const pab__table_cell *x = pab__table_shared(t, 0, rule), *y = pab__table_shared(t, 1, rule);
        for (uint32_t a = 0; a < t->actions; a++)
            out[a] = 0.5 * (x[a].value + y[a].value);
        return pab__table_compared(t, rule) > 0 ? t->actions : 0;
    }
    for (uint32_t c = 0; c <= t->actions; c++)
        out[c] = 0.5 * (pab__table_at(t, 0, number)[c].value + pab__table_at(t, 1, number)[c].value);
    return t->visits[number] > 0 ? t->actions + 1 : 0;
}

/* The rows that statistics are made of: the shared rows if there are any, else the rows of states. */
static uint32_t first_row(const pab__table *t)
{
    for (int32_t rule = 0; rule < (int32_t)t->actions; rule++)
        if (pab__table_compared(t, rule) > 0)
            return t->states;
    return 0;
}

static uint32_t end_row(const pab__table *t)
{
    return first_row(t) == 0 ? t->states : t->states + t->actions;
}

pab_status pab__table_scale(const pab__table *t, double *out)
{
    double row[PAB__TABLE_ACTIONS_MAX + 1];
    uint32_t n = 0;
    double *reach = pab__alloc(&t->host, t->states * sizeof *reach);
    if (!reach)
        return pab__fail(PAB_E_MEMORY, "no memory for the scale of a table");
    for (uint32_t i = first_row(t); i < end_row(t); i++) {
        uint32_t columns = whole_row(t, i, row);
        if (columns == 0)
            continue;
        pab__sort_reals(row, columns);
        reach[n++] = row[columns - 1] - row[columns / 2];
    }
    pab__sort_reals(reach, n);
    *out = n > 0 ? fmax(1e-6, reach[n / 2]) : 1;
    pab__release(&t->host, reach, t->states * sizeof *reach);
    return PAB_OK;
}

uint32_t pab__table_visited(const pab__table *t)
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < t->states; s++)
        n += t->visits[s] > 0;
    return n;
}

double pab__table_entropy(const pab__table *t)
{
    double row[PAB__TABLE_ACTIONS_MAX + 1], count[PAB__TABLE_ACTIONS_MAX + 1] = {0}, entropy = 0, n = 0;
    for (uint32_t i = first_row(t); i < end_row(t); i++) {
        uint32_t columns = whole_row(t, i, row);
        if (columns == 0)
            continue;
        count[pab__table_best(row, columns, UINT32_MAX)]++;
        n++;
    }
    for (uint32_t a = 0; a <= t->actions; a++)
        entropy -= count[a] > 0 ? count[a] / n * log(count[a] / n) : 0;
    return entropy;
}
