/* Every loss and regulariser against central differences, through networks, gate and masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "instance.h"

#define STEP 1e-5
#define TOLERANCE 1e-5
#define PROBES 160 /* parameters tried beside all output biases */

typedef struct lab {
    pab__trainer trainer;
    pab__threads *threads;
    pab__tales tales;
    pab__tuning tuning;
    pab__mixture_net *reference;
    double (*was)[PAB__COMPONENTS + 1];
    pab__lecture lecture;
    uint32_t start[4], replay[6];
    luck luck;
} lab;

static void lab_open(lab *x, int32_t loss, uint32_t components)
{
    pab_host host = plain_host();
    memset(x, 0, sizeof *x);
    pab__rng_seed(&x->luck.rng, 77);
    pab__tales_init(&x->tales, &host);
    for (uint32_t s = 0; s < 4; s++)
        start_random(&x->luck, &x->tales, 1 + s, 3);
    assert_int_equal(pab__threads_new(&host, 1, "threads", &x->threads), PAB_OK);
    assert_int_equal(pab__trainer_init(&x->trainer, &host, x->threads, pab__lecture_scratch(&x->tales)), PAB_OK);
    pab__mixture_net_init(&x->trainer.learner->net, 5);
    x->reference = calloc(1, sizeof *x->reference);
    pab__mixture_net_init(x->reference, 6);
    x->was = calloc(x->tales.n_plays, sizeof *x->was);
    pab__lecture_reference(&x->tales, x->reference, components, x->was);
    pab__tuning_default(&x->tuning, loss);
    for (uint32_t i = 0; i < 4; i++)
        x->start[i] = i;
    for (uint32_t i = 0; i < 6; i++)
        x->replay[i] = i + 2;
    x->lecture = (pab__lecture){.tales = &x->tales, .tuning = &x->tuning, .net = &x->trainer.learner->net,
                                .reference = x->reference, .was = (const double(*)[PAB__COMPONENTS + 1]) x->was,
                                .components = components, .starts = 4, .replays = 6, .start = x->start,
                                .replay = x->replay};
}

static void lab_close(lab *x)
{
    pab__trainer_free(&x->trainer);
    pab__threads_free(x->threads);
    pab__tales_free(&x->tales);
    free(x->reference);
    free(x->was);
}

static double loss_now(lab *x)
{
    double value[PAB__VALUES];
    double balance = pab__lecture_balance(&x->lecture);
    pab__trainer_sum(&x->trainer, x->lecture.starts + x->lecture.replays, pab__lecture_item, &x->lecture, value);
    return pab__lecture_loss(&x->lecture, value, balance);
}

static double difference(lab *x, double *parameter)
{
    double kept = *parameter;
    *parameter = kept + STEP;
    double up = loss_now(x);
    *parameter = kept - STEP;
    double down = loss_now(x);
    *parameter = kept;
    return (up - down) / (2 * STEP);
}

static void check_one(lab *x, const double *gradient, size_t i)
{
    double told = gradient[i], seen = difference(x, (double *)&x->trainer.learner->net + i);
    double size = fmax(1e-3, fmax(fabs(told), fabs(seen)));
    if (fabs(told - seen) > TOLERANCE * size)
        fail_msg("parameter %zu: derivative %.12g, by differences %.12g", i, told, seen);
}

/* All output biases, so each logit by itself, then parameters anywhere. */
static void check_gradient(lab *x)
{
    double value[PAB__VALUES];
    double *gradient = malloc(sizeof(pab__mixture_net));
    pab__lecture_balance(&x->lecture);
    pab__trainer_gradient(&x->trainer, x->lecture.starts + x->lecture.replays, pab__lecture_item, &x->lecture, value);
    memcpy(gradient, &x->trainer.shards[0].gradient, sizeof(pab__mixture_net));
    double most = 0.0;
    for (size_t i = 0; i < PAB__PARAMETERS; i++)
        most = fmax(most, fabs(gradient[i]));
    assert_true(most > 1e-4); /* there is something to check */
    for (size_t e = 0; e < x->lecture.components; e++)
        for (size_t i = 0; i < PAB__LOGITS; i++)
            check_one(x, gradient, ((e + 1) * sizeof(pab__net)) / sizeof(double) - PAB__LOGITS + i);
    for (size_t i = 0; i < x->lecture.components; i++)
        check_one(x, gradient, PAB__PARAMETERS - PAB__COMPONENTS + i);
    for (int k = 0; k < PROBES; k++)
        check_one(x, gradient, luck_below(&x->luck, (uint32_t)PAB__PARAMETERS));
    free(gradient);
}

