/* Distillation from beginning to end: collect, learn, collect from the student, learn again. */
#include "moedpo/distil.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "moedpo/checkpoint.h"
#include "moedpo/distil_epochs.h"
#include "moedpo/training_log.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 3, FIRST_EPOCHS = 24, LATER_EPOCHS = 12, PATIENCE = 4, PATH_SIZE = 4096, COLLECTIONS = 6 };

static const pab__file_kind state_kind = {{'M', 'D', 'S', 'T'}, 1, "a distillation checkpoint"};

static const char head[] = "round,epoch,states,train_kl,held_kl,kl_lae,kl_sce,kl_ome,kl_rae,kl_anchor,kl_gate,"
                           "agree_lae,agree_sce,agree_ome,agree_rae,agree_anchor";

/* A run between two epochs: what a checkpoint holds. */
typedef struct progress {
    uint32_t round, epoch, stale, collected; /* rounds collected so far */
    uint32_t states[4];                      /* of each round, in a file of their own */
    double best;                             /* held-out KL of `kept` */
    pab__trainer_state trainer;
    pab__mixture_net kept;                   /* the best of this round */
    pab__distil_metrics metrics;             /* of `kept` */
    pab__training_log log;
} progress;

typedef struct run {
    const pab__distil_task *task;
    pab__threads *threads;
    pab__distil_dataset dataset;
    progress *state;
    uint64_t id; /* names it in checkpoints */
} run;

/* States wanted of an actor at budget 1. */
typedef struct actor_states {
    int32_t actor;
    uint32_t states;
    double noise;
} actor_states;

static const actor_states first_round[COLLECTIONS] = {
    {PAB__DISTIL_ACTOR_ENSEMBLE, 10000, 0.0}, {PAB_EXPERT_LAE, 2500, 0.0}, {PAB_EXPERT_SCE, 2500, 0.0},
    {PAB_EXPERT_OME, 2500, 0.0}, {PAB_EXPERT_RAE, 2500, 0.0}, {PAB__DISTIL_ACTOR_ENSEMBLE, 5000, 0.2},
};
static const actor_states later_round = {PAB__DISTIL_ACTOR_STUDENT, 5000, 0.0};

static uint32_t episodes_for(const pab__distil_task *task, uint32_t states)
{
    double episodes = task->budget * states / task->steps + 0.5;
    return episodes < 1.0 ? 1 : (uint32_t)episodes;
}

static pab_status collect(run *r, uint32_t round)
{
    const pab__distil_task *task = r->task;
    pab_status status = PAB_OK;
    uint32_t count = round == 0 ? COLLECTIONS : 1;
    for (uint32_t i = 0; status == PAB_OK && i < count; i++) {
        const actor_states *wanted = round == 0 ? &first_round[i] : &later_round;
        pab__distil_collection plan = {
            .actor = wanted->actor, .episodes = episodes_for(task, wanted->states),
            .first = (round * COLLECTIONS + i) << 20, .anchor = task->components == PAB_MOE_COMPONENTS,
            .noise = wanted->noise, .temperature = task->temperature, .seed = task->seed,
            .student = &r->state->trainer.net, .progress = task->progress,
        };
        status = pab__distil_collect(&r->dataset, task->scn, r->threads, task->teacher, &plan);
    }
    return status;
}

/* Where a round's states are kept; NULL: nowhere. */
static const char *states_path(const pab__distil_task *task, uint32_t round, char path[PATH_SIZE])
{
    if (!task->checkpoint)
        return NULL;
    int len = snprintf(path, PATH_SIZE, "%s.states%u", task->checkpoint, round);
    return len > 0 && len < PATH_SIZE ? path : NULL;
}

static pab_status save(const run *r)
{
    const pab__distil_task *task = r->task;
    pab_status status = pab__training_log_write(&task->host, task->log_path, head, &r->state->log);
    if (status == PAB_OK)
        status = pab__moe_checkpoint_write(&task->host, &state_kind, task->checkpoint, r->id, r->state,
                                           sizeof *r->state);
    return status;
}

static void log_epoch(progress *s, uint32_t states, double train_kl, const pab__distil_metrics *metrics)
{
    double *row = pab__training_log_add(&s->log);
    row[0] = s->round;
    row[1] = s->epoch;
    row[2] = states;
    row[3] = train_kl;
    row[4] = metrics->kl;
    memcpy(row + 5, metrics->part, sizeof metrics->part);
    memcpy(row + 5 + PAB_MOE_COMPONENTS + 1, metrics->agree, sizeof metrics->agree);
}

static void run_epoch(progress *s, pab__distil_epochs *epochs)
{
    pab__distil_metrics metrics;
    double train_kl = pab__distil_epochs_run(epochs, s->epoch);
    pab__distil_epochs_test(epochs, &metrics);
    s->trainer = *epochs->trainer.state;
    s->epoch++;
    s->stale = metrics.kl < s->best ? 0 : s->stale + 1;
    log_epoch(s, epochs->train_count + epochs->test_count, train_kl, &metrics);
    if (s->stale == 0) {
        s->best = metrics.kl;
        s->kept = s->trainer.net;
        s->metrics = metrics;
    }
}

