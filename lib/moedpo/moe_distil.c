/* Distillation of the ensemble: the teacher gives its experts' scores less its charges on actions, and its own. */
#include "base/hash.h"
#include "env/pair.h"
#include "moedpo/distil.h"
#include "moedpo/options.h"
#include "sip/psi.h"
#include "sip/sip.h"

#include <string.h>

static pab_status teach(const void *user, void *memory, const pab_env *env, pab__teacher_output *out)
{
    pab__psi psi;
    pab_status status = pab__sip_psi(user, memory, env, &psi);
    if (status != PAB_OK)
        return status;
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        for (int b = 0; b < PAB_ENV_JOINT_ACTIONS; b++)
            out->score[e][b] = psi.z[e][b] - psi.charge[b];
    memcpy(out->score[PAB_MOE_ANCHOR], psi.psi, sizeof psi.psi);
    memcpy(out->weight, psi.weights.weight, sizeof out->weight);
    return PAB_OK;
}

static uint64_t identity_of(const pab_scenario *scn, const pab_sip *sip)
{
    const uint64_t of[] = {scn->fingerprint, sip->fingerprint, sip->master_seed};
    return pab__hash_mix(pab__hash(of, sizeof of), pab__hash(&sip->table, sizeof sip->table));
}

pab_status pab_moe_distil(pab_scenario *scn, const pab_sip *sip, const pab_learn_options *options, pab_moe **out)
{
    pab_learn_options learn;
    pab_moe_options moe;
    double weight[PAB_MOE_CELLS][PAB_EXPERT_COUNT];
    if (!scn || !sip || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a scenario, an ensemble and where the mixture goes",
                         !scn ? "scn" : !sip ? "sip" : "out");
    pab_status status = pab__moe_options_learn(options, &learn, &moe);
    if (status != PAB_OK)
        return status;
    if (!pab__pair_of(scn)->given)
        return pab__fail(PAB_E_UNSUPPORTED, "scn has no pair; expected a scenario with a pair section");
    for (int c = 0; c < PAB_MOE_CELLS; c++)
        memcpy(weight[c], sip->table.cell[c].weight, sizeof weight[c]);
    const pab__teacher teacher = {.user = sip, .memory = sizeof(pab__sip_memory), .teach = teach};
    const pab__distil_task task = {
        .host = sip->host, .scn = scn, .teacher = &teacher,
        .ensemble_weight = (const double (*)[PAB_EXPERT_COUNT])weight,
        .identity = identity_of(scn, sip), .seed = learn.master_seed,
        .components = moe.anchor ? PAB_MOE_COMPONENTS : PAB_EXPERT_COUNT, .threads = learn.threads,
        .steps = (uint32_t)(pab__pair_of(scn)->plan.horizon / pab__pair_of(scn)->plan.interval), .budget = learn.budget,
        .temperature = moe.temperature, .log_path = learn.log_path, .checkpoint = learn.checkpoint,
        .progress = learn.progress,
    };
    return pab__distil_run(&task, out);
}
