#include "finished.h"

#include "../cli.h"

#include <errno.h>
#include <string.h>

int finished_open(finished *f, const char *dir)
{
    *f = (finished){.dir = dir, .info = {.struct_size = sizeof f->info}};
    if (strlen(dir) > FINISHED_PATH - 64)
        return cli_usage("DIR has %zu characters; expected at most %d", strlen(dir), FINISHED_PATH - 64);
    pab_status status = pab_pipeline_open(NULL, dir, &f->run);
    if (status == PAB_OK)
        status = pab_pipeline_describe(f->run, &f->info);
    if (status == PAB_OK && !f->info.finished)
        return cli_fail("the run in '%s' is not finished; 'pairsabides run SCENARIO -o %s --resume' continues it", dir,
                        dir);
    if (status == PAB_OK)
        status = pab_pipeline_eval(f->run, &f->eval);
    return status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

void finished_close(finished *f)
{
    pab_eval_free(f->eval);
    pab_pipeline_free(f->run);
}

const char *finished_path(const finished *f, const char *name, char *path)
{
    snprintf(path, FINISHED_PATH, "%s/%s", f->dir, name);
    return path;
}

FILE *finished_create(const finished *f, const char *name)
{
    char path[FINISHED_PATH];
    FILE *file = fopen(finished_path(f, name, path), "w");
    if (!file)
        cli_fail("cannot create '%s': %s", path, strerror(errno));
    return file;
}

int finished_saved(const finished *f, const char *name, FILE *file)
{
    const int failed = ferror(file);
    char path[FINISHED_PATH];
    if (fclose(file) == 0 && !failed)
        return CLI_OK;
    return cli_fail("cannot write '%s': %s", finished_path(f, name, path), strerror(errno));
}

int finished_find(const finished *f, const char *policy)
{
    for (uint32_t p = 0; p < pab_eval_policies(f->eval); p++)
        if (strcmp(pab_eval_policy(f->eval, p), policy) == 0)
            return (int)p;
    return -1;
}

pab_status finished_summary(const finished *f, const char *policy, int32_t regime, pab_eval_summary *out)
{
    *out = (pab_eval_summary){.struct_size = sizeof *out};
    return pab_eval_summarize(f->eval, (uint32_t)finished_find(f, policy), regime, out);
}

pab_status finished_compare(const finished *f, const char *base, int32_t regime, int32_t measure,
                            pab_contrast out[FINISHED_POLICIES])
{
    for (uint32_t p = 0; p < FINISHED_POLICIES; p++)
        out[p] = (pab_contrast){.struct_size = sizeof out[p]};
    return pab_eval_compare(f->eval, (uint32_t)finished_find(f, base), regime, measure, out,
                            pab_eval_policies(f->eval));
}

const char *finished_regime(int32_t regime)
{
    return regime < 0 ? "all" : pab_regime_name(regime);
}

const char *finished_split(int32_t split)
{
    static const char *const names[] = {"", "training", "validation", "test"};
    return names[split];
}

const char *finished_shipped(int32_t shipped)
{
    static const char *const names[] = {"the ensemble (sip)", "the mixture as distilled", "the tuned mixture (moe)"};
    return shipped < 0 ? "nothing yet" : names[shipped];
}
