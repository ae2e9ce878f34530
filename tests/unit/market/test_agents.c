/* Everything an agent can do through pab_agent_..., and the result of misuse. */
#include <math.h>

#include "lab.h"

static lab l;

static void play(void (*act)(lab *, pab_agent *, int32_t, int32_t), const char *more)
{
    l.act = act;
    l.hear = NULL;
    lab_run(&l, "none", NULL, 0, more);
}

/* --- orders --- */

static void trade_once(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    if (who == 0 && step == 0)
        b->ids[0] = pab_agent_limit_order(self, 0, PAB_SELL, 30, 1010, 0);
    if (who == 1 && step == 1)
        b->ids[1] = pab_agent_limit_order(self, 0, PAB_BUY, 20, 1015, 0);
    if (who == 2 && step == 2)
        b->ids[2] = pab_agent_market_order(self, 0, PAB_BUY, 5);
    if (who == 1 && step == 3) {
        assert_int_equal(pab_agent_cash(self), 10000000 - 20 * 1010);
        assert_int_equal(pab_agent_holding(self, 0), 20);
        assert_int_equal(pab_agent_open_count(self), 0);
    }
    if (who == 0 && step == 3) {
        pab_open_order o[2];
        assert_int_equal(pab_agent_open_orders(self, o, 2), 1);
        assert_int_equal(o[0].id, b->ids[0]);
        assert_int_equal(o[0].quantity, 5);
        assert_int_equal(o[0].price, 1010);
        assert_int_equal(o[0].side, PAB_SELL);
        assert_int_equal(pab_agent_holding(self, 0), -25);
    }
}

static void fills_move_cash_shares_and_the_open_list(void **state)
{
    (void)state;
    play(trade_once, NULL);
    assert_true(l.ids[0] == 0 && l.ids[1] == 1 && l.ids[2] == 2);
    const lab_heard *maker = lab_nth(&l, 0, PAB_MSG_ORDER_EXECUTED, 0);
    const lab_heard *taker = lab_nth(&l, 1, PAB_MSG_ORDER_EXECUTED, 0);
    assert_int_equal(maker->msg.u.order.fill_price, 1010);
    assert_int_equal(maker->msg.u.order.quantity, 20);
    assert_int_equal(maker->msg.flags & PAB_MSG_FLAG_INCOMING, 0);
    assert_true(taker->msg.flags & PAB_MSG_FLAG_INCOMING);
    assert_int_equal(taker->sender, 0);
    assert_int_equal(pab_market_holding(l.m, 3, 0), 5);
    lab_close(&l);
}

static void change_orders(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    pab_open_order o[4];
    if (who != 0)
        return;
    uint32_t n = pab_agent_open_orders(self, o, 4);
    switch (step) {
    case 0:
        b->ids[0] = pab_agent_limit_order(self, 0, PAB_BUY, 100, 990, 0);
        break;
    case 1:
        assert_int_equal(n, 1);
        must(pab_agent_partial_cancel(self, b->ids[0], 30));
        break;
    case 2:
        assert_int_equal(o[0].quantity, 70);
        must(pab_agent_modify(self, b->ids[0], 60, 985));
        break;
    case 3:
        assert_int_equal(o[0].quantity, 60);
        assert_int_equal(o[0].price, 985);
        must(pab_agent_replace(self, b->ids[0], 50, 980, &b->ids[1]));
        break;
    case 4:
        assert_int_equal(n, 1);
        assert_int_equal(o[0].id, b->ids[1]);
        assert_int_equal(o[0].quantity, 50);
        assert_int_equal(o[0].price, 980);
        assert_int_equal(pab_agent_cancel(self, b->ids[0]), PAB_E_KEY);
        lab_error_has("no open order 0");
        assert_int_equal(pab_agent_modify(self, 77, 1, 1), PAB_E_KEY);
        assert_int_equal(pab_agent_partial_cancel(self, 77, 1), PAB_E_KEY);
        assert_int_equal(pab_agent_replace(self, 77, 1, 1, NULL), PAB_E_KEY);
        assert_int_equal(pab_agent_modify(self, b->ids[1], -1, 1), PAB_E_RANGE);
        lab_error_has("-1 shares, expected no less than 0");
        assert_int_equal(pab_agent_partial_cancel(self, b->ids[1], -2), PAB_E_RANGE);
        assert_int_equal(pab_agent_replace(self, b->ids[1], -3, 1, NULL), PAB_E_RANGE);
        must(pab_agent_cancel(self, b->ids[1]));
        break;
    case 5:
        assert_int_equal(n, 0);
        pab_agent_limit_order(self, 0, PAB_BUY, 1, 970, 0);
        pab_agent_limit_order(self, 0, PAB_SELL, 2, 1030, PAB_ORDER_HIDDEN);
        break;
    case 6:
        assert_int_equal(n, 2);
        assert_int_equal(o[1].flags, PAB_ORDER_HIDDEN);
        pab_agent_cancel_all(self);
        break;
    case 7:
        assert_int_equal(n, 0);
        b->ids[2] = 1;
        break;
    default:
        break;
    }
}

