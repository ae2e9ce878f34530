#include "ops.h"
#include "cli.h"

enum {
    SEQ, TIME, OP, ID, AGENT, SIDE, QUANTITY, PRICE, HIDDEN, POST_ONLY, PTC, BY_ID, CANCEL_QTY,
    NEW_ID, NEW_AGENT, NEW_SIDE, NEW_QUANTITY, NEW_PRICE, NEW_HIDDEN, NEW_POST_ONLY, NEW_PTC, NEW_BY_ID, ARG, COLUMNS
};

static const char *const names[COLUMNS] = {
    "seq", "time_ns", "op", "order_id", "agent_id", "side", "quantity", "price", "hidden", "post_only",
    "price_to_comply", "insert_by_id", "cancel_qty", "new_order_id", "new_agent_id", "new_side", "new_quantity",
    "new_price", "new_hidden", "new_post_only", "new_price_to_comply", "new_insert_by_id", "arg",
};

/* Groups of columns that an operation fills in; the others must be blank. */
enum { USES_ORDER = 1, USES_LIMIT = 2, USES_CANCEL_QTY = 4, USES_NEW = 8, USES_ARG = 16 };

static const struct {
    const char *name;
    int uses;
} kinds[] = {
    [OP_LIMIT] = {"LIMIT", USES_ORDER | USES_LIMIT},
    [OP_MARKET] = {"MARKET", USES_ORDER},
    [OP_CANCEL] = {"CANCEL", USES_ORDER | USES_LIMIT},
    [OP_PARTIAL_CANCEL] = {"PARTIAL_CANCEL", USES_ORDER | USES_LIMIT | USES_CANCEL_QTY},
    [OP_MODIFY] = {"MODIFY", USES_ORDER | USES_LIMIT | USES_NEW},
    [OP_REPLACE] = {"REPLACE", USES_ORDER | USES_LIMIT | USES_NEW},
    [OP_QUERY_VOLUME] = {"QUERY_VOLUME", USES_ARG},
    [OP_QUERY_IMBALANCE] = {"QUERY_IMBALANCE", 0},
    [OP_QUERY_L1] = {"QUERY_L1", 0},
    [OP_QUERY_L2] = {"QUERY_L2", USES_ARG},
    [OP_QUERY_L3] = {"QUERY_L3", USES_ARG},
};

static int group_of_column(int column)
{
    return column >= ID && column <= QUANTITY     ? USES_ORDER
           : column >= PRICE && column <= BY_ID   ? USES_LIMIT
           : column == CANCEL_QTY                 ? USES_CANCEL_QTY
           : column >= NEW_ID && column <= NEW_BY_ID ? USES_NEW
           : column == ARG                        ? USES_ARG
                                                  : 0;
}

/* One row while it is read: the first fault found is printed, later ones are not. */
typedef struct row {
    const cli_in *in;
    char *cells[COLUMNS];
    int bad;
} row;

static void fault(row *r, int column, const char *expected)
{
    if (!r->bad)
        cli_fail("%s:%llu: column '%s': expected %s, not '%s'", r->in->path, (unsigned long long)r->in->number,
                 names[column], expected, r->cells[column]);
    r->bad = 1;
}

static int64_t integer(row *r, int column)
{
    int64_t value = 0;
    if (cli_parse_int(r->cells[column], &value) != 0)
        fault(r, column, "a whole number");
    return value;
}

static int32_t agent(row *r, int column)
{
    int64_t value = integer(r, column);
    if (value < 0 || value > INT32_MAX)
        fault(r, column, "an agent id from 0 on");
    return (int32_t)value;
}

static int32_t side(row *r, int column)
{
    if (strcmp(r->cells[column], "BID") == 0)
        return PAB_BUY;
    if (strcmp(r->cells[column], "ASK") != 0)
        fault(r, column, "BID or ASK");
    return PAB_SELL;
}

static uint32_t flag(row *r, int column, uint32_t bit)
{
    const char *text = r->cells[column];
    if ((text[0] != '0' && text[0] != '1') || text[1] != '\0')
        fault(r, column, "0 or 1");
    return text[0] == '1' ? bit : 0;
}

/* The order in the nine columns from `first` on; the new order's columns come in the same sequence. */
static void read_order(row *r, int first, int limit, pab_order *out)
{
    out->id = integer(r, first);
    out->agent = agent(r, first + AGENT - ID);
    out->side = side(r, first + SIDE - ID);
    out->quantity = integer(r, first + QUANTITY - ID);
    if (!limit) {
        out->flags = PAB_ORDER_IS_MARKET;
        return;
    }
    out->price = integer(r, first + PRICE - ID);
    out->flags = flag(r, first + HIDDEN - ID, PAB_ORDER_HIDDEN) | flag(r, first + POST_ONLY - ID, PAB_ORDER_POST_ONLY)
                 | flag(r, first + PTC - ID, PAB_ORDER_PRICE_TO_COMPLY)
                 | flag(r, first + BY_ID - ID, PAB_ORDER_INSERT_BY_ID);
}

static int find_kind(row *r)
{
    for (int i = 0; i < (int)(sizeof kinds / sizeof kinds[0]); i++) {
        if (strcmp(kinds[i].name, r->cells[OP]) == 0)
            return i;
    }
    fault(r, OP, "an operation such as LIMIT or QUERY_L1");
    return -1;
}

static void read_row(row *r, book_op *op)
{
    memset(op, 0, sizeof *op);
    op->seq = integer(r, SEQ);
    op->now = integer(r, TIME);
    op->kind = find_kind(r);
    if (r->bad)
        return;
    int uses = kinds[op->kind].uses;
    op->name = kinds[op->kind].name;
    for (int i = ID; i < COLUMNS; i++) {
        if (!(uses & group_of_column(i)) && r->cells[i][0] != '\0')
            fault(r, i, "nothing for this operation");
    }
    if (uses & USES_ORDER)
        read_order(r, ID, uses & USES_LIMIT, &op->order);
    if (uses & USES_NEW)
        read_order(r, NEW_ID, 1, &op->fresh);
    if (uses & USES_CANCEL_QTY)
        op->cancel_qty = integer(r, CANCEL_QTY);
    if (uses & USES_ARG) {
        op->arg = integer(r, ARG);
        if (op->arg < 0 || (op->kind != OP_QUERY_VOLUME && op->arg > INT32_MAX))
            fault(r, ARG, "a look-back or depth from 0 on");
    }
}

static int next_cells(cli_in *in, row *r)
{
    char *line;
    size_t len;
    int got = cli_in_line(in, &line, &len);
    if (got <= 0)
        return got;
    r->in = in;
    r->bad = 0;
    size_t count = strlen(line) == len ? cli_split(line, r->cells, COLUMNS) : 0;
    if (count == COLUMNS)
        return 1;
    cli_fail("%s:%llu: expected %d columns of text, found %zu", in->path, (unsigned long long)in->number, COLUMNS,
             count);
    return -1;
}

int ops_read_header(cli_in *in)
{
    row r;
    int got = next_cells(in, &r);
    if (got == 0)
        return cli_fail("%s:1: expected the header line 'seq,time_ns,op,...', found an empty file", in->path);
    for (int i = 0; got > 0 && i < COLUMNS; i++) {
        if (strcmp(r.cells[i], names[i]) != 0)
            fault(&r, i, "this very name in the header");
    }
    return got < 0 || r.bad ? CLI_FAILED : CLI_OK;
}

int ops_read(cli_in *in, book_op *op)
{
    row r;
    int got = next_cells(in, &r);
    if (got <= 0)
        return got;
    read_row(&r, op);
    return r.bad ? -1 : 1;
}
