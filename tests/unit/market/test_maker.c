/* Market makers that requote what changed: what stays, what moves, and when. The ladder of most tests is one maker's:
 * bids 995, 985, 975 and asks 1005, 1015, 1025 of 100 shares each, laid around the opening price. */
#include "lab.h"

#include "market/market.h"

#define MAKER_ID 5
#define MAKER                                                                                                     \
    "agents: {maker: {type: market_maker, symbol: X, wake_up_freq: 2s, poisson_arrival: false, price_skew: 0,"    \
    " pov: 0, min_imbalance: 1, num_ticks: 3, min_order_size: 100, window_size: 10, initial_spread: 10,"          \
    " level_spacing: 1, requote: "

static lab l;

typedef struct found {
    int count;
    int64_t id[16], price[16], quantity[16]; /* price negative for bids */
} found;

static found orders_of(int32_t agent)
{
    found f = {0};
    for (uint32_t slot = pab__agent_at(l.m, agent)->open_first; slot != PAB__NONE;) {
        const pab__open_order *o = pab__pool_at(&l.m->pools.opens, slot);
        assert_true(f.count < 16);
        f.id[f.count] = o->id;
        f.price[f.count] = o->side == PAB_BUY ? -o->price : o->price;
        f.quantity[f.count++] = o->quantity;
        slot = o->next;
    }
    return f;
}

/* Where an order lies in the list, or -1. */
static int at(const found *f, int64_t price)
{
    for (int i = 0; i < f->count; i++)
        if (f->price[i] == price)
            return i;
    return -1;
}

static int has(const found *f, int64_t price, int64_t quantity)
{
    int i = at(f, price);
    return i >= 0 && f->quantity[i] == quantity;
}

static int same_order(const found *a, const found *b, int64_t price)
{
    int i = at(a, price), j = at(b, price);
    return i >= 0 && j >= 0 && a->id[i] == b->id[j];
}

static void stay(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b, (void)self, (void)who, (void)step;
}

/* Shares that the first of the crew buys (or sells, negative) at a step. */
static int64_t takes[LAB_STEPS];

static void take(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)b;
    if (who == 0 && takes[step] != 0)
        pab_agent_limit_order(self, 0, takes[step] > 0 ? PAB_BUY : PAB_SELL, llabs(takes[step]),
                              takes[step] > 0 ? 2000 : 1, 0);
    if (who == 0)
        pab_agent_cancel_all(self);
}

static void start(void (*act)(lab *, pab_agent *, int32_t, int32_t), const char *more)
{
    l.act = act;
    l.hear = NULL;
    lab_open(&l, "none", more);
    lab_start(&l, 1);
}

static void run_to(int64_t seconds, int64_t more)
{
    must(pab_market_run(l.m, l.info.market_open + seconds * LAB_SECOND + more, NULL));
}

static void a_quiet_market_leaves_every_order_in_its_place(void **state)
{
    (void)state;
    start(stay, MAKER "changed}}");
    run_to(5, 0);
    found before = orders_of(MAKER_ID);
    assert_int_equal(before.count, 6);
    for (int64_t i = 0; i < 3; i++)
        assert_true(has(&before, 1005 + 10 * i, 100) && has(&before, -995 + 10 * i, 100));
    run_to(60, 0);
    found after = orders_of(MAKER_ID);
    assert_memory_equal(&before, &after, sizeof before);
    lab_close(&l);
    start(stay, MAKER "all}}");
    run_to(5, 0);
    before = orders_of(MAKER_ID);
    run_to(60, 0);
    after = orders_of(MAKER_ID);
    assert_true(after.count == 6 && !same_order(&before, &after, 1005));
    lab_close(&l);
}

static void a_level_eaten_in_part_keeps_its_place_and_is_not_filled_up(void **state)
{
    (void)state;
    memset(takes, 0, sizeof takes);
    takes[6] = 60;
    start(take, MAKER "changed}}");
    run_to(5, 0);
    found before = orders_of(MAKER_ID);
    run_to(20, 0);
    found after = orders_of(MAKER_ID);
    assert_int_equal(after.count, 6);
    assert_true(has(&after, 1005, 40) && same_order(&before, &after, 1005));
    lab_close(&l);
}