static void orders_can_be_changed_in_every_way(void **state)
{
    (void)state;
    play(change_orders, NULL);
    assert_int_equal(l.ids[2], 1);
    const int32_t answers[] = {PAB_MSG_ORDER_PARTIAL_CANCELLED, PAB_MSG_ORDER_MODIFIED, PAB_MSG_ORDER_REPLACED};
    for (int i = 0; i < 3; i++)
        assert_int_equal(lab_times(&l, 0, answers[i]), 1);
    assert_int_equal(lab_times(&l, 0, PAB_MSG_ORDER_CANCELLED), 3);
    lab_close(&l);
}

static void meddle(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    if (who == 0 && step == 0)
        b->ids[0] = pab_agent_limit_order(self, 0, PAB_BUY, 100, 990, 0);
    if (who == 1 && step == 1) {
        assert_int_equal(pab_agent_cancel(self, b->ids[0]), PAB_E_KEY);
        b->ids[1] = 1;
    }
}

static void another_agents_order_cannot_be_touched(void **state)
{
    (void)state;
    play(meddle, NULL);
    assert_int_equal(l.ids[1], 1);
    assert_int_equal(lab_times(&l, 0, PAB_MSG_ORDER_CANCELLED), 0);
    lab_close(&l);
}

/* --- batches --- */

static void send_batches(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who != 0 || step != 0)
        return;
    pab_agent_batch_begin(self);
    pab_agent_batch_end(self); /* nothing in it */
    pab_agent_batch_begin(self);
    pab_agent_limit_order(self, 0, PAB_BUY, 1, 990, 0);
    pab_agent_limit_order(self, 0, PAB_BUY, 2, 989, 0);
    pab_agent_query_spread(self, 0, 1); /* goes out at once, hence first */
    pab_agent_limit_order(self, 1, PAB_BUY, 3, 988, 0); /* another exchange: a batch of its own */
    pab_agent_limit_order(self, 1, PAB_BUY, 4, 987, 0); /* left open: sent when the handler ends */
}

static void count_type(void *user, const pab_delivery *d)
{
    int *counts = user;
    counts[d->type]++;
}

static void a_batch_is_one_entry_per_exchange(void **state)
{
    (void)state;
    int counts[PAB_MSG_COUNT] = {0};
    pab_tap tap = {.struct_size = sizeof tap, .user = counts, .delivery = count_type};
    l.act = send_batches;
    l.hear = NULL;
    lab_open(&l, "none", "exchange: {count: 2}\nsymbols: {Y: {exchange: 1, oracle: {kind: none}}}\n"
                         "agents: {crew: {symbol: ''}}");
    l.first = 2;
    lab_start(&l, 1);
    must(pab_market_set_tap(l.m, &tap));
    must(pab_market_finish(l.m));
    assert_int_equal(counts[PAB_MSG_BATCH], 2);
    assert_int_equal(counts[PAB_MSG_LIMIT_ORDER], 0);
    assert_int_equal(lab_times(&l, 0, PAB_MSG_ORDER_ACCEPTED), 4);
    assert_int_equal(lab_nth(&l, 0, PAB_MSG_SPREAD, 0)->msg.u.quote.bid, 0);
    pab_level y[4];
    assert_int_equal(pab_market_l2(l.m, 1, PAB_BUY, 4, y, 4), 2);
    assert_true(y[0].price == 988 && y[0].quantity == 3 && y[1].price == 987 && y[1].quantity == 4);
    lab_close(&l);
}

