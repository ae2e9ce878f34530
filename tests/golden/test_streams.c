/* The recorded order-book streams: every event, history row, answer and state of the reference. Line by line where
 * the recordings are, and from their compact form by checksum everywhere. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include <pairsabides/book.h>

#include "files.h"

#define LISTED 4096 /* orders of a side that a listing may have */
#define TEXT 65536

enum { SEQ, TIME, OP, ID, AGENT, SIDE, QUANTITY, PRICE, HIDDEN, POST_ONLY, COMPLY, BY_ID, CANCEL_QUANTITY, NEW_ID,
      ARG = 22 };

enum { EVENTS, QUERIES, FINAL, HISTORY, STATES, FILES };

static const struct {
    const char *name, *suffix, *header;
} names[FILES] = {
    {"events.csv", "",
     "op_seq,event,recipient_id,order_id,agent_id,side,quantity,limit_price,fill_price,old_order_id"},
    {"queries.csv", "", "op_seq,query,arg,bid_or_value,ask_or_side"},
    {"final_l3.csv", "", "side,level,price,queue,position,order_id,agent_id,quantity,ptc_half"},
    {"history.csv", ".gz",
     "time_ns,symbol,type,order_id,agent_id,oppos_order_id,oppos_agent_id,side,quantity,price"},
    {"state.csv", ".gz",
     "op_seq,events_so_far,bid_levels,ask_levels,best_bid,best_ask,last_trade,last_update_ts,l3_crc32"},
};

/* A file of the stream: read along where it is recorded, summed up in any case. */
typedef struct record {
    gzFile file;
    const char *name;
    golden_sum sum;
} record;

typedef struct replay {
    pab_book *book;
    const char *stream;
    record files[FILES];
    long op, event_count;
    int64_t now;
    pab_resting_order orders[LISTED];
} replay;

static const char *golden_dir(void)
{
    static char path[1024];
    const char *shared = getenv("PAB_SHARED");
    snprintf(path, sizeof path, "%s/golden/book", shared ? shared : PAB_SHARED_DIR);
    return path;
}

static void expect_line(const replay *p, record *r, const char *line)
{
    static char buf[TEXT];
    golden_add(&r->sum, line);
    if (!r->file)
        return;
    const char *wanted = golden_line(r->file, buf, sizeof buf);
    if (!wanted || strcmp(line, wanted) != 0)
        fail_msg("stream %s, operation %ld, %s:\n  wanted %s\n  got    %s", p->stream, p->op, r->name,
                 wanted ? wanted : "the end", line);
}

