/* Every loss and regulariser against central differences, through networks, gate and masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "instances.h"
#include "moedpo/distil_target.h"

#define STEP 1e-5
#define TOLERANCE 1e-5
#define PROBES 160 /* parameters tried beside all output biases */

typedef struct lab {
    pab__trainer trainer;
    pab__threads *threads;
    pab__tune_dataset dataset;
    pab__tune_weights weights;
    pab__mixture_net *reference;
    pab__tune_log *reference_log;
    pab__tune_batch batch;
    uint32_t start[4], replay[6];
    random_source random_source;
} lab;

static void lab_open(lab *x, int32_t loss, uint32_t components)
{
    pab_host host = plain_host();
    memset(x, 0, sizeof *x);
    pab__rng_seed(&x->random_source.rng, 77);
    pab__tune_dataset_init(&x->dataset, &host);
    for (uint32_t s = 0; s < 4; s++)
        start_random(&x->random_source, &x->dataset, 1 + s, 3);
    assert_int_equal(pab__threads_new(&host, 1, "threads", &x->threads), PAB_OK);
    assert_int_equal(pab__trainer_init(&x->trainer, &host, x->threads, pab__tune_batch_scratch(&x->dataset)), PAB_OK);
    pab__mixture_net_init(&x->trainer.state->net, 5);
    x->reference = calloc(1, sizeof *x->reference);
    pab__mixture_net_init(x->reference, 6);
    x->reference_log = calloc(x->dataset.count.steps, sizeof *x->reference_log);
    pab__tune_batch_reference(&x->dataset, x->reference, components, x->reference_log);
    pab__tune_weights_default(&x->weights, loss);
    for (uint32_t i = 0; i < 4; i++)
        x->start[i] = i;
    for (uint32_t i = 0; i < 6; i++)
        x->replay[i] = i + 2;
    x->batch = (pab__tune_batch){.dataset = &x->dataset, .weights = &x->weights, .net = &x->trainer.state->net,
                                 .reference = x->reference, .reference_log = x->reference_log,
                                 .components = components, .starts = 4, .replays = 6, .start = x->start,
                                 .replay = x->replay};
}

static void lab_close(lab *x)
{
    pab__trainer_free(&x->trainer);
    pab__threads_free(x->threads);
    pab__tune_dataset_free(&x->dataset);
    free(x->reference);
    free(x->reference_log);
}

static double loss_now(lab *x)
{
    double value[PAB__TRAINER_VALUES];
    double balance = pab__tune_batch_balance(&x->batch);
    pab__trainer_sum(&x->trainer, x->batch.starts + x->batch.replays, pab__tune_batch_item, &x->batch, value);
    return pab__tune_batch_loss(&x->batch, value, balance);
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
    double told = gradient[i], seen = difference(x, (double *)&x->trainer.state->net + i);
    double size = fmax(1e-3, fmax(fabs(told), fabs(seen)));
    if (fabs(told - seen) > TOLERANCE * size)
        fail_msg("parameter %zu: derivative %.12g, by differences %.12g", i, told, seen);
}

/* All output biases, so each logit by itself, then parameters anywhere. */
static void check_gradient(lab *x)
{
    double value[PAB__TRAINER_VALUES];
    double *gradient = malloc(sizeof(pab__mixture_net));
    pab__tune_batch_balance(&x->batch);
    pab__trainer_gradient(&x->trainer, x->batch.starts + x->batch.replays, pab__tune_batch_item, &x->batch, value);
    memcpy(gradient, &x->trainer.shards[0].gradient, sizeof(pab__mixture_net));
    double most = 0.0;
    for (size_t i = 0; i < PAB__NET_PARAMETERS; i++)
        most = fmax(most, fabs(gradient[i]));
    assert_true(most > 1e-4); /* there is something to check */
    for (size_t e = 0; e < x->batch.components; e++)
        for (size_t i = 0; i < PAB__NET_LOGITS; i++)
            check_one(x, gradient, ((e + 1) * sizeof(pab__net)) / sizeof(double) - PAB__NET_LOGITS + i);
    for (size_t i = 0; i < x->batch.components; i++)
        check_one(x, gradient, PAB__NET_PARAMETERS - PAB_MOE_COMPONENTS + i);
    for (int k = 0; k < PROBES; k++)
        check_one(x, gradient, random_below(&x->random_source, (uint32_t)PAB__NET_PARAMETERS));
    free(gradient);
}

/* The loss alone: no regulariser. */
static void check_loss(int32_t loss)
{
    lab x;
    lab_open(&x, loss, PAB_MOE_COMPONENTS);
    x.weights.kl = x.weights.imitation = x.weights.balance = x.weights.entropy = 0.0;
    x.batch.replays = 0;
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
    x.weights.kl = kl;
    x.weights.balance = balance;
    x.weights.entropy = entropy;
    x.batch.starts = 0;
    check_gradient(&x);
    lab_close(&x);
}

static void the_divergence_from_the_reference_has_its_gradient(void **state)
{
    (void)state;
    check_regulariser(1.0, 0.0, 0.0, PAB_MOE_COMPONENTS);
}

static void the_load_balance_has_its_gradient(void **state)
{
    (void)state;
    check_regulariser(0.0, 1.0, 0.0, PAB_MOE_COMPONENTS);
    check_regulariser(0.0, 1.0, 0.0, PAB_MOE_COMPONENTS - 1);
}

static void the_entropy_of_the_gate_has_its_gradient(void **state)
{
    (void)state;
    check_regulariser(0.0, 0.0, 1.0, PAB_MOE_COMPONENTS);
}

