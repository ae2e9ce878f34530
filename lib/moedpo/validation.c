/* Evaluations on two blocks of validation seeds. */
#include "moedpo/validation.h"

#include "moedpo/tune.h"
#include "sip/sip.h"

#include <math.h>

#define FRESH_SEEDS (UINT64_C(1) << 32) /* index of the first fresh seed */

/* An evaluation's progress is its share of all evaluations. */
static int32_t report(void *user, const char *stage, uint64_t done, uint64_t total)
{
    const pab__validation *v = user;
    (void)stage;
    return v->progress->report(v->progress->user, "tune", v->done * total + done, v->total * total);
}

pab_status pab__validation_open(pab__validation *v, const pab_moe *like)
{
    v->seeds = -1;
    v->hook = (pab_progress){.struct_size = sizeof v->hook, .user = v, .report = report};
    v->trial = pab__moe_new(&like->host);
    if (!v->trial)
        return PAB_E_MEMORY;
    v->trial->body = like->body;
    return v->sip ? pab_sip_policy(v->sip, &v->ensemble) : PAB_OK;
}

void pab__validation_close(pab__validation *v)
{
    pab_policy_free(v->ensemble);
    pab_moe_free(v->trial);
    v->ensemble = NULL;
    v->trial = NULL;
}

static pab_status evaluate_policy(const pab__validation *v, pab_policy *policy, pab_eval_summary *out)
{
    static const char *const name[] = {"moe"};
    pab_eval_options options;
    pab_eval *eval = NULL;
    pab_status status = pab_eval_options_init(&options, sizeof options);
    options.split = PAB_SPLIT_VALIDATION;
    options.episodes = v->episodes;
    options.first = v->seeds == PAB__TUNE_SEEDS_FRESH ? FRESH_SEEDS : 0;
    options.threads = v->threads;
    options.progress = v->progress && v->progress->report ? &v->hook : NULL;
    if (status == PAB_OK)
        status = pab_eval_new(&v->trial->host, name, 1, &options, &eval);
    if (status == PAB_OK)
        status = pab_eval_run(eval, v->scn, &policy);
    if (status == PAB_OK)
        status = pab_eval_summarize(eval, 0, -1, out);
    pab_eval_free(eval);
    return status;
}

/* Once for each block of seeds. */
static pab_status evaluate_ensemble(pab__validation *v)
{
    if (v->ensemble_summary.struct_size != 0)
        return PAB_OK;
    v->ensemble_summary.struct_size = sizeof v->ensemble_summary;
    pab_status status = evaluate_policy(v, v->ensemble, &v->ensemble_summary);
    if (status != PAB_OK)
        v->ensemble_summary.struct_size = 0;
    return status;
}

/* Moves to a block of seeds. A bound on tracking depends on the ensemble's TE there. */
static pab_status set_seeds(pab__validation *v, int32_t seeds)
{
    pab_status status = PAB_OK;
    v->seeds = seeds;
    v->ensemble_summary.struct_size = 0;
    v->goal = (pab__objective){.eta = v->eta, .bound = INFINITY};
    if (v->sip && v->sip->info.bound > 0)
        status = evaluate_ensemble(v);
    if (v->sip)
        v->goal = pab__sip_goal(v->sip, v->ensemble_summary.tracking_error);
    if (status != PAB_OK)
        v->seeds = -1;
    return status;
}

static pab_status mixture_objective(const pab__validation *v, const pab__mixture_net *net, double *objective)
{
    pab_eval_summary summary = {.struct_size = sizeof summary};
    pab_policy *policy = NULL;
    v->trial->body.net = *net;
    pab_status status = pab_moe_policy(v->trial, &policy);
    if (status == PAB_OK)
        status = evaluate_policy(v, policy, &summary);
    if (status == PAB_OK)
        *objective = pab__eval_objective(&summary, &v->goal);
    pab_policy_free(policy);
    return status;
}

static pab_status ensemble_objective(pab__validation *v, double *objective)
{
    *objective = INFINITY;
    pab_status status = v->sip ? evaluate_ensemble(v) : PAB_OK;
    if (status == PAB_OK && v->sip)
        *objective = pab__eval_objective(&v->ensemble_summary, &v->goal);
    return status;
}

pab_status pab__validation_evaluate(void *user, const pab__mixture_net *net, int32_t seeds, double *objective)
{
    pab__validation *v = user;
    pab_status status = seeds != v->seeds ? set_seeds(v, seeds) : PAB_OK;
    if (status == PAB_OK)
        status = net ? mixture_objective(v, net, objective) : ensemble_objective(v, objective);
    v->done++;
    return status;
}
