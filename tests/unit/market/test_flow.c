/* A crowd at its real tick: what the preset pair_cent shows, and that its agents are agents like all others. */
#include "pair_lab.h"

#include <stdio.h>
#include <stdlib.h>

#include "../base/failing.h"
#include "base/hash.h"
#include "market/agents/news.h"

static const int64_t second = INT64_C(1000000000), minute = INT64_C(60000000000);

static void run_to(pab_market *m, int64_t after_open)
{
    assert_int_equal(pab_market_run(m, m->scn->clock.market_open + after_open, NULL), PAB_OK);
}

static uint64_t hash_of(const pab_market *m)
{
    uint64_t hash = 0;
    assert_int_equal(pab_market_hash(m, &hash), PAB_OK);
    return hash;
}

static int32_t id_of(const pab_market *m, const char *group)
{
    for (uint32_t i = 0; i < m->scn->group_count; i++)
        if (strcmp(m->scn->groups[i].name, group) == 0)
            return m->scn->groups[i].first_id;
    fail_msg("there is no group %s", group);
    return -1;
}

static pab__flow *flow_of(const pab_market *m, const char *group)
{
    return pab__agent_own_at(m, id_of(m, group));
}

/* --- What it looks like --- */

typedef struct tape {
    uint64_t hash;
    int64_t since[2], one_tick[2], watched[2]; /* ns */
    int64_t spread[2];
    int64_t here, away, quotes; /* shares, shares, changes */
    int empty;
} tape;

static void on_quote(void *user, int64_t time, uint32_t symbol, const pab_level *bid, const pab_level *ask)
{
    tape *t = user;
    const int64_t of[6] = {time, symbol, bid->price, bid->quantity, ask->price, ask->quantity};
    t->hash = pab__hash_mix(t->hash, pab__hash(of, sizeof of));
    t->quotes++;
    if (t->since[symbol] > 0) {
        t->watched[symbol] += time - t->since[symbol];
        t->one_tick[symbol] += t->spread[symbol] == 1 ? time - t->since[symbol] : 0;
        t->empty |= bid->price == 0 || ask->price == 0;
        t->since[symbol] = time;
    } else if (bid->price > 0 && ask->price > 0) {
        t->since[symbol] = time;
    }
    t->spread[symbol] = ask->price - bid->price;
}

static void on_row(void *user, int64_t time, uint32_t symbol, const pab_book_row *row)
{
    tape *t = user;
    (void)time, (void)symbol;
    t->here += row->kind == PAB_ROW_EXEC ? row->quantity : 0;
    t->away += row->kind == PAB_ROW_AWAY ? row->quantity : 0;
}

static void watch(pab_market *m, tape *t)
{
    pab_tap tap = {.struct_size = sizeof tap, .user = t, .row = on_row, .l1 = on_quote};
    assert_int_equal(pab_market_set_tap(m, &tap), PAB_OK);
}

static void the_spread_is_one_tick(void **state)
{
    (void)state;
    pab_market *m = market_of("preset: pair_cent\n", 1);
    tape t = {0};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        assert_int_equal(pab_market_reset(m, seed), PAB_OK);
        t.since[0] = t.since[1] = 0;
        watch(m, &t);
        run_to(m, 60 * minute);
    }
    assert_false(t.empty);
    assert_true((double)t.one_tick[0] > 0.95 * (double)t.watched[0]);
    assert_true((double)t.one_tick[1] > 0.99 * (double)t.watched[1]);
    assert_in_range(t.quotes, 4 * 60000, 4 * 400000);
    pab_market_free(m);
}

static void prints_of_other_venues_are_in_the_volume(void **state)
{
    (void)state;
    pab_market *m = market_of("preset: pair_cent\n", 1);
    tape t = {0};
    int64_t bought, sold, volume = 0;
    watch(m, &t);
    run_to(m, 20 * minute);
    for (uint32_t s = 0; s < 2; s++) {
        pab__book_volume(&m->books[s], m->core.now, 20 * minute, &bought, &sold);
        volume += bought + sold;
    }
    assert_true(t.here > 0 && 2 * t.away > t.here);
    assert_true(volume == t.here + t.away);
    pab_market_free(m);
}

