/* Order management: what is sent, kept, reduced and sent anew, seen from the messages that arrive at the exchange. */
#include "episode.h"

#include "env/env.h"

#include <stdlib.h>

enum { LOG = 4096, OVER = PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED };

/* Order messages of the executor and the answers to it, in order of delivery. */
typedef struct tape {
    int32_t executor;
    uint32_t count;
    int32_t type[LOG];
} tape;

static void note(void *user, const pab_delivery *d)
{
    tape *t = user;
    int order = d->type >= PAB_MSG_LIMIT_ORDER && d->type <= PAB_MSG_REPLACE_ORDER && d->sender == t->executor;
    int answer = d->type >= PAB_MSG_ORDER_ACCEPTED && d->type <= PAB_MSG_ORDER_REJECTED && d->recipient == t->executor;
    if ((order || answer) && t->count < LOG)
        t->type[t->count++] = d->type;
}

static uint32_t count_of(const tape *t, int32_t type)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->count; i++)
        n += t->type[i] == type;
    return n;
}

/* Quotes five levels of 100 shares on each side of 1000, once; then touches a far price now and then, so that the
 * feed moves. */
static void ladder_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    int32_t *stands = own;
    for (int32_t symbol = 0; symbol < 2 && can_trade; symbol++) {
        for (int64_t k = 0; k < 5 && !*stands; k++)
            for (int32_t side = PAB_SELL; side <= PAB_BUY; side += 2)
                pab_agent_limit_order(self, symbol, side, 100, 1000 - side * (4 + 2 * k), 0);
        pab_agent_limit_order(self, symbol, PAB_BUY, 1, 10, 0);
    }
    *stands |= can_trade;
    if (can_trade)
        pab_agent_wakeup_at(self, pab_agent_now(self) + INT64_C(300000000));
}

/* A market in which only the executor trades: nothing else happens. */
static pab_env *quiet(tape *t, const char *pair)
{
    static const char yaml[] = "rng: fast\nquirks: none\n"
                               "clock: {market_close: '09:40:00', kernel_start: '09:29:59'}\n"
                               "symbols: {AAA: {oracle: {kind: none, r_bar: 1000}}, BBB: {oracle: {kind: none}}}\n"
                               "agents: {ladder: {type: ladder}, executor: {type: pair_executor}}\n";
    pab_agent_type ladder;
    pab_config *cfg;
    pab_scenario *scn;
    pab_env *env;
    must(pab_agent_type_init(&ladder, sizeof ladder));
    ladder.name = "ladder";
    ladder.state_size = sizeof(int32_t);
    ladder.on_wakeup = ladder_wakeup;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_add_agent_type(cfg, &ladder));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "quiet"));
    must(pab_config_parse(cfg, pair, strlen(pair), "pair"));
    must(pab_scenario_new(cfg, &scn));
    must(pab_env_new(scn, &env));
    must(pab_env_reset(env, 4, NULL, NULL, 0));
    t->executor = pab__pair_of(scn)->executor;
    t->count = 0;
    pab_tap tap = {.struct_size = sizeof tap, .user = t, .delivery = note};
    must(pab_market_set_tap(env->slots[env->regime].run, &tap));
    pab_scenario_free(scn);
    pab_config_free(cfg);
    return env;
}

#define PAIR "pair: {warmup: 10s, horizon: 30s, interval: 1s, quantity: 400, side: buy, hedge: share, band: 1}"

static pab_step_result exact(pab_env *env, int32_t action, int64_t quantity)
{
    pab_step_result r;
    pab_decision d = {{action, PAB_ACTION_HOLD}, {quantity, 0}};
    must(pab_step_result_init(&r, sizeof r));
    must(pab_env_step_exact(env, &d, NULL, 0, &r));
    return r;
}

enum { JOIN = PAB_ACTION_FIRST_STYLE + 1, MID = JOIN + 6, TAKE = JOIN + 9 };

static void a_wanted_size_at_the_same_price_is_kept_grown_and_shrunk(void **state)
{
    (void)state;
    tape t;
    pab_env *env = quiet(&t, PAIR);
    const pab__leg *leg = &pab__env_state(env)->leg[0];
    assert_int_equal(exact(env, JOIN, 10).live[0], 10);
    int64_t first = leg->child[0].id, price = leg->price;
    exact(env, JOIN, 10); /* nothing to do */
    assert_int_equal(t.count, 2);
    assert_int_equal(exact(env, JOIN, 25).live[0], 25); /* a further order of 15 */
    assert_int_equal(leg->children, 2);
    assert_int_equal(leg->child[0].id, first);
    assert_int_equal(exact(env, JOIN, 18).live[0], 18); /* the newer one is made smaller */
    assert_int_equal(count_of(&t, PAB_MSG_PARTIAL_CANCEL_ORDER), 1);
    assert_int_equal(leg->child[0].left, 10);
    assert_int_equal(leg->child[1].left, 8);
    assert_int_equal(exact(env, JOIN, 6).live[0], 6); /* it goes, and the first is made smaller */
    assert_int_equal(leg->children, 1);
    assert_int_equal(leg->child[0].id, first);
    assert_int_equal(count_of(&t, PAB_MSG_CANCEL_ORDER), 1);
    assert_int_equal(count_of(&t, PAB_MSG_PARTIAL_CANCEL_ORDER), 2);
    assert_int_equal(leg->price, price);
    pab_env_free(env);
}