/* --- market data --- */

static void subscribe_to_all(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    pab_message_subscription sub = {.depth = 5, .lookback = 10 * LAB_SECOND, .threshold = 0.6};
    if (who == 0 && step == 0)
        for (int32_t type = PAB_MSG_L1_SUBSCRIBE; type <= PAB_MSG_IMBALANCE_SUBSCRIBE; type++)
            pab_agent_subscribe(self, type, 0, &sub);
    if (who == 1 && step == 1) {
        for (int i = 0; i < 7; i++) {
            pab_agent_limit_order(self, 0, PAB_BUY, 10 + i, 990 - i, 0);
            pab_agent_limit_order(self, 0, PAB_SELL, 20 + i, 1010 + i, i == 1 ? PAB_ORDER_HIDDEN : 0);
        }
        b->ids[0] = pab_agent_limit_order(self, 0, PAB_BUY, 7, 990, 0);
    }
    if (who == 2 && step == 3)
        pab_agent_market_order(self, 0, PAB_BUY, 25);
    if (who == 0 && step == 5) {
        sub.cancel = 1;
        for (int32_t type = PAB_MSG_L1_SUBSCRIBE; type <= PAB_MSG_IMBALANCE_SUBSCRIBE; type++)
            pab_agent_subscribe(self, type, 0, &sub);
    }
    if (who == 1 && step == 7)
        pab_agent_cancel_all(self);
}

/* The last message of a type that agent 0 heard by a time. */
static const lab_heard *latest(int32_t type, int64_t by)
{
    const lab_heard *found = NULL;
    for (int i = 0; i < l.count; i++)
        if (l.heard[i].who == 0 && l.heard[i].msg.type == type && l.heard[i].time <= by)
            found = &l.heard[i];
    assert_non_null(found);
    return found;
}

static void subscriptions_deliver_what_was_asked_for(void **state)
{
    (void)state;
    play(subscribe_to_all, NULL);
    int64_t before = l.info.market_open + 2 * LAB_SECOND, after = before + 2 * LAB_SECOND;
    const lab_heard *l1 = latest(PAB_MSG_L1_DATA, before);
    assert_true(l1->msg.u.quote.bid == 990 && l1->msg.u.quote.bid_quantity == 17 && l1->msg.u.quote.ask == 1010);
    const lab_heard *l2 = latest(PAB_MSG_L2_DATA, before);
    assert_int_equal(l2->level_count[0], 5);
    assert_int_equal(l2->level_count[1], 4); /* one level is hidden */
    assert_true(l2->levels[0][4].price == 986 && l2->levels[0][4].quantity == 14);
    assert_true(l2->levels[1][1].price == 1012 && l2->levels[1][3].price == 1014);
    const lab_heard *l3 = latest(PAB_MSG_L3_DATA, before);
    assert_int_equal(l3->level_count[0], 6); /* two orders on the first of five levels */
    assert_true(l3->levels[0][0].quantity == 10 && l3->levels[0][1].quantity == 7);
    const lab_heard *volume = latest(PAB_MSG_VOLUME_DATA, after);
    assert_int_equal(volume->msg.u.volume.bought, 25);
    assert_int_equal(volume->msg.u.volume.sold, 0);
    assert_int_equal(volume->msg.u.volume.lookback, 10 * LAB_SECOND);
    const lab_heard *start = lab_nth(&l, 0, PAB_MSG_IMBALANCE_DATA, 0);
    const lab_heard *end = lab_nth(&l, 0, PAB_MSG_IMBALANCE_DATA, 1);
    assert_true(start->msg.flags & PAB_MSG_FLAG_IMBALANCE_START);
    assert_int_equal(start->msg.side, PAB_BUY);
    assert_true(start->msg.u.imbalance.value > 0.6 && !(end->msg.flags & PAB_MSG_FLAG_IMBALANCE_START));
    for (int i = 0; i < l.count; i++) /* unsubscribed */
        assert_false(l.heard[i].who == 0 && l.heard[i].msg.type >= PAB_MSG_L1_DATA &&
                     l.heard[i].msg.type <= PAB_MSG_IMBALANCE_DATA &&
                     l.heard[i].time > l.info.market_open + 6 * LAB_SECOND);
    lab_close(&l);
}

