/* Phases of tuning, early stopping, acceptance. */
#include "moedpo/tune.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "moedpo/checkpoint.h"

#include <math.h>
#include <string.h>

static const pab__file_kind kind = {.kind = {'M', 'T', 'U', 'N'}, .version = 1, .what = "a tuning checkpoint"};

static const char head[] = "phase,epoch,loss,preference,right,kl,gate_entropy,gate_lae,gate_sce,gate_ome,gate_rae,"
                           "gate_anchor,held_loss,held_right,objective,reference,ensemble";

static uint64_t id_of(const pab__tune_task *task)
{
    const pab__tune_plan *plan = &task->plan;
    uint64_t id = pab__hash(&plan->weights, sizeof plan->weights);
    const uint64_t of[] = {plan->seed, task->identity, plan->components, task->epochs[0], task->epochs[1],
                           task->patience};
    return pab__hash_mix(id, pab__hash(of, sizeof of));
}

static pab_status save(const pab__tune_task *task, const pab__tune_state *s)
{
    pab_status status = pab__training_log_write(&task->host, task->log_path, head, &s->log);
    if (status == PAB_OK)
        status = pab__moe_checkpoint_write(&task->host, &kind, task->checkpoint, id_of(task), s, sizeof *s);
    return status;
}

/* Of a checkpoint: nothing in it leads past an array, and networks have numbers. */
static int is_sound(const pab__tune_state *s)
{
    return s->phase <= PAB__TUNE_PHASES && s->begun == 1 && s->confirmed <= 1 &&
           s->log.count <= PAB__TRAINING_LOG_ROWS && pab__trainer_state_is_sound(&s->trainer) &&
           pab__all_finite((const double *)&s->kept, PAB__NET_PARAMETERS) &&
           pab__all_finite(s->fresh, sizeof s->fresh / sizeof *s->fresh);
}

/* Evaluates reference and ensemble, which are to be beaten, unless a checkpoint has them. */
static pab_status begin(const pab__tune_task *task, pab__tune_state *s)
{
    int32_t found;
    pab_status status = pab__moe_checkpoint_read(&task->host, &kind, task->checkpoint, id_of(task), s, sizeof *s,
                                                 &found);
    if (status == PAB_OK && found && !is_sound(s))
        status = pab__fail(PAB_E_CORRUPT, "%s: %s with an impossible number in it", task->checkpoint, kind.what);
    if (status != PAB_OK || s->begun)
        return status;
    s->kept = s->trainer.net = *task->plan.reference;
    status = task->evaluate(task->user, task->plan.reference, PAB__TUNE_SEEDS_SELECT, &s->reference);
    if (status == PAB_OK)
        status = task->evaluate(task->user, NULL, PAB__TUNE_SEEDS_SELECT, &s->ensemble);
    s->best = s->reference;
    s->best_held_out = INFINITY;
    s->begun = 1;
    return status == PAB_OK ? save(task, s) : status;
}

static void log_epoch(pab__tune_state *s, const pab__tune_metrics *metrics, double held_out, double accuracy,
                      double objective)
{
    double *row = pab__training_log_add(&s->log);
    row[0] = s->phase;
    row[1] = s->epoch;
    row[2] = metrics->loss;
    row[3] = metrics->preference;
    row[4] = metrics->accuracy;
    row[5] = metrics->kl;
    row[6] = metrics->entropy;
    memcpy(row + 7, metrics->gate, sizeof metrics->gate);
    row[7 + PAB_MOE_COMPONENTS] = held_out;
    row[8 + PAB_MOE_COMPONENTS] = accuracy;
    row[9 + PAB_MOE_COMPONENTS] = objective;
    row[10 + PAB_MOE_COMPONENTS] = s->reference;
    row[11 + PAB_MOE_COMPONENTS] = s->ensemble;
}

static pab_status run_epoch(const pab__tune_task *task, pab__tune_epochs *epochs, pab__tune_state *s)
{
    pab__tune_metrics metrics;
    double held_out, accuracy, objective;
    pab__tune_epochs_run(epochs, s->phase == PAB__TUNE_PHASE_GATE, s->epoch, &metrics);
    pab__tune_epochs_test(epochs, &held_out, &accuracy);
    pab_status status = task->evaluate(task->user, &epochs->trainer.state->net, PAB__TUNE_SEEDS_SELECT,
                                       &objective);
    if (status != PAB_OK)
        return status;
    s->trainer = *epochs->trainer.state;
    log_epoch(s, &metrics, held_out, accuracy, objective);
    s->epoch++;
    s->stale++;
    if (objective < s->best || (objective == s->best && held_out < s->best_held_out)) {
        s->stale = 0;
        s->best = objective;
        s->best_held_out = held_out;
        s->kept = s->trainer.net;
    }
    return save(task, s);
}

static pab_status run_phases(const pab__tune_task *task, pab__tune_epochs *epochs, pab__tune_state *s)
{
    pab_status status = PAB_OK;
    *epochs->trainer.state = s->trainer;
    while (status == PAB_OK && s->phase < PAB__TUNE_PHASES) {
        if (s->epoch < task->epochs[s->phase] && s->stale < task->patience) {
            status = run_epoch(task, epochs, s);
            continue;
        }
        s->phase++;
        s->epoch = s->stale = 0;
        s->trainer.net = s->kept; /* continue from the best so far */
        pab__trainer_state_restart(&s->trainer);
        *epochs->trainer.state = s->trainer;
    }
    return status;
}

/* Evaluates the best mixture on fresh seeds. Its row is the last of the log, with phase 2. */
static pab_status confirm(const pab__tune_task *task, pab__tune_state *s)
{
    if (s->confirmed || !(s->best < s->reference))
        return PAB_OK;
    pab_status status = task->evaluate(task->user, &s->kept, PAB__TUNE_SEEDS_FRESH, &s->fresh[0]);
    if (status == PAB_OK)
        status = task->evaluate(task->user, task->plan.reference, PAB__TUNE_SEEDS_FRESH, &s->fresh[1]);
    if (status == PAB_OK)
        status = task->evaluate(task->user, NULL, PAB__TUNE_SEEDS_FRESH, &s->fresh[2]);
    if (status != PAB_OK)
        return status;
    double *row = pab__training_log_add(&s->log);
    row[0] = PAB__TUNE_PHASES;
    memcpy(row + 9 + PAB_MOE_COMPONENTS, s->fresh, sizeof s->fresh);
    s->confirmed = 1;
    return save(task, s);
}

pab_status pab__tune_run(const pab__tune_task *task, pab__tune_state *state, int32_t *accepted)
{
    pab__threads *threads = NULL;
    pab__tune_epochs epochs;
    if (task->plan.dataset->count.inputs == 0 || task->plan.dataset->count.pairs == 0)
        return pab__fail(PAB_E_ARGUMENT, "prefs: no pair to train on; expected at least one that is not a tie");
    pab_status status = pab__threads_new(&task->host, task->threads, "options.threads", &threads);
    if (status != PAB_OK)
        return status;
    status = pab__tune_epochs_begin(&epochs, &task->host, threads, &task->plan);
    if (status == PAB_OK) {
        status = begin(task, state);
        if (status == PAB_OK)
            status = run_phases(task, &epochs, state);
        if (status == PAB_OK)
            status = confirm(task, state);
        pab__tune_epochs_end(&epochs);
    }
    pab__threads_free(threads);
    if (status != PAB_OK)
        return status;
    *accepted = state->confirmed && state->fresh[0] <= state->fresh[1] && state->fresh[0] <= state->fresh[2];
    return PAB_OK;
}
