/* A run that is killed anywhere resumes and ends with the same bytes. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "runs.h"

enum { KILLS = 12 };

static void wait_ms(long ms)
{
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* Experts learn here too. */
static pab_pipeline_options whole_run(void)
{
    pab_pipeline_options o = tiny_run();
    o.rules = 0;
    return o;
}

/* A child that runs, killed after `ms`; 1 when it was done before. */
static int run_and_kill(const char *dir, const pab_config *cfg, long ms, uint32_t threads)
{
    pab_pipeline_options o = whole_run();
    int how;
    o.resume = 1;
    o.threads = threads;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(pab_pipeline_run(cfg, dir, &o, NULL) == PAB_OK ? 0 : 1);
    wait_ms(ms);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &how, 0), child);
    if (WIFEXITED(how))
        assert_int_equal(WEXITSTATUS(how), 0);
    return WIFEXITED(how);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void a_killed_run_ends_with_the_same_bytes(void **state)
{
    char base[] = "/tmp/pab_kill_XXXXXX", whole[64], killed[64];
    pab_config *cfg = tiny_pair();
    pab_pipeline_options o = whole_run();
    int kills = 0;
    (void)state;
    assert_non_null(mkdtemp(base));
    snprintf(whole, sizeof whole, "%s/whole", base);
    snprintf(killed, sizeof killed, "%s/killed", base);
    double start = seconds();
    must(pab_pipeline_run(cfg, whole, &o, NULL));
    /* Uneven shares of a run's time, whatever the machine and the sanitizers make of it. */
    const double took = seconds() - start;
    for (int i = 0; i < KILLS; i++) {
        if (run_and_kill(killed, cfg, (long)(1000 * took * (0.03 + 0.037 * (double)(i * 7 % 5))), (uint32_t)i % 3))
            break;
        kills++;
    }
    assert_true(kills > 2);
    o.resume = 1;
    must(pab_pipeline_run(cfg, killed, &o, NULL));
    assert_same_runs(whole, killed);
    remove_run(whole);
    remove_run(killed);
    rmdir(base);
    pab_config_free(cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_run_ends_with_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