static void ask_to_all_depths(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 1 && step == 0)
        for (int i = 0; i < 300; i++)
            pab_agent_limit_order(self, 0, PAB_BUY, 1 + i, 990 - i, 0);
    if (who != 0 || step != 1)
        return;
    static const int32_t depths[] = {1, 2, 3, 4, 7, 256};
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++)
        pab_agent_query_spread(self, 0, depths[i]);
    pab_agent_query_volume(self, 0, LAB_SECOND);
    pab_agent_query_last_trade(self, 0);
}

/* Deeper than a lab notes: counts what comes. */
static void count_levels(lab *b, pab_agent *self, int32_t who, const pab_message *msg)
{
    static pab_level levels[512];
    if (who != 0 || msg->type != PAB_MSG_SPREAD)
        return;
    uint32_t n = pab_agent_levels(self, msg, PAB_BUY, levels, 512);
    for (uint32_t i = 0; i < n; i++)
        assert_true(levels[i].price == 990 - (int64_t)i && levels[i].quantity == 1 + (int64_t)i);
    assert_int_equal(pab_agent_levels(self, msg, PAB_SELL, levels, 512), 0);
    assert_int_equal(pab_agent_levels(self, msg, PAB_BUY, levels, 0), 0);
    assert_int_equal(pab_agent_bid(self, 0), 990);
    assert_int_equal(pab_agent_bid_quantity(self, 0), 1);
    assert_int_equal(pab_agent_ask(self, 0), 0);
    assert_int_equal(pab_agent_ask_quantity(self, 0), 0);
    b->ids[b->ids[15]++] = n;
}

static void answers_have_the_depth_that_was_asked(void **state)
{
    static const int64_t wanted[] = {1, 2, 3, 4, 7, 256};
    (void)state;
    l.act = ask_to_all_depths;
    l.hear = count_levels;
    lab_run(&l, "none", NULL, 0, NULL);
    assert_int_equal(l.ids[15], 6);
    assert_memory_equal(l.ids, wanted, sizeof wanted);
    assert_int_equal(lab_times(&l, 0, PAB_MSG_VOLUME), 1);
    assert_int_equal(lab_nth(&l, 0, PAB_MSG_LAST_TRADE, 0)->msg.u.quote.last_trade, 1000);
    lab_close(&l);
}

/* --- messages, delays, pauses --- */

static void write_to_each_other(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    pab_message_user hello = {.kind = 7, .i = {1, 2, 3}, .d = {0.5, -0.5}};
    if (who != 0 || step != 1)
        return;
    must(pab_agent_send(self, b->first + 2, &hello));
    must(pab_agent_send(self, pab_agent_id(self), &hello));
    assert_int_equal(pab_agent_send(self, 0, &hello), PAB_E_ARGUMENT);
    lab_error_has("recipient 0 is not a trading agent");
    assert_int_equal(pab_agent_send(self, -1, &hello), PAB_E_ARGUMENT);
    assert_int_equal(pab_agent_send(self, 99, &hello), PAB_E_ARGUMENT);
    assert_int_equal(pab_agent_send(self, b->first, NULL), PAB_E_ARGUMENT);
}

