/* What callbacks must not do to their own market, and what a market that failed still answers. */
#include "base/hash.h"
#include "lab.h"

typedef struct attempt {
    const char *name;
    pab_status (*call)(pab_market *m);
} attempt;

static pab_market *other;
static unsigned char buffer[1 << 20];

static pab_status call_run(pab_market *m)
{
    return pab_market_run(m, INT64_MAX, NULL);
}

static pab_status call_step(pab_market *m)
{
    return pab_market_step(m, NULL);
}

static pab_status call_reset(pab_market *m)
{
    return pab_market_reset(m, 1);
}

static pab_status call_reseed(pab_market *m)
{
    return pab_market_reseed(m, 1);
}

static pab_status call_save(pab_market *m)
{
    return pab_market_save(m, buffer, sizeof buffer, NULL);
}

static pab_status call_save_file(pab_market *m)
{
    return pab_market_save_file(m, "/tmp/pab-callbacks-unused");
}

static pab_status call_restore(pab_market *m)
{
    return pab_market_restore(m, buffer, sizeof buffer);
}

static pab_status call_load_file(pab_market *m)
{
    return pab_market_load_file(m, "/tmp/pab-callbacks-unused");
}

static pab_status call_copy_to(pab_market *m)
{
    return pab_market_copy(m, other);
}

static pab_status call_copy_from(pab_market *m)
{
    return pab_market_copy(other, m);
}

static pab_status call_set_tap(pab_market *m)
{
    return pab_market_set_tap(m, NULL);
}

static const attempt attempts[] = {
    {"run", call_run},         {"step", call_step},           {"finish", pab_market_finish},
    {"reset", call_reset},     {"reseed", call_reseed},       {"save", call_save},
    {"save_file", call_save_file}, {"restore", call_restore}, {"load_file", call_load_file},
    {"copy to", call_copy_to}, {"copy from", call_copy_from}, {"set_tap", call_set_tap},
};

enum { ATTEMPTS = sizeof attempts / sizeof *attempts };

static int tried;

static void try_all(pab_market *m)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        pab_status status = attempts[i].call(m);
        if (status != PAB_E_STATE)
            fail_msg("%s in a callback: %s", attempts[i].name, pab_status_name(status));
        lab_error_has("callbacks");
        tried++;
    }
}

static void try_from_agent(lab *l, pab_agent *self, int32_t who, int32_t step)
{
    (void)self;
    if (who == 0 && step == 0)
        try_all(l->m);
}

static void do_nothing(lab *l, pab_agent *self, int32_t who, int32_t step)
{
    (void)l;
    (void)self;
    (void)who;
    (void)step;
}

static void try_from_tap(void *user, const pab_delivery *d)
{
    (void)d;
    if (tried == ATTEMPTS)
        try_all(user);
}

static void no_callback_turns_on_its_own_market(void **state)
{
    static lab l;
    uint64_t disturbed, plain;
    (void)state;
    tried = 0;
    l.act = try_from_agent;
    lab_open(&l, "none", NULL);
    lab_start(&l, 1);
    must(pab_market_new(l.scn, &other));
    must(pab_market_reset(other, 2));
    const pab_tap tap = {.struct_size = sizeof tap, .user = l.m, .delivery = try_from_tap};
    must(pab_market_set_tap(l.m, &tap));
    must(pab_market_finish(l.m));
    assert_int_equal(tried, 2 * ATTEMPTS);
    must(pab_market_hash(l.m, &disturbed));
    l.act = do_nothing;
    pab_market_free(other);
    must(pab_market_new(l.scn, &other));
    must(pab_market_reset(other, 1));
    must(pab_market_finish(other));
    must(pab_market_hash(other, &plain));
    assert_true(plain == disturbed);
    pab_market_free(other);
    lab_close(&l);
}

static void free_in_callback(lab *l, pab_agent *self, int32_t who, int32_t step)
{
    (void)self;
    if (who == 1 && step == 2)
        pab_market_free(l->m);
}

static void a_callback_that_frees_its_market_stops_the_run(void **state)
{
    static lab l;
    (void)state;
    l.act = free_in_callback;
    lab_open(&l, "none", NULL);
    lab_start(&l, 1);
    assert_int_equal(pab_market_finish(l.m), PAB_E_STATE);
    lab_error_has("frees it");
    lab_close(&l);
}

