/* Distillation from beginning to end: collect, learn, let the student act, learn again. */
#include "moedpo/distil.h"

#include "base/hash.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 3, FIRST_EPOCHS = 24, LATER_EPOCHS = 12, PATIENCE = 4, PATH_SIZE = 4096, EXCURSIONS = 6 };

static const pab__file_kind state_kind = {{'M', 'D', 'S', 'T'}, 1, "a distillation checkpoint"};
static const pab__file_kind notes_kind = {{'M', 'N', 'O', 'T'}, 1, "states of a distillation"};

static const char head[] = "round,epoch,states,train_kl,held_kl,kl_lae,kl_sce,kl_ome,kl_rae,kl_anchor,kl_gate,"
                           "agree_lae,agree_sce,agree_ome,agree_rae,agree_anchor";

typedef struct lesson_plan {
    const pab__distil_job *job;
    pab__threads *threads;
    pab__notes notes;
    pab__distillation *state;
    uint64_t run; /* names it in checkpoints */
} lesson_plan;

/* States wanted of each actor at budget 1. */
typedef struct share {
    int32_t actor;
    uint32_t states;
    double noise;
} share;

static const share first_round[EXCURSIONS] = {
    {PAB__ACTOR_ENSEMBLE, 10000, 0.0}, {PAB_EXPERT_LAE, 2500, 0.0}, {PAB_EXPERT_SCE, 2500, 0.0},
    {PAB_EXPERT_OME, 2500, 0.0},       {PAB_EXPERT_RAE, 2500, 0.0}, {PAB__ACTOR_ENSEMBLE, 5000, 0.2},
};
static const share later_round = {PAB__ACTOR_STUDENT, 5000, 0.0};

static uint32_t episodes_for(const pab__distil_job *job, uint32_t states)
{
    double episodes = job->budget * states / job->steps + 0.5;
    return episodes < 1.0 ? 1 : (uint32_t)episodes;
}

static pab_status collect(lesson_plan *p, uint32_t round)
{
    const pab__distil_job *job = p->job;
    pab_status status = PAB_OK;
    uint32_t count = round == 0 ? EXCURSIONS : 1;
    for (uint32_t i = 0; status == PAB_OK && i < count; i++) {
        const share *wanted = round == 0 ? &first_round[i] : &later_round;
        pab__excursion on = {.actor = wanted->actor, .episodes = episodes_for(job, wanted->states),
                             .first = (round * EXCURSIONS + i) << 20, .anchor = job->components == PAB__COMPONENTS,
                             .noise = wanted->noise, .temperature = job->temperature, .seed = job->seed,
                             .student = &p->state->learner.net, .progress = job->progress};
        status = pab__notes_collect(&p->notes, job->scn, p->threads, job->teacher, &on);
    }
    return status;
}

static const char *notes_path(const pab__distil_job *job, uint32_t round, char path[PATH_SIZE])
{
    if (!job->checkpoint)
        return NULL;
    int len = snprintf(path, PATH_SIZE, "%s.states%u", job->checkpoint, round);
    return len > 0 && len < PATH_SIZE ? path : NULL;
}

/* What a round has added, as it stands in its file. */
typedef struct sheet {
    pab__point point;
    pab__lesson lesson;
    uint64_t held;
} sheet;

static pab_status write_notes(const lesson_plan *p, uint32_t round, uint32_t from)
{
    char path[PATH_SIZE];
    const char *to = notes_path(p->job, round, path);
    const pab_host *host = &p->job->host;
    size_t count = p->notes.count - from;
    if (!to)
        return PAB_OK;
    sheet *sheets = pab__alloc(host, (count + 1) * sizeof *sheets);
    if (!sheets)
        return pab__fail(PAB_E_MEMORY, "no memory to write the lessons of %zu states", count);
    for (size_t i = 0; i < count; i++) {
        sheets[i].point = p->notes.points[from + i];
        sheets[i].lesson = p->notes.lessons[from + i];
        sheets[i].held = p->notes.held[from + i];
    }
    pab_status status = pab__checkpoint_write(host, &notes_kind, to, p->run, sheets, count * sizeof *sheets);
    pab__release(host, sheets, (count + 1) * sizeof *sheets);
    return status;
}

static pab_status read_notes(lesson_plan *p, uint32_t round, uint32_t count)
{
    char path[PATH_SIZE];
    const char *from = notes_path(p->job, round, path);
    const pab_host *host = &p->job->host;
    int32_t found = 0;
    sheet *sheets = pab__alloc(host, (count + 1) * sizeof *sheets);
    if (!sheets)
        return pab__fail(PAB_E_MEMORY, "no memory to read the lessons of %u states", count);
    pab_status status =
        pab__checkpoint_read(host, &notes_kind, from, p->run, sheets, count * sizeof *sheets, &found);
    if (status == PAB_OK && !found)
        status = pab__fail(PAB_E_IO, "there is no '%s'; expected it beside its checkpoint", path);
    if (status == PAB_OK)
        status = pab__notes_reserve(&p->notes, count);
    for (uint32_t i = 0; status == PAB_OK && i < count; i++) {
        uint32_t at = p->notes.count++;
        p->notes.points[at] = sheets[i].point;
        p->notes.lessons[at] = sheets[i].lesson;
        p->notes.held[at] = (uint8_t)sheets[i].held;
    }
    pab__release(host, sheets, (count + 1) * sizeof *sheets);
    return status;
}

