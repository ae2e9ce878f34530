/* Batches of starts, about as many pairs in each. */
#include "moedpo/tune_epochs.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

enum { PURPOSE_ORDER = 0x6f726465, PURPOSE_REPLAY = 0x7265706c };

static pab_status make_reference(pab__tune_epochs *epochs, const pab__tune_dataset *dataset, pab__tune_log **log,
                                 uint32_t **order)
{
    const pab_host *host = &epochs->trainer.host;
    *log = pab__alloc(host, (dataset->count.steps + 1) * sizeof **log);
    *order = pab__alloc(host, (dataset->count.starts + 1) * sizeof **order);
    if (!*log || !*order)
        return pab__fail(PAB_E_MEMORY, "no memory for the reference of %u steps", dataset->count.steps);
    pab__tune_batch_reference(dataset, epochs->plan.reference, epochs->plan.components, *log);
    for (uint32_t i = 0; i < dataset->count.starts; i++)
        (*order)[i] = i;
    return PAB_OK;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

pab_status pab__tune_epochs_begin(pab__tune_epochs *epochs, const pab_host *host, pab__threads *threads,
                                  const pab__tune_plan *plan)
{
    *epochs = (pab__tune_epochs){.plan = *plan, .replays = PAB__TUNE_BATCH_REPLAYS};
    size_t scratch = larger(pab__tune_batch_scratch(plan->dataset), pab__tune_batch_scratch(plan->held_out));
    pab_status status = pab__trainer_init(&epochs->trainer, host, threads, scratch);
    if (status != PAB_OK)
        return status;
    epochs->trainer.state->net = *plan->reference;
    epochs->replay = pab__alloc(host, PAB__TUNE_BATCH_REPLAYS * sizeof *epochs->replay);
    if (!epochs->replay)
        status = pab__fail(PAB_E_MEMORY, "no memory for a batch");
    if (status == PAB_OK)
        status = make_reference(epochs, plan->dataset, &epochs->reference_log, &epochs->order);
    if (status == PAB_OK)
        status = make_reference(epochs, plan->held_out, &epochs->held_out_log, &epochs->held_out_order);
    if (status != PAB_OK)
        pab__tune_epochs_end(epochs);
    return status;
}

void pab__tune_epochs_end(pab__tune_epochs *epochs)
{
    const pab_host host = epochs->trainer.host;
    const pab__tune_plan *plan = &epochs->plan;
    if (!plan->dataset)
        return;
    pab__release(&host, epochs->reference_log, (plan->dataset->count.steps + 1) * sizeof *epochs->reference_log);
    pab__release(&host, epochs->held_out_log, (plan->held_out->count.steps + 1) * sizeof *epochs->held_out_log);
    pab__release(&host, epochs->order, (plan->dataset->count.starts + 1) * sizeof *epochs->order);
    pab__release(&host, epochs->held_out_order, (plan->held_out->count.starts + 1) * sizeof *epochs->held_out_order);
    pab__release(&host, epochs->replay, PAB__TUNE_BATCH_REPLAYS * sizeof *epochs->replay);
    pab__trainer_free(&epochs->trainer);
    *epochs = (pab__tune_epochs){0};
}

/* Starts from order[first] on that together have PAB__TUNE_BATCH_PAIRS pairs, or all that are left. */
static uint32_t batch_end(const pab__tune_epochs *epochs, uint32_t first)
{
    const pab__tune_dataset *d = epochs->plan.dataset;
    uint32_t pairs = 0, end = first;
    while (end < d->count.starts && pairs < PAB__TUNE_BATCH_PAIRS) {
        const pab__tune_start *start = &d->starts[epochs->order[end++]];
        pairs += start->end_pair - start->first_pair;
    }
    return end;
}

static void draw_replays(pab__tune_epochs *epochs, uint64_t number)
{
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__rng_seed(&rng, pab__rng_key(epochs->plan.seed, number, PURPOSE_REPLAY));
    for (uint32_t i = 0; i < epochs->replays; i++)
        epochs->replay[i] = (uint32_t)pab__draw_randint(&draw, 0, epochs->plan.dataset->count.inputs);
}

static void add_metrics(const pab__tune_batch *b, const double value[PAB__TRAINER_VALUES], double balance,
                        pab__tune_metrics *sum)
{
    sum->loss += pab__tune_batch_loss(b, value, balance);
    sum->preference += value[PAB__TUNE_VALUE_LOSS] / b->starts;
    sum->accuracy += value[PAB__TUNE_VALUE_ACCURACY] / b->starts;
    sum->kl += value[PAB__TUNE_VALUE_KL] / b->replays;
    sum->entropy -= value[PAB__TUNE_VALUE_ENTROPY] / b->replays;
    for (int e = 0; e < PAB_MOE_COMPONENTS; e++)
        sum->gate[e] += value[PAB__TUNE_VALUE_GATE + e] / b->replays;
}

/* A batch without starts and replays yet. */
static pab__tune_batch empty_batch(const pab__tune_epochs *epochs, const pab__tune_dataset *dataset,
                                   const pab__tune_log *log)
{
    return (pab__tune_batch){.dataset = dataset, .weights = &epochs->plan.weights, .net = &epochs->trainer.state->net,
                             .reference = epochs->plan.reference, .reference_log = log,
                             .components = epochs->plan.components};
}

void pab__tune_epochs_run(pab__tune_epochs *epochs, int32_t gate_only, uint32_t epoch, pab__tune_metrics *out)
{
    const pab__tune_plan *plan = &epochs->plan;
    uint64_t number = ((uint64_t)(gate_only == 0) << 32 | epoch) << 20;
    pab__tune_metrics sum = {0};
    uint32_t batches = 0;
    epochs->trainer.gate_only = gate_only;
    epochs->trainer.rate = gate_only ? 1e-3 : 3e-4;
    pab__trainer_shuffle(epochs->order, plan->dataset->count.starts, pab__rng_key(plan->seed, number, PURPOSE_ORDER));
    for (uint32_t first = 0; first < plan->dataset->count.starts; batches++) {
        double value[PAB__TRAINER_VALUES];
        uint32_t end = batch_end(epochs, first);
        pab__tune_batch b = empty_batch(epochs, plan->dataset, epochs->reference_log);
        b.starts = end - first;
        b.start = epochs->order + first;
        b.replays = epochs->replays;
        b.replay = epochs->replay;
        draw_replays(epochs, number + batches);
        double balance = pab__tune_batch_balance(&b);
        pab__trainer_step(&epochs->trainer, b.starts + b.replays, pab__tune_batch_item, &b, value);
        add_metrics(&b, value, balance, &sum);
        first = end;
    }
    double *mean = (double *)&sum;
    for (size_t i = 0; i < sizeof sum / sizeof *mean; i++)
        mean[i] /= batches > 0 ? batches : 1;
    *out = sum;
}

void pab__tune_epochs_test(pab__tune_epochs *epochs, double *loss, double *accuracy)
{
    double value[PAB__TRAINER_VALUES];
    pab__tune_batch b = empty_batch(epochs, epochs->plan.held_out, epochs->held_out_log);
    b.starts = epochs->plan.held_out->count.starts;
    b.start = epochs->held_out_order;
    pab__trainer_sum(&epochs->trainer, b.starts, pab__tune_batch_item, &b, value);
    const double weight = value[PAB__TUNE_VALUE_WEIGHT];
    *loss = weight > 0 ? value[PAB__TUNE_VALUE_LOSS] / weight : NAN;
    *accuracy = weight > 0 ? value[PAB__TUNE_VALUE_ACCURACY] / weight : NAN;
}
