/* Tuning from beginning to end with a made-up objective: what is kept, accepted, checkpointed and taken up again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>
#include <unistd.h>

#include "instance.h"
#include "moedpo/tune.h"

/* An objective that falls where the mixture prefers what the preferences prefer. */
typedef struct umpire {
    pab__tales *tales;
    double ensemble;
    double slope;    /* -1: falls while training, 1: rises */
    double fresh;    /* the same, of the seeds that have the last word */
    int32_t calls;
    int32_t stop_at; /* call that fails, as if the process had died; 0: none */
} umpire;

static pab_status judge(void *user, const pab__mixture_net *net, int32_t block, double *objective)
{
    umpire *u = user;
    double sum = 0.0;
    pab__pass pass;
    if (++u->calls == u->stop_at)
        return pab__fail(PAB_E_CANCELLED, "stopped by the test");
    if (!net) {
        *objective = u->ensemble;
        return PAB_OK;
    }
    for (uint32_t i = 0; i < u->tales->n_ranks; i++) {
        const pab__play *win = &u->tales->plays[u->tales->tracks[u->tales->ranks[i].winner].first];
        pab__pass_forward(net, PAB__COMPONENTS, &u->tales->points[win->point], &pass);
        sum += pab__pass_log(&pass, win->action, NULL);
    }
    *objective = (block == PAB__BLOCK_FRESH ? u->fresh : u->slope) * sum / u->tales->n_ranks;
    return PAB_OK;
}

typedef struct lab {
    pab__tales tales, held;
    pab__mixture_net *reference;
    pab__tuned *state;
    umpire umpire;
    pab__tune_job job;
    char checkpoint[64], log[64];
} lab;

static void lab_open(lab *x, const char *name)
{
    luck l;
    pab_host host = plain_host();
    memset(x, 0, sizeof *x);
    pab__rng_seed(&l.rng, 31);
    pab__tales_init(&x->tales, &host);
    pab__tales_init(&x->held, &host);
    for (int i = 0; i < 30; i++)
        start_random(&l, i % 5 == 4 ? &x->held : &x->tales, 1 + (uint32_t)i % 3, 3);
    x->reference = malloc(sizeof *x->reference);
    x->state = calloc(1, sizeof *x->state);
    pab__mixture_net_init(x->reference, 3);
    x->umpire = (umpire){.tales = &x->tales, .ensemble = 1e6, .slope = -1.0, .fresh = -1.0};
    snprintf(x->checkpoint, sizeof x->checkpoint, "moe_tune_%s_%ld.ck", name, (long)getpid());
    snprintf(x->log, sizeof x->log, "moe_tune_%s_%ld.csv", name, (long)getpid());
    x->job = (pab__tune_job){.host = host, .tales = &x->tales, .held = &x->held, .reference = x->reference,
                             .identity = 5, .seed = 7, .components = PAB__COMPONENTS, .threads = 1, .epochs = {2, 3},
                             .patience = 4, .judge = judge, .user = &x->umpire};
    pab__tuning_default(&x->job.tuning, PAB_LOSS_MIX);
}

static void lab_close(lab *x)
{
    unlink(x->checkpoint);
    unlink(x->log);
    pab__tales_free(&x->tales);
    pab__tales_free(&x->held);
    free(x->reference);
    free(x->state);
}

static void a_mixture_that_got_better_is_accepted(void **state)
{
    (void)state;
    lab x;
    int32_t accepted = -1;
    lab_open(&x, "better");
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_OK);
    assert_int_equal(accepted, 1);
    assert_true(x.state->best < x.state->reference);
    assert_int_equal(x.state->rows.count, 6); /* five epochs and the last word */
    lab_close(&x);
}

static void a_mixture_that_got_worse_is_not_and_the_reference_is_kept(void **state)
{
    (void)state;
    lab x;
    int32_t accepted = -1;
    lab_open(&x, "worse");
    x.umpire.slope = 1.0;
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_OK);
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
    x.umpire.ensemble = -1e6;
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_OK);
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
    x.umpire.fresh = 1.0;
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_OK);
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
    x.umpire.slope = 1.0;
    x.job.epochs[0] = x.job.epochs[1] = 50;
    x.job.patience = 2;
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_OK);
    assert_int_equal(x.state->rows.count, 4); /* two stale epochs in each phase */
    lab_close(&x);
}

/* Killed at the n-th judgement and begun again from the checkpoint, for every n: the same bytes. */
static void a_run_that_is_killed_anywhere_ends_with_the_same_bytes(void **state)
{
    (void)state;
    lab x;
    int32_t accepted;
    pab__tuned *whole = malloc(sizeof *whole);
    char *curve[2];
    lab_open(&x, "kill");
    x.job.log_path = x.log;
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_OK);
    *whole = *x.state;
    void *text;
    size_t len;
    assert_int_equal(pab__file_read(&x.job.host, x.log, 1 << 20, &text, &len), PAB_OK);
    curve[0] = strdup(text);
    pab__release(&x.job.host, text, len + 1);
    x.job.checkpoint = x.checkpoint;
    for (int32_t n = 1; n <= 10; n++) {
        unlink(x.checkpoint);
        memset(x.state, 0, sizeof *x.state);
        x.umpire.calls = 0;
        x.umpire.stop_at = n;
        assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_E_CANCELLED);
        memset(x.state, 0, sizeof *x.state);
        x.umpire.stop_at = 0;
        x.job.threads = (uint32_t)n;
        assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_OK);
        assert_memory_equal(x.state, whole, sizeof *whole);
    }
    assert_int_equal(pab__file_read(&x.job.host, x.log, 1 << 20, &text, &len), PAB_OK);
    curve[1] = strdup(text);
    pab__release(&x.job.host, text, len + 1);
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
    x.job.checkpoint = x.checkpoint;
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_OK);
    x.job.tuning.beta = 0.1;
    memset(x.state, 0, sizeof *x.state);
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_E_KIND);
    lab_close(&x);
}

static void a_damaged_checkpoint_is_refused(void **state)
{
    (void)state;
    lab x;
    int32_t accepted;
    lab_open(&x, "damage");
    x.job.checkpoint = x.checkpoint;
    x.job.epochs[1] = 0;
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_OK);
    FILE *f = fopen(x.checkpoint, "r+b");
    fseek(f, 5000, SEEK_SET);
    fputc('!', f);
    fclose(f);
    memset(x.state, 0, sizeof *x.state);
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_E_CORRUPT);
    lab_close(&x);
}

static void no_preferences_is_an_error(void **state)
{
    (void)state;
    lab x;
    int32_t accepted;
    lab_open(&x, "none");
    pab__tales empty;
    pab__tales_init(&empty, &x.job.host);
    x.job.tales = &empty;
    assert_int_equal(pab__tune(&x.job, x.state, &accepted), PAB_E_ARGUMENT);
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
