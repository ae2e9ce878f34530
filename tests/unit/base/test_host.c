/* The host's hooks and size-first records of older and newer callers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "base/host.h"
#include "failing.h"

typedef struct record {
    uint32_t struct_size;
    uint32_t a;
    uint64_t b;
    uint64_t c; /* added after the first version */
} record;

#define FIRST_SIZE 16

typedef struct newer {
    record known;
    uint64_t more;
} newer;

static void defaults_allocate_aligned_zeroes(void **state)
{
    (void)state;
    pab_host host;
    assert_int_equal(pab__host_take(NULL, &host), PAB_OK);
    for (size_t size = 0; size < 300; size += 37) {
        unsigned char *ptr = pab__alloc(&host, size);
        assert_non_null(ptr);
        assert_int_equal((uintptr_t)ptr % 64, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(ptr[i], 0);
        pab__release(&host, ptr, size);
    }
    pab__release(&host, NULL, 10);
    assert_null(pab__alloc(&host, SIZE_MAX));
}

static void a_hosts_memory_is_zeroed_for_it(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    unsigned char *ptr = pab__alloc(&host, 100);
    for (int i = 0; i < 100; i++)
        assert_int_equal(ptr[i], 0);
    assert_int_equal(f.bytes, 100);
    pab__release(&host, ptr, 100);
    assert_int_equal(f.bytes, 0);
}

static void half_an_allocator_is_refused(void **state)
{
    (void)state;
    pab_host given, out = {.user = &given};
    assert_int_equal(pab_host_init(&given, sizeof given), PAB_OK);
    assert_null(given.alloc);
    given.alloc = failing_alloc;
    assert_int_equal(pab__host_take(&given, &out), PAB_E_ARGUMENT);
    assert_ptr_equal(out.user, &given);
}

static void init_judges_the_size(void **state)
{
    (void)state;
    pab_host host;
    assert_int_equal(pab_host_init(NULL, sizeof host), PAB_E_ARGUMENT);
    assert_int_equal(pab_host_init(&host, 4), PAB_E_ARGUMENT);
    assert_int_equal(pab_host_init(&host, 5000), PAB_E_ARGUMENT);
    assert_int_equal(pab_host_init(&host, sizeof host), PAB_OK);
    assert_int_equal(host.struct_size, sizeof host);
}

static char seen_line[2000];
static int seen_lines;

static void keep_line(void *user, int32_t level, const char *topic, const char *text)
{
    (void)user;
    seen_lines++;
    snprintf(seen_line, sizeof seen_line, "%d %s %s", level, topic, text);
}

static void logs_up_to_the_wanted_level(void **state)
{
    (void)state;
    pab_host host = {.log_level = PAB_LOG_WARNING};
    pab__log(&host, PAB_LOG_ERROR, "t", "nobody listens");
    host.log = keep_line;
    pab__log(&host, PAB_LOG_INFO, "t", "too fine");
    assert_int_equal(seen_lines, 0);
    pab__log(&host, PAB_LOG_WARNING, "book", "order %d", 7);
    assert_int_equal(seen_lines, 1);
    assert_string_equal(seen_line, "1 book order 7");
}

static void older_callers_get_what_they_know(void **state)
{
    (void)state;
    const record full = {sizeof full, 1, 2, 3};
    record out = {FIRST_SIZE, 9, 9, 9};
    assert_int_equal(pab__record_out(&out, &full, sizeof full, FIRST_SIZE, "record"), PAB_OK);
    assert_int_equal(out.struct_size, FIRST_SIZE);
    assert_int_equal(out.a, 1);
    assert_int_equal(out.b, 2);
    assert_int_equal(out.c, 9);
}

static void newer_callers_get_zeroes_for_the_rest(void **state)
{
    (void)state;
    const record full = {sizeof full, 1, 2, 3};
    newer out = {.known = {.struct_size = sizeof out}, .more = 9};
    assert_int_equal(pab__record_out(&out, &full, sizeof full, FIRST_SIZE, "record"), PAB_OK);
    assert_int_equal(out.known.struct_size, sizeof out);
    assert_int_equal(out.known.c, 3);
    assert_int_equal(out.more, 0);
}

static void records_of_older_callers_are_completed(void **state)
{
    (void)state;
    const record given = {FIRST_SIZE, 1, 2, 3};
    record full = {0, 9, 9, 9};
    assert_int_equal(pab__record_in(&full, sizeof full, &given, FIRST_SIZE, "record"), PAB_OK);
    assert_int_equal(full.struct_size, sizeof full);
    assert_int_equal(full.b, 2);
    assert_int_equal(full.c, 0);
}

static void records_of_newer_callers_may_not_ask_for_the_unknown(void **state)
{
    (void)state;
    char text[200];
    newer given = {.known = {sizeof given, 1, 2, 3}};
    record full = {0, 9, 9, 9};
    assert_int_equal(pab__record_in(&full, sizeof full, &given, FIRST_SIZE, "record"), PAB_OK);
    assert_int_equal(full.c, 3);
    full.a = 9;
    given.more = 1;
    assert_int_equal(pab__record_in(&full, sizeof full, &given, FIRST_SIZE, "record"), PAB_E_ARGUMENT);
    assert_int_equal(full.a, 9);
    pab_last_error(text, sizeof text);
    assert_non_null(strstr(text, "record"));
}

static void absurd_sizes_are_refused(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 4, FIRST_SIZE - 1, 4097, UINT32_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        record given = {sizes[i], 1, 2, 3};
        record full = {0, 9, 9, 9};
        assert_int_equal(pab__record_in(&full, sizeof full, &given, FIRST_SIZE, "record"), PAB_E_ARGUMENT);
        assert_int_equal(pab__record_out(&given, &full, sizeof full, FIRST_SIZE, "record"), PAB_E_ARGUMENT);
        assert_int_equal(full.a, 9);
        assert_int_equal(given.a, 1);
    }
    record full = {0};
    assert_int_equal(pab__record_in(&full, sizeof full, NULL, FIRST_SIZE, "record"), PAB_E_ARGUMENT);
    assert_int_equal(pab__record_out(NULL, &full, sizeof full, FIRST_SIZE, "record"), PAB_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_allocate_aligned_zeroes),
        cmocka_unit_test(a_hosts_memory_is_zeroed_for_it),
        cmocka_unit_test(half_an_allocator_is_refused),
        cmocka_unit_test(init_judges_the_size),
        cmocka_unit_test(logs_up_to_the_wanted_level),
        cmocka_unit_test(older_callers_get_what_they_know),
        cmocka_unit_test(newer_callers_get_zeroes_for_the_rest),
        cmocka_unit_test(records_of_older_callers_are_completed),
        cmocka_unit_test(records_of_newer_callers_may_not_ask_for_the_unknown),
        cmocka_unit_test(absurd_sizes_are_refused),
    };
    return cmocka_run_group_tests_name("base/host", tests, NULL, NULL);
}
