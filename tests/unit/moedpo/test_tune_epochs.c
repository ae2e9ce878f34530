/* Epochs of tuning on made-up preferences whose optimum is known: every loss finds it, with any number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "instances.h"
#include "moedpo/tune_epochs.h"

#define CHOICES 4
static const int32_t choice[CHOICES] = {0, 17 * 3 + 3, 17 * 12 + 12, 17 * 7 + 12};

/* Utility of a choice: which is best depends on the first feature. */
static double utility(const pab__mixture_input *input, int k)
{
    double lean = input->obs[0] > 0.0f ? 1.0 : -1.0;
    return lean * (k - 1.5);
}

static double sigmoid(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

/* One-step starts; every pair is labelled with the probability that the utilities give. */
static void make_dataset(pab__tune_dataset *t, uint32_t starts, uint64_t seed, int hard)
{
    random_source l;
    pab_host host = plain_host();
    pab__rng_seed(&l.rng, seed);
    pab__tune_dataset_init(t, &host);
    for (uint32_t s = 0; s < starts; s++) {
        pab__tune_start start = {.first_input = t->count.inputs, .first_pair = t->count.pairs,
                                 .first_listed = t->count.listed};
        uint32_t first = t->count.trajectories;
        const pab__tune_counts more = {1, CHOICES, CHOICES, 6, CHOICES, 1};
        assert_int_equal(pab__tune_dataset_reserve(t, &more), PAB_OK);
        pab__mixture_input *input = &t->inputs[t->count.inputs++];
        input_random(&l, input);
        for (int i = 0; i < PAB__NET_INPUTS; i++)
            input->obs[i] *= 0.3f;
        input->obs[0] = s % 2 == 0 ? 1.0f : -1.0f;
        input->legal[0] = input->legal[1] = (1 << 17) - 1;
        for (uint32_t k = 0; k < CHOICES; k++) {
            t->steps[t->count.steps] = (pab__tune_step){.input = start.first_input, .action = choice[k], .weight = 1.0};
            t->trajectories[t->count.trajectories++] = (pab__tune_trajectory){.first = t->count.steps,
                                                                              .end = t->count.steps + 1};
            t->count.steps++;
            t->listed[t->count.listed++] = first + (input->obs[0] > 0.0f ? CHOICES - 1 - k : k);
            for (uint32_t j = 0; j < k; j++) {
                double p = sigmoid(utility(input, (int)k) - utility(input, (int)j));
                int up = p >= 0.5;
                t->pairs[t->count.pairs++] =
                    (pab__tune_pair){.winner = first + (up ? k : j), .loser = first + (up ? j : k),
                                     .p = hard ? 1.0 : fmax(p, 1.0 - p)};
            }
        }
        start.end_input = t->count.inputs;
        start.end_pair = t->count.pairs;
        start.end_listed = t->count.listed;
        t->starts[t->count.starts++] = start;
    }
}

typedef struct lab {
    pab__threads *threads;
    pab__tune_dataset dataset, held;
    pab__mixture_net *reference;
    pab__tune_epochs epochs;
} lab;

static void lab_open(lab *x, int32_t loss, uint32_t threads, uint32_t starts)
{
    pab_host host = plain_host();
    pab__tune_plan plan = {.dataset = &x->dataset, .held_out = &x->held, .seed = 42, .components = PAB_MOE_COMPONENTS};
    pab__tune_weights *w = &plan.weights;
    pab__tune_weights_default(w, loss);
    w->kl = w->imitation = w->balance = w->entropy = 0.0;
    make_dataset(&x->dataset, starts, 1, 0);
    make_dataset(&x->held, 100, 2, 0);
    x->reference = malloc(sizeof *x->reference);
    pab__mixture_net_init(x->reference, 8);
    assert_int_equal(pab__threads_new(&host, threads, "threads", &x->threads), PAB_OK);
    plan.reference = x->reference;
    assert_int_equal(pab__tune_epochs_begin(&x->epochs, &host, x->threads, &plan), PAB_OK);
    x->epochs.replays = 4; /* their weights are 0 here */
}

static void lab_close(lab *x)
{
    pab__tune_epochs_end(&x->epochs);
    pab__threads_free(x->threads);
    pab__tune_dataset_free(&x->dataset);
    pab__tune_dataset_free(&x->held);
    free(x->reference);
}

static void learns(int32_t loss, uint32_t epochs)
{
    lab x;
    pab__tune_metrics metrics;
    double before, after, accuracy;
    lab_open(&x, loss, 1, 400);
    pab__tune_epochs_test(&x.epochs, &before, &accuracy);
    assert_true(accuracy < 0.9);
    for (uint32_t epoch = 0; epoch < epochs; epoch++)
        pab__tune_epochs_run(&x.epochs, 0, epoch, &metrics);
    pab__tune_epochs_test(&x.epochs, &after, &accuracy);
    print_message("loss %d: held-out %.4f -> %.4f, %.1f %% ranked accuracy\n", loss, before, after, 100 * accuracy);
    assert_true(after < before);
    assert_true(accuracy > 0.95);
    lab_close(&x);
}

static void each_loss_learns_a_ranking_that_depends_on_the_state(void **state)
{
    (void)state;
    for (int32_t loss = PAB_LOSS_MIX; loss <= PAB_LOSS_PL; loss++)
        learns(loss, 8);
}

/* The labels are those of utilities, so the best loss of held-out pairs is the labels' entropy. */
static void soft_labels_are_met_by_their_odds(void **state)
{
    (void)state;
    static const int32_t losses[] = {PAB_LOSS_MIX, PAB_LOSS_MBT};
    for (int i = 0; i < 2; i++) {
        lab x;
        pab__tune_metrics metrics;
        double entropy = 0.0, after, accuracy;
        lab_open(&x, losses[i], 1, 400);
        for (int d = 1; d < CHOICES; d++) /* 3 pairs differ by 1, 2 by 2, 1 by 3 */
            entropy -= (CHOICES - d) / 6.0 *
                       (sigmoid(d) * log(sigmoid(d)) + (1.0 - sigmoid(d)) * log(1.0 - sigmoid(d)));
        for (uint32_t epoch = 0; epoch < 12; epoch++)
            pab__tune_epochs_run(&x.epochs, 0, epoch, &metrics);
        pab__tune_epochs_test(&x.epochs, &after, &accuracy);
        print_message("loss %d: held-out %.4f, least possible %.4f, right %.3f\n", losses[i], after, entropy, accuracy);
        assert_true(after >= entropy - 1e-9 && after < entropy + 0.03);
        lab_close(&x);
    }
}

static void the_identity_loss_meets_its_margin(void **state)
{
    (void)state;
    lab x;
    pab__tune_metrics metrics;
    double after, accuracy;
    lab_open(&x, PAB_LOSS_IPO, 1, 400);
    for (uint32_t epoch = 0; epoch < 8; epoch++)
        pab__tune_epochs_run(&x.epochs, 0, epoch, &metrics);
    pab__tune_epochs_test(&x.epochs, &after, &accuracy);
    assert_true(after < 0.1); /* margins of up to 0.9, squared and averaged, were 0.45 */
    lab_close(&x);
}

static void the_gate_alone_leaves_the_experts_as_they_were(void **state)
{
    (void)state;
    lab x;
    pab__tune_metrics metrics;
    double before, after, accuracy;
    lab_open(&x, PAB_LOSS_MIX, 1, 200);
    for (uint32_t e = 0; e < CHOICES; e++) { /* each has its own favourite */
        x.reference->net[e].b3[choice[e] / 17] += 3.0;
        x.reference->net[e].b3[17 + choice[e] % 17] += 3.0;
    }
    x.epochs.trainer.state->net = *x.reference;
    pab__tune_batch_reference(&x.dataset, x.reference, PAB_MOE_COMPONENTS, x.epochs.reference_log);
    pab__tune_batch_reference(&x.held, x.reference, PAB_MOE_COMPONENTS, x.epochs.held_out_log);
    pab__tune_epochs_test(&x.epochs, &before, &accuracy);
    for (uint32_t epoch = 0; epoch < 20; epoch++)
        pab__tune_epochs_run(&x.epochs, 1, epoch, &metrics);
    pab__tune_epochs_test(&x.epochs, &after, &accuracy);
    assert_true(after < before - 0.1);
    assert_memory_equal(x.epochs.trainer.state->net.net, x.reference->net, sizeof x.reference->net);
    assert_true(memcmp(&x.epochs.trainer.state->net.gate, &x.reference->gate, sizeof x.reference->gate) != 0);
    lab_close(&x);
}

static void a_larger_weight_of_kl_stays_nearer_to_the_reference(void **state)
{
    (void)state;
    double kl[2];
    for (int strong = 0; strong < 2; strong++) {
        lab x;
        pab__tune_metrics metrics;
        lab_open(&x, PAB_LOSS_MIX, 1, 100);
        x.epochs.plan.weights.kl = strong ? 1.0 : 0.01;
        x.epochs.replays = PAB__TUNE_BATCH_REPLAYS;
        for (uint32_t epoch = 0; epoch < 10; epoch++)
            pab__tune_epochs_run(&x.epochs, 0, epoch, &metrics);
        kl[strong] = metrics.kl;
        lab_close(&x);
    }
    assert_true(kl[1] < 0.5 * kl[0]);
}

static void balance_opens_a_shut_gate(void **state)
{
    (void)state;
    lab x;
    pab__tune_metrics first, last;
    lab_open(&x, PAB_LOSS_MIX, 1, 20);
    x.reference->gate.b2[0] = 6.0;
    x.epochs.trainer.state->net = *x.reference;
    x.epochs.plan.weights.balance = 1.0;
    x.epochs.replays = PAB__TUNE_BATCH_REPLAYS;
    pab__tune_epochs_run(&x.epochs, 1, 0, &first);
    for (uint32_t epoch = 1; epoch < 500; epoch++)
        pab__tune_epochs_run(&x.epochs, 1, epoch, &last);
    assert_true(first.gate[0] > 0.9);
    assert_true(last.gate[0] < 0.5);
    lab_close(&x);
}

static void threads_do_not_show(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 8};
    pab__trainer_state *trained[3];
    for (int i = 0; i < 3; i++) {
        lab x;
        pab__tune_metrics metrics;
        lab_open(&x, PAB_LOSS_MBT, counts[i], 60);
        pab__tune_weights_default(&x.epochs.plan.weights, PAB_LOSS_MBT);
        x.epochs.replays = PAB__TUNE_BATCH_REPLAYS;
        pab__tune_epochs_run(&x.epochs, 1, 0, &metrics);
        pab__tune_epochs_run(&x.epochs, 0, 0, &metrics);
        trained[i] = malloc(sizeof *trained[i]);
        *trained[i] = *x.epochs.trainer.state;
        lab_close(&x);
    }
    assert_memory_equal(trained[0], trained[1], sizeof *trained[0]);
    assert_memory_equal(trained[0], trained[2], sizeof *trained[0]);
    for (int i = 0; i < 3; i++)
        free(trained[i]);
}

