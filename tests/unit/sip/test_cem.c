/* The cross-entropy method on objectives whose optimum is known, and the statistics of the final. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/sort.h"
#include "eval/cem.h"
#include "sip/objective.h"

enum { CANDIDATES = 96 };

static double bowl(const double *x, uint32_t dims)
{
    double sum = 0;
    for (uint32_t d = 0; d < dims; d++) {
        double off = x[d] - (d % 2 ? 1.0 : -0.5);
        sum += off * off;
    }
    return sum;
}

static pab__cem_plan plan_of(uint32_t dims, uint64_t key)
{
    return (pab__cem_plan){.dims = dims, .candidates = CANDIDATES, .elite = 12, .smoothing = 0.7, .floor = 0.1,
                           .key = key};
}

static void generation(const pab__cem_plan *plan, pab__cem *cem)
{
    double cost[CANDIDATES], x[PAB__CEM_DIMS];
    uint32_t order[CANDIDATES];
    for (uint32_t i = 0; i < plan->candidates; i++) {
        pab__cem_draw(plan, cem, i, x);
        cost[i] = bowl(x, plan->dims);
    }
    pab__sort_rank(cost, plan->candidates, order);
    pab__cem_update(plan, cem, order);
}

static void the_mean_comes_to_the_optimum(void **unused)
{
    (void)unused;
    pab__cem cem;
    pab__cem_plan plan = plan_of(6, 3);
    pab__cem_start(&cem, 1.5);
    for (int g = 0; g < 25; g++)
        generation(&plan, &cem);
    for (uint32_t d = 0; d < plan.dims; d++)
        assert_true(fabs(cem.mean[d] - (d % 2 ? 1.0 : -0.5)) < 0.15);
}

static void sixty_parameters_get_nearer_in_25_generations(void **unused)
{
    (void)unused;
    pab__cem cem;
    pab__cem_plan plan = plan_of(60, 4);
    pab__cem_start(&cem, 1.5);
    double before = bowl(cem.mean, 60);
    for (int g = 0; g < 25; g++)
        generation(&plan, &cem);
    assert_true(bowl(cem.mean, 60) < 0.5 * before);
}

static void spread_never_falls_below_its_floor(void **unused)
{
    (void)unused;
    pab__cem cem;
    pab__cem_plan plan = plan_of(3, 5);
    pab__cem_start(&cem, 1.5);
    for (int g = 0; g < 60; g++)
        generation(&plan, &cem);
    for (uint32_t d = 0; d < 3; d++) {
        assert_true(cem.sd[d] >= 0.1);
        assert_true(cem.sd[d] < 0.2);
    }
}

static void a_candidate_depends_on_its_number_only(void **unused)
{
    (void)unused;
    pab__cem cem;
    pab__cem_plan plan = plan_of(60, 6), other = plan_of(60, 7);
    double a[60], b[60];
    pab__cem_start(&cem, 1.5);
    pab__cem_draw(&plan, &cem, 9, a);
    pab__cem_draw(&plan, &cem, 3, b);
    assert_memory_not_equal(a, b, sizeof a);
    pab__cem_draw(&plan, &cem, 9, b);
    assert_memory_equal(a, b, sizeof a);
    pab__cem_draw(&other, &cem, 9, b);
    assert_memory_not_equal(a, b, sizeof a);
    cem.generation = 1;
    pab__cem_draw(&plan, &cem, 9, b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void one_update_is_the_smoothed_mean_of_the_elite(void **unused)
{
    (void)unused;
    pab__cem cem;
    pab__cem_plan plan = {.dims = 1, .candidates = 4, .elite = 2, .smoothing = 0.7, .floor = 0.01, .key = 8};
    const double cost[] = {5, 1, 9, 1};
    uint32_t order[4];
    double x[4];
    pab__cem_start(&cem, 1.5);
    cem.mean[0] = 2;
    for (uint32_t i = 0; i < 4; i++)
        pab__cem_draw(&plan, &cem, i, &x[i]);
    pab__sort_rank(cost, 4, order);
    assert_int_equal(order[0], 1); /* of equals the first */
    assert_int_equal(order[1], 3);
    assert_int_equal(order[2], 0);
    assert_int_equal(order[3], 2);
    pab__cem_update(&plan, &cem, order);
    double middle = 0.5 * (x[1] + x[3]);
    assert_true(fabs(cem.mean[0] - (0.3 * 2 + 0.7 * middle)) < 1e-12);
    assert_true(fabs(cem.sd[0] - (0.3 * 1.5 + 0.7 * 0.5 * fabs(x[1] - x[3]))) < 1e-12);
}