/* The loss alone: no regulariser. */
static void check_loss(int32_t loss)
{
    lab x;
    lab_open(&x, loss, PAB__COMPONENTS);
    x.tuning.kl = x.tuning.imitate = x.tuning.balance = x.tuning.entropy = 0.0;
    x.lecture.replays = 0;
    check_gradient(&x);
    lab_close(&x);
}

static void the_mixture_loss_has_its_gradient(void **state)
{
    (void)state;
    check_loss(PAB_LOSS_MIX);
}

static void the_contrastive_loss_has_its_gradient(void **state)
{
    (void)state;
    check_loss(PAB_LOSS_CPL);
}

static void the_identity_loss_has_its_gradient(void **state)
{
    (void)state;
    check_loss(PAB_LOSS_IPO);
}

static void the_listwise_loss_has_its_gradient(void **state)
{
    (void)state;
    check_loss(PAB_LOSS_PL);
}

static void the_mixture_of_bradley_terry_has_its_gradient(void **state)
{
    (void)state;
    check_loss(PAB_LOSS_MBT);
}

/* Each regulariser alone, at a weight that dominates: no preferences take part. */
static void check_regulariser(double kl, double balance, double entropy, uint32_t components)
{
    lab x;
    lab_open(&x, PAB_LOSS_MIX, components);
    x.tuning.kl = kl;
    x.tuning.balance = balance;
    x.tuning.entropy = entropy;
    x.lecture.starts = 0;
    check_gradient(&x);
    lab_close(&x);
}

static void the_divergence_from_the_reference_has_its_gradient(void **state)
{
    (void)state;
    check_regulariser(1.0, 0.0, 0.0, PAB__COMPONENTS);
}

static void the_load_balance_has_its_gradient(void **state)
{
    (void)state;
    check_regulariser(0.0, 1.0, 0.0, PAB__COMPONENTS);
    check_regulariser(0.0, 1.0, 0.0, PAB__COMPONENTS - 1);
}

static void the_entropy_of_the_gate_has_its_gradient(void **state)
{
    (void)state;
    check_regulariser(0.0, 0.0, 1.0, PAB__COMPONENTS);
}

static void imitation_of_winners_has_its_gradient(void **state)
{
    (void)state;
    lab x;
    lab_open(&x, PAB_LOSS_MIX, PAB__COMPONENTS);
    x.tuning.beta = 1e-3; /* what is left of the preferences is small */
    x.tuning.imitate = 1.0;
    x.lecture.replays = 0;
    check_gradient(&x);
    lab_close(&x);
}

static void all_terms_together_have_their_gradient(void **state)
{
    (void)state;
    for (int32_t loss = PAB_LOSS_MIX; loss <= PAB_LOSS_MBT; loss++)
        for (uint32_t components = 4; components <= 5; components++) {
            lab x;
            lab_open(&x, loss, components);
            x.tuning.smoothing = 0.05;
            check_gradient(&x);
            lab_close(&x);
        }
}

static void what_is_illegal_takes_no_part(void **state)
{
    (void)state;
    lab x;
    double value[PAB__VALUES];
    lab_open(&x, PAB_LOSS_MIX, PAB__COMPONENTS);
    for (uint32_t i = 0; i < x.tales.n_points; i++)
        x.tales.points[i].legal[0] &= ~(UINT32_C(1) << 16);
    for (uint32_t i = 0; i < x.tales.n_plays; i++)
        x.tales.plays[i].action %= 16 * PAB__LEG_ACTIONS;
    for (uint32_t i = 0; i < x.tales.n_plays; i++)
        x.tales.points[x.tales.plays[i].point].legal[0] |= UINT32_C(1) << (x.tales.plays[i].action / PAB__LEG_ACTIONS);
    pab__lecture_balance(&x.lecture);
    pab__trainer_gradient(&x.trainer, 10, pab__lecture_item, &x.lecture, value);
    for (int e = 0; e < PAB__COMPONENTS; e++)
        assert_true(x.trainer.shards[0].gradient.net[e].b3[16] == 0.0);
    lab_close(&x);
}

