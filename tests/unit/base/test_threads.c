/* Threads that work together: everyone is called once a run, shares cover all items, and failures leave nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/threads.h"
#include "failing.h"

enum { ITEMS = 1000, RUNS = 50 };

typedef struct tally {
    uint32_t calls[8];   /* by thread */
    uint32_t done[ITEMS];
    uint32_t threads;
} tally;

static void count_items(void *user, uint32_t thread, uint32_t threads)
{
    tally *t = user;
    uint32_t first, end;
    pab__threads_share(ITEMS, thread, threads, &first, &end);
    for (uint32_t i = first; i < end; i++)
        t->done[i]++;
    t->calls[thread]++;
    if (thread == 0)
        t->threads = threads;
}

static void every_thread_is_called_once_a_run_and_every_item_done(void **state)
{
    static const uint32_t counts[] = {0, 1, 2, 3, 8};
    (void)state;
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        failing f;
        pab_host host = failing_host(&f, -1, 0);
        pab__threads *t = NULL;
        tally sum = {0};
        uint32_t expected = counts[c] > 0 ? counts[c] : 1;
        assert_int_equal(pab__threads_new(&host, counts[c], "threads", &t), PAB_OK);
        assert_int_equal(pab__threads_count(t), expected);
        for (int run = 0; run < RUNS; run++)
            pab__threads_run(t, count_items, &sum);
        assert_int_equal(sum.threads, expected);
        for (uint32_t i = 0; i < 8; i++)
            assert_int_equal(sum.calls[i], i < expected ? RUNS : 0);
        for (int i = 0; i < ITEMS; i++)
            assert_int_equal(sum.done[i], RUNS);
        pab__threads_free(t);
        assert_int_equal(f.bytes, 0);
    }
}

static void shares_are_even_also_where_threads_outnumber_items(void **state)
{
    (void)state;
    for (uint32_t items = 0; items < 20; items++) {
        for (uint32_t threads = 1; threads < 12; threads++) {
            uint32_t next = 0;
            for (uint32_t i = 0; i < threads; i++) {
                uint32_t first, end;
                pab__threads_share(items, i, threads, &first, &end);
                assert_int_equal(first, next);
                assert_in_range(end - first, items / threads, items / threads + 1);
                next = end;
            }
            assert_int_equal(next, items);
        }
    }
}

static void threads_that_never_worked_can_be_freed(void **state)
{
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__threads *t = NULL;
    (void)state;
    assert_int_equal(pab__threads_new(&host, 4, "threads", &t), PAB_OK);
    pab__threads_free(t);
    pab__threads_free(NULL);
    assert_int_equal(f.bytes, 0);
}

static void without_memory_nothing_is_left(void **state)
{
    (void)state;
    for (int64_t passes = 0; passes < 2; passes++) {
        failing f;
        pab_host host = failing_host(&f, passes, 0);
        pab__threads *t = NULL;
        assert_int_equal(pab__threads_new(&host, 2, "threads", &t), PAB_E_MEMORY);
        assert_null(t);
        assert_int_equal(f.bytes, 0);
    }
}

static void too_many_threads_are_refused_by_name(void **state)
{
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__threads *t = NULL;
    char text[256];
    (void)state;
    assert_int_equal(pab__threads_new(&host, PAB__THREADS_MAX + 1, "options.threads", &t), PAB_E_RANGE);
    pab_last_error(text, sizeof text);
    assert_string_equal(text, "options.threads is 1025; expected 0 to 1024");
    assert_int_equal(f.seen, 0);
}

/* What a forked child sees of threads that its parent started; its exit status says what went wrong. */
static int look_as_child(pab__threads *t, const failing *f)
{
    char text[256] = "";
    if (pab__threads_check(t, "vec") != PAB_E_STATE)
        return 1;
    pab_last_error(text, sizeof text);
    if (!strstr(text, "vec has 3 threads of process") || !strstr(text, "make a new one here"))
        return 2;
    pab__threads_free(t);
    return f->bytes == 0 ? 0 : 3;
}

static void a_forked_child_is_refused_and_can_free(void **state)
{
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__threads *t = NULL;
    int how = -1;
    (void)state;
    assert_int_equal(pab__threads_new(&host, 3, "threads", &t), PAB_OK);
    pid_t child = fork();
    if (child == 0)
        _exit(look_as_child(t, &f));
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
    assert_int_equal(pab__threads_check(t, "vec"), PAB_OK);
    pab__threads_free(t);
    assert_int_equal(f.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_thread_is_called_once_a_run_and_every_item_done),
        cmocka_unit_test(shares_are_even_also_where_threads_outnumber_items),
        cmocka_unit_test(threads_that_never_worked_can_be_freed),
        cmocka_unit_test(without_memory_nothing_is_left),
        cmocka_unit_test(too_many_threads_are_refused_by_name),
        cmocka_unit_test(a_forked_child_is_refused_and_can_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
