/* Tapes and the readers that fill them: formats, windows, and every way in which a file can be wrong. */
#include "files.h"

#include "../base/failing.h"

#include <math.h>
#include <zlib.h>

static const char quotes[] = "time_ms,bid,bid_size,ask,ask_size,bid_exch,ask_exch\n"
                             "1000,100000,5,100200,7,Q,P\n"
                             "2000,100100,5,100200,7,Q,P\n"
                             "4000,100100,6,100300,8,Q,P\n";

static void quotes_are_read_with_their_tick(void **state)
{
    (void)state;
    pab_tape *tape = tape_of(written("q.csv", quotes), NULL);
    pab_tape_info info = info_of(tape);
    assert_int_equal(info.quotes, 3);
    assert_int_equal(info.from, SECOND);
    assert_int_equal(info.to, 4 * SECOND);
    assert_true(fabs(info.tick - 0.01) < 1e-12);
    double mids[4];
    uint64_t count = 0;
    must(pab_tape_mids(tape, SECOND, mids, 4, &count));
    assert_int_equal(count, 4);
    assert_true(fabs(mids[0] - 10.01) < 1e-9 && fabs(mids[1] - 10.015) < 1e-9 && fabs(mids[3] - 10.02) < 1e-9);
    assert_int_equal(pab_tape_mids(tape, SECOND, mids, 3, &count), PAB_E_CAPACITY);
    assert_int_equal(count, 4);
    pab_tape_free(tape);
}

static void a_window_keeps_the_quote_that_holds_when_it_opens(void **state)
{
    (void)state;
    pab_read_options o = options_of(3, 4, NULL);
    pab_tape *tape = tape_of(written("q.csv", quotes), &o);
    pab_tape_info info = info_of(tape);
    assert_int_equal(info.quotes, 2);
    assert_int_equal(info.from, 3 * SECOND);
    double mids[2];
    must(pab_tape_mids(tape, SECOND, mids, 2, NULL));
    assert_true(fabs(mids[0] - 10.015) < 1e-9 && fabs(mids[1] - 10.02) < 1e-9);
    pab_tape_free(tape);
}

static void gzip_and_carriage_returns_make_no_difference(void **state)
{
    (void)state;
    const char *path = scratch("q.csv.gz");
    gzFile file = gzopen(path, "wb");
    for (const char *p = quotes; *p; p++) {
        if (*p == '\n')
            gzputc(file, '\r');
        gzputc(file, *p);
    }
    assert_int_equal(gzclose(file), Z_OK);
    pab_tape *tape = tape_of(path, NULL);
    assert_int_equal(info_of(tape).quotes, 3);
    pab_tape_free(tape);
}

static void instants_before_the_first_quote_have_no_mid(void **state)
{
    (void)state;
    pab_tape *tape = tape_of(written("q.csv", quotes), NULL);
    must(pab_tape_set_window(tape, 0, 2 * SECOND));
    double mids[3];
    must(pab_tape_mids(tape, SECOND, mids, 3, NULL));
    assert_true(isnan(mids[0]) && mids[1] > 10);
    pab_tape_free(tape);
}

static void trades_bring_their_sides_and_venues(void **state)
{
    (void)state;
    pab_tape *tape = tape_of(written("q.csv", quotes), NULL);
    must(pab_tape_read(tape, written("t.csv", "time_ms,price,size,exch,cond,suspicious\n"
                                              "1500,100200,10,Q,1,0\n1500,100000,4,D,1,0\n3000,100100,6,P,1,0\n"),
                       NULL));
    double f[PAB_LEG_FACT_COUNT];
    must(pab_facts_leg(tape, f, PAB_LEG_FACT_COUNT));
    assert_true(fabs(f[PAB_FACT_TRADE_RATE] - 3600) < 1e-6);      /* three in three seconds */
    assert_true(fabs(f[PAB_FACT_ORDER_RATE] - 2400) < 1e-6);      /* one was reported elsewhere */
    assert_true(fabs(f[PAB_FACT_VOLUME_RATE] - 24000) < 1e-6);
    assert_true(fabs(f[PAB_FACT_BOOK_VOLUME_RATE] - 19200) < 1e-6);
    assert_true(fabs(f[PAB_FACT_BUY_SHARE] - 50) < 1e-9);         /* above the mid, then below it */
    pab_tape_free(tape);
}