static void a_forced_step_has_no_say(void **state)
{
    (void)state;
    lab x;
    double value[PAB__VALUES];
    lab_open(&x, PAB_LOSS_MBT, PAB__COMPONENTS);
    for (uint32_t i = 0; i < x.tales.n_points; i++)
        x.tales.points[i].legal[0] = x.tales.points[i].legal[1] = 1;
    for (uint32_t i = 0; i < x.tales.n_plays; i++)
        x.tales.plays[i].action = 0;
    pab__lecture_reference(&x.tales, x.reference, PAB__COMPONENTS, x.was);
    x.tuning.balance = x.tuning.entropy = 0.0;
    pab__trainer_gradient(&x.trainer, 10, pab__lecture_item, &x.lecture, value);
    for (int e = 0; e < PAB__COMPONENTS; e++)
        for (int i = 0; i < PAB__LOGITS; i++)
            assert_true(fabs(x.trainer.shards[0].gradient.net[e].b3[i]) < 1e-15);
    lab_close(&x);
}

/* Distillation is not a preference: its items stand alone. */
typedef struct school {
    const pab__mixture_net *net;
    const pab__point *points;
    const pab__lesson *lessons;
    uint32_t count;
} school;

static void school_item(void *user, uint32_t item, pab__shard *shard)
{
    const school *s = user;
    pab__pass pass;
    pab__slope slope = {0};
    pab__pass_forward(s->net, PAB__COMPONENTS, &s->points[item], &pass);
    shard->value[0] += pab__loss_lesson(&pass, &s->lessons[item], 1.0, &slope, NULL);
    if (shard->learning)
        pab__pass_backward(s->net, &pass, &slope, 0, &shard->gradient, NULL);
}

static void a_lesson_has_its_gradient(void **state)
{
    (void)state;
    lab x;
    pab__point points[5];
    pab__lesson lessons[5];
    double value[PAB__VALUES], score[PAB__ACTIONS];
    lab_open(&x, PAB_LOSS_MIX, PAB__COMPONENTS);
    memset(lessons, 0, sizeof lessons);
    for (int k = 0; k < 5; k++) {
        point_random(&x.luck, &points[k]);
        for (uint32_t e = 0; e < PAB__COMPONENTS; e++) {
            for (int b = 0; b < PAB__ACTIONS; b++)
                score[b] = (points[k].legal[0] >> b / 17 & 1) != 0 && (points[k].legal[1] >> b % 17 & 1) != 0
                               ? luck_between(&x.luck, -1.0, 0.0)
                               : -INFINITY;
            pab__lesson_set(&lessons[k], e, score, 0.15);
            lessons[k].gate[e] = (float)(e == PAB__ANCHOR ? 0.5 : 0.125);
        }
    }
    school s = {.net = &x.trainer.learner->net, .points = points, .lessons = lessons, .count = 5};
    pab__trainer_gradient(&x.trainer, 5, school_item, &s, value);
    double *gradient = malloc(sizeof(pab__mixture_net));
    memcpy(gradient, &x.trainer.shards[0].gradient, sizeof(pab__mixture_net));
    for (int k = 0; k < 400; k++) {
        size_t i = luck_below(&x.luck, (uint32_t)PAB__PARAMETERS);
        double *w = (double *)&x.trainer.learner->net + i, kept = *w, up[PAB__VALUES], down[PAB__VALUES];
        *w = kept + STEP;
        pab__trainer_sum(&x.trainer, 5, school_item, &s, up);
        *w = kept - STEP;
        pab__trainer_sum(&x.trainer, 5, school_item, &s, down);
        *w = kept;
        double seen = (up[0] - down[0]) / (2 * STEP);
        if (fabs(seen - gradient[i]) > TOLERANCE * fmax(1e-3, fabs(seen)))
            fail_msg("parameter %zu: derivative %.12g, by differences %.12g", i, gradient[i], seen);
    }
    free(gradient);
    lab_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mixture_loss_has_its_gradient),
        cmocka_unit_test(the_contrastive_loss_has_its_gradient),
        cmocka_unit_test(the_identity_loss_has_its_gradient),
        cmocka_unit_test(the_listwise_loss_has_its_gradient),
        cmocka_unit_test(the_mixture_of_bradley_terry_has_its_gradient),
        cmocka_unit_test(the_divergence_from_the_reference_has_its_gradient),
        cmocka_unit_test(the_load_balance_has_its_gradient),
        cmocka_unit_test(the_entropy_of_the_gate_has_its_gradient),
        cmocka_unit_test(imitation_of_winners_has_its_gradient),
        cmocka_unit_test(all_terms_together_have_their_gradient),
        cmocka_unit_test(what_is_illegal_takes_no_part),
        cmocka_unit_test(a_forced_step_has_no_say),
        cmocka_unit_test(a_lesson_has_its_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
