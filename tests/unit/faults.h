/* Every allocation of an operation fails in turn, once and from then on: the status says so, nothing leaks, nothing is
 * half done, and the same operation does its work afterwards.
 *
 * An operation works on handles that it finds in `user`, made with the host of a `failing`, and gives back whatever it
 * made before it returns. It is cheap: it runs hundreds of times. With PAB_FAULTS_ALL in the environment (suite
 * exhaustive) every allocation has its turn, or 1500 where there are more (100 of what takes long); else some 20,
 * spread over all. */
#ifndef TEST_FAULTS_H
#define TEST_FAULTS_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/failing.h"
#include "base/hash.h"
#include "status.h"

/* What the operations of a module work on, at the least. */
typedef struct fault_world {
    failing memory;
    pab_host host; /* refuses on demand of `memory` */
    char dir[64];
} fault_world;

static inline void open_fault_world(fault_world *w)
{
    *w = (fault_world){.dir = "/tmp/pab-faults-XXXXXX"};
    w->host = failing_host(&w->memory, -1, 0);
    assert_non_null(mkdtemp(w->dir));
}

/* All handles are freed, all files are the directory's. */
static inline void close_fault_world(fault_world *w)
{
    char command[128];
    assert_int_equal(w->memory.blocks, 0);
    snprintf(command, sizeof command, "rm -rf %s", w->dir);
    assert_int_equal(system(command), 0);
}

/* A path in the world's directory; valid until the call after next. */
static inline const char *world_path(const fault_world *w, const char *name)
{
    static char path[2][400];
    static int next;
    next = !next;
    snprintf(path[next], sizeof path[next], "%s/%s", w->dir, name);
    return path[next];
}

/* From here on every allocation succeeds: what follows looks at results. */
static inline void disarm(fault_world *w)
{
    w->memory.passes = INT64_MAX;
}

/* Puts a fault off while the operation's own handles are made: left = put_off(w); ...; bring_back(w, left). */
static inline int64_t put_off(fault_world *w)
{
    int64_t left = w->memory.passes == INT64_MAX ? INT64_MAX : w->memory.passes - w->memory.seen;
    disarm(w);
    return left;
}

static inline void bring_back(fault_world *w, int64_t left)
{
    w->memory.passes = left == INT64_MAX ? INT64_MAX : w->memory.seen + left;
}

static inline uint64_t hash_of_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    static unsigned char data[16 << 20];
    if (!file)
        fail_msg("%s is not there", path);
    size_t len = fread(data, 1, sizeof data, file);
    fclose(file);
    assert_true(len < sizeof data);
    return pab__hash_long(data, len);
}

/* Hash of a file of the world that an operation saved; 0 where it failed. */
static inline uint64_t hash_of_saved(const fault_world *w, pab_status status, const char *name)
{
    return status == PAB_OK ? hash_of_file(world_path(w, name)) : 0;
}

/* The world's path for a checkpoint, where there is none yet. */
static inline const char *fresh_checkpoint(const fault_world *w)
{
    static char path[400];
    snprintf(path, sizeof path, "%s", world_path(w, "checkpoint"));
    unlink(path);
    return path;
}

typedef struct fault_operation {
    const char *name;
    /* `digest` receives a hash of what was made, if it was. */
    pab_status (*run)(void *user, uint64_t *digest);
    void *user;
    int32_t quick; /* allocations tried in the quick suite; 0: 20; negative: the first so many, for what takes long */
} fault_operation;

static inline int faults_all(void)
{
    return getenv("PAB_FAULTS_ALL") != NULL;
}

/* Which fault is tried after number n of `count`: a few at the start and then equal strides. */
static inline int64_t next_fault(int64_t n, int64_t count, int32_t quick)
{
    int64_t tries = faults_all() ? (quick < 0 ? 100 : 1500) : quick > 0 ? quick : 20;
    if (count <= tries || n < tries / 4)
        return n + 1;
    return n + count / (tries - tries / 4) + 1;
}

static inline void check_refused(const fault_operation *op, pab_status status, int64_t n, int sticky)
{
    char text[1024] = "";
    pab_last_error(text, sizeof text);
    if (status != PAB_E_MEMORY || !strstr(text, "memory"))
        fail_msg("%s: allocation %lld fails%s: %s \"%s\"; expected PAB_E_MEMORY", op->name, (long long)n,
                 sticky ? " and all later ones" : "", pab_status_name(status), text);
}

/* Runs without a fault; returns how many allocations that takes at most: those that were put off count too. */
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

/* 1 when it came to the fault. */
static inline int fail_allocation(failing *f, const fault_operation *op, int64_t n, int sticky, uint64_t wanted)
{
    int64_t blocks = f->blocks, bytes = f->bytes;
    uint64_t digest = 0;
    f->sticky = sticky;
    f->passes = f->seen + n;
    f->refused = 0;
    pab_status status = op->run(op->user, &digest);
    f->passes = INT64_MAX;
    if (status != PAB_OK)
        check_refused(op, status, n, sticky);
    else if (wanted != 0 && digest != wanted) /* it did without */
        fail_msg("%s: allocation %lld fails%s: another result", op->name, (long long)n, sticky ? " with the rest" : "");
    if (f->blocks != blocks || f->bytes != bytes)
        fail_msg("%s: allocation %lld fails%s: %lld blocks, %lld bytes are left", op->name, (long long)n,
                 sticky ? " and all later ones" : "", (long long)(f->blocks - blocks), (long long)(f->bytes - bytes));
    return f->refused > 0;
}

/* Of an operation that takes long only the beginning: most of its allocations, and what takes time, come later. */
static inline int64_t fail_first_allocations(failing *f, const fault_operation *op)
{
    int64_t tried = 0;
    for (int64_t n = 0; n < -op->quick; n++)
        tried += fail_allocation(f, op, n, n % 2 == 1, 0);
    print_message("# %s: the first %lld allocations failed\n", op->name, (long long)tried);
    return tried;
}

/* Returns how many faults were tried. */
static inline int64_t fail_every_allocation(failing *f, const fault_operation *op)
{
    uint64_t wanted, again;
    int64_t tried = 0;
    if (op->quick < 0 && !faults_all())
        return fail_first_allocations(f, op);
    run_clean(f, op, &wanted); /* what is made once, by the first call, is there from now on */
    int64_t count = run_clean(f, op, &again);
    if (count < 1 || again != wanted)
        fail_msg("%s: %lld allocations, results %s", op->name, (long long)count, again == wanted ? "equal" : "differ");
    for (int sticky = 0; sticky < 2; sticky++)
        for (int64_t n = 0; n < count; n = next_fault(n, count, op->quick))
            tried += fail_allocation(f, op, n, sticky, wanted);
    run_clean(f, op, &again);
    if (again != wanted)
        fail_msg("%s: another result after its faults", op->name);
    print_message("# %s: %lld faults in %lld allocations\n", op->name, (long long)tried, (long long)count);
    if (tried == 0)
        fail_msg("%s: no allocation was made to fail", op->name);
    return tried;
}

static inline void fail_every_allocation_of(failing *f, const fault_operation *operations, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fail_every_allocation(f, &operations[i]);
}

#endif
