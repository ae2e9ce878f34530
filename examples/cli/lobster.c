#include "lobster.h"
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SUBMISSION = 1, PARTIAL_CANCEL = 2, DELETION = 3, EXECUTION = 4, HIDDEN_EXECUTION = 5 };

#define DAY INT64_C(86400000000000)
#define SECOND INT64_C(1000000000)
#define NO_LEVEL INT64_C(9999999999)

typedef struct message {
    int64_t time, id, size, price; /* price in ticks */
    int type;
    int32_t side; /* of the order that rests */
} message;

static int64_t price_of(const lobster *l, int64_t ticks)
{
    return llround((double)ticks * l->unit);
}

/* The best levels as a row of the order book file: ask, size, bid, size for each. */
static void look(const lobster *l, const lobster_book *b, int64_t *out)
{
    for (int i = 0; i < l->levels; i++, out += 4) {
        for (int k = 0; k < 2; k++) {
            size_t n = b->level_count[1 - k];
            const lobster_level *level = (size_t)i < n ? &b->levels[1 - k][n - 1 - (size_t)i] : NULL;
            out[2 * k] = level ? price_of(l, level->price) : k ? -NO_LEVEL : NO_LEVEL;
            out[2 * k + 1] = level ? level->quantity : 0;
        }
    }
}

static void put_row(cli_out *out, const int64_t *values, int count)
{
    for (int i = 0; i < count; i++) {
        if (i > 0)
            cli_put_char(out, ',');
        cli_put_int(out, values[i]);
    }
    cli_put_char(out, '\n');
}

static void put_message(const lobster *l, lobster_symbol *s, const message *m)
{
    char time[32];
    int64_t ns = m->time - l->midnight;
    const int64_t rest[5] = {m->type, m->id, m->size, price_of(l, m->price), m->side == PAB_BUY ? 1 : -1};
    snprintf(time, sizeof time, "%lld.%09lld,", (long long)(ns / SECOND), (long long)(ns % SECOND));
    cli_put(&s->messages, time);
    put_row(&s->messages, rest, 5);
}

/* A message is written where it changes the levels that are asked for, or executes what nobody saw. */
static void tell(const lobster *l, lobster_symbol *s, const message *m)
{
    int64_t now[4 * LOBSTER_LEVELS];
    const size_t size = (size_t)l->levels * 4 * sizeof *now;
    look(l, &s->book, now);
    if (m->type != HIDDEN_EXECUTION && memcmp(now, s->levels, size) == 0)
        return;
    memcpy(s->levels, now, size);
    put_message(l, s, m);
    put_row(&s->orderbook, now, 4 * l->levels);
}

static void submit(lobster *l, lobster_symbol *s, int64_t time, const lobster_order *order)
{
    if (order->quantity <= 0)
        return;
    if (lobster_book_add(&s->book, order) != 0)
        l->out_of_memory = 1;
    tell(l, s, &(message){time, order->id, order->quantity, order->price, SUBMISSION, order->side});
}

static void take(lobster *l, lobster_symbol *s, int64_t time, lobster_order *order, int64_t quantity, int type)
{
    message m = {time, order->id, quantity, order->price, type, order->side};
    if (lobster_book_take(&s->book, order, quantity) != 0)
        l->out_of_memory = 1;
    tell(l, s, &m);
}

/* What is left of an order that replaced another enters the book without a row of its own. */
static void settle_replaced(lobster *l, lobster_symbol *s)
{
    lobster_order order = s->replaced;
    s->replaced.quantity = 0;
    submit(l, s, s->replaced_time, &order);
}

static void reduce(lobster *l, lobster_symbol *s, int64_t time, lobster_order *order, int64_t by)
{
    take(l, s, time, order, by < order->quantity ? by : order->quantity,
         by < order->quantity ? PARTIAL_CANCEL : DELETION);
}

/* A larger order loses its place, as files of this kind have no message for more shares. */
static void resize(lobster *l, lobster_symbol *s, int64_t time, lobster_order *order, int64_t quantity)
{
    lobster_order more = *order;
    more.quantity = quantity;
    if (quantity < order->quantity) {
        reduce(l, s, time, order, order->quantity - quantity);
    } else if (quantity > order->quantity) {
        take(l, s, time, order, order->quantity, DELETION);
        submit(l, s, time, &more);
    }
}

static void on_row(void *user, int64_t time, uint32_t symbol, const pab_book_row *row)
{
    lobster *l = user;
    lobster_symbol *s = &l->symbols[symbol];
    int fills_replaced = row->kind == PAB_ROW_EXEC && row->other_order_id == s->replaced.id;
    if (row->kind == PAB_ROW_AWAY || l->out_of_memory)
        return;
    if (s->replaced.quantity > 0 && !fills_replaced)
        settle_replaced(l, s);
    lobster_order *order = row->kind == PAB_ROW_LIMIT ? NULL : lobster_book_find(&s->book, row->order_id);
    if (row->kind == PAB_ROW_LIMIT) {
        submit(l, s, time, &(lobster_order){row->order_id, row->price, row->quantity, row->side});
    } else if (row->kind == PAB_ROW_EXEC) {
        s->replaced.quantity -= fills_replaced ? row->quantity : 0;
        if (order)
            take(l, s, time, order, row->quantity, EXECUTION);
        else
            tell(l, s, &(message){time, 0, row->quantity, row->price, HIDDEN_EXECUTION, row->side});
    } else if (order && row->kind == PAB_ROW_CANCEL_PARTIAL) {
        reduce(l, s, time, order, row->quantity);
    } else if (order && row->kind == PAB_ROW_MODIFY) {
        resize(l, s, time, order, row->quantity);
    } else if (order) { /* cancelled or replaced */
        s->replaced = (lobster_order){row->other_order_id, row->price, row->quantity, order->side};
        s->replaced.quantity = row->kind == PAB_ROW_REPLACE ? row->quantity : 0;
        s->replaced_time = time;
        take(l, s, time, order, order->quantity, DELETION);
    }
}

