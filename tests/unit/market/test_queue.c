/* The event queue against a plain list that is searched each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../base/failing.h"
#include "market/queue.h"

#define MOST 4000

static uint64_t random_state = 0x9e3779b97f4a7c15u;

static uint64_t below(uint64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % n;
}

typedef struct list {
    pab__entry at[MOST];
    size_t count;
} list;

static list naive;

static pab__entry take_least(list *l)
{
    size_t best = 0;
    for (size_t i = 1; i < l->count; i++)
        if (pab__entry_before(&l->at[i], &l->at[best]))
            best = i;
    pab__entry e = l->at[best];
    l->at[best] = l->at[--l->count];
    return e;
}

/* Times like a market's: most just ahead, some far, many equal. */
static int64_t ahead(int flavour)
{
    if (flavour == 0)
        return (int64_t)below(1000000000);
    if (flavour == 1)
        return below(10) < 7 ? 50 : (int64_t)below(1000000);
    return (int64_t)below(3);
}

static void check(int flavour, size_t steady)
{
    pab_host host;
    pab__queue q;
    int64_t now = 0;
    uint32_t id = 0;
    assert_int_equal(pab__host_take(NULL, &host), PAB_OK);
    pab__queue_init(&q);
    naive.count = 0;
    for (int step = 0; step < 20000; step++) {
        int push = naive.count < steady ? below(10) < 6 : below(10) < 4;
        if (naive.count == 0 || (push && naive.count < MOST)) {
            pab__entry e = {now + ahead(flavour), pab__entry_route((int32_t)below(5), (int32_t)below(5)), id++, 7};
            naive.at[naive.count++] = e;
            assert_int_equal(pab__queue_push(&q, &host, &e), 0);
        } else {
            pab__entry wanted = take_least(&naive);
            const pab__entry *got = pab__queue_peek(&q);
            assert_non_null(got);
            assert_memory_equal(got, &wanted, sizeof wanted);
            now = wanted.time;
            pab__queue_drop(&q);
        }
        assert_int_equal(pab__queue_size(&q), naive.count);
    }
    while (naive.count > 0) {
        pab__entry wanted = take_least(&naive);
        assert_memory_equal(pab__queue_peek(&q), &wanted, sizeof wanted);
        pab__queue_drop(&q);
    }
    assert_null(pab__queue_peek(&q));
    pab__queue_free(&q, &host);
}

static void entries_come_in_order_of_their_whole_key(void **state)
{
    (void)state;
    for (int flavour = 0; flavour < 3; flavour++) {
        check(flavour, 3);
        check(flavour, 60);
        check(flavour, 700);
    }
}

static void ties_go_by_sender_recipient_and_number(void **state)
{
    static const pab__entry in_order[] = {
        {5, (uint64_t)1 << 32 | 9, 8, 0}, {5, (uint64_t)2 << 32 | 3, 7, 0}, {5, (uint64_t)2 << 32 | 4, 1, 0},
        {5, (uint64_t)2 << 32 | 4, 6, 0}, {6, 0, 0, 0},
    };
    pab_host host;
    pab__queue q;
    (void)state;
    assert_int_equal(pab__host_take(NULL, &host), PAB_OK);
    pab__queue_init(&q);
    for (int i = 4; i >= 0; i--)
        assert_int_equal(pab__queue_push(&q, &host, &in_order[i]), 0);
    for (int i = 0; i < 5; i++) {
        assert_memory_equal(pab__queue_peek(&q), &in_order[i], sizeof in_order[i]);
        pab__queue_drop(&q);
    }
    pab__queue_free(&q, &host);
}

static void a_push_without_memory_is_refused(void **state)
{
    failing f;
    pab_host host = failing_host(&f, 0, 1);
    pab__queue q;
    int refused = 0;
    (void)state;
    pab__queue_init(&q);
    for (uint32_t i = 0; i < 500 && !refused; i++) {
        pab__entry e = {(int64_t)i, 0, i, 0};
        refused = pab__queue_push(&q, &host, &e) != 0;
    }
    assert_true(refused);
    pab__queue_free(&q, &host);
    assert_int_equal(f.blocks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_in_order_of_their_whole_key),
        cmocka_unit_test(ties_go_by_sender_recipient_and_number),
        cmocka_unit_test(a_push_without_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
