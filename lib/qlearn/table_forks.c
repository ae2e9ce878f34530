/* Learning from forks: the gain over the trunk of taking another action wherever the rule advises the same one.
 *
 * A fork has the trunk's future but for the effects of its own actions (common random numbers), so the difference of
 * returns has a standard deviation of half a bp where the returns themselves have several. A single state gets too few
 * forks to learn from: all states share what is learned. */
#include "qlearn/table.h"

#include <math.h>

enum { FEW = 10,       /* forks from which their own sd is used */
       MEMORY = 400 }; /* of a cell, in forks: older gains are relative to an older table */

#define USUAL_SD 0.7 /* sd of a fork's gain before that, bps */

const pab__learning_rates pab__learning_rates_forks = {.discount = 1, .prior = 0.02, .prior_visits = 40};

void pab__table_share(pab__table *t, double prior)
{
    for (int half = 0; half < PAB__TABLE_HALVES; half++)
        for (int32_t rule = 0; rule < (int32_t)t->actions; rule++)
            for (int32_t a = 0; a < (int32_t)t->actions; a++)
                pab__table_shared(t, half, rule)[a].value = a == rule ? 0 : -prior;
}

static void add(pab__table_cell *e, double target)
{
    double off = target - e->mean;
    if (e->count == MEMORY) {
        e->m2 *= (e->count - 1) / e->count;
        e->count -= 1;
    }
    e->count += 1;
    e->mean += off / e->count;
    e->m2 += off * (target - e->mean);
}

double pab__table_compare(pab__table *t, const pab__transition *fork, int half, const pab__learning_rates *rates)
{
    pab__table_cell *row = pab__table_shared(t, half, fork->rule), *cell = &row[fork->action];
    double prior = fork->action == fork->rule ? 0 : -rates->prior;
    double target = row[fork->instead].value + fork->reward, missed = fabs(target - cell->value);
    t->visits[fork->state]++;
    add(cell, target);
    /* The prior counts as prior_visits targets. */
    cell->value = (cell->count * cell->mean + rates->prior_visits * prior) / (cell->count + rates->prior_visits);
    return missed;
}

double pab__table_compared(const pab__table *t, int32_t rule)
{
    double n = 0;
    for (int half = 0; half < PAB__TABLE_HALVES; half++)
        for (uint32_t a = 0; a < t->actions; a++)
            n += pab__table_shared(t, half, rule)[a].count;
    return n;
}

/* Standard error of an action's value. */
static double error_of(const pab__table *t, int32_t rule, int32_t action)
{
    const pab__table_cell *x = &pab__table_shared(t, 0, rule)[action], *y = &pab__table_shared(t, 1, rule)[action];
    double n = x->count + y->count;
    double sd = n >= FEW ? pab__table_cells_error(x, y) * sqrt(n) : USUAL_SD;
    return sd / sqrt(1 + n);
}

int32_t pab__table_try(const pab__table *t, uint32_t state, uint32_t legal, int32_t rule, int32_t instead,
                       pab__draw *draw)
{
    double value[PAB__TABLE_ACTIONS_MAX];
    uint32_t others = legal & ~(UINT32_C(1) << instead);
    pab__table_values(t, state, rule, 0, value);
    for (int32_t a = 0; a < (int32_t)t->actions; a++)
        if (others >> a & 1)
            value[a] = pab__draw_normal(draw, value[a], error_of(t, rule, a));
    return pab__table_best(value, t->actions, others);
}
