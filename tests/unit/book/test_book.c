/* The book's rules one by one: each quirk as the reference has it and corrected; bad input; memory that runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>

#include <cmocka.h>

#include "../base/failing.h"
#include "book/book.h"
#include "naive_book.h"

/* A book with what it said. */
typedef struct fixture {
    pab_book *book;
    journal said;
    int64_t now;
} fixture;

static fixture *with(uint32_t quirks)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    pab_book_sink sink = {sizeof sink, 0, &f->said, journal_event, NULL};
    assert_int_equal(pab_book_new(NULL, quirks, &sink, &f->book), PAB_OK);
    return f;
}

static fixture *abides(void)
{
    return with(PAB_QUIRKS_ABIDES);
}

static fixture *corrected(uint32_t quirk)
{
    return with(PAB_QUIRKS_ABIDES & ~quirk);
}

static void done(fixture *f)
{
    pab_book_free(f->book);
    free(f);
}

static pab_order order(int64_t id, int32_t side, int64_t quantity, int64_t price, uint32_t flags)
{
    return (pab_order){.id = id, .quantity = quantity, .price = price, .agent = (int32_t)id, .side = side,
                       .flags = flags};
}

static void limit(fixture *f, int64_t id, int32_t side, int64_t quantity, int64_t price, uint32_t flags)
{
    pab_order o = order(id, side, quantity, price, flags);
    f->said.count = 0;
    assert_int_equal(pab_book_limit(f->book, ++f->now, &o), PAB_OK);
}

static void market(fixture *f, int64_t id, int32_t side, int64_t quantity)
{
    pab_order o = order(id, side, quantity, 0, 0);
    f->said.count = 0;
    assert_int_equal(pab_book_market(f->book, ++f->now, &o), PAB_OK);
}

static void cancel(fixture *f, int64_t id, int32_t side, int64_t price)
{
    pab_order o = order(id, side, 1, price, 0);
    f->said.count = 0;
    assert_int_equal(pab_book_cancel(f->book, ++f->now, &o), PAB_OK);
}

static void partial(fixture *f, pab_order o, int64_t quantity)
{
    f->said.count = 0;
    assert_int_equal(pab_book_partial_cancel(f->book, ++f->now, &o, quantity), PAB_OK);
}

static void modify(fixture *f, pab_order o, pab_order changed)
{
    f->said.count = 0;
    assert_int_equal(pab_book_modify(f->book, ++f->now, &o, &changed), PAB_OK);
}

static const pab_book_event *event_at(const fixture *f, int i)
{
    assert_in_range(i, 0, f->said.count - 1);
    return &f->said.list[i].event;
}

static void heard(const fixture *f, int i, int32_t type, int64_t id, int64_t quantity)
{
    assert_int_equal(event_at(f, i)->type, type);
    assert_int_equal(event_at(f, i)->order.id, id);
    assert_int_equal(event_at(f, i)->order.quantity, quantity);
}

static pab_book_summary summary(const fixture *f)
{
    pab_book_summary s = {.struct_size = sizeof s};
    assert_int_equal(pab_book_describe(f->book, &s), PAB_OK);
    return s;
}

/* The i-th order of a side in order of priority. */
static pab_resting_order nth(const fixture *f, int32_t side, uint32_t i)
{
    pab_resting_order list[64];
    uint32_t n = pab_book_l3(f->book, side, list, 64);
    assert_in_range(i + 1, 1, n);
    return list[i];
}

static void last_trade_is_the_mean_or_the_last_fill(void **state)
{
    (void)state;
    fixture *both[] = {abides(), corrected(PAB_QUIRK_AVERAGE_LAST_TRADE)};
    for (int i = 0; i < 2; i++) {
        limit(both[i], 1, PAB_SELL, 10, 100, 0);
        limit(both[i], 2, PAB_SELL, 10, 105, 0);
        limit(both[i], 3, PAB_BUY, 20, 110, 0);
        assert_int_equal(summary(both[i]).last_trade, i == 0 ? 102 : 105); /* 102.5 rounds to even */
        done(both[i]);
    }
}

