/* Each switch of docs/quirks.md, thrown both ways in a market where all others are as in ABIDES. */
#include "lab.h"

static lab l;

/* Shares that rest on a level. */
static int64_t resting(int32_t side, int64_t price)
{
    pab_level levels[64];
    uint32_t n = pab_market_l2(l.m, 0, side, 64, levels, 64);
    for (uint32_t i = 0; i < n; i++)
        if (levels[i].price == price)
            return levels[i].quantity;
    return 0;
}

static int64_t last_trade(void)
{
    pab_symbol_info s = {.struct_size = sizeof s};
    must(pab_market_symbol(l.m, 0, &s));
    return s.last_trade;
}

static uint32_t open_orders(int32_t who)
{
    pab_agent_info a = {.struct_size = sizeof a};
    must(pab_market_agent(l.m, l.first + who, &a));
    return a.open_orders;
}

static void play(void (*act)(lab *, pab_agent *, int32_t, int32_t), const char *quirk, int on, const char *more)
{
    l.act = act;
    l.hear = NULL;
    lab_run(&l, "abides", quirk, on, more);
}

static void stay(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b, (void)self, (void)who, (void)step;
}

/* --- the feed --- */

static void follow_the_feed(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    pab_message_subscription sub = {.interval = LAB_SECOND / 2, .depth = 1};
    if (who == 0 && step == 0)
        pab_agent_subscribe(self, PAB_MSG_L2_SUBSCRIBE, 0, &sub);
    if (who == 1 && step >= 1 && step <= 5)
        b->ids[0] = pab_agent_limit_order(self, 0, PAB_BUY, 10, 900 + step, 0);
    if (who == 1 && step == 8)
        pab_agent_cancel(self, b->ids[0]);
}

static void a_feed_is_stale_or_follows_new_orders(void **state)
{
    (void)state;
    play(follow_the_feed, "stale_feed", 1, NULL);
    assert_int_equal(lab_times(&l, 0, PAB_MSG_L2_DATA), 1);
    assert_int_equal(lab_nth(&l, 0, PAB_MSG_L2_DATA, 0)->msg.u.quote.bid, 904);
    lab_close(&l);
    play(follow_the_feed, "stale_feed", 0, NULL);
    assert_int_equal(lab_times(&l, 0, PAB_MSG_L2_DATA), 6);
    assert_int_equal(lab_nth(&l, 0, PAB_MSG_L2_DATA, 0)->msg.u.quote.bid, 901);
    lab_close(&l);
}

/* --- market makers --- */

#define MAKER                                                                                                  \
    "agents: {maker: {type: market_maker, symbol: X, wake_up_freq: 5s, poisson_arrival: false, price_skew: 0," \
    " num_ticks: 10, min_order_size: 1, level_spacing: 0.1, subscribe_freq: 1s"
#define MAKER_ID 5

typedef struct census {
    int by_maker[PAB_MSG_COUNT];
} census;

static void count_delivery(void *user, const pab_delivery *d)
{
    census *c = user;
    if (d->sender == MAKER_ID)
        c->by_maker[d->type]++;
}

static census watch(void (*act)(lab *, pab_agent *, int32_t, int32_t), const char *quirk, int on, const char *more)
{
    census c = {0};
    pab_tap tap = {.struct_size = sizeof tap, .user = &c, .delivery = count_delivery};
    l.act = act;
    l.hear = NULL;
    lab_open(&l, "abides", more);
    lab_switch(&l, quirk, on);
    lab_start(&l, 1);
    must(pab_market_set_tap(l.m, &tap));
    must(pab_market_finish(l.m));
    lab_close(&l);
    return c;
}

static void quote_one_side(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0 && step == 0)
        pab_agent_limit_order(self, 0, PAB_BUY, 10, 990, 0);
}

static void a_maker_without_a_mid_dies_or_asks_again(void **state)
{
    (void)state;
    census c = watch(quote_one_side, "silent_maker", 1, MAKER "}}");
    assert_int_equal(c.by_maker[PAB_MSG_QUERY_SPREAD], 1);
    assert_int_equal(c.by_maker[PAB_MSG_BATCH], 0);
    c = watch(quote_one_side, "silent_maker", 0, MAKER "}}");
    assert_true(c.by_maker[PAB_MSG_QUERY_SPREAD] > 100);
    assert_true(c.by_maker[PAB_MSG_BATCH] > 100);
}

