/* Ablations of a finished run, from its directory to the stages. */
#include "pipeline/ablate.h"

#include "base/host.h"

#include <stdio.h>
#include <string.h>

enum { LEAST = PAB__UPTO(pab_ablate_options, hook), STAGES = 10 };

const pab__ablation pab__ablations[PAB__ABLATIONS] = {
    {"no-anchor", "the mixture without the ensemble as a component, distilled and tuned"},
    {"gate-only", "tuned with the components left as they were distilled"},
    {"whole", "tuned on preferences whose segments last to the end of the episode"},
    {"one-future", "tuned on preferences seen in one future"},
    {"mbt", "tuned by loss mbt"},
    {"no-hedge-price", "the ensemble as it was trained, played without its price on hedge error"},
    {"no-prices", "the ensemble as it was trained, played without any of its prices"},
    {"rules", "the ensemble's weights and prices over the experts' rules"},
    {"no-shield", "the hedge band is not enforced, for whoever plays"},
};

pab_status pab_ablate_options_init(pab_ablate_options *options, uint32_t size)
{
    static const pab_ablate_options defaults = {.struct_size = sizeof defaults};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, LEAST, "options");
}

/* --- The finished run --- */

/* The report is its last stage. */
static pab_status check_finished(const pab__run_dir *made)
{
    for (const char *const *file = pab__run_page_files; *file; file++)
        if (!pab__run_dir_has(made, *file))
            return pab__fail(PAB_E_STATE, "'%s' holds a run that is not finished: there is no %s; expected one that "
                             "'resume' has taken to its end", made->dir, *file);
    return PAB_OK;
}

/* The run's own options, but for what the caller may choose anew; `head` receives the ablations' manifest. */
static pab_status take_options(pab__ablate *a, const pab_ablate_options *given, char head[PAB__RUN_DIR_HEAD])
{
    pab_pipeline_options *o = &a->run.options, wanted;
    uint64_t fingerprint;
    pab_status status = pab__pipeline_head_read(a->made.head, o, &fingerprint);
    pab__pipeline_head(o, fingerprint, head, PAB__RUN_DIR_HEAD);
    if (status == PAB_OK)
        status = pab__pipeline_head_same(a->made.dir, head, a->made.head);
    if (status != PAB_OK)
        return status;
    wanted = *o;
    wanted.threads = given->threads;
    wanted.hook = given->hook;
    wanted.episodes = given->episodes > 0 ? given->episodes : o->episodes;
    wanted.resamples = given->resamples > 0 ? given->resamples : o->resamples;
    status = pab__pipeline_options_take(&wanted, o);
    pab__pipeline_head(o, fingerprint, head, PAB__RUN_DIR_HEAD);
    return status;
}

static pab_status open_run(pab__ablate *a, const char *dir, const pab_ablate_options *given,
                           char head[PAB__RUN_DIR_HEAD])
{
    pab_ablate_options options;
    int32_t found;
    pab_status status = pab_ablate_options_init(&options, sizeof options);
    if (status == PAB_OK && given)
        status = pab__record_in(&options, sizeof options, given, LEAST, "options");
    if (status == PAB_OK)
        status = pab_pipeline_open(&a->run.host, dir, &a->run.artefacts);
    if (status == PAB_OK)
        status = pab__run_dir_load(&a->made, &a->run.host, dir, &found);
    if (status == PAB_OK)
        status = check_finished(&a->made);
    return status == PAB_OK ? take_options(a, &options, head) : status;
}

/* --- The ablations' directory --- */

static pab_status open_run_dir(pab__ablate *a, const char head[PAB__RUN_DIR_HEAD])
{
    char dir[PAB__RUN_DIR_PATH];
    int32_t found;
    pab__run_dir *f = &a->run.dir;
    pab__run_dir_path(&a->made, "ablations", dir);
    pab_status status = pab__run_dir_create(f, &a->run.host, dir);
    if (status == PAB_OK)
        status = pab__run_dir_load(f, &a->run.host, dir, &found);
    if (status == PAB_OK && found)
        status = pab__pipeline_head_same(dir, head, f->head);
    memcpy(f->head, head, PAB__RUN_DIR_HEAD);
    return status;
}

/* --- The stages --- */

static void plan(pab__run *run)
{
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    run->at.stages = STAGES;
    run->at.all = w.distil + 2 * w.prefs + 4 * w.tune + 2 * w.evaluate;
}

static pab_status run_stages(pab__ablate *a)
{
    plan(&a->run);
    pab_status status = pab__ablate_mixtures(a);
    if (status == PAB_OK)
        status = pab__ablate_ensembles(a);
    if (status == PAB_OK)
        status = pab__ablate_play(a);
    if (status == PAB_OK)
        status = pab__ablate_report(a);
    if (status == PAB_OK)
        pab__run_dir_clean(&a->run.dir, 1);
    return status;
}

static void put_down(pab__lineup *lineup)
{
    for (uint32_t p = 0; p < lineup->count; p++)
        pab_policy_free(lineup->policy[p]);
    pab_eval_free(lineup->eval);
}

static void close(pab__ablate *a)
{
    put_down(&a->shielded);
    put_down(&a->bare);
    for (int i = 0; i < PAB__ABLATIONS; i++) {
        pab_moe_free(a->moe[i]);
        pab_sip_free(a->sip[i]);
    }
    pab_moe_free(a->tuned);
    pab_prefs_free(a->prefs);
    pab_pipeline_free(a->run.artefacts);
}

pab_status pab_pipeline_ablate(const pab_host *host, const char *dir, const pab_ablate_options *options)
{
    char head[PAB__RUN_DIR_HEAD];
    pab_host full;
    if (!dir)
        return pab__fail(PAB_E_ARGUMENT, "dir is NULL; expected the directory of a finished run");
    pab_status status = pab__host_take(host, &full);
    if (status != PAB_OK)
        return status;
    pab__ablate *a = pab__alloc(&full, sizeof *a);
    if (!a)
        return pab__fail(PAB_E_MEMORY, "no memory for ablations");
    a->run.host = full;
    status = open_run(a, dir, options, head);
    if (status == PAB_OK)
        status = open_run_dir(a, head);
    if (status == PAB_OK)
        status = run_stages(a);
    close(a);
    pab__release(&full, a, sizeof *a);
    return status;
}
