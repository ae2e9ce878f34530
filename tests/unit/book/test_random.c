/* Random operations on the book and on a naive one: what both say and hold must be the same, with any quirks. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "../base/failing.h"
#include "book/book.h"
#include "naive_book.h"

#define LISTED 4096
#define KNOWN 512

static uint64_t random_word(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int64_t pick(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(random_word(state) % (uint64_t)(high - low + 1));
}

/* How a stream behaves. */
typedef struct flavour {
    int64_t spread; /* prices are centre +- spread */
    int64_t drift;  /* the centre moves by up to this */
    int64_t far;    /* one order in ten is up to this far away */
    int passive;    /* percent of orders on their own side of the centre */
    int kinds;      /* 1: all flags, 0: plain limit orders only */
} flavour;

typedef struct pair {
    pab__book book;
    pab_host host;
    failing memory;
    naive_book naive;
    journal said;
    uint64_t random;
    int64_t centre, next_id;
    pab_order known[KNOWN]; /* orders as once sent, to name again */
    pab_resting_order listed[LISTED];
} pair;

static pair *pair_new(uint64_t seed, uint32_t quirks, int64_t window)
{
    pair *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->host = failing_host(&p->memory, -1, 0);
    p->random = seed;
    p->centre = 10000;
    p->naive.quirks = quirks;
    assert_int_equal(pab__book_init(&p->book, &p->host, quirks, window), PAB_OK);
    p->book.sink = (pab_book_sink){sizeof(pab_book_sink), 0, &p->said, journal_event, journal_row};
    return p;
}

static void pair_free(pair *p)
{
    pab__book_free(&p->book);
    assert_int_equal(p->memory.blocks, 0);
    free(p->naive.trades);
    free(p);
}

static pab_order new_order(pair *p, const flavour *f)
{
    static const uint32_t kinds[] = {0, 0, 0, 0, PAB_ORDER_HIDDEN, PAB_ORDER_POST_ONLY, PAB_ORDER_PRICE_TO_COMPLY,
                                     PAB_ORDER_INSERT_BY_ID};
    uint64_t *r = &p->random;
    pab_order o = {.id = p->next_id++, .agent = (int32_t)pick(r, 1, 9), .side = pick(r, 0, 1) ? PAB_BUY : PAB_SELL,
                   .quantity = pick(r, 0, 40) ? pick(r, 1, 100) : pick(r, -2, 0), .ref = (uint32_t)pick(r, 0, 99)};
    int64_t off = pick(r, -f->spread, f->spread);
    o.price = p->centre + (pick(r, 0, 99) < f->passive ? -o.side * llabs(off) : off);
    if (f->far > 0 && pick(r, 0, 9) == 0)
        o.price += pick(r, -f->far, f->far);
    if (f->kinds) {
        o.flags = kinds[pick(r, 0, 7)];
        o.flags |= pick(r, 0, 15) ? 0 : PAB_ORDER_POST_ONLY;
        if (pick(r, 0, 20) == 0 && o.id > 20)
            o.id -= pick(r, 1, 20); /* perhaps one that rests */
        else if (o.flags & PAB_ORDER_INSERT_BY_ID)
            o.id = -o.id;
        if (pick(r, 0, 60) == 0)
            o.price = pick(r, -1, 2);
    }
    p->known[(uint64_t)o.id % KNOWN] = o;
    return o;
}

/* An order that was sent once, perhaps seen wrongly. */
static pab_order old_order(pair *p)
{
    uint64_t *r = &p->random;
    pab_order o = p->known[(uint64_t)(p->next_id - pick(r, 1, 60)) % KNOWN];
    if (pick(r, 0, 1)) {
        uint32_t n = pab__book_l3(&p->book, pick(r, 0, 1) ? PAB_BUY : PAB_SELL, p->listed, LISTED);
        if (n > 0) {
            const pab_resting_order *rest = &p->listed[pick(r, 0, n - 1)];
            o = (pab_order){rest->order_id, rest->quantity, rest->price, rest->agent, rest->side, 0, 0};
        }
    }
    if (o.side == 0)
        o.side = PAB_BUY;
    o.quantity += pick(r, 0, 4) ? 0 : pick(r, -20, 20);
    o.price += pick(r, 0, 19) ? 0 : pick(r, -1, 1);
    o.side = pick(r, 0, 29) ? o.side : -o.side;
    return o;
}

