/* A market's state: saved, restored, copied, hashed, forked, and refused when it is damaged. */
#include <unistd.h>

#include "../base/failing.h"
#include "base/file.h"
#include "base/hash.h"
#include "market/market.h"
#include "lab.h"

typedef struct bench {
    pab_scenario *scn;
    pab_scenario_info info;
    pab_market *m, *other;
} bench;

static bench open_bench(const char *preset, const char *rng, const char *close, const pab_host *host)
{
    bench b = {.info = {.struct_size = sizeof b.info}};
    pab_config *cfg = NULL;
    must(pab_config_new(host, &cfg));
    must(pab_config_preset(cfg, preset));
    must(pab_config_set(cfg, "rng", rng));
    must(pab_config_set(cfg, "clock.market_close", close));
    must(pab_scenario_new(cfg, &b.scn));
    must(pab_scenario_describe(b.scn, &b.info));
    must(pab_market_new(b.scn, &b.m));
    must(pab_market_new(b.scn, &b.other));
    pab_config_free(cfg);
    return b;
}

static void close_bench(bench *b)
{
    pab_market_free(b->m);
    pab_market_free(b->other);
    pab_scenario_free(b->scn);
}

static uint64_t hash_of(const pab_market *m)
{
    uint64_t hash = 0;
    must(pab_market_hash(m, &hash));
    return hash;
}

static void *saved(const pab_market *m, size_t *len)
{
    assert_int_equal(pab_market_save(m, NULL, 0, len), PAB_E_CAPACITY);
    void *buf = malloc(*len);
    assert_non_null(buf);
    must(pab_market_save(m, buf, *len, NULL));
    return buf;
}

static uint64_t random_state = 88172645463325252u;

static int64_t below(int64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int64_t)(random_state % (uint64_t)n);
}

static uint64_t straight_through(bench *b, uint64_t seed)
{
    must(pab_market_reset(b->m, seed));
    must(pab_market_finish(b->m));
    return hash_of(b->m);
}

/* Advances by a random number of single deliveries or of nanoseconds. */
static void wander(const bench *b, pab_market *m)
{
    if (below(2)) {
        for (int64_t i = below(200); i >= 0; i--)
            must(pab_market_step(m, NULL));
        return;
    }
    pab_market_counters c = {.struct_size = sizeof c};
    must(pab_market_count(m, &c));
    int64_t from = c.now < b->info.market_open ? b->info.market_open : c.now;
    must(pab_market_run(m, from + below(20 * LAB_SECOND), NULL));
}

/* From hand to hand: by buffer, by file or by copy, into a market that has done something else before. */
static void hand_over(bench *b, const char *path)
{
    size_t len;
    void *buf;
    uint64_t before = hash_of(b->m);
    must(pab_market_reset(b->other, (uint64_t)below(1000)));
    must(pab_market_run(b->other, b->info.market_open + below(100 * LAB_SECOND), NULL));
    switch (below(3)) {
    case 0:
        buf = saved(b->m, &len);
        must(pab_market_restore(b->other, buf, len));
        free(buf);
        break;
    case 1:
        must(pab_market_save_file(b->m, path));
        must(pab_market_load_file(b->other, path));
        break;
    default:
        must(pab_market_copy(b->other, b->m));
    }
    assert_true(hash_of(b->other) == before);
    pab_market *m = b->m;
    b->m = b->other;
    b->other = m;
}

static void check_detours(const char *preset, const char *rng)
{
    char path[64];
    bench b = open_bench(preset, rng, "09:33:00", NULL);
    snprintf(path, sizeof path, "test_state_%ld.tmp", (long)getpid());
    for (uint64_t seed = 0; seed < 3; seed++) {
        uint64_t straight = straight_through(&b, seed);
        must(pab_market_reset(b.m, seed));
        for (int i = 0; i < 12; i++) {
            wander(&b, b.m);
            hand_over(&b, path);
        }
        must(pab_market_finish(b.m));
        assert_true(hash_of(b.m) == straight);
    }
    remove(path);
    close_bench(&b);
}

static void detours_end_where_the_straight_run_ends(void **state)
{
    (void)state;
    static const char *const presets[] = {"rmsc03", "rmsc04", "two_symbol"};
    for (int i = 0; i < 3; i++) {
        check_detours(presets[i], "abides");
        check_detours(presets[i], "fast");
    }
}

