/* The policies of the result table and their episodes. */
#include "pipeline/result_table.h"

#include <stdio.h>
#include <string.h>

/* --- Lists of policies --- */

pab_status pab__policy_list_add(pab__policy_list *list, const char *name)
{
    if (list->count == PAB__RUN_POLICIES)
        return pab__fail(PAB_E_CAPACITY, "more than %d policies to evaluate", PAB__RUN_POLICIES);
    snprintf(list->name[list->count++], PAB__RUN_NAME, "%s", name);
    return PAB_OK;
}

int32_t pab__policy_list_find(const pab__policy_list *list, const char *name)
{
    for (uint32_t p = 0; p < list->count; p++)
        if (strcmp(list->name[p], name) == 0)
            return (int32_t)p;
    return -1;
}

pab_status pab__policy_list_make(const pab__policy_list *list, const pab_pipeline *made,
                                 pab_policy *policy[PAB__RUN_POLICIES])
{
    pab_status status = PAB_OK;
    for (uint32_t p = 0; status == PAB_OK && p < list->count; p++)
        status = pab_pipeline_policy(made, list->name[p], &policy[p]);
    return status;
}

void pab__policy_list_free(const pab__policy_list *list, pab_policy *policy[PAB__RUN_POLICIES])
{
    for (uint32_t p = 0; p < list->count; p++)
        pab_policy_free(policy[p]);
}

pab_status pab__policy_list_eval(const pab__policy_list *list, const pab_host *host, const pab_eval_options *options,
                                 pab_eval **out)
{
    const char *name[PAB__RUN_POLICIES];
    for (uint32_t p = 0; p < list->count; p++)
        name[p] = list->name[p];
    return pab_eval_new(host, name, list->count, options, out);
}

/* --- What is compared --- */

pab_status pab__result_policies(const pab_pipeline *made, const pab__run_dir *dir, pab__policy_list *out)
{
    static const char *const others[] = {"ac_pair", "aggressive", "passive", "immediate"};
    char name[PAB__RUN_NAME];
    pab_status status = pab__policy_list_add(out, "moe");
    for (uint32_t i = 0; status == PAB_OK && pab_pipeline_name(made, i); i++) {
        const char *learned = pab_pipeline_name(made, i);
        if (strcmp(learned, "moe") != 0 && (strcmp(learned, "distilled") != 0 || made->moe))
            status = pab__policy_list_add(out, learned);
    }
    for (uint32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++)
        status = pab__policy_list_add(out, pab_policy_builtin(e));
    for (int s = 0; status == PAB_OK && pab__schedules[s]; s++) {
        snprintf(name, sizeof name, "%s:%s", pab__schedules[s], pab__run_dir_decided(dir, pab__schedules[s]));
        status = pab__policy_list_add(out, name);
    }
    for (size_t i = 0; status == PAB_OK && i < sizeof others / sizeof *others; i++)
        status = pab__policy_list_add(out, others[i]);
    return status;
}

pab_status pab__result_options(const pab_pipeline_options *run, pab_eval_options *out)
{
    pab_status status = pab_eval_options_init(out, sizeof *out);
    out->split = run->split;
    out->first = PAB__SEEDS_LAST + run->skip;
    out->episodes = run->episodes;
    out->threads = run->threads;
    out->resamples = run->resamples;
    return status;
}
