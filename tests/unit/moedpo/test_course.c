/* Tuning on made-up preferences whose optimum is known: every loss must find it, for any number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "instance.h"
#include "moedpo/course.h"

#define CHOICES 4
static const int32_t choice[CHOICES] = {0, 17 * 3 + 3, 17 * 12 + 12, 17 * 7 + 12};

/* Utility of a choice: which is best depends on the first feature. */
static double utility(const pab__point *point, int k)
{
    double lean = point->obs[0] > 0.0f ? 1.0 : -1.0;
    return lean * (k - 1.5);
}

static double sigmoid(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

/* One-step starts; every pair is labelled with the probability that the utilities give. */
static void make_tales(pab__tales *t, uint32_t starts, uint64_t seed, int hard)
{
    luck l;
    pab_host host = plain_host();
    pab__rng_seed(&l.rng, seed);
    pab__tales_init(t, &host);
    for (uint32_t s = 0; s < starts; s++) {
        pab__start start = {.point = t->n_points, .rank = t->n_ranks, .listed = t->n_listed};
        uint32_t first = t->n_tracks;
        assert_int_equal(pab__tales_reserve(t, 1, CHOICES, CHOICES, 6, CHOICES, 1), PAB_OK);
        pab__point *point = &t->points[t->n_points++];
        point_random(&l, point);
        for (int i = 0; i < PAB__INPUTS; i++)
            point->obs[i] *= 0.3f;
        point->obs[0] = s % 2 == 0 ? 1.0f : -1.0f;
        point->legal[0] = point->legal[1] = (1 << 17) - 1;
        for (uint32_t k = 0; k < CHOICES; k++) {
            t->plays[t->n_plays] = (pab__play){.point = start.point, .action = choice[k], .weight = 1.0};
            t->tracks[t->n_tracks++] = (pab__track){.first = t->n_plays, .end = t->n_plays + 1};
            t->n_plays++;
            t->listed[t->n_listed++] = first + (point->obs[0] > 0.0f ? CHOICES - 1 - k : k);
            for (uint32_t j = 0; j < k; j++) {
                double p = sigmoid(utility(point, (int)k) - utility(point, (int)j));
                int up = p >= 0.5;
                t->ranks[t->n_ranks++] =
                    (pab__rank){.winner = first + (up ? k : j), .loser = first + (up ? j : k),
                                .p = hard ? 1.0 : fmax(p, 1.0 - p)};
            }
        }
        start.points = t->n_points;
        start.ranks = t->n_ranks;
        start.listing = t->n_listed;
        t->starts[t->n_starts++] = start;
    }
}

typedef struct lab {
    pab__threads *threads;
    pab__tales tales, held;
    pab__mixture_net *reference;
    pab__course course;
} lab;

static void lab_open(lab *x, int32_t loss, uint32_t threads, uint32_t starts)
{
    pab_host host = plain_host();
    pab__tuning tuning;
    pab__tuning_default(&tuning, loss);
    tuning.kl = tuning.imitate = tuning.balance = tuning.entropy = 0.0;
    make_tales(&x->tales, starts, 1, 0);
    make_tales(&x->held, 100, 2, 0);
    x->reference = malloc(sizeof *x->reference);
    pab__mixture_net_init(x->reference, 8);
    assert_int_equal(pab__threads_new(&host, threads, "threads", &x->threads), PAB_OK);
    assert_int_equal(pab__course_begin(&x->course, &host, x->threads, &x->tales, &x->held, x->reference,
                                       PAB__COMPONENTS, &tuning, 42),
                     PAB_OK);
    x->course.replayed = 4; /* nothing is asked of them here */
}

static void lab_close(lab *x)
{
    pab__course_end(&x->course);
    pab__threads_free(x->threads);
    pab__tales_free(&x->tales);
    pab__tales_free(&x->held);
    free(x->reference);
}

static void learns(int32_t loss, uint32_t epochs)
{
    lab x;
    pab__marks marks;
    double before, after, right;
    lab_open(&x, loss, 1, 400);
    pab__course_held(&x.course, &before, &right);
    assert_true(right < 0.9);
    for (uint32_t epoch = 0; epoch < epochs; epoch++)
        pab__course_epoch(&x.course, 0, epoch, &marks);
    pab__course_held(&x.course, &after, &right);
    print_message("loss %d: held-out %.4f -> %.4f, %.1f %% ranked right\n", loss, before, after, 100 * right);
    assert_true(after < before);
    assert_true(right > 0.95);
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
        pab__marks marks;
        double entropy = 0.0, after, right;
        lab_open(&x, losses[i], 1, 400);
        for (int d = 1; d < CHOICES; d++) /* 3 pairs differ by 1, 2 by 2, 1 by 3 */
            entropy -= (CHOICES - d) / 6.0 *
                       (sigmoid(d) * log(sigmoid(d)) + (1.0 - sigmoid(d)) * log(1.0 - sigmoid(d)));
        for (uint32_t epoch = 0; epoch < 12; epoch++)
            pab__course_epoch(&x.course, 0, epoch, &marks);
        pab__course_held(&x.course, &after, &right);
        print_message("loss %d: held-out %.4f, least possible %.4f, right %.3f\n", losses[i], after, entropy, right);
        assert_true(after >= entropy - 1e-9 && after < entropy + 0.03);
        lab_close(&x);
    }
}

