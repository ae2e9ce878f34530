/* The evaluation: the result table, and its episodes as CSV. */
#include "pipeline/result_table.h"

#include "base/file.h"
#include "base/number.h"
#include "base/csv_write.h"

#include <stdio.h>
#include <time.h>

enum { BLOCKS = 20, BLOCK = 4 };

/* --- Playing --- */

/* A block's progress as a part of the whole. */
typedef struct part {
    const pab_progress *whole;
    uint32_t block, blocks;
} part;

static int32_t tell_part(void *user, const char *stage, uint64_t done, uint64_t total)
{
    const part *p = user;
    return p->whole->report(p->whole->user, stage, p->block * total + done, p->blocks * total);
}

/* Plays the table in blocks of episodes, and keeps what there is after each. */
static pab_status play_blocks(pab__run *run, pab_eval *e, pab_policy *const *policy, const char *kept)
{
    uint32_t blocks = e->options.episodes / BLOCK;
    part p = {.whole = &run->at.relay};
    blocks = blocks < 1 ? 1 : blocks > BLOCKS ? BLOCKS : blocks;
    e->progress = (pab_progress){.struct_size = sizeof e->progress, .user = &p, .report = tell_part};
    e->options.progress = &e->progress;
    e->options.shards = p.blocks = blocks;
    pab_status status = pab__file_exists(kept) ? pab_eval_load(e, kept) : PAB_OK;
    for (p.block = 0; status == PAB_OK && p.block < blocks; p.block++) {
        e->options.shard = p.block;
        status = pab_eval_run(e, run->artefacts->scn, policy);
        if (status == PAB_OK)
            status = pab_eval_save(e, kept);
    }
    e->options.progress = NULL;
    e->options.shard = 0;
    e->options.shards = 1;
    return status;
}

/* One line per use of test seeds. It has the date, so it is no artefact. */
static pab_status note_test_run(const pab__run *run)
{
    char path[PAB__RUN_DIR_PATH], date[PAB__RUN_LINE], line[PAB__RUN_TEXT];
    time_t now = time(NULL);
    struct tm utc;
    if (run->options.split != PAB_SPLIT_TEST)
        return PAB_OK;
    if (!gmtime_r(&now, &utc) || strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return pab__fail(PAB_E_IO, "the date is not known");
    int len = pab__format(line, sizeof line, "%s seed=%llu budget=%g episodes=%u skip=%u policies=%u\n", date,
                          (unsigned long long)run->options.master_seed, run->options.budget, run->options.episodes,
                          run->options.skip, run->list.count);
    return pab__file_append(pab__run_dir_path(&run->dir, "test_runs.log", path), line, (size_t)len);
}

/* --- episodes.csv --- */

static void put_row(pab__csv_out *csv, const pab_eval *e, uint32_t p, int32_t g, uint32_t i)
{
    pab_episode_metrics metrics = {.struct_size = sizeof metrics};
    if (pab_eval_get(e, p, g, i, &metrics) != PAB_OK)
        return;
    pab__csv_put_text(csv, pab_eval_policy(e, p));
    pab__csv_put_text(csv, pab_regime_name(g));
    pab__csv_put_uint(csv, pab_eval_seed(e, g, i));
    pab__csv_put_uint(csv, i);
    for (int32_t m = 0; m < PAB_MEASURE_COUNT; m++) {
        double value = 0;
        pab_measure_value(m, &metrics, &value);
        pab__csv_put_real(csv, value);
    }
    pab__csv_end_row(csv);
}

static void put_names(pab__csv_out *csv)
{
    static const char *const keys[] = {"policy", "regime", "seed", "episode"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        pab__csv_put_text(csv, keys[k]);
    for (int32_t m = 0; m < PAB_MEASURE_COUNT; m++) {
        pab_measure_info info = {.struct_size = sizeof info};
        pab_measure_get(m, &info);
        pab__csv_put_text(csv, info.name);
    }
    pab__csv_end_row(csv);
}

static pab_status write_episodes(pab__run *run, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &run->host};
    pab__csv_out csv = {.out = &t};
    put_names(&csv);
    for (uint32_t p = 0; p < run->list.count; p++)
        for (int32_t g = 0; g < PAB_REGIME_COUNT; g++)
            for (uint32_t i = 0; i < pab_eval_episodes(run->eval, g); i++)
                put_row(&csv, run->eval, p, g, i);
    return pab__text_save(&t, pab__run_dir_path(&run->dir, file, path));
}

/* --- The stage --- */

static pab_status make_table(pab__run *run, pab_policy *const *policy, const char *const *files, const char *kept)
{
    char path[PAB__RUN_DIR_PATH];
    pab_status status = note_test_run(run);
    if (status == PAB_OK)
        status = play_blocks(run, run->eval, policy, pab__run_dir_path(&run->dir, kept, path));
    if (status == PAB_OK)
        status = pab_eval_save(run->eval, pab__run_dir_path(&run->dir, files[0], path));
    if (status == PAB_OK)
        status = write_episodes(run, files[1]);
    return status == PAB_OK ? pab__stage_end(run, files, kept) : status;
}

pab_status pab__run_evaluate(pab__run *run)
{
    static const char *const files[] = {PAB__RUN_EPISODES, "episodes.csv", NULL};
    static const char kept[] = "evaluate.checkpoint";
    pab_policy *policy[PAB__RUN_POLICIES] = {NULL};
    pab_eval_options options;
    char path[PAB__RUN_DIR_PATH];
    int32_t done;
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    pab_status status = pab__stage_begin(run, "evaluate", w.evaluate, files, kept, &done);
    if (status == PAB_OK)
        status = pab__result_options(&run->options, &options);
    if (status == PAB_OK)
        status = pab__result_policies(run->artefacts, &run->dir, &run->list);
    if (status == PAB_OK && !done)
        status = pab__policy_list_make(&run->list, run->artefacts, policy);
    if (status == PAB_OK)
        status = pab__policy_list_eval(&run->list, &run->host, &options, &run->eval);
    if (status == PAB_OK)
        status = done ? pab_eval_load(run->eval, pab__run_dir_path(&run->dir, files[0], path))
                      : make_table(run, policy, files, kept);
    pab__policy_list_free(&run->list, policy);
    return status;
}
