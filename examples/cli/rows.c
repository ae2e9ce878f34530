#include "rows.h"

const char *cli_side(int32_t side)
{
    return side == PAB_BUY ? "BID" : side == PAB_SELL ? "ASK" : "";
}

/* Which columns a kind of row fills in, as the recorded runs do. */
enum { AGENT = 1, OTHER_ID = 2, OTHER_AGENT = 4, SIDE = 8, QUANTITY = 16, PRICE = 32 };

static const struct {
    const char *name;
    int columns;
} kinds[] = {
    [PAB_ROW_LIMIT] = {"LIMIT", AGENT | SIDE | QUANTITY | PRICE},
    [PAB_ROW_EXEC] = {"EXEC", AGENT | OTHER_ID | OTHER_AGENT | SIDE | QUANTITY | PRICE},
    [PAB_ROW_CANCEL] = {"CANCEL", 0},
    [PAB_ROW_CANCEL_PARTIAL] = {"CANCEL_PARTIAL", QUANTITY},
    [PAB_ROW_MODIFY] = {"MODIFY", SIDE | QUANTITY},
    [PAB_ROW_REPLACE] = {"REPLACE", OTHER_ID | QUANTITY | PRICE},
    [PAB_ROW_AWAY] = {"AWAY", SIDE | QUANTITY | PRICE},
};

void cli_put_book_row(cli_out *out, int64_t time, const char *symbol, const pab_book_row *row)
{
    int columns = kinds[row->kind].columns;
    cli_put_int(out, time);
    cli_put_char(out, ',');
    cli_put(out, symbol);
    cli_put_char(out, ',');
    cli_put(out, kinds[row->kind].name);
    cli_put_cell(out, 1, row->order_id);
    cli_put_cell(out, columns & AGENT, row->agent);
    cli_put_cell(out, columns & OTHER_ID, row->other_order_id);
    cli_put_cell(out, columns & OTHER_AGENT, row->other_agent);
    cli_put_char(out, ',');
    if (columns & SIDE)
        cli_put(out, row->kind == PAB_ROW_EXEC || row->kind == PAB_ROW_AWAY ? (row->side == PAB_BUY ? "BUY" : "SELL")
                                                                            : cli_side(row->side));
    cli_put_cell(out, columns & QUANTITY, row->quantity);
    cli_put_cell(out, columns & PRICE, row->price);
    cli_put_char(out, '\n');
}