static void market_orders_are_silent_or_answered(void **state)
{
    (void)state;
    fixture *both[] = {abides(), corrected(PAB_QUIRK_SILENT_MARKET_ORDER)};
    for (int i = 0; i < 2; i++) {
        limit(both[i], 1, PAB_SELL, 10, 100, 0);
        market(both[i], 2, PAB_BUY, 15);
        assert_int_equal(summary(both[i]).last_trade, i == 0 ? 0 : 100);
        assert_int_equal(both[i]->said.count, i == 0 ? 2 : 3);
        if (i == 1)
            heard(both[i], 2, PAB_MSG_ORDER_CANCELLED, 2, 5);
        done(both[i]);
    }
}

static void post_only_takes_or_is_rejected(void **state)
{
    (void)state;
    fixture *f = abides();
    limit(f, 1, PAB_SELL, 10, 100, 0);
    limit(f, 2, PAB_SELL, 10, 101, PAB_ORDER_HIDDEN);
    limit(f, 3, PAB_BUY, 15, 101, PAB_ORDER_POST_ONLY);
    heard(f, 0, PAB_MSG_ORDER_EXECUTED, 1, 10);
    heard(f, 2, PAB_MSG_ORDER_ACCEPTED, 3, 5); /* rests against the hidden level */
    assert_int_equal(summary(f).best_bid, 101);
    assert_int_equal(summary(f).best_ask, 101);
    done(f);
    f = corrected(PAB_QUIRK_TAKING_POST_ONLY);
    limit(f, 2, PAB_SELL, 10, 101, PAB_ORDER_HIDDEN);
    limit(f, 3, PAB_BUY, 15, 101, PAB_ORDER_POST_ONLY);
    heard(f, 0, PAB_MSG_ORDER_REJECTED, 3, 15);
    assert_int_equal(event_at(f, 0)->reason, PAB_REJECT_POST_ONLY);
    limit(f, 4, PAB_BUY, 15, 100, PAB_ORDER_POST_ONLY);
    heard(f, 0, PAB_MSG_ORDER_ACCEPTED, 4, 15);
    done(f);
}

static void price_to_comply_halves_are_loose_or_one(void **state)
{
    (void)state;
    pab_order x = order(2, PAB_BUY, 10, 99, 0), more = order(2, PAB_BUY, 4, 99, PAB_ORDER_PRICE_TO_COMPLY);
    fixture *f = abides();
    limit(f, 1, PAB_SELL, 3, 100, 0);
    limit(f, 2, PAB_BUY, 10, 99, PAB_ORDER_PRICE_TO_COMPLY);
    heard(f, 0, PAB_MSG_ORDER_ACCEPTED, 2, 10); /* the hidden half locks the book at 100 */
    assert_int_equal(summary(f).best_bid, 100);
    modify(f, x, more);
    assert_int_equal(nth(f, PAB_BUY, 0).quantity, 10);
    assert_int_equal(nth(f, PAB_BUY, 1).quantity, 4);
    limit(f, 3, PAB_SELL, 6, 100, 0);
    assert_int_equal(nth(f, PAB_BUY, 1).quantity, -2);
    done(f);
    f = corrected(PAB_QUIRK_LOOSE_PRICE_TO_COMPLY);
    limit(f, 1, PAB_SELL, 3, 100, 0);
    limit(f, 2, PAB_BUY, 10, 99, PAB_ORDER_PRICE_TO_COMPLY);
    heard(f, 0, PAB_MSG_ORDER_EXECUTED, 1, 3);
    heard(f, 2, PAB_MSG_ORDER_ACCEPTED, 2, 7);
    modify(f, x, more);
    assert_int_equal(nth(f, PAB_BUY, 0).quantity, 4);
    assert_int_equal(nth(f, PAB_BUY, 1).quantity, 4);
    limit(f, 3, PAB_SELL, 3, 100, 0);
    assert_int_equal(nth(f, PAB_BUY, 0).quantity, 1);
    assert_int_equal(nth(f, PAB_BUY, 1).quantity, 1);
    cancel(f, 2, PAB_BUY, 99);
    assert_int_equal(summary(f).order_count, 0);
    done(f);
}

