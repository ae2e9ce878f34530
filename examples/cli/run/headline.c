#include "headline.h"

#include <math.h>
#include <string.h>

/* Schedules and extremes: what is neither learned nor a rule expert. */
static int is_benchmark(const char *name)
{
    static const char *const learned[] = {"moe", "distilled", "sip", "uniform"};
    for (size_t i = 0; i < sizeof learned / sizeof *learned; i++)
        if (strcmp(learned[i], name) == 0)
            return 0;
    for (uint32_t e = 0; e < PAB_EXPERT_COUNT; e++)
        if (strcmp(pab_policy_builtin(e), name) == 0)
            return 0;
    return strncmp(name, "q:", 2) != 0 && strncmp(name, "moe:", 4) != 0;
}

/* The benchmark with the least mean pair cost in this very table: a choice in hindsight, which favours it. */
static pab_status find_cheapest(const finished *f, const char **out, double *cost)
{
    pab_status status = PAB_OK;
    *cost = INFINITY;
    for (uint32_t p = 0; status == PAB_OK && p < pab_eval_policies(f->eval); p++) {
        const char *name = pab_eval_policy(f->eval, p);
        pab_eval_summary s;
        if (!is_benchmark(name))
            continue;
        status = finished_summary(f, name, -1, &s);
        if (status == PAB_OK && s.pair_cost < *cost) {
            *cost = s.pair_cost;
            *out = name;
        }
    }
    return status;
}

static void put_difference(const pab_contrast *less, FILE *out)
{
    if (less->high < 0)
        fprintf(out, "%.2f bps less (95 %% interval %.2f to %.2f).\n", -less->mean, -less->high, -less->low);
    else if (less->low > 0)
        fprintf(out, "%.2f bps more (95 %% interval %.2f to %.2f).\n", less->mean, less->low, less->high);
    else
        fprintf(out, "no significant difference (%.2f, 95 %% interval %.2f to %.2f).\n", less->mean, less->low,
                less->high);
}

pab_status headline_put(const finished *f, FILE *out)
{
    const char *shipped = f->info.shipped == PAB_SHIPPED_ENSEMBLE ? "sip" : "moe", *cheapest = NULL;
    pab_eval_summary own;
    pab_contrast less[FINISHED_POLICIES];
    double cost;
    pab_status status = finished_summary(f, shipped, -1, &own);
    if (status == PAB_OK)
        status = find_cheapest(f, &cheapest, &cost);
    if (status == PAB_OK)
        status = finished_compare(f, cheapest, -1, PAB_MEASURE_PAIR_COST, less);
    if (status != PAB_OK)
        return status;
    fprintf(out, "Executing the pair costs %.2f bps with %s, %.2f bps with the cheapest benchmark (%s):\n",
            own.pair_cost, finished_shipped(f->info.shipped), cost, cheapest);
    put_difference(&less[finished_find(f, shipped)], out);
    return PAB_OK;
}
