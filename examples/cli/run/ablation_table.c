/* Tables of ablations: how every policy does, and each ablation less what it was made from. */
#include "ablation.h"

#include "../cli.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* Tables being written. */
typedef struct tables {
    const ablation *a;
    FILE *csv, *text;
} tables;

enum { MEASURES = 3 };
static const int32_t measures[MEASURES] = {PAB_MEASURE_PAIR_COST, PAB_MEASURE_SHORTFALL, PAB_MEASURE_TRACKING_ERROR};

/* --- One policy against another --- */

static int find(const ablation_group *group, const char *name)
{
    for (uint32_t p = 0; p < group->count; p++)
        if (strcmp(group->name[p], name) == 0)
            return (int)p;
    return -1;
}

/* Copies the rows of a policy, whichever group it is in, into a table. */
static pab_status copy_rows(const ablation *a, const char *name, pab_eval *to, uint32_t policy)
{
    const int shielded = find(&a->shielded, name), bare = find(&a->bare, name);
    const pab_eval *from = shielded >= 0 ? a->shielded.eval : a->bare.eval;
    const uint32_t number = (uint32_t)(shielded >= 0 ? shielded : bare);
    pab_status status = PAB_OK;
    for (int32_t g = 0; g < PAB_REGIME_COUNT; g++)
        for (uint32_t i = 0; status == PAB_OK && i < a->episodes; i++) {
            pab_episode_metrics row = {.struct_size = sizeof row};
            status = pab_eval_get(from, number, g, i, &row);
            if (status == PAB_OK)
                status = pab_eval_put(to, policy, g, i, &row);
        }
    return status;
}

/* A table of the two alone: base 0, policy 1. */
static pab_status pair_up(const ablation *a, const char *name, const char *base, pab_eval **out)
{
    const char *const names[] = {base, name};
    pab_eval_options options;
    pab_status status = pab_eval_options_init(&options, sizeof options);
    options.episodes = a->episodes;
    options.resamples = a->resamples;
    options.threads = a->threads;
    if (status == PAB_OK)
        status = pab_eval_new(NULL, names, 2, &options, out);
    for (uint32_t p = 0; status == PAB_OK && p < 2; p++)
        status = copy_rows(a, names[p], *out, p);
    return status;
}

static void put_row(FILE *out, const char *name, const char *base, int32_t regime, const pab_eval_summary *s,
                    const pab_contrast less[MEASURES])
{
    const double value[] = {s->shortfall, s->tracking_error, s->shortfall_cvar, s->pair_cost, s->objective};
    fprintf(out, "%s,%s,%s,%u", name, base, finished_regime(regime), s->episodes);
    for (size_t i = 0; i < sizeof value / sizeof *value; i++)
        fprintf(out, isfinite(value[i]) ? ",%.10g" : ",", value[i]);
    for (int m = 0; m < MEASURES; m++)
        fprintf(out, ",%.10g,%.10g,%.10g", less[m].mean, less[m].low, less[m].high);
    fprintf(out, "\n");
}

static void put_line(FILE *out, const char *name, const char *base, const pab_contrast less[MEASURES])
{
    fprintf(out, "%-15s %-13s", name, base);
    for (int m = 0; m < MEASURES; m++)
        fprintf(out, "  %7.3f [%7.3f, %7.3f]", less[m].mean, less[m].low, less[m].high);
    fprintf(out, "\n");
}

static pab_status compare_in(const pab_eval *pair, int32_t regime, pab_eval_summary *s, pab_contrast less[MEASURES])
{
    pab_status status = pab_eval_summarize(pair, 1, regime, s);
    for (int m = 0; status == PAB_OK && m < MEASURES; m++) {
        pab_contrast both[2] = {{.struct_size = sizeof *both}, {.struct_size = sizeof *both}};
        status = pab_eval_compare(pair, 0, regime, measures[m], both, 2);
        less[m] = both[1];
    }
    return status;
}

/* A line for all regimes, rows for all and for each. */
static pab_status compare(const tables *t, const char *name, const char *base)
{
    pab_eval *pair = NULL;
    pab_status status = pair_up(t->a, name, base, &pair);
    for (int32_t g = -1; status == PAB_OK && g < PAB_REGIME_COUNT; g++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        pab_contrast less[MEASURES];
        status = compare_in(pair, g, &s, less);
        if (status != PAB_OK)
            break;
        put_row(t->csv, name, base, g, &s, less);
        if (g < 0)
            put_line(t->text, name, base, less);
    }
    pab_eval_free(pair);
    return status;
}

/* --- All comparisons --- */