static void better_prices_fill_first(void **state)
{
    (void)state;
    fixture *f = abides();
    limit(f, 1, PAB_SELL, 10, 102, 0);
    limit(f, 2, PAB_SELL, 10, 100, 0);
    limit(f, 3, PAB_SELL, 10, 101, 0);
    limit(f, 4, PAB_BUY, 20, 102, 0);
    assert_int_equal(summary(f).order_count, 1);
    assert_int_equal(nth(f, PAB_SELL, 0).order_id, 1);
    done(f);
}

static void equal_prices_fill_in_arrival_order(void **state)
{
    (void)state;
    fixture *f = abides();
    limit(f, 1, PAB_SELL, 10, 100, 0);
    limit(f, 2, PAB_SELL, 10, 100, 0);
    limit(f, 3, PAB_SELL, 10, 100, 0);
    limit(f, 4, PAB_BUY, 15, 100, 0);
    assert_int_equal(nth(f, PAB_SELL, 0).order_id, 2);
    assert_int_equal(nth(f, PAB_SELL, 0).quantity, 5);
    assert_int_equal(nth(f, PAB_SELL, 1).order_id, 3);
    assert_int_equal(nth(f, PAB_SELL, 1).quantity, 10);
    done(f);
}

static void partial_cancel_sets_or_takes_off(void **state)
{
    (void)state;
    fixture *both[] = {abides(), corrected(PAB_QUIRK_ABSOLUTE_PARTIAL_CANCEL)};
    for (int i = 0; i < 2; i++) {
        limit(both[i], 1, PAB_SELL, 50, 100, 0);
        limit(both[i], 2, PAB_SELL, 10, 100, 0);
        limit(both[i], 3, PAB_BUY, 30, 100, 0); /* 20 are left, the owner still thinks 50 */
        partial(both[i], order(1, PAB_SELL, 50, 100, 0), 5);
        heard(both[i], 0, PAB_MSG_ORDER_PARTIAL_CANCELLED, 1, i == 0 ? 45 : 15);
        assert_int_equal(nth(both[i], PAB_SELL, 0).order_id, i == 0 ? 2 : 1); /* the increase lost its place */
        partial(both[i], order(1, PAB_SELL, 50, 100, 0), 500);
        assert_int_equal(summary(both[i]).order_count, i == 0 ? 2 : 1);
        done(both[i]);
    }
}

static void modify_changes_the_quantity_or_everything(void **state)
{
    (void)state;
    fixture *both[] = {abides(), corrected(PAB_QUIRK_QUANTITY_ONLY_MODIFY)};
    for (int i = 0; i < 2; i++) {
        limit(both[i], 1, PAB_SELL, 50, 100, 0);
        limit(both[i], 2, PAB_BUY, 50, 95, 0);
        modify(both[i], order(2, PAB_BUY, 50, 95, 0), order(2, PAB_BUY, 60, 100, 0));
        pab_book_summary s = summary(both[i]);
        assert_int_equal(s.best_bid, i == 0 ? 95 : 100);
        heard(both[i], i == 0 ? 0 : 2, PAB_MSG_ORDER_MODIFIED, 2, i == 0 ? 60 : 10);
        done(both[i]);
    }
}

