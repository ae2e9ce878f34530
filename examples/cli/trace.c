#include "trace.h"
#include "cli.h"
#include "rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void put_le(unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static void take_crc(trace *t)
{
    t->crc = (uint32_t)crc32(t->crc, t->crc_block, (uInt)t->crc_len);
    t->crc_len = 0;
}

static void on_delivery(void *user, const pab_delivery *d)
{
    trace *t = user;
    unsigned char *at = t->crc_block + t->crc_len;
    put_le(at, (uint64_t)d->time, 8);
    put_le(at + 8, (uint32_t)d->sender, 4);
    put_le(at + 12, (uint32_t)d->recipient, 4);
    t->crc_len += 16;
    if (t->crc_len == sizeof t->crc_block)
        take_crc(t);
    uint64_t seq = t->delivered++;
    if (seq >= TRACE_MESSAGES)
        return;
    cli_out *out = &t->messages;
    const char *name = pab_message_name(d->type);
    cli_put_uint(out, seq);
    cli_put_char(out, ',');
    cli_put_int(out, d->time);
    cli_put_char(out, ',');
    cli_put_int(out, d->sender);
    cli_put_char(out, ',');
    cli_put_int(out, d->recipient);
    cli_put_char(out, ',');
    cli_put(out, name ? name : "?");
    cli_put_char(out, '\n');
}

static void on_row(void *user, int64_t time, uint32_t symbol, const pab_book_row *row)
{
    trace *t = user;
    t->book_rows++;
    cli_put_book_row(&t->book, time, t->symbols[symbol].name, row);
}

static void put_level(cli_out *out, const pab_level *level)
{
    cli_put_char(out, ',');
    if (level->price == 0 && level->quantity == 0) {
        cli_put_char(out, ',');
        return;
    }
    cli_put_int(out, level->price);
    cli_put_char(out, ',');
    cli_put_int(out, level->quantity);
}

static void on_l1(void *user, int64_t time, uint32_t symbol, const pab_level *bid, const pab_level *ask)
{
    trace *t = user;
    t->l1_rows++;
    cli_put_int(&t->l1, time);
    cli_put_char(&t->l1, ',');
    cli_put(&t->l1, t->symbols[symbol].name);
    put_level(&t->l1, bid);
    put_level(&t->l1, ask);
    cli_put_char(&t->l1, '\n');
}

/* Makes room for one more; 0 when there is no memory, which trace_failed then reports. */
static int make_room(trace *t, void **list, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return 1;
    size_t wanted = *cap ? *cap * 2 : 64;
    void *grown = realloc(*list, wanted * size);
    if (!grown) {
        t->out_of_memory = 1;
        return 0;
    }
    *list = grown;
    *cap = wanted;
    return 1;
}

static void on_fundamental(void *user, uint32_t symbol, int64_t time, int64_t value, int32_t stopping)
{
    trace *t = user;
    trace_symbol *s = &t->symbols[symbol];
    void *list = s->fundamentals;
    int room = make_room(t, &list, s->fundamental_count, &s->fundamental_cap, sizeof *s->fundamentals);
    s->fundamentals = list;
    if (!room)
        return;
    s->fundamentals[s->fundamental_count++] = (trace_fundamental){time, value, stopping};
    s->fundamentals_running += stopping == 0;
}

static void on_megashock(void *user, uint32_t symbol, int64_t time, double value)
{
    trace *t = user;
    trace_symbol *s = &t->symbols[symbol];
    void *list = s->shocks;
    int room = make_room(t, &list, s->shock_count, &s->shock_cap, sizeof *s->shocks);
    s->shocks = list;
    if (room)
        s->shocks[s->shock_count++] = (trace_shock){time, value};
}