static void a_save_of_a_restored_market_is_the_same_bytes(void **state)
{
    (void)state;
    size_t len, again;
    bench b = open_bench("rmsc04", "fast", "09:33:00", NULL);
    must(pab_market_reset(b.m, 5));
    must(pab_market_run(b.m, b.info.market_open + 30 * LAB_SECOND, NULL));
    void *first = saved(b.m, &len);
    must(pab_market_restore(b.other, first, len));
    void *second = saved(b.other, &again);
    assert_int_equal(len, again);
    assert_memory_equal(first, second, len);
    free(first);
    free(second);
    close_bench(&b);
}

/* --- observers --- */

static int64_t heard;

static void hear_delivery(void *user, const pab_delivery *d)
{
    (void)user, (void)d;
    heard++;
}

static void hear_row(void *user, int64_t time, uint32_t symbol, const pab_book_row *row)
{
    (void)user, (void)time, (void)symbol, (void)row;
    heard++;
}

static void hear_l1(void *user, int64_t time, uint32_t symbol, const pab_level *bid, const pab_level *ask)
{
    (void)user, (void)time, (void)symbol, (void)bid, (void)ask;
    heard++;
}

static void a_traced_run_ends_as_an_untraced_one(void **state)
{
    pab_tap tap = {.struct_size = sizeof tap, .delivery = hear_delivery, .row = hear_row, .l1 = hear_l1};
    bench b = open_bench("rmsc04", "abides", "09:35:00", NULL);
    (void)state;
    uint64_t plain = straight_through(&b, 3);
    must(pab_market_set_tap(b.m, &tap));
    heard = 0;
    assert_true(straight_through(&b, 3) == plain);
    assert_true(heard > 1000);
    must(pab_market_set_tap(b.m, NULL));
    heard = 0;
    assert_true(straight_through(&b, 3) == plain);
    assert_int_equal(heard, 0);
    assert_true(straight_through(&b, 4) != plain);
    close_bench(&b);
}

static void reading_changes_nothing(void **state)
{
    bench b = open_bench("rmsc04", "abides", "09:35:00", NULL);
    (void)state;
    must(pab_market_reset(b.m, 3));
    must(pab_market_run(b.m, b.info.market_open + 60 * LAB_SECOND, NULL));
    uint64_t before = hash_of(b.m);
    pab_level level[20];
    pab_resting_order orders[20];
    pab_symbol_info s = {.struct_size = sizeof s};
    must(pab_market_symbol(b.m, 0, &s));
    must(pab_market_l1(b.m, 0, &level[0], &level[1]));
    assert_true(pab_market_l2(b.m, 0, PAB_BUY, 20, level, 20) > 0 && pab_market_l3(b.m, 0, PAB_SELL, orders, 20) > 0);
    for (int32_t id = 0; id < (int32_t)b.info.agent_count; id++) {
        pab_agent_info a = {.struct_size = sizeof a};
        must(pab_market_agent(b.m, id, &a));
        pab_replay_agent_word(b.m, id);
    }
    pab_replay_word(b.m, PAB_REPLAY_GLOBAL);
    pab_replay_word(b.m, PAB_REPLAY_LATENCY);
    pab_replay_oracle_word(b.m, 0);
    assert_true(hash_of(b.m) == before);
    close_bench(&b);
}

/* --- forks --- */

static void forks_have_futures_of_their_own(void **state)
{
    bench b = open_bench("rmsc04", "fast", "09:35:00", NULL);
    uint64_t ends[3];
    size_t len;
    (void)state;
    must(pab_market_reset(b.m, 1));
    must(pab_market_run(b.m, b.info.market_open + 30 * LAB_SECOND, NULL));
    void *fork = saved(b.m, &len);
    for (uint64_t i = 0; i < 3; i++) {
        must(pab_market_restore(b.m, fork, len));
        must(pab_market_reseed(b.m, i < 2 ? 7 : 8));
        must(pab_market_finish(b.m));
        ends[i] = hash_of(b.m);
    }
    assert_true(ends[0] == ends[1] && ends[1] != ends[2]);
    free(fork);
    close_bench(&b);
    b = open_bench("rmsc04", "abides", "09:35:00", NULL);
    must(pab_market_reset(b.m, 1));
    assert_int_equal(pab_market_reseed(b.m, 7), PAB_E_UNSUPPORTED);
    lab_error_has("rng: fast");
    close_bench(&b);
}