static void another_price_waits_for_the_cancel_to_be_answered(void **state)
{
    (void)state;
    tape t;
    pab_env *env = quiet(&t, PAIR);
    const pab__leg *leg = &pab__env_state(env)->leg[0];
    exact(env, JOIN, 10);
    exact(env, JOIN, 20);
    int64_t before = leg->price;
    t.count = 0;
    assert_int_equal(exact(env, MID, 12).live[0], 12);
    static const int32_t expected[] = {PAB_MSG_CANCEL_ORDER,    PAB_MSG_CANCEL_ORDER, PAB_MSG_ORDER_CANCELLED,
                                       PAB_MSG_ORDER_CANCELLED, PAB_MSG_LIMIT_ORDER,  PAB_MSG_ORDER_ACCEPTED};
    assert_int_equal(t.count, 6);
    assert_memory_equal(t.type, expected, sizeof expected);
    assert_int_equal(leg->children, 1);
    assert_true(leg->price > before);
    pab_env_free(env);
}

static void holding_leaves_orders_alone_and_cancelling_takes_all_away(void **state)
{
    (void)state;
    tape t;
    pab_env *env = quiet(&t, PAIR);
    exact(env, JOIN, 10);
    exact(env, JOIN, 20);
    uint32_t before = t.count;
    assert_int_equal(exact(env, PAB_ACTION_HOLD, 0).live[0], 20);
    assert_int_equal(t.count, before);
    assert_int_equal(describe(env).resting[0], 1);
    assert_int_equal(exact(env, PAB_ACTION_CANCEL, 0).live[0], 0);
    assert_int_equal(describe(env).resting[0], 0);
    assert_int_equal(count_of(&t, PAB_MSG_CANCEL_ORDER), 2);
    pab_env_free(env);
}

static void an_aggressive_order_never_stays(void **state)
{
    (void)state;
    tape t;
    pab_env *env = quiet(&t, PAIR);
    int64_t there = describe(env).far_quantity[0];
    assert_int_equal(there, 100);
    pab_step_result r = exact(env, TAKE, there + 5);
    assert_int_equal(r.filled[0], there);
    assert_int_equal(r.live[0], 0);
    assert_int_equal(count_of(&t, PAB_MSG_CANCEL_ORDER), 1);
    assert_int_equal(count_of(&t, PAB_MSG_ORDER_CANCELLED), 1);
    pab_fill fill;
    assert_true(pab_env_fills(env, &fill, 1) >= 1);
    assert_int_equal(fill.passive, 0);
    pab_env_free(env);
}

/* An intent that still waits gives way to a newer one. */
static void the_newer_intent_replaces_the_queued_one(void **state)
{
    (void)state;
    tape t;
    pab_env *env = quiet(&t, "pair: {warmup: 10s, horizon: 1s, interval: 1ms, quantity: 400, side: buy, band: 1}");
    const pab__leg *leg = &pab__env_state(env)->leg[0];
    exact(env, JOIN, 10);
    for (int k = 0; k < 40 && (leg->children == 0 || !leg->child[0].accepted); k++)
        exact(env, PAB_ACTION_HOLD, 0);
    assert_true(leg->children == 1 && leg->child[0].accepted);
    exact(env, MID, 11);
    assert_int_equal(leg->clearing, 1);
    assert_int_equal(leg->intent.style, PAB_STYLE_MID);
    exact(env, TAKE, 12);
    assert_int_equal(leg->intent.style, PAB_STYLE_TAKE);
    assert_int_equal(leg->intent.exact, 12);
    exact(env, PAB_ACTION_HOLD, 0);
    assert_int_equal(leg->intent.style, PAB_STYLE_TAKE);
    for (int k = 0; k < 60; k++)
        exact(env, PAB_ACTION_HOLD, 0);
    assert_int_equal(leg->intent.style, PAB__STYLE_NONE);
    assert_int_equal(leg->filled, 12);
    pab_env_free(env);
}

/* Shares that a cancel in flight will take off may still fill until it is answered: they are not sent twice. */
static void shares_on_their_way_out_still_count(void **state)
{
    (void)state;
    tape t;
    pab_env *env = quiet(&t, "pair: {warmup: 10s, horizon: 1s, interval: 1ms, quantity: 40, side: buy, band: 1}");
    const pab__leg *leg = &pab__env_state(env)->leg[0];
    exact(env, JOIN, 40);
    for (int k = 0; k < 100 && !leg->child[0].accepted; k++)
        exact(env, PAB_ACTION_HOLD, 0);
    exact(env, JOIN, 10);
    assert_int_equal(leg->child[0].reducing, 30);
    assert_int_equal(exact(env, JOIN, 40).live[0], 40);
    assert_int_equal(count_of(&t, PAB_MSG_LIMIT_ORDER), 1);
    for (int k = 0; k < 100 && leg->child[0].reducing; k++)
        exact(env, PAB_ACTION_HOLD, 0);
    assert_int_equal(exact(env, JOIN, 40).live[0], 40);
    assert_int_equal(leg->children, 2);
    pab_env_free(env);
}

