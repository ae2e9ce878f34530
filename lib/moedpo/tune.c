/* Phases of tuning, early stopping, acceptance. */
#include "moedpo/tune.h"

#include "base/hash.h"

#include <math.h>
#include <string.h>

static const pab__file_kind kind = {.kind = {'M', 'T', 'U', 'N'}, .version = 1, .what = "a tuning checkpoint"};

static const char head[] = "phase,epoch,loss,preference,right,kl,gate_entropy,gate_lae,gate_sce,gate_ome,gate_rae,"
                           "gate_anchor,held_loss,held_right,objective,reference,ensemble";

static uint64_t run_of(const pab__tune_job *job)
{
    uint64_t run = pab__hash(&job->tuning, sizeof job->tuning);
    const uint64_t of[] = {job->seed, job->identity, job->components, job->epochs[0], job->epochs[1], job->patience};
    return pab__hash_mix(run, pab__hash(of, sizeof of));
}

static pab_status keep(const pab__tune_job *job, const pab__tuned *s)
{
    pab_status status = pab__ledger_write(&job->host, job->log_path, head, &s->rows);
    if (status == PAB_OK)
        status = pab__checkpoint_write(&job->host, &kind, job->checkpoint, run_of(job), s, sizeof *s);
    return status;
}

/* What is to be beaten. */
static pab_status begin(const pab__tune_job *job, pab__tuned *s)
{
    int32_t found;
    pab_status status = pab__checkpoint_read(&job->host, &kind, job->checkpoint, run_of(job), s, sizeof *s, &found);
    if (status != PAB_OK || s->begun)
        return status;
    s->kept = s->learner.net = *job->reference;
    status = job->judge(job->user, job->reference, PAB__BLOCK_CHOICE, &s->reference);
    if (status == PAB_OK)
        status = job->judge(job->user, NULL, PAB__BLOCK_CHOICE, &s->ensemble);
    s->best = s->reference;
    s->best_held = INFINITY;
    s->begun = 1;
    return status == PAB_OK ? keep(job, s) : status;
}

static void note_epoch(pab__tuned *s, const pab__marks *marks, double held, double right, double objective)
{
    double *row = pab__ledger_add(&s->rows);
    row[0] = s->phase;
    row[1] = s->epoch;
    row[2] = marks->loss;
    row[3] = marks->preference;
    row[4] = marks->right;
    row[5] = marks->kl;
    row[6] = marks->entropy;
    memcpy(row + 7, marks->gate, sizeof marks->gate);
    row[7 + PAB__COMPONENTS] = held;
    row[8 + PAB__COMPONENTS] = right;
    row[9 + PAB__COMPONENTS] = objective;
    row[10 + PAB__COMPONENTS] = s->reference;
    row[11 + PAB__COMPONENTS] = s->ensemble;
}

static pab_status epoch(const pab__tune_job *job, pab__course *course, pab__tuned *s)
{
    pab__marks marks;
    double held, right, objective;
    pab__course_epoch(course, s->phase == PAB__PHASE_GATE, s->epoch, &marks);
    pab__course_held(course, &held, &right);
    pab_status status = job->judge(job->user, &course->trainer.learner->net, PAB__BLOCK_CHOICE,
                                   &objective);
    if (status != PAB_OK)
        return status;
    s->learner = *course->trainer.learner;
    note_epoch(s, &marks, held, right, objective);
    s->epoch++;
    s->stale++;
    if (objective < s->best || (objective == s->best && held < s->best_held)) {
        s->stale = 0;
        s->best = objective;
        s->best_held = held;
        s->kept = s->learner.net;
    }
    return keep(job, s);
}

static pab_status phases(const pab__tune_job *job, pab__course *course, pab__tuned *s)
{
    pab_status status = PAB_OK;
    *course->trainer.learner = s->learner;
    while (status == PAB_OK && s->phase < PAB__PHASES) {
        if (s->epoch < job->epochs[s->phase] && s->stale < job->patience) {
            status = epoch(job, course, s);
            continue;
        }
        s->phase++;
        s->epoch = s->stale = 0;
        s->learner.net = s->kept; /* on from the best so far */
        pab__learner_restart(&s->learner);
        *course->trainer.learner = s->learner;
    }
    return status;
}

/* Judges what was chosen once more; the curve's last row, phase 2, tells. */
static pab_status confirm(const pab__tune_job *job, pab__tuned *s)
{
    if (s->confirmed || !(s->best < s->reference))
        return PAB_OK;
    pab_status status = job->judge(job->user, &s->kept, PAB__BLOCK_FRESH, &s->fresh[0]);
    if (status == PAB_OK)
        status = job->judge(job->user, job->reference, PAB__BLOCK_FRESH, &s->fresh[1]);
    if (status == PAB_OK)
        status = job->judge(job->user, NULL, PAB__BLOCK_FRESH, &s->fresh[2]);
    if (status != PAB_OK)
        return status;
    double *row = pab__ledger_add(&s->rows);
    row[0] = PAB__PHASES;
    memcpy(row + 9 + PAB__COMPONENTS, s->fresh, sizeof s->fresh);
    s->confirmed = 1;
    return keep(job, s);
}

pab_status pab__tune(const pab__tune_job *job, pab__tuned *state, int32_t *accepted)
{
    pab__threads *threads = NULL;
    pab__course course;
    if (job->tales->n_points == 0 || job->tales->n_ranks == 0)
        return pab__fail(PAB_E_ARGUMENT, "prefs: no pair to train on; expected at least one that is not a tie");
    pab_status status = pab__threads_new(&job->host, job->threads, "options.threads", &threads);
    if (status != PAB_OK)
        return status;
    status = pab__course_begin(&course, &job->host, threads, job->tales, job->held, job->reference, job->components,
                               &job->tuning, job->seed);
    if (status == PAB_OK) {
        status = begin(job, state);
        if (status == PAB_OK)
            status = phases(job, &course, state);
        if (status == PAB_OK)
            status = confirm(job, state);
        pab__course_end(&course);
    }
    pab__threads_free(threads);
    if (status != PAB_OK)
        return status;
    *accepted = state->confirmed && state->fresh[0] <= state->fresh[1] && state->fresh[0] <= state->fresh[2];
    return PAB_OK;
}
