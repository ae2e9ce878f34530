/* The evaluation: which tactic of each schedule, which learned policy ships, and the result table. */
#include "pipeline/result_table.h"

#include "pipeline/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { JUDGES = 320, LEAST_JUDGES = 8 };

static const char *const schedules[] = {"twap", "vwap", "pov", "ac"};
static const char *const others[] = {"ac_pair", "aggressive", "passive", "immediate"};
enum { SCHEDULES = sizeof schedules / sizeof *schedules, OTHERS = sizeof others / sizeof *others };

static pab_status add(pab__run *run, const char *name)
{
    if (run->policies == PAB__RUN_POLICIES)
        return pab__fail(PAB_E_CAPACITY, "more than %d policies to evaluate", PAB__RUN_POLICIES);
    snprintf(run->name[run->policies++], PAB__RUN_NAME, "%s", name);
    return PAB_OK;
}

int32_t pab__run_find(const pab__run *run, const char *name)
{
    for (uint32_t p = 0; p < run->policies; p++)
        if (strcmp(run->name[p], name) == 0)
            return (int32_t)p;
    return -1;
}

/* Policies of run->name, and a table for them. */
static pab_status set_up(pab__run *run, const pab_eval_options *options, pab_policy *policy[PAB__RUN_POLICIES],
                         pab_eval **eval)
{
    const char *name[PAB__RUN_POLICIES];
    pab_status status = PAB_OK;
    for (uint32_t p = 0; status == PAB_OK && p < run->policies; p++) {
        name[p] = run->name[p];
        status = pab_pipeline_policy(run->artefacts, name[p], &policy[p]);
    }
    return status == PAB_OK ? pab_eval_new(&run->host, name, run->policies, options, eval) : status;
}

static void put_down(const pab__run *run, pab_policy *policy[PAB__RUN_POLICIES])
{
    for (uint32_t p = 0; p < run->policies; p++)
        pab_policy_free(policy[p]);
}

/* --- Which tactic, and what ships --- */

static pab_status list_candidates(pab__run *run)
{
    char name[PAB__RUN_NAME];
    pab_status status = add(run, "sip");
    if (status == PAB_OK)
        status = add(run, "distilled");
    if (status == PAB_OK && run->artefacts->moe)
        status = add(run, "moe");
    for (int s = 0; status == PAB_OK && s < 2 * SCHEDULES; s++) {
        snprintf(name, sizeof name, "%s:%s", schedules[s / 2], s % 2 ? "work" : "take");
        status = add(run, name);
    }
    return status;
}

static pab_status write_choice(pab__run *run, const pab_eval *eval, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text rows = {.host = &run->host};
    pab__objective goal;
    pab_status status = pab__run_goal(run, eval, (uint32_t)pab__run_find(run, "sip"), &goal);
    pab__text_put(&rows, "policy,objective,bounded,shortfall,tracking\n");
    for (uint32_t p = 0; status == PAB_OK && p < run->policies; p++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(eval, p, -1, &s);
        pab__text_say(&rows, "%s,%.10g,%.10g,%.10g,%.10g\n", run->name[p], s.objective,
                      pab__eval_objective(&s, &goal), s.shortfall, s.tracking_error);
    }
    if (status == PAB_OK)
        return pab__text_save(&rows, pab__run_dir_path(&run->dir, file, path));
    pab__text_free(&rows);
    return status;
}

static pab_status play_candidates(pab__run *run, const char *file)
{
    pab_policy *policy[PAB__RUN_POLICIES] = {NULL};
    pab_eval_options options;
    pab_eval *eval = NULL;
    pab_status status = pab_eval_options_init(&options, sizeof options);
    options.first = PAB__SEEDS_BASELINES;
    options.episodes = pab__pipeline_scaled(run->options.budget, JUDGES, LEAST_JUDGES);
    options.threads = run->options.threads;
    options.progress = &run->at.relay;
    if (status == PAB_OK)
        status = list_candidates(run);
    if (status == PAB_OK)
        status = set_up(run, &options, policy, &eval);
    if (status == PAB_OK)
        status = pab_eval_run(eval, run->artefacts->scn, policy);
    if (status == PAB_OK)
        status = write_choice(run, eval, file);
    put_down(run, policy);
    pab_eval_free(eval);
    run->policies = 0;
    return status;
}

/* J of a candidate, as the file has it: as in the tables, which chooses among schedules, and with the bound on
 * tracking, which chooses among what was learned for it. Infinite where it did not stand. */
typedef struct judged {
    double objective, bounded;
} judged;

static judged find_in(const char *rows, const char *name)
{
    const size_t len = strlen(name);
    judged j = {INFINITY, INFINITY};
    for (const char *at = rows; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, name, len) != 0 || at[len] != ',')
            continue;
        if (sscanf(at + len + 1, "%lf,%lf", &j.objective, &j.bounded) == 2)
            break;
    }
    return j;
}

