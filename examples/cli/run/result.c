#include "result.h"

#include "../cli.h"
#include "headline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- result.txt --- */

static pab_status put_table(const finished *f, FILE *out)
{
    pab_contrast less[FINISHED_POLICIES];
    pab_status status = finished_compare(f, "moe", -1, PAB_MEASURE_PAIR_COST, less);
    fprintf(out, "%-11s %8s %7s %8s %7s %7s %6s %8s %8s   %s\n", "policy", "IS bps", "sd", "CVaR95", "TE %", "done %",
            "pass %", "cost", "J", "cost less moe's [95 %], Holm p");
    for (uint32_t p = 0; status == PAB_OK && p < pab_eval_policies(f->eval); p++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(f->eval, p, -1, &s);
        fprintf(out, "%-11s %8.3f %7.2f %8.2f %7.3f %7.2f %6.1f %8.3f %8.3f", pab_eval_policy(f->eval, p), s.shortfall,
                s.shortfall_sd, s.shortfall_cvar, s.tracking_error, 100 * s.completion, 100 * s.passive, s.pair_cost,
                s.objective);
        if (p > 0)
            fprintf(out, "   %7.3f [%7.3f, %7.3f] %.4f", less[p].mean, less[p].low, less[p].high, less[p].p_holm);
        fprintf(out, "\n");
    }
    return status;
}

static pab_status put_increment(const finished *f, const char *of, const char *over, FILE *out)
{
    pab_contrast less[FINISHED_POLICIES];
    pab_status status = PAB_OK;
    for (int32_t g = -1; status == PAB_OK && g < PAB_REGIME_COUNT; g++) {
        status = finished_compare(f, over, g, PAB_MEASURE_PAIR_COST, less);
        const pab_contrast *c = &less[finished_find(f, of)];
        fprintf(out, "%-6s less %-6s %-10s %8.3f [%8.3f, %8.3f]\n", of, over, finished_regime(g), c->mean, c->low,
                c->high);
    }
    return status;
}

static pab_status put_increments(const finished *f, FILE *out)
{
    char learned[16], best[16] = "";
    double least = INFINITY;
    pab_status status = PAB_OK;
    for (uint32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++) {
        const char *rule = pab_policy_builtin(e);
        pab_eval_summary s;
        snprintf(learned, sizeof learned, "%s%s", f->info.rules ? "" : "q:", rule);
        if (!f->info.rules)
            status = put_increment(f, learned, rule, out);
        if (status == PAB_OK)
            status = finished_summary(f, learned, -1, &s);
        if (status == PAB_OK && s.pair_cost < least) {
            least = s.pair_cost;
            memcpy(best, learned, sizeof best);
        }
    }
    if (status == PAB_OK)
        status = put_increment(f, "sip", best, out);
    return status == PAB_OK ? put_increment(f, "moe", "sip", out) : status;
}

static void put_completed(const criteria *c, FILE *out)
{
    if (c->completed_count > 0)
        fprintf(out, "\nPolicies that fill less than 98 %% before liquidation: the mixture's pair cost less theirs on "
                     "the episodes that both complete, bps\n\n");
    for (uint32_t i = 0; i < c->completed_count; i++) {
        const completed *r = &c->completed[i];
        fprintf(out, "moe less %-11s %7.2f %% done, %6u episodes", r->policy, 100 * r->completion, r->episodes);
        if (!isnan(r->mean))
            fprintf(out, " %8.3f [%8.3f, %8.3f]", r->mean, r->low, r->high);
        fprintf(out, "   %s\n", completed_verdicts[r->verdict]);
    }
}

/* The weight of tracking error that the ensemble was trained with. */
static void put_tracking(const finished *f, FILE *out)
{
    char path[FINISHED_PATH];
    pab_sip_info info = {.struct_size = sizeof info};
    pab_sip_finalist shipped = {.struct_size = sizeof shipped};
    pab_sip *sip = NULL;
    if (pab_sip_load(NULL, finished_path(f, "ensemble.sip", path), &sip) == PAB_OK &&
        pab_sip_describe(sip, &info) == PAB_OK && pab_sip_finalist_get(sip, info.shipped, &shipped) == PAB_OK) {
        fprintf(out, "\nTrained to minimise IS + %.3g TE", info.eta_asked);
        if (info.bound > 0)
            fprintf(out, " with TE of at most %.4g %%. On the seeds that chose it the ensemble has TE %.4g %%; the "
                         "multiplier of TE that keeps the bound is %.3g bps per %%", info.bound, shipped.tracking,
                    info.eta);
        fprintf(out, ".\n");
    }
    pab_sip_free(sip);
}

