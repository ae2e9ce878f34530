/* Sorting: every order is the one that a naive sort finds, ties by number, NaNs last. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sort.h"

enum { MOST = 70 };

static uint64_t noise = 1;

static uint32_t draw(uint32_t below)
{
    noise = noise * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(noise >> 33) % below;
}

static int after(double x, double y)
{
    return x > y || (isnan(x) && !isnan(y));
}

static void naive_rank(const double *key, uint32_t n, uint32_t *order)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = i;
        for (; at > 0 && after(key[order[at - 1]], key[i]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void fill(double *key, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        key[i] = draw(20) == 0 ? NAN : draw(20) == 0 ? -INFINITY : (double)draw(30) - 15;
}

static void ranks_and_reals_agree_with_a_naive_sort(void **state)
{
    (void)state;
    double key[MOST], sorted[MOST];
    uint32_t order[MOST], expected[MOST];
    for (int round = 0; round < 3000; round++) {
        uint32_t n = draw(MOST + 1);
        fill(key, n);
        memcpy(sorted, key, sizeof key);
        naive_rank(key, n, expected);
        pab__sort_rank(key, n, order);
        pab__sort_reals(sorted, n);
        assert_memory_equal(order, expected, n * sizeof *order);
        for (uint32_t i = 0; i < n; i++)
            assert_memory_equal(&sorted[i], &key[expected[i]], sizeof *sorted);
    }
}

typedef struct item {
    int32_t value, number;
    char rest[40];
} item;

static int falling(const void *a, const void *b)
{
    const item *x = a, *y = b;
    return x->value != y->value ? x->value > y->value : x->number < y->number;
}

static void items_follow_the_callers_order(void **state)
{
    (void)state;
    item items[MOST];
    for (int round = 0; round < 500; round++) {
        uint32_t n = draw(MOST + 1);
        memset(items, 0, sizeof items);
        for (uint32_t i = 0; i < n; i++)
            items[i] = (item){.value = (int32_t)draw(9), .number = (int32_t)i};
        pab__sort(items, n, sizeof *items, falling);
        for (uint32_t i = 1; i < n; i++)
            assert_true(falling(&items[i - 1], &items[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_and_reals_agree_with_a_naive_sort),
        cmocka_unit_test(items_follow_the_callers_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
