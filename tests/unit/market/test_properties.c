/* What holds in every market, whatever its agents do: nothing is lost or made, priority is kept, books do not cross. */
#include "lab.h"

#define SEEDS 12
#define IDS 65536
#define LISTED 4096

static lab l;

/* A book kept from history rows alone. */
typedef struct ledger {
    int64_t quantity[IDS], price[IDS];
    int32_t side[IDS];
    uint32_t since[IDS]; /* when it came to rest, counted in rows */
    int64_t live[LISTED];
    int live_count;
    uint32_t rows;
    int64_t rested, filled, trades, cancelled, accepted, taken_off;
    int strict; /* only plain orders: their priority is known */
} ledger;

static ledger g;

static void drop(int64_t id)
{
    for (int i = 0; i < g.live_count; i++)
        if (g.live[i] == id) {
            g.live[i] = g.live[--g.live_count];
            return;
        }
    fail_msg("order %lld does not rest", (long long)id);
}

/* Of its side, none was better, or as good and there before. */
static void check_priority(int64_t id)
{
    for (int i = 0; i < g.live_count; i++) {
        int64_t other = g.live[i];
        if (g.side[other] != g.side[id])
            continue;
        assert_true((g.price[other] - g.price[id]) * g.side[id] <= 0);
        assert_false(g.price[other] == g.price[id] && g.since[other] < g.since[id]);
    }
}

static void take_fill(const pab_book_row *row)
{
    int64_t id = row->order_id;
    assert_true(g.quantity[id] >= row->quantity && row->quantity > 0);
    assert_int_equal(row->side, g.side[id]);
    if (g.strict) {
        assert_int_equal(row->price, g.price[id]);
        check_priority(id);
    }
    g.quantity[id] -= row->quantity;
    g.filled += row->quantity;
    g.trades++;
    if (g.quantity[id] == 0)
        drop(id);
}

static void on_row(void *user, int64_t time, uint32_t symbol, const pab_book_row *row)
{
    int64_t id = row->order_id;
    (void)user, (void)time, (void)symbol;
    assert_in_range(id, 0, IDS - 1);
    g.rows++;
    switch (row->kind) {
    case PAB_ROW_LIMIT:
        assert_true(row->quantity > 0 && g.live_count < LISTED);
        g.quantity[id] = row->quantity;
        g.price[id] = row->price;
        g.side[id] = row->side;
        g.since[id] = g.rows;
        g.live[g.live_count++] = id;
        g.rested += row->quantity;
        g.accepted++;
        break;
    case PAB_ROW_EXEC:
        take_fill(row);
        break;
    case PAB_ROW_CANCEL:
        g.taken_off += g.quantity[id];
        g.cancelled++;
        drop(id);
        break;
    case PAB_ROW_CANCEL_PARTIAL:
        g.taken_off += row->quantity;
        g.quantity[id] -= row->quantity;
        if (g.quantity[id] == 0)
            drop(id);
        break;
    default:
        fail_msg("a row of kind %d was not expected", row->kind);
    }
}

/* Between two events: best prices, hidden ones included, stand apart. */
static void on_delivery(void *user, const pab_delivery *d)
{
    pab_resting_order bid, ask;
    (void)user, (void)d;
    if (pab_market_l3(l.m, 0, PAB_BUY, &bid, 1) > 0 && pab_market_l3(l.m, 0, PAB_SELL, &ask, 1) > 0)
        assert_true(bid.price < ask.price);
}

/* What the book lists is what the rows left. */
static void check_book(void)
{
    static pab_resting_order orders[LISTED];
    int64_t resting = 0;
    int count = 0;
    for (int32_t side = PAB_BUY; side >= PAB_SELL; side -= 2) {
        uint32_t n = pab_market_l3(l.m, 0, side, orders, LISTED);
        for (uint32_t i = 0; i < n; i++) {
            if (orders[i].ptc_half == 2)
                continue; /* counted with its visible half */
            assert_int_equal(orders[i].quantity, g.quantity[orders[i].order_id]);
            assert_int_equal(orders[i].side, g.side[orders[i].order_id]);
            resting += orders[i].quantity;
            count++;
        }
    }
    assert_int_equal(count, g.live_count);
    assert_int_equal(resting, g.rested - g.filled - g.taken_off);
}

static void check_totals(void)
{
    pab_symbol_info s = {.struct_size = sizeof s};
    int64_t cash = 0, shares = 0, start = 0;
    must(pab_market_symbol(l.m, 0, &s));
    assert_int_equal(s.trades, g.trades);
    assert_int_equal(s.traded_volume, g.filled);
    assert_int_equal(s.accepted, g.accepted);
    assert_int_equal(s.cancelled, g.cancelled);
    for (uint32_t i = 0; i < l.info.group_count; i++) {
        pab_group_info group = {.struct_size = sizeof group};
        must(pab_scenario_group(l.scn, i, &group));
        start += group.count * group.starting_cash;
    }
    for (int32_t id = 0; id < (int32_t)l.info.agent_count; id++) {
        pab_agent_info a = {.struct_size = sizeof a};
        must(pab_market_agent(l.m, id, &a));
        cash += a.cash;
        shares += pab_market_holding(l.m, id, 0);
    }
    assert_int_equal(shares, 0);
    assert_int_equal(cash, start);
}

