/* Epochs of preference tuning. */
#include "moedpo/course.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

enum { PURPOSE_ORDER = 0x6f726465, PURPOSE_REPLAY = 0x7265706c };

static pab_status reference_of(pab__course *course, const pab__tales *tales, double (**out)[PAB__COMPONENTS + 1],
                               uint32_t **order)
{
    const pab_host *host = &course->trainer.host;
    *out = pab__alloc(host, (tales->n_plays + 1) * sizeof **out);
    *order = pab__alloc(host, (tales->n_starts + 1) * sizeof **order);
    if (!*out || !*order)
        return pab__fail(PAB_E_MEMORY, "no memory for the reference of %u steps", tales->n_plays);
    pab__lecture_reference(tales, course->reference, course->components, *out);
    for (uint32_t i = 0; i < tales->n_starts; i++)
        (*order)[i] = i;
    return PAB_OK;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

pab_status pab__course_begin(pab__course *course, const pab_host *host, pab__threads *threads,
                             const pab__tales *tales, const pab__tales *held, const pab__mixture_net *reference,
                             uint32_t components, const pab__tuning *tuning, uint64_t seed)
{
    *course = (pab__course){.tuning = *tuning, .seed = seed, .components = components,
                            .replayed = PAB__BATCH_REPLAYS, .tales = tales, .held = held, .reference = reference};
    size_t scratch = larger(pab__lecture_scratch(tales), pab__lecture_scratch(held));
    pab_status status = pab__trainer_init(&course->trainer, host, threads, scratch);
    if (status != PAB_OK)
        return status;
    course->trainer.learner->net = *reference;
    course->replays = pab__alloc(host, PAB__BATCH_REPLAYS * sizeof *course->replays);
    if (!course->replays)
        status = pab__fail(PAB_E_MEMORY, "no memory for a batch");
    if (status == PAB_OK)
        status = reference_of(course, tales, &course->was, &course->order);
    if (status == PAB_OK)
        status = reference_of(course, held, &course->was_held, &course->held_order);
    if (status != PAB_OK)
        pab__course_end(course);
    return status;
}

void pab__course_end(pab__course *course)
{
    const pab_host host = course->trainer.host;
    if (!course->tales)
        return;
    pab__release(&host, course->was, (course->tales->n_plays + 1) * sizeof *course->was);
    pab__release(&host, course->was_held, (course->held->n_plays + 1) * sizeof *course->was_held);
    pab__release(&host, course->order, (course->tales->n_starts + 1) * sizeof *course->order);
    pab__release(&host, course->held_order, (course->held->n_starts + 1) * sizeof *course->held_order);
    pab__release(&host, course->replays, PAB__BATCH_REPLAYS * sizeof *course->replays);
    pab__trainer_free(&course->trainer);
    *course = (pab__course){0};
}

/* Starts from order[first] on that together have PAB__BATCH_PAIRS pairs, or all that are left. */
static uint32_t batch_end(const pab__course *course, uint32_t first)
{
    uint32_t pairs = 0, end = first;
    while (end < course->tales->n_starts && pairs < PAB__BATCH_PAIRS) {
        const pab__start *start = &course->tales->starts[course->order[end++]];
        pairs += start->ranks - start->rank;
    }
    return end;
}

static void draw_replays(pab__course *course, uint64_t number)
{
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__rng_seed(&rng, pab__rng_key(course->seed, number, PURPOSE_REPLAY));
    for (uint32_t i = 0; i < course->replayed; i++)
        course->replays[i] = (uint32_t)pab__draw_randint(&draw, 0, course->tales->n_points);
}

static void mark(const pab__lecture *l, const double value[PAB__VALUES], double balance, pab__marks *marks)
{
    marks->loss += pab__lecture_loss(l, value, balance);
    marks->preference += value[PAB__VALUE_LOSS] / l->starts;
    marks->right += value[PAB__VALUE_RIGHT] / l->starts;
    marks->kl += value[PAB__VALUE_KL] / l->replays;
    marks->entropy -= value[PAB__VALUE_ENTROPY] / l->replays;
    for (int e = 0; e < PAB__COMPONENTS; e++)
        marks->gate[e] += value[PAB__VALUE_GATE + e] / l->replays;
}

void pab__course_epoch(pab__course *course, int32_t gate_only, uint32_t epoch, pab__marks *out)
{
    uint64_t number = ((uint64_t)(gate_only == 0) << 32 | epoch) << 20;
    pab__marks sum = {0};
    uint32_t batches = 0;
    course->trainer.gate_only = gate_only;
    course->trainer.rate = gate_only ? 1e-3 : 3e-4;
    pab__shuffle(course->order, course->tales->n_starts, pab__rng_key(course->seed, number, PURPOSE_ORDER));
    for (uint32_t first = 0; first < course->tales->n_starts; batches++) {
        double value[PAB__VALUES];
        uint32_t end = batch_end(course, first);
        pab__lecture l = {.tales = course->tales, .tuning = &course->tuning, .net = &course->trainer.learner->net,
                          .reference = course->reference,
                          .was = (const double (*)[PAB__COMPONENTS + 1])course->was,
                          .components = course->components, .starts = end - first, .start = course->order + first,
                          .replays = course->replayed, .replay = course->replays};
        draw_replays(course, number + batches);
        double balance = pab__lecture_balance(&l);
        pab__trainer_step(&course->trainer, l.starts + l.replays, pab__lecture_item, &l, value);
        mark(&l, value, balance, &sum);
        first = end;
    }
    double *marks = (double *)&sum;
    for (size_t i = 0; i < sizeof sum / sizeof *marks; i++)
        marks[i] /= batches > 0 ? batches : 1;
    *out = sum;
}

void pab__course_held(pab__course *course, double *loss, double *right)
{
    double value[PAB__VALUES];
    pab__lecture l = {.tales = course->held, .tuning = &course->tuning, .net = &course->trainer.learner->net,
                      .reference = course->reference,
                      .was = (const double (*)[PAB__COMPONENTS + 1])course->was_held,
                      .components = course->components, .starts = course->held->n_starts,
                      .start = course->held_order};
    pab__trainer_sum(&course->trainer, l.starts, pab__lecture_item, &l, value);
    *loss = value[PAB__VALUE_WEIGHT] > 0 ? value[PAB__VALUE_LOSS] / value[PAB__VALUE_WEIGHT] : NAN;
    *right = value[PAB__VALUE_WEIGHT] > 0 ? value[PAB__VALUE_RIGHT] / value[PAB__VALUE_WEIGHT] : NAN;
}