static void a_step_never_exceeds_the_clip(void **state)
{
    (void)state;
    lab x;
    pab__tune_metrics metrics;
    lab_open(&x, PAB_LOSS_IPO, 1, 30);
    x.epochs.plan.weights.beta = 1e-3; /* margins of hundreds are asked for */
    pab__tune_epochs_run(&x.epochs, 0, 0, &metrics);
    assert_true(x.epochs.trainer.norm > 1.0);
    double sum = 0.0;
    const double *m = (const double *)&x.epochs.trainer.state->first;
    for (size_t i = 0; i < PAB__NET_PARAMETERS; i++)
        sum += m[i] * m[i];
    assert_true(sum <= 1.0);
    lab_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_loss_learns_a_ranking_that_depends_on_the_state),
        cmocka_unit_test(soft_labels_are_met_by_their_odds),
        cmocka_unit_test(the_identity_loss_meets_its_margin),
        cmocka_unit_test(the_gate_alone_leaves_the_experts_as_they_were),
        cmocka_unit_test(a_larger_weight_of_kl_stays_nearer_to_the_reference),
        cmocka_unit_test(balance_opens_a_shut_gate),
        cmocka_unit_test(threads_do_not_show),
        cmocka_unit_test(a_step_never_exceeds_the_clip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
