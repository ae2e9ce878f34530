/* Files of best quotes, of trades, and of bars: columns found by the header's names. */
#include "stage0/read.h"

#include <string.h>

#define SIZE_DECIMALS 8
#define SIZE_UNIT 1e-8

/* Price as on a tape from a file's decimal or 1/10000. Empty fields are missing sides. */
static pab_status read_price(const pab__csv *csv, uint32_t column, const char *name, int32_t coarse, int64_t *out)
{
    if (column < csv->count && csv->field[column][0] == '\0') {
        *out = 0;
        return PAB_OK;
    }
    pab_status status = pab__csv_decimal(csv, column, name, coarse ? 4 : 8, out);
    if (status == PAB_OK && *out < 0)
        status = pab__csv_fail(csv, PAB_E_RANGE, "%s is '%.40s'; expected a price from 0 on", name, csv->field[column]);
    return status;
}

static pab_status read_size(const pab__csv *csv, uint32_t column, const char *name, double *out)
{
    int64_t size = 0;
    pab_status status = PAB_OK;
    if (column >= csv->count || csv->field[column][0] != '\0')
        status = pab__csv_decimal(csv, column, name, SIZE_DECIMALS, &size);
    if (status == PAB_OK && size < 0)
        status = pab__csv_fail(csv, PAB_E_RANGE, "%s is '%.40s'; expected a size from 0 on", name, csv->field[column]);
    *out = (double)size * SIZE_UNIT;
    return status;
}

/* Rows of a file with a header all have its number of fields. */
static pab_status next_row(pab__reader *r, uint32_t fields, int *more)
{
    pab_status status = pab__csv_next(&r->csv, more);
    if (status == PAB_OK && *more && r->csv.count != fields)
        status = pab__csv_fail(&r->csv, PAB_E_SYNTAX, "%u fields; expected %u as in the header", r->csv.count, fields);
    return status;
}

typedef struct quote_columns {
    pab__time_column time;
    uint32_t bid, bid_size, ask, ask_size;
} quote_columns;

static pab_status quote_header(const pab__reader *r, quote_columns *c)
{
    pab_status status = pab__time_columns(&r->csv, &c->time);
    if (status == PAB_OK)
        status = pab__need_column(r, "bid", NULL, &c->bid);
    if (status == PAB_OK)
        status = pab__need_column(r, "ask", NULL, &c->ask);
    if (status == PAB_OK)
        status = pab__need_column(r, "bid_size", "bid_qty", &c->bid_size);
    if (status == PAB_OK)
        status = pab__need_column(r, "ask_size", "ask_qty", &c->ask_size);
    return status;
}

static pab_status quote_row(pab__reader *r, const quote_columns *c)
{
    const pab__csv *csv = &r->csv;
    pab__quote q = {0};
    pab_status status = pab__row_time(r, &c->time, &q.time);
    if (status == PAB_OK)
        status = read_price(csv, c->bid, "bid", c->time.coarse_prices, &q.bid);
    if (status == PAB_OK)
        status = read_price(csv, c->ask, "ask", c->time.coarse_prices, &q.ask);
    if (status == PAB_OK)
        status = read_size(csv, c->bid_size, "bid_size", &q.bid_size);
    if (status == PAB_OK)
        status = read_size(csv, c->ask_size, "ask_size", &q.ask_size);
    return status == PAB_OK ? pab__put_quote(r, &q) : status;
}

pab_status pab__read_quotes(pab__reader *r)
{
    quote_columns columns;
    uint32_t fields = r->csv.count;
    int more = 0;
    pab_status status = quote_header(r, &columns);
    while (status == PAB_OK && (status = next_row(r, fields, &more)) == PAB_OK && more)
        status = quote_row(r, &columns);
    return status;
}

typedef struct trade_columns {
    pab__time_column time;
    uint32_t price, size, venue, type, maker;
} trade_columns;

static pab_status trade_header(const pab__reader *r, trade_columns *c)
{
    const char *prefix = r->options->instrument;
    pab_status status = pab__time_columns(&r->csv, &c->time);
    if (status == PAB_OK)
        status = pab__need_column(r, "price", NULL, &c->price);
    if (status == PAB_OK)
        status = pab__need_column(r, "size", "qty", &c->size);
    c->venue = pab__csv_column(&r->csv, prefix, "exch");
    c->type = pab__csv_column(&r->csv, prefix, "type");
    c->maker = pab__csv_column(&r->csv, prefix, "buyer_is_maker");
    return status;
}

/* 1 when the row is a trade at all: exchanges also report insurance and block entries, by type. */
static int is_trade(const pab__csv *csv, const trade_columns *c)
{
    const char *type = c->type != PAB__CSV_NONE ? csv->field[c->type] : "";
    return type[0] == '\0' || strcmp(type, "MARKET") == 0;
}