static void change(pair *p, const flavour *f, int64_t now, int kind)
{
    pab_order old = old_order(p), fresh = new_order(p, f);
    if (kind == 0) {
        pab__book_cancel(&p->book, now, &old);
        naive_cancel(&p->naive, &old);
    } else if (kind == 1) {
        int64_t quantity = pick(&p->random, -1, 60);
        pab__book_partial_cancel(&p->book, now, &old, quantity);
        naive_partial_cancel(&p->naive, &old, quantity);
    } else if (kind == 2) {
        pab_order changed = old;
        changed.quantity = fresh.quantity;
        if (pick(&p->random, 0, 1))
            changed.price += pick(&p->random, -3, 3);
        if (pick(&p->random, 0, 3) == 0)
            changed = fresh;
        changed.id = pick(&p->random, 0, 19) ? old.id : fresh.id;
        pab__book_modify(&p->book, now, &old, &changed);
        naive_modify(&p->naive, &old, &changed);
    } else {
        fresh.id = pick(&p->random, 0, 9) ? fresh.id : old.id;
        pab__book_replace(&p->book, now, 7, &old, &fresh);
        naive_replace(&p->naive, 7, &old, &fresh);
    }
}

static void one_operation(pair *p, const flavour *f, int64_t now)
{
    int64_t dice = pick(&p->random, 0, 99);
    p->centre += pick(&p->random, -f->drift, f->drift);
    if (p->centre < 200)
        p->centre = 200;
    p->naive.now = now;
    p->said.count = p->naive.said.count = 0;
    if (dice < 55) {
        pab_order o = new_order(p, f);
        pab__book_limit(&p->book, now, &o);
        naive_limit(&p->naive, &o);
    } else if (dice < 60) {
        pab_order o = new_order(p, f);
        pab__book_market(&p->book, now, &o);
        naive_market(&p->naive, &o);
    } else {
        change(p, f, now, dice < 80 ? 0 : (int)(dice % 4));
    }
}

static void print_said(const char *who, const said *s)
{
    const pab_order *o = &s->event.order;
    if (s->is_row)
        print_error("  %s: row of kind %d, order %lld, quantity %lld, price %lld\n", who, s->row.kind,
                    (long long)s->row.order_id, (long long)s->row.quantity, (long long)s->row.price);
    else
        print_error("  %s: %s to agent %d, order %lld, quantity %lld, price %lld\n", who,
                    pab_message_name(s->event.type), s->event.recipient, (long long)o->id, (long long)o->quantity,
                    (long long)o->price);
}

static void same_words(const pair *p, int step)
{
    const journal *a = &p->said, *b = &p->naive.said;
    for (int i = 0; i < a->count && i < b->count; i++) {
        if (memcmp(&a->list[i], &b->list[i], sizeof(said)) == 0)
            continue;
        print_said("book", &a->list[i]);
        print_said("naive book", &b->list[i]);
        fail_msg("step %d: notification %d of the operation differs", step, i);
    }
    if (a->count != b->count)
        fail_msg("step %d: %d notifications; the naive book sent %d", step, a->count, b->count);
}

/* The naive book's listing comes from taking its front order again and again. */
static void same_side(pair *p, int step, int32_t side)
{
    static naive_book copy;
    copy.count = p->naive.count;
    memcpy(copy.list, p->naive.list, (size_t)copy.count * sizeof copy.list[0]);
    uint32_t n = pab__book_l3(&p->book, side, p->listed, LISTED);
    for (uint32_t i = 0; i < n; i++) {
        int front = front_of(&copy, side);
        if (front < 0)
            fail_msg("step %d: more orders than the naive book has", step);
        const naive_order *o = &copy.list[front];
        const pab_resting_order *l = &p->listed[i];
        if (l->order_id != o->o.id || l->price != o->o.price || l->quantity != o->o.quantity ||
            l->hidden != o->hidden || l->ptc_half != o->half || l->agent != o->o.agent)
            fail_msg("step %d: order %" PRId64 " at place %u, the naive book has %" PRId64, step, l->order_id, i,
                     o->o.id);
        take_out(&copy, front);
    }
    assert_int_equal(front_of(&copy, side), -1);
}

static void same_answers(pair *p, int64_t now)
{
    pab_book_summary s = {.struct_size = sizeof s};
    pab__book_describe(&p->book, &s);
    assert_int_equal(s.last_trade, p->naive.last_trade);
    assert_int_equal(s.last_update, p->naive.last_update);
    assert_int_equal(s.order_count, p->naive.count);
    int64_t bought, sold, lookback = pick(&p->random, 0, 5000);
    pab__book_volume(&p->book, now, lookback, &bought, &sold);
    assert_int_equal(bought, naive_volume(&p->naive, PAB_BUY, lookback));
    assert_int_equal(sold, naive_volume(&p->naive, PAB_SELL, lookback));
    static pab_level levels[LISTED];
    for (int32_t side = PAB_SELL; side <= PAB_BUY; side += 2) {
        uint32_t n = pab__book_l2(&p->book, side, UINT32_MAX, levels, LISTED);
        for (uint32_t i = 0; i < n; i++) {
            assert_int_equal(levels[i].quantity, visible_at(&p->naive, side, levels[i].price));
            assert_true(i == 0 || (levels[i].price < levels[i - 1].price) == (side == PAB_BUY));
        }
    }
}

