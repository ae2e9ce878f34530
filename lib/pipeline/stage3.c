/* The parts of Stage 3: distillation, preferences, tuning. */
#include "pipeline/stage3.h"

#include "base/rng.h"

#include <stdio.h>

enum { PURPOSE_ROUND = 0x726e6473 };

uint64_t pab__round_seed(const pab__run *run, uint32_t round)
{
    return pab__rng_key(run->options.master_seed, round, PURPOSE_ROUND);
}

/* --- Distillation --- */

pab_status pab__stage_distil(pab__run *run, const pab__distil_stage *stage, pab_moe **out)
{
    const char *const files[] = {stage->file, stage->curve, NULL};
    char path[PAB__FOLDER_PATH], log[PAB__FOLDER_PATH], checkpoint[PAB__FOLDER_PATH];
    pab_learn_options learn;
    int32_t done;
    pab__weights w;
    pab__stage_weights(&run->options, &w);
    pab__folder_path(&run->folder, stage->file, path);
    pab_status status = pab__stage_begin(run, stage->name, w.distil, files, &done);
    if (status != PAB_OK)
        return status;
    if (done)
        return pab_moe_load(&run->host, path, out);
    status = pab__learn_setup(run, run->options.master_seed, pab__folder_path(&run->folder, stage->curve, log),
                              pab__folder_path(&run->folder, stage->kept, checkpoint), &learn);
    learn.moe = stage->how;
    if (status == PAB_OK)
        status = pab_moe_distil(run->shelf->scn, run->shelf->sip, &learn, out);
    if (status == PAB_OK)
        status = pab_moe_save(*out, path);
    return status == PAB_OK ? pab__stage_end(run, files, stage->kept) : status;
}

/* --- Preferences --- */

static pab_status generate(pab__run *run, const pab__prefer_stage *stage, const pab_learn_options *learn,
                           pab_prefs **out)
{
    pab_policy *drawn = NULL, *greedy = NULL;
    pab_moe_play play;
    pab_prefs_options how = stage->how;
    pab_status status = pab_moe_play_init(&play, sizeof play);
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
        how.eta = pab__run_price(run);
        status = pab_prefs_generate(run->shelf->scn, run->shelf->sip, greedy, learn, &how, out);
    }
    pab_policy_free(drawn);
    pab_policy_free(greedy);
    return status;
}

pab_status pab__stage_prefer(pab__run *run, const pab__prefer_stage *stage, pab_prefs **out)
{
    char file[PAB__FOLDER_NAME], kept[PAB__FOLDER_NAME], path[PAB__FOLDER_PATH], checkpoint[PAB__FOLDER_PATH];
    const char *const files[] = {file, NULL};
    pab_learn_options learn;
    int32_t done;
    pab__weights w;
    pab__stage_weights(&run->options, &w);
    snprintf(file, sizeof file, "%s.prefs", stage->stem);
    snprintf(kept, sizeof kept, "%s.checkpoint", stage->stem);
    pab__folder_path(&run->folder, file, path);
    pab_status status = pab__stage_begin(run, stage->name, w.prefs, files, &done);
    if (status != PAB_OK)
        return status;
    if (done)
        return pab_prefs_load(&run->host, path, out);
    status = pab__learn_setup(run, pab__round_seed(run, stage->round), NULL,
                              pab__folder_path(&run->folder, kept, checkpoint), &learn);
    if (status == PAB_OK)
        status = generate(run, stage, &learn, out);
    if (status == PAB_OK)
        status = pab_prefs_save(*out, path);
    return status == PAB_OK ? pab__stage_end(run, files, kept) : status;
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
    char file[PAB__FOLDER_NAME], curve[PAB__FOLDER_NAME], kept[PAB__FOLDER_NAME];
    char path[PAB__FOLDER_PATH], log[PAB__FOLDER_PATH], checkpoint[PAB__FOLDER_PATH];
    const char *const files[] = {file, curve, NULL};
    pab_learn_options learn;
    int32_t done, accepted;
    pab__weights w;
    pab__stage_weights(&run->options, &w);
    snprintf(file, sizeof file, "%s.moe", stage->stem);
    snprintf(curve, sizeof curve, "%s.csv", stage->stem);
    snprintf(kept, sizeof kept, "%s.checkpoint", stage->stem);
    pab__folder_path(&run->folder, file, path);
    pab_status status = pab__stage_begin(run, stage->name, w.tune, files, &done);
    if (status != PAB_OK)
        return status;
    if (done)
        return pab_moe_load(&run->host, path, out);
    status = pab__learn_setup(run, pab__round_seed(run, stage->round), pab__folder_path(&run->folder, curve, log),
                              pab__folder_path(&run->folder, kept, checkpoint), &learn);
    learn.moe = stage->how;
    if (status == PAB_OK)
        status = pab_moe_tune(run->shelf->scn, run->shelf->sip, stage->reference, stage->prefs, stage->loss, &learn,
                              out, &accepted);
    if (status == PAB_OK)
        status = pab_moe_save(*out, path);
    return status == PAB_OK ? pab__stage_end(run, files, kept) : status;
}
