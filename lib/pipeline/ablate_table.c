/* Ablations held against what they were made from: the same episodes for all, and two tables. */
#include "pipeline/ablate.h"

#include "eval/table.h"
#include "moedpo/moe.h"
#include "pipeline/result_table.h"
#include "pipeline/text.h"

#include <stdio.h>
#include <string.h>

/* Experts stand for baselines in what the shield does. */
static const char *const learned[] = {"moe", "sip"};
enum { LEARNED = sizeof learned / sizeof *learned };

/* --- Who plays --- */

static pab_policy **join(pab__lineup *lineup, const char *prefix, const char *name)
{
    snprintf(lineup->name[lineup->count], PAB__RUN_NAME, "%s%s", prefix, name);
    return &lineup->policy[lineup->count++];
}

/* The run's own mixture and ensemble, and the rules. */
static pab_status join_common(const pab__ablate *a, pab__lineup *lineup, const char *prefix)
{
    pab_status status = PAB_OK;
    for (int i = 0; status == PAB_OK && i < LEARNED; i++)
        status = pab_pipeline_policy(a->run.artefacts, learned[i], join(lineup, prefix, learned[i]));
    for (uint32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++) {
        const char *rule = pab_policy_builtin(e);
        status = pab_pipeline_policy(a->run.artefacts, rule, join(lineup, prefix, rule));
    }
    return status;
}

static pab_status line_up(pab__ablate *a)
{
    pab_status status = join_common(a, &a->shielded, "");
    if (status == PAB_OK)
        status = join_common(a, &a->bare, "no-shield:");
    if (status == PAB_OK)
        status = pab_moe_policy(a->tuned, join(&a->shielded, "", a->tuned_name));
    for (int i = 0; status == PAB_OK && i < PAB__ABLATIONS; i++) {
        const char *name = pab__ablations[i].name;
        if (a->moe[i])
            status = pab_moe_policy(a->moe[i], join(&a->shielded, "", name));
        else if (a->sip[i])
            status = pab_sip_policy(a->sip[i], join(&a->shielded, "", name));
    }
    return status;
}

/* --- Episodes --- */

static pab_status play(pab__ablate *a, pab__lineup *lineup, int32_t shield, const char *stage, const char *file)
{
    const char *const files[] = {file, NULL}, *name[PAB__ABLATE_PLAYERS];
    char kept[PAB__RUN_DIR_NAME];
    pab_reset_options episode;
    pab_eval_options options;
    int32_t done;
    pab__stage_cost w;
    pab__stage_costs(&a->run.options, &w);
    snprintf(kept, sizeof kept, "%s.checkpoint", file);
    for (uint32_t p = 0; p < lineup->count; p++)
        name[p] = lineup->name[p];
    pab_status status = pab__stage_begin(&a->run, stage, w.evaluate, files, &done);
    if (status == PAB_OK)
        status = pab_reset_options_init(&episode, sizeof episode);
    episode.shield = shield;
    if (status == PAB_OK)
        status = pab__result_options(&a->run, &options);
    options.episode = &episode;
    if (status == PAB_OK)
        status = pab_eval_new(&a->run.host, name, lineup->count, &options, &lineup->eval);
    if (status == PAB_OK && done)
        return pab__result_load(&a->run, lineup->eval, file);
    if (status == PAB_OK)
        status = pab__result_play(&a->run, lineup->eval, lineup->policy, file, kept);
    return status == PAB_OK ? pab__stage_end(&a->run, files, kept) : status;
}

pab_status pab__ablate_play(pab__ablate *a)
{
    pab_status status = line_up(a);
    if (status == PAB_OK)
        status = play(a, &a->shielded, 1, "evaluate", "episodes.eval");
    return status == PAB_OK ? play(a, &a->bare, 0, "evaluate without shield", "no-shield.eval") : status;
}

/* --- One policy against another --- */

/* Tables being written. */
typedef struct paper {
    pab__ablate *a;
    pab__text csv, text;
} paper;

enum { MEASURES = 3 };
static const int32_t measures[MEASURES] = {PAB_MEASURE_PAIR_COST, PAB_MEASURE_SHORTFALL, PAB_MEASURE_TRACKING_ERROR};

