/* Tuning from beginning to end with a made-up objective: what is kept, accepted, checkpointed and resumed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>
#include <unistd.h>

#include "base/file.h"
#include "instances.h"
#include "moedpo/tune.h"

/* An objective that falls where the mixture prefers what the preferences prefer. */
typedef struct evaluator {
    pab__tune_dataset *dataset;
    double ensemble;
    double slope;    /* -1: falls while training, 1: rises */
    double fresh;    /* the same, of the seeds that have the last word */
    int32_t calls;
    int32_t stop_at; /* call that fails, as if the process had died; 0: none */
} evaluator;

static pab_status evaluate(void *user, const pab__mixture_net *net, int32_t block, double *objective)
{
    evaluator *e = user;
    double sum = 0.0;
    pab__mixture_pass pass;
    if (++e->calls == e->stop_at)
        return pab__fail(PAB_E_CANCELLED, "stopped by the test");
    if (!net) {
        *objective = e->ensemble;
        return PAB_OK;
    }
    for (uint32_t i = 0; i < e->dataset->count.pairs; i++) {
        const pab__tune_step *win = &e->dataset->steps[e->dataset->trajectories[e->dataset->pairs[i].winner].first];
        pab__mixture_forward(net, PAB_MOE_COMPONENTS, &e->dataset->inputs[win->input], &pass);
        sum += pab__mixture_log(&pass, win->action, NULL);
    }
    *objective = (block == PAB__TUNE_SEEDS_FRESH ? e->fresh : e->slope) * sum / e->dataset->count.pairs;
    return PAB_OK;
}

typedef struct lab {
    pab__tune_dataset dataset, held;
    pab__mixture_net *reference;
    pab__tune_state *state;
    evaluator evaluator;
    pab__tune_task task;
    char checkpoint[64], log[64];
} lab;

static void lab_open(lab *x, const char *name)
{
    random_source l;
    pab_host host = plain_host();
    memset(x, 0, sizeof *x);
    pab__rng_seed(&l.rng, 31);
    pab__tune_dataset_init(&x->dataset, &host);
    pab__tune_dataset_init(&x->held, &host);
    for (int i = 0; i < 30; i++)
        start_random(&l, i % 5 == 4 ? &x->held : &x->dataset, 1 + (uint32_t)i % 3, 3);
    x->reference = malloc(sizeof *x->reference);
    x->state = calloc(1, sizeof *x->state);
    pab__mixture_net_init(x->reference, 3);
    x->evaluator = (evaluator){.dataset = &x->dataset, .ensemble = 1e6, .slope = -1.0, .fresh = -1.0};
    snprintf(x->checkpoint, sizeof x->checkpoint, "moe_tune_%s_%ld.ck", name, (long)getpid());
    snprintf(x->log, sizeof x->log, "moe_tune_%s_%ld.csv", name, (long)getpid());
    x->task = (pab__tune_task){.host = host, .identity = 5, .threads = 1, .epochs = {2, 3}, .patience = 4,
                               .plan = {.dataset = &x->dataset, .held_out = &x->held, .reference = x->reference,
                                        .seed = 7, .components = PAB_MOE_COMPONENTS},
                               .evaluate = evaluate, .user = &x->evaluator};
    pab__tune_weights_default(&x->task.plan.weights, PAB_LOSS_MIX);
}

static void lab_close(lab *x)
{
    unlink(x->checkpoint);
    unlink(x->log);
    pab__tune_dataset_free(&x->dataset);
    pab__tune_dataset_free(&x->held);
    free(x->reference);
    free(x->state);
}

static void a_mixture_that_got_better_is_accepted(void **state)
{
    (void)state;
    lab x;
    int32_t accepted = -1;
    lab_open(&x, "better");
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_OK);
    assert_int_equal(accepted, 1);
    assert_true(x.state->best < x.state->reference);
    assert_int_equal(x.state->log.count, 6); /* five epochs and the last word */
    lab_close(&x);
}

static void a_mixture_that_got_worse_is_not_and_the_reference_is_kept(void **state)
{
    (void)state;
    lab x;
    int32_t accepted = -1;
    lab_open(&x, "worse");
    x.evaluator.slope = 1.0;
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_OK);
    assert_int_equal(accepted, 0);
    assert_memory_equal(&x.state->kept, x.reference, sizeof *x.reference);
    lab_close(&x);
}

static void a_mixture_behind_the_ensemble_is_not_accepted(void **state)
{
    (void)state;
    lab x;
    int32_t accepted = -1;
    lab_open(&x, "behind");
    x.evaluator.ensemble = -1e6;
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_OK);
    assert_int_equal(accepted, 0);
    assert_true(x.state->best < x.state->reference);
    lab_close(&x);
}