/* Lists the policies of the result table: what was learned first, each schedule with its better tactic. */
static pab_status list_compared(pab__run *run, const char *rows)
{
    const double sip = find_in(rows, "sip").bounded;
    const double moe = find_in(rows, run->artefacts->moe ? "moe" : "distilled").bounded;
    char name[PAB__RUN_NAME];
    pab_status status = add(run, "moe");
    run->result.shipped = sip < moe                ? PAB_SHIPPED_ENSEMBLE
                          : !run->artefacts->moe ? PAB_SHIPPED_DISTILLED
                                                    : PAB_SHIPPED_TUNED;
    for (uint32_t i = 0; status == PAB_OK && pab_pipeline_name(run->artefacts, i); i++) {
        const char *made = pab_pipeline_name(run->artefacts, i);
        if (strcmp(made, "moe") != 0 && (strcmp(made, "distilled") != 0 || run->artefacts->moe))
            status = add(run, made);
    }
    for (uint32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++)
        status = add(run, pab_policy_builtin(e));
    for (int s = 0; status == PAB_OK && s < SCHEDULES; s++) {
        char take[PAB__RUN_NAME];
        snprintf(take, sizeof take, "%s:take", schedules[s]);
        snprintf(name, sizeof name, "%s:work", schedules[s]);
        status = add(run, find_in(rows, name).objective < find_in(rows, take).objective ? name : take);
    }
    for (int i = 0; status == PAB_OK && i < OTHERS; i++)
        status = add(run, others[i]);
    return status;
}

pab_status pab__run_baselines(pab__run *run)
{
    static const char *const files[] = {"choice.csv", NULL};
    char path[PAB__RUN_DIR_PATH];
    void *rows;
    size_t len;
    int32_t done;
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    pab_status status = pab__stage_begin(run, "choice", w.baselines, files, &done);
    if (status == PAB_OK && !done)
        status = play_candidates(run, files[0]);
    if (status == PAB_OK && !done)
        status = pab__stage_end(run, files, NULL);
    if (status == PAB_OK)
        status = pab__file_read(&run->host, pab__run_dir_path(&run->dir, files[0], path), 1 << 20, &rows, &len);
    if (status != PAB_OK)
        return status;
    status = list_compared(run, rows);
    pab__release(&run->host, rows, len + 1);
    return status;
}

/* --- The result table --- */

static void put_row(pab__text *t, const pab_eval *e, uint32_t p, int32_t g, uint32_t i)
{
    pab_episode_metrics metrics = {.struct_size = sizeof metrics};
    if (pab_eval_get(e, p, g, i, &metrics) != PAB_OK)
        return;
    pab__text_say(t, "%s,%s,%llu,%u", pab_eval_policy(e, p), pab_regime_name(g),
                  (unsigned long long)pab_eval_seed(e, g, i), i);
    for (int32_t m = 0; m < PAB_MEASURE_COUNT; m++) {
        double value = 0;
        pab_measure_value(m, &metrics, &value);
        pab__text_say(t, ",%.10g", value);
    }
    pab__text_put(t, "\n");
}

static pab_status write_episodes(pab__run *run, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__text_put(&t, "policy,regime,seed,episode");
    for (int32_t m = 0; m < PAB_MEASURE_COUNT; m++) {
        pab_measure_info info = {.struct_size = sizeof info};
        pab_measure_get(m, &info);
        pab__text_say(&t, ",%s", info.name);
    }
    pab__text_put(&t, "\n");
    for (uint32_t p = 0; p < run->policies; p++)
        for (int32_t g = 0; g < PAB_REGIME_COUNT; g++)
            for (uint32_t i = 0; i < pab_eval_episodes(run->eval, g); i++)
                put_row(&t, run->eval, p, g, i);
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

static pab_status play_table(pab__run *run, pab_policy *const *policy, const char *const *files, const char *kept)
{
    pab_status status = pab__result_play(run, run->eval, policy, files[0], kept);
    if (status == PAB_OK)
        status = write_episodes(run, files[1]);
    return status == PAB_OK ? pab__stage_end(run, files, kept) : status;
}

pab_status pab__run_evaluate(pab__run *run)
{
    static const char *const files[] = {"episodes.eval", "episodes.csv", NULL};
    pab_policy *policy[PAB__RUN_POLICIES] = {NULL};
    pab_eval_options options;
    int32_t done;
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    pab_status status = pab__stage_begin(run, "evaluate", w.evaluate, files, &done);
    if (status == PAB_OK)
        status = pab__result_options(run, &options);
    if (status == PAB_OK)
        status = set_up(run, &options, policy, &run->eval);
    if (status == PAB_OK)
        status = done ? pab__result_load(run, run->eval, files[0])
                      : play_table(run, policy, files, "evaluate.checkpoint");
    put_down(run, policy);
    return status;
}
