/* Episodes of ablations: those of the run's result table, with the environment's shield and without it. */
#include "ablation.h"

#include <string.h>
#include <unistd.h>

enum { BLOCKS = 20, BLOCK = 4 };

/* --- Who plays --- */

static pab_policy **join(ablation_group *group, const char *prefix, const char *name)
{
    snprintf(group->name[group->count], ABLATE_NAME, "%s%s", prefix, name);
    return &group->policy[group->count++];
}

/* The run's own mixture and ensemble, and the rules. */
static pab_status join_common(const ablation *a, ablation_group *group, const char *prefix)
{
    pab_status status = pab_pipeline_policy(a->made.run, "moe", join(group, prefix, "moe"));
    if (status == PAB_OK)
        status = pab_pipeline_policy(a->made.run, "sip", join(group, prefix, "sip"));
    for (uint32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++) {
        const char *rule = pab_policy_builtin(e);
        status = pab_pipeline_policy(a->made.run, rule, join(group, prefix, rule));
    }
    return status;
}

static pab_status join_all(ablation *a)
{
    pab_status status = join_common(a, &a->shielded, "");
    if (status == PAB_OK)
        status = join_common(a, &a->bare, "no-shield:");
    if (status == PAB_OK)
        status = pab_moe_policy(a->tuned, join(&a->shielded, "", a->tuned_name));
    for (int i = 0; status == PAB_OK && i < ABLATE_COUNT; i++) {
        const char *name = ablation_kinds[i].name;
        if (a->moe[i])
            status = pab_moe_policy(a->moe[i], join(&a->shielded, "", name));
        else if (a->sip[i])
            status = pab_sip_policy(a->sip[i], join(&a->shielded, "", name));
    }
    return status;
}

/* --- Episodes --- */

/* Validation or test seeds of the run's result table begin here. */
#define FIRST_SEED (UINT64_C(1) << 41)

static pab_status make_eval(const ablation *a, const ablation_group *group, int shield, uint32_t block,
                            uint32_t blocks, pab_eval **out)
{
    const char *name[ABLATE_POLICIES];
    pab_reset_options episode;
    pab_eval_options options;
    for (uint32_t p = 0; p < group->count; p++)
        name[p] = group->name[p];
    pab_status status = pab_reset_options_init(&episode, sizeof episode);
    episode.shield = shield;
    if (status == PAB_OK)
        status = pab_eval_options_init(&options, sizeof options);
    options.split = a->made.info.split;
    options.first = FIRST_SEED + a->made.info.skip;
    options.episodes = a->episodes;
    options.threads = a->threads;
    options.resamples = a->resamples;
    options.shard = block;
    options.shards = blocks;
    options.episode = &episode;
    options.progress = a->progress;
    return status == PAB_OK ? pab_eval_new(NULL, name, group->count, &options, out) : status;
}

/* Plays in blocks of episodes, and saves what there is after each. */
static pab_status play_blocks(const ablation *a, const ablation_group *group, int shield, const char *kept)
{
    uint32_t blocks = a->episodes / BLOCK;
    pab_status status = PAB_OK;
    blocks = blocks < 1 ? 1 : blocks > BLOCKS ? BLOCKS : blocks;
    for (uint32_t block = 0; status == PAB_OK && block < blocks; block++) {
        pab_eval *eval = NULL;
        status = make_eval(a, group, shield, block, blocks, &eval);
        if (status == PAB_OK && access(kept, F_OK) == 0)
            status = pab_eval_load(eval, kept);
        if (status == PAB_OK)
            status = pab_eval_run(eval, pab_pipeline_scenario(a->made.run), group->policy);
        if (status == PAB_OK)
            status = pab_eval_save(eval, kept);
        pab_eval_free(eval);
    }
    return status;
}

static pab_status play(const ablation *a, ablation_group *group, int shield, const char *file)
{
    char path[FINISHED_PATH], kept[FINISHED_PATH], name[ABLATE_NAME];
    snprintf(name, sizeof name, "%s.checkpoint", file);
    ablation_path(a, name, kept);
    ablation_path(a, file, path);
    pab_status status = ablation_has(a, file) ? PAB_OK : play_blocks(a, group, shield, kept);
    if (status == PAB_OK)
        status = make_eval(a, group, shield, 0, 1, &group->eval);
    if (status == PAB_OK)
        status = pab_eval_load(group->eval, ablation_has(a, file) ? path : kept);
    if (status == PAB_OK)
        status = pab_eval_save(group->eval, path);
    if (status == PAB_OK)
        unlink(kept);
    return status;
}

pab_status ablation_play(ablation *a)
{
    pab_status status = join_all(a);
    if (status == PAB_OK)
        status = play(a, &a->shielded, 1, "episodes.eval");
    return status == PAB_OK ? play(a, &a->bare, 0, "no-shield.eval") : status;
}