static void what_only_looked_better_is_not_accepted(void **state)
{
    (void)state;
    lab x;
    int32_t accepted = -1;
    lab_open(&x, "lucky");
    x.evaluator.fresh = 1.0;
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_OK);
    assert_true(x.state->best < x.state->reference && x.state->fresh[0] > x.state->fresh[1]);
    assert_int_equal(accepted, 0);
    lab_close(&x);
}

static void patience_ends_a_phase(void **state)
{
    (void)state;
    lab x;
    int32_t accepted;
    lab_open(&x, "patience");
    x.evaluator.slope = 1.0;
    x.task.epochs[0] = x.task.epochs[1] = 50;
    x.task.patience = 2;
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_OK);
    assert_int_equal(x.state->log.count, 4); /* two stale epochs in each phase */
    lab_close(&x);
}

/* Killed at the n-th evaluation and resumed from the checkpoint, for every n: the same bytes. */
static void a_run_that_is_killed_anywhere_ends_with_the_same_bytes(void **state)
{
    (void)state;
    lab x;
    int32_t accepted;
    pab__tune_state *whole = malloc(sizeof *whole);
    char *curve[2];
    lab_open(&x, "kill");
    x.task.log_path = x.log;
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_OK);
    *whole = *x.state;
    void *text;
    size_t len;
    assert_int_equal(pab__file_read(&x.task.host, x.log, 1 << 20, &text, &len), PAB_OK);
    curve[0] = strdup(text);
    pab__release(&x.task.host, text, len + 1);
    x.task.checkpoint = x.checkpoint;
    for (int32_t n = 1; n <= 10; n++) {
        unlink(x.checkpoint);
        memset(x.state, 0, sizeof *x.state);
        x.evaluator.calls = 0;
        x.evaluator.stop_at = n;
        assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_E_CANCELLED);
        memset(x.state, 0, sizeof *x.state);
        x.evaluator.stop_at = 0;
        x.task.threads = (uint32_t)n;
        assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_OK);
        assert_memory_equal(x.state, whole, sizeof *whole);
    }
    assert_int_equal(pab__file_read(&x.task.host, x.log, 1 << 20, &text, &len), PAB_OK);
    curve[1] = strdup(text);
    pab__release(&x.task.host, text, len + 1);
    assert_string_equal(curve[0], curve[1]);
    free(curve[0]);
    free(curve[1]);
    free(whole);
    lab_close(&x);
}

static void a_checkpoint_of_another_run_is_refused(void **state)
{
    (void)state;
    lab x;
    int32_t accepted;
    lab_open(&x, "other");
    x.task.checkpoint = x.checkpoint;
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_OK);
    x.task.plan.weights.beta = 0.1;
    memset(x.state, 0, sizeof *x.state);
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_E_KIND);
    lab_close(&x);
}

static void a_damaged_checkpoint_is_refused(void **state)
{
    (void)state;
    lab x;
    int32_t accepted;
    lab_open(&x, "damage");
    x.task.checkpoint = x.checkpoint;
    x.task.epochs[1] = 0;
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_OK);
    FILE *f = fopen(x.checkpoint, "r+b");
    fseek(f, 5000, SEEK_SET);
    fputc('!', f);
    fclose(f);
    memset(x.state, 0, sizeof *x.state);
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_E_CORRUPT);
    lab_close(&x);
}

static void no_preferences_is_an_error(void **state)
{
    (void)state;
    lab x;
    int32_t accepted;
    lab_open(&x, "none");
    pab__tune_dataset empty;
    pab__tune_dataset_init(&empty, &x.task.host);
    x.task.plan.dataset = &empty;
    assert_int_equal(pab__tune_run(&x.task, x.state, &accepted), PAB_E_ARGUMENT);
    lab_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mixture_that_got_better_is_accepted),
        cmocka_unit_test(a_mixture_that_got_worse_is_not_and_the_reference_is_kept),
        cmocka_unit_test(a_mixture_behind_the_ensemble_is_not_accepted),
        cmocka_unit_test(what_only_looked_better_is_not_accepted),
        cmocka_unit_test(patience_ends_a_phase),
        cmocka_unit_test(a_run_that_is_killed_anywhere_ends_with_the_same_bytes),
        cmocka_unit_test(a_checkpoint_of_another_run_is_refused),
        cmocka_unit_test(a_damaged_checkpoint_is_refused),
        cmocka_unit_test(no_preferences_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