static void quote_then_take_the_asks(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0 && step == 0) {
        pab_agent_limit_order(self, 0, PAB_BUY, 10, 990, 0);
        pab_agent_limit_order(self, 0, PAB_SELL, 10, 1010, 0);
    }
    if (who == 1 && step == 7)
        pab_agent_market_order(self, 0, PAB_BUY, 1000);
}

/* The maker's orders after all asks were bought between two of its wakings. */
static uint32_t ladder_after_imbalance(int on)
{
    l.act = quote_then_take_the_asks;
    l.hear = NULL;
    lab_open(&l, "abides", MAKER "}}");
    lab_switch(&l, "stacked_ladders", on);
    lab_start(&l, 1);
    must(pab_market_run(l.m, l.info.market_open + 6 * LAB_SECOND, NULL));
    assert_int_equal(open_orders(MAKER_ID - 1), 20);
    must(pab_market_run(l.m, l.info.market_open + 8 * LAB_SECOND, NULL));
    uint32_t open = open_orders(MAKER_ID - 1);
    lab_close(&l);
    return open;
}

static void an_imbalance_stacks_or_renews_the_ladder(void **state)
{
    (void)state;
    assert_int_equal(ladder_after_imbalance(1), 10 + 20);
    assert_int_equal(ladder_after_imbalance(0), 20);
}

static void trade_now_and_then(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0)
        pab_agent_limit_order(self, 0, step % 2 ? PAB_BUY : PAB_SELL, 10, step % 2 ? 990 : 1010, 0);
    if (who == 1 && step > 4)
        pab_agent_cancel_all(self);
    if (who == 1)
        pab_agent_limit_order(self, 0, PAB_BUY, 1, 900, 0);
}

static void a_subscribed_maker_ends_inert_or_continues(void **state)
{
    (void)state;
    census c = watch(trade_now_and_then, "maker_subscription", 1, MAKER ", subscribe: true}}");
    assert_int_equal(c.by_maker[PAB_MSG_QUERY_VOLUME], 1);
    c = watch(trade_now_and_then, "maker_subscription", 0, MAKER ", subscribe: true}}");
    assert_true(c.by_maker[PAB_MSG_QUERY_VOLUME] > 3);
    assert_true(c.by_maker[PAB_MSG_BATCH] > 1);
}

/* --- the book, as its agents feel it --- */

static void sweep_two_levels(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0 && step == 0) {
        pab_agent_limit_order(self, 0, PAB_SELL, 10, 1010, 0);
        pab_agent_limit_order(self, 0, PAB_SELL, 30, 1020, 0);
    }
    if (who == 1 && step == 1)
        pab_agent_limit_order(self, 0, PAB_BUY, 40, 1020, 0);
    if (who == 2 && step == 2)
        pab_agent_query_last_trade(self, 0);
}

static void the_last_trade_is_an_average_or_the_last_fill(void **state)
{
    (void)state;
    play(sweep_two_levels, "average_last_trade", 1, NULL);
    assert_int_equal(lab_nth(&l, 2, PAB_MSG_LAST_TRADE, 0)->msg.u.quote.last_trade, 1018); /* of 1017.5 */
    lab_close(&l);
    play(sweep_two_levels, "average_last_trade", 0, NULL);
    assert_int_equal(lab_nth(&l, 2, PAB_MSG_LAST_TRADE, 0)->msg.u.quote.last_trade, 1020);
    lab_close(&l);
}

static void take_more_than_there_is(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0 && step == 0)
        pab_agent_limit_order(self, 0, PAB_SELL, 40, 1010, 0);
    if (who == 1 && step == 1)
        pab_agent_market_order(self, 0, PAB_BUY, 100);
}

static void a_market_order_is_silent_or_answered(void **state)
{
    (void)state;
    play(take_more_than_there_is, "silent_market_order", 1, NULL);
    assert_int_equal(lab_times(&l, 1, PAB_MSG_ORDER_EXECUTED), 1);
    assert_int_equal(lab_times(&l, 1, PAB_MSG_ORDER_CANCELLED), 0);
    assert_int_equal(last_trade(), 1000);
    assert_int_equal(open_orders(1), 1);
    lab_close(&l);
    play(take_more_than_there_is, "silent_market_order", 0, NULL);
    assert_int_equal(lab_nth(&l, 1, PAB_MSG_ORDER_CANCELLED, 0)->msg.u.order.quantity, 60);
    assert_int_equal(last_trade(), 1010);
    assert_int_equal(open_orders(1), 0);
    lab_close(&l);
}

