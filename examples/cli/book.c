#include "cli.h"
#include "ops.h"
#include "rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { OPT_EVENTS, OPT_L3, OPT_QUERIES, OPT_STATE, OPT_HISTORY, FILE_COUNT };

static const cli_option options[] = {
    {"--events", "OUT.csv", "every notification, in the order sent"},
    {"--l3", "OUT.csv", "the whole book at the end"},
    {"--queries", "OUT.csv", "answers to the QUERY_... operations"},
    {"--state", "OUT.csv", "book at a glance after each operation"},
    {"--history", "OUT.csv", "history rows of the book"},
    {NULL, NULL, NULL},
};

static const char *const headers[FILE_COUNT] = {
    "op_seq,event,recipient_id,order_id,agent_id,side,quantity,limit_price,fill_price,old_order_id\n",
    "side,level,price,queue,position,order_id,agent_id,quantity,ptc_half\n",
    "op_seq,query,arg,bid_or_value,ask_or_side\n",
    "op_seq,events_so_far,bid_levels,ask_levels,best_bid,best_ask,last_trade,last_update_ts,l3_crc32\n",
    CLI_BOOK_HEADER,
};

static const int32_t sides[] = {PAB_BUY, PAB_SELL};

/* A stream being replayed. */
typedef struct replay {
    pab_book *book;
    cli_out out[FILE_COUNT];
    int wanted[FILE_COUNT];
    int64_t seq, now; /* of the operation being applied */
    uint64_t events;
    pab_resting_order *resting;
    uint32_t resting_cap;
    pab_level *levels;
    uint32_t level_cap;
} replay;

static void put_cell(cli_out *out, int filled, int64_t value)
{
    cli_put_char(out, ',');
    if (filled)
        cli_put_int(out, value);
}

static const char *event_name(int32_t type)
{
    switch (type) {
    case PAB_MSG_ORDER_ACCEPTED: return "OrderAccepted";
    case PAB_MSG_ORDER_EXECUTED: return "OrderExecuted";
    case PAB_MSG_ORDER_CANCELLED: return "OrderCancelled";
    case PAB_MSG_ORDER_PARTIAL_CANCELLED: return "OrderPartialCancelled";
    case PAB_MSG_ORDER_MODIFIED: return "OrderModified";
    case PAB_MSG_ORDER_REPLACED: return "OrderReplaced";
    case PAB_MSG_ORDER_REJECTED: return "OrderRejected";
    default: return "?";
    }
}

static void on_event(void *user, const pab_book_event *event)
{
    replay *r = user;
    r->events++;
    if (!r->wanted[OPT_EVENTS])
        return;
    cli_out *out = &r->out[OPT_EVENTS];
    const pab_order *order = &event->order;
    cli_put_int(out, r->seq);
    cli_put_char(out, ',');
    cli_put(out, event_name(event->type));
    put_cell(out, 1, event->recipient);
    put_cell(out, 1, order->id);
    put_cell(out, 1, order->agent);
    cli_put_char(out, ',');
    cli_put(out, cli_side(order->side));
    put_cell(out, 1, order->quantity);
    put_cell(out, !(order->flags & PAB_ORDER_IS_MARKET), order->price);
    put_cell(out, event->type == PAB_MSG_ORDER_EXECUTED, event->fill_price);
    put_cell(out, event->type == PAB_MSG_ORDER_REPLACED, event->old_id);
    cli_put_char(out, '\n');
}

static void on_row(void *user, const pab_book_row *row)
{
    replay *r = user;
    if (r->wanted[OPT_HISTORY])
        cli_put_book_row(&r->out[OPT_HISTORY], r->now, "X", row);
}

/* Fills r->resting with one side and returns the number of orders, or -1 after printing why. */
static int64_t list_side(replay *r, int32_t side)
{
    uint32_t count = pab_book_l3(r->book, side, r->resting, r->resting_cap);
    if (count <= r->resting_cap)
        return count;
    pab_resting_order *grown = realloc(r->resting, (size_t)count * 2 * sizeof *grown);
    if (!grown) {
        cli_fail("no memory for a listing of %u orders", count);
        return -1;
    }
    r->resting = grown;
    r->resting_cap = count * 2;
    return pab_book_l3(r->book, side, r->resting, r->resting_cap);
}

static int resting_text(const pab_resting_order *o, char *buf, size_t cap)
{
    static const char *const halves[] = {"", "visible_half", "hidden_half"};
    return snprintf(buf, cap, "%s,%d,%" PRId64 ",%s,%d,%" PRId64 ",%d,%" PRId64 ",%s", cli_side(o->side), o->level,
                    o->price, o->hidden ? "hidden" : "visible", o->position, o->order_id, o->agent, o->quantity,
                    halves[o->ptc_half]);
}

