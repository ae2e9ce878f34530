/* Stages: their shares of the whole, beginning and end, and reports to the progress hook. */
#include "pipeline/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/number.h"

static const char times_name[] = "stage_times.csv";

static double clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Rough counts of episodes, or what takes as long. Only the estimate of time left depends on them. */
void pab__stage_costs(const pab_pipeline_options *o, pab__stage_cost *out)
{
    const double b = o->budget;
    const double rounds = pab__pipeline_scaled(b, 64, 2), judges = 5.0 * pab__pipeline_scaled(b, 64, 4);
    const double searches = o->front ? (o->tracking > 0 ? 7 : 6) : 0; /* after the first */
    const double generations = pab__pipeline_scaled(b, 18, 2) + searches * pab__pipeline_scaled(b, 3, 1);
    out->calibrate = 5.0 * (pab__pipeline_scaled(b, 64, 4) + pab__pipeline_scaled(b, 32, 2));
    out->expert = 2.5 * (rounds * 150 + 2 * judges * (4 + rounds / 16));
    out->ensemble = 64 * generations * pab__pipeline_scaled(b, 40, 5) +
                    (12 * searches + 60) * pab__pipeline_scaled(b, 400, 10);
    out->distil = 300 + 15000 * b;
    out->prefs = 20.0 * pab__pipeline_scaled(b, 600, 5);
    out->tune = 15 * judges;
    out->choose = 3 * judges;
    out->baselines = 3 * judges;
    out->evaluate = 5.0 * 12 * o->episodes;
}

static uint32_t losses_of(const pab_pipeline_options *o)
{
    uint32_t n = 0;
    for (int32_t l = 0; l < PAB_LOSS_COUNT; l++)
        n += o->losses >> l & 1;
    return n;
}

void pab__stage_plan(pab__run *run)
{
    const pab_pipeline_options *o = &run->options;
    const uint32_t losses = losses_of(o), experts = o->rules ? 0 : PAB_EXPERT_COUNT;
    pab__stage_cost w;
    pab__stage_costs(o, &w);
    run->at.stages = 1 + experts + 2 + o->rounds * (2 + losses) + 4;
    run->at.all = w.calibrate + experts * w.expert + w.ensemble + w.distil +
                  o->rounds * (w.prefs + losses * w.tune + w.choose) + w.baselines + w.evaluate;
}

/* --- The hook --- */

static int32_t relay(void *user, const char *stage, uint64_t done, uint64_t total)
{
    pab__run *run = user;
    const pab_pipeline_hook *hook = run->options.hook;
    (void)stage;
    if (!hook || !hook->report)
        return 0;
    /* Some stages count several things, one after the other; the share never falls. */
    const double part = total > 0 ? (double)done / (double)total : 0;
    run->at.reported = fmax(run->at.reported, fmin(1, (run->at.before + part * run->at.weight) / run->at.all));
    const pab_pipeline_step step = {
        .struct_size = sizeof step, .stage = run->at.stage, .stages = run->at.stages, .name = run->at.name,
        .done = done, .total = total, .overall = run->at.reported,
    };
    return hook->report(hook->user, &step);
}

static pab_status tell(pab__run *run, uint64_t done)
{
    if (relay(run, run->at.name, done, 1) == 0)
        return PAB_OK;
    return pab__fail(PAB_E_CANCELLED, "%s: the progress hook asked to stop", run->at.name);
}

static void pass(pab__run *run)
{
    run->at.before += run->at.weight;
    run->at.stage++;
}

pab_status pab__stage_begin(pab__run *run, const char *name, double weight, const char *const *files,
                            const char *checkpoint, int32_t *done)
{
    snprintf(run->at.name, sizeof run->at.name, "%s", name);
    run->at.relay = (pab_progress){.struct_size = sizeof run->at.relay, .user = run, .report = relay};
    run->at.weight = weight;
    run->at.began = clock_now();
    *done = 1;
    for (const char *const *file = files; *file; file++)
        *done &= pab__run_dir_has(&run->dir, *file);
    if (*done) {
        pass(run);
        return PAB_OK;
    }
    pab_status status = pab__run_dir_begin(&run->dir, files, checkpoint);
    return status == PAB_OK ? tell(run, 0) : status;
}

/* --- The end of a stage --- */

/* Not an artefact: sessions of a run that was cut off have their own rows. */
static void note_time(const pab__run *run)
{
    char path[PAB__RUN_DIR_PATH], line[PAB__RUN_LINE + 64];
    FILE *file = fopen(pab__run_dir_path(&run->dir, times_name, path), "a");
    if (!file)
        return;
    if (ftell(file) == 0)
        fprintf(file, "stage,seconds,threads\n");
    pab__format(line, sizeof line, "%s,%.3f,%u\n", run->at.name, clock_now() - run->at.began,
                run->options.threads > 0 ? run->options.threads : 1);
    fputs(line, file);
    fclose(file);
}

static void drop_checkpoint(const pab__run *run, const char *name)
{
    char beside[PAB__RUN_LINE];
    pab__run_dir_remove(&run->dir, name);
    for (int i = 0; i < 3; i++) { /* states of a distillation */
        snprintf(beside, sizeof beside, "%s.states%d", name, i);
        pab__run_dir_remove(&run->dir, beside);
    }
}

pab_status pab__stage_end(pab__run *run, const char *const *files, const char *checkpoint)
{
    pab_status status = pab__run_dir_record(&run->dir, files);
    if (status != PAB_OK)
        return status;
    if (checkpoint)
        drop_checkpoint(run, checkpoint);
    note_time(run);
    status = tell(run, 1);
    pass(run);
    return status;
}