/* The bytes of a run: a change of these numbers is a change of the model. */
static void a_run_is_what_it_was(void **state)
{
    (void)state;
    pab_market *m = market_of("preset: pair_cent\n", 7);
    tape t = {0};
    watch(m, &t);
    run_to(m, 5 * minute);
    if (t.hash != UINT64_C(0xfd8ffa16543b315))
        fail_msg("the tape of five minutes has hash 0x%llx, %lld quotes", (unsigned long long)t.hash,
                 (long long)t.quotes);
    pab_market_free(m);
}

/* --- State --- */

static void a_fork_goes_on_as_its_original(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair_cent\n");
    pab_market *m = market_on(scn, 3), *fork = market_on(scn, 4), *loaded = market_on(scn, 5);
    size_t len = 0;
    run_to(m, 400 * second + 123456789);
    assert_int_equal(pab_market_copy(fork, m), PAB_OK);
    assert_int_equal(pab_market_save(m, NULL, 0, &len), PAB_E_CAPACITY);
    void *bytes = malloc(len);
    assert_int_equal(pab_market_save(m, bytes, len, NULL), PAB_OK);
    assert_int_equal(pab_market_restore(loaded, bytes, len), PAB_OK);
    assert_true(hash_of(fork) == hash_of(m) && hash_of(loaded) == hash_of(m));
    run_to(m, 600 * second);
    run_to(fork, 433 * second); /* stops on the way change nothing */
    for (int i = 0; i < 1000; i++)
        assert_int_equal(pab_market_step(fork, NULL), PAB_OK);
    run_to(fork, 600 * second);
    run_to(loaded, 600 * second);
    assert_true(hash_of(fork) == hash_of(m) && hash_of(loaded) == hash_of(m));
    free(bytes);
    pab_market_free(m);
    pab_market_free(fork);
    pab_market_free(loaded);
    pab_scenario_free(scn);
}

static void reseeded_forks_part(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("preset: pair_cent\n");
    pab_market *m[3];
    for (int i = 0; i < 3; i++) {
        m[i] = market_on(scn, 3);
        run_to(m[i], 60 * second);
        assert_int_equal(pab_market_reseed(m[i], i < 2 ? 7 : 8), PAB_OK);
        run_to(m[i], 120 * second);
    }
    assert_true(hash_of(m[0]) == hash_of(m[1]) && hash_of(m[0]) != hash_of(m[2]));
    for (int i = 0; i < 3; i++)
        pab_market_free(m[i]);
    pab_scenario_free(scn);
}

/* Writes one thing into the state of AAA's crowd that it cannot have, and restores. */
static void refused_with(pab_market *m, void (*spoil)(pab__flow *s))
{
    pab__flow *s = flow_of(m, "flow_AAA"), kept = *s;
    size_t len = 0;
    assert_int_equal(pab_market_save(m, NULL, 0, &len), PAB_E_CAPACITY);
    void *bytes = malloc(len);
    spoil(s);
    assert_int_equal(pab_market_save(m, bytes, len, NULL), PAB_OK);
    pab_market *other = market_on(m->scn, 1);
    assert_int_equal(pab_market_restore(other, bytes, len), PAB_E_CORRUPT);
    pab_market_free(other);
    *s = kept;
    assert_int_equal(pab_market_save(m, bytes, len, NULL), PAB_OK);
    assert_int_equal(pab_market_restore(m, bytes, len), PAB_OK);
    free(bytes);
}

static void too_many_tasks(pab__flow *s)
{
    s->agenda.count = PAB__AGENDA_SIZE + 1;
}

static void endless_refill(pab__flow *s)
{
    s->agenda.count = 1;
    s->agenda.task[0] = (pab__task){.kind = PAB__TASK_REFILL, .left = INT64_MAX, .price = 100};
}

static void no_such_sibling(pab__flow *s)
{
    s->sibling = 1000;
}

static void a_sibling_that_is_no_crowd(pab__flow *s)
{
    s->sibling = 0;
}