static void agents_write_to_each_other_but_not_to_exchanges(void **state)
{
    (void)state;
    play(write_to_each_other, NULL);
    const lab_heard *h = lab_nth(&l, 2, PAB_MSG_USER, 0);
    assert_int_equal(h->sender, l.first);
    assert_true(h->msg.u.user.kind == 7 && h->msg.u.user.i[2] == 3 && h->msg.u.user.d[1] == -0.5);
    assert_int_equal(lab_times(&l, 0, PAB_MSG_USER), 1);
    lab_close(&l);
}

static void send_with_delays(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    pab_message_user note = {.kind = step};
    if (who != 0)
        return;
    if (step == 1) {
        must(pab_agent_send(self, b->first + 1, &note));
        pab_agent_add_delay(self, 700);
        pab_agent_add_delay(self, -5);
        must(pab_agent_send(self, b->first + 1, &note));
    }
    if (step == 2)
        must(pab_agent_send(self, b->first + 1, &note)); /* the delay was only the last event's */
    if (step == 3) {
        pab_agent_set_computation_delay(self, 3000);
        must(pab_agent_send(self, b->first + 1, &note));
    }
    if (step == 4)
        must(pab_agent_send(self, b->first + 1, &note));
}

static void delays_hold_messages_back(void **state)
{
    (void)state;
    static const int64_t wanted[] = {LAB_SECOND + 50, LAB_SECOND + 750, 2 * LAB_SECOND + 50, 3 * LAB_SECOND + 3000,
                                     4 * LAB_SECOND + 3000};
    play(send_with_delays, NULL);
    for (int i = 0; i < 5; i++)
        assert_int_equal(lab_nth(&l, 1, PAB_MSG_USER, i)->time - l.info.market_open, wanted[i]);
    lab_close(&l);
}

static void pause_twice(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 1 && (step == 2 || step == 5))
        pab_agent_pause(self);
}

static void stay(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b, (void)self, (void)who, (void)step;
}

static void a_pause_returns_and_changes_nothing(void **state)
{
    (void)state;
    uint64_t paused, straight;
    int32_t why = -1;
    pab_market_counters c = {.struct_size = sizeof c};
    l.act = pause_twice;
    l.hear = NULL;
    lab_open(&l, "none", NULL);
    lab_start(&l, 1);
    for (int64_t step = 2; step <= 5; step += 3) {
        must(pab_market_run(l.m, INT64_MAX, &why));
        assert_int_equal(why, PAB_RUN_PAUSED);
        must(pab_market_count(l.m, &c));
        assert_int_equal(c.now, l.info.market_open + step * LAB_SECOND);
    }
    must(pab_market_run(l.m, INT64_MAX, &why));
    assert_int_equal(why, PAB_RUN_ENDED);
    must(pab_market_hash(l.m, &paused));
    l.act = stay;
    l.count = 0;
    must(pab_market_reset(l.m, 1));
    must(pab_market_run(l.m, INT64_MAX, &why));
    must(pab_market_hash(l.m, &straight));
    assert_true(paused == straight);
    l.act = pause_twice;
    l.count = 0;
    must(pab_market_reset(l.m, 1));
    must(pab_market_finish(l.m)); /* continues after pauses */
    must(pab_market_count(l.m, &c));
    assert_int_equal(c.finished, 1);
    lab_close(&l);
}

/* --- who, when, draws --- */

static double seen[8];

static void look_around(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    if (who != 0 || step != 0)
        return;
    assert_int_equal(pab_agent_id(self), b->first);
    assert_int_equal(pab_agent_symbol(self), 0);
    assert_int_equal(pab_agent_symbol_count(self), 1);
    assert_int_equal(pab_agent_now(self), pab_agent_market_open(self));
    assert_int_equal(pab_agent_market_close(self), b->info.market_close);
    assert_true(pab_agent_hours_known(self) && !pab_agent_market_closed(self) && !pab_agent_close_known(self));
    assert_null(pab_agent_params(self));
    assert_int_equal(pab_agent_last_trade(self, 0), 0);
    assert_int_equal(pab_agent_order_size(self), 33);
    seen[0] = pab_agent_uniform(self, 2.0, 3.0);
    seen[1] = (double)pab_agent_randint(self, -2, 3);
    seen[2] = pab_agent_normal(self, 100.0, 1.0);
    seen[3] = pab_agent_exponential(self, 5.0);
    assert_int_equal(pab_agent_randint(self, 4, 4), 4);
    assert_int_equal(pab_agent_observe(self, 0, 0), 0); /* no oracle */
}