/* Runs epochs until held-out KL no longer falls; the best networks are in `kept`. */
static pab_status train_round(run *r)
{
    progress *s = r->state;
    pab__distil_epochs epochs;
    const uint32_t most = s->round == 0 ? FIRST_EPOCHS : LATER_EPOCHS;
    pab_status status = pab__distil_epochs_begin(&epochs, r->threads, &r->dataset, r->task->components,
                                                 r->task->seed + s->round);
    if (status != PAB_OK)
        return status;
    *epochs.trainer.state = s->trainer;
    while (status == PAB_OK && s->epoch < most && s->stale < PATIENCE) {
        run_epoch(s, &epochs);
        status = save(r);
    }
    pab__distil_epochs_end(&epochs);
    return status;
}

/* Collects the states of this round, unless the checkpoint already has them. */
static pab_status collect_round(run *r)
{
    char path[PATH_SIZE];
    progress *s = r->state;
    uint32_t from = r->dataset.count;
    if (s->collected > s->round)
        return PAB_OK;
    pab_status status = collect(r, s->round);
    if (status == PAB_OK)
        status = pab__distil_dataset_save(&r->dataset, from, states_path(r->task, s->round, path), r->id);
    if (status != PAB_OK)
        return status;
    s->states[s->round] = r->dataset.count - from;
    s->collected = s->round + 1;
    s->epoch = s->stale = 0;
    s->best = 1e300;
    pab__trainer_state_restart(&s->trainer);
    return save(r);
}

/* Of a checkpoint: nothing in it leads past an array, and networks have numbers. */
static int is_sound(const progress *s)
{
    return s->round <= ROUNDS && s->collected <= ROUNDS && s->round <= s->collected && s->epoch <= FIRST_EPOCHS &&
           s->log.count <= PAB__TRAINING_LOG_ROWS && pab__trainer_state_is_sound(&s->trainer) &&
           pab__all_finite((const double *)&s->kept, PAB__NET_PARAMETERS);
}

static pab_status resume(run *r)
{
    char path[PATH_SIZE];
    int32_t found;
    progress *s = r->state;
    pab_status status = pab__moe_checkpoint_read(&r->task->host, &state_kind, r->task->checkpoint, r->id, s,
                                                 sizeof *s, &found);
    if (status != PAB_OK)
        return status;
    if (!found)
        pab__mixture_net_init(&s->trainer.net, r->task->seed);
    else if (!is_sound(s))
        return pab__fail(PAB_E_CORRUPT, "%s: %s with an impossible number in it", r->task->checkpoint, state_kind.what);
    for (uint32_t round = 0; status == PAB_OK && round < s->collected; round++)
        status = pab__distil_dataset_load(&r->dataset, s->states[round], states_path(r->task, round, path), r->id);
    return status;
}

static pab_status run_rounds(run *r)
{
    progress *s = r->state;
    pab_status status = resume(r);
    while (status == PAB_OK && s->round < ROUNDS) {
        status = collect_round(r);
        if (status == PAB_OK)
            status = train_round(r);
        if (status != PAB_OK)
            break;
        s->trainer.net = s->kept;
        s->round++;
        status = save(r);
    }
    return status;
}

static uint64_t id_of(const pab__distil_task *task)
{
    const uint64_t of[] = {task->seed, task->identity, task->components, (uint64_t)(task->budget * 1e6),
                           (uint64_t)(task->temperature * 1e9)};
    return pab__hash(of, sizeof of);
}

static void fill_body(const run *r, pab__moe_body *body)
{
    body->components = r->task->components;
    body->loss = -1;
    body->seed = r->task->seed;
    body->scenario = r->task->identity;
    body->net = r->state->kept;
    memcpy(body->ensemble_weight, r->task->ensemble_weight, sizeof body->ensemble_weight);
    pab__moe_fill_cells(body, r->dataset.inputs, r->dataset.count);
}

pab_status pab__distil_run(const pab__distil_task *task, pab_moe **out)
{
    run r = {.task = task, .id = id_of(task)};
    pab_moe *moe = pab__moe_new(&task->host);
    r.state = pab__alloc(&task->host, sizeof *r.state);
    pab__distil_dataset_init(&r.dataset, &task->host);
    pab_status status = moe && r.state ? PAB_OK : pab__fail(PAB_E_MEMORY, "no memory for distillation");
    if (status == PAB_OK)
        status = pab__threads_new(&task->host, task->threads, "options.threads", &r.threads);
    if (status == PAB_OK)
        status = run_rounds(&r);
    if (status == PAB_OK) {
        fill_body(&r, &moe->body);
        *out = moe;
    } else {
        pab_moe_free(moe);
    }
    pab__threads_free(r.threads);
    pab__distil_dataset_free(&r.dataset);
    pab__release(&task->host, r.state, sizeof *r.state);
    return status;
}