static void two_mistakes(lab *l, pab_agent *self, int32_t who, int32_t step)
{
    pab_level level;
    (void)l;
    if (who != 0 || step != 3)
        return;
    pab_agent_add_delay(self, 1000);
    pab_agent_add_delay(self, INT64_MAX);
    pab_agent_limit_order(self, 7, PAB_BUY, 1, 1, 0);  /* another failure */
    pab_market_l1(l->m, 99, &level, &level);           /* and another error */
}

/* The sentence is that of the first failure, now and later. */
static void the_first_failure_is_the_one_that_is_told(void **state)
{
    static lab l;
    pab_level bid, ask;
    pab_symbol_info symbol = {.struct_size = sizeof symbol};
    pab_agent_info agent = {.struct_size = sizeof agent};
    pab_market_counters counters = {.struct_size = sizeof counters};
    (void)state;
    l.act = two_mistakes;
    lab_open(&l, "none", NULL);
    lab_start(&l, 1);
    assert_int_equal(pab_market_finish(l.m), PAB_E_RANGE);
    lab_error_has("9223372036854775807 ns");
    assert_int_equal(pab_market_l1(l.m, 0, &bid, &ask), PAB_E_RANGE);
    lab_error_has("9223372036854775807 ns");
    assert_int_equal(pab_market_symbol(l.m, 0, &symbol), PAB_E_RANGE);
    assert_int_equal(pab_market_agent(l.m, 1, &agent), PAB_E_RANGE);
    assert_int_equal(pab_market_count(l.m, &counters), PAB_E_RANGE);
    assert_int_equal(pab_market_l2(l.m, 0, PAB_BUY, 1, &bid, 1), 0);
    assert_int_equal(pab_market_holding(l.m, 1, 0), 0);
    assert_null(pab_market_agent_state(l.m, 1));
    assert_int_equal(pab_market_run(l.m, INT64_MAX, NULL), PAB_E_STATE);
    l.act = do_nothing;
    must(pab_market_reset(l.m, 1)); /* as good as new */
    must(pab_market_finish(l.m));
    must(pab_market_l1(l.m, 0, &bid, &ask));
    lab_close(&l);
}

/* A forged state is found unsound when it is in place: nothing of it is shown, and the market is good for the next. */
static void a_market_that_took_in_a_forged_state_shows_nothing(void **state)
{
    static lab l;
    static unsigned char good[1 << 20], bad[1 << 20];
    size_t len = 0;
    int refusals = 0;
    uint64_t wanted, got;
    pab_level bid, ask;
    pab_resting_order order;
    (void)state;
    l.act = do_nothing;
    lab_open(&l, "none", NULL);
    lab_start(&l, 1);
    must(pab_market_run(l.m, l.info.market_open + LAB_SECOND, NULL));
    must(pab_market_hash(l.m, &wanted));
    must(pab_market_save(l.m, good, sizeof good, &len));
    for (size_t at = 48; at + 16 < len; at += 8) {
        memcpy(bad, good, len);
        memset(bad + at, 0xff, 4);
        uint64_t sum = pab__hash_long(bad, len - 8);
        memcpy(bad + len - 8, &sum, sizeof sum);
        pab_status status = pab_market_restore(l.m, bad, len);
        if (status == PAB_OK || pab_market_hash(l.m, &got) == PAB_OK)
            continue; /* taken, or refused before it was in place */
        assert_int_equal(status, PAB_E_CORRUPT);
        assert_int_equal(pab_market_l1(l.m, 0, &bid, &ask), PAB_E_CORRUPT);
        assert_int_equal(pab_market_l3(l.m, 0, PAB_BUY, &order, 1), 0);
        assert_null(pab_market_agent_state(l.m, 1));
        refusals++;
        must(pab_market_restore(l.m, good, len));
        must(pab_market_hash(l.m, &got));
        assert_true(got == wanted);
    }
    assert_true(refusals > 30);
    lab_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_callback_turns_on_its_own_market),
        cmocka_unit_test(a_callback_that_frees_its_market_stops_the_run),
        cmocka_unit_test(the_first_failure_is_the_one_that_is_told),
        cmocka_unit_test(a_market_that_took_in_a_forged_state_shows_nothing),
    };
    return cmocka_run_group_tests_name("market/callbacks", tests, NULL, NULL);
}