/* --- damage --- */

static void not_restored(pab_market *m, const void *buf, size_t len, uint64_t hash)
{
    char text[512];
    pab_status status = pab_market_restore(m, buf, len);
    assert_true(status == PAB_E_CORRUPT || status == PAB_E_VERSION || status == PAB_E_KIND);
    pab_last_error(text, sizeof text);
    assert_true(strlen(text) > 10);
    assert_true(hash_of(m) == hash);
}

static void damaged_states_are_refused_and_change_nothing(void **state)
{
    bench b = open_bench("rmsc04", "fast", "09:33:00", NULL);
    size_t len;
    (void)state;
    must(pab_market_reset(b.m, 5));
    must(pab_market_run(b.m, b.info.market_open + 30 * LAB_SECOND, NULL));
    unsigned char *good = saved(b.m, &len);
    must(pab_market_reset(b.other, 6));
    uint64_t hash = hash_of(b.other);
    for (size_t cut = 0; cut < len; cut += cut < 256 ? 1 : 1 + len / 200)
        not_restored(b.other, good, cut, hash);
    not_restored(b.other, good, len - 1, hash);
    for (size_t at = 0; at < len; at += at < 256 ? 1 : 1 + len / 200) {
        unsigned char bit = (unsigned char)(1 << below(8));
        good[at] ^= bit;
        not_restored(b.other, good, len, hash);
        good[at] ^= bit;
    }
    for (size_t at = len - 64; at < len; at++) {
        good[at] ^= 1;
        not_restored(b.other, good, len, hash);
        good[at] ^= 1;
    }
    must(pab_market_restore(b.other, good, len));
    free(good);
    close_bench(&b);
}

/* Changes up to four places of a state, a byte or a word each, and makes the checksum right again. */
static void forge(unsigned char *bad, const unsigned char *good, size_t len)
{
    memcpy(bad, good, len);
    for (int64_t n = 1 + below(4); n > 0; n--) {
        size_t at = PAB__FRAME_SIZE - 8 + (size_t)below(n % 2 ? 1000 : (int64_t)len - PAB__FRAME_SIZE - 8);
        uint32_t word = (uint32_t)below(3) - 1 + (uint32_t)(below(2) ? 0 : below(INT64_C(1) << 33));
        if (below(2))
            memcpy(bad + at / 4 * 4, &word, sizeof word);
        else
            bad[at] ^= (unsigned char)(1 + below(255));
    }
    uint64_t sum = pab__hash(bad, len - 8);
    memcpy(bad + len - 8, &sum, 8);
}

/* What passes for a state is run, saved and restored again: nothing in it may lead out of it. */
static void use(pab_market *m)
{
    for (int i = 0; i < 3000; i++)
        if (pab_market_step(m, NULL) != PAB_OK)
            return; /* an error is an answer */
    size_t len;
    void *buf = saved(m, &len);
    must(pab_market_restore(m, buf, len));
    free(buf);
}

static void forged_states_are_refused_or_run(void **state)
{
    static const char *const rngs[] = {"fast", "abides"};
    (void)state;
    for (int r = 0; r < 2; r++) {
        bench b = open_bench("rmsc04", rngs[r], "09:33:00", NULL);
        size_t len;
        int taken = 0, refused = 0;
        must(pab_market_reset(b.m, 5));
        must(pab_market_run(b.m, b.info.market_open + 30 * LAB_SECOND, NULL));
        unsigned char *good = saved(b.m, &len), *bad = malloc(len);
        assert_non_null(bad);
        for (int i = 0; i < 600; i++) {
            forge(bad, good, len);
            pab_status status = pab_market_restore(b.other, bad, len);
            assert_true(status == PAB_OK || status == PAB_E_CORRUPT || status == PAB_E_KIND ||
                        status == PAB_E_VERSION || status == PAB_E_MEMORY);
            if (status == PAB_OK)
                use(b.other);
            *(status == PAB_OK ? &taken : &refused) += 1;
        }
        assert_true(taken > 50 && refused > 50);
        must(pab_market_restore(b.other, good, len));
        assert_true(hash_of(b.other) == hash_of(b.m));
        free(bad);
        free(good);
        close_bench(&b);
    }
}

