/* What a run made, and policies of it by name. */
#include "pipeline/run.h"

#include "base/host.h"
#include "moedpo/moe.h"
#include "sip/sip.h"

#include <stdio.h>
#include <string.h>

pab_status pab__artefacts_new(const pab_host *host, pab_pipeline **out)
{
    pab_pipeline *artefacts = pab__alloc(host, sizeof *artefacts);
    if (!artefacts)
        return pab__fail(PAB_E_MEMORY, "no memory for a run");
    artefacts->host = *host;
    *out = artefacts;
    return PAB_OK;
}

void pab_pipeline_free(pab_pipeline *run)
{
    if (!run)
        return;
    pab_host host = run->host;
    for (int32_t l = 0; l < PAB_LOSS_COUNT; l++)
        pab_moe_free(run->tuned[l]);
    pab_moe_free(run->moe);
    pab_moe_free(run->distilled);
    pab_sip_free(run->uniform);
    pab_sip_free(run->sip);
    for (int32_t e = 0; e < PAB_EXPERT_COUNT; e++)
        pab_qtable_free(run->q[e]);
    pab_scenario_free(run->scn);
    pab_config_free(run->cfg);
    pab__release(&host, run, sizeof *run);
}

pab_status pab__artefacts_uniform(pab_pipeline *artefacts)
{
    pab__sip_table table;
    pab__sip_table_even(&table);
    return pab__sip_variant(artefacts->sip, &table, &artefacts->uniform);
}

/* --- Opening --- */

static pab_status load_scenario(pab_pipeline *artefacts, const pab__run_dir *f)
{
    char path[PAB__RUN_DIR_PATH];
    pab_status status = pab_config_new(&artefacts->host, &artefacts->cfg);
    if (status == PAB_OK)
        status = pab_config_load(artefacts->cfg, pab__run_dir_path(f, pab__run_dir_has(f, "calibrated.yaml")
                                                                    ? "calibrated.yaml"
                                                                    : "scenario.yaml", path));
    return status == PAB_OK ? pab_scenario_new(artefacts->cfg, &artefacts->scn) : status;
}

static pab_status load_experts(pab_pipeline *artefacts, const pab__run_dir *f)
{
    char path[PAB__RUN_DIR_PATH], name[PAB__RUN_DIR_NAME];
    pab_status status = PAB_OK;
    for (uint32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++) {
        snprintf(name, sizeof name, "q_%s.qtable", pab_policy_builtin(e));
        if (pab__run_dir_has(f, name))
            status = pab_qtable_load(&artefacts->host, pab__run_dir_path(f, name, path), &artefacts->q[e]);
    }
    if (status == PAB_OK && pab__run_dir_has(f, "ensemble.sip")) {
        status = pab_sip_load(&artefacts->host, pab__run_dir_path(f, "ensemble.sip", path), &artefacts->sip);
        if (status == PAB_OK)
            status = pab__artefacts_uniform(artefacts);
    }
    return status;
}

/* The distilled mixture, and that of the last round that changed it. */
static pab_status load_mixtures(pab_pipeline *artefacts, const pab__run_dir *f)
{
    char path[PAB__RUN_DIR_PATH], name[PAB__RUN_DIR_NAME], last[PAB__RUN_DIR_NAME] = "";
    pab_status status = PAB_OK;
    if (pab__run_dir_has(f, "distilled.moe"))
        status = pab_moe_load(&artefacts->host, pab__run_dir_path(f, "distilled.moe", path), &artefacts->distilled);
    for (uint32_t round = 1; round <= PAB__RUN_ROUNDS; round++) {
        snprintf(name, sizeof name, "round%u.moe", round);
        if (pab__run_dir_has(f, name) && strcmp(pab__run_round_decision(f, round), PAB__RUN_REFERENCE) != 0)
            memcpy(last, name, sizeof last);
    }
    if (status == PAB_OK && last[0] != '\0')
        status = pab_moe_load(&artefacts->host, pab__run_dir_path(f, last, path), &artefacts->moe);
    return status;
}

/* A tuning that was not accepted left a copy of its reference, which bears no name of this loss. */
static pab_status load_tuned(pab_pipeline *artefacts, const pab__run_dir *f, int32_t loss)
{
    char path[PAB__RUN_DIR_PATH], name[PAB__RUN_DIR_NAME];
    pab_status status = PAB_OK;
    for (int round = 1; status == PAB_OK && round <= PAB__RUN_ROUNDS; round++) {
        pab_moe *moe = NULL;
        snprintf(name, sizeof name, "round%d_%s.moe", round, pab_loss_name(loss));
        if (!pab__run_dir_has(f, name))
            continue;
        status = pab_moe_load(&artefacts->host, pab__run_dir_path(f, name, path), &moe);
        if (status == PAB_OK && moe->body.loss == loss) {
            pab_moe_free(artefacts->tuned[loss]);
            artefacts->tuned[loss] = moe;
            moe = NULL;
        }
        pab_moe_free(moe);
    }
    return status;
}