static void exchange_records_tell_who_was_passive(void **state)
{
    (void)state;
    pab_tape *tape = tape_of(written("x.csv", "local_ns,exch_ms,update_id,bid,bid_qty,ask,ask_qty\n"
                                              "7,1000,1,61800.2,2.5,61800.3,1.5\n8,3000,2,61800.2,2.5,61800.4,1\n"),
                             NULL);
    assert_int_equal(info_of(tape).from, SECOND);
    assert_true(fabs(info_of(tape).tick - 0.1) < 1e-12);
    must(pab_tape_read(tape, written("y.csv", "local_ns,exch_ms,trade_id,price,qty,buyer_is_maker,type\n"
                                              "1,1500,1,61800.2,0.5,0,MARKET\n1,1500,2,61800.2,9,0,INSURANCE\n"),
                       NULL));
    assert_int_equal(info_of(tape).trades, 1);
    double f[PAB_LEG_FACT_COUNT];
    must(pab_facts_leg(tape, f, PAB_LEG_FACT_COUNT));
    assert_true(fabs(f[PAB_FACT_BUY_SHARE] - 100) < 1e-9);
    pab_tape_free(tape);
    tape = tape_of(written("z.csv", "local_ns,exch_ms,update_id,bid,bid_qty,ask,ask_qty\n5,,1,2,1,3,1\n9,,2,2,1,3,1\n"),
                   NULL);
    assert_int_equal(info_of(tape).to, 9);
    pab_tape_free(tape);
}

static void bars_are_laid_end_to_end(void **state)
{
    (void)state;
    const char *path = written("b.csv", "datetime_et,AA_close,AA_volume,BB_close,BB_volume\n"
                                        "2019-12-16 11:02:00-05:00,22.86,10,29.57,0\n"
                                        "2019-12-17 11:02:00-05:00,22.87,20,29.58,5\n");
    pab_read_options o = options_of(0, 0, "BB");
    pab_tape *tape = tape_of(path, &o);
    pab_tape_info info = info_of(tape);
    assert_int_equal(info.format, PAB_TAPE_BARS);
    assert_int_equal(info.quotes, 2);
    assert_int_equal(info.trades, 1);
    assert_int_equal(info.to - info.from, 60 * SECOND);
    pab_tape_free(tape);
    must(pab_tape_new(NULL, &tape));
    o.instrument = "CC";
    assert_int_equal(pab_tape_read(tape, path, &o), PAB_E_KEY);
    assert_error_has("instrument 'CC'");
    pab_tape_free(tape);
}

static void lobster_takes_its_quotes_from_the_book_beside_it(void **state)
{
    (void)state;
    written("x_orderbook_1.csv", "2239500,100,2231800,50\n2239500,60,2231800,50\n9999999999,0,2231800,50\n");
    const char *path = written("x_message_1.csv", "34200.5,1,7,100,2239500,-1\n"
                                                  "34201.632812672004,4,7,40,2239500,-1\n34203,3,7,60,2239500,-1\n");
    pab_tape *tape = tape_of(path, NULL);
    pab_tape_info info = info_of(tape);
    assert_int_equal(info.quotes, 3);
    assert_int_equal(info.trades, 1);
    assert_int_equal(info.from, INT64_C(34200500000000));
    double f[PAB_LEG_FACT_COUNT];
    must(pab_facts_leg(tape, f, PAB_LEG_FACT_COUNT));
    assert_true(fabs(f[PAB_FACT_SPREAD] * info.tick - 0.77) < 1e-9);
    assert_true(fabs(f[PAB_FACT_BUY_SHARE] - 100) < 1e-9);
    written("x_orderbook_1.csv", "2239500,100,2231800,50\n2239500,60,2231800,50\n");
    pab_tape_clear(tape);
    assert_int_equal(pab_tape_read(tape, path, NULL), PAB_E_CORRUPT);
    assert_error_has("the order book ends before message 3");
    pab_tape_free(tape);
}