static void cross_post_only(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0 && step == 0)
        pab_agent_limit_order(self, 0, PAB_SELL, 40, 1010, 0);
    if (who == 1 && step == 1)
        pab_agent_limit_order(self, 0, PAB_BUY, 10, 1010, PAB_ORDER_POST_ONLY);
}

static void a_post_only_order_takes_or_is_rejected(void **state)
{
    (void)state;
    play(cross_post_only, "taking_post_only", 1, NULL);
    assert_int_equal(lab_times(&l, 1, PAB_MSG_ORDER_EXECUTED), 1);
    assert_int_equal(resting(PAB_SELL, 1010), 30);
    lab_close(&l);
    play(cross_post_only, "taking_post_only", 0, NULL);
    assert_int_equal(lab_nth(&l, 1, PAB_MSG_ORDER_REJECTED, 0)->msg.reason, PAB_REJECT_POST_ONLY);
    assert_int_equal(resting(PAB_SELL, 1010), 40);
    assert_int_equal(open_orders(1), 0);
    lab_close(&l);
}

static void comply_beside_the_ask(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0 && step == 0)
        pab_agent_limit_order(self, 0, PAB_SELL, 40, 1000, 0);
    if (who == 1 && step == 1)
        pab_agent_limit_order(self, 0, PAB_BUY, 10, 999, PAB_ORDER_PRICE_TO_COMPLY);
}

static void the_hidden_half_waits_or_is_matched(void **state)
{
    (void)state;
    play(comply_beside_the_ask, "loose_price_to_comply", 1, NULL);
    assert_int_equal(lab_times(&l, 1, PAB_MSG_ORDER_EXECUTED), 0);
    assert_int_equal(resting(PAB_BUY, 999), 10);
    lab_close(&l);
    play(comply_beside_the_ask, "loose_price_to_comply", 0, NULL);
    assert_int_equal(lab_nth(&l, 1, PAB_MSG_ORDER_EXECUTED, 0)->msg.u.order.fill_price, 1000);
    assert_int_equal(resting(PAB_BUY, 999), 0);
    lab_close(&l);
}

/* Agent 1 changes its order in the instant in which agent 0, who is served first, takes 40 of its 100. */
static void change_while_filled(lab *b, pab_agent *self, int32_t who, int32_t step, void (*change)(lab *, pab_agent *))
{
    if (who == 1 && step == 0)
        b->ids[0] = pab_agent_limit_order(self, 0, PAB_BUY, 100, 990, 0);
    if (who == 0 && step == 1)
        pab_agent_limit_order(self, 0, PAB_SELL, 40, 990, 0);
    if (who == 1 && step == 1)
        change(b, self);
}

static void take_ten_off(lab *b, pab_agent *self)
{
    must(pab_agent_partial_cancel(self, b->ids[0], 10));
}

static void partial_cancel_in_flight(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    change_while_filled(b, self, who, step, take_ten_off);
}

static void a_stale_partial_cancel_sets_or_takes_off(void **state)
{
    (void)state;
    play(partial_cancel_in_flight, "absolute_partial_cancel", 1, NULL);
    assert_int_equal(resting(PAB_BUY, 990), 90);
    lab_close(&l);
    play(partial_cancel_in_flight, "absolute_partial_cancel", 0, NULL);
    assert_int_equal(resting(PAB_BUY, 990), 50);
    lab_close(&l);
}

static void replace_by_hundred(lab *b, pab_agent *self)
{
    must(pab_agent_replace(self, b->ids[0], 100, 991, &b->ids[1]));
}

static void replace_in_flight(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    change_while_filled(b, self, who, step, replace_by_hundred);
}

static void a_replacement_overfills_or_counts_the_fills(void **state)
{
    (void)state;
    play(replace_in_flight, "overfilling_replace", 1, NULL);
    assert_int_equal(resting(PAB_BUY, 991), 100);
    assert_int_equal(pab_market_holding(l.m, l.first + 1, 0), 40);
    lab_close(&l);
    play(replace_in_flight, "overfilling_replace", 0, NULL);
    assert_int_equal(resting(PAB_BUY, 991), 60);
    lab_close(&l);
}