pab_status pab_pipeline_open(const pab_host *host, const char *dir, pab_pipeline **out)
{
    pab_host full;
    pab__run_dir files;
    int32_t found;
    pab_pipeline *artefacts = NULL;
    if (!dir || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !dir ? "dir" : "out");
    pab_status status = pab__host_take(host, &full);
    if (status == PAB_OK)
        status = pab__run_dir_load(&files, &full, dir, &found);
    if (status == PAB_OK && !found)
        status = pab__fail(PAB_E_IO, "'%s' holds no run of the pipeline: there is no manifest.json", dir);
    if (status == PAB_OK)
        status = pab__artefacts_new(&full, &artefacts);
    if (status == PAB_OK) {
        artefacts->dir = files;
        status = load_scenario(artefacts, &files);
    }
    if (status == PAB_OK)
        status = load_experts(artefacts, &files);
    if (status == PAB_OK)
        status = load_mixtures(artefacts, &files);
    for (int32_t l = 0; status == PAB_OK && l < PAB_LOSS_COUNT; l++)
        status = load_tuned(artefacts, &files, l);
    if (status == PAB_OK)
        *out = artefacts;
    else
        pab_pipeline_free(artefacts);
    return status;
}

pab_scenario *pab_pipeline_scenario(const pab_pipeline *run)
{
    return run ? run->scn : NULL;
}

/* --- Policies --- */

enum { UNIFORM = PAB_EXPERT_COUNT, ENSEMBLE, DISTILLED, MIXTURE, TUNED, KINDS = TUNED + PAB_LOSS_COUNT };

static const char *const names[KINDS] = {"q:lae", "q:sce", "q:ome", "q:rae", "uniform", "sip", "distilled", "moe",
                                         "moe:mix", "moe:cpl", "moe:ipo", "moe:pl", "moe:mbt"};

static int32_t has(const pab_pipeline *run, uint32_t kind)
{
    if (kind < UNIFORM)
        return run->q[kind] != NULL;
    if (kind == UNIFORM || kind == ENSEMBLE)
        return run->sip != NULL;
    if (kind == DISTILLED || kind == MIXTURE)
        return run->distilled != NULL;
    return run->tuned[kind - TUNED] != NULL;
}

const char *pab_pipeline_name(const pab_pipeline *run, uint32_t index)
{
    for (uint32_t kind = 0; run && kind < KINDS; kind++)
        if (has(run, kind) && index-- == 0)
            return names[kind];
    return NULL;
}

static pab_status make(const pab_pipeline *run, uint32_t kind, pab_policy **out)
{
    if (!has(run, kind))
        return pab__fail(PAB_E_STATE, "the run has not made the policy '%s'", names[kind]);
    if (kind < UNIFORM)
        return pab_qtable_policy(run->q[kind], out);
    if (kind == UNIFORM || kind == ENSEMBLE)
        return pab_sip_policy(kind == UNIFORM ? run->uniform : run->sip, out);
    if (kind == DISTILLED)
        return pab_moe_policy(run->distilled, out);
    if (kind == MIXTURE)
        return pab_moe_policy(run->moe ? run->moe : run->distilled, out);
    return pab_moe_policy(run->tuned[kind - TUNED], out);
}

/* The sentence of pab_policy_parse, with the policies that the run has made. */
static pab_status unknown_policy(const pab_pipeline *run)
{
    char text[PAB__RUN_TEXT * 2], made[PAB__RUN_TEXT] = "";
    pab_last_error(text, sizeof text);
    for (uint32_t i = 0; pab_pipeline_name(run, i); i++) {
        const size_t used = strlen(made);
        snprintf(made + used, sizeof made - used, "%s%s", used > 0 ? ", " : "", pab_pipeline_name(run, i));
    }
    return pab__fail(PAB_E_KEY, "%s; this run has %s", text, made[0] != '\0' ? made : "no policies of its own yet");
}

pab_status pab_pipeline_policy(const pab_pipeline *run, const char *name, pab_policy **out)
{
    if (!run || !name || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !run ? "run" : !name ? "name" : "out");
    for (uint32_t kind = 0; kind < KINDS; kind++)
        if (strcmp(names[kind], name) == 0)
            return make(run, kind, out);
    pab_status status = pab_policy_parse(&run->host, name, out);
    return status == PAB_E_KEY ? unknown_policy(run) : status;
}