static int write_result(const finished *f, const criteria *c)
{
    static const char name[] = "result.txt";
    const pab_pipeline_info *i = &f->info;
    FILE *out = finished_create(f, name);
    if (!out)
        return CLI_FAILED;
    pab_status status = headline_put(f, out);
    fprintf(out, "\n%u %s episodes in each of %d regimes; budget %g, seed %llu. Costs in bps: cost = IS + 0.5 TE, "
            "J = cost + 0.1 CVaR95; lower is better.\n\n", i->episodes, finished_split(i->split), PAB_REGIME_COUNT,
            i->budget, (unsigned long long)i->master_seed);
    if (status == PAB_OK)
        status = put_table(f, out);
    fprintf(out, "\nWhat each stage added: difference in pair cost, bps, with 95 %% interval; below 0 is better\n\n");
    if (status == PAB_OK)
        status = put_increments(f, out);
    fprintf(out, "\nRounds of preferences and tuning: %u; %u of them changed the mixture. Shipped, by J on validation "
            "seeds: %s.\n", i->rounds, i->accepted, finished_shipped(i->shipped));
    put_tracking(f, out);
    put_completed(c, out);
    fprintf(out, "\nIs the result convincing? Four conditions that one training run can meet:\n\n");
    for (int k = 0; k < CRITERIA_COUNT; k++)
        fprintf(out, "%-8s %s\n", c->each[k].met ? "met" : "not met", c->each[k].text);
    const int code = finished_saved(f, name, out);
    return status == PAB_OK ? code : cli_fail_library(NULL);
}

/* --- The other files --- */

/* All tables of the evaluation, compared with the mixture. */
static int write_tables(const finished *f)
{
    static const char name[] = "tables.txt";
    size_t needed = 0;
    if (pab_eval_text(f->eval, 0, NULL, 0, &needed) != PAB_OK)
        return cli_fail_library(NULL);
    char *text = malloc(needed + 1);
    if (!text)
        return cli_fail("no memory for %zu bytes of tables", needed);
    const pab_status status = pab_eval_text(f->eval, 0, text, needed + 1, NULL);
    FILE *out = status == PAB_OK ? finished_create(f, name) : NULL;
    if (out)
        fputs(text, out);
    free(text);
    if (status != PAB_OK)
        return cli_fail_library(NULL);
    return out ? finished_saved(f, name, out) : CLI_FAILED;
}

static int write_criteria(const finished *f, const criteria *c)
{
    static const char name[] = "criteria.csv";
    FILE *out = finished_create(f, name);
    if (!out)
        return CLI_FAILED;
    fprintf(out, "met,criterion\n");
    for (int k = 0; k < CRITERIA_COUNT; k++)
        fprintf(out, "%d,\"%s\"\n", c->each[k].met, c->each[k].text);
    return finished_saved(f, name, out);
}

static int write_completed(const finished *f, const criteria *c)
{
    static const char name[] = "completed.csv";
    FILE *out = finished_create(f, name);
    if (!out)
        return CLI_FAILED;
    fprintf(out, "policy,completion,episodes,mean,low,high,verdict\n");
    for (uint32_t i = 0; i < c->completed_count; i++) {
        const completed *r = &c->completed[i];
        fprintf(out, "%s,%.10g,%u,", r->policy, r->completion, r->episodes);
        if (isnan(r->mean))
            fprintf(out, ",,,");
        else
            fprintf(out, "%.10g,%.10g,%.10g,", r->mean, r->low, r->high);
        fprintf(out, "%s\n", completed_verdicts[r->verdict]);
    }
    return finished_saved(f, name, out);
}

int result_write(const finished *f, const criteria *c)
{
    int code = write_result(f, c);
    if (code == CLI_OK)
        code = write_tables(f);
    if (code == CLI_OK)
        code = write_criteria(f, c);
    return code == CLI_OK ? write_completed(f, c) : code;
}