static void an_agent_knows_itself_and_draws_its_own_numbers(void **state)
{
    static const char sized[] = "agents: {crew: {order_size: fixed, fixed_size: 33}}";
    double first[4];
    (void)state;
    play(look_around, sized);
    lab_close(&l);
    memcpy(first, seen, sizeof first);
    assert_true(first[0] >= 2 && first[0] < 3 && first[1] >= -2 && first[1] <= 2);
    assert_true(fabs(first[2] - 100) < 7 && first[3] >= 0);
    play(look_around, sized);
    lab_close(&l);
    assert_memory_equal(first, seen, sizeof first);
}

/* --- misuse --- */

enum { WAKE_IN_THE_PAST, FOREIGN_SYMBOL, NO_SYMBOL, BAD_SIDE, BAD_SUBSCRIPTION, NO_SUBSCRIPTION, NEGATIVE_LIMIT,
       NEGATIVE_MARKET, UNKNOWN_FLAGS, MARKET_FLAG, DEEP_QUERY, NO_DEPTH, DEEP_FEED, NO_FEED_DEPTH, NEGATIVE_WINDOW,
       NEGATIVE_INTERVAL, NAN_THRESHOLD, HUGE_FILL, MISUSES };

static int misuse;

static void misbehave(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    pab_message_subscription sub = {.depth = 1};
    (void)b;
    if (who == 0 && step == 1 && misuse == HUGE_FILL)
        pab_agent_limit_order(self, 0, PAB_SELL, INT64_C(1) << 40, INT64_C(1) << 40, 0);
    if (who != 1 || step != 2)
        return;
    switch (misuse) {
    case WAKE_IN_THE_PAST: pab_agent_wakeup_at(self, pab_agent_now(self) - 1); break;
    case FOREIGN_SYMBOL: pab_agent_limit_order(self, 1, PAB_BUY, 1, 1, 0); break;
    case NO_SYMBOL: pab_agent_query_spread(self, -1, 1); break;
    case BAD_SIDE: pab_agent_limit_order(self, 0, 0, 1, 1, 0); break;
    case BAD_SUBSCRIPTION: pab_agent_subscribe(self, PAB_MSG_LIMIT_ORDER, 0, &sub); break;
    case NO_SUBSCRIPTION: pab_agent_subscribe(self, PAB_MSG_L1_SUBSCRIBE, 0, NULL); break;
    case NEGATIVE_LIMIT: assert_int_equal(pab_agent_limit_order(self, 0, PAB_BUY, -5, 1, 0), -1); break;
    case NEGATIVE_MARKET: assert_int_equal(pab_agent_market_order(self, 0, PAB_SELL, -1), -1); break;
    case UNKNOWN_FLAGS: assert_int_equal(pab_agent_limit_order(self, 0, PAB_BUY, 1, 1, 0x80), -1); break;
    case MARKET_FLAG: pab_agent_limit_order(self, 0, PAB_BUY, 1, 1, PAB_ORDER_IS_MARKET); break;
    case DEEP_QUERY: pab_agent_query_spread(self, 0, 257); break;
    case NO_DEPTH: pab_agent_query_spread(self, 0, 0); break;
    case DEEP_FEED: sub.depth = 100000; pab_agent_subscribe(self, PAB_MSG_L2_SUBSCRIBE, 0, &sub); break;
    case NO_FEED_DEPTH: sub.depth = -1; pab_agent_subscribe(self, PAB_MSG_L3_SUBSCRIBE, 0, &sub); break;
    case NEGATIVE_WINDOW: pab_agent_query_volume(self, 0, -1); break;
    case NEGATIVE_INTERVAL: sub.interval = -1; pab_agent_subscribe(self, PAB_MSG_L1_SUBSCRIBE, 0, &sub); break;
    case NAN_THRESHOLD: sub.threshold = NAN; pab_agent_subscribe(self, PAB_MSG_IMBALANCE_SUBSCRIBE, 0, &sub); break;
    default: pab_agent_market_order(self, 0, PAB_BUY, INT64_C(1) << 40); break;
    }
}