static void modify_price(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    if (who == 1 && step == 0)
        b->ids[0] = pab_agent_limit_order(self, 0, PAB_BUY, 100, 990, 0);
    if (who == 1 && step == 1)
        must(pab_agent_modify(self, b->ids[0], 80, 995));
}

static void a_modification_moves_the_price_only_when_corrected(void **state)
{
    (void)state;
    play(modify_price, "quantity_only_modify", 1, NULL);
    assert_int_equal(resting(PAB_BUY, 990), 80);
    assert_int_equal(lab_nth(&l, 1, PAB_MSG_ORDER_MODIFIED, 0)->msg.u.order.price, 995); /* what it claims */
    lab_close(&l);
    play(modify_price, "quantity_only_modify", 0, NULL);
    assert_int_equal(resting(PAB_BUY, 990), 0);
    assert_int_equal(resting(PAB_BUY, 995), 80);
    lab_close(&l);
}

static void send_nonsense(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0 && step == 0)
        pab_agent_limit_order(self, 0, PAB_BUY, 0, 990, 0);
    if (who == 1 && step == 0)
        pab_agent_limit_order(self, 0, PAB_BUY, 10, 0, 0);
}

static void a_bad_order_is_swallowed_or_rejected(void **state)
{
    (void)state;
    play(send_nonsense, "silent_discard", 1, NULL);
    assert_int_equal(lab_times(&l, 0, PAB_MSG_ORDER_REJECTED), 0);
    assert_int_equal(open_orders(0), 1);
    lab_close(&l);
    play(send_nonsense, "silent_discard", 0, NULL);
    assert_int_equal(lab_nth(&l, 0, PAB_MSG_ORDER_REJECTED, 0)->msg.reason, PAB_REJECT_QUANTITY);
    assert_int_equal(open_orders(0), 0);
    lab_close(&l);
}

static void a_price_of_zero_is_no_price_or_refused(void **state)
{
    (void)state;
    play(send_nonsense, "zero_is_none", 1, NULL);
    assert_int_equal(resting(PAB_BUY, 0), 10);
    lab_close(&l);
    play(send_nonsense, "zero_is_none", 0, NULL);
    assert_int_equal(resting(PAB_BUY, 0), 0);
    lab_close(&l);
}

/* --- time --- */

static void order_when_told_the_hours(lab *b, pab_agent *self, int32_t who, const pab_message *msg)
{
    (void)b;
    if (who == 0 && msg->type == PAB_MSG_MARKET_HOURS)
        pab_agent_limit_order(self, 0, PAB_BUY, 10, 990, 0);
}

static void an_order_before_the_open_rests_or_is_rejected(void **state)
{
    (void)state;
    for (int on = 1; on >= 0; on--) {
        l.act = stay;
        l.hear = order_when_told_the_hours;
        lab_run(&l, "abides", "early_orders", on, NULL);
        assert_int_equal(lab_times(&l, 0, PAB_MSG_ORDER_ACCEPTED), on);
        assert_int_equal(lab_times(&l, 0, PAB_MSG_ORDER_REJECTED), !on);
        const lab_heard *h = lab_nth(&l, 0, on ? PAB_MSG_ORDER_ACCEPTED : PAB_MSG_ORDER_REJECTED, 0);
        assert_true(h->time < l.info.market_open);
        assert_int_equal(h->msg.reason, on ? 0 : PAB_REJECT_CLOSED);
        assert_int_equal(open_orders(0), on);
        lab_close(&l);
    }
}

static void wake_after_the_stop(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    if (step == 0 && who < 2)
        pab_agent_wakeup_at(self, b->info.kernel_stop + 5 * LAB_SECOND);
}

static void one_entry_or_none_comes_after_the_stop(void **state)
{
    (void)state;
    pab_market_counters c = {.struct_size = sizeof c};
    play(wake_after_the_stop, "late_entry", 1, NULL);
    must(pab_market_count(l.m, &c));
    assert_int_equal(c.last_delivery, l.info.kernel_stop + 5 * LAB_SECOND);
    uint64_t with = c.delivered;
    lab_close(&l);
    play(wake_after_the_stop, "late_entry", 0, NULL);
    must(pab_market_count(l.m, &c));
    assert_true(c.last_delivery <= l.info.kernel_stop);
    assert_int_equal(c.delivered, with - 1);
    lab_close(&l);
}

