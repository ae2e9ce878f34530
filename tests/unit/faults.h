/* Every allocation of an operation fails in turn, once and from then on: the status says so, nothing leaks, nothing is
 * half done, and the same operation does its work afterwards.
 *
 * An operation works on handles that it finds in `user`, made with the host of a `failing`, and gives back whatever it
 * made before it returns. It is cheap: it runs hundreds of times. With PAB_FAULTS_ALL in the environment (the long
 * suite) every allocation has its turn, else some 20, spread over all. */
#ifndef TEST_FAULTS_H
#define TEST_FAULTS_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/failing.h"
#include "base/hash.h"
#include "status.h"

typedef struct fault_operation {
    const char *name;
    /* `digest` receives a hash of what was made, if it was. */
    pab_status (*run)(void *user, uint64_t *digest);
    void *user;
    int32_t quick; /* allocations tried in the quick suite; 0: 20 */
} fault_operation;

static inline int faults_all(void)
{
    return getenv("PAB_FAULTS_ALL") != NULL;
}

/* Which fault is tried after number n of `count`: all, or a few at the start and then equal strides. */
static inline int64_t next_fault(int64_t n, int64_t count, int32_t quick)
{
    int64_t tries = quick > 0 ? quick : 20;
    if (faults_all() || count <= tries || n < tries / 4)
        return n + 1;
    int64_t stride = count / (tries - tries / 4) + 1;
    return n + stride;
}

static inline void check_refused(const fault_operation *op, pab_status status, int64_t n, int sticky)
{
    char text[1024] = "";
    pab_last_error(text, sizeof text);
    if (status != PAB_E_MEMORY || !strstr(text, "memory"))
        fail_msg("%s: allocation %lld fails%s: %s \"%s\"; expected PAB_E_MEMORY", op->name, (long long)n,
                 sticky ? " and all later ones" : "", pab_status_name(status), text);
}

/* Runs without a fault; returns how many allocations that takes. */
static inline int64_t run_clean(failing *f, const fault_operation *op, uint64_t *digest)
{
    int64_t seen = f->seen, blocks = f->blocks, bytes = f->bytes;
    *digest = 0;
    must(op->run(op->user, digest));
    if (f->blocks != blocks || f->bytes != bytes)
        fail_msg("%s: %lld blocks, %lld bytes are left", op->name, (long long)(f->blocks - blocks),
                 (long long)(f->bytes - bytes));
    return f->seen - seen;
}

static inline void fail_allocation(failing *f, const fault_operation *op, int64_t n, int sticky, uint64_t wanted)
{
    int64_t blocks = f->blocks, bytes = f->bytes;
    uint64_t digest = 0;
    f->sticky = sticky;
    f->passes = f->seen + n;
    pab_status status = op->run(op->user, &digest);
    f->passes = INT64_MAX;
    if (status != PAB_OK)
        check_refused(op, status, n, sticky);
    else if (digest != wanted) /* it did without */
        fail_msg("%s: allocation %lld fails%s: another result", op->name, (long long)n, sticky ? " with the rest" : "");
    if (f->blocks != blocks || f->bytes != bytes)
        fail_msg("%s: allocation %lld fails%s: %lld blocks, %lld bytes are left", op->name, (long long)n,
                 sticky ? " and all later ones" : "", (long long)(f->blocks - blocks), (long long)(f->bytes - bytes));
}

/* Returns how many faults were tried. */
static inline int64_t fail_every_allocation(failing *f, const fault_operation *op)
{
    uint64_t wanted, again;
    int64_t tried = 0;
    run_clean(f, op, &wanted); /* what is made once, by the first call, is there from now on */
    int64_t count = run_clean(f, op, &again);
    if (count < 1 || again != wanted)
        fail_msg("%s: %lld allocations, results %s", op->name, (long long)count, again == wanted ? "equal" : "differ");
    for (int sticky = 0; sticky < 2; sticky++)
        for (int64_t n = 0; n < count; n = next_fault(n, count, op->quick), tried++)
            fail_allocation(f, op, n, sticky, wanted);
    run_clean(f, op, &again);
    if (again != wanted)
        fail_msg("%s: another result after its faults", op->name);
    print_message("# %s: %lld of %lld allocations failed\n", op->name, (long long)tried, 2 * (long long)count);
    return tried;
}

#endif