static void misuse_stops_the_run_with_a_sentence(void **state)
{
    static const struct {
        pab_status code;
        const char *text;
    } wanted[MISUSES] = {
        {PAB_E_RANGE, "agent 2 asks for a wake-up at 2021-02-05 09:30:0"},
        {PAB_E_ARGUMENT, "agent 2 (crew) names symbol 1"},
        {PAB_E_ARGUMENT, "agent 2 (crew) names symbol -1"},
        {PAB_E_ARGUMENT, "agent 2 (crew): side 0"},
        {PAB_E_ARGUMENT, "agent 2 (crew): message type 22 is not a subscription"},
        {PAB_E_ARGUMENT, "agent 2 (crew): sub is NULL"},
        {PAB_E_RANGE, "agent 2 (crew): -5 shares"},
        {PAB_E_RANGE, "agent 2 (crew): -1 shares"},
        {PAB_E_ARGUMENT, "agent 2 (crew): flags 0x80 of a limit order"},
        {PAB_E_ARGUMENT, "agent 2 (crew): flags 0x"},
        {PAB_E_RANGE, "agent 2 (crew) asks for 257 levels, expected 1 to 256"},
        {PAB_E_RANGE, "agent 2 (crew) asks for 0 levels"},
        {PAB_E_RANGE, "agent 2 (crew) asks for 100000 levels"},
        {PAB_E_RANGE, "agent 2 (crew) asks for -1 levels"},
        {PAB_E_RANGE, "agent 2 (crew) asks for the volume of -1 ns"},
        {PAB_E_RANGE, "agent 2 (crew) subscribes with an interval of -1 ns"},
        {PAB_E_RANGE, "agent 2 (crew) subscribes to an imbalance of nan, expected 0 to 1"},
        {PAB_E_RANGE, "no longer fit 64 bits"},
    };
    (void)state;
    for (misuse = 0; misuse < MISUSES; misuse++) {
        int32_t why = 77;
        uint64_t hash = 5;
        l.act = misbehave;
        l.hear = NULL;
        lab_open(&l, "none", NULL);
        lab_start(&l, 1);
        assert_int_equal(pab_market_run(l.m, INT64_MAX, &why), wanted[misuse].code);
        lab_error_has(wanted[misuse].text);
        assert_int_equal(why, 77);
        assert_int_equal(pab_market_run(l.m, INT64_MAX, NULL), PAB_E_STATE);
        assert_int_equal(pab_market_step(l.m, NULL), PAB_E_STATE);
        assert_int_equal(pab_market_finish(l.m), PAB_E_STATE);
        assert_int_equal(pab_market_hash(l.m, &hash), PAB_E_STATE);
        assert_int_equal(hash, 5);
        must(pab_market_reset(l.m, 1));
        must(pab_market_run(l.m, l.info.market_open, NULL));
        lab_close(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_move_cash_shares_and_the_open_list),
        cmocka_unit_test(orders_can_be_changed_in_every_way),
        cmocka_unit_test(another_agents_order_cannot_be_touched),
        cmocka_unit_test(a_batch_is_one_entry_per_exchange),
        cmocka_unit_test(subscriptions_deliver_what_was_asked_for),
        cmocka_unit_test(answers_have_the_depth_that_was_asked),
        cmocka_unit_test(agents_write_to_each_other_but_not_to_exchanges),
        cmocka_unit_test(delays_hold_messages_back),
        cmocka_unit_test(a_pause_returns_and_changes_nothing),
        cmocka_unit_test(an_agent_knows_itself_and_draws_its_own_numbers),
        cmocka_unit_test(misuse_stops_the_run_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