static uint32_t allowed_flags; /* of the crew's orders */

static void act_at_random(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    pab_open_order o[64];
    uint32_t n = pab_agent_open_orders(self, o, 64);
    (void)b, (void)who, (void)step;
    for (int i = 0; i < 3; i++) {
        int64_t kind = pab_agent_randint(self, 0, 10), quantity = pab_agent_randint(self, 1, 50);
        int32_t side = pab_agent_randint(self, 0, 2) ? PAB_BUY : PAB_SELL;
        int64_t price = 1000 - side * pab_agent_randint(self, -2, 8);
        uint32_t flags = (uint32_t)pab_agent_randint(self, 0, 8) & allowed_flags;
        const pab_open_order *mine = n > 0 ? &o[pab_agent_randint(self, 0, n)] : NULL;
        if ((flags & PAB_ORDER_HIDDEN) && (flags & PAB_ORDER_PRICE_TO_COMPLY))
            flags = PAB_ORDER_HIDDEN;
        if (kind < 6 || !mine)
            pab_agent_limit_order(self, 0, side, quantity, price, flags);
        else if (kind == 6)
            pab_agent_market_order(self, 0, side, quantity);
        else if (kind == 7)
            pab_agent_partial_cancel(self, mine->id, quantity / 2 + 1);
        else
            pab_agent_cancel(self, mine->id);
    }
}

static void check_run(const char *quirks, const char *more, uint64_t seed)
{
    pab_tap tap = {.struct_size = sizeof tap, .delivery = on_delivery, .row = on_row};
    l.act = act_at_random;
    l.hear = NULL;
    l.deaf = 1;
    int strict = g.strict;
    memset(&g, 0, sizeof g);
    g.strict = strict;
    lab_open(&l, quirks, more);
    lab_start(&l, seed);
    must(pab_market_set_tap(l.m, &tap));
    for (int i = 1; i <= 20; i++) {
        must(pab_market_run(l.m, l.info.market_open + i * LAB_SECOND, NULL));
        check_book();
    }
    must(pab_market_finish(l.m));
    check_book();
    check_totals();
    assert_true(g.trades > 20);
    lab_close(&l);
}

static const char crowd[] = "agents: {crew: {count: 30}}";

static void plain_orders_keep_priority_and_nothing_is_lost(void **state)
{
    (void)state;
    allowed_flags = 0;
    g.strict = 1;
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        check_run("none", crowd, seed);
}

static void flagged_orders_never_cross_or_lock_the_book(void **state)
{
    (void)state;
    g.strict = 0;
    static const uint32_t flags[] = {PAB_ORDER_POST_ONLY, PAB_ORDER_PRICE_TO_COMPLY, PAB_ORDER_HIDDEN,
                                     PAB_ORDER_POST_ONLY | PAB_ORDER_PRICE_TO_COMPLY | PAB_ORDER_HIDDEN};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        allowed_flags = flags[seed % 4];
        check_run("none", crowd, seed);
    }
}

static void built_in_agents_keep_priority_too(void **state)
{
    static const char more[] = "clock: {market_close: '09:32:00'}\n"
                               "symbols: {X: {oracle: {kind: sparse}}}\n"
                               "agents: {crew: {count: 8}, maker: {type: market_maker, symbol: X, wake_up_freq: 5s},\n"
                               "  value: {type: value, symbol: X, count: 20, lambda_a: 1e-9, r_bar: 1000},\n"
                               "  momentum: {type: momentum, symbol: X, count: 5, wake_up_freq: 500ms},\n"
                               "  noise: {type: noise, symbol: X, count: 100}}";
    (void)state;
    allowed_flags = 0;
    g.strict = 1;
    for (uint64_t seed = 0; seed < SEEDS / 2; seed++)
        check_run("none", more, seed);
}

/* Whole mornings of the reference markets, both generators, ABIDES' own quirks. */
static void reference_markets_conserve_cash_and_shares(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        pab_config *cfg = NULL;
        must(pab_config_new(NULL, &cfg));
        must(pab_config_preset(cfg, "rmsc04"));
        must(pab_config_set(cfg, "clock.market_close", "09:45:00"));
        must(pab_config_set(cfg, "rng", i < 2 ? "abides" : "fast"));
        must(pab_config_set(cfg, "quirks", i % 2 ? "none" : "abides"));
        l.cfg = cfg;
        pab_tap tap = {.struct_size = sizeof tap, .delivery = on_delivery, .row = on_row};
        memset(&g, 0, sizeof g);
        g.strict = 1;
        lab_start(&l, (uint64_t)i);
        must(pab_market_set_tap(l.m, &tap));
        must(pab_market_finish(l.m));
        check_book();
        check_totals();
        assert_true(g.trades > 100);
        lab_close(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_orders_keep_priority_and_nothing_is_lost),
        cmocka_unit_test(flagged_orders_never_cross_or_lock_the_book),
        cmocka_unit_test(built_in_agents_keep_priority_too),
        cmocka_unit_test(reference_markets_conserve_cash_and_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
