/* Shards over threads, and Adam. */
#include "moedpo/trainer.h"

#include "base/bytes.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

#define BLOCK 64 /* parameters whose squares are added up first */

typedef struct batch {
    pab__trainer *trainer;
    pab__trainer_item item;
    void *user;
    uint32_t count;
    uint32_t learning;
    double clip, slow1, slow2; /* scale of the gradient, corrections of the moments */
} batch;

pab_status pab__trainer_init(pab__trainer *trainer, const pab_host *host, pab__threads *threads, size_t scratch)
{
    pab__trainer t = {.host = *host, .threads = threads, .scratch = scratch, .rate = 1e-3};
    size_t size = PAB__TRAINER_SHARDS * sizeof *t.shards;
    t.shards = pab__alloc(host, size);
    t.state = pab__alloc(host, sizeof *t.state);
    int missing = !t.shards || !t.state;
    for (int s = 0; !missing && s < PAB__TRAINER_SHARDS; s++) {
        t.shards[s].scratch = pab__alloc(host, scratch + 1);
        missing = !t.shards[s].scratch;
    }
    if (missing) {
        pab__trainer_free(&t);
        return pab__fail(PAB_E_MEMORY, "no memory for training: %zu bytes for each of %d shards",
                         sizeof *t.shards + scratch, PAB__TRAINER_SHARDS);
    }
    *trainer = t;
    return PAB_OK;
}

void pab__trainer_free(pab__trainer *trainer)
{
    for (int s = 0; trainer->shards && s < PAB__TRAINER_SHARDS; s++)
        pab__release(&trainer->host, trainer->shards[s].scratch, trainer->scratch + 1);
    pab__release(&trainer->host, trainer->shards, PAB__TRAINER_SHARDS * sizeof *trainer->shards);
    pab__release(&trainer->host, trainer->state, sizeof *trainer->state);
    *trainer = (pab__trainer){0};
}

int pab__trainer_state_is_sound(const pab__trainer_state *state)
{
    return pab__all_finite((const double *)&state->net, PAB__NET_PARAMETERS) &&
           pab__all_finite((const double *)&state->first, PAB__NET_PARAMETERS) &&
           pab__all_finite((const double *)&state->second, PAB__NET_PARAMETERS);
}

void pab__trainer_state_restart(pab__trainer_state *state)
{
    memset(&state->first, 0, sizeof state->first);
    memset(&state->second, 0, sizeof state->second);
    state->steps = 0;
}

static double *parameters(pab__mixture_net *net, const pab__trainer *trainer)
{
    return trainer->gate_only ? (double *)&net->gate : (double *)net;
}

static uint32_t parameter_count(const pab__trainer *trainer)
{
    return (uint32_t)(trainer->gate_only ? PAB__NET_GATE_PARAMETERS : PAB__NET_PARAMETERS);
}

static void add_items(void *user, uint32_t thread, uint32_t threads)
{
    const batch *b = user;
    for (uint32_t s = thread; s < PAB__TRAINER_SHARDS; s += threads) {
        pab__trainer_shard *shard = &b->trainer->shards[s];
        shard->learning = (int32_t)b->learning;
        shard->gate_only = b->trainer->gate_only;
        memset(shard->value, 0, sizeof shard->value);
        if (b->learning)
            memset(parameters(&shard->gradient, b->trainer), 0, parameter_count(b->trainer) * sizeof(double));
        for (uint32_t i = s; i < b->count; i += PAB__TRAINER_SHARDS)
            b->item(b->user, i, shard);
    }
}

/* Adds all shards' gradients up in the first one. */
static void sum_shards(void *user, uint32_t thread, uint32_t threads)
{
    const batch *b = user;
    uint32_t first, end;
    pab__threads_share(parameter_count(b->trainer), thread, threads, &first, &end);
    double *restrict sum = parameters(&b->trainer->shards[0].gradient, b->trainer);
    for (uint32_t s = 1; s < PAB__TRAINER_SHARDS && s < b->count; s++) {
        const double *restrict part = parameters(&b->trainer->shards[s].gradient, b->trainer);
        for (uint32_t i = first; i < end; i++)
            sum[i] += part[i];
    }
}

static double norm_of(const double *x, uint32_t count)
{
    double sum = 0.0;
    for (uint32_t first = 0; first < count; first += BLOCK) {
        double part = 0.0;
        for (uint32_t i = first; i < count && i < first + BLOCK; i++)
            part += x[i] * x[i];
        sum += part;
    }
    return sqrt(sum);
}

static void adam(void *user, uint32_t thread, uint32_t threads)
{
    const batch *b = user;
    pab__trainer_state *state = b->trainer->state;
    uint32_t first, end;
    pab__threads_share(parameter_count(b->trainer), thread, threads, &first, &end);
    const double *restrict g = parameters(&b->trainer->shards[0].gradient, b->trainer);
    double *restrict w = parameters(&state->net, b->trainer);
    double *restrict m = parameters(&state->first, b->trainer);
    double *restrict v = parameters(&state->second, b->trainer);
    for (uint32_t i = first; i < end; i++) {
        double slope = g[i] * b->clip;
        m[i] = 0.9 * m[i] + 0.1 * slope;
        v[i] = 0.999 * v[i] + 0.001 * (slope * slope);
        w[i] -= b->trainer->rate * (m[i] * b->slow1) / (sqrt(v[i] * b->slow2) + 1e-8);
    }
}

static void run(batch *b, double value[PAB__TRAINER_VALUES])
{
    pab__trainer *t = b->trainer;
    pab__threads_run(t->threads, add_items, b);
    memset(value, 0, PAB__TRAINER_VALUES * sizeof *value);
    for (int s = 0; s < PAB__TRAINER_SHARDS; s++)
        for (int i = 0; i < PAB__TRAINER_VALUES; i++)
            value[i] += t->shards[s].value[i];
    if (!b->learning)
        return;
    pab__threads_run(t->threads, sum_shards, b);
    t->norm = norm_of(parameters(&t->shards[0].gradient, t), parameter_count(t));
}

void pab__trainer_sum(pab__trainer *trainer, uint32_t count, pab__trainer_item item, void *user,
                      double value[PAB__TRAINER_VALUES])
{
    batch b = {.trainer = trainer, .item = item, .user = user, .count = count};
    run(&b, value);
}

void pab__trainer_gradient(pab__trainer *trainer, uint32_t count, pab__trainer_item item, void *user,
                           double value[PAB__TRAINER_VALUES])
{
    batch b = {.trainer = trainer, .item = item, .user = user, .count = count, .learning = 1};
    run(&b, value);
}

void pab__trainer_step(pab__trainer *trainer, uint32_t count, pab__trainer_item item, void *user,
                       double value[PAB__TRAINER_VALUES])
{
    batch b = {.trainer = trainer, .item = item, .user = user, .count = count, .learning = 1};
    run(&b, value);
    double steps = (double)++trainer->state->steps;
    b.clip = trainer->norm > 1.0 ? 1.0 / trainer->norm : 1.0;
    b.slow1 = 1.0 / (1.0 - pow(0.9, steps));
    b.slow2 = 1.0 / (1.0 - pow(0.999, steps));
    pab__threads_run(trainer->threads, adam, &b);
}

void pab__trainer_shuffle(uint32_t *order, uint32_t count, uint64_t key)
{
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__rng_seed(&rng, key);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j = (uint32_t)pab__draw_randint(&draw, 0, i);
        uint32_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}