static void a_level_eaten_moves_the_ladder_at_once_by_a_whole_level(void **state)
{
    (void)state;
    memset(takes, 0, sizeof takes);
    takes[7] = 100;
    start(take, MAKER "changed}}");
    run_to(6, LAB_SECOND / 2);
    found before = orders_of(MAKER_ID);
    run_to(7, LAB_SECOND / 2);
    found after = orders_of(MAKER_ID);
    assert_int_equal(after.count, 6);
    assert_true(has(&after, 1015, 100) && same_order(&before, &after, 1015));
    assert_true(same_order(&before, &after, -995) && same_order(&before, &after, -985));
    assert_true(has(&after, -1005, 100) && has(&after, 1035, 100) && at(&after, -975) < 0);
    lab_close(&l);
}

static void a_maker_that_watches_comes_back_to_the_fundamental(void **state)
{
    (void)state;
    for (int watches = 0; watches < 2; watches++) {
        memset(takes, 0, sizeof takes);
        for (int i = 5; i < 10; i++)
            takes[i] = 100;
        start(take,
              watches ? "symbols: {X: {oracle: {kind: correlated, fund_vol: 0}}}\n" MAKER "changed, watch: 1}}"
                      : MAKER "changed}}");
        run_to(15, 0);
        found f = orders_of(MAKER_ID);
        assert_int_equal(f.count, 6);
        if (watches)
            assert_true(has(&f, 1015, 100) && has(&f, -1005, 100)); /* one level above, no further */
        else
            assert_true(has(&f, 1055, 100) && has(&f, -1045, 100)); /* as far as it was pushed */
        lab_close(&l);
    }
}

static void a_side_that_was_swept_comes_back(void **state)
{
    (void)state;
    memset(takes, 0, sizeof takes);
    takes[6] = -300;
    start(take, MAKER "changed}}");
    run_to(5, 0);
    found before = orders_of(MAKER_ID);
    run_to(20, 0);
    found after = orders_of(MAKER_ID);
    int bids = 0;
    for (int i = 0; i < after.count; i++)
        bids += after.price[i] < 0;
    assert_int_equal(after.count, 6);
    assert_int_equal(bids, 3);
    assert_int_equal(at(&after, 1025), -1); /* the ladder went down with the price */
    assert_true(at(&before, 1025) >= 0);
    lab_close(&l);
}

static void a_withdrawn_side_is_empty_and_comes_back(void **state)
{
    (void)state;
    int left = 0, back = 0;
    start(stay, MAKER "changed, withdrawal_off: 20s, withdrawal_on: 20s}}");
    for (int64_t t = 5; t < 500; t++) {
        run_to(t, 0);
        found f = orders_of(MAKER_ID);
        int bids = 0;
        for (int i = 0; i < f.count; i++)
            bids += f.price[i] < 0;
        left += f.count == 3 && (bids == 0 || bids == 3);
        back += left > 0 && f.count == 6;
        assert_true(f.count == 3 || f.count == 6 || f.count == 0);
    }
    assert_true(left > 50 && back > 50);
    lab_close(&l);
}

/* Fills by counterparty: everything that makers traded, the test's agents traded too. */
static void count_fills(void *user, const pab_delivery *d)
{
    int *fills = user;
    if (d->type == PAB_MSG_ORDER_EXECUTED)
        fills[d->recipient >= MAKER_ID]++;
}

static void makers_never_trade_with_each_other(void **state)
{
    (void)state;
    int fills[2] = {0};
    pab_tap tap = {.struct_size = sizeof tap, .user = fills, .delivery = count_fills};
    memset(takes, 0, sizeof takes);
    for (int i = 4; i < LAB_STEPS; i++)
        takes[i] = i % 3 == 0 ? -470 : 330;
    start(take, "symbols: {X: {oracle: {kind: correlated, fund_vol: 0}}}\n" MAKER "changed, watch: 1, count: 3}}");
    must(pab_market_set_tap(l.m, &tap));
    must(pab_market_finish(l.m));
    assert_true(fills[0] >= 24);
    assert_int_equal(fills[0], fills[1]);
    lab_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_market_leaves_every_order_in_its_place),
        cmocka_unit_test(a_level_eaten_in_part_keeps_its_place_and_is_not_filled_up),
        cmocka_unit_test(a_level_eaten_moves_the_ladder_at_once_by_a_whole_level),
        cmocka_unit_test(a_maker_that_watches_comes_back_to_the_fundamental),
        cmocka_unit_test(a_side_that_was_swept_comes_back),
        cmocka_unit_test(a_withdrawn_side_is_empty_and_comes_back),
        cmocka_unit_test(makers_never_trade_with_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
