/* Episodes of a table, played in blocks with a checkpoint after each, and their file. */
#include "pipeline/result_table.h"

#include "base/file.h"
#include "eval/table.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BLOCKS = 20, BLOCK = 4 };

static const pab__file_kind rows_kind = {{'E', 'V', 'A', 'L'}, 1, "rows of an evaluation"};

pab_status pab__result_options(const pab__run *run, pab_eval_options *out)
{
    pab_status status = pab_eval_options_init(out, sizeof *out);
    out->split = run->options.split;
    out->first = PAB__SEEDS_LAST + run->options.skip;
    out->episodes = run->options.episodes;
    out->threads = run->options.threads;
    out->resamples = run->options.resamples;
    return status;
}

/* --- Their file --- */

static size_t rows_size(const pab_eval *e)
{
    return (size_t)e->policies * e->strata * e->options.episodes * sizeof *e->rows;
}

/* Rows as they stand, in memory's layout: the manifest ties them to one version of the library. */
static pab_status save_rows(const pab_eval *e, const char *path)
{
    const size_t size = rows_size(e), cap = size + PAB__FRAME_SIZE;
    unsigned char *buf = pab__alloc(&e->host, cap);
    if (!buf)
        return pab__fail(PAB_E_MEMORY, "no memory for the %zu bytes of '%s'", cap, path);
    memcpy(buf + PAB__FRAME_SIZE - 8, e->rows, size);
    pab__frame_seal(&rows_kind, buf, size);
    pab_status status = pab__file_write(path, buf, cap);
    pab__release(&e->host, buf, cap);
    return status;
}

static pab_status load_rows(pab_eval *e, const char *path)
{
    void *data;
    size_t len, payload_len;
    const void *payload;
    if (access(path, F_OK) != 0)
        return PAB_OK;
    pab_status status = pab__file_read(&e->host, path, rows_size(e) + PAB__FRAME_SIZE, &data, &len);
    if (status != PAB_OK)
        return status;
    status = pab__frame_open(&rows_kind, data, len, path, &payload, &payload_len);
    if (status == PAB_OK && payload_len != rows_size(e))
        status = pab__fail(PAB_E_KIND, "'%s' is of another evaluation", path);
    if (status == PAB_OK)
        memcpy(e->rows, payload, payload_len);
    pab__release(&e->host, data, len + 1);
    return status;
}

pab_status pab__result_load(const pab__run *run, pab_eval *eval, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    return load_rows(eval, pab__run_dir_path(&run->dir, file, path));
}

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
    pab_status status = load_rows(e, kept);
    for (p.block = 0; status == PAB_OK && p.block < blocks; p.block++) {
        e->options.shard = p.block;
        status = pab_eval_run(e, run->artefacts->scn, policy);
        if (status == PAB_OK)
            status = save_rows(e, kept);
    }
    e->options.progress = NULL;
    e->options.shard = 0;
    e->options.shards = 1;
    return status;
}

/* One line per use of test seeds. It tells the time, so it is no artefact. */
static pab_status note_test_run(const pab__run *run, const pab_eval *eval)
{
    char path[PAB__RUN_DIR_PATH], date[PAB__RUN_LINE];
    time_t now = time(NULL);
    struct tm utc;
    if (run->options.split != PAB_SPLIT_TEST)
        return PAB_OK;
    if (!gmtime_r(&now, &utc) || strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return pab__fail(PAB_E_IO, "the date is not known");
    FILE *log = fopen(pab__run_dir_path(&run->dir, "test_runs.log", path), "a");
    if (!log)
        return pab__fail(PAB_E_IO, "cannot write '%s'", path);
    int bad = fprintf(log, "%s seed=%llu budget=%g episodes=%u skip=%u policies=%u\n", date,
                      (unsigned long long)run->options.master_seed, run->options.budget, eval->options.episodes,
                      run->options.skip, eval->policies) < 0;
    bad |= fclose(log) != 0;
    return bad ? pab__fail(PAB_E_IO, "cannot write '%s'", path) : PAB_OK;
}

pab_status pab__result_play(pab__run *run, pab_eval *eval, pab_policy *const *policy, const char *file,
                            const char *kept)
{
    char path[PAB__RUN_DIR_PATH];
    pab_status status = note_test_run(run, eval);
    if (status == PAB_OK)
        status = play_blocks(run, eval, policy, pab__run_dir_path(&run->dir, kept, path));
    return status == PAB_OK ? save_rows(eval, pab__run_dir_path(&run->dir, file, path)) : status;
}