static int32_t find(const pab__lineup *lineup, const char *name)
{
    for (uint32_t p = 0; p < lineup->count; p++)
        if (strcmp(lineup->name[p], name) == 0)
            return (int32_t)p;
    return -1;
}

/* Rows of a policy, whichever rules it played under. */
static const pab_episode_metrics *rows_of(const pab__ablate *a, const char *name)
{
    const int32_t shielded = find(&a->shielded, name), bare = find(&a->bare, name);
    return shielded >= 0 ? pab__eval_row(a->shielded.eval, (uint32_t)shielded, 0, 0)
                         : pab__eval_row(a->bare.eval, (uint32_t)bare, 0, 0);
}

/* A table of the two alone: base 0, policy 1. */
static pab_status pair_up(const pab__ablate *a, const char *name, const char *base, pab_eval **out)
{
    const char *const names[] = {base, name};
    pab_eval_options options;
    pab_status status = pab__result_options(&a->run, &options);
    if (status == PAB_OK)
        status = pab_eval_new(&a->run.host, names, 2, &options, out);
    for (uint32_t p = 0; status == PAB_OK && p < 2; p++)
        memcpy(pab__eval_row(*out, p, 0, 0), rows_of(a, names[p]),
               (size_t)(*out)->strata * options.episodes * sizeof *(*out)->rows);
    return status;
}

static void put_row(pab__text *t, const char *name, const char *base, int32_t regime, const pab_eval_summary *s,
                    const pab_contrast less[MEASURES])
{
    const double value[] = {s->shortfall, s->tracking_error, s->shortfall_cvar, s->pair_cost, s->objective};
    pab__text_say(t, "%s,%s,%s,%u", name, base, regime < 0 ? "all" : pab_regime_name(regime), s->episodes);
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        pab__text_put(t, ",");
        pab__text_real(t, value[i]);
    }
    for (int m = 0; m < MEASURES; m++)
        pab__text_say(t, ",%.10g,%.10g,%.10g", less[m].mean, less[m].low, less[m].high);
    pab__text_put(t, "\n");
}

static void put_line(pab__text *t, const char *name, const char *base, const pab_contrast less[MEASURES])
{
    pab__text_say(t, "%-15s %-13s", name, base);
    for (int m = 0; m < MEASURES; m++)
        pab__text_say(t, "  %7.3f [%7.3f, %7.3f]", less[m].mean, less[m].low, less[m].high);
    pab__text_put(t, "\n");
}

/* A line for all regimes, rows for all and for each. */
static pab_status compare(paper *p, const char *name, const char *base)
{
    pab_eval *pair = NULL;
    pab_status status = pair_up(p->a, name, base, &pair);
    for (int32_t g = -1; status == PAB_OK && g < PAB_REGIME_COUNT; g++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        pab_contrast less[MEASURES], both[2];
        status = pab_eval_summarize(pair, 1, g, &s);
        for (int m = 0; status == PAB_OK && m < MEASURES; m++) {
            both[0] = both[1] = (pab_contrast){.struct_size = sizeof both[0]};
            status = pab_eval_compare(pair, 0, g, measures[m], both, 2);
            less[m] = both[1];
        }
        if (status != PAB_OK)
            break;
        put_row(&p->csv, name, base, g, &s, less);
        if (g < 0)
            put_line(&p->text, name, base, less);
    }
    pab_eval_free(pair);
    return status;
}

/* --- Tables --- */

static pab_status put_players(const pab__lineup *lineup, pab__text *t)
{
    pab_status status = PAB_OK;
    for (uint32_t p = 0; status == PAB_OK && p < lineup->count; p++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(lineup->eval, p, -1, &s);
        pab__text_say(t, "%-15s %8.3f %8.2f %7.3f %7.2f %8.3f %8.3f\n", lineup->name[p], s.shortfall, s.shortfall_cvar,
                      s.tracking_error, 100 * s.completion, s.pair_cost, s.objective);
    }
    return status;
}

