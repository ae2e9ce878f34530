/* Threads that are started once and called together: a mutex, two conditions and a count of calls. */
#include "base/threads.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct worker {
    pab__threads *all;
    pthread_t thread;
    uint32_t number;
} worker;

struct pab__threads {
    pab_host host;
    uint32_t count;   /* the caller's included */
    uint32_t started; /* of `workers` */
    pid_t process;    /* that started them */
    pthread_mutex_t lock;
    pthread_cond_t called, done;
    /* under the lock */
    uint64_t calls;
    uint32_t busy;
    int stop;
    pab__work work;
    void *user;
    worker *workers; /* count - 1; worker i is thread i + 1 */
};

/* Waits for the call after number `seen`; 0: none will come. */
static int next_call(pab__threads *t, uint64_t seen, pab__work *work, void **user)
{
    pthread_mutex_lock(&t->lock);
    while (t->calls == seen && !t->stop)
        pthread_cond_wait(&t->called, &t->lock);
    int stop = t->stop;
    *work = t->work;
    *user = t->user;
    pthread_mutex_unlock(&t->lock);
    return !stop;
}

static void *live(void *arg)
{
    const worker *w = arg;
    pab__threads *t = w->all;
    pab__work work;
    void *user;
    for (uint64_t seen = 0; next_call(t, seen, &work, &user); seen++) {
        work(user, w->number, t->count);
        pthread_mutex_lock(&t->lock);
        if (--t->busy == 0)
            pthread_cond_signal(&t->done);
        pthread_mutex_unlock(&t->lock);
    }
    return NULL;
}

/* Signals are the host program's business: its own threads take them. */
static pab_status start_workers(pab__threads *t)
{
    sigset_t all, before;
    int error = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (error == 0 && t->started + 1 < t->count) {
        worker *w = &t->workers[t->started];
        *w = (worker){.all = t, .number = t->started + 1};
        error = pthread_create(&w->thread, NULL, live, w);
        t->started += error == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error != 0)
        return pab__fail(PAB_E_MEMORY, "cannot start thread %u of %u: %s", t->started + 2, t->count, strerror(error));
    return PAB_OK;
}

/* 0 or an errno, and then none is left. */
static int make_locks(pab__threads *t)
{
    int error = pthread_mutex_init(&t->lock, NULL);
    if (error != 0)
        return error;
    error = pthread_cond_init(&t->called, NULL);
    if (error == 0) {
        error = pthread_cond_init(&t->done, NULL);
        if (error == 0)
            return 0;
        pthread_cond_destroy(&t->called);
    }
    pthread_mutex_destroy(&t->lock);
    return error;
}

pab_status pab__threads_new(const pab_host *host, uint32_t count, const char *what, pab__threads **out)
{
    if (count > PAB__THREADS_MAX)
        return pab__fail(PAB_E_RANGE, "%s is %u; expected 0 to %d", what, count, PAB__THREADS_MAX);
    pab__threads *t = pab__alloc(host, sizeof *t);
    if (!t)
        return pab__fail(PAB_E_MEMORY, "no memory for threads");
    t->host = *host;
    t->count = count > 0 ? count : 1;
    t->process = getpid();
    int error = make_locks(t);
    if (error != 0) {
        pab__release(host, t, sizeof *t);
        return pab__fail(PAB_E_MEMORY, "cannot make the locks of %u threads: %s", count, strerror(error));
    }
    t->workers = pab__alloc(host, t->count * sizeof *t->workers);
    pab_status status = t->workers ? start_workers(t) : pab__fail(PAB_E_MEMORY, "no memory for threads");
    if (status != PAB_OK) {
        pab__threads_free(t);
        return status;
    }
    *out = t;
    return PAB_OK;
}

static void stop_workers(pab__threads *t)
{
    pthread_mutex_lock(&t->lock);
    t->stop = 1;
    pthread_cond_broadcast(&t->called);
    pthread_mutex_unlock(&t->lock);
    for (uint32_t i = 0; i < t->started; i++)
        pthread_join(t->workers[i].thread, NULL);
    pthread_cond_destroy(&t->done);
    pthread_cond_destroy(&t->called);
    pthread_mutex_destroy(&t->lock);
}

void pab__threads_free(pab__threads *t)
{
    if (!t)
        return;
    if (t->process == getpid()) /* a forked child has the memory, not the threads */
        stop_workers(t);
    pab_host host = t->host;
    pab__release(&host, t->workers, t->count * sizeof *t->workers);
    pab__release(&host, t, sizeof *t);
}

uint32_t pab__threads_count(const pab__threads *t)
{
    return t->count;
}

pab_status pab__threads_check(const pab__threads *t, const char *what)
{
    if (t->count == 1 || t->process == getpid())
        return PAB_OK;
    return pab__fail(PAB_E_STATE, "%s has %u threads of process %ld, which this forked process %ld does not have; make "
                     "a new one here", what, t->count, (long)t->process, (long)getpid());
}

void pab__threads_run(pab__threads *t, pab__work work, void *user)
{
    if (t->count == 1) {
        work(user, 0, 1);
        return;
    }
    pthread_mutex_lock(&t->lock);
    t->work = work;
    t->user = user;
    t->busy = t->count - 1;
    t->calls++;
    pthread_cond_broadcast(&t->called);
    pthread_mutex_unlock(&t->lock);
    work(user, 0, t->count);
    pthread_mutex_lock(&t->lock);
    while (t->busy > 0)
        pthread_cond_wait(&t->done, &t->lock);
    pthread_mutex_unlock(&t->lock);
}