static int write_l3(replay *r)
{
    char text[256];
    for (int k = 0; k < 2; k++) {
        int64_t count = list_side(r, sides[k]);
        for (int64_t i = 0; i < count; i++) {
            cli_put_bytes(&r->out[OPT_L3], text, (size_t)resting_text(&r->resting[i], text, sizeof text));
            cli_put_char(&r->out[OPT_L3], '\n');
        }
        if (count < 0)
            return CLI_FAILED;
    }
    return CLI_OK;
}

static int write_state(replay *r)
{
    cli_out *out = &r->out[OPT_STATE];
    pab_book_summary s = {.struct_size = sizeof s};
    uLong crc = crc32(0, NULL, 0);
    int first = 1;
    char text[256];
    for (int k = 0; k < 2; k++) {
        int64_t count = list_side(r, sides[k]);
        for (int64_t i = 0; i < count; i++, first = 0) {
            text[0] = ';';
            int len = resting_text(&r->resting[i], text + 1, sizeof text - 1);
            crc = crc32(crc, (const Bytef *)text + first, (uInt)(len + 1 - first));
        }
        if (count < 0)
            return CLI_FAILED;
    }
    if (pab_book_describe(r->book, &s) != PAB_OK)
        return cli_fail_library(NULL);
    cli_put_int(out, r->seq);
    put_cell(out, 1, (int64_t)r->events);
    put_cell(out, 1, s.bid_levels);
    put_cell(out, 1, s.ask_levels);
    put_cell(out, s.bid_levels > 0, s.best_bid);
    put_cell(out, s.ask_levels > 0, s.best_ask);
    put_cell(out, s.last_trade != 0, s.last_trade);
    put_cell(out, 1, s.last_update);
    snprintf(text, sizeof text, ",%08lx\n", crc);
    cli_put(out, text);
    return CLI_OK;
}

static void put_level(cli_out *out, const pab_level *level)
{
    cli_put_int(out, level->price);
    cli_put_char(out, ':');
    cli_put_int(out, level->quantity);
}

static int answer_volume(replay *r, cli_out *out, const book_op *op)
{
    int64_t bought, sold;
    if (pab_book_volume(r->book, op->now, op->arg, &bought, &sold) != PAB_OK)
        return cli_fail_library(NULL);
    put_cell(out, 1, bought);
    put_cell(out, 1, sold);
    return CLI_OK;
}

static int answer_imbalance(replay *r, cli_out *out)
{
    double value;
    int32_t side;
    if (pab_book_imbalance(r->book, &value, &side) != PAB_OK)
        return cli_fail_library(NULL);
    cli_put_char(out, ',');
    cli_put_hex(out, value);
    cli_put_char(out, ',');
    cli_put(out, cli_side(side));
    return CLI_OK;
}

static int answer_l1(replay *r, cli_out *out)
{
    pab_level best[2];
    if (pab_book_l1(r->book, &best[0], &best[1]) != PAB_OK)
        return cli_fail_library(NULL);
    for (int i = 0; i < 2; i++) {
        cli_put_char(out, ',');
        if (best[i].price != 0 || best[i].quantity != 0)
            put_level(out, &best[i]);
    }
    return CLI_OK;
}

static int answer_l2(replay *r, cli_out *out, const book_op *op)
{
    pab_book_summary s = {.struct_size = sizeof s};
    if (pab_book_describe(r->book, &s) != PAB_OK)
        return cli_fail_library(NULL);
    uint32_t most = s.bid_levels > s.ask_levels ? s.bid_levels : s.ask_levels;
    if (most > r->level_cap) {
        pab_level *grown = realloc(r->levels, (size_t)most * 2 * sizeof *grown);
        if (!grown)
            return cli_fail("no memory for a listing of %u levels", most);
        r->levels = grown;
        r->level_cap = most * 2;
    }
    for (int k = 0; k < 2; k++) {
        uint32_t count = pab_book_l2(r->book, sides[k], (uint32_t)op->arg, r->levels, r->level_cap);
        cli_put_char(out, ',');
        for (uint32_t i = 0; i < count; i++) {
            if (i > 0)
                cli_put_char(out, ' ');
            put_level(out, &r->levels[i]);
        }
    }
    return CLI_OK;
}

static int answer_l3(replay *r, cli_out *out, const book_op *op)
{
    for (int k = 0; k < 2; k++) {
        int64_t count = list_side(r, sides[k]);
        int32_t level = -1;
        int visible = 0;
        cli_put_char(out, ',');
        for (int64_t i = 0; i < count && r->resting[i].level < op->arg; i++) {
            const pab_resting_order *o = &r->resting[i];
            if (o->level != level) {
                if (level >= 0)
                    cli_put_char(out, ' ');
                cli_put_int(out, o->price);
                cli_put_char(out, ':');
                level = o->level;
                visible = 0;
            }
            if (o->hidden)
                continue;
            if (visible++ > 0)
                cli_put_char(out, '+');
            cli_put_int(out, o->quantity);
        }
        if (count < 0)
            return CLI_FAILED;
    }
    return CLI_OK;
}