static void the_objective_adds_a_tenth_of_the_worst_twentieth(void **unused)
{
    (void)unused;
    double shortfall[40], tracking[40], spare[40];
    pab__sip_costs costs;
    for (int i = 0; i < 40; i++) {
        shortfall[i] = i; /* worst two: 38 and 39 */
        tracking[i] = 2;
    }
    pab__sip_costs_of(shortfall, tracking, 40, spare, &costs);
    assert_true(fabs(costs.shortfall - 19.5) < 1e-12);
    assert_true(fabs(costs.tail - 38.5) < 1e-12);
    assert_true(fabs(pab__sip_objective(&costs, 0.5) - (19.5 + 1 + 3.85)) < 1e-12);
}

static void a_constant_gain_has_no_width_and_a_run_against_itself_none_at_all(void **unused)
{
    (void)unused;
    pab_host host;
    double a[30], b[30], t[30];
    pab__sip_interval around;
    pab_host_init(&host, sizeof host);
    assert_int_equal(pab__host_take(NULL, &host), PAB_OK);
    for (int i = 0; i < 30; i++) {
        a[i] = (i * 7) % 11;
        b[i] = a[i] + 1;
        t[i] = i % 3;
    }
    const pab__sip_run x = {a, t}, y = {b, t};
    assert_int_equal(pab__sip_compare(&host, &x, &x, 30, 0.5, 1, &around), PAB_OK);
    assert_true(around.value == 0 && around.low == 0 && around.high == 0);
    assert_int_equal(pab__sip_compare(&host, &x, &y, 30, 0.5, 1, &around), PAB_OK);
    assert_true(fabs(around.value + 1.1) < 1e-12); /* 1 of the mean, 0.1 of the tail */
    assert_true(fabs(around.low + 1.1) < 1e-9 && fabs(around.high + 1.1) < 1e-9);
    assert_int_equal(pab__sip_compare(&host, &x, NULL, 30, 0.5, 1, &around), PAB_OK);
    assert_true(around.low < around.value && around.value < around.high);
}

static void the_front_leaves_out_what_another_beats(void **unused)
{
    (void)unused;
    const pab__sip_costs costs[] = {{1, 5, 0}, {2, 2, 0}, {3, 3, 0}, {5, 1, 0}, {2, 2, 9}, {1, 6, 0}};
    const uint8_t expected[] = {1, 1, 0, 1, 1, 0};
    uint8_t front[6];
    pab__sip_front(costs, 6, front);
    assert_memory_equal(front, expected, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_comes_to_the_optimum),
        cmocka_unit_test(sixty_parameters_get_nearer_in_25_generations),
        cmocka_unit_test(spread_never_falls_below_its_floor),
        cmocka_unit_test(a_candidate_depends_on_its_number_only),
        cmocka_unit_test(one_update_is_the_smoothed_mean_of_the_elite),
        cmocka_unit_test(the_objective_adds_a_tenth_of_the_worst_twentieth),
        cmocka_unit_test(a_constant_gain_has_no_width_and_a_run_against_itself_none_at_all),
        cmocka_unit_test(the_front_leaves_out_what_another_beats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
