/* The policies that an evaluation of a run compares, by name. Used by the choice, the evaluation, and the
 * reading of a finished run. */
#ifndef PAB_PIPELINE_RESULT_TABLE_H
#define PAB_PIPELINE_RESULT_TABLE_H

#include "pipeline/run.h"

pab_status pab__policy_list_add(pab__policy_list *list, const char *name);
int32_t pab__policy_list_find(const pab__policy_list *list, const char *name); /* -1: none */
/* Policies of the list, and a table for them; policies are released also after an error. */
pab_status pab__policy_list_make(const pab__policy_list *list, const pab_pipeline *made,
                                 pab_policy *policy[PAB__RUN_POLICIES]);
void pab__policy_list_free(const pab__policy_list *list, pab_policy *policy[PAB__RUN_POLICIES]);
pab_status pab__policy_list_eval(const pab__policy_list *list, const pab_host *host, const pab_eval_options *options,
                                 pab_eval **out);

extern const char *const pab__schedules[]; /* ends with NULL */

/* What the result table compares: the mixture and all that was learned, the rules, each schedule with the tactic that
 * was decided on, and the other baselines. */
pab_status pab__result_policies(const pab_pipeline *made, const pab__run_dir *dir, pab__policy_list *out);
pab_status pab__result_options(const pab_pipeline_options *run, pab_eval_options *out);

#endif
