/* Pools: growth, reuse, copies, and running out of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "base/pool.h"
#include "failing.h"

typedef struct slot {
    uint32_t next;
    uint32_t value;
    uint64_t more;
} slot;

static slot *at(const pab__pool *pool, uint32_t index)
{
    return pab__pool_at(pool, index);
}

/* Takes `count` slots and numbers them; stops when there is no memory. */
static uint32_t fill(pab__pool *pool, const pab_host *host, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = pab__pool_take(pool, host);
        if (index == PAB__NONE)
            return i;
        *at(pool, index) = (slot){.value = i + 1};
    }
    return count;
}

static void growth_keeps_slots_and_their_numbers(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__pool pool;
    pab__pool_init(&pool, sizeof(slot));
    assert_int_equal(fill(&pool, &host, 1000), 1000);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(at(&pool, i)->value, i + 1);
    assert_int_equal((uintptr_t)pool.data % 64, 0);
    assert_true(f.seen <= 8); /* doubling */
    pab__pool_free(&pool, &host);
    assert_int_equal(f.bytes, 0);
    assert_int_equal(pool.capacity, 0);
}

static void new_slots_are_zero_also_after_clearing(void **state)
{
    (void)state;
    static const slot zero;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__pool pool;
    pab__pool_init(&pool, sizeof(slot));
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 40; i++) {
            uint32_t index = pab__pool_take(&pool, &host);
            assert_int_equal(index, i);
            assert_memory_equal(at(&pool, index), &zero, sizeof zero);
            at(&pool, index)->value = 7;
        }
        pab__pool_clear(&pool);
        assert_int_equal(pool.mark.count, 0);
        assert_int_equal(pool.mark.live, 0);
    }
    pab__pool_free(&pool, &host);
}

static void freed_slots_come_back_last_first(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__pool pool;
    pab__pool_init(&pool, sizeof(slot));
    fill(&pool, &host, 5);
    pab__pool_give(&pool, 1);
    pab__pool_give(&pool, 3);
    assert_int_equal(pool.mark.live, 3);
    assert_int_equal(pab__pool_take(&pool, &host), 3);
    assert_int_equal(pab__pool_take(&pool, &host), 1);
    assert_int_equal(pab__pool_take(&pool, &host), 5);
    assert_int_equal(pool.mark.live, 6);
    pab__pool_free(&pool, &host);
}

static void a_warm_pool_does_not_allocate(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__pool pool;
    pab__pool_init(&pool, sizeof(slot));
    assert_int_equal(pab__pool_reserve(&pool, &host, 300), PAB_OK);
    int64_t seen = f.seen;
    for (int round = 0; round < 3; round++) {
        fill(&pool, &host, 300);
        pab__pool_clear(&pool);
    }
    assert_int_equal(f.seen, seen);
    pab__pool_free(&pool, &host);
}

static void a_copy_equals_its_source_and_stays_clean_above(void **state)
{
    (void)state;
    static const slot zero;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__pool big, small, copy;
    pab__pool_init(&big, sizeof(slot));
    pab__pool_init(&small, sizeof(slot));
    pab__pool_init(&copy, sizeof(slot));
    fill(&big, &host, 100);
    fill(&small, &host, 10);
    pab__pool_give(&small, 4);
    assert_int_equal(pab__pool_copy(&copy, &big, &host), PAB_OK);
    assert_int_equal(pab__pool_copy(&copy, &small, &host), PAB_OK);
    assert_memory_equal(&copy.mark, &small.mark, sizeof copy.mark);
    assert_memory_equal(copy.data, small.data, 10 * sizeof(slot));
    assert_int_equal(pab__pool_take(&copy, &host), 4);
    uint32_t fresh = pab__pool_take(&copy, &host);
    assert_int_equal(fresh, 10);
    assert_memory_equal(at(&copy, fresh), &zero, sizeof zero);
    pab__pool_free(&big, &host);
    pab__pool_free(&small, &host);
    pab__pool_free(&copy, &host);
    assert_int_equal(f.bytes, 0);
}

static void without_memory_a_pool_stays_as_it_was(void **state)
{
    (void)state;
    for (int64_t passes = 0; passes < 4; passes++) {
        failing f;
        pab_host host = failing_host(&f, passes, 0);
        pab__pool pool;
        pab__pool_init(&pool, sizeof(slot));
        uint32_t filled = fill(&pool, &host, 200);
        assert_int_equal(filled, passes == 0 ? 0 : 8 << passes);
        assert_int_equal(pool.mark.count, filled);
        assert_int_equal(pool.mark.live, filled);
        for (uint32_t i = 0; i < filled; i++)
            assert_int_equal(at(&pool, i)->value, i + 1);
        assert_int_equal(pab__pool_take(&pool, &host), filled); /* the refusal was the only one */
        pab__pool_free(&pool, &host);
        assert_int_equal(f.bytes, 0);
        assert_int_equal(f.blocks, 0);
    }
}

static void without_memory_a_copy_stays_as_it_was(void **state)
{
    (void)state;
    failing good, bad;
    pab_host host = failing_host(&good, -1, 0);
    pab_host refusing = failing_host(&bad, 1, 1);
    pab__pool src, dst;
    pab__pool_init(&src, sizeof(slot));
    pab__pool_init(&dst, sizeof(slot));
    fill(&src, &host, 100);
    fill(&dst, &refusing, 3);
    assert_int_equal(pab__pool_copy(&dst, &src, &refusing), PAB_E_MEMORY);
    assert_int_equal(dst.mark.count, 3);
    assert_int_equal(at(&dst, 2)->value, 3);
    assert_int_equal(pab__pool_reserve(&dst, &refusing, PAB__NONE), PAB_E_MEMORY);
    pab__pool_free(&src, &host);
    pab__pool_free(&dst, &refusing);
    assert_int_equal(bad.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_keeps_slots_and_their_numbers),
        cmocka_unit_test(new_slots_are_zero_also_after_clearing),
        cmocka_unit_test(freed_slots_come_back_last_first),
        cmocka_unit_test(a_warm_pool_does_not_allocate),
        cmocka_unit_test(a_copy_equals_its_source_and_stays_clean_above),
        cmocka_unit_test(without_memory_a_pool_stays_as_it_was),
        cmocka_unit_test(without_memory_a_copy_stays_as_it_was),
    };
    return cmocka_run_group_tests_name("base/pool", tests, NULL, NULL);
}
