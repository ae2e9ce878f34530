/* Tables among a flow agent's keys: lists of numbers in a text, and what is made of them. */
#include <string.h>

#include "base/number.h"
#include "market/agents/flow.h"

static const char *skip(const char *t)
{
    while (*t == ' ' || *t == ',')
        t++;
    return t;
}

pab_status pab__flow_read(const pab__flow_list *list, double *out, const pab__group *g, const pab__node *map)
{
    const char *t = skip(list->text);
    uint32_t n = 0;
    for (; *t; t = skip(t), n++) {
        char *end;
        double x = pab__real_parse(t, &end);
        if (end == t || (*end && *end != ' ' && *end != ','))
            return pab__node_fail(pab__node_find(map, list->key), PAB_E_TYPE,
                                  "agents.%s.%s: item %u is '%.20s', expected a number", g->name, list->key, n, t);
        if (!(x >= list->low && x <= list->high))
            return pab__node_fail(pab__node_find(map, list->key), PAB_E_RANGE,
                                  "agents.%s.%s: item %u is %g, expected %g to %g", g->name, list->key, n, x,
                                  list->low, list->high);
        if (n < list->count)
            out[n] = x;
        t = end;
    }
    if (n != list->count)
        return pab__node_fail(pab__node_find(map, list->key), PAB_E_RANGE, "agents.%s.%s: %u numbers, expected %u",
                              g->name, list->key, n, list->count);
    return PAB_OK;
}

/* Quantile of a size whose quantiles at these shares are `size`; between them the logarithm is linear. */
static double quantile(const double *size, double u)
{
    static const double at[PAB__FLOW_KNOTS] = {0, .1, .2, .3, .4, .5, .6, .7, .8, .85, .9, .95, .97, .98, .99, .995,
                                               .998, .9995, 1};
    int i = 0;
    while (i < PAB__FLOW_KNOTS - 2 && u > at[i + 1])
        i++;
    return size[i] * pow(size[i + 1] / size[i], (u - at[i]) / (at[i + 1] - at[i]));
}

static void spread_sizes(const double *knots, uint32_t *out)
{
    for (int i = 0; i < PAB__FLOW_SIZES; i++) {
        double lots = floor(quantile(knots, (i + 0.5) / PAB__FLOW_SIZES) / 100 + 0.5);
        out[i] = lots < 1 ? 100 : (uint32_t)lots * 100;
    }
}

static double mean_of(const uint32_t *size)
{
    double sum = 0;
    for (int i = 0; i < PAB__FLOW_SIZES; i++)
        sum += size[i];
    return sum / PAB__FLOW_SIZES;
}

/* Cancels balance adds and trades in each bin, so that queues stay what they are counted to be. */
static void balance(const pab__flow_params *p, pab__flow_tables *t, const double *adds, const double *trades)
{
    for (int i = 0; i < PAB__FLOW_BINS; i++) {
        double left = adds[i] * (1 - p->short_share) -
                      trades[i] * p->on_queue * t->cluster * t->mean_trade / t->mean_add;
        t->cancel[i] = left > 0.05 * adds[i] ? left : 0.05 * adds[i];
    }
}

pab_status pab__flow_compile(pab__flow_params *p, const pab__group *g, const pab__node *map)
{
    double adds[PAB__FLOW_BINS], trades[PAB__FLOW_BINS], queues[PAB__FLOW_BINS], falls[PAB__FLOW_BINS];
    double trade_sizes[PAB__FLOW_KNOTS], add_sizes[PAB__FLOW_KNOTS];
    const struct {
        pab__flow_list list;
        double *out;
    } lists[] = {
        {{"adds", p->adds, PAB__FLOW_BINS, 0, 1e6}, adds},
        {{"trades", p->trades, PAB__FLOW_BINS, 0, 1e6}, trades},
        {{"queues", p->queues, PAB__FLOW_BINS, 1, 1e12}, queues},
        {{"falls", p->falls, PAB__FLOW_BINS, 1e-9, 1e6}, falls},
        {{"trade_sizes", p->trade_sizes, PAB__FLOW_KNOTS, 1, 1e8}, trade_sizes},
        {{"add_sizes", p->add_sizes, PAB__FLOW_KNOTS, 1, 1e8}, add_sizes},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        pab_status status = pab__flow_read(&lists[i].list, lists[i].out, g, map);
        if (status != PAB_OK)
            return status;
    }
    pab__flow_tables *t = &p->tables;
    spread_sizes(trade_sizes, t->trade_size);
    spread_sizes(add_sizes, t->add_size);
    t->mean_trade = mean_of(t->trade_size);
    t->mean_add = mean_of(t->add_size);
    t->mean_root = 0;
    for (int i = 0; i < PAB__FLOW_SIZES; i++)
        t->mean_root += sqrt(t->trade_size[i] / t->mean_trade) / PAB__FLOW_SIZES;
    t->cluster = 1 + (1 - p->cluster_single) / (1 - p->cluster_more);
    balance(p, t, adds, trades);
    for (int i = 0; i < PAB__FLOW_BINS; i++) {
        t->add[i] = adds[i] * pow(queues[i], p->add_power);
        t->cancel[i] *= pow(queues[i], -p->cancel_power);
        t->trade[i] = trades[i] * p->trade_scale;
        t->fall[i] = pow(falls[i] / falls[4], p->fall_power);
    }
    return PAB_OK;
}
