/* The exchange over a day: hours, close, queries after it, delays of its own, symbols of its own; and runs in steps. */
#include "lab.h"

static lab l;

/* --- hours and close --- */

static void ask_around_the_close(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0 && step == 0)
        pab_agent_limit_order(self, 0, PAB_SELL, 10, 1010, 0);
    if (who == 1 && step == 1)
        pab_agent_limit_order(self, 0, PAB_BUY, 4, 1010, 0);
    if (who == 2 && step == 3) /* arrives at the very instant of the close: still taken */
        pab_agent_limit_order(self, 0, PAB_BUY, 1, 900, 0);
    if (who == 2 && step == 4) {
        pab_agent_query_spread(self, 0, 1);
        pab_agent_limit_order(self, 0, PAB_BUY, 1, 901, 0);
    }
    if (who == 3 && step == 6)
        assert_true(pab_agent_last_trade(self, 0) == 1010); /* told at the close */
}

static void the_close_is_kept_to_the_nanosecond(void **state)
{
    (void)state;
    l.act = ask_around_the_close;
    l.hear = NULL;
    lab_run(&l, "none", NULL, 0, "clock: {market_close: '09:30:03.00000005', kernel_stop: 'close + 10s'}");
    assert_int_equal(lab_times(&l, 2, PAB_MSG_ORDER_ACCEPTED), 1);
    assert_int_equal(lab_times(&l, 2, PAB_MSG_MARKET_CLOSED), 1);
    const lab_heard *answer = lab_nth(&l, 2, PAB_MSG_SPREAD, 0);
    assert_true(answer->msg.flags & PAB_MSG_FLAG_CLOSED);
    assert_true(answer->msg.u.quote.ask == 1010 && answer->msg.u.quote.ask_quantity == 6);
    for (int32_t who = 0; who < 4; who++) {
        assert_int_equal(lab_times(&l, who, PAB_MSG_MARKET_HOURS), 1);
        assert_int_equal(lab_times(&l, who, PAB_MSG_CLOSE_PRICE), 1);
        assert_true(lab_nth(&l, who, PAB_MSG_CLOSE_PRICE, 0)->time >= l.info.market_close);
    }
    pab_agent_info a = {.struct_size = sizeof a};
    must(pab_market_agent(l.m, l.first + 1, &a));
    assert_int_equal(a.mark_to_market, 10000000 - 4 * 1010 + 4 * 1010);
    lab_close(&l);
}

/* --- delays --- */

static void ask_and_trade(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who != 0 || step != 1)
        return;
    pab_agent_query_spread(self, 0, 1);
    pab_agent_limit_order(self, 0, PAB_BUY, 1, 900, 0);
}

static void the_pipeline_holds_back_answers_to_orders(void **state)
{
    (void)state;
    int64_t accepted[2], quoted[2];
    for (int i = 0; i < 2; i++) {
        l.act = ask_and_trade;
        l.hear = NULL;
        lab_run(&l, "none", NULL, 0, i ? "exchange: {pipeline_delay: 700ns}" : NULL);
        accepted[i] = lab_nth(&l, 0, PAB_MSG_ORDER_ACCEPTED, 0)->time;
        quoted[i] = lab_nth(&l, 0, PAB_MSG_SPREAD, 0)->time;
        lab_close(&l);
    }
    assert_int_equal(accepted[1] - quoted[1], 700);
    assert_int_equal(quoted[0], quoted[1]);
}

/* --- two exchanges --- */

static void trade_on_both(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (step != 0)
        return;
    pab_agent_limit_order(self, 0, who % 2 ? PAB_BUY : PAB_SELL, 5, 1000, 0);
    pab_agent_limit_order(self, 1, who % 2 ? PAB_BUY : PAB_SELL, 7, 2000, 0);
}

static void symbols_have_books_on_their_own_exchange(void **state)
{
    (void)state;
    l.act = trade_on_both;
    l.hear = NULL;
    lab_open(&l, "none", "exchange: {count: 2}\nsymbols: {Y: {exchange: 1, oracle: {kind: none, r_bar: 2000}}}\n"
                         "agents: {crew: {symbol: ''}}");
    l.first = 2;
    lab_start(&l, 1);
    must(pab_market_finish(l.m));
    for (int32_t who = 0; who < 4; who++) {
        assert_int_equal(pab_market_holding(l.m, l.first + who, 0), who % 2 ? 5 : -5);
        assert_int_equal(pab_market_holding(l.m, l.first + who, 1), who % 2 ? 7 : -7);
    }
    int from[2] = {0, 0};
    for (int i = 0; i < l.count; i++)
        if (l.heard[i].msg.type == PAB_MSG_ORDER_EXECUTED) {
            assert_int_equal(l.heard[i].sender, l.heard[i].msg.symbol);
            from[l.heard[i].sender]++;
        }
    assert_true(from[0] == 4 && from[1] == 4);
    lab_close(&l);
}

/* --- the loop --- */

static void steps_and_runs_end_alike(void **state)
{
    (void)state;
    uint64_t hash[3];
    int32_t why;
    pab_market_counters c = {.struct_size = sizeof c};
    l.act = ask_and_trade;
    l.hear = NULL;
    l.deaf = 1;
    lab_open(&l, "none", NULL);
    lab_start(&l, 1);
    must(pab_market_run(l.m, INT64_MAX, &why));
    assert_int_equal(why, PAB_RUN_ENDED);
    must(pab_market_hash(l.m, &hash[0]));
    must(pab_market_reset(l.m, 1));
    uint64_t steps = 0;
    for (must(pab_market_step(l.m, &why)); why == PAB_RUN_TIME; steps++)
        must(pab_market_step(l.m, &why));
    must(pab_market_hash(l.m, &hash[1]));
    must(pab_market_count(l.m, &c));
    assert_int_equal(steps, c.delivered);
    must(pab_market_reset(l.m, 1));
    for (int64_t t = l.info.kernel_start; t < l.info.kernel_stop + LAB_SECOND; t += LAB_SECOND * 7 / 3) {
        must(pab_market_run(l.m, t, &why));
        must(pab_market_count(l.m, &c));
        assert_true(c.now <= t);
    }
    must(pab_market_run(l.m, INT64_MAX, &why));
    must(pab_market_hash(l.m, &hash[2]));
    assert_true(hash[0] == hash[1] && hash[1] == hash[2]);
    must(pab_market_run(l.m, INT64_MAX, &why)); /* over is over */
    assert_int_equal(why, PAB_RUN_ENDED);
    lab_close(&l);
    l.deaf = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_close_is_kept_to_the_nanosecond),
        cmocka_unit_test(the_pipeline_holds_back_answers_to_orders),
        cmocka_unit_test(symbols_have_books_on_their_own_exchange),
        cmocka_unit_test(steps_and_runs_end_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