static void orders_miscounted(pab__flow *s)
{
    s->orders[1] = s->orders[1] < 0 ? 1 << 20 : s->orders[1] + 1;
}

static void endless_depth(pab__flow *s)
{
    s->depth_factor = 1e300;
}

static void no_number(pab__flow *s)
{
    s->passing[1] = NAN;
}

static void a_dead_generator(pab__flow *s)
{
    memset(s->draw.word, 0, sizeof s->draw.word);
}

static void a_wrong_power(pab__flow *s)
{
    s->add_power[0] *= 2;
}

static void forged_states_are_refused(void **state)
{
    void (*const spoils[])(pab__flow *) = {too_many_tasks, endless_refill, no_such_sibling, a_sibling_that_is_no_crowd,
                                           orders_miscounted, endless_depth, no_number, a_dead_generator,
                                           a_wrong_power};
    (void)state;
    pab_market *m = market_of("preset: pair_cent\n", 2);
    run_to(m, 100 * second);
    for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++)
        refused_with(m, spoils[i]);
    pab_market_free(m);
}

/* Random bytes of the crowds' states: refused, or run without harm. */
static void damaged_states_are_refused_or_run(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252u;
    pab_scenario *scn = scenario_of("preset: pair_cent\n");
    pab_market *m = market_on(scn, 2), *other = market_on(scn, 2);
    size_t len = 0, refused = 0;
    run_to(m, 100 * second);
    assert_int_equal(pab_market_save(m, NULL, 0, &len), PAB_E_CAPACITY);
    unsigned char *bytes = malloc(len);
    for (int i = 0; i < 400; i++) {
        unsigned char *s = (unsigned char *)flow_of(m, i % 2 ? "flow_AAA" : "flow_BBB");
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        size_t at = random % sizeof(pab__flow);
        unsigned char flip = (unsigned char)(1 + random / sizeof(pab__flow) % 255);
        s[at] ^= flip;
        assert_int_equal(pab_market_save(m, bytes, len, NULL), PAB_OK);
        s[at] ^= flip;
        pab_status status = pab_market_restore(other, bytes, len);
        refused += status != PAB_OK;
        for (int k = 0; k < 2000 && status == PAB_OK; k++)
            status = pab_market_step(other, NULL);
    }
    assert_true(refused > 50);
    free(bytes);
    pab_market_free(m);
    pab_market_free(other);
    pab_scenario_free(scn);
}

static void a_warm_market_does_not_allocate(void **state)
{
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_market *m = NULL;
    (void)state;
    assert_int_equal(pab_config_new(&host, &cfg), PAB_OK);
    assert_int_equal(pab_config_preset(cfg, "pair_cent"), PAB_OK);
    assert_int_equal(pab_scenario_new(cfg, &scn), PAB_OK);
    assert_int_equal(pab_market_new(scn, &m), PAB_OK);
    for (int i = 0; i < 2; i++) {
        int64_t before = f.seen;
        assert_int_equal(pab_market_reset(m, 9), PAB_OK);
        run_to(m, 10 * minute);
        assert_true(i == 0 || f.seen == before);
    }
    pab_market_free(m);
    pab_scenario_free(scn);
    pab_config_free(cfg);
    assert_int_equal(f.blocks, 0);
}

/* --- Other agents --- */

typedef struct trips {
    int64_t size, hold, pause;
} trips;

/* Buys at market, or sells, on even wakings and goes back on odd ones. */
static void trip_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    const trips *plan = pab_agent_user(self);
    int64_t *side = own;
    if (!can_trade)
        return;
    int64_t held = pab_agent_holding(self, pab_agent_symbol(self));
    int64_t wait = plan->pause + (int64_t)pab_agent_exponential(self, (double)plan->hold);
    if (held != 0)
        pab_agent_market_order(self, pab_agent_symbol(self), held > 0 ? PAB_SELL : PAB_BUY, llabs(held));
    else
        pab_agent_market_order(self, pab_agent_symbol(self), (*side)++ % 2 ? PAB_SELL : PAB_BUY, plan->size);
    pab_agent_wakeup_at(self, pab_agent_now(self) + wait);
}