static void replace_overfills_or_counts_fills(void **state)
{
    (void)state;
    fixture *both[] = {abides(), corrected(PAB_QUIRK_OVERFILLING_REPLACE)};
    for (int i = 0; i < 2; i++) {
        limit(both[i], 1, PAB_SELL, 50, 100, 0);
        limit(both[i], 2, PAB_BUY, 30, 100, 0);
        pab_order old = order(1, PAB_SELL, 50, 100, 0), fresh = order(3, PAB_SELL, 50, 101, 0);
        both[i]->said.count = 0;
        assert_int_equal(pab_book_replace(both[i]->book, 9, 7, &old, &fresh), PAB_OK);
        heard(both[i], 0, PAB_MSG_ORDER_REPLACED, 3, i == 0 ? 50 : 20);
        assert_int_equal(event_at(both[i], 0)->recipient, 7);
        assert_int_equal(event_at(both[i], 0)->old_id, 1);
        done(both[i]);
    }
}

static void discards_are_silent_or_rejected(void **state)
{
    (void)state;
    static const struct {
        int64_t quantity, price;
        int32_t reason;
    } bad[] = {
        {0, 100, PAB_REJECT_QUANTITY}, {-5, 100, PAB_REJECT_QUANTITY}, {INT64_MAX, 1, PAB_REJECT_QUANTITY},
        {5, -3, PAB_REJECT_PRICE},     {5, INT64_MIN, PAB_REJECT_PRICE}, {5, INT64_MAX, PAB_REJECT_PRICE},
        {5, 100, PAB_REJECT_DUPLICATE},
    };
    fixture *both[] = {abides(), corrected(PAB_QUIRK_SILENT_DISCARD)};
    for (int i = 0; i < 2; i++) {
        limit(both[i], 1, PAB_SELL, 50, 100, 0);
        for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
            limit(both[i], 1, PAB_SELL, bad[k].quantity, bad[k].price, 0);
            assert_int_equal(both[i]->said.count, i);
            if (i == 1)
                assert_int_equal(event_at(both[i], 0)->reason, bad[k].reason);
            assert_int_equal(summary(both[i]).order_count, 1);
        }
        cancel(both[i], 8, PAB_SELL, 100);
        assert_int_equal(both[i]->said.count, i);
        done(both[i]);
    }
}

static void price_zero_is_taken_or_refused(void **state)
{
    (void)state;
    fixture *f = abides();
    limit(f, 1, PAB_BUY, 5, 0, 0);
    heard(f, 0, PAB_MSG_ORDER_ACCEPTED, 1, 5);
    done(f);
    f = corrected(PAB_QUIRK_ZERO_IS_NONE | PAB_QUIRK_SILENT_DISCARD);
    limit(f, 1, PAB_BUY, 5, 0, 0);
    assert_int_equal(event_at(f, 0)->reason, PAB_REJECT_PRICE);
    limit(f, 2, PAB_SELL, 5, 1, PAB_ORDER_PRICE_TO_COMPLY); /* its hidden half would stand at 0 */
    assert_int_equal(event_at(f, 0)->reason, PAB_REJECT_PRICE);
    done(f);
}

static void a_hidden_best_level_is_shown_or_passed_over(void **state)
{
    (void)state;
    fixture *both[] = {abides(), corrected(PAB_QUIRK_ZERO_IS_NONE)};
    for (int i = 0; i < 2; i++) {
        pab_level bid, ask;
        limit(both[i], 1, PAB_BUY, 5, 100, PAB_ORDER_HIDDEN);
        limit(both[i], 2, PAB_BUY, 6, 99, 0);
        limit(both[i], 3, PAB_SELL, 5, 101, PAB_ORDER_HIDDEN);
        limit(both[i], 4, PAB_SELL, 7, 102, 0);
        assert_int_equal(pab_book_l1(both[i]->book, &bid, &ask), PAB_OK);
        assert_int_equal(bid.price, i == 0 ? 100 : 99);
        assert_int_equal(bid.quantity, i == 0 ? 0 : 6);
        assert_int_equal(ask.price, 102);
        done(both[i]);
    }
}

