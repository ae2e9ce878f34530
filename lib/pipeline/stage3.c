/* The parts of Stage 3: distillation, preferences, tuning. */
#include "pipeline/stage3.h"

#include "base/rng.h"

#include <stdio.h>

enum { PURPOSE_ROUND = 0x726e6473 };

uint64_t pab__round_seed(uint64_t master_seed, uint32_t round)
{
    return pab__rng_key(master_seed, round, PURPOSE_ROUND);
}

/* What a part leaves, whether it is there already, and how it is made otherwise. */
typedef struct part {
    pab__run *run;
    char file[PAB__RUN_DIR_NAME], curve[PAB__RUN_DIR_NAME], kept[PAB__RUN_DIR_NAME]; /* no curve: empty */
    char path[PAB__RUN_DIR_PATH];                                                 /* of the file */
    const char *files[3];
    pab_learn_options learn;
    char log[PAB__RUN_DIR_PATH], checkpoint[PAB__RUN_DIR_PATH]; /* behind those options */
    int32_t done;
} part;

static void name_files(part *p, const char *file, const char *curve, const char *kept)
{
    snprintf(p->file, sizeof p->file, "%s", file);
    snprintf(p->curve, sizeof p->curve, "%s", curve);
    snprintf(p->kept, sizeof p->kept, "%s", kept);
}

static void name_by_stem(part *p, const char *stem, const char *ending, int has_curve)
{
    snprintf(p->file, sizeof p->file, "%s.%s", stem, ending);
    if (has_curve)
        snprintf(p->curve, sizeof p->curve, "%s.csv", stem);
    snprintf(p->kept, sizeof p->kept, "%s.checkpoint", stem);
}

static pab_status begin(part *p, const char *stage, double weight, uint64_t seed)
{
    const pab__run_dir *files = &p->run->dir;
    const char *log = p->curve[0] != '\0' ? pab__run_dir_path(files, p->curve, p->log) : NULL;
    p->files[0] = p->file;
    p->files[1] = log ? p->curve : NULL;
    pab__run_dir_path(files, p->file, p->path);
    pab_status status = pab__stage_begin(p->run, stage, weight, p->files, p->kept, &p->done);
    if (status != PAB_OK || p->done)
        return status;
    return pab__learn_setup(p->run, seed, log, pab__run_dir_path(files, p->kept, p->checkpoint), &p->learn);
}

static pab__stage_cost weights_of(const pab__run *run)
{
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    return w;
}

/* --- Distillation --- */

pab_status pab__stage_distil(pab__run *run, const pab__distil_stage *stage, pab_moe **out)
{
    part p = {.run = run};
    name_files(&p, stage->file, stage->curve, stage->kept);
    pab_status status = begin(&p, stage->name, weights_of(run).distil, run->options.master_seed);
    if (status != PAB_OK)
        return status;
    if (p.done)
        return pab_moe_load(&run->host, p.path, out);
    p.learn.moe = stage->how;
    status = pab_moe_distil(run->artefacts->scn, run->artefacts->sip, &p.learn, out);
    if (status == PAB_OK)
        status = pab_moe_save(*out, p.path);
    return status == PAB_OK ? pab__stage_end(run, p.files, p.kept) : status;
}

/* --- Preferences --- */

static pab_status generate(pab__run *run, const pab__prefer_stage *stage, const pab_learn_options *learn,
                           pab_prefs **out)
{
    pab_policy *drawn = NULL, *greedy = NULL;
    pab_moe_policy_options play;
    pab_prefs_options how = stage->how;
    pab_status status = pab_moe_policy_options_init(&play, sizeof play);
    play.sample = 1;
    play.temperature = 1.5;
    play.seed = learn->master_seed;
    if (status == PAB_OK)
        status = pab_moe_policy_with(stage->reference, &play, &drawn);
    if (status == PAB_OK && stage->tuned)
        status = pab_moe_policy(stage->reference, &greedy);
    if (status == PAB_OK) {
        const pab_policy *const extra[] = {drawn, greedy};
        how.extras = stage->tuned ? 2 : 1;
        how.extra = extra;
        how.eta = pab__run_multiplier(run);
        status = pab_prefs_generate(run->artefacts->scn, run->artefacts->sip, greedy, learn, &how, out);
    }
    pab_policy_free(drawn);
    pab_policy_free(greedy);
    return status;
}

pab_status pab__stage_prefer(pab__run *run, const pab__prefer_stage *stage, pab_prefs **out)
{
    part p = {.run = run};
    name_by_stem(&p, stage->stem, "prefs", 0);
    pab_status status = begin(&p, stage->name, weights_of(run).prefs,
                              pab__round_seed(run->options.master_seed, stage->round));
    if (status != PAB_OK)
        return status;
    if (p.done)
        return pab_prefs_load(&run->host, p.path, out);
    status = generate(run, stage, &p.learn, out);
    if (status == PAB_OK)
        status = pab_prefs_save(*out, p.path);
    return status == PAB_OK ? pab__stage_end(run, p.files, p.kept) : status;
}

uint32_t pab__prefs_pairs(const pab_prefs *prefs)
{
    pab_prefs_info info = {.struct_size = sizeof info};
    uint32_t pairs = 0;
    if (pab_prefs_describe(prefs, &info) != PAB_OK)
        return 0;
    for (uint32_t i = 0; i < info.starts; i++) {
        pab_prefs_start start = {.struct_size = sizeof start};
        if (pab_prefs_start_get(prefs, i, &start) == PAB_OK && !start.held)
            pairs += start.pairs;
    }
    return pairs;
}

/* --- Tuning --- */

pab_status pab__stage_tune(pab__run *run, const pab__tune_stage *stage, pab_moe **out)
{
    part p = {.run = run};
    int32_t accepted;
    name_by_stem(&p, stage->stem, "moe", 1);
    pab_status status = begin(&p, stage->name, weights_of(run).tune,
                              pab__round_seed(run->options.master_seed, stage->round));
    if (status != PAB_OK)
        return status;
    if (p.done)
        return pab_moe_load(&run->host, p.path, out);
    pab_moe_options how;
    status = pab_moe_options_init(&how, sizeof how);
    if (stage->how)
        how = *stage->how;
    how.loss = stage->loss;
    p.learn.moe = &how;
    if (status == PAB_OK)
        status = pab_moe_tune(run->artefacts->scn, run->artefacts->sip, stage->reference, stage->prefs, &p.learn, out,
                              &accepted);
    if (status == PAB_OK)
        status = pab_moe_save(*out, p.path);
    return status == PAB_OK ? pab__stage_end(run, p.files, p.kept) : status;
}