static pab_market *market_with_trips(trips *plan, const char *symbol, int count, uint64_t seed)
{
    pab_agent_type type;
    char yaml[256];
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    assert_int_equal(pab_agent_type_init(&type, sizeof type), PAB_OK);
    type.name = type.label = "tripper";
    type.state_size = sizeof(int64_t);
    type.user = plan;
    type.on_wakeup = trip_wakeup;
    assert_int_equal(pab_config_new(NULL, &cfg), PAB_OK);
    assert_int_equal(pab_config_add_agent_type(cfg, &type), PAB_OK);
    snprintf(yaml, sizeof yaml, "preset: pair_cent\nagents: {tripper: {type: tripper, symbol: %s, count: %d}}\n",
             symbol, count);
    assert_int_equal(pab_config_parse(cfg, yaml, strlen(yaml), "trips"), PAB_OK);
    assert_int_equal(pab_scenario_new(cfg, &scn), PAB_OK);
    pab_config_free(cfg);
    pab_market *m = market_on(scn, seed);
    pab_scenario_free(scn);
    return m;
}

/* Money at the mid that round trips have made, in ticks a share traded. */
static double gain_of_trips(trips *plan, const char *symbol, uint64_t seed)
{
    pab_market *m = market_with_trips(plan, symbol, 1, seed);
    int32_t id = id_of(m, "tripper"), s = m->scn->groups[m->scn->group_of[id]].symbol;
    run_to(m, 55 * minute);
    pab_level bid, ask;
    assert_int_equal(pab_market_l1(m, (uint32_t)s, &bid, &ask), PAB_OK);
    const pab__agent_state *a = pab__agent_at(m, id);
    double mid = 0.5 * (double)(bid.price + ask.price), held = (double)pab__agent_view_at(m, id)->holding;
    double trips_made = (double)*(const int64_t *)pab__agent_own_at(m, id);
    double gain = ((double)(a->cash - m->scn->groups[m->scn->group_of[id]].common.starting_cash) + held * mid) /
                  (trips_made * (double)plan->size);
    pab_market_free(m);
    return gain;
}

static void round_trips_lose_money(void **state)
{
    static const int64_t sizes[] = {100, 1000, 5000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        trips a = {sizes[i], 5 * second, second}, b = {20 * sizes[i], 20 * second, second};
        double sum = 0;
        for (uint64_t seed = 1; seed <= 3; seed++)
            sum += gain_of_trips(&a, "AAA", seed) + gain_of_trips(&b, "BBB", seed);
        assert_true(sum / 6 < -0.5); /* ticks: half of what crossing twice costs */
    }
}

static void money_and_shares_are_kept(void **state)
{
    (void)state;
    trips plan = {700, 5 * second, second};
    pab_market *m = market_with_trips(&plan, "AAA", 3, 1);
    int64_t cash = 0, shares = 0, start = 0;
    run_to(m, 20 * minute);
    for (int32_t id = 1; id < (int32_t)m->scn->agent_count; id++) {
        cash += pab__agent_at(m, id)->cash;
        start += pab__group_at(m, id)->common.starting_cash;
        shares += pab_market_holding(m, id, 0);
    }
    assert_int_equal(shares, 0);
    assert_true(llabs(cash - start) < 10 * 700 * 4850); /* fills on their way */
    pab_market_free(m);
}

static void quiet_agents_change_no_quote(void **state)
{
    static const char *const yaml[] = {"preset: pair_cent\n",
                                       "preset: pair_cent\nagents: {idler: {type: idle, count: 3, wake_offset: 1s}}\n"};
    uint64_t hash[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        pab_market *m = market_of(yaml[i], 11);
        tape t = {0};
        watch(m, &t);
        run_to(m, 3 * minute);
        hash[i] = t.hash;
        pab_market_free(m);
    }
    assert_true(hash[0] == hash[1]);
}

