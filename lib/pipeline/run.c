/* The sequence of stages. */
#include "pipeline/run.h"

#include "scenario/config.h"
#include "env/pair.h"

#include <stdio.h>
#include <string.h>

#define LEAST_RESULT PAB__UPTO(pab_pipeline_result, mixture_high)

/* A configuration of the run's own, which calibration may add to. */
static pab_status copy_config(pab__run *run, const pab_config *cfg)
{
    pab_status status = pab_config_new(&cfg->host, &run->artefacts->cfg);
    for (uint32_t i = 0; status == PAB_OK && i < cfg->type_count; i++)
        status = pab_config_add_agent_type(run->artefacts->cfg, &cfg->types[i]);
    return status == PAB_OK ? pab__config_merge(run->artefacts->cfg, cfg->tree.root, NULL) : status;
}

/* What is refused before anything is written. */
static pab_status make_scenario(pab__run *run, const pab_config *cfg)
{
    pab_status status = copy_config(run, cfg);
    if (status == PAB_OK)
        status = pab_scenario_new(run->artefacts->cfg, &run->artefacts->scn);
    if (status != PAB_OK)
        return status;
    if (!pab__pair_of(run->artefacts->scn)->given)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has no section 'pair'", run->artefacts->scn->name);
    if (run->artefacts->scn->rng != PAB_RNG_FAST)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has rng: abides, whose seeds have no splits; learning "
                         "needs rng: fast", run->artefacts->scn->name);
    return PAB_OK;
}

static pab_status open_run_dir(pab__run *run, const pab_config *cfg, const char *dir)
{
    static const char *const first[] = {"scenario.yaml", NULL};
    char head[PAB__RUN_DIR_HEAD], path[PAB__RUN_DIR_PATH];
    int32_t found;
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_status status = pab_scenario_describe(run->artefacts->scn, &info);
    pab__pipeline_head(&run->options, info.fingerprint, head, sizeof head);
    if (status == PAB_OK)
        status = pab__run_dir_create(&run->dir, &run->host, dir);
    if (status == PAB_OK)
        status = pab__run_lock_take(dir, &run->lock);
    if (status == PAB_OK)
        status = pab__run_dir_load(&run->dir, &run->host, dir, &found);
    if (status != PAB_OK)
        return status;
    if (found && !run->options.resume)
        return pab__fail(PAB_E_STATE, "'%s' holds a run already; resume it, or name another directory", dir);
    if (found)
        status = pab__pipeline_head_same(dir, head, run->dir.head);
    if (status == PAB_OK && found)
        pab__run_dir_clean(&run->dir);
    memcpy(run->dir.head, head, sizeof head);
    if (status != PAB_OK || pab__run_dir_has(&run->dir, first[0]))
        return status;
    status = pab_config_save(cfg, pab__run_dir_path(&run->dir, first[0], path));
    return status == PAB_OK ? pab__run_dir_record(&run->dir, first) : status;
}

static pab_status run_stages(pab__run *run)
{
    static pab_status (*const stage[])(pab__run *) = {
        pab__run_calibrate, pab__run_experts,   pab__run_ensemble, pab__run_distil,
        pab__run_rounds,    pab__run_choice,    pab__run_evaluate, pab__run_report,
    };
    pab_status status = PAB_OK;
    pab__stage_plan(run);
    for (size_t i = 0; status == PAB_OK && i < sizeof stage / sizeof *stage; i++)
        status = stage[i](run);
    return status == PAB_OK ? pab__run_dir_finish(&run->dir) : status;
}

pab_status pab_pipeline_run(const pab_config *cfg, const char *dir, const pab_pipeline_options *options,
                            pab_pipeline_result *result)
{
    if (!cfg || !dir)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !cfg ? "cfg" : "dir");
    if (result && pab__record_check(result, LEAST_RESULT, "result") != PAB_OK)
        return PAB_E_ARGUMENT;
    pab__run *run = pab__alloc(&cfg->host, sizeof *run);
    if (!run)
        return pab__fail(PAB_E_MEMORY, "no memory for a run");
    run->host = cfg->host;
    run->result.struct_size = sizeof run->result;
    pab_status status = pab__pipeline_options_take(options, &run->options);
    if (status == PAB_OK)
        status = pab__artefacts_new(&run->host, &run->artefacts);
    if (status == PAB_OK)
        status = make_scenario(run, cfg);
    if (status == PAB_OK)
        status = open_run_dir(run, cfg, dir);
    if (status == PAB_OK)
        status = run_stages(run);
    if (status == PAB_OK && result)
        status = pab__record_out(result, &run->result, sizeof run->result, LEAST_RESULT, "result");
    pab__run_lock_free(&run->lock);
    pab_eval_free(run->eval);
    pab_pipeline_free(run->artefacts);
    pab__release(&cfg->host, run, sizeof *run);
    return status;
}
