/* Tapes, facts and fits without memory. */
#include "../faults.h"
#include "../tiny.h"

#define SECOND INT64_C(1000000000)

typedef struct world {
    fault_world base;
    pab_scenario *scn;
    pab_tape *tapes[2];
    int32_t threads;
} world;

static const char day[] = "clock: {market_close: 09:51:00}\n";

static uint64_t hash_of_text(const pab_config *cfg)
{
    static char text[1 << 16];
    size_t len = 0;
    must(pab_config_text(cfg, text, sizeof text, &len));
    return pab__hash_long(text, len);
}

static pab_tape_info info_of(const pab_tape *tape)
{
    pab_tape_info info = {.struct_size = sizeof info};
    must(pab_tape_describe(tape, &info));
    return info;
}

static pab_status facts(void *user, uint64_t *digest)
{
    world *w = user;
    double leg[PAB_LEG_FACT_COUNT] = {0}, pair[PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST] = {0};
    pab_status status = pab_facts_leg(w->tapes[0], leg, PAB_LEG_FACT_COUNT);
    if (status == PAB_OK)
        status = pab_facts_pair(w->tapes[0], w->tapes[1], pair, PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST);
    *digest = pab__hash_mix(pab__hash(leg, sizeof leg), pab__hash(pair, sizeof pair));
    return status;
}

static pab_status check(void *user, uint64_t *digest)
{
    world *w = user;
    char text[4096] = "";
    size_t len = 0;
    pab_status status = pab_stage0_check(w->tapes[0], w->tapes[1], text, sizeof text, &len);
    *digest = pab__hash(text, len) + 1;
    return status;
}

static pab_status add_rows(void *user, uint64_t *digest)
{
    world *w = user;
    pab_tape *tape = NULL;
    pab_status status = pab_tape_new(&w->base.host, &tape);
    uint64_t quotes = 0, trades = 0;
    for (int i = 0; status == PAB_OK && i < 300; i++) {
        status = pab_tape_add_quote(tape, i, 100, 1, 101, 1);
        quotes += status == PAB_OK;
        if (status == PAB_OK)
            status = pab_tape_add_trade(tape, i, 100, 1, 0, 0);
        trades += status == PAB_OK;
    }
    if (tape)
        assert_true(info_of(tape).quotes == quotes && info_of(tape).trades == trades);
    *digest = 1;
    pab_tape_free(tape);
    return status;
}

/* Reads what is on a tape as a file, in ticks of a cent. */
static pab_status read_file(void *user, uint64_t *digest)
{
    world *w = user;
    pab_tape *tape = NULL;
    pab_status status = pab_tape_new(&w->base.host, &tape);
    if (status == PAB_OK)
        status = pab_tape_read(tape, world_path(&w->base, "quotes.csv"), NULL);
    if (status == PAB_OK)
        *digest = info_of(tape).quotes;
    else if (tape)
        assert_int_equal(info_of(tape).quotes, 0);
    pab_tape_free(tape);
    return status;
}

static pab_status record(void *user, uint64_t *digest)
{
    world *w = user;
    static const double tick[2] = {0.01, 0.01};
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_market *market = NULL;
    pab_tape *tapes[2] = {NULL, NULL};
    must(pab_scenario_describe(w->scn, &info));
    pab_status status = pab_market_new(w->scn, &market);
    if (status == PAB_OK)
        status = pab_market_reset(market, 7);
    for (int i = 0; status == PAB_OK && i < 2; i++)
        status = pab_tape_new(&w->base.host, &tapes[i]);
    if (status == PAB_OK)
        status = pab_tape_record(market, tapes, tick, 2, info.market_open + 30 * SECOND);
    if (status == PAB_OK)
        *digest = info_of(tapes[0]).quotes;
    pab_market_free(market);
    pab_tape_free(tapes[0]);
    pab_tape_free(tapes[1]);
    return status;
}

static pab_status fit(void *user, uint64_t *digest)
{
    world *w = user;
    pab_fit_options o;
    pab_fit_report report = {.struct_size = sizeof report};
    must(pab_fit_options_init(&o, sizeof o));
    o.budget = PAB_BUDGET_SMALL;
    o.threads = w->threads;
    int64_t left = put_off(&w->base);
    pab_config *cfg = tiny_config(&w->base.host, day);
    uint64_t before = hash_of_text(cfg);
    bring_back(&w->base, left);
    pab_status status = pab_stage0_fit(cfg, w->tapes[0], w->tapes[1], &o, &report);
    disarm(&w->base);
    *digest = hash_of_text(cfg);
    if (status != PAB_OK)
        assert_true(*digest == before);
    pab_config_free(cfg);
    return status;
}

/* A fit takes seconds and tens of thousands of allocations: the first ones fail, and, in the long suite, some on the
 * way and the last ones, with which it writes its result. */
static void fail_a_fit(world *w, int32_t threads)
{
    enum { FIRST = 40, LAST = 60 };
    const fault_operation operation = {"pab_stage0_fit", fit, w, 0};
    uint64_t wanted = 0;
    int64_t count = FIRST, tried = 0;
    w->threads = threads;
    if (faults_all())
        count = run_clean(&w->base.memory, &operation, &wanted);
    for (int64_t n = 0; n < count; n += n < FIRST ? 1 : n < count - LAST ? count / 10 : 7)
        tried += fail_allocation(&w->base.memory, &operation, n, (int)(n % 2), wanted);
    if (faults_all()) /* the very last one */
        fail_allocation(&w->base.memory, &operation, count - 1, 0, wanted);
    print_message("# pab_stage0_fit, %d threads: %lld faults in %lld allocations\n", threads, (long long)tried,
                  (long long)count);
}

static void open_world(world *w)
{
    static const double tick[2] = {0.01, 0.01};
    *w = (world){.threads = 0};
    open_fault_world(&w->base);
    pab_config *cfg = tiny_config(&w->base.host, day);
    must(pab_scenario_new(cfg, &w->scn));
    pab_config_free(cfg);
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_market *market = NULL;
    must(pab_scenario_describe(w->scn, &info));
    must(pab_market_new(w->scn, &market));
    must(pab_market_reset(market, 12345));
    must(pab_market_run(market, info.market_open + 5 * SECOND, NULL));
    for (int i = 0; i < 2; i++)
        must(pab_tape_new(&w->base.host, &w->tapes[i]));
    must(pab_tape_record(market, w->tapes, tick, 2, info.market_close));
    pab_market_free(market);
    FILE *file = fopen(world_path(&w->base, "quotes.csv"), "w");
    fprintf(file, "time_ms,bid,bid_size,ask,ask_size\n");
    for (int i = 0; i < 300; i++)
        fprintf(file, "%d,%d,5,%d,7\n", 34200000 + 1000 * i, 100000 + 100 * (i % 7), 100200 + 100 * (i % 7));
    fclose(file);
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w;
    (void)state;
    open_world(&w);
    const fault_operation operations[] = {
        {"pab_tape_add_quote", add_rows, &w, 0}, {"pab_tape_read", read_file, &w, 0},
        {"pab_tape_record", record, &w, 0},      {"pab_facts_pair", facts, &w, 0},
        {"pab_stage0_check", check, &w, 0},
    };
    fail_every_allocation_of(&w.base.memory, operations, sizeof operations / sizeof *operations);
    fail_a_fit(&w, 0);
    fail_a_fit(&w, 2);
    pab_tape_free(w.tapes[0]);
    pab_tape_free(w.tapes[1]);
    pab_scenario_free(w.scn);
    close_fault_world(&w.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("stage0/faults", tests, NULL, NULL);
}
