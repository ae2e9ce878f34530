#include "listing.h"
#include "cli.h"
#include "rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const int32_t cli_sides[2] = {PAB_BUY, PAB_SELL};

int64_t listing_orders(listing *list, const pab_book *book, int32_t side)
{
    uint32_t count = pab_book_l3(book, side, list->orders, list->order_cap);
    if (count <= list->order_cap)
        return count;
    pab_resting_order *grown = realloc(list->orders, (size_t)count * 2 * sizeof *grown);
    if (!grown) {
        cli_fail("no memory for a listing of %u orders", count);
        return -1;
    }
    list->orders = grown;
    list->order_cap = count * 2;
    return pab_book_l3(book, side, list->orders, list->order_cap);
}

int listing_text(const pab_resting_order *o, char *buf, size_t cap)
{
    static const char *const halves[] = {"", "visible_half", "hidden_half"};
    return snprintf(buf, cap, "%s,%d,%" PRId64 ",%s,%d,%" PRId64 ",%d,%" PRId64 ",%s", cli_side(o->side), o->level,
                    o->price, o->hidden ? "hidden" : "visible", o->position, o->order_id, o->agent, o->quantity,
                    halves[o->ptc_half]);
}

void listing_free(listing *list)
{
    free(list->orders);
    free(list->levels);
    *list = (listing){0};
}

static void put_level(cli_out *out, const pab_level *level)
{
    cli_put_int(out, level->price);
    cli_put_char(out, ':');
    cli_put_int(out, level->quantity);
}

static int answer_volume(const pab_book *book, cli_out *out, const book_op *op)
{
    int64_t bought, sold;
    if (pab_book_volume(book, op->now, op->arg, &bought, &sold) != PAB_OK)
        return cli_fail_library(NULL);
    cli_put_cell(out, 1, bought);
    cli_put_cell(out, 1, sold);
    return CLI_OK;
}

static int answer_imbalance(const pab_book *book, cli_out *out)
{
    double value;
    int32_t side;
    if (pab_book_imbalance(book, &value, &side) != PAB_OK)
        return cli_fail_library(NULL);
    cli_put_char(out, ',');
    cli_put_hex(out, value);
    cli_put_char(out, ',');
    cli_put(out, cli_side(side));
    return CLI_OK;
}

static int answer_l1(const pab_book *book, cli_out *out)
{
    pab_level best[2];
    if (pab_book_l1(book, &best[0], &best[1]) != PAB_OK)
        return cli_fail_library(NULL);
    for (int i = 0; i < 2; i++) {
        cli_put_char(out, ',');
        if (best[i].price != 0 || best[i].quantity != 0)
            put_level(out, &best[i]);
    }
    return CLI_OK;
}

static int answer_l2(const pab_book *book, listing *list, cli_out *out, const book_op *op)
{
    pab_book_summary s = {.struct_size = sizeof s};
    if (pab_book_describe(book, &s) != PAB_OK)
        return cli_fail_library(NULL);
    uint32_t most = s.bid_levels > s.ask_levels ? s.bid_levels : s.ask_levels;
    if (most > list->level_cap) {
        pab_level *grown = realloc(list->levels, (size_t)most * 2 * sizeof *grown);
        if (!grown)
            return cli_fail("no memory for a listing of %u levels", most);
        list->levels = grown;
        list->level_cap = most * 2;
    }
    for (int k = 0; k < 2; k++) {
        uint32_t count = pab_book_l2(book, cli_sides[k], (uint32_t)op->arg, list->levels, list->level_cap);
        cli_put_char(out, ',');
        for (uint32_t i = 0; i < count; i++) {
            if (i > 0)
                cli_put_char(out, ' ');
            put_level(out, &list->levels[i]);
        }
    }
    return CLI_OK;
}

static int answer_l3(const pab_book *book, listing *list, cli_out *out, const book_op *op)
{
    for (int k = 0; k < 2; k++) {
        int64_t count = listing_orders(list, book, cli_sides[k]);
        int32_t level = -1;
        int visible = 0;
        cli_put_char(out, ',');
        for (int64_t i = 0; i < count && list->orders[i].level < op->arg; i++) {
            const pab_resting_order *o = &list->orders[i];
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

int answer_query(const pab_book *book, listing *list, cli_out *out, const book_op *op)
{
    int code;
    cli_put_int(out, op->seq);
    cli_put_char(out, ',');
    cli_put(out, op->name);
    cli_put_cell(out, op->kind != OP_QUERY_IMBALANCE && op->kind != OP_QUERY_L1, op->arg);
    switch (op->kind) {
    case OP_QUERY_VOLUME: code = answer_volume(book, out, op); break;
    case OP_QUERY_IMBALANCE: code = answer_imbalance(book, out); break;
    case OP_QUERY_L1: code = answer_l1(book, out); break;
    case OP_QUERY_L2: code = answer_l2(book, list, out, op); break;
    default: code = answer_l3(book, list, out, op); break;
    }
    cli_put_char(out, '\n');
    return code;
}