/* Trades of another agent change what the crowd does, but neither news nor factors. */
static void traders_move_nobodys_draws(void **state)
{
    (void)state;
    trips plan = {2000, 3 * second, second};
    pab_market *with = market_with_trips(&plan, "AAA", 2, 5), *without = market_with_trips(&plan, "AAA", 0, 5);
    run_to(with, 10 * minute);
    run_to(without, 10 * minute);
    const pab__flow *a = flow_of(with, "flow_AAA"), *b = flow_of(without, "flow_AAA");
    assert_memory_not_equal(&a->draw, &b->draw, sizeof a->draw);
    assert_memory_equal(&a->path, &b->path, sizeof a->path);
    assert_memory_equal(&a->slow, &b->slow, sizeof a->slow);
    assert_memory_equal(&a->burst, &b->burst, sizeof a->burst);
    const void *news = pab__agent_own_at(with, id_of(with, "news"));
    assert_memory_equal(news, pab__agent_own_at(without, id_of(without, "news")),
                        with->scn->groups[0].type.state_size);
    pab_market_free(with);
    pab_market_free(without);
}

/* A market order moves the price its way, a larger one more, but less than in proportion. */
static double moved_by(int64_t size, uint64_t seed)
{
    trips plan = {size, 3600 * second, second};
    pab_market *m = market_with_trips(&plan, "AAA", 1, seed);
    int32_t id = id_of(m, "tripper");
    while (pab__agent_view_at(m, id)->holding == 0)
        assert_int_equal(pab_market_step(m, NULL), PAB_OK);
    const pab__flow *s = flow_of(m, "flow_AAA");
    double up = s->own + s->passing[0] + s->passing[1] + s->passing[2];
    pab_market_free(m);
    return up;
}

static void trades_of_others_have_impact(void **state)
{
    (void)state;
    double small = 0, large = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        small += moved_by(400, seed);
        large += moved_by(6400, seed);
    }
    assert_true(small > 0 && large > 2 * small && large < 16 * small);
}

/* --- Keys --- */

static void keys_that_cannot_be_are_named(void **state)
{
    (void)state;
    assert_refused("preset: pair_cent\nagents: {flow_AAA: {adds: 1 2 3}}\n",
                   "agents.flow_AAA.adds: 3 numbers, expected 10");
    assert_refused("preset: pair_cent\nagents: {flow_AAA: {adds: 1 2 3 x 5 6 7 8 9 10}}\n",
                   "agents.flow_AAA.adds: item 3 is 'x 5 6");
    assert_refused("preset: pair_cent\nagents: {flow_BBB: {queues: 0 1 1 1 1 1 1 1 1 1}}\n",
                   "agents.flow_BBB.queues: item 0 is 0, expected 1 to 1e+12");
    assert_refused("preset: pair_cent\nagents: {more: {type: flow, symbol: AAA}}\n",
                   "more than one agent of type flow");
    assert_refused("preset: pair_cent\nagents: {news: {second: ''}}\n", "no agent of type news has symbol BBB");
    assert_refused("preset: pair_cent\nagents: {news: {second: AAA}}\n", "first and second are the same symbol");
    assert_refused("preset: pair_cent\nagents: {more: {type: news, first: BBB}}\n", "more than one agent of type news");
    assert_refused("preset: pair_cent\nsymbols: {AAA: {oracle: {r_bar: 3}}}\n", "oracle.r_bar is 3 ticks");
    assert_refused("preset: pair_cent\nexchange: {self_trade_prevention: true}\n", "self_trade_prevention must be off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_spread_is_one_tick),
        cmocka_unit_test(prints_of_other_venues_are_in_the_volume),
        cmocka_unit_test(a_run_is_what_it_was),
        cmocka_unit_test(a_fork_goes_on_as_its_original),
        cmocka_unit_test(reseeded_forks_part),
        cmocka_unit_test(forged_states_are_refused),
        cmocka_unit_test(damaged_states_are_refused_or_run),
        cmocka_unit_test(a_warm_market_does_not_allocate),
        cmocka_unit_test(round_trips_lose_money),
        cmocka_unit_test(money_and_shares_are_kept),
        cmocka_unit_test(quiet_agents_change_no_quote),
        cmocka_unit_test(traders_move_nobodys_draws),
        cmocka_unit_test(trades_of_others_have_impact),
        cmocka_unit_test(keys_that_cannot_be_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