/* The market's state is lost then, and calls return PAB_E_STATE. */
static void a_forged_state_leaves_a_market_that_waits_for_a_reset(void **state)
{
    bench b = open_bench("rmsc04", "fast", "09:33:00", NULL);
    size_t len;
    uint64_t hash;
    (void)state;
    must(pab_market_reset(b.m, 5));
    must(pab_market_run(b.m, b.info.market_open + 30 * LAB_SECOND, NULL));
    unsigned char *bad = saved(b.m, &len);
    b.m->core.now = -1; /* a time outside the day */
    must(pab_market_save(b.m, bad, len, NULL));
    assert_int_equal(pab_market_restore(b.other, bad, len), PAB_E_CORRUPT);
    lab_error_has("buffer: not a market state that a run can leave: its time is outside the day");
    assert_int_equal(pab_market_hash(b.other, &hash), PAB_E_STATE);
    lab_error_has("reset or restored first");
    must(pab_market_reset(b.other, 5));
    free(bad);
    close_bench(&b);
}

static void a_state_of_another_scenario_is_refused(void **state)
{
    bench a = open_bench("rmsc04", "fast", "09:33:00", NULL), b = open_bench("rmsc04", "fast", "09:34:00", NULL);
    size_t len;
    (void)state;
    must(pab_market_reset(a.m, 1));
    must(pab_market_reset(b.m, 1));
    void *buf = saved(a.m, &len);
    uint64_t hash = hash_of(b.m);
    assert_int_equal(pab_market_restore(b.m, buf, len), PAB_E_KIND);
    lab_error_has("another scenario");
    assert_int_equal(pab_market_copy(b.m, a.m), PAB_E_KIND);
    assert_true(hash_of(b.m) == hash);
    free(buf);
    close_bench(&a);
    close_bench(&b);
}

static void files_that_are_none_are_named(void **state)
{
    bench b = open_bench("rmsc04", "fast", "09:33:00", NULL);
    (void)state;
    assert_int_equal(pab_market_load_file(b.m, "no/such/file"), PAB_E_IO);
    lab_error_has("no/such/file");
    must(pab_market_reset(b.m, 1));
    assert_int_equal(pab_market_save_file(b.m, "no/such/folder/file"), PAB_E_IO);
    lab_error_has("no/such/folder");
    close_bench(&b);
}

/* --- memory --- */

static void a_warm_market_does_not_allocate(void **state)
{
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    (void)state;
    static const char *const rngs[] = {"abides", "fast"};
    for (int i = 0; i < 2; i++) {
        bench b = open_bench("rmsc04", rngs[i], "09:40:00", &host);
        size_t len;
        must(pab_market_reset(b.m, 9));
        must(pab_market_finish(b.m));
        void *buf = saved(b.m, &len);
        must(pab_market_restore(b.other, buf, len));
        uint64_t end = hash_of(b.m);
        int64_t before = f.seen;
        must(pab_market_reset(b.m, 9));
        must(pab_market_finish(b.m));
        assert_true(hash_of(b.m) == end);
        must(pab_market_restore(b.other, buf, len));
        must(pab_market_copy(b.m, b.other));
        must(pab_market_save(b.m, buf, len, NULL));
        assert_int_equal(f.seen, before);
        free(buf);
        close_bench(&b);
        assert_int_equal(f.blocks, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(detours_end_where_the_straight_run_ends),
        cmocka_unit_test(a_save_of_a_restored_market_is_the_same_bytes),
        cmocka_unit_test(a_traced_run_ends_as_an_untraced_one),
        cmocka_unit_test(reading_changes_nothing),
        cmocka_unit_test(forks_have_futures_of_their_own),
        cmocka_unit_test(damaged_states_are_refused_and_change_nothing),
        cmocka_unit_test(forged_states_are_refused_or_run),
        cmocka_unit_test(a_forged_state_leaves_a_market_that_waits_for_a_reset),
        cmocka_unit_test(a_state_of_another_scenario_is_refused),
        cmocka_unit_test(files_that_are_none_are_named),
        cmocka_unit_test(a_warm_market_does_not_allocate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
