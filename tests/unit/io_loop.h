/* Every system call on files of an operation fails in turn, once and from then on (base/io_faults.h; the program is one
 * of io_fault_units): the status says so and names a file, nothing leaks, what was there is whole, and the same
 * operation does its work afterwards. */
#ifndef TEST_IO_LOOP_H
#define TEST_IO_LOOP_H

#include <dirent.h>

#include "base/io_faults.h"
#include "faults.h"

typedef struct io_operation {
    fault_operation is;
    fault_world *world;
    const char *saves; /* the file that it replaces, in the world's directory; NULL: none */
} io_operation;

static const char io_old[] = "what was there before";

static inline void put_old(const io_operation *op)
{
    FILE *file = fopen(world_path(op->world, op->saves), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(io_old, 1, sizeof io_old - 1, file), sizeof io_old - 1);
    assert_int_equal(fclose(file), 0);
}

/* Temporary files that were left, which are removed. */
static inline int count_temporary(const fault_world *w)
{
    int count = 0;
    DIR *list = opendir(w->dir);
    assert_non_null(list);
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        if (!strstr(entry->d_name, ".tmp"))
            continue;
        remove(world_path(w, entry->d_name));
        count++;
    }
    closedir(list);
    return count;
}

static inline void judge_io(const io_operation *op, pab_status status, int64_t n, int sticky, uint64_t digest,
                            uint64_t wanted)
{
    char text[1024] = "";
    pab_last_error(text, sizeof text);
    if (status != PAB_OK && (status != PAB_E_IO || !strstr(text, op->world->dir)))
        fail_msg("%s: call %lld fails: %s \"%s\"; expected PAB_E_IO and the path", op->is.name, (long long)n,
                 pab_status_name(status), text);
    if (status == PAB_OK && wanted != 0 && digest != wanted)
        fail_msg("%s: call %lld fails: PAB_OK, but another result", op->is.name, (long long)n);
    if (op->saves) {
        uint64_t found = hash_of_file(world_path(op->world, op->saves));
        int old = found == pab__hash_long(io_old, sizeof io_old - 1);
        if (found != wanted && !(old && status != PAB_OK))
            fail_msg("%s: call %lld fails: neither the old file nor the new one is there", op->is.name, (long long)n);
    }
    if (count_temporary(op->world) > 0 && !sticky)
        fail_msg("%s: call %lld fails: a temporary file is left", op->is.name, (long long)n);
}

/* 1 when it came to the fault. */
static inline int fail_call(const io_operation *op, int64_t n, int sticky, uint64_t wanted)
{
    const failing *f = &op->world->memory;
    int64_t blocks = f->blocks, bytes = f->bytes;
    uint64_t digest = 0;
    if (op->saves)
        put_old(op);
    io_faults_on(n, sticky);
    pab_status status = op->is.run(op->is.user, &digest);
    int64_t failed = io_faults_off();
    if (f->blocks != blocks || f->bytes != bytes)
        fail_msg("%s: call %lld fails: %lld blocks are left", op->is.name, (long long)n,
                 (long long)(f->blocks - blocks));
    judge_io(op, status, n, sticky, digest, wanted);
    return failed > 0;
}

/* As fail_every_allocation; returns how many faults were tried. */
static inline int64_t fail_every_call(const io_operation *op)
{
    uint64_t wanted, again;
    int64_t tried = 0;
    run_clean(&op->world->memory, &op->is, &wanted);
    io_faults_on(INT64_MAX, 0);
    run_clean(&op->world->memory, &op->is, &again);
    int64_t count = io_faults.seen;
    io_faults_off();
    assert_true(count > 0 && again == wanted);
    for (int sticky = 0; sticky < 2; sticky++)
        for (int64_t n = 0; n < count; n = next_fault(n, count, op->is.quick))
            tried += fail_call(op, n, sticky, wanted);
    run_clean(&op->world->memory, &op->is, &again);
    assert_true(again == wanted && tried > 0);
    print_message("# %s: %lld faults in %lld calls on files\n", op->is.name, (long long)tried, (long long)count);
    return tried;
}

#endif