static void the_feed_clock_stands_or_moves(void **state)
{
    (void)state;
    fixture *both[] = {abides(), corrected(PAB_QUIRK_STALE_FEED)};
    for (int i = 0; i < 2; i++) {
        limit(both[i], 1, PAB_BUY, 5, 100, 0);
        assert_int_equal(summary(both[i]).last_update, i == 0 ? 0 : 1);
        market(both[i], 2, PAB_SELL, 1);
        assert_int_equal(summary(both[i]).last_update, i == 0 ? 0 : 2);
        cancel(both[i], 1, PAB_BUY, 100);
        assert_int_equal(summary(both[i]).last_update, 3);
        done(both[i]);
    }
}

static void averages_of_huge_prices_stay_exact(void **state)
{
    (void)state;
    /* What Python's int(round(a / b)) gives for the sums, by rows of prices with their quantities. */
    static const struct {
        int64_t price[2], quantity[2], mean;
    } rows[] = {
        {{4611686018427387904, 4611686018427387901}, {549755813888, 549755813888}, 4611686018427387904},
        {{100000, 100001}, {549755813888, 549755813888}, 100000},
        {{100001, 100002}, {549755813888, 549755813888}, 100002},
        {{100001, 100002}, {274877906945, 274877906944}, 100002},
        {{100001, 100002}, {274877906944, 274877906945}, 100002},
        {{9007199254740993, 9007199254740996}, {3, 549755813888}, 9007199254740996},
        {{18014398509481987, 18014398509481989}, {274877906944, 274877906944}, 18014398509481988},
        {{4503599627370497, 4503599627370498}, {274877906944, 274877906944}, 4503599627370498},
        {{0, 1}, {549755813888, 549755813888}, 0},
        {{0, 3}, {274877906944, 274877906945}, 2},
        {{1302657532, 15982504909}, {83661145668, 34746715988}, 5610449941},
        {{842197, 1152179}, {162856376842, 544603795968}, 1080822},
        {{1861668, 4364922}, {199873518703, 426390105211}, 3566003},
        {{1775693413, 228026887}, {117088194017, 510856120527}, 516608970},
        {{1738371, 1343621}, {145198466225, 149466785350}, 1538137},
        {{707889029, 1330795424}, {344841380967, 403157076642}, 1043623841},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture *f = abides();
        for (int k = 0; k < 2; k++)
            limit(f, k, PAB_SELL, rows[i].quantity[k], rows[i].price[k], 0);
        limit(f, 2, PAB_BUY, rows[i].quantity[0] + rows[i].quantity[1], INT64_C(1) << 62, 0);
        assert_int_equal(summary(f).last_trade, rows[i].mean);
        assert_int_equal(summary(f).order_count, 0);
        done(f);
    }
}