static void run(uint64_t seed, uint32_t quirks, const flavour *f, int steps)
{
    pair *p = pair_new(seed, quirks, 5000);
    int64_t now = 0;
    for (int step = 0; step < steps; step++) {
        now += pick(&p->random, 0, 30);
        one_operation(p, f, now);
        same_words(p, step);
        if (step % 16 == 0) {
            same_side(p, step, PAB_BUY);
            same_side(p, step, PAB_SELL);
            same_answers(p, now);
        }
    }
    assert_int_equal(p->book.failed, PAB_OK);
    pair_free(p);
}

static const flavour flavours[] = {
    {.spread = 5, .passive = 60, .kinds = 1},                              /* a handful of ticks */
    {.spread = 60, .drift = 3, .passive = 75, .kinds = 1},                 /* a moving touch */
    {.spread = 300, .drift = 150, .far = 4000, .passive = 75, .kinds = 1}, /* the window follows, far levels stay */
    {.spread = 8000, .far = 9000, .passive = 90, .kinds = 1},              /* everything far apart */
    {.spread = 3, .drift = 900, .passive = 75, .kinds = 0},                /* the touch jumps */
};

#define FLAVOURS ((int)(sizeof flavours / sizeof flavours[0]))

static void agrees_with_a_naive_book_as_abides(void **state)
{
    (void)state;
    for (int i = 0; i < FLAVOURS; i++)
        run(1 + (uint64_t)i, PAB_QUIRKS_ABIDES, &flavours[i], 7000);
}

static void agrees_with_a_naive_book_corrected(void **state)
{
    (void)state;
    for (int i = 0; i < FLAVOURS; i++)
        run(100 + (uint64_t)i, PAB_QUIRKS_NONE, &flavours[i], 7000);
}

static void agrees_with_a_naive_book_for_mixed_quirks(void **state)
{
    (void)state;
    uint64_t r = 7;
    for (int i = 0; i < 40; i++)
        run(200 + (uint64_t)i, (uint32_t)random_word(&r) & PAB_QUIRKS_ABIDES, &flavours[i % FLAVOURS], 1500);
}

/* Every resting share came in and is there, was filled, or was taken off; corrected books never cross. */
static void shares_are_conserved_and_books_uncrossed(void **state)
{
    (void)state;
    const flavour f = {.spread = 40, .drift = 2, .passive = 70};
    pair *p = pair_new(5, PAB_QUIRKS_NONE, INT64_MAX);
    int64_t in = 0, off = 0, now = 0;
    for (int step = 0; step < 20000; step++) {
        p->said.count = 0;
        pab_order o = pick(&p->random, 0, 2) ? new_order(p, &f) : old_order(p);
        static const uint32_t kinds[] = {0, PAB_ORDER_POST_ONLY, PAB_ORDER_HIDDEN};
        o.flags = kinds[pick(&p->random, 0, 2)];
        if (pick(&p->random, 0, 2))
            pab__book_limit(&p->book, ++now, &o);
        else
            pab__book_cancel(&p->book, ++now, &o);
        for (int i = 0; i < p->said.count; i++) {
            const pab_book_event *e = &p->said.list[i].event;
            if (p->said.list[i].is_row)
                continue;
            in += e->type == PAB_MSG_ORDER_ACCEPTED || (e->flags & PAB_MSG_FLAG_INCOMING) ? e->order.quantity : 0;
            off += e->type == PAB_MSG_ORDER_CANCELLED ? e->order.quantity : 0;
            off += e->type == PAB_MSG_ORDER_EXECUTED ? e->order.quantity : 0;
        }
        pab_book_summary s = {.struct_size = sizeof s};
        pab__book_describe(&p->book, &s);
        assert_true(s.bid_levels == 0 || s.ask_levels == 0 || s.best_bid < s.best_ask);
    }
    int64_t resting = 0;
    for (int32_t side = PAB_SELL; side <= PAB_BUY; side += 2) {
        uint32_t n = pab__book_l3(&p->book, side, p->listed, LISTED);
        for (uint32_t i = 0; i < n; i++)
            resting += p->listed[i].quantity;
    }
    assert_true(p->book.core.trades > 1000);
    assert_int_equal(in, off + resting);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_naive_book_as_abides),
        cmocka_unit_test(agrees_with_a_naive_book_corrected),
        cmocka_unit_test(agrees_with_a_naive_book_for_mixed_quirks),
        cmocka_unit_test(shares_are_conserved_and_books_uncrossed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
