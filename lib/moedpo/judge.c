/* Validation by playing: the same seeds for whoever is judged. */
#include "moedpo/judge.h"

pab_status pab__judge_policy(const pab__judge *judge, pab_policy *policy, pab_eval_summary *out)
{
    static const char *const name[] = {"moe"};
    pab_eval_options options;
    pab_eval *eval = NULL;
    pab_status status = pab_eval_options_init(&options, sizeof options);
    options.split = PAB_SPLIT_VALIDATION;
    options.episodes = judge->episodes;
    options.first = judge->first;
    options.threads = judge->threads;
    options.progress = judge->progress;
    if (status == PAB_OK)
        status = pab_eval_new(&judge->trial->host, name, 1, &options, &eval);
    if (status == PAB_OK)
        status = pab_eval_run(eval, judge->scn, &policy);
    if (status == PAB_OK)
        status = pab_eval_summarize(eval, 0, -1, out);
    pab_eval_free(eval);
    return status;
}

pab_status pab__judge_mixture(const pab__judge *judge, const pab__mixture_net *net, double *objective)
{
    pab_eval_summary summary = {.struct_size = sizeof summary};
    pab_policy *policy = NULL;
    judge->trial->body.net = *net;
    pab_status status = pab_moe_policy(judge->trial, &policy);
    if (status == PAB_OK)
        status = pab__judge_policy(judge, policy, &summary);
    if (status == PAB_OK)
        *objective = pab__eval_objective(&summary, &judge->goal);
    pab_policy_free(policy);
    return status;
}