static int answer(replay *r, const book_op *op)
{
    cli_out *out = &r->out[OPT_QUERIES];
    int code = CLI_OK;
    if (!r->wanted[OPT_QUERIES])
        return code;
    cli_put_int(out, op->seq);
    cli_put_char(out, ',');
    cli_put(out, op->name);
    put_cell(out, op->kind != OP_QUERY_IMBALANCE && op->kind != OP_QUERY_L1, op->arg);
    switch (op->kind) {
    case OP_QUERY_VOLUME: code = answer_volume(r, out, op); break;
    case OP_QUERY_IMBALANCE: code = answer_imbalance(r, out); break;
    case OP_QUERY_L1: code = answer_l1(r, out); break;
    case OP_QUERY_L2: code = answer_l2(r, out, op); break;
    default: code = answer_l3(r, out, op); break;
    }
    cli_put_char(out, '\n');
    return code;
}

static int apply(replay *r, const book_op *op)
{
    pab_status status;
    r->seq = op->seq;
    r->now = op->now;
    switch (op->kind) {
    case OP_LIMIT: status = pab_book_limit(r->book, op->now, &op->order); break;
    case OP_MARKET: status = pab_book_market(r->book, op->now, &op->order); break;
    case OP_CANCEL: status = pab_book_cancel(r->book, op->now, &op->order); break;
    case OP_PARTIAL_CANCEL: status = pab_book_partial_cancel(r->book, op->now, &op->order, op->cancel_qty); break;
    case OP_MODIFY: status = pab_book_modify(r->book, op->now, &op->order, &op->fresh); break;
    case OP_REPLACE:
        status = pab_book_replace(r->book, op->now, op->order.agent, &op->order, &op->fresh);
        break;
    default: return answer(r, op);
    }
    return status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

static int replay_file(replay *r, const char *path)
{
    cli_in in;
    book_op op;
    if (cli_in_open(&in, path) != CLI_OK)
        return CLI_FAILED;
    int code = ops_read_header(&in);
    int got = 1;
    while (code == CLI_OK && (got = ops_read(&in, &op)) > 0) {
        code = apply(r, &op);
        if (code == CLI_OK && r->wanted[OPT_STATE])
            code = write_state(r);
    }
    cli_in_close(&in);
    return got < 0 ? CLI_FAILED : code;
}

static int replay_into(replay *r, const char *ops, const char *const *paths)
{
    pab_book_sink sink = {.struct_size = sizeof sink, .user = r, .event = on_event, .row = on_row};
    if (pab_book_new(NULL, PAB_QUIRKS_ABIDES, &sink, &r->book) != PAB_OK)
        return cli_fail_library(NULL);
    for (int i = 0; i < FILE_COUNT; i++) {
        if (!paths[i])
            continue;
        if (cli_out_open(&r->out[i], paths[i]) != CLI_OK)
            return CLI_FAILED;
        r->wanted[i] = 1;
        cli_put(&r->out[i], headers[i]);
    }
    if (replay_file(r, ops) != CLI_OK || (r->wanted[OPT_L3] && write_l3(r) != CLI_OK))
        return CLI_FAILED;
    for (int i = 0; i < FILE_COUNT; i++) {
        if (cli_out_close(&r->out[i]) != CLI_OK)
            return CLI_FAILED;
    }
    return CLI_OK;
}

static int run_replay(const char *ops, const char *const *paths)
{
    replay r = {0};
    int code = replay_into(&r, ops, paths);
    for (int i = 0; i < FILE_COUNT; i++)
        cli_out_abandon(&r.out[i]);
    pab_book_free(r.book);
    free(r.resting);
    free(r.levels);
    return code;
}

static int run_book(int argc, char **argv)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    const char *paths[FILE_COUNT] = {0};
    const char *ops = NULL;
    for (;;) {
        int got = cli_next(&args);
        if (got >= 0) {
            paths[got] = args.value;
        } else if (got == CLI_POSITIONAL) {
            if (ops)
                return cli_usage("book: expected one OPS.csv, got '%s' as well", args.value);
            ops = args.value;
        } else if (got == CLI_BAD) {
            return CLI_USAGE;
        } else {
            return ops ? run_replay(ops, paths) : cli_usage("book: expected an OPS.csv of order-book operations");
        }
    }
}

const cli_command cli_book_command = {
    .name = "book",
    .operands = "OPS.csv",
    .summary = "replay a stream of orders through one order book",
    .detail = "Names ending in .gz are compressed; OPS.csv may be compressed too.\n",
    .options = options,
    .run = run_book,
};
