/* LOBSTER files of a simulated market: their form, a book that follows from row to row, and the same facts when they
 * are read back as those recorded from the market itself. */
#include "lobster.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "cli.h"

#define SECOND INT64_C(1000000000)
#define TICK 0.01

enum { LEVELS = 5, NO_LEVEL_DIGITS = 10 };

const cli_command *const cli_commands[] = {NULL};
const char *const cli_about = "";

static void must(pab_status status)
{
    char text[1024] = "";
    pab_last_error(text, sizeof text);
    if (status != PAB_OK)
        fail_msg("%s", text);
}

static pab_scenario *scenario_of(const char *preset)
{
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, preset));
    must(pab_config_set(cfg, "clock.market_close", "09:50:00"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

/* Writes a run of seed 7 into a new directory. */
static void write_run(pab_scenario *scn, char dir[64], int64_t until)
{
    pab_market *market = NULL;
    lobster l;
    strcpy(dir, "/tmp/pab_lobster_XXXXXX");
    assert_non_null(mkdtemp(dir));
    must(pab_market_new(scn, &market));
    assert_int_equal(lobster_open(&l, scn, dir, LEVELS, TICK), CLI_OK);
    assert_int_equal(lobster_attach(&l, market), CLI_OK);
    must(pab_market_reset(market, 7));
    must(pab_market_run(market, until, NULL));
    assert_int_equal(lobster_failed(&l), 0);
    assert_int_equal(lobster_close(&l, market), CLI_OK);
    pab_market_free(market);
}

static void path_of(pab_scenario *scn, const char *dir, uint32_t symbol, const char *what, char out[256])
{
    char command[256];
    snprintf(command, sizeof command, "ls %s/%s_*_%s_%d.csv", dir, pab_scenario_symbol(scn, symbol), what, LEVELS);
    FILE *list = popen(command, "r");
    assert_non_null(list);
    assert_non_null(fgets(out, 256, list));
    pclose(list);
    out[strcspn(out, "\n")] = '\0';
}

static void remove_run(const char *dir)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
}

/* Facts over [from, to) of tapes of both legs: of each leg, of the pair, and those that judge a market. */
enum { PAIR = PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST, ALL = 2 * PAB_LEG_FACT_COUNT + PAIR + PAB_REALISM_COUNT };

static void measure(pab_tape *const tapes[2], int64_t from, int64_t to, double out[ALL])
{
    for (int i = 0; i < 2; i++) {
        must(pab_tape_set_window(tapes[i], from, to));
        must(pab_tape_set_tick(tapes[i], TICK));
        must(pab_facts_leg(tapes[i], out + i * PAB_LEG_FACT_COUNT, PAB_LEG_FACT_COUNT));
    }
    must(pab_facts_pair(tapes[0], tapes[1], out + 2 * PAB_LEG_FACT_COUNT, PAIR));
    double *realism = out + 2 * PAB_LEG_FACT_COUNT + PAIR;
    pab_pair_window w = {.legs = {tapes[0], tapes[1]}, .from = from, .to = to};
    for (int i = 0; i < PAB_REALISM_COUNT; i++)
        realism[i] = 0;
    must(pab_realism_facts(&w, 1, realism, PAB_REALISM_COUNT));
}

static void files_read_back_to_the_facts_of_the_market(void **state)
{
    (void)state;
    static const char *const presets[] = {"pair", "pair_cent"};
    for (int p = 0; p < 2; p++) {
        pab_scenario *scn = scenario_of(presets[p]);
        pab_scenario_info info = {.struct_size = sizeof info};
        pab_market *market = NULL;
        pab_tape *recorded[2], *read[2];
        const double tick[2] = {TICK, TICK};
        double wanted[ALL], got[ALL];
        char dir[64], path[256];
        must(pab_scenario_describe(scn, &info));
        write_run(scn, dir, info.market_close);
        must(pab_market_new(scn, &market));
        must(pab_market_reset(market, 7));
        must(pab_market_run(market, info.market_open + 60 * SECOND, NULL));
        for (uint32_t i = 0; i < 2; i++) {
            must(pab_tape_new(NULL, &recorded[i]));
            must(pab_tape_new(NULL, &read[i]));
            path_of(scn, dir, i, "message", path);
            must(pab_tape_read(read[i], path, NULL));
        }
        must(pab_tape_record(market, recorded, tick, 2, info.market_close));
        const int64_t day = info.market_open - info.market_open % (86400 * SECOND);
        measure(recorded, info.market_open + 60 * SECOND, info.market_close, wanted);
        measure(read, info.market_open + 60 * SECOND - day, info.market_close - day, got);
        for (int i = 0; i < ALL; i++) {
            int same = isnan(wanted[i]) ? isnan(got[i])
                                        : fabs(wanted[i] - got[i]) <= 1e-9 * fabs(wanted[i]) + 1e-12;
            if (!same && p == 0) /* of the other preset, trades of other venues are no part of the files */
                fail_msg("%s: fact %d is %.12g in the market, %.12g in its files", presets[p], i, wanted[i], got[i]);
        }
        for (int leg = 0; leg < 2; leg++) {
            const double *w = wanted + leg * PAB_LEG_FACT_COUNT, *g = got + leg * PAB_LEG_FACT_COUNT;
            assert_true(fabs(w[PAB_FACT_SPREAD] - g[PAB_FACT_SPREAD]) < 1e-9);
            assert_true(fabs(w[PAB_FACT_TOUCH_SIZE] - g[PAB_FACT_TOUCH_SIZE]) < 1e-6);
            assert_true(fabs(w[PAB_FACT_VOL_1] - g[PAB_FACT_VOL_1]) < 1e-9);
            assert_true(fabs(w[PAB_FACT_QUOTE_RATE] - g[PAB_FACT_QUOTE_RATE]) < 1e-6);
            pab_tape_free(recorded[leg]);
            pab_tape_free(read[leg]);
        }
        remove_run(dir);
        pab_market_free(market);
        pab_scenario_free(scn);
    }
}

typedef struct book_row {
    long long cell[4 * LEVELS];
} book_row;

static int read_book(FILE *file, book_row *row)
{
    for (int i = 0; i < 4 * LEVELS; i++)
        if (fscanf(file, i ? ",%lld" : "%lld", &row->cell[i]) != 1)
            return 0;
    return 1;
}

/* Shares at a price on a side (0: asks, 1: bids); -1 where the file does not reach so far. */
static long long shares_at(const book_row *row, int side, long long price)
{
    long long worst = 0;
    for (int i = 0; i < LEVELS; i++) {
        long long at = row->cell[4 * i + 2 * side];
        if (at == price)
            return row->cell[4 * i + 2 * side + 1];
        if (row->cell[4 * i + 2 * side + 1] == 0)
            return 0;
        worst = at;
    }
    return (side ? price < worst : price > worst) ? -1 : 0;
}

static void each_message_leads_from_one_row_of_the_book_to_the_next(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("pair");
    pab_scenario_info info = {.struct_size = sizeof info};
    char dir[64], path[256];
    must(pab_scenario_describe(scn, &info));
    write_run(scn, dir, info.market_open + 300 * SECOND);
    path_of(scn, dir, 0, "message", path);
    FILE *messages = fopen(path, "r");
    path_of(scn, dir, 0, "orderbook", path);
    FILE *book = fopen(path, "r");
    assert_non_null(messages);
    assert_non_null(book);
    book_row before = {{0}}, after;
    for (int i = 0; i < LEVELS; i++) {
        before.cell[4 * i] = 9999999999;
        before.cell[4 * i + 2] = -9999999999;
    }
    long long seconds, id, size, price, last = 0;
    int type, direction, digits, kinds[8] = {0}, rows = 0;
    char fraction[16];
    while (fscanf(messages, "%lld.%n%15[0-9],%d,%lld,%lld,%lld,%d\n", &seconds, &digits, fraction, &type, &id, &size,
                  &price, &direction) == 7) {
        assert_int_equal(strlen(fraction), 9);
        assert_true(seconds >= last && seconds >= 34200 - 1800);
        assert_true(type >= 1 && type <= 4 && size > 0 && price % 100 == 0);
        assert_true(direction == 1 || direction == -1);
        assert_true(read_book(book, &after));
        int side = direction == 1;
        long long was = shares_at(&before, side, price), is = shares_at(&after, side, price);
        if (was >= 0 && is >= 0)
            assert_int_equal(is, type == 1 ? was + size : was - size);
        kinds[type]++;
        rows++;
        last = seconds;
        before = after;
    }
    assert_true(feof(messages));
    assert_false(read_book(book, &after));
    assert_true(rows > 300 && kinds[1] > 0 && kinds[3] > 0 && kinds[4] > 0);
    fclose(messages);
    fclose(book);
    remove_run(dir);
    pab_scenario_free(scn);
}

static void missing_levels_have_the_dummy_prices(void **state)
{
    (void)state;
    pab_scenario *scn = scenario_of("pair");
    pab_scenario_info info = {.struct_size = sizeof info};
    char dir[64], path[256], line[512];
    must(pab_scenario_describe(scn, &info));
    write_run(scn, dir, info.market_open + 60 * SECOND);
    path_of(scn, dir, 0, "orderbook", path);
    FILE *book = fopen(path, "r");
    assert_non_null(book);
    assert_non_null(fgets(line, sizeof line, book));
    assert_non_null(strstr(line, "9999999999,0,-9999999999,0\n"));
    assert_non_null(strstr(path, "_34200000_35400000_orderbook_5.csv"));
    fclose(book);
    remove_run(dir);
    pab_scenario_free(scn);
}

static void a_book_of_thousands_of_orders_keeps_its_levels(void **state)
{
    (void)state;
    lobster_book b = {0};
    lobster_order one = {5, 1000, 100, PAB_BUY};
    assert_int_equal(lobster_book_add(&b, &one), 0);
    for (int64_t i = 0; i < 5000; i++) {
        lobster_order next = {100 + i, 900 + i % 50, 10, PAB_BUY};
        assert_int_equal(lobster_book_add(&b, &next), 0);
        if (i % 3)
            assert_int_equal(lobster_book_take(&b, lobster_book_find(&b, 100 + i), 10), 0);
    }
    assert_int_equal(b.levels[0][b.level_count[0] - 1].price, 1000);
    assert_int_equal(b.level_count[0], 51);
    assert_int_equal(b.levels[0][0].price, 900);
    assert_int_equal(b.levels[0][0].quantity, 340);
    assert_int_equal(lobster_book_take(&b, lobster_book_find(&b, 5), -50), 0);
    assert_int_equal(lobster_book_find(&b, 5)->quantity, 150);
    assert_int_equal(lobster_book_take(&b, lobster_book_find(&b, 5), 150), 0);
    assert_null(lobster_book_find(&b, 5));
    assert_int_equal(b.levels[0][b.level_count[0] - 1].price, 949);
    lobster_book_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_read_back_to_the_facts_of_the_market),
        cmocka_unit_test(each_message_leads_from_one_row_of_the_book_to_the_next),
        cmocka_unit_test(missing_levels_have_the_dummy_prices),
        cmocka_unit_test(a_book_of_thousands_of_orders_keeps_its_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