/* --- Files --- */

static int open_file(const lobster *l, const char *dir, const lobster_symbol *s, const pab_scenario_info *info,
                     const char *what, cli_out *out)
{
    char name[512], date[48];
    cli_date_text(info->market_open, date, sizeof date);
    snprintf(name, sizeof name, "%.200s_%.10s_%lld_%lld_%s_%d.csv", s->name, date,
             (long long)((info->market_open - l->midnight) / 1000000),
             (long long)((info->market_close - l->midnight) / 1000000), what, l->levels);
    return cli_out_create(dir, name, out);
}

int lobster_open(lobster *l, const pab_scenario *scenario, const char *dir, int levels, double tick)
{
    struct stat st;
    pab_scenario_info info = {.struct_size = sizeof info};
    memset(l, 0, sizeof *l);
    if (pab_scenario_describe(scenario, &info) != PAB_OK)
        return cli_fail_library(NULL);
    if (mkdir(dir, 0777) != 0 && (errno != EEXIST || stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)))
        return cli_fail("cannot create the directory '%s': %s", dir, strerror(errno));
    l->symbols = calloc(info.symbol_count, sizeof *l->symbols);
    if (!l->symbols)
        return cli_fail("no memory for the books of %u symbols", info.symbol_count);
    l->symbol_count = info.symbol_count;
    l->levels = levels;
    l->unit = tick * 10000;
    l->midnight = info.market_open - info.market_open % DAY;
    int code = CLI_OK;
    for (uint32_t i = 0; i < l->symbol_count && code == CLI_OK; i++) {
        lobster_symbol *s = &l->symbols[i];
        s->name = pab_scenario_symbol(scenario, i);
        look(l, &s->book, s->levels);
        code = open_file(l, dir, s, &info, "message", &s->messages);
        if (code == CLI_OK)
            code = open_file(l, dir, s, &info, "orderbook", &s->orderbook);
    }
    if (code != CLI_OK)
        lobster_abandon(l);
    return code;
}

int lobster_attach(lobster *l, pab_market *market)
{
    pab_tap tap = {.struct_size = sizeof tap, .user = l, .row = on_row};
    return pab_market_set_tap(market, &tap) == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

int lobster_failed(const lobster *l)
{
    int failed = l->out_of_memory;
    for (uint32_t i = 0; i < l->symbol_count; i++)
        failed |= l->symbols[i].messages.error || l->symbols[i].orderbook.error;
    return failed;
}

/* The market's own levels are those of the files. */
static int check(const lobster *l, const pab_market *market, uint32_t symbol)
{
    const lobster_symbol *s = &l->symbols[symbol];
    pab_level levels[LOBSTER_LEVELS];
    for (int k = 0; k < 2; k++) {
        const int64_t *row = s->levels + 2 * k;
        uint32_t n = pab_market_l2(market, symbol, k ? PAB_BUY : PAB_SELL, (uint32_t)l->levels, levels,
                                   (uint32_t)l->levels);
        for (int i = 0; i < l->levels; i++) {
            int there = (uint32_t)i < n;
            int64_t price = there ? price_of(l, levels[i].price) : k ? -NO_LEVEL : NO_LEVEL;
            int64_t quantity = there ? levels[i].quantity : 0;
            if (row[4 * i] != price || row[4 * i + 1] != quantity)
                return cli_fail("%s: level %d of the %s is %lld shares at %lld in the files, %lld at %lld in the "
                                "market: hidden orders, and orders modified in price, cannot be written",
                                s->name, i + 1, k ? "bids" : "asks", (long long)row[4 * i + 1],
                                (long long)row[4 * i], (long long)quantity, (long long)price);
        }
    }
    return CLI_OK;
}

int lobster_close(lobster *l, const pab_market *market)
{
    int code = l->out_of_memory ? cli_fail("no memory for the books of LOBSTER files") : CLI_OK;
    for (uint32_t i = 0; i < l->symbol_count && code == CLI_OK; i++) {
        lobster_symbol *s = &l->symbols[i];
        if (s->replaced.quantity > 0)
            settle_replaced(l, s);
        code = check(l, market, i);
        if (code == CLI_OK)
            code = cli_out_close(&s->messages);
        if (code == CLI_OK)
            code = cli_out_close(&s->orderbook);
    }
    lobster_abandon(l);
    return code;
}

void lobster_abandon(lobster *l)
{
    for (uint32_t i = 0; i < l->symbol_count; i++) {
        cli_out_abandon(&l->symbols[i].messages);
        cli_out_abandon(&l->symbols[i].orderbook);
        lobster_book_free(&l->symbols[i].book);
    }
    free(l->symbols);
    l->symbols = NULL;
    l->symbol_count = 0;
}