static void wrong_files_are_refused_with_line_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
        pab_status status;
    } wrong[] = {
        {"", "the file is empty", PAB_E_SYNTAX},
        {"time_ms,bid,bid_size,ask,ask_size\n", "no rows after the header", PAB_E_SYNTAX},
        {"a,b,c\n1,2,3\n", ":1: the header: no known columns", PAB_E_KEY},
        {"bid,bid_size,ask,ask_size\n1,1,2,1\n", ":1: the header has no column of times", PAB_E_KEY},
        {"time_ms,bid,ask\n1,1,2\n", "no column 'bid_size' or 'bid_qty'", PAB_E_KEY},
        {"time_ms,bid,bid_size,ask,ask_size\n1,1,1,2\n", ":2: 4 fields; expected 5", PAB_E_SYNTAX},
        {"time_ms,bid,bid_size,ask,ask_size\n5000,1,1,2,1\n5001,x,1,2,1\n", ":3: bid is 'x'", PAB_E_SYNTAX},
        {"time_ms,bid,bid_size,ask,ask_size\n1,1,1,2,1\n", ":2: a quote's time is 00:00:00.001", PAB_E_RANGE},
        {"time_ms,bid,bid_size,ask,ask_size\n1,-1,1,2,1\n", ":2: bid is '-1'; expected a price", PAB_E_RANGE},
        {"time_ms,bid,bid_size,ask,ask_size\n1,1,1,2,1x3\n", ":2: ask_size is '1x3'", PAB_E_SYNTAX},
        {"time_ms,bid,bid_size,ask,ask_size\n9000,1,1,2,1\n1000,1,1,2,1\n", "expected rows in order", PAB_E_RANGE},
        {"time_ms,bid,bid_size,ask,ask_size\n99999999999999999999,1,1,2,1\n", ":2: time is", PAB_E_SYNTAX},
        {"time_ms,bid,bid_size,ask,ask_size\n9223372036854,1,1,2,1\n", ":2: time is", PAB_E_RANGE},
        {"time_ms,price,size\n1,0,5\n", ":2: price is '0'; expected more than 0", PAB_E_RANGE},
        {"date,close\n2016-01-01,\n", "has bars, the tape quotes", PAB_E_STATE},
        {"1,2,3,4,5,6\n", "with \"message\" in its name", PAB_E_ARGUMENT},
    };
    pab_tape *tape = tape_of(written("q.csv", quotes), NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        pab_status status = pab_tape_read(tape, written("wrong.csv", wrong[i].text), NULL);
        if (status != wrong[i].status)
            fail_msg("case %zu: %s", i, pab_status_name(status));
        assert_error_has(wrong[i].says);
        assert_int_equal(info_of(tape).quotes, 3);
        assert_int_equal(info_of(tape).to, 4 * SECOND);
    }
    assert_int_equal(pab_tape_read(tape, scratch("nothing.csv"), NULL), PAB_E_IO);
    pab_tape_free(tape);
}

static void cut_gzip_files_are_called_damaged(void **state)
{
    (void)state;
    const char *path = scratch("cut.csv.gz");
    gzFile file = gzopen(path, "wb");
    gzputs(file, "time_ms,bid,bid_size,ask,ask_size\n");
    for (int i = 0; i < 20000; i++)
        gzprintf(file, "%d,%d,1,%d,1\n", i, 100000 + i * 7919 % 1000, 102000 + i * 104729 % 1000);
    gzclose(file);
    assert_int_equal(truncate(path, 20000), 0);
    pab_tape *tape = NULL;
    must(pab_tape_new(NULL, &tape));
    assert_int_equal(pab_tape_read(tape, path, NULL), PAB_E_CORRUPT);
    assert_error_has("truncated");
    assert_int_equal(info_of(tape).quotes, 0);
    pab_tape_free(tape);
}

/* Bytes of good files are changed at random: whatever happens, no crash, and an unchanged tape on error. */
static void spoilt_files_never_hurt(void **state)
{
    (void)state;
    static const char junk[] = "0123456789,.-\nx";
    uint64_t seed = 1;
    pab_tape *tape = NULL;
    must(pab_tape_new(NULL, &tape));
    for (int i = 0; i < 3000; i++) {
        char text[sizeof quotes];
        memcpy(text, quotes, sizeof quotes);
        for (int k = 0; k < 3; k++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            text[(seed >> 33) % (sizeof quotes - 1)] = junk[(seed >> 20) % (sizeof junk - 1)];
        }
        pab_tape_clear(tape);
        pab_status status = pab_tape_read(tape, written("spoilt.csv", text), NULL);
        double f[PAB_LEG_FACT_COUNT];
        if (status != PAB_OK)
            assert_int_equal(info_of(tape).quotes + info_of(tape).trades, 0);
        else if (info_of(tape).to - info_of(tape).from < 3600 * SECOND)
            pab_facts_leg(tape, f, PAB_LEG_FACT_COUNT);
    }
    pab_tape_free(tape);
}