/* What is changed in the tuning is held against the tuning, and against the mixture that came of all rounds. */
static pab_status compare_policies(paper *p)
{
    const pab__ablate *a = p->a;
    pab_status status = PAB_OK;
    for (int i = 0; status == PAB_OK && i < PAB__ABLATE_MIXTURES; i++) {
        if (!a->moe[i])
            continue;
        status = compare(p, pab__ablations[i].name, a->tuned_name);
        if (status == PAB_OK)
            status = compare(p, pab__ablations[i].name, "moe");
    }
    for (int i = 0; status == PAB_OK && i < PAB__ABLATIONS; i++)
        if (a->sip[i])
            status = compare(p, pab__ablations[i].name, "sip");
    return status;
}

/* What the shield does to each, and whether the mixture's lead over the rules lasts without it. */
static pab_status compare_bare(paper *p)
{
    const pab__lineup *bare = &p->a->bare;
    const size_t prefix = strlen("no-shield:");
    pab_status status = PAB_OK;
    for (uint32_t i = 0; status == PAB_OK && i < bare->count; i++)
        status = compare(p, bare->name[i], bare->name[i] + prefix);
    for (uint32_t i = LEARNED; status == PAB_OK && i < bare->count; i++)
        status = compare(p, bare->name[0], bare->name[i]);
    return status;
}

static void put_notes(const pab__ablate *a, pab__text *t)
{
    pab__text_put(t, "\n");
    for (int i = 0; i < PAB__ABLATIONS; i++) {
        const pab_moe *moe = a->moe[i];
        if (!moe && !a->sip[i] && i != PAB__NO_SHIELD)
            continue;
        pab__text_say(t, "%-15s %s%s\n", pab__ablations[i].name, pab__ablations[i].text,
                      moe && moe->body.loss < 0 && a->loss >= 0 ? "; not accepted: plays as distilled" : "");
    }
}

static pab_status write_tables(paper *p)
{
    static const char *const splits[] = {"", "training", "validation", "test"};
    const pab_pipeline_options *o = &p->a->run.options;
    pab__text_put(&p->csv, "ablation,against,regime,episodes,shortfall,tracking_error,shortfall_cvar,pair_cost,"
                           "objective,cost_less,cost_low,cost_high,shortfall_less,shortfall_low,shortfall_high,"
                           "tracking_less,tracking_low,tracking_high\n");
    pab__text_say(&p->text, "%u %s episodes in each of %d regimes, one thing changed at a time. bps; cost = IS + 0.5 "
                  "TE, J = cost + 0.1 CVaR95.\n\n", o->episodes, splits[o->split], PAB_REGIME_COUNT);
    pab__text_say(&p->text, "%-15s %8s %8s %7s %7s %8s %8s\n", "policy", "IS bps", "CVaR95", "TE %", "done %", "cost",
                  "J");
    pab_status status = put_players(&p->a->shielded, &p->text);
    if (status == PAB_OK)
        status = put_players(&p->a->bare, &p->text);
    pab__text_say(&p->text, "\n%-15s %-13s  %-26s  %-26s  %s\n", "ablation", "less", "cost [95 %]", "IS [95 %]",
                  "TE [95 %]");
    if (status == PAB_OK)
        status = compare_policies(p);
    if (status == PAB_OK)
        status = compare_bare(p);
    put_notes(p->a, &p->text);
    return status;
}

pab_status pab__ablate_report(pab__ablate *a)
{
    static const char *const files[] = {"ablations.csv", "ablations.txt", NULL};
    char path[PAB__RUN_DIR_PATH];
    paper p = {.a = a, .csv = {.host = &a->run.host}, .text = {.host = &a->run.host}};
    int32_t done;
    pab_status status = pab__stage_begin(&a->run, "report", 0, files, &done);
    if (status != PAB_OK || done)
        return status;
    status = write_tables(&p);
    if (status == PAB_OK)
        status = pab__text_save(&p.csv, pab__run_dir_path(&a->run.dir, files[0], path));
    if (status == PAB_OK)
        status = pab__text_save(&p.text, pab__run_dir_path(&a->run.dir, files[1], path));
    pab__text_free(&p.csv);
    pab__text_free(&p.text);
    return status == PAB_OK ? pab__stage_end(&a->run, files, NULL) : status;
}
