/* States: every index is one combination of bins, and edges stand where they are documented. */
#include "qlearn/bins.h"

#include "learned.h"

static uint32_t product(const pab__bins_factor *factor, int32_t count)
{
    uint32_t n = 1;
    for (int32_t i = 0; i < count; i++)
        n *= (uint32_t)factor[i].edges + 1;
    return n;
}

static void check_bijection(const pab__bins_factor *factor, int32_t count, uint32_t states)
{
    assert_int_equal(product(factor, count), states);
    uint32_t bin[PAB__BINS_LEG_FACTORS] = {0};
    for (uint32_t expected = 0; expected < states; expected++) {
        uint32_t back[PAB__BINS_LEG_FACTORS];
        assert_int_equal(pab__bins_index(factor, count, bin), expected);
        pab__bins_unindex(factor, count, expected, back);
        assert_memory_equal(back, bin, (size_t)count * sizeof *bin);
        for (int32_t i = count - 1; i >= 0; i--) { /* count up, last factor fastest */
            if (++bin[i] <= (uint32_t)factor[i].edges)
                break;
            bin[i] = 0;
        }
    }
}

static void every_index_is_one_combination_of_bins(void **state)
{
    pab__bins bins;
    (void)state;
    pab__bins_fixed(&bins);
    check_bijection(bins.leg, PAB__BINS_LEG_FACTORS, PAB__BINS_LEG_STATES);
    check_bijection(bins.pair, PAB__BINS_PAIR_FACTORS, PAB__BINS_PAIR_STATES);
}

static void an_edge_belongs_to_the_bin_above_it(void **state)
{
    pab__bins bins;
    (void)state;
    pab__bins_fixed(&bins);
    const pab__bins_factor *ahead = &bins.leg[1];
    const double x[] = {-1, -0.12, -0.05, -0.04, 0, 0.02, 0.07, 0.08, 1};
    const uint32_t bin[] = {0, 1, 1, 2, 2, 3, 3, 4, 4};
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        assert_int_equal(pab__bins_find(ahead, x[i]), bin[i]);
}

static void an_unknown_value_is_usual(void **state)
{
    pab__bins bins;
    (void)state;
    pab__bins_fixed(&bins);
    assert_int_equal(pab__bins_find(&bins.leg[1], (double)NAN), 2);
    assert_int_equal(pab__bins_find(&bins.leg[2], (double)NAN), 1);
    assert_int_equal(pab__bins_find(&bins.leg[5], (double)NAN), 1);
}

/* The state of a leg, as bins. */
static void leg_bins(const pab__features *f, uint32_t *bin)
{
    pab__bins bins;
    pab__bins_fixed(&bins);
    pab__bins_unindex(bins.leg, PAB__BINS_LEG_FACTORS, pab__bins_leg_state(&bins, f, 1), bin);
}

static void a_leg_state_codes_touches_and_queue(void **state)
{
    pab__features f = {.time = 0.5};
    uint32_t bin[PAB__BINS_LEG_FACTORS];
    (void)state;
    f.leg[1] = (pab__leg_features){.ahead = -0.2, .spread_z = 2, .alpha = -0.4, .p_near = 0.6, .p_far = 0.55,
                                   .volatility = 1.5, .queue = 0.4, .resting = 1};
    leg_bins(&f, bin);
    const uint32_t expected[] = {2, 0, 2, 0, 1, 1, 1};
    assert_memory_equal(bin, expected, sizeof expected);
    f.leg[1].p_far = 0.7;
    f.leg[1].queue = 0.9;
    leg_bins(&f, bin);
    assert_int_equal(bin[4], 2);
    assert_int_equal(bin[6], 2);
    f.leg[1].p_near = 0.4;
    f.leg[1].p_far = 0.49;
    f.leg[1].resting = 0;
    leg_bins(&f, bin);
    assert_int_equal(bin[4], 0);
    assert_int_equal(bin[6], 0);
}

static void a_pair_state_looks_at_both_legs(void **state)
{
    pab__features f = {.time = 0.95, .hedge = -0.6, .asymmetry = 0.3, .residual = -2};
    pab__bins bins;
    uint32_t bin[PAB__BINS_PAIR_FACTORS];
    (void)state;
    pab__bins_fixed(&bins);
    f.leg[0] = (pab__leg_features){.ahead = 0.2, .volatility = 1};
    f.leg[1] = (pab__leg_features){.ahead = -0.05, .volatility = 1.4};
    pab__bins_unindex(bins.pair, PAB__BINS_PAIR_FACTORS, pab__bins_pair_state(&bins, &f), bin);
    const uint32_t expected[] = {3, 0, 2, 2, 1, 0};
    assert_memory_equal(bin, expected, sizeof expected);
    f.leg[0].p_far = 0.5; /* a crumbling touch counts for more than volatility */
    pab__bins_unindex(bins.pair, PAB__BINS_PAIR_FACTORS, pab__bins_pair_state(&bins, &f), bin);
    assert_int_equal(bin[4], 2);
}

static void actions_fall_into_five_classes(void **state)
{
    static const int32_t class[PAB_ENV_LEG_ACTIONS] = {0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4};
    (void)state;
    for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
        assert_int_equal(pab__action_class(a), class[a]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_index_is_one_combination_of_bins),
        cmocka_unit_test(an_edge_belongs_to_the_bin_above_it),
        cmocka_unit_test(an_unknown_value_is_usual),
        cmocka_unit_test(a_leg_state_codes_touches_and_queue),
        cmocka_unit_test(a_pair_state_looks_at_both_legs),
        cmocka_unit_test(actions_fall_into_five_classes),
    };
    return cmocka_run_group_tests_name("qlearn/bins", tests, NULL, NULL);
}