static void callers_errors_are_named_and_change_nothing(void **state)
{
    (void)state;
    char text[256];
    fixture *f = abides();
    pab_order o = order(1, 3, 5, 100, 0);
    assert_int_equal(pab_book_limit(f->book, 5, &o), PAB_E_ARGUMENT);
    pab_last_error(text, sizeof text);
    assert_non_null(strstr(text, "order->side is 3"));
    o = order(1, PAB_BUY, 5, 100, 1u << 20);
    assert_int_equal(pab_book_limit(f->book, 5, &o), PAB_E_ARGUMENT);
    o.flags = 0;
    assert_int_equal(pab_book_limit(f->book, 5, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_book_limit(NULL, 5, &o), PAB_E_ARGUMENT);
    assert_int_equal(pab_book_limit(f->book, 5, &o), PAB_OK);
    assert_int_equal(pab_book_cancel(f->book, 4, &o), PAB_E_ARGUMENT); /* time runs backwards */
    assert_int_equal(summary(f).order_count, 1);
    pab_book_summary small = {.struct_size = 8};
    assert_int_equal(pab_book_describe(f->book, &small), PAB_E_ARGUMENT);
    pab_book *none = NULL;
    assert_int_equal(pab_book_new(NULL, UINT32_MAX, NULL, &none), PAB_E_ARGUMENT);
    assert_null(none);
    done(f);
}

/* A script that makes every pool grow: many levels near and far, pairs, fills at many times. */
static pab_status script(pab_book *book)
{
    pab_status status = PAB_OK;
    for (int64_t i = 0; i < 600 && status == PAB_OK; i++) {
        int32_t side = i % 2 ? PAB_BUY : PAB_SELL;
        pab_order o = order(i, side, 10, 20000 - side * (i % 3 ? i : 17 * i), i % 7 ? 0 : PAB_ORDER_PRICE_TO_COMPLY);
        status = pab_book_limit(book, i, &o);
        pab_order jump = order(1000 + i, side, 3, 20000 - side * 40 * i, 0);
        if (status == PAB_OK && i % 5 == 0)
            status = pab_book_limit(book, i, &jump);
        pab_order take = order(5000 + i, -side, 4, 0, 0);
        if (status == PAB_OK && i % 2)
            status = pab_book_market(book, i, &take);
    }
    return status;
}

static void memory_that_runs_out_anywhere_is_an_error_and_no_more(void **state)
{
    (void)state;
    for (int sticky = 0; sticky < 2; sticky++) {
        pab_status status = PAB_E_MEMORY;
        int64_t n = 0;
        for (; status != PAB_OK && n < 1000; n++) {
            failing memory;
            pab_host host = failing_host(&memory, n, sticky);
            pab_book *book = NULL;
            status = pab_book_new(&host, PAB_QUIRKS_ABIDES, NULL, &book);
            if (status == PAB_OK)
                status = script(book);
            /* A move of the window that finds no memory is put off, so a refusal need not be an error. */
            if (status != PAB_OK)
                assert_int_equal(status, PAB_E_MEMORY);
            else if (memory.seen > n)
                status = PAB_E_MEMORY;
            if (book) {
                memory.passes = INT64_MAX;
                memory.sticky = 0;
                pab_book_clear(book);
                assert_int_equal(script(book), PAB_OK); /* and the book is usable */
            }
            pab_book_free(book);
            assert_int_equal(memory.blocks, 0);
        }
        assert_in_range(n, 20, 999);
    }
}

static void a_warm_book_does_not_allocate(void **state)
{
    (void)state;
    failing memory;
    pab_host host = failing_host(&memory, -1, 0);
    pab_book *book = NULL;
    assert_int_equal(pab_book_new(&host, PAB_QUIRKS_ABIDES, NULL, &book), PAB_OK);
    assert_int_equal(script(book), PAB_OK);
    int64_t before = memory.seen;
    pab_book_clear(book);
    assert_int_equal(script(book), PAB_OK);
    assert_int_equal(memory.seen, before);
    pab_book_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(better_prices_fill_first),
        cmocka_unit_test(equal_prices_fill_in_arrival_order),
        cmocka_unit_test(last_trade_is_the_mean_or_the_last_fill),
        cmocka_unit_test(market_orders_are_silent_or_answered),
        cmocka_unit_test(post_only_takes_or_is_rejected),
        cmocka_unit_test(price_to_comply_halves_are_loose_or_one),
        cmocka_unit_test(partial_cancel_sets_or_takes_off),
        cmocka_unit_test(modify_changes_the_quantity_or_everything),
        cmocka_unit_test(replace_overfills_or_counts_fills),
        cmocka_unit_test(discards_are_silent_or_rejected),
        cmocka_unit_test(price_zero_is_taken_or_refused),
        cmocka_unit_test(a_hidden_best_level_is_shown_or_passed_over),
        cmocka_unit_test(the_feed_clock_stands_or_moves),
        cmocka_unit_test(averages_of_huge_prices_stay_exact),
        cmocka_unit_test(callers_errors_are_named_and_change_nothing),
        cmocka_unit_test(memory_that_runs_out_anywhere_is_an_error_and_no_more),
        cmocka_unit_test(a_warm_book_does_not_allocate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
