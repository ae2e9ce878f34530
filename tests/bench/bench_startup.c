/* From the start of a process to the first delivered message of rmsc04. */
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "market_bench.h"

extern char **environ;

static char *self;

static void first_message(const char *rng)
{
    pab_scenario *scn = bench_rmsc04(rng, 1);
    pab_market *m = bench_market_of(scn);
    int32_t why;
    bench_must(pab_market_reset(m, 7));
    bench_must(pab_market_step(m, &why));
    _exit(why == PAB_RUN_TIME ? 0 : 1);
}

/* Spawns this program again; its end is taken for the message. */
static double spawn(void *user)
{
    char *argv[] = {self, user, NULL};
    pid_t child;
    int status;
    double start = bench_now();
    if (posix_spawn(&child, self, NULL, NULL, argv, environ) != 0 || waitpid(child, &status, 0) != child ||
        status != 0)
        abort();
    return bench_now() - start;
}

int main(int argc, char **argv)
{
    static char nothing[] = "nothing", fast[] = "fast", abides[] = "abides";
    if (argc == 2 && strcmp(argv[1], nothing) == 0)
        _exit(0);
    if (argc == 2)
        first_message(argv[1]);
    self = argv[0];
    bench_open("startup");
    bench_figure("empty_process", bench_measure(spawn, nothing, 1));
    bench_figure("first_message_fast", bench_measure(spawn, fast, 1));
    bench_figure("first_message_abides", bench_measure(spawn, abides, 1));
    bench_close();
    return 0;
}