static void imitation_of_winners_has_its_gradient(void **state)
{
    (void)state;
    lab x;
    lab_open(&x, PAB_LOSS_MIX, PAB_MOE_COMPONENTS);
    x.weights.beta = 1e-3; /* what is left of the preferences is small */
    x.weights.imitation = 1.0;
    x.batch.replays = 0;
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
            x.weights.smoothing = 0.05;
            check_gradient(&x);
            lab_close(&x);
        }
}

static void illegal_actions_have_no_gradient(void **state)
{
    (void)state;
    lab x;
    double value[PAB__TRAINER_VALUES];
    lab_open(&x, PAB_LOSS_MIX, PAB_MOE_COMPONENTS);
    for (uint32_t i = 0; i < x.dataset.count.inputs; i++)
        x.dataset.inputs[i].legal[0] &= ~(UINT32_C(1) << 16);
    for (uint32_t i = 0; i < x.dataset.count.steps; i++)
        x.dataset.steps[i].action %= 16 * PAB_ENV_LEG_ACTIONS;
    for (uint32_t i = 0; i < x.dataset.count.steps; i++) {
        const pab__tune_step *step = &x.dataset.steps[i];
        x.dataset.inputs[step->input].legal[0] |= UINT32_C(1) << (step->action / PAB_ENV_LEG_ACTIONS);
    }
    pab__tune_batch_balance(&x.batch);
    pab__trainer_gradient(&x.trainer, 10, pab__tune_batch_item, &x.batch, value);
    for (int e = 0; e < PAB_MOE_COMPONENTS; e++)
        assert_true(x.trainer.shards[0].gradient.net[e].b3[16] == 0.0);
    lab_close(&x);
}

static void a_forced_step_has_no_gradient(void **state)
{
    (void)state;
    lab x;
    double value[PAB__TRAINER_VALUES];
    lab_open(&x, PAB_LOSS_MBT, PAB_MOE_COMPONENTS);
    for (uint32_t i = 0; i < x.dataset.count.inputs; i++)
        x.dataset.inputs[i].legal[0] = x.dataset.inputs[i].legal[1] = 1;
    for (uint32_t i = 0; i < x.dataset.count.steps; i++)
        x.dataset.steps[i].action = 0;
    pab__tune_batch_reference(&x.dataset, x.reference, PAB_MOE_COMPONENTS, x.reference_log);
    x.weights.balance = x.weights.entropy = 0.0;
    pab__trainer_gradient(&x.trainer, 10, pab__tune_batch_item, &x.batch, value);
    for (int e = 0; e < PAB_MOE_COMPONENTS; e++)
        for (int i = 0; i < PAB__NET_LOGITS; i++)
            assert_true(fabs(x.trainer.shards[0].gradient.net[e].b3[i]) < 1e-15);
    lab_close(&x);
}

/* A batch of distillation. */
typedef struct distil_batch {
    const pab__mixture_net *net;
    const pab__mixture_input *inputs;
    const pab__distil_target *targets;
    uint32_t count;
} distil_batch;

static void distil_item(void *user, uint32_t item, pab__trainer_shard *shard)
{
    const distil_batch *b = user;
    pab__mixture_pass pass;
    pab__mixture_slope slope = {0};
    pab__mixture_forward(b->net, PAB_MOE_COMPONENTS, &b->inputs[item], &pass);
    shard->value[0] += pab__distil_target_loss(&pass, &b->targets[item], 1.0, &slope, NULL);
    if (shard->learning)
        pab__mixture_backward(b->net, &pass, &slope, 0, &shard->gradient, NULL);
}

static void a_distillation_target_has_its_gradient(void **state)
{
    (void)state;
    lab x;
    pab__mixture_input inputs[5];
    pab__distil_target targets[5];
    double value[PAB__TRAINER_VALUES], score[PAB_ENV_JOINT_ACTIONS];
    lab_open(&x, PAB_LOSS_MIX, PAB_MOE_COMPONENTS);
    memset(targets, 0, sizeof targets);
    for (int k = 0; k < 5; k++) {
        input_random(&x.random_source, &inputs[k]);
        for (uint32_t e = 0; e < PAB_MOE_COMPONENTS; e++) {
            for (int b = 0; b < PAB_ENV_JOINT_ACTIONS; b++)
                score[b] = (inputs[k].legal[0] >> b / 17 & 1) != 0 && (inputs[k].legal[1] >> b % 17 & 1) != 0
                               ? random_between(&x.random_source, -1.0, 0.0)
                               : -INFINITY;
            pab__distil_target_set(&targets[k], e, score, 0.15);
            targets[k].gate[e] = (float)(e == PAB_MOE_ANCHOR ? 0.5 : 0.125);
        }
    }
    distil_batch b = {.net = &x.trainer.state->net, .inputs = inputs, .targets = targets, .count = 5};
    pab__trainer_gradient(&x.trainer, 5, distil_item, &b, value);
    double *gradient = malloc(sizeof(pab__mixture_net));
    memcpy(gradient, &x.trainer.shards[0].gradient, sizeof(pab__mixture_net));
    for (int k = 0; k < 400; k++) {
        size_t i = random_below(&x.random_source, (uint32_t)PAB__NET_PARAMETERS);
        double *w = (double *)&x.trainer.state->net + i, kept = *w, up[PAB__TRAINER_VALUES], down[PAB__TRAINER_VALUES];
        *w = kept + STEP;
        pab__trainer_sum(&x.trainer, 5, distil_item, &b, up);
        *w = kept - STEP;
        pab__trainer_sum(&x.trainer, 5, distil_item, &b, down);
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
        cmocka_unit_test(illegal_actions_have_no_gradient),
        cmocka_unit_test(a_forced_step_has_no_gradient),
        cmocka_unit_test(a_distillation_target_has_its_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