static int open_files(trace *t)
{
    struct stat st;
    if (mkdir(t->dir, 0777) != 0 && (errno != EEXIST || stat(t->dir, &st) != 0 || !S_ISDIR(st.st_mode)))
        return cli_fail("cannot create the directory '%s': %s", t->dir, strerror(errno));
    if (cli_out_create(t->dir, "messages.csv.gz", &t->messages) != 0
        || cli_out_create(t->dir, "book.csv.gz", &t->book) != 0
        || cli_out_create(t->dir, "l1.csv.gz", &t->l1) != 0)
        return CLI_FAILED;
    cli_put(&t->messages, "seq,time_ns,sender_id,recipient_id,type\n");
    cli_put(&t->book, CLI_BOOK_HEADER);
    cli_put(&t->l1, "time_ns,symbol,bid,bid_qty,ask,ask_qty\n");
    return CLI_OK;
}

int trace_open(trace *t, const pab_scenario *scenario, const char *dir)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    memset(t, 0, sizeof *t);
    t->scenario = scenario;
    t->dir = dir;
    if (pab_scenario_describe(scenario, &info) != PAB_OK)
        return cli_fail_library(NULL);
    t->symbols = calloc(info.symbol_count, sizeof *t->symbols);
    if (!t->symbols)
        return cli_fail("no memory for a trace of %u symbols", info.symbol_count);
    t->symbol_count = info.symbol_count;
    for (uint32_t i = 0; i < info.symbol_count; i++)
        t->symbols[i].name = pab_scenario_symbol(scenario, i);
    int code = open_files(t);
    if (code != CLI_OK)
        trace_abandon(t);
    return code;
}

int trace_attach(trace *t, pab_market *market)
{
    pab_tap tap = {
        .struct_size = sizeof tap,
        .user = t,
        .delivery = on_delivery,
        .row = on_row,
        .l1 = on_l1,
        .fundamental = on_fundamental,
        .megashock = on_megashock,
    };
    return pab_market_set_tap(market, &tap) == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

int trace_failed(const trace *t)
{
    return t->out_of_memory || t->messages.error || t->book.error || t->l1.error;
}

static int write_fundamentals(const trace *t)
{
    cli_out out;
    if (cli_out_create(t->dir, "fundamental.csv.gz", &out) != 0)
        return CLI_FAILED;
    cli_put(&out, "symbol,time_ns,value,phase\n");
    for (uint32_t i = 0; i < t->symbol_count; i++) {
        const trace_symbol *s = &t->symbols[i];
        for (size_t k = 0; k < s->fundamental_count; k++) {
            cli_put(&out, s->name);
            cli_put_char(&out, ',');
            cli_put_int(&out, s->fundamentals[k].time);
            cli_put_char(&out, ',');
            cli_put_int(&out, s->fundamentals[k].value);
            cli_put(&out, s->fundamentals[k].stopping ? ",stop\n" : ",run\n");
        }
    }
    return cli_out_close(&out);
}

int trace_close(trace *t, const pab_market *market)
{
    take_crc(t);
    int code = t->out_of_memory ? cli_fail("no memory for the trace in '%s'", t->dir) : CLI_OK;
    if (code == CLI_OK)
        code = cli_out_close(&t->messages);
    if (code == CLI_OK)
        code = cli_out_close(&t->book);
    if (code == CLI_OK)
        code = cli_out_close(&t->l1);
    if (code == CLI_OK)
        code = write_fundamentals(t);
    if (code == CLI_OK)
        code = trace_write_agents(t, market);
    if (code == CLI_OK)
        code = trace_write_summary(t, market);
    trace_abandon(t);
    return code;
}

void trace_abandon(trace *t)
{
    cli_out_abandon(&t->messages);
    cli_out_abandon(&t->book);
    cli_out_abandon(&t->l1);
    for (uint32_t i = 0; i < t->symbol_count; i++) {
        free(t->symbols[i].fundamentals);
        free(t->symbols[i].shocks);
    }
    free(t->symbols);
    t->symbols = NULL;
    t->symbol_count = 0;
}