/* The next line of a file must be this one. */
__attribute__((format(printf, 3, 4))) static void expect(replay *p, int file, const char *format, ...)
{
    static char line[TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    expect_line(p, &p->files[file], line);
}

static void open_files(replay *p, int recorded)
{
    char path[GOLDEN_PATH + 64];
    for (int i = 0; i < FILES; i++) {
        record *r = &p->files[i];
        r->name = names[i].name;
        snprintf(path, sizeof path, "%s/%s/%s%s", golden_dir(), p->stream, names[i].name, names[i].suffix);
        r->file = recorded ? gzopen(path, "rb") : NULL;
        if (recorded && !r->file)
            fail_msg("%s cannot be read", path);
        expect_line(p, r, names[i].header);
    }
}

/* Nothing is left over, and the sums are those of the recording. */
static void close_files(replay *p)
{
    char path[GOLDEN_PATH], line[TEXT], wanted[GOLDEN_PATH];
    snprintf(path, sizeof path, "%s/book/%s.sum", GOLDEN_DIR, p->stream);
    gzFile sums = gzopen(path, "rb");
    assert_non_null(sums);
    for (int i = 0; i < FILES; i++) {
        record *r = &p->files[i];
        if (r->file && golden_line(r->file, line, sizeof line))
            fail_msg("%s of stream %s has more: %s", r->name, p->stream, line);
        if (r->file)
            gzclose(r->file);
        snprintf(line, sizeof line, "%s %" PRIu64 " %08" PRIx32, r->name, r->sum.lines, r->sum.crc);
        assert_non_null(golden_line(sums, wanted, sizeof wanted));
        if (strcmp(line, wanted) != 0)
            fail_msg("stream %s: wanted %s, got %s", p->stream, wanted, line);
    }
    gzclose(sums);
}

static const char *number(char *buf, int64_t value, int known)
{
    buf[0] = 0;
    if (known)
        sprintf(buf, "%" PRId64, value);
    return buf;
}

static const char *side_name(int32_t side)
{
    return side == PAB_BUY ? "BID" : side == PAB_SELL ? "ASK" : "";
}

static void on_event(void *user, const pab_book_event *e)
{
    static const char *const types[] = {"OrderAccepted", "OrderExecuted", "OrderCancelled", "OrderPartialCancelled",
                                        "OrderModified", "OrderReplaced"};
    replay *p = user;
    char limit[32], fill[32], old[32];
    assert_in_range(e->type, PAB_MSG_ORDER_ACCEPTED, PAB_MSG_ORDER_REPLACED);
    expect(p, EVENTS, "%ld,%s,%" PRId32 ",%" PRId64 ",%" PRId32 ",%s,%" PRId64 ",%s,%s,%s", p->op,
           types[e->type - PAB_MSG_ORDER_ACCEPTED], e->recipient, e->order.id, e->order.agent, side_name(e->order.side),
           e->order.quantity, number(limit, e->order.price, !(e->order.flags & PAB_ORDER_IS_MARKET)),
           number(fill, e->fill_price, e->type == PAB_MSG_ORDER_EXECUTED),
           number(old, e->old_id, e->type == PAB_MSG_ORDER_REPLACED));
    p->event_count++;
}

static void on_row(void *user, const pab_book_row *row)
{
    static const char *const kinds[] = {"LIMIT", "EXEC", "CANCEL", "CANCEL_PARTIAL", "MODIFY", "REPLACE"};
    replay *p = user;
    int k = row->kind;
    int priced = k == PAB_ROW_LIMIT || k == PAB_ROW_EXEC || k == PAB_ROW_REPLACE;
    const char *side = k == PAB_ROW_EXEC ? (row->side == PAB_BUY ? "BUY" : "SELL") : side_name(row->side);
    char agent[32], other[32], other_agent[32], quantity[32], price[32];
    expect(p, HISTORY, "%" PRId64 ",X,%s,%" PRId64 ",%s,%s,%s,%s,%s,%s", p->now, kinds[k], row->order_id,
           number(agent, row->agent, row->agent >= 0), number(other, row->other_order_id, row->other_order_id >= 0),
           number(other_agent, row->other_agent, row->other_agent >= 0), side,
           number(quantity, row->quantity, k != PAB_ROW_CANCEL), number(price, row->price, priced));
}

static void append(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(char *text, const char *format, ...)
{
    size_t len = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + len, TEXT - len, format, args);
    va_end(args);
}

/* The rows that final_l3.csv would have now, joined by `separator`. */
static char *listing(replay *p, char separator)
{
    static char text[TEXT];
    text[0] = 0;
    for (int32_t side = PAB_BUY; side >= PAB_SELL; side -= 2) {
        uint32_t n = pab_book_l3(p->book, side, p->orders, LISTED);
        assert_in_range(n, 0, LISTED);
        for (uint32_t i = 0; i < n; i++) {
            const pab_resting_order *o = &p->orders[i];
            static const char *const halves[] = {"", "visible_half", "hidden_half"};
            if (text[0] != 0)
                append(text, "%c", separator);
            append(text, "%s,%" PRId32 ",%" PRId64 ",%s,%" PRId32 ",%" PRId64 ",%" PRId32 ",%" PRId64 ",%s",
                   side_name(o->side), o->level, o->price, o->hidden ? "hidden" : "visible", o->position, o->order_id,
                   o->agent, o->quantity, halves[o->ptc_half]);
        }
    }
    return text;
}

static void check_state(replay *p)
{
    pab_book_summary s = {.struct_size = sizeof s};
    char bid[32], ask[32], last[32];
    assert_int_equal(pab_book_describe(p->book, &s), PAB_OK);
    char *text = listing(p, ';');
    unsigned long crc = crc32(0, (const Bytef *)text, (uInt)strlen(text));
    expect(p, STATES, "%ld,%ld,%" PRIu32 ",%" PRIu32 ",%s,%s,%s,%" PRId64 ",%08lx", p->op, p->event_count,
           s.bid_levels, s.ask_levels, number(bid, s.best_bid, s.bid_levels > 0),
           number(ask, s.best_ask, s.ask_levels > 0), number(last, s.last_trade, s.last_trade != 0), s.last_update,
           crc);
}

static void ask_imbalance(replay *p)
{
    double value;
    int32_t side;
    char hex[64];
    assert_int_equal(pab_book_imbalance(p->book, &value, &side), PAB_OK);
    snprintf(hex, sizeof hex, value == 0 ? "0x0.0p+0" : "%.13a", value);
    expect(p, QUERIES, "%ld,QUERY_IMBALANCE,,%s,%s", p->op, hex, side_name(side));
}

static void ask_l1(replay *p)
{
    pab_level quote[2];
    pab_book_summary s = {.struct_size = sizeof s};
    char text[2][64] = {"", ""};
    assert_int_equal(pab_book_describe(p->book, &s), PAB_OK);
    assert_int_equal(pab_book_l1(p->book, &quote[0], &quote[1]), PAB_OK);
    for (int i = 0; i < 2; i++) {
        if ((i == 0 ? s.bid_levels : s.ask_levels) > 0)
            snprintf(text[i], sizeof text[i], "%" PRId64 ":%" PRId64, quote[i].price, quote[i].quantity);
    }
    expect(p, QUERIES, "%ld,QUERY_L1,,%s,%s", p->op, text[0], text[1]);
}

static void ask_l2(replay *p, long depth)
{
    static pab_level levels[LISTED];
    static char text[2][TEXT];
    for (int s = 0; s < 2; s++) {
        uint32_t n = pab_book_l2(p->book, s == 0 ? PAB_BUY : PAB_SELL, (uint32_t)depth, levels, LISTED);
        text[s][0] = 0;
        for (uint32_t i = 0; i < n; i++)
            append(text[s], "%s%" PRId64 ":%" PRId64, i > 0 ? " " : "", levels[i].price, levels[i].quantity);
    }
    expect(p, QUERIES, "%ld,QUERY_L2,%ld,%s,%s", p->op, depth, text[0], text[1]);
}

static void ask_l3(replay *p, long depth)
{
    static char text[2][TEXT];
    for (int s = 0; s < 2; s++) {
        uint32_t n = pab_book_l3(p->book, s == 0 ? PAB_BUY : PAB_SELL, p->orders, LISTED);
        text[s][0] = 0;
        for (uint32_t i = 0; i < n && p->orders[i].level < depth; i++) {
            const pab_resting_order *o = &p->orders[i];
            if (i == 0 || o->level != o[-1].level)
                append(text[s], "%s%" PRId64 ":", i > 0 ? " " : "", o->price);
            if (!o->hidden)
                append(text[s], "%s%" PRId64, o->position > 0 ? "+" : "", o->quantity);
        }
    }
    expect(p, QUERIES, "%ld,QUERY_L3,%ld,%s,%s", p->op, depth, text[0], text[1]);
}

static void ask_volume(replay *p, int64_t lookback)
{
    int64_t bought, sold;
    assert_int_equal(pab_book_volume(p->book, p->now, lookback, &bought, &sold), PAB_OK);
    expect(p, QUERIES, "%ld,QUERY_VOLUME,%" PRId64 ",%" PRId64 ",%" PRId64, p->op, lookback, bought, sold);
}

static int64_t whole(const char *text)
{
    return strtoll(text, NULL, 10);
}

/* An order from nine columns. */
static pab_order order_from(char **column)
{
    static const uint32_t bits[] = {PAB_ORDER_HIDDEN, PAB_ORDER_POST_ONLY, PAB_ORDER_PRICE_TO_COMPLY,
                                    PAB_ORDER_INSERT_BY_ID};
    pab_order order = {.id = whole(column[0]), .agent = (int32_t)whole(column[1]), .quantity = whole(column[3]),
                       .price = whole(column[4]), .side = strcmp(column[2], "BID") == 0 ? PAB_BUY : PAB_SELL};
    for (int i = 0; i < 4; i++)
        order.flags |= whole(column[5 + i]) ? bits[i] : 0;
    return order;
}

static int split(char *line, char **column, int cap)
{
    int n = 0;
    for (char *at = line; at && n < cap;) {
        column[n++] = at;
        at = strchr(at, ',');
        if (at)
            *at++ = 0;
    }
    return n;
}

static void query(replay *p, const char *op, const char *arg)
{
    if (strcmp(op, "QUERY_L1") == 0)
        ask_l1(p);
    else if (strcmp(op, "QUERY_L2") == 0)
        ask_l2(p, (long)whole(arg));
    else if (strcmp(op, "QUERY_L3") == 0)
        ask_l3(p, (long)whole(arg));
    else if (strcmp(op, "QUERY_VOLUME") == 0)
        ask_volume(p, whole(arg));
    else
        ask_imbalance(p);
}

static void apply(replay *p, char **column)
{
    const char *op = column[OP];
    p->op = (long)whole(column[SEQ]);
    p->now = whole(column[TIME]);
    if (strncmp(op, "QUERY", 5) == 0) {
        query(p, op, column[ARG]);
        return;
    }
    pab_order order = order_from(column + ID), fresh = order_from(column + NEW_ID);
    pab_status status = PAB_E_UNSUPPORTED;
    if (strcmp(op, "LIMIT") == 0)
        status = pab_book_limit(p->book, p->now, &order);
    else if (strcmp(op, "MARKET") == 0)
        status = pab_book_market(p->book, p->now, &order);
    else if (strcmp(op, "CANCEL") == 0)
        status = pab_book_cancel(p->book, p->now, &order);
    else if (strcmp(op, "PARTIAL_CANCEL") == 0)
        status = pab_book_partial_cancel(p->book, p->now, &order, whole(column[CANCEL_QUANTITY]));
    else if (strcmp(op, "MODIFY") == 0)
        status = pab_book_modify(p->book, p->now, &order, &fresh);
    else if (strcmp(op, "REPLACE") == 0)
        status = pab_book_replace(p->book, p->now, order.agent, &order, &fresh);
    assert_int_equal(status, PAB_OK);
}

static void play(const char *stream, int recorded)
{
    static replay p;
    static char line[TEXT];
    char path[GOLDEN_PATH];
    memset(&p, 0, sizeof p);
    p.stream = stream;
    open_files(&p, recorded);
    snprintf(path, sizeof path, "%s/book/%s.ops.gz", GOLDEN_DIR, stream);
    gzFile ops = gzopen(path, "rb");
    assert_non_null(golden_line(ops, line, sizeof line)); /* the header */
    pab_book_sink sink = {.struct_size = sizeof sink, .user = &p, .event = on_event, .row = on_row};
    assert_int_equal(pab_book_new(NULL, PAB_QUIRKS_ABIDES, &sink, &p.book), PAB_OK);
    while (golden_line(ops, line, sizeof line)) {
        char *column[32];
        assert_int_equal(split(line, column, 32), ARG + 1);
        apply(&p, column);
        check_state(&p);
    }
    for (char *row = strtok(listing(&p, '\n'), "\n"); row; row = strtok(NULL, "\n"))
        expect(&p, FINAL, "%s", row);
    close_files(&p);
    gzclose(ops);
    pab_book_free(p.book);
}

static void checksums_match(void **state)
{
    play(*state, 0);
}

static void recording_is_replayed_exactly(void **state)
{
    if (access(golden_dir(), R_OK) != 0) {
        print_message("no recorded streams in %s (set PAB_SHARED)\n", golden_dir());
        skip();
    }
    play(*state, 1);
}

int main(void)
{
    static struct CMUnitTest tests[2 * GOLDEN_NAMES];
    static char titles[2 * GOLDEN_NAMES][64];
    char *streams[GOLDEN_NAMES];
    int count = golden_list(GOLDEN_DIR "/book", ".sum", streams), n = 0;
    for (int i = 0; i < count; i++) {
        streams[i][strlen(streams[i]) - 4] = 0;
        snprintf(titles[n], sizeof titles[n], "stream_%s_has_the_recorded_checksums", streams[i]);
        tests[n] = (struct CMUnitTest){titles[n], checksums_match, NULL, NULL, streams[i]};
        n++;
        snprintf(titles[n], sizeof titles[n], "stream_%s_is_replayed_line_by_line", streams[i]);
        tests[n] = (struct CMUnitTest){titles[n], recording_is_replayed_exactly, NULL, NULL, streams[i]};
        n++;
    }
    int failed = n > 0 ? _cmocka_run_group_tests("streams", tests, (size_t)n, NULL, NULL) : 1;
    for (int i = 0; i < count; i++)
        free(streams[i]);
    return failed;
}
