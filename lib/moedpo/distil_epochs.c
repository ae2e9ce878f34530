/* Batches of states with their targets. */
#include "moedpo/distil_epochs.h"

#include "base/rng.h"

#include <string.h>

enum { PURPOSE_ORDER = 0x636c6173 };

/* Values of a batch. */
enum { VALUE_KL, VALUE_PART, VALUE_AGREE = VALUE_PART + PAB_MOE_COMPONENTS + 1 };

_Static_assert((int)VALUE_AGREE + (int)PAB_MOE_COMPONENTS <= (int)PAB__TRAINER_VALUES, "room for what is measured");

/* States order[0 ..]. */
typedef struct batch {
    const pab__distil_epochs *epochs;
    const uint32_t *order;
    double amount; /* weight of a state */
} batch;

pab_status pab__distil_epochs_begin(pab__distil_epochs *epochs, pab__threads *threads,
                                    const pab__distil_dataset *dataset, uint32_t components, uint64_t seed)
{
    const pab_host *host = &dataset->host;
    *epochs = (pab__distil_epochs){.dataset = dataset, .components = components, .seed = seed};
    pab_status status = pab__trainer_init(&epochs->trainer, host, threads, 0);
    if (status != PAB_OK)
        return status;
    epochs->order = pab__alloc(host, (dataset->count + 1) * sizeof *epochs->order);
    epochs->test = pab__alloc(host, (dataset->count + 1) * sizeof *epochs->test);
    if (!epochs->order || !epochs->test) {
        pab__distil_epochs_end(epochs);
        return pab__fail(PAB_E_MEMORY, "no memory for the order of %u states", dataset->count);
    }
    for (uint32_t i = 0; i < dataset->count; i++) {
        if (dataset->held_out[i])
            epochs->test[epochs->test_count++] = i;
        else
            epochs->train_count++;
    }
    return PAB_OK;
}

void pab__distil_epochs_end(pab__distil_epochs *epochs)
{
    const pab_host host = epochs->trainer.host;
    if (!epochs->dataset)
        return;
    pab__release(&host, epochs->order, (epochs->dataset->count + 1) * sizeof *epochs->order);
    pab__release(&host, epochs->test, (epochs->dataset->count + 1) * sizeof *epochs->test);
    pab__trainer_free(&epochs->trainer);
    *epochs = (pab__distil_epochs){0};
}

static void add_state(void *user, uint32_t item, pab__trainer_shard *shard)
{
    const batch *b = user;
    const pab__distil_epochs *epochs = b->epochs;
    const pab__mixture_net *net = &epochs->trainer.state->net;
    uint32_t at = b->order[item];
    const pab__distil_target *target = &epochs->dataset->targets[at];
    pab__mixture_pass pass;
    pab__mixture_slope slope = {0};
    double part[PAB_MOE_COMPONENTS + 1];
    pab__mixture_forward(net, epochs->components, &epochs->dataset->inputs[at], &pass);
    shard->value[VALUE_KL] += pab__distil_target_loss(&pass, target, b->amount, &slope, part);
    if (shard->learning) {
        pab__mixture_backward(net, &pass, &slope, 0, &shard->gradient, NULL);
        return;
    }
    for (int i = 0; i <= PAB_MOE_COMPONENTS; i++)
        shard->value[VALUE_PART + i] += part[i];
    for (uint32_t e = 0; e < epochs->components; e++)
        shard->value[VALUE_AGREE + e] += pab__joint_best(&pass.joint[e]) == target->best[e];
}

/* Training states in the order of an epoch; how many. */
static uint32_t shuffle(pab__distil_epochs *epochs, uint32_t epoch)
{
    const pab__distil_dataset *d = epochs->dataset;
    uint32_t n = 0;
    pab__trainer_shuffle(epochs->order, d->count, pab__rng_key(epochs->seed, epoch, PURPOSE_ORDER));
    for (uint32_t i = 0; i < d->count; i++)
        if (!d->held_out[epochs->order[i]])
            epochs->order[n++] = epochs->order[i];
    return n;
}

double pab__distil_epochs_run(pab__distil_epochs *epochs, uint32_t epoch)
{
    double value[PAB__TRAINER_VALUES], sum = 0.0;
    uint32_t most = epochs->train_count < PAB__DISTIL_SMALL ? PAB__DISTIL_BATCH_SMALL : PAB__DISTIL_BATCH;
    uint32_t n = shuffle(epochs, epoch), first = 0;
    epochs->trainer.rate = 1e-3;
    while (first < n) {
        uint32_t count = n - first < most ? n - first : most;
        batch b = {.epochs = epochs, .order = epochs->order + first, .amount = 1.0 / count};
        pab__trainer_step(&epochs->trainer, count, add_state, &b, value);
        sum += value[VALUE_KL];
        first += count;
    }
    return n > 0 ? sum / n : 0.0;
}

void pab__distil_epochs_test(pab__distil_epochs *epochs, pab__distil_metrics *out)
{
    double value[PAB__TRAINER_VALUES];
    double n = epochs->test_count > 0 ? epochs->test_count : 1;
    batch b = {.epochs = epochs, .order = epochs->test};
    pab__trainer_sum(&epochs->trainer, epochs->test_count, add_state, &b, value);
    out->kl = value[VALUE_KL] / n;
    for (int i = 0; i <= PAB_MOE_COMPONENTS; i++)
        out->part[i] = value[VALUE_PART + i] / n;
    for (int e = 0; e < PAB_MOE_COMPONENTS; e++)
        out->agree[e] = value[VALUE_AGREE + e] / n;
}