static void the_identity_loss_meets_its_margin(void **state)
{
    (void)state;
    lab x;
    pab__marks marks;
    double after, right;
    lab_open(&x, PAB_LOSS_IPO, 1, 400);
    for (uint32_t epoch = 0; epoch < 8; epoch++)
        pab__course_epoch(&x.course, 0, epoch, &marks);
    pab__course_held(&x.course, &after, &right);
    assert_true(after < 0.1); /* margins of up to 0.9, squared and averaged, were 0.45 */
    lab_close(&x);
}

static void the_gate_alone_leaves_the_experts_as_they_were(void **state)
{
    (void)state;
    lab x;
    pab__marks marks;
    double before, after, right;
    lab_open(&x, PAB_LOSS_MIX, 1, 200);
    for (uint32_t e = 0; e < CHOICES; e++) { /* each has its own favourite */
        x.reference->net[e].b3[choice[e] / 17] += 3.0;
        x.reference->net[e].b3[17 + choice[e] % 17] += 3.0;
    }
    x.course.trainer.learner->net = *x.reference;
    pab__lecture_reference(&x.tales, x.reference, PAB__COMPONENTS, x.course.was);
    pab__lecture_reference(&x.held, x.reference, PAB__COMPONENTS, x.course.was_held);
    pab__course_held(&x.course, &before, &right);
    for (uint32_t epoch = 0; epoch < 20; epoch++)
        pab__course_epoch(&x.course, 1, epoch, &marks);
    pab__course_held(&x.course, &after, &right);
    assert_true(after < before - 0.1);
    assert_memory_equal(x.course.trainer.learner->net.net, x.reference->net, sizeof x.reference->net);
    assert_true(memcmp(&x.course.trainer.learner->net.gate, &x.reference->gate, sizeof x.reference->gate) != 0);
    lab_close(&x);
}

static void a_stronger_leash_keeps_nearer_to_the_reference(void **state)
{
    (void)state;
    double kl[2];
    for (int strong = 0; strong < 2; strong++) {
        lab x;
        pab__marks marks;
        lab_open(&x, PAB_LOSS_MIX, 1, 100);
        x.course.tuning.kl = strong ? 1.0 : 0.01;
        x.course.replayed = PAB__BATCH_REPLAYS;
        for (uint32_t epoch = 0; epoch < 10; epoch++)
            pab__course_epoch(&x.course, 0, epoch, &marks);
        kl[strong] = marks.kl;
        lab_close(&x);
    }
    assert_true(kl[1] < 0.5 * kl[0]);
}

static void balance_opens_a_shut_gate(void **state)
{
    (void)state;
    lab x;
    pab__marks first, last;
    lab_open(&x, PAB_LOSS_MIX, 1, 20);
    x.reference->gate.b2[0] = 6.0;
    x.course.trainer.learner->net = *x.reference;
    x.course.tuning.balance = 1.0;
    x.course.replayed = PAB__BATCH_REPLAYS;
    pab__course_epoch(&x.course, 1, 0, &first);
    for (uint32_t epoch = 1; epoch < 500; epoch++)
        pab__course_epoch(&x.course, 1, epoch, &last);
    assert_true(first.gate[0] > 0.9);
    assert_true(last.gate[0] < 0.5);
    lab_close(&x);
}

static void threads_do_not_show(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 8};
    pab__learner *learner[3];
    for (int i = 0; i < 3; i++) {
        lab x;
        pab__marks marks;
        lab_open(&x, PAB_LOSS_MBT, counts[i], 60);
        pab__tuning_default(&x.course.tuning, PAB_LOSS_MBT);
        x.course.replayed = PAB__BATCH_REPLAYS;
        pab__course_epoch(&x.course, 1, 0, &marks);
        pab__course_epoch(&x.course, 0, 0, &marks);
        learner[i] = malloc(sizeof *learner[i]);
        *learner[i] = *x.course.trainer.learner;
        lab_close(&x);
    }
    assert_memory_equal(learner[0], learner[1], sizeof *learner[0]);
    assert_memory_equal(learner[0], learner[2], sizeof *learner[0]);
    for (int i = 0; i < 3; i++)
        free(learner[i]);
}

static void a_step_never_exceeds_the_clip(void **state)
{
    (void)state;
    lab x;
    pab__marks marks;
    lab_open(&x, PAB_LOSS_IPO, 1, 30);
    x.course.tuning.beta = 1e-3; /* margins of hundreds are asked for */
    pab__course_epoch(&x.course, 0, 0, &marks);
    assert_true(x.course.trainer.norm > 1.0);
    double sum = 0.0;
    const double *m = (const double *)&x.course.trainer.learner->first;
    for (size_t i = 0; i < PAB__PARAMETERS; i++)
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
        cmocka_unit_test(a_stronger_leash_keeps_nearer_to_the_reference),
        cmocka_unit_test(balance_opens_a_shut_gate),
        cmocka_unit_test(threads_do_not_show),
        cmocka_unit_test(a_step_never_exceeds_the_clip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
