/* The validity report counts what went wrong, and watching changes nothing. */
#include "pair_lab.h"

#include <stdio.h>

static const int64_t second = INT64_C(1000000000);

/* Sends one market order when it wakes for the second time, five seconds after the open. */
static int64_t late(pab_agent *self, void *own)
{
    (void)self;
    (void)own;
    return 5 * second;
}

static void sell_all(pab_agent *self, void *own, int32_t can_trade)
{
    (void)own;
    if (can_trade)
        pab_agent_market_order(self, 0, PAB_SELL, 70);
}

static void bid_once(pab_agent *self, void *own, int32_t can_trade)
{
    (void)own;
    if (can_trade)
        pab_agent_limit_order(self, 0, PAB_BUY, 30, 990, 0);
}

static pab_market *market_with(pab_agent_type *type, const char *name,
                               void (*act)(pab_agent *self, void *own, int32_t can_trade))
{
    const char *yaml = "rng: fast\nquirks: none\nclock: {market_open: 09:30:00, market_close: 09:31:00}\n"
                       "symbols: {A: {oracle: {kind: none}}}\nlatency: {model: none}\n";
    pab_config *cfg = config_of(yaml);
    pab_scenario *scn = NULL;
    pab_market *m = NULL;
    char group[128];
    assert_int_equal(pab_agent_type_init(type, sizeof *type), PAB_OK);
    type->name = name;
    type->first_wakeup = late;
    type->on_wakeup = act;
    assert_int_equal(pab_config_add_agent_type(cfg, type), PAB_OK);
    int len = snprintf(group, sizeof group, "agents: {one: {type: %s, symbol: A}}", name);
    assert_int_equal(pab_config_parse(cfg, group, (size_t)len, "group"), PAB_OK);
    assert_int_equal(pab_scenario_new(cfg, &scn), PAB_OK);
    assert_int_equal(pab_market_new(scn, &m), PAB_OK);
    pab_config_free(cfg);
    pab_scenario_free(scn);
    return m;
}

static pab_validity_report watched_run(pab_market *m)
{
    pab_validity *v = NULL;
    pab_validity_report r = {.struct_size = sizeof r};
    assert_int_equal(pab_validity_new(m, &v), PAB_OK);
    assert_int_equal(pab_market_reset(m, 1), PAB_OK);
    assert_int_equal(pab_market_run(m, m->scn->clock.kernel_stop, NULL), PAB_OK);
    assert_int_equal(pab_validity_read(v, 0, &r), PAB_OK);
    pab_validity_free(v);
    return r;
}

static void a_market_order_into_an_empty_book_is_counted(void **state)
{
    (void)state;
    pab_agent_type type;
    pab_market *m = market_with(&type, "seller", sell_all);
    pab_validity_report r = watched_run(m);
    assert_int_equal(r.market_orders, 1);
    assert_int_equal(r.unmet, 1);
    assert_int_equal(r.discarded, 70);
    assert_int_equal(r.watched, 60 * second);
    assert_int_equal(r.no_quote, 60 * second);
    pab_market_free(m);
}

static void time_without_quotes_is_counted_by_side(void **state)
{
    (void)state;
    pab_agent_type type;
    pab_market *m = market_with(&type, "bidder", bid_once);
    for (int again = 0; again < 2; again++) { /* a reset starts it over */
        pab_validity_report r = watched_run(m);
        assert_int_equal(r.no_bid / second, 5);
        assert_int_equal(r.no_ask, 60 * second);
        assert_int_equal(r.no_quote, r.no_bid);
        assert_int_equal(r.quote_age / second, 54);
        assert_int_equal(r.market_orders, 0);
        assert_int_equal(r.feed_age, -1);
    }
    pab_market_free(m);
}

static void watching_changes_nothing(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair\n");
    pab_market *plain = market_on(scn, 7), *seen = market_on(scn, 7);
    pab_validity *v = NULL;
    uint64_t hash[2];
    int64_t until = scn->clock.market_open + 120 * second;
    assert_int_equal(pab_validity_new(seen, &v), PAB_OK);
    assert_int_equal(pab_market_run(plain, until, NULL), PAB_OK);
    assert_int_equal(pab_market_run(seen, until, NULL), PAB_OK);
    assert_int_equal(pab_market_hash(plain, &hash[0]), PAB_OK);
    assert_int_equal(pab_market_hash(seen, &hash[1]), PAB_OK);
    assert_int_equal(hash[0], hash[1]);
    pab_validity_free(v);
    pab_market_free(plain);
    pab_market_free(seen);
    pab_scenario_free(scn);
}

static void what_is_not_there_is_refused(void **state)
{
    (void)state;
    pab_market *m = market_of("preset: pair\n", 1);
    pab_validity *v = NULL;
    pab_validity_report r = {.struct_size = sizeof r};
    int32_t n = 77;
    assert_int_equal(pab_validity_new(NULL, &v), PAB_E_ARGUMENT);
    assert_int_equal(pab_validity_new(m, &v), PAB_OK);
    assert_int_equal(pab_validity_read(v, 2, &r), PAB_E_RANGE);
    assert_int_equal(pab_validity_read(v, 0, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_market_withdrawn(m, 0, 0, &n), PAB_E_RANGE);
    assert_int_equal(pab_market_withdrawn(m, 9, PAB_BUY, &n), PAB_E_RANGE);
    assert_int_equal(n, 77);
    assert_int_equal(pab_market_withdrawn(m, 0, PAB_BUY, &n), PAB_OK);
    assert_int_equal(n, 0);
    pab_validity_free(v);
    pab_market_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_market_order_into_an_empty_book_is_counted),
        cmocka_unit_test(time_without_quotes_is_counted_by_side),
        cmocka_unit_test(watching_changes_nothing),
        cmocka_unit_test(what_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
