/* The choice on validation seeds: which tactic of each schedule is compared, and which learned policy ships. Decisions
 * are kept in the manifest; choice.csv tells what they were made from. */
#include "pipeline/result_table.h"

#include "base/csv_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { JUDGES = 320, LEAST_JUDGES = 8 };

const char *const pab__schedules[] = {"twap", "vwap", "pov", "ac", NULL};
const char *const pab__shipped_keys[] = {"ensemble", "distilled", "tuned"};

static pab_status list_candidates(const pab_pipeline *made, pab__policy_list *out)
{
    char name[PAB__RUN_NAME];
    pab_status status = pab__policy_list_add(out, "sip");
    if (status == PAB_OK)
        status = pab__policy_list_add(out, "distilled");
    if (status == PAB_OK && made->moe)
        status = pab__policy_list_add(out, "moe");
    for (int s = 0; pab__schedules[s]; s++)
        for (int work = 0; status == PAB_OK && work < 2; work++) {
            snprintf(name, sizeof name, "%s:%s", pab__schedules[s], work ? "work" : "take");
            status = pab__policy_list_add(out, name);
        }
    return status;
}

/* Of each candidate: J as in the tables, which chooses among schedules, and J with the bound on tracking, which chooses
 * among what was learned for it. */
typedef struct objectives {
    double plain[PAB__RUN_POLICIES], bounded[PAB__RUN_POLICIES];
} objectives;

static pab_status measure(pab__run *run, const pab_eval *eval, const pab__policy_list *list, const char *file,
                          objectives *out)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text rows = {.host = &run->host};
    pab__csv_out csv = {.out = &rows};
    pab__objective goal;
    pab_status status = pab__run_goal(run, eval, (uint32_t)pab__policy_list_find(list, "sip"), &goal);
    pab__csv_head(&csv, "policy,objective,bounded,shortfall,tracking");
    for (uint32_t p = 0; status == PAB_OK && p < list->count; p++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(eval, p, -1, &s);
        out->plain[p] = s.objective;
        out->bounded[p] = pab__eval_objective(&s, &goal);
        pab__csv_put_text(&csv, list->name[p]);
        PAB__CSV_REALS(&csv, out->plain[p], out->bounded[p], s.shortfall, s.tracking_error);
        pab__csv_end_row(&csv);
    }
    if (status == PAB_OK)
        return pab__text_save(&rows, pab__run_dir_path(&run->dir, file, path));
    pab__text_free(&rows);
    return status;
}

static void decide(pab__run *run, const pab__policy_list *list, const objectives *j)
{
    const int32_t tuned = pab__policy_list_find(list, "moe"), sip = pab__policy_list_find(list, "sip");
    const int32_t mixture = tuned >= 0 ? tuned : pab__policy_list_find(list, "distilled");
    const int32_t shipped = j->bounded[sip] < j->bounded[mixture] ? PAB_SHIPPED_ENSEMBLE
                            : tuned < 0                           ? PAB_SHIPPED_DISTILLED
                                                                  : PAB_SHIPPED_TUNED;
    pab__run_dir_decide(&run->dir, "shipped", pab__shipped_keys[shipped]);
    for (int s = 0; pab__schedules[s]; s++) {
        char take[PAB__RUN_NAME], work[PAB__RUN_NAME];
        snprintf(take, sizeof take, "%s:take", pab__schedules[s]);
        snprintf(work, sizeof work, "%s:work", pab__schedules[s]);
        const double less = j->plain[pab__policy_list_find(list, work)] - j->plain[pab__policy_list_find(list, take)];
        pab__run_dir_decide(&run->dir, pab__schedules[s], less < 0 ? "work" : "take");
    }
}

static pab_status choose(pab__run *run, const char *file)
{
    pab__policy_list list = {0};
    pab_policy *policy[PAB__RUN_POLICIES] = {NULL};
    pab_eval_options options;
    pab_eval *eval = NULL;
    objectives j;
    pab_status status = pab_eval_options_init(&options, sizeof options);
    options.first = PAB__SEEDS_BASELINES;
    options.episodes = pab__pipeline_scaled(run->options.budget, JUDGES, LEAST_JUDGES);
    options.threads = run->options.threads;
    options.progress = &run->at.relay;
    if (status == PAB_OK)
        status = list_candidates(run->artefacts, &list);
    if (status == PAB_OK)
        status = pab__policy_list_make(&list, run->artefacts, policy);
    if (status == PAB_OK)
        status = pab__policy_list_eval(&list, &run->host, &options, &eval);
    if (status == PAB_OK)
        status = pab_eval_run(eval, run->artefacts->scn, policy);
    if (status == PAB_OK)
        status = measure(run, eval, &list, file, &j);
    if (status == PAB_OK)
        decide(run, &list, &j);
    pab__policy_list_free(&list, policy);
    pab_eval_free(eval);
    return status;
}

int32_t pab__run_shipped(const pab__run_dir *dir)
{
    const char *key = pab__run_dir_decided(dir, "shipped");
    for (int32_t s = PAB_SHIPPED_ENSEMBLE; s <= PAB_SHIPPED_TUNED; s++)
        if (strcmp(pab__shipped_keys[s], key) == 0)
            return s;
    return -1;
}

pab_status pab__run_choice(pab__run *run)
{
    static const char *const files[] = {"choice.csv", NULL};
    int32_t done;
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    pab_status status = pab__stage_begin(run, "choice", w.baselines, files, NULL, &done);
    if (status == PAB_OK && !done)
        status = choose(run, files[0]);
    if (status == PAB_OK && !done)
        status = pab__stage_end(run, files, NULL);
    run->result.shipped = pab__run_shipped(&run->dir);
    return status;
}
