/* What a mixture costs: a pass forward, a decision, a pass back, a batch of preferences, a batch of lessons. */
#include <string.h>

#include "bench.h"

#include "base/rng.h"
#include "moedpo/course.h"
#include "moedpo/moe.h"

enum { POINTS = 256, CHOICES = 6 };

typedef struct load {
    pab_moe *moe;
    pab__point points[POINTS];
    pab__pass pass;
    pab__slope slope;
    pab__mixture_net *gradient;
    pab__tales tales, held;
    pab__threads *threads;
    pab__course course;
    volatile double sink;
} load;

static double forward(void *user)
{
    load *l = user;
    double start = bench_now();
    for (int i = 0; i < POINTS; i++)
        pab__pass_forward(&l->moe->body.net, PAB__COMPONENTS, &l->points[i], &l->pass);
    return bench_now() - start;
}

static double decide(void *user)
{
    load *l = user;
    double pi[PAB__ACTIONS], start = bench_now();
    for (int i = 0; i < POINTS; i++) {
        pab__pass_forward(&l->moe->body.net, PAB__COMPONENTS, &l->points[i], &l->pass);
        pab__pass_policy(&l->pass, pi);
        l->sink = pab__pass_best(pi, l->points[i].legal);
    }
    return bench_now() - start;
}

static double backward(void *user)
{
    load *l = user;
    double start = bench_now();
    for (int i = 0; i < POINTS; i++)
        pab__pass_backward(&l->moe->body.net, &l->pass, &l->slope, 0, l->gradient, NULL);
    return bench_now() - start;
}

static double divergence(void *user)
{
    load *l = user;
    pab__slope slope = {0};
    double start = bench_now();
    for (int i = 0; i < POINTS; i++)
        l->sink = pab__loss_kl(&l->pass, &l->pass, 0.01, &slope);
    return bench_now() - start;
}

static double reason(void *user)
{
    load *l = user;
    pab_moe_reason why = {0};
    double start = bench_now();
    for (int i = 0; i < POINTS; i++)
        pab__moe_reason(l->moe, &l->points[i], &why);
    return bench_now() - start;
}

static double epoch(void *user)
{
    load *l = user;
    pab__marks marks;
    double start = bench_now();
    pab__course_epoch(&l->course, 0, 0, &marks);
    return bench_now() - start;
}

/* Half of the starts differ in one step, half in six steps of four futures. */
static void make_start(pab__tales *t, const pab__point *points, uint32_t number)
{
    uint32_t steps = number % 2 == 0 ? 1 : 24, first = t->n_tracks;
    pab__start start = {.point = t->n_points, .rank = t->n_ranks, .listed = t->n_listed};
    if (pab__tales_reserve(t, 1 + CHOICES * steps, CHOICES * steps, CHOICES, CHOICES, 0, 1) != PAB_OK)
        abort();
    t->points[t->n_points++] = points[number % POINTS];
    for (uint32_t k = 0; k < CHOICES; k++) {
        t->tracks[t->n_tracks++] = (pab__track){.first = t->n_plays, .end = t->n_plays + steps};
        for (uint32_t i = 0; i < steps; i++) {
            uint32_t at = i == 0 ? start.point : t->n_points;
            if (i > 0)
                t->points[t->n_points++] = points[(number * 31 + k * 7 + i) % POINTS];
            t->plays[t->n_plays++] = (pab__play){.point = at, .action = (int32_t)(k * 17 + k), .weight = 0.25};
        }
        t->ranks[t->n_ranks++] = (pab__rank){.winner = first + k, .loser = first + (k + 1) % CHOICES, .p = 0.8};
    }
    start.points = t->n_points;
    start.ranks = t->n_ranks;
    start.listing = t->n_listed;
    t->starts[t->n_starts++] = start;
}

static void prepare(load *l, const pab_host *host)
{
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__tuning tuning;
    pab__rng_seed(&rng, 1);
    l->moe = pab__moe_new(host);
    l->gradient = calloc(1, sizeof *l->gradient);
    if (!l->moe || !l->gradient)
        abort();
    l->moe->body.components = PAB__COMPONENTS;
    pab__mixture_net_init(&l->moe->body.net, 1);
    for (int i = 0; i < POINTS; i++) {
        for (int f = 0; f < PAB__INPUTS; f++)
            l->points[i].obs[f] = (float)pab__draw_uniform(&draw, -1.0, 1.0);
        l->points[i].legal[0] = l->points[i].legal[1] = 0x1ffff;
    }
    for (int i = 0; i < PAB__COMPONENTS * PAB__LOGITS; i++)
        (&l->slope.logit[0][0])[i] = 0.01;
    l->slope.gate[0] = 0.01;
    pab__tales_init(&l->tales, host);
    pab__tales_init(&l->held, host);
    for (uint32_t s = 0; s < 64; s++)
        make_start(&l->tales, l->points, s);
    pab__tuning_default(&tuning, PAB_LOSS_MIX);
    if (pab__threads_new(host, 1, "threads", &l->threads) != PAB_OK ||
        pab__course_begin(&l->course, host, l->threads, &l->tales, &l->held, &l->moe->body.net, PAB__COMPONENTS,
                          &tuning, 1) != PAB_OK)
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
    bench_figure("reason", bench_measure(reason, l, POINTS));
    bench_close();
    bench_open("moe_tuning");
    bench_number("starts", l->tales.n_starts);
    bench_number("states", l->tales.n_points);
    bench_figure("state", bench_measure(epoch, l, l->tales.n_points));
    bench_figure("pair", bench_measure(epoch, l, l->tales.n_ranks));
    bench_close();
    pab__course_end(&l->course);
    pab__threads_free(l->threads);
    pab__tales_free(&l->tales);
    pab__tales_free(&l->held);
    pab_moe_free(l->moe);
    free(l->gradient);
    free(l);
    return 0;
}