static void ask_twice(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who != 0 || step != 1)
        return;
    pab_agent_query_spread(self, 0, 1);
    pab_agent_query_spread(self, 0, 1);
}

static void slow_down(lab *b, pab_agent *self, int32_t who, const pab_message *msg)
{
    (void)b;
    if (who == 0 && msg->type == PAB_MSG_SPREAD)
        pab_agent_set_computation_delay(self, 1000000);
}

static void busy_time_is_added_before_or_after_the_handler(void **state)
{
    (void)state;
    int64_t hours[2];
    for (int on = 1; on >= 0; on--) {
        l.act = ask_twice;
        l.hear = slow_down;
        lab_run(&l, "abides", "uneven_busy", on, NULL);
        int64_t gap = lab_nth(&l, 0, PAB_MSG_SPREAD, 1)->time - lab_nth(&l, 0, PAB_MSG_SPREAD, 0)->time;
        assert_int_equal(gap, on ? 50 : 1000000);
        hours[on] = lab_nth(&l, 3, PAB_MSG_MARKET_HOURS, 0)->time;
        lab_close(&l);
    }
    assert_int_equal(hours[1] - hours[0], 50); /* the exchange's first message */
}

static void wake_times_lie_on_a_grid_or_anywhere(void **state)
{
    (void)state;
    for (int on = 1; on >= 0; on--) {
        play(stay, "wake_grid", on, "symbols: {X: {oracle: {kind: sparse}}}\n"
                                    "agents: {noise: {type: noise, symbol: X, count: 200}}");
        int off_grid = 0;
        for (int32_t id = 5; id < 205; id++) {
            int64_t wakeup = pab_replay_agent_wakeup(l.m, id);
            assert_true(wakeup > 0);
            off_grid += wakeup % 256 != 0;
        }
        pab_symbol_info s = {.struct_size = sizeof s};
        must(pab_market_symbol(l.m, 0, &s));
        assert_true(on ? off_grid == 0 : off_grid > 150);
        assert_true(s.next_shock_time == INT64_MAX || !on || s.next_shock_time % 256 == 0);
        lab_close(&l);
    }
}

/* --- beliefs --- */

/* Agent 1 asks once more between the others' questions where it hears anything. */
static void observe(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    if (who == 0)
        b->ids[step] = pab_agent_observe(self, 0, 0);
    if (who == 1 && step == 3)
        pab_agent_wakeup_at(self, pab_agent_now(self) + LAB_SECOND / 2);
    if (who == 1 && step == 4 && b->hear)
        pab_agent_observe(self, 0, 0);
}

static void hear_nothing(lab *b, pab_agent *self, int32_t who, const pab_message *msg)
{
    (void)b, (void)self, (void)who, (void)msg;
}

static void ask_the_oracle(int on, int once_more, int64_t seen[LAB_STEPS])
{
    l.act = observe;
    l.hear = once_more ? hear_nothing : NULL;
    lab_run(&l, "abides", "query_driven_oracle", on,
            "symbols: {X: {oracle: {kind: sparse, fund_vol: 0.001, grid: 300ms}}}");
    memcpy(seen, l.ids, sizeof l.ids);
    lab_close(&l);
}

static void one_more_question_changes_the_path_or_not(void **state)
{
    (void)state;
    int64_t once[LAB_STEPS], more[LAB_STEPS];
    ask_the_oracle(1, 0, once);
    ask_the_oracle(1, 1, more);
    assert_memory_equal(once, more, 4 * sizeof once[0]);
    assert_memory_not_equal(once + 4, more + 4, 4 * sizeof once[0]);
    ask_the_oracle(0, 0, once);
    ask_the_oracle(0, 1, more);
    assert_memory_equal(once, more, sizeof once);
    assert_true(once[1] != once[2] && once[2] != once[3]);
}

/* State of a value agent: time of its last estimate, the estimate, its error. */
typedef struct belief {
    int64_t time;
    double estimate, error;
} belief;

static belief belief_after_a_while(int on)
{
    belief b;
    l.act = quote_then_take_the_asks;
    l.hear = NULL;
    lab_run(&l, "abides", "cancelling_estimate", on,
            "symbols: {X: {oracle: {kind: sparse}}}\n"
            "agents: {value: {type: value, symbol: X, lambda_a: 1e-9, sigma_s: 0.0001}}");
    memcpy(&b, pab_market_agent_state(l.m, 5), sizeof b);
    lab_close(&l);
    return b;
}

