/* Work that is killed at moments spread over its length, in a process of its own. */
#ifndef KILLED_H
#define KILLED_H

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static inline int64_t milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Starts `work` so many times and kills it after parts of `whole` ms that differ; `work` says whether it went well. */
static inline void kill_again_and_again(int (*work)(void *user), void *user, int64_t whole, int times)
{
    for (int i = 0; i < times; i++) {
        int64_t ms = 1 + whole * (1 + i * 7 % 5) / 12;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(work(user) ? 0 : 1);
        nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
        kill(child, SIGKILL);
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFSIGNALED(how) || WEXITSTATUS(how) == 0);
    }
}

#endif
