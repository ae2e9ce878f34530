#include "tools.h"
#include "listing.h"
#include "ops.h"
#include "rows.h"

#include <stdio.h>

enum { OPT_EVENTS, OPT_L3, OPT_QUERIES, OPT_STATE, OPT_HISTORY, FILE_COUNT };

typedef struct request {
    const char *ops;
    const char *path[FILE_COUNT]; /* NULL: not wanted */
} request;

#define OUT(name, index, help) \
    {name, "OUT.csv", help, CLI_TEXT, offsetof(request, path) + (index) * sizeof(const char *), 0, 0, NULL, 0}

static const cli_operand operands[] = {{"OPS.csv", "order-book operations", offsetof(request, ops)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    OUT("--events", OPT_EVENTS, "every notification, in the order sent"),
    OUT("--l3", OPT_L3, "the whole book at the end"),
    OUT("--queries", OPT_QUERIES, "answers to the QUERY_... operations"),
    OUT("--state", OPT_STATE, "book at a glance after each operation"),
    OUT("--history", OPT_HISTORY, "history rows of the book"),
    CLI_OPTION_END,
};

static const char *const headers[FILE_COUNT] = {
    "op_seq,event,recipient_id,order_id,agent_id,side,quantity,limit_price,fill_price,old_order_id\n",
    "side,level,price,queue,position,order_id,agent_id,quantity,ptc_half\n",
    "op_seq,query,arg,bid_or_value,ask_or_side\n",
    "op_seq,events_so_far,bid_levels,ask_levels,best_bid,best_ask,last_trade,last_update_ts,l3_crc32\n",
    CLI_BOOK_HEADER,
};

/* A stream being replayed. */
typedef struct replay {
    pab_book *book;
    cli_out out[FILE_COUNT];
    int wanted[FILE_COUNT];
    int64_t seq, now; /* of the operation being applied */
    uint64_t events;
    listing list;
} replay;

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
    cli_put_cell(out, 1, event->recipient);
    cli_put_cell(out, 1, order->id);
    cli_put_cell(out, 1, order->agent);
    cli_put_char(out, ',');
    cli_put(out, cli_side(order->side));
    cli_put_cell(out, 1, order->quantity);
    cli_put_cell(out, !(order->flags & PAB_ORDER_IS_MARKET), order->price);
    cli_put_cell(out, event->type == PAB_MSG_ORDER_EXECUTED, event->fill_price);
    cli_put_cell(out, event->type == PAB_MSG_ORDER_REPLACED, event->old_id);
    cli_put_char(out, '\n');
}

static void on_row(void *user, const pab_book_row *row)
{
    replay *r = user;
    if (r->wanted[OPT_HISTORY])
        cli_put_book_row(&r->out[OPT_HISTORY], r->now, "X", row);
}

static int write_l3(replay *r)
{
    char text[256];
    for (int k = 0; k < 2; k++) {
        int64_t count = listing_orders(&r->list, r->book, cli_sides[k]);
        for (int64_t i = 0; i < count; i++) {
            cli_put_bytes(&r->out[OPT_L3], text, (size_t)listing_text(&r->list.orders[i], text, sizeof text));
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
        int64_t count = listing_orders(&r->list, r->book, cli_sides[k]);
        for (int64_t i = 0; i < count; i++, first = 0) {
            text[0] = ';';
            int len = listing_text(&r->list.orders[i], text + 1, sizeof text - 1);
            crc = crc32(crc, (const Bytef *)text + first, (uInt)(len + 1 - first));
        }
        if (count < 0)
            return CLI_FAILED;
    }
    if (pab_book_describe(r->book, &s) != PAB_OK)
        return cli_fail_library(NULL);
    cli_put_int(out, r->seq);
    cli_put_cell(out, 1, (int64_t)r->events);
    cli_put_cell(out, 1, s.bid_levels);
    cli_put_cell(out, 1, s.ask_levels);
    cli_put_cell(out, s.bid_levels > 0, s.best_bid);
    cli_put_cell(out, s.ask_levels > 0, s.best_ask);
    cli_put_cell(out, s.last_trade != 0, s.last_trade);
    cli_put_cell(out, 1, s.last_update);
    snprintf(text, sizeof text, ",%08lx\n", crc);
    cli_put(out, text);
    return CLI_OK;
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
    default:
        return r->wanted[OPT_QUERIES] ? answer_query(r->book, &r->list, &r->out[OPT_QUERIES], op) : CLI_OK;
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
    listing_free(&r.list);
    return code;
}

static int run_book(int argc, char **argv)
{
    request r = {0};
    const int code = cli_parse(&cli_book_command, argc, argv, &r);
    return code == CLI_OK ? run_replay(r.ops, r.path) : code;
}

const cli_command cli_book_command = {
    .name = "book",
    .summary = "replay a stream of orders through one order book",
    .detail = "Names ending in .gz are compressed; OPS.csv may be compressed too.\n",
    .operands = operands,
    .options = options,
    .run = run_book,
};