static void rows_added_by_hand_are_checked(void **state)
{
    (void)state;
    pab_tape *tape = NULL;
    must(pab_tape_new(NULL, &tape));
    must(pab_tape_add_quote(tape, 5, 100, 1, 101, 1));
    assert_int_equal(pab_tape_add_quote(tape, 4, 100, 1, 101, 1), PAB_E_RANGE);
    assert_int_equal(pab_tape_add_quote(tape, 6, -1, 1, 101, 1), PAB_E_RANGE);
    assert_int_equal(pab_tape_add_quote(tape, 6, 1, NAN, 101, 1), PAB_E_RANGE);
    assert_int_equal(pab_tape_add_trade(tape, 6, 0, 1, 0, 0), PAB_E_RANGE);
    assert_int_equal(pab_tape_add_trade(tape, 6, 1, 1, 2, 0), PAB_E_ARGUMENT);
    assert_int_equal(pab_tape_set_window(tape, 6, 6), PAB_E_RANGE);
    assert_int_equal(pab_tape_set_tick(tape, -1), PAB_E_RANGE);
    assert_int_equal(info_of(tape).quotes, 1);
    double f[PAB_LEG_FACT_COUNT];
    assert_int_equal(pab_facts_leg(tape, f, PAB_LEG_FACT_COUNT), PAB_E_STATE);
    pab_tape_free(tape);
    pab_tape_free(NULL);
}

/* A refusal at any allocation leaves the tape as it was, and nothing behind. */
static void a_refused_allocation_leaves_the_tape_as_it_was(void **state)
{
    static const char *const texts[] = {
        "time_ms,bid,bid_size,ask,ask_size\n1000,100000,5,100200,7\n2000,100100,5,100200,7\n",
        "time_s,price,size\n1,100.25,10\n2,100.26,20\n",
        "close,volume\n22.86,10\n22.87,20\n",
        "1.5,4,11,40,2239500,-1\n2.5,1,12,10,2239500,-1\n",
    };
    (void)state;
    written("fault_orderbook.csv", "2239500,100,2231800,50\n2239500,60,2231800,50\n");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *path = written("fault_message.csv", texts[i]);
        pab_status status = PAB_E_MEMORY;
        for (int64_t n = 0; status != PAB_OK; n++) {
            for (int sticky = 0; sticky < 2; sticky++) {
                failing f;
                pab_host host = failing_host(&f, -1, sticky);
                pab_tape *tape = NULL;
                must(pab_tape_new(&host, &tape));
                f.passes = f.seen + n;
                status = pab_tape_read(tape, path, NULL);
                pab_tape_info info = info_of(tape);
                if (status != PAB_OK) {
                    assert_int_equal(status, PAB_E_MEMORY);
                    assert_true(info.quotes == 0 && info.trades == 0 && info.from == info.to);
                    f.passes = INT64_MAX; /* the tape is as good as before */
                    must(pab_tape_read(tape, path, NULL));
                }
                pab_tape_free(tape);
                assert_int_equal(f.blocks, 0);
                assert_int_equal(f.bytes, 0);
            }
            assert_true(n < 100);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_are_read_with_their_tick),
        cmocka_unit_test(a_window_keeps_the_quote_that_holds_when_it_opens),
        cmocka_unit_test(gzip_and_carriage_returns_make_no_difference),
        cmocka_unit_test(instants_before_the_first_quote_have_no_mid),
        cmocka_unit_test(trades_bring_their_sides_and_venues),
        cmocka_unit_test(exchange_records_tell_who_was_passive),
        cmocka_unit_test(bars_are_laid_end_to_end),
        cmocka_unit_test(a_refused_allocation_leaves_the_tape_as_it_was),
        cmocka_unit_test(lobster_takes_its_quotes_from_the_book_beside_it),
        cmocka_unit_test(wrong_files_are_refused_with_line_and_reason),
        cmocka_unit_test(cut_gzip_files_are_called_damaged),
        cmocka_unit_test(spoilt_files_never_hurt),
        cmocka_unit_test(rows_added_by_hand_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