/* Mixtures are compared with the tuning they change, and with the mixture after all rounds. */
static pab_status compare_policies(const tables *t)
{
    const ablation *a = t->a;
    pab_status status = PAB_OK;
    for (int i = 0; status == PAB_OK && i < ABLATE_MIXTURES; i++) {
        if (!a->moe[i])
            continue;
        status = compare(t, ablation_kinds[i].name, a->tuned_name);
        if (status == PAB_OK)
            status = compare(t, ablation_kinds[i].name, "moe");
    }
    for (int i = 0; status == PAB_OK && i < ABLATE_COUNT; i++)
        if (a->sip[i])
            status = compare(t, ablation_kinds[i].name, "sip");
    return status;
}

/* What the shield does to each policy, and whether the mixture is cheaper than the rules without it, too. */
static pab_status compare_bare(const tables *t)
{
    const ablation_group *bare = &t->a->bare;
    const size_t prefix = strlen("no-shield:");
    pab_status status = PAB_OK;
    for (uint32_t i = 0; status == PAB_OK && i < bare->count; i++)
        status = compare(t, bare->name[i], bare->name[i] + prefix);
    for (uint32_t i = bare->count - PAB_EXPERT_COUNT; status == PAB_OK && i < bare->count; i++)
        status = compare(t, bare->name[0], bare->name[i]);
    return status;
}

/* --- The files --- */

static pab_status put_policies(const ablation_group *group, FILE *out)
{
    pab_status status = PAB_OK;
    for (uint32_t p = 0; status == PAB_OK && p < group->count; p++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(group->eval, p, -1, &s);
        fprintf(out, "%-15s %8.3f %8.2f %7.3f %7.2f %8.3f %8.3f\n", group->name[p], s.shortfall, s.shortfall_cvar,
                s.tracking_error, 100 * s.completion, s.pair_cost, s.objective);
    }
    return status;
}

static void put_notes(const ablation *a, FILE *out)
{
    fprintf(out, "\n");
    for (int i = 0; i < ABLATE_COUNT; i++)
        if (a->moe[i] || a->sip[i] || i == ABLATE_NO_SHIELD)
            fprintf(out, "%-15s %s%s\n", ablation_kinds[i].name, ablation_kinds[i].text,
                    a->moe[i] && a->rejected[i] ? "; not accepted: plays as distilled" : "");
}

static pab_status write_tables(const tables *t)
{
    const ablation *a = t->a;
    fprintf(t->csv, "ablation,against,regime,episodes,shortfall,tracking_error,shortfall_cvar,pair_cost,"
                    "objective,cost_less,cost_low,cost_high,shortfall_less,shortfall_low,shortfall_high,"
                    "tracking_less,tracking_low,tracking_high\n");
    fprintf(t->text, "%u %s episodes in each of %d regimes, one thing changed at a time. Costs in bps: cost = IS + 0.5 "
            "TE, J = cost + 0.1 CVaR95.\n\n", a->episodes, finished_split(a->made.info.split), PAB_REGIME_COUNT);
    fprintf(t->text, "%-15s %8s %8s %7s %7s %8s %8s\n", "policy", "IS bps", "CVaR95", "TE %", "done %", "cost", "J");
    pab_status status = put_policies(&a->shielded, t->text);
    if (status == PAB_OK)
        status = put_policies(&a->bare, t->text);
    fprintf(t->text, "\n%-15s %-13s  %-26s  %-26s  %s\n", "ablation", "less", "cost [95 %]", "IS [95 %]",
            "TE [95 %]");
    if (status == PAB_OK)
        status = compare_policies(t);
    if (status == PAB_OK)
        status = compare_bare(t);
    put_notes(a, t->text);
    return status;
}

static FILE *create(const ablation *a, const char *name)
{
    char path[FINISHED_PATH];
    FILE *file = fopen(ablation_path(a, name, path), "w");
    if (!file)
        cli_fail("cannot create '%s': %s", path, strerror(errno));
    return file;
}

int ablation_write(const ablation *a)
{
    tables t = {.a = a, .csv = create(a, "ablations.csv")};
    t.text = t.csv ? create(a, "ablations.txt") : NULL;
    if (!t.text) {
        if (t.csv)
            fclose(t.csv);
        return CLI_FAILED;
    }
    const pab_status status = write_tables(&t);
    int failed = ferror(t.csv) | ferror(t.text);
    failed |= fclose(t.csv) | fclose(t.text);
    if (status != PAB_OK)
        return cli_fail_library("ablate");
    return failed ? cli_fail("cannot write the tables in '%s': %s", a->dir, strerror(errno)) : CLI_OK;
}