static void an_estimate_keeps_no_error_or_carries_it_on(void **state)
{
    (void)state;
    belief as_abides = belief_after_a_while(1), corrected = belief_after_a_while(0);
    assert_true(as_abides.time > 0 && corrected.time > 0);
    assert_true(as_abides.error == 0);
    assert_true(corrected.error > 0);
    assert_true(as_abides.estimate != corrected.estimate);
}

static void quote_both_sides(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who != 0 || step != 0)
        return;
    pab_agent_limit_order(self, 0, PAB_BUY, 100000, 990, 0);
    pab_agent_limit_order(self, 0, PAB_SELL, 100000, 1010, 0);
}

typedef struct late_answers {
    int64_t close, asked[32];
    int closed[32]; /* the last quote that the agent heard said so */
    int orders;     /* sent after that */
} late_answers;

static void note_late_answers(void *user, const pab_delivery *d)
{
    late_answers *n = user;
    if (d->type == PAB_MSG_QUERY_SPREAD)
        n->asked[d->sender] = d->time;
    if (d->type == PAB_MSG_SPREAD)
        n->closed[d->recipient] = n->asked[d->recipient] > n->close;
    n->orders += d->type == PAB_MSG_LIMIT_ORDER && n->closed[d->sender];
}

/* Orders that momentum agents sent in answer to a quote from after the close. Their messages take 2 s, so that some of
 * them ask before the close and hear after it. */
static int blind_orders(int on)
{
    char more[2048] = "clock: {kernel_stop: 'close + 30s'}\nagents:\n";
    for (int i = 0; i < 12; i++)
        snprintf(more + strlen(more), sizeof more - strlen(more),
                 "  m%d: {type: momentum, symbol: X, computation_delay: 2s, order_size: fixed, fixed_size: 1,"
                 " wake_up_freq: %dms, poisson_arrival: false}\n", i, 1500 + 500 * i);
    late_answers n = {0};
    pab_tap tap = {.struct_size = sizeof tap, .user = &n, .delivery = note_late_answers};
    l.act = quote_both_sides;
    l.hear = NULL;
    lab_open(&l, "abides", more);
    lab_switch(&l, "blind_momentum", on);
    lab_start(&l, 1);
    n.close = l.info.market_close;
    must(pab_market_set_tap(l.m, &tap));
    must(pab_market_finish(l.m));
    lab_close(&l);
    return n.orders;
}

static void momentum_trades_or_stops_after_the_close(void **state)
{
    (void)state;
    assert_true(blind_orders(1) > 0);
    assert_int_equal(blind_orders(0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_feed_is_stale_or_follows_new_orders),
        cmocka_unit_test(a_maker_without_a_mid_dies_or_asks_again),
        cmocka_unit_test(an_imbalance_stacks_or_renews_the_ladder),
        cmocka_unit_test(a_subscribed_maker_ends_inert_or_continues),
        cmocka_unit_test(the_last_trade_is_an_average_or_the_last_fill),
        cmocka_unit_test(a_market_order_is_silent_or_answered),
        cmocka_unit_test(a_post_only_order_takes_or_is_rejected),
        cmocka_unit_test(the_hidden_half_waits_or_is_matched),
        cmocka_unit_test(a_stale_partial_cancel_sets_or_takes_off),
        cmocka_unit_test(a_modification_moves_the_price_only_when_corrected),
        cmocka_unit_test(a_replacement_overfills_or_counts_the_fills),
        cmocka_unit_test(a_bad_order_is_swallowed_or_rejected),
        cmocka_unit_test(a_price_of_zero_is_no_price_or_refused),
        cmocka_unit_test(an_order_before_the_open_rests_or_is_rejected),
        cmocka_unit_test(one_entry_or_none_comes_after_the_stop),
        cmocka_unit_test(busy_time_is_added_before_or_after_the_handler),
        cmocka_unit_test(one_more_question_changes_the_path_or_not),
        cmocka_unit_test(an_estimate_keeps_no_error_or_carries_it_on),
        cmocka_unit_test(momentum_trades_or_stops_after_the_close),
        cmocka_unit_test(wake_times_lie_on_a_grid_or_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
