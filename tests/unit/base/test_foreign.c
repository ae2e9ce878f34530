/* Want of memory within pthreads, zlib and libyaml, which have memory of their own: PAB_E_MEMORY, and nothing is left.
 * The program is linked with wraps of the calls that fail (unit_wraps in its meson.build). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <unistd.h>
#include <yaml.h>
#include <zlib.h>

#include "base/csv.h"
#include "base/threads.h"
#include "base/yaml.h"
#include "failing.h"

static int64_t left; /* calls that succeed before one fails */
static int gz_failed;

static int fails(void)
{
    return left-- == 0;
}

int __real_pthread_mutex_init(pthread_mutex_t *lock, const pthread_mutexattr_t *how);
int __wrap_pthread_mutex_init(pthread_mutex_t *lock, const pthread_mutexattr_t *how);
int __wrap_pthread_mutex_init(pthread_mutex_t *lock, const pthread_mutexattr_t *how)
{
    return fails() ? ENOMEM : __real_pthread_mutex_init(lock, how);
}

int __real_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *how);
int __wrap_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *how);
int __wrap_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *how)
{
    return fails() ? EAGAIN : __real_pthread_cond_init(cond, how);
}

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *user);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *user);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *user)
{
    return fails() ? EAGAIN : __real_pthread_create(thread, how, run, user);
}

gzFile __real_gzdopen(int fd, const char *mode);
gzFile __wrap_gzdopen(int fd, const char *mode);
gzFile __wrap_gzdopen(int fd, const char *mode)
{
    return fails() ? NULL : __real_gzdopen(fd, mode);
}

int __real_gzread(gzFile file, void *data, unsigned len);
int __wrap_gzread(gzFile file, void *data, unsigned len);
int __wrap_gzread(gzFile file, void *data, unsigned len)
{
    gz_failed = fails();
    return gz_failed ? -1 : __real_gzread(file, data, len);
}

const char *__real_gzerror(gzFile file, int *code);
const char *__wrap_gzerror(gzFile file, int *code);
const char *__wrap_gzerror(gzFile file, int *code)
{
    if (!gz_failed)
        return __real_gzerror(file, code);
    *code = Z_MEM_ERROR;
    return "out of memory";
}

int __real_yaml_parser_initialize(yaml_parser_t *parser);
int __wrap_yaml_parser_initialize(yaml_parser_t *parser);
int __wrap_yaml_parser_initialize(yaml_parser_t *parser)
{
    return fails() ? 0 : __real_yaml_parser_initialize(parser);
}

int __real_yaml_parser_parse(yaml_parser_t *parser, yaml_event_t *event);
int __wrap_yaml_parser_parse(yaml_parser_t *parser, yaml_event_t *event);
int __wrap_yaml_parser_parse(yaml_parser_t *parser, yaml_event_t *event)
{
    if (!fails())
        return __real_yaml_parser_parse(parser, event);
    parser->error = YAML_MEMORY_ERROR;
    return 0;
}

/* Fails each call in turn until the operation succeeds. */
static void fail_each(pab_status (*run)(const pab_host *host), int64_t least)
{
    for (int64_t n = 0;; n++) {
        failing f;
        const pab_host host = failing_host(&f, -1, 0);
        left = n;
        pab_status status = run(&host);
        assert_int_equal(f.blocks, 0);
        assert_int_equal(f.bytes, 0);
        if (status == PAB_OK) {
            assert_true(left >= 0 && n >= least);
            return;
        }
        assert_int_equal(status, PAB_E_MEMORY);
    }
}

static void do_nothing(void *user, uint32_t thread, uint32_t threads)
{
    (void)user;
    (void)thread;
    (void)threads;
}

static pab_status start_threads(const pab_host *host)
{
    pab__threads *threads = NULL;
    pab_status status = pab__threads_new(host, 3, "threads", &threads);
    if (status == PAB_OK)
        pab__threads_run(threads, do_nothing, NULL);
    else
        assert_null(threads);
    pab__threads_free(threads);
    return status;
}

static char path[] = "/tmp/pab-foreign-XXXXXX";

static pab_status read_rows(const pab_host *host)
{
    pab__csv csv;
    int more = 1;
    pab_status status = pab__csv_open(host, path, &csv);
    if (status != PAB_OK)
        return status;
    while (status == PAB_OK && more)
        status = pab__csv_next(&csv, &more);
    pab__csv_close(&csv);
    return status;
}

static pab_status parse(const pab_host *host)
{
    static const char text[] = "a: {b: [1, 2], c: d}\n";
    pab__tree tree;
    pab_status status = pab__yaml_parse(host, text, sizeof text - 1, "text", &tree);
    if (status == PAB_OK)
        pab__tree_free(&tree);
    return status;
}

static void threads_need_their_locks(void **state)
{
    (void)state;
    fail_each(start_threads, 5); /* a mutex, two conditions, two threads */
}

static void zlib_may_have_no_memory(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a,b\n1,2\n", 8), 8);
    close(fd);
    fail_each(read_rows, 2);
    unlink(path);
}

static void libyaml_may_have_no_memory(void **state)
{
    (void)state;
    fail_each(parse, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_need_their_locks),
        cmocka_unit_test(zlib_may_have_no_memory),
        cmocka_unit_test(libyaml_may_have_no_memory),
    };
    return cmocka_run_group_tests_name("base/foreign", tests, NULL, NULL);
}
