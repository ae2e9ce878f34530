/* Stages that learn from the simulator: experts, ensemble, distilled mixture. */
#include "pipeline/stage3.h"

#include "qlearn/qtable.h"
#include "sip/sip.h"

#include <stdio.h>

pab_status pab__learn_setup(const pab__run *run, uint64_t seed, const char *log, const char *checkpoint,
                            pab_learn_options *out)
{
    pab_status status = pab_learn_options_init(out, sizeof *out);
    out->threads = run->options.threads;
    out->master_seed = seed;
    out->budget = run->options.budget;
    out->log_path = log;
    out->checkpoint = checkpoint;
    out->progress = &run->at.relay;
    return status;
}

static pab_status train_expert(pab__run *run, int32_t expert, const char *file, const char *curve, const char *kept)
{
    char path[PAB__RUN_DIR_PATH], log[PAB__RUN_DIR_PATH], checkpoint[PAB__RUN_DIR_PATH];
    pab_learn_options learn;
    pab_qtable **q = &run->artefacts->q[expert];
    pab__run_dir_path(&run->dir, curve, log);
    pab_status status = pab__learn_setup(run, run->options.master_seed, log,
                                         pab__run_dir_path(&run->dir, kept, checkpoint), &learn);
    if (status == PAB_OK)
        status = pab_qtable_train(run->artefacts->scn, expert, &learn, q);
    if (status == PAB_OK) /* a run that ended before its last log was written has nothing left to do */
        status = pab__qtable_write_curve(*q, log);
    return status == PAB_OK ? pab_qtable_save(*q, pab__run_dir_path(&run->dir, file, path)) : status;
}

static pab_status expert_stage(pab__run *run, int32_t expert)
{
    char stage[PAB__RUN_STAGE], file[PAB__RUN_DIR_NAME], curve[PAB__RUN_DIR_NAME], kept[PAB__RUN_DIR_NAME];
    char path[PAB__RUN_DIR_PATH];
    const char *const name = pab_policy_builtin((uint32_t)expert), *const files[] = {file, curve, NULL};
    int32_t done;
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    snprintf(stage, sizeof stage, "expert %s", name);
    snprintf(file, sizeof file, "q_%s.qtable", name);
    snprintf(curve, sizeof curve, "q_%s.csv", name);
    snprintf(kept, sizeof kept, "q_%s.checkpoint", name);
    pab_status status = pab__stage_begin(run, stage, w.expert, files, kept, &done);
    if (status != PAB_OK)
        return status;
    if (done)
        return pab_qtable_load(&run->host, pab__run_dir_path(&run->dir, file, path), &run->artefacts->q[expert]);
    status = train_expert(run, expert, file, curve, kept);
    return status == PAB_OK ? pab__stage_end(run, files, kept) : status;
}

pab_status pab__run_experts(pab__run *run)
{
    pab_status status = PAB_OK;
    for (int32_t e = 0; status == PAB_OK && !run->options.rules && e < PAB_EXPERT_COUNT; e++)
        status = expert_stage(run, e);
    return status;
}

/* --- Ensemble --- */

double pab__run_multiplier(const pab__run *run)
{
    pab_sip_info info = {.struct_size = sizeof info};
    return pab_sip_describe(run->artefacts->sip, &info) == PAB_OK ? info.eta : run->options.eta;
}

pab_status pab__run_goal(const pab__run *run, const pab_eval *eval, uint32_t sip, pab__objective *out)
{
    pab_eval_summary s = {.struct_size = sizeof s};
    pab_status status = pab_eval_summarize(eval, sip, -1, &s);
    if (status == PAB_OK)
        *out = pab__sip_goal(run->artefacts->sip, s.tracking_error);
    return status;
}

static const char *const sip_tables[] = {"sip_cells.csv", "sip_search.csv", "sip_finalists.csv", "sip_front.csv"};

static pab_status train_ensemble(pab__run *run, const char *kept)
{
    char path[PAB__RUN_DIR_PATH], log[PAB__RUN_DIR_PATH], checkpoint[PAB__RUN_DIR_PATH];
    pab_learn_options learn;
    pab_sip_options how;
    pab_status status = pab__learn_setup(run, run->options.master_seed,
                                         pab__run_dir_path(&run->dir, sip_tables[PAB_SIP_CSV_SEARCH], log),
                                         pab__run_dir_path(&run->dir, kept, checkpoint), &learn);
    if (status == PAB_OK)
        status = pab_sip_options_init(&how, sizeof how);
    if (status != PAB_OK)
        return status;
    how.eta = run->options.eta;
    how.front = run->options.front;
    how.tracking = run->options.tracking;
    status = pab_sip_train(run->artefacts->scn, (const pab_qtable *const *)run->artefacts->q, &learn, &how,
                           &run->artefacts->sip);
    for (int32_t what = PAB_SIP_CSV_CELLS; status == PAB_OK && what <= PAB_SIP_CSV_FRONT; what++)
        status = pab_sip_write_csv(run->artefacts->sip, what, pab__run_dir_path(&run->dir, sip_tables[what], path));
    return status == PAB_OK ? pab_sip_save(run->artefacts->sip, pab__run_dir_path(&run->dir, "ensemble.sip", path))
                            : status;
}

pab_status pab__run_ensemble(pab__run *run)
{
    static const char kept[] = "ensemble.checkpoint";
    const char *const files[] = {"ensemble.sip", sip_tables[0], sip_tables[1], sip_tables[2], sip_tables[3], NULL};
    char path[PAB__RUN_DIR_PATH];
    int32_t done;
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    pab_status status = pab__stage_begin(run, "ensemble", w.ensemble, files, kept, &done);
    if (status != PAB_OK)
        return status;
    if (done) {
        status = pab_sip_load(&run->host, pab__run_dir_path(&run->dir, files[0], path), &run->artefacts->sip);
    } else {
        status = train_ensemble(run, kept);
        if (status == PAB_OK)
            status = pab__stage_end(run, files, kept);
    }
    return status == PAB_OK ? pab__artefacts_uniform(run->artefacts) : status;
}

/* --- Distillation --- */

pab_status pab__run_distil(pab__run *run)
{
    static const pab__distil_stage stage = {.name = "distil", .file = "distilled.moe", .curve = "distil.csv",
                                            .kept = "distilled.checkpoint"};
    return pab__stage_distil(run, &stage, &run->artefacts->distilled);
}