static pab_status keep(const lesson_plan *p)
{
    const pab__distil_job *job = p->job;
    pab_status status = pab__ledger_write(&job->host, job->log_path, head, &p->state->rows);
    if (status == PAB_OK)
        status = pab__checkpoint_write(&job->host, &state_kind, job->checkpoint, p->run, p->state, sizeof *p->state);
    return status;
}

static void note_epoch(pab__distillation *s, const pab__class *class, double train, const pab__report *report)
{
    double *row = pab__ledger_add(&s->rows);
    row[0] = s->round;
    row[1] = s->epoch;
    row[2] = class->taught + class->tested;
    row[3] = train;
    row[4] = report->kl;
    memcpy(row + 5, report->part, sizeof report->part);
    memcpy(row + 5 + PAB__COMPONENTS + 1, report->agree, sizeof report->agree);
}

/* Epochs of one round until held-out KL no longer falls; the best is left in the learner. */
static pab_status learn(lesson_plan *p)
{
    pab__distillation *s = p->state;
    pab__class class;
    const uint32_t epochs = s->round == 0 ? FIRST_EPOCHS : LATER_EPOCHS;
    pab_status status = pab__class_begin(&class, &p->job->host, p->threads, &p->notes, p->job->components,
                                         p->job->seed + s->round);
    if (status != PAB_OK)
        return status;
    *class.trainer.learner = s->learner;
    while (status == PAB_OK && s->epoch < epochs && s->stale < PATIENCE) {
        pab__report report;
        double train = pab__class_epoch(&class, s->epoch);
        pab__class_test(&class, &report);
        s->learner = *class.trainer.learner;
        s->epoch++;
        s->stale = report.kl < s->best ? 0 : s->stale + 1;
        note_epoch(s, &class, train, &report);
        if (s->stale == 0) {
            s->best = report.kl;
            s->kept = s->learner.net;
            s->report = report;
        }
        status = keep(p);
    }
    pab__class_end(&class);
    return status;
}

/* Collects what this round needs, unless a checkpoint says that it was. */
static pab_status gather(lesson_plan *p)
{
    pab__distillation *s = p->state;
    uint32_t from = p->notes.count;
    if (s->collected > s->round)
        return PAB_OK;
    pab_status status = collect(p, s->round);
    if (status == PAB_OK)
        status = write_notes(p, s->round, from);
    if (status != PAB_OK)
        return status;
    s->states[s->round] = p->notes.count - from;
    s->collected = s->round + 1;
    s->epoch = s->stale = 0;
    s->best = 1e300;
    pab__learner_restart(&s->learner);
    return keep(p);
}

static pab_status resume(lesson_plan *p)
{
    int32_t found;
    pab__distillation *s = p->state;
    pab_status status = pab__checkpoint_read(&p->job->host, &state_kind, p->job->checkpoint, p->run, s, sizeof *s,
                                             &found);
    if (status != PAB_OK)
        return status;
    if (!found)
        pab__mixture_net_init(&s->learner.net, p->job->seed);
    for (uint32_t r = 0; status == PAB_OK && r < s->collected; r++)
        status = read_notes(p, r, s->states[r]);
    return status;
}

static pab_status run(lesson_plan *p)
{
    pab__distillation *s = p->state;
    pab_status status = resume(p);
    while (status == PAB_OK && s->round < ROUNDS) {
        status = gather(p);
        if (status == PAB_OK)
            status = learn(p);
        if (status != PAB_OK)
            break;
        s->learner.net = s->kept;
        s->round++;
        status = keep(p);
    }
    return status;
}

static uint64_t run_of(const pab__distil_job *job)
{
    const uint64_t of[] = {job->seed, job->identity, job->components, (uint64_t)(job->budget * 1e6),
                           (uint64_t)(job->temperature * 1e9)};
    return pab__hash(of, sizeof of);
}

pab_status pab__distil(const pab__distil_job *job, pab_moe **out)
{
    lesson_plan p = {.job = job, .run = run_of(job)};
    pab_moe *moe = pab__moe_new(&job->host);
    p.state = pab__alloc(&job->host, sizeof *p.state);
    pab__notes_init(&p.notes, &job->host);
    pab_status status = !moe || !p.state ? pab__fail(PAB_E_MEMORY, "no memory for distillation")
                                                       : pab__threads_new(&job->host, job->threads, "options.threads",
                                                                          &p.threads);
    if (status == PAB_OK)
        status = run(&p);
    if (status == PAB_OK) {
        moe->body.components = job->components;
        moe->body.loss = -1;
        moe->body.seed = job->seed;
        moe->body.scenario = job->identity;
        moe->body.net = p.state->kept;
        memcpy(moe->body.share, job->share, sizeof moe->body.share);
        pab__moe_survey(&moe->body, p.notes.points, p.notes.count);
        *out = moe;
    } else {
        pab_moe_free(moe);
    }
    pab__threads_free(p.threads);
    pab__notes_free(&p.notes);
    pab__release(&job->host, p.state, sizeof *p.state);
    return status;
}
