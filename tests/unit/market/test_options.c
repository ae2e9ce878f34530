/* What a scenario may ask for beyond ABIDES: self-trade prevention and fees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "market/market.h"

/* --- self-trade prevention --- */

typedef struct heard {
    int executions, rejects, accepted;
    pab_book_event last_reject;
} heard;

static void hear(void *user, const pab_book_event *e)
{
    heard *h = user;
    h->executions += e->type == PAB_MSG_ORDER_EXECUTED;
    h->accepted += e->type == PAB_MSG_ORDER_ACCEPTED;
    if (e->type == PAB_MSG_ORDER_REJECTED) {
        h->rejects++;
        h->last_reject = *e;
    }
}

static pab_order sell(int64_t id, int32_t agent, int64_t quantity, int64_t price)
{
    return (pab_order){.id = id, .quantity = quantity, .price = price, .agent = agent, .side = PAB_SELL};
}

/* Rests an order of agent 2 before one of agent 1, and lets agent 1 buy through both. */
static heard buy_through(uint32_t quirks, int32_t prevention, int market)
{
    pab_host host;
    pab__book b;
    heard h = {0};
    assert_int_equal(pab__host_take(NULL, &host), PAB_OK);
    assert_int_equal(pab__book_init(&b, &host, quirks, INT64_MAX), PAB_OK);
    pab__book_reset(&b, 0, 0);
    b.no_self_trade = prevention;
    b.sink = (pab_book_sink){sizeof b.sink, 0, &h, hear, NULL};
    pab_order other = sell(1, 2, 30, 100), own = sell(2, 1, 30, 101);
    pab__book_limit(&b, 1, &other);
    pab__book_limit(&b, 1, &own);
    pab_order buy = {.id = 3, .quantity = 50, .price = 105, .agent = 1, .side = PAB_BUY};
    if (market)
        pab__book_market(&b, 2, &buy);
    else
        pab__book_limit(&b, 2, &buy);
    assert_int_equal(b.core.traded_volume, prevention ? 30 : 50);
    pab_book_summary s = {.struct_size = sizeof s};
    pab__book_describe(&b, &s);
    assert_int_equal(s.bid_levels, 0);
    assert_int_equal(s.best_ask, 101);
    pab__book_free(&b);
    return h;
}

static void an_order_that_meets_its_owners_own_is_rejected(void **state)
{
    (void)state;
    for (int market = 0; market < 2; market++)
        for (int quirks = 0; quirks < 2; quirks++) {
            heard h = buy_through(quirks ? PAB_QUIRKS_ABIDES : PAB_QUIRKS_NONE, 1, market);
            assert_int_equal(h.executions, 2);
            assert_int_equal(h.rejects, 1);
            assert_int_equal(h.last_reject.reason, PAB_REJECT_SELF_TRADE);
            assert_int_equal(h.last_reject.order.id, 3);
            assert_int_equal(h.last_reject.order.quantity, 20);
        }
}

static void without_the_option_owners_may_trade_with_themselves(void **state)
{
    (void)state;
    heard h = buy_through(PAB_QUIRKS_NONE, 0, 0);
    assert_int_equal(h.executions, 4);
    assert_int_equal(h.rejects, 0);
}

/* --- fees --- */

static pab_market *run_market(const char *const settings[][2], int count)
{
    pab_config *cfg;
    pab_scenario *scn;
    pab_market *m;
    assert_int_equal(pab_config_new(NULL, &cfg), PAB_OK);
    assert_int_equal(pab_config_preset(cfg, "two_symbol"), PAB_OK);
    assert_int_equal(pab_config_set(cfg, "clock.market_close", "10:00:00"), PAB_OK);
    for (int i = 0; i < count; i++)
        assert_int_equal(pab_config_set(cfg, settings[i][0], settings[i][1]), PAB_OK);
    assert_int_equal(pab_scenario_new(cfg, &scn), PAB_OK);
    assert_int_equal(pab_market_new(scn, &m), PAB_OK);
    assert_int_equal(pab_market_reset(m, 3), PAB_OK);
    assert_int_equal(pab_market_finish(m), PAB_OK);
    pab_scenario_free(scn);
    pab_config_free(cfg);
    return m;
}

static int64_t all_cash(const pab_market *m)
{
    int64_t sum = 0;
    for (uint32_t id = 0; id < m->scn->agent_count; id++)
        sum += pab__agent_at(m, (int32_t)id)->cash;
    return sum;
}

static void fees_go_from_the_owners_of_both_orders_to_the_exchange(void **state)
{
    (void)state;
    const char *const fees[][2] = {{"exchange.maker_fee", "-1"}, {"exchange.taker_fee", "3"}};
    const char *const finer[][2] = {{"exchange.maker_fee", "-1"}, {"exchange.taker_fee", "3"},
                                    {"exchange.tick_value", "0.001"}};
    pab_market *free_of_charge = run_market(NULL, 0), *charged = run_market(fees, 2), *tenths = run_market(finer, 3);
    int64_t volume = charged->books[0].core.traded_volume + charged->books[1].core.traded_volume;
    assert_true(volume > 0);
    assert_int_equal(pab__agent_at(charged, 0)->cash, 2 * volume);
    assert_int_equal(pab__agent_at(free_of_charge, 0)->cash, 0);
    assert_int_equal(all_cash(charged), all_cash(free_of_charge));
    assert_int_equal(pab__agent_at(tenths, 0)->cash, 10 * 2 * volume); /* cents are ten ticks */
    pab_market_free(tenths);
    pab_market_free(free_of_charge);
    pab_market_free(charged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_that_meets_its_owners_own_is_rejected),
        cmocka_unit_test(without_the_option_owners_may_trade_with_themselves),
        cmocka_unit_test(fees_go_from_the_owners_of_both_orders_to_the_exchange),
    };
    return cmocka_run_group_tests_name("market/options", tests, NULL, NULL);
}
