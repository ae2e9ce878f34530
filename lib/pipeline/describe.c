/* A run that was opened: its options, decisions and result table. */
#include "pipeline/result_table.h"

#include <stdio.h>
#include <string.h>

/* The options that the manifest has; written again they give the same lines, or it is of another version. */
static pab_status read_options(const pab_pipeline *run, pab_pipeline_options *out)
{
    char head[PAB__RUN_DIR_HEAD];
    uint64_t fingerprint;
    pab_status status = pab__pipeline_head_read(run->dir.head, out, &fingerprint);
    if (status != PAB_OK)
        return status;
    pab__pipeline_head(out, fingerprint, head, sizeof head);
    return pab__pipeline_head_same(run->dir.dir, head, run->dir.head);
}

static void count_rounds(const pab_pipeline *run, pab_pipeline_info *info)
{
    for (int round = 1; round <= PAB__RUN_ROUNDS; round++) {
        const char *mixture = pab__run_round_decision(&run->dir, (uint32_t)round);
        info->rounds += mixture[0] != '\0';
        info->accepted += mixture[0] != '\0' && strcmp(mixture, PAB__RUN_REFERENCE) != 0;
    }
}

pab_status pab_pipeline_describe(const pab_pipeline *run, pab_pipeline_info *out)
{
    pab_pipeline_options o;
    if (!run || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !run ? "run" : "out");
    pab_status status = read_options(run, &o);
    if (status != PAB_OK)
        return status;
    pab_pipeline_info info = {
        .struct_size = sizeof info, .finished = pab__run_finished(&run->dir), .shipped = pab__run_shipped(&run->dir),
        .rules = o.rules, .master_seed = o.master_seed, .budget = o.budget, .eta = o.eta, .split = o.split,
        .episodes = o.episodes, .skip = o.skip, .resamples = o.resamples,
    };
    count_rounds(run, &info);
    return pab__record_out(out, &info, sizeof info, PAB__UPTO(pab_pipeline_info, resamples), "info");
}

pab_status pab_pipeline_eval(const pab_pipeline *run, pab_eval **out)
{
    char path[PAB__RUN_DIR_PATH];
    pab_pipeline_options o;
    pab_eval_options options;
    pab__policy_list list = {0};
    pab_eval *eval = NULL;
    if (!run || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !run ? "run" : "out");
    if (!pab__run_dir_has(&run->dir, PAB__RUN_EPISODES))
        return pab__fail(PAB_E_STATE, "the run in '%s' has no result table yet; expected one whose stage 'evaluate' is "
                         "finished", run->dir.dir);
    pab_status status = read_options(run, &o);
    if (status == PAB_OK)
        status = pab__result_options(&o, &options);
    if (status == PAB_OK)
        status = pab__result_policies(run, &run->dir, &list);
    if (status == PAB_OK)
        status = pab__policy_list_eval(&list, &run->host, &options, &eval);
    if (status == PAB_OK)
        status = pab_eval_load(eval, pab__run_dir_path(&run->dir, PAB__RUN_EPISODES, path));
    if (status == PAB_OK)
        *out = eval;
    else
        pab_eval_free(eval);
    return status;
}

uint64_t pab_pipeline_round_seed(const pab_pipeline *run, uint32_t round)
{
    pab_pipeline_options o;
    return run && read_options(run, &o) == PAB_OK ? pab__round_seed(o.master_seed, round) : 0;
}