static void a_cancel_does_not_overtake_its_order(void **state)
{
    (void)state;
    tape t;
    pab_env *env = quiet(&t, "latency: {model: cubic}\n"
                             "pair: {warmup: 10s, horizon: 20s, interval: 1ms, quantity: 400, side: buy, band: 1}");
    for (int round = 0; round < 30; round++) {
        exact(env, JOIN, 5);
        exact(env, PAB_ACTION_CANCEL, 0);
        for (int k = 0; k < 500 && describe(env).live[0] > 0; k++)
            exact(env, PAB_ACTION_HOLD, 0);
        assert_int_equal(describe(env).live[0], 0);
    }
    assert_int_equal(count_of(&t, PAB_MSG_ORDER_CANCELLED), 30);
    pab_env_free(env);
}

/* Where answers may overtake fills, an order is never reduced: it goes whole, and a smaller one may follow. */
static void with_jitter_a_surplus_goes_order_by_order(void **state)
{
    (void)state;
    for (int jitter = 0; jitter < 2; jitter++) {
        char yaml[256];
        tape t;
        snprintf(yaml, sizeof yaml, "latency: {model: %s}\n"
                 "pair: {warmup: 10s, horizon: 20s, interval: 1ms, quantity: 400, side: buy, band: 1}",
                 jitter ? "cubic" : "deterministic");
        pab_env *env = quiet(&t, yaml);
        const pab__leg *leg = &pab__executor_of(pab_env_market(env))->leg[0];
        exact(env, JOIN, 40);
        for (int k = 0; k < 100 && !leg->child[0].accepted; k++)
            exact(env, PAB_ACTION_HOLD, 0);
        exact(env, JOIN, 10);
        assert_int_equal(leg->child[0].reducing, jitter ? 0 : 30);
        assert_int_equal(leg->child[0].cancelling, jitter);
        for (int k = 0; k < 100 && (leg->child[0].reducing || leg->child[0].cancelling); k++)
            exact(env, PAB_ACTION_HOLD, 0);
        assert_int_equal(count_of(&t, PAB_MSG_PARTIAL_CANCEL_ORDER), jitter ? 0 : 1);
        assert_int_equal(count_of(&t, PAB_MSG_CANCEL_ORDER), jitter);
        assert_int_equal(exact(env, JOIN, 10).live[0], 10);
        pab_env_free(env);
    }
}

/* --- Memory --- */

typedef struct count {
    uint64_t calls;
} count;

static void *counted_alloc(void *user, size_t size, size_t align)
{
    ((count *)user)->calls++;
    return aligned_alloc(align, (size + align - 1) / align * align);
}

static void counted_release(void *user, void *ptr, size_t size)
{
    (void)user;
    (void)size;
    free(ptr);
}

static void warm_environments_do_not_allocate(void **state)
{
    (void)state;
    static const char yaml[] = "preset: pair\nagents: {executor: {type: pair_executor}}\n"
                               "pair: {warmup: 30s, horizon: 60s, quantity: 200}\n";
    count calls = {0};
    pab_host host;
    pab_config *cfg;
    pab_scenario *scn;
    pab_env *env, *fork;
    must(pab_host_init(&host, sizeof host));
    host.user = &calls;
    host.alloc = counted_alloc;
    host.release = counted_release;
    must(pab_config_new(&host, &cfg));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "test"));
    must(pab_scenario_new(cfg, &scn));
    must(pab_env_new(scn, &env));
    must(pab_env_new(scn, &fork));
    uint64_t warm = 0;
    for (int round = 0; round < 4; round++) {
        uint64_t rng = 3;
        warm = calls.calls;
        must(pab_env_reset(env, 6, NULL, NULL, 0));
        while (!(step(env, (int32_t)(next_random(&rng) % 17), (int32_t)(next_random(&rng) % 17)).flags & OVER))
            must(pab_env_copy(fork, env));
    }
    assert_true(warm > 0);
    assert_int_equal(calls.calls, warm);
    pab_env_free(env);
    pab_env_free(fork);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wanted_size_at_the_same_price_is_kept_grown_and_shrunk),
        cmocka_unit_test(another_price_waits_for_the_cancel_to_be_answered),
        cmocka_unit_test(holding_leaves_orders_alone_and_cancelling_takes_all_away),
        cmocka_unit_test(an_aggressive_order_never_stays),
        cmocka_unit_test(the_newer_intent_replaces_the_queued_one),
        cmocka_unit_test(shares_on_their_way_out_still_count),
        cmocka_unit_test(a_cancel_does_not_overtake_its_order),
        cmocka_unit_test(with_jitter_a_surplus_goes_order_by_order),
        cmocka_unit_test(warm_environments_do_not_allocate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
