/* What a mixture costs: a forward pass, a decision, a backward pass, an epoch of tuning. */
#include <string.h>

#include "bench.h"

#include "base/rng.h"
#include "moedpo/tune_epochs.h"
#include "moedpo/moe.h"

enum { POINTS = 256, CHOICES = 6 };

typedef struct load {
    pab_moe *moe;
    pab__mixture_input inputs[POINTS];
    pab__mixture_pass pass;
    pab__mixture_slope slope;
    pab__mixture_net *gradient;
    pab__tune_dataset dataset, held;
    pab__threads *threads;
    pab__tune_epochs epochs;
    volatile double sink;
} load;

static double forward(void *user)
{
    load *l = user;
    double start = bench_now();
    for (int i = 0; i < POINTS; i++)
        pab__mixture_forward(&l->moe->body.net, PAB_MOE_COMPONENTS, &l->inputs[i], &l->pass);
    return bench_now() - start;
}

static double decide(void *user)
{
    load *l = user;
    double pi[PAB_ENV_JOINT_ACTIONS], start = bench_now();
    for (int i = 0; i < POINTS; i++) {
        pab__mixture_forward(&l->moe->body.net, PAB_MOE_COMPONENTS, &l->inputs[i], &l->pass);
        pab__mixture_policy(&l->pass, pi);
        l->sink = pab__mixture_best(pi, l->inputs[i].legal);
    }
    return bench_now() - start;
}

static double backward(void *user)
{
    load *l = user;
    double start = bench_now();
    for (int i = 0; i < POINTS; i++)
        pab__mixture_backward(&l->moe->body.net, &l->pass, &l->slope, 0, l->gradient, NULL);
    return bench_now() - start;
}

static double divergence(void *user)
{
    load *l = user;
    pab__mixture_slope slope = {0};
    double start = bench_now();
    for (int i = 0; i < POINTS; i++)
        l->sink = pab__loss_kl(&l->pass, &l->pass, 0.01, &slope);
    return bench_now() - start;
}

static double explain(void *user)
{
    load *l = user;
    pab_moe_explanation why = {0};
    double start = bench_now();
    for (int i = 0; i < POINTS; i++)
        pab__moe_explain(l->moe, &l->inputs[i], &why);
    return bench_now() - start;
}

static double epoch(void *user)
{
    load *l = user;
    pab__tune_metrics metrics;
    double start = bench_now();
    pab__tune_epochs_run(&l->epochs, 0, 0, &metrics);
    return bench_now() - start;
}

/* Half of the starts differ in one step, half in six steps of four futures. */
static void make_start(pab__tune_dataset *t, const pab__mixture_input *inputs, uint32_t number)
{
    uint32_t steps = number % 2 == 0 ? 1 : 24, first = t->count.trajectories;
    pab__tune_start start = {.first_input = t->count.inputs, .first_pair = t->count.pairs,
                             .first_listed = t->count.listed};
    const pab__tune_counts more = {1 + CHOICES * steps, CHOICES * steps, CHOICES, CHOICES, 0, 1};
    if (pab__tune_dataset_reserve(t, &more) != PAB_OK)
        abort();
    t->inputs[t->count.inputs++] = inputs[number % POINTS];
    for (uint32_t k = 0; k < CHOICES; k++) {
        t->trajectories[t->count.trajectories++] = (pab__tune_trajectory){.first = t->count.steps,
                                                                          .end = t->count.steps + steps};
        for (uint32_t i = 0; i < steps; i++) {
            uint32_t at = i == 0 ? start.first_input : t->count.inputs;
            if (i > 0)
                t->inputs[t->count.inputs++] = inputs[(number * 31 + k * 7 + i) % POINTS];
            t->steps[t->count.steps++] = (pab__tune_step){.input = at, .action = (int32_t)(k * 17 + k), .weight = 0.25};
        }
        t->pairs[t->count.pairs++] = (pab__tune_pair){.winner = first + k, .loser = first + (k + 1) % CHOICES,
                                                      .p = 0.8};
    }
    start.end_input = t->count.inputs;
    start.end_pair = t->count.pairs;
    start.end_listed = t->count.listed;
    t->starts[t->count.starts++] = start;
}

static void prepare(load *l, const pab_host *host)
{
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__tune_plan plan = {.dataset = &l->dataset, .held_out = &l->held, .seed = 1, .components = PAB_MOE_COMPONENTS};
    pab__rng_seed(&rng, 1);
    l->moe = pab__moe_new(host);
    l->gradient = calloc(1, sizeof *l->gradient);
    if (!l->moe || !l->gradient)
        abort();
    l->moe->body.components = PAB_MOE_COMPONENTS;
    pab__mixture_net_init(&l->moe->body.net, 1);
    for (int i = 0; i < POINTS; i++) {
        for (int f = 0; f < PAB__NET_INPUTS; f++)
            l->inputs[i].obs[f] = (float)pab__draw_uniform(&draw, -1.0, 1.0);
        l->inputs[i].legal[0] = l->inputs[i].legal[1] = 0x1ffff;
    }
    for (int i = 0; i < PAB_MOE_COMPONENTS * PAB__NET_LOGITS; i++)
        (&l->slope.logit[0][0])[i] = 0.01;
    l->slope.gate[0] = 0.01;
    pab__tune_dataset_init(&l->dataset, host);
    pab__tune_dataset_init(&l->held, host);
    for (uint32_t s = 0; s < 64; s++)
        make_start(&l->dataset, l->inputs, s);
    pab__tune_weights_default(&plan.weights, PAB_LOSS_MIX);
    plan.reference = &l->moe->body.net;
    if (pab__threads_new(host, 1, "threads", &l->threads) != PAB_OK ||
        pab__tune_epochs_begin(&l->epochs, host, l->threads, &plan) != PAB_OK)
        abort();
}

int main(void)
{
    load *l = calloc(1, sizeof *l);
    pab_host host = {0};
    if (!l || pab__host_take(NULL, &host) != PAB_OK)
        return 1;
    prepare(l, &host);
    bench_open("moe");
    bench_figure("forward", bench_measure(forward, l, POINTS));
    bench_figure("decision", bench_measure(decide, l, POINTS));
    bench_figure("backward", bench_measure(backward, l, POINTS));
    bench_figure("divergence", bench_measure(divergence, l, POINTS));
    bench_figure("reason", bench_measure(explain, l, POINTS));
    bench_close();
    bench_open("moe_tuning");
    bench_number("starts", l->dataset.count.starts);
    bench_number("states", l->dataset.count.inputs);
    bench_figure("state", bench_measure(epoch, l, l->dataset.count.inputs));
    bench_figure("pair", bench_measure(epoch, l, l->dataset.count.pairs));
    bench_close();
    pab__tune_epochs_end(&l->epochs);
    pab__threads_free(l->threads);
    pab__tune_dataset_free(&l->dataset);
    pab__tune_dataset_free(&l->held);
    pab_moe_free(l->moe);
    free(l->gradient);
    free(l);
    return 0;
}