static pab_status trade_row(pab__reader *r, const trade_columns *c)
{
    const pab__csv *csv = &r->csv;
    pab__trade t = {0};
    int64_t maker = 0;
    pab_status status = pab__row_time(r, &c->time, &t.time);
    if (status == PAB_OK && !is_trade(csv, c))
        return PAB_OK;
    if (status == PAB_OK)
        status = read_price(csv, c->price, "price", c->time.coarse_prices, &t.price);
    if (status == PAB_OK)
        status = read_size(csv, c->size, "size", &t.size);
    if (status == PAB_OK && c->maker != PAB__CSV_NONE) {
        status = pab__csv_decimal(csv, c->maker, "buyer_is_maker", 0, &maker);
        t.sign = maker ? -1 : 1;
    }
    if (status == PAB_OK && t.price == 0)
        status = pab__csv_fail(csv, PAB_E_RANGE, "price is '%.40s'; expected more than 0", csv->field[c->price]);
    if (c->venue != PAB__CSV_NONE && strcmp(csv->field[c->venue], "D") == 0)
        t.flags = PAB_TRADE_OFF_BOOK;
    return status == PAB_OK ? pab__put_trade(r, &t) : status;
}

pab_status pab__read_trades(pab__reader *r)
{
    trade_columns columns;
    uint32_t fields = r->csv.count;
    int more = 0;
    pab_status status = trade_header(r, &columns);
    while (status == PAB_OK && (status = next_row(r, fields, &more)) == PAB_OK && more)
        status = trade_row(r, &columns);
    return status;
}

/* A column of dates with times of day, if there is one. */
static uint32_t stamp_column(const pab__csv *csv)
{
    for (uint32_t i = 0; i < csv->count; i++)
        if (strncmp(csv->field[i], "datetime", 8) == 0)
            return i;
    return PAB__CSV_NONE;
}

/* Seconds of "2019-12-16 11:02:00" on a clock of its own, where all months have 31 days; -1 for no such text. */
static int64_t stamp_of(const char *text)
{
    static const char form[] = "dddd-dd-dd dd:dd:dd";
    static const int32_t units[] = {12, 31, 24, 60, 60};
    int64_t part[6] = {0};
    int n = 0;
    for (size_t i = 0; form[i] != '\0'; i++) {
        int digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !digit : text[i] != form[i] && !(form[i] == ' ' && text[i] == 'T'))
            return -1;
        if (digit)
            part[n] = 10 * part[n] + (text[i] - '0');
        else
            n++;
    }
    for (int i = 0; i < 5; i++)
        part[i + 1] += part[i] * units[i];
    return part[5];
}

/* Notes that the bar that ends at `time` does not follow on the one before; nights between daily bars are no gaps. */
static pab_status note_gap(pab__reader *r, uint32_t column, int64_t time, int64_t *last)
{
    int64_t stamp = column != PAB__CSV_NONE ? stamp_of(r->csv.field[column]) : -1, before = *last;
    *last = stamp;
    if (stamp < 0 || before < 0 || r->options->bar >= 86400 * PAB__SECOND ||
        stamp - before == r->options->bar / PAB__SECOND)
        return PAB_OK;
    return pab__tape_add_gap(r->tape, time);
}

/* Row k holds from the end of bar k on; bars stand end to end whatever their dates say. */
pab_status pab__read_bars(pab__reader *r)
{
    uint32_t close = 0, volume, stamps = stamp_column(&r->csv), fields = r->csv.count;
    int64_t stamp = -1;
    int more = 0;
    pab_status status = pab__need_column(r, "close", NULL, &close);
    volume = pab__csv_column(&r->csv, r->options->instrument, "volume");
    int64_t time = r->tape->quote_count > 0 ? r->tape->quotes[r->tape->quote_count - 1].time : 0;
    while (status == PAB_OK && (status = next_row(r, fields, &more)) == PAB_OK && more) {
        pab__quote q = {0};
        pab__trade t = {0};
        time += r->options->bar;
        q.time = time;
        status = pab__check_time(r, &q.time);
        if (status == PAB_OK)
            status = note_gap(r, stamps, q.time, &stamp);
        if (status == PAB_OK)
            status = read_price(&r->csv, close, "close", 0, &q.bid);
        if (status == PAB_OK && volume != PAB__CSV_NONE)
            status = read_size(&r->csv, volume, "volume", &t.size);
        if (status == PAB_OK && q.bid == 0)
            status = pab__csv_fail(&r->csv, PAB_E_RANGE, "close is '%.40s'; expected more than 0", r->csv.field[close]);
        q.ask = t.price = q.bid;
        t.time = q.time;
        t.flags = PAB_TRADE_OFF_BOOK;
        if (status == PAB_OK)
            status = pab__put_quote(r, &q);
        if (status == PAB_OK && t.size > 0)
            status = pab__put_trade(r, &t);
    }
    r->tape->bars = 1;
    return status;
}
