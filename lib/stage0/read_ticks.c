/* Files of best quotes and of trades: columns found by the header's names, as several programs write them. */
#include "stage0/read.h"

#include <string.h>

#include "base/number.h"

#define SIZE_DECIMALS 8
#define SIZE_UNIT 1e-8
#define COARSE_DECIMALS 4
#define NANO_DECIMALS (-1) /* whole prices of 1e-9, as Databento writes them */

const char *const pab__bid_names[] = {"bid", "bid_price", "best_bid_price", "best_bid", "bid_px_00", "bid_px",
                                      "bidprice", NULL};
const char *const pab__ask_names[] = {"ask", "ask_price", "best_ask_price", "best_ask", "ask_px_00", "ask_px",
                                      "askprice", NULL};
static const char *const bid_sizes[] = {"bid_size", "bid_qty", "bid_amount", "best_bid_qty", "best_bid_size",
                                        "bid_sz_00", "bid_sz", "bid_volume", "bidsize", NULL};
static const char *const ask_sizes[] = {"ask_size", "ask_qty", "ask_amount", "best_ask_qty", "best_ask_size",
                                        "ask_sz_00", "ask_sz", "ask_volume", "asksize", NULL};
static const char *const bid_venues[] = {"bid_exch", NULL}, *const ask_venues[] = {"ask_exch", NULL};
static const char *const sizes[] = {"size", "qty", "amount", "quantity", "volume", "vol", NULL};

/* Prices with a decimal point or an exponent are in currency units; whole ones may be in 1/10000 or 1e-9. */
static pab_status tell_price_unit(pab__reader *r, const char *text, const char *name)
{
    int whole = !strpbrk(text, ".eE"), nano = strstr(name, "_px") != NULL;
    if (r->price_decimals == 0)
        r->price_decimals = whole && r->time.coarse_prices ? COARSE_DECIMALS : whole && nano ? NANO_DECIMALS : 8;
    if (r->price_decimals != 8 && !whole)
        return pab__csv_fail(&r->csv, PAB_E_SYNTAX, "%s is '%.40s', the prices before are whole numbers of %s; "
                             "expected "
                             "all prices in one unit", name, text,
                             r->price_decimals == COARSE_DECIMALS ? "1/10000" : "1e-9");
    return PAB_OK;
}

pab_status pab__read_price(pab__reader *r, uint32_t column, const char *name, int64_t *out)
{
    const pab__csv *csv = &r->csv;
    *out = 0;
    if (column < csv->count && (pab__csv_missing(csv->field[column]) ||
                                strcmp(csv->field[column], "9223372036854775807") == 0))
        return PAB_OK;
    pab_status status = column < csv->count ? tell_price_unit(r, csv->field[column], name) : PAB_OK;
    if (status == PAB_OK)
        status = pab__csv_decimal(csv, column, name, r->price_decimals, out);
    if (status == PAB_OK && *out < 0)
        status = pab__csv_fail(csv, PAB_E_RANGE, "%s is '%.40s'; expected a price from 0 on", name, csv->field[column]);
    return status;
}

pab_status pab__read_size(pab__reader *r, uint32_t column, const char *name, double *out)
{
    const pab__csv *csv = &r->csv;
    int64_t size = 0;
    pab_status status = PAB_OK;
    if (column >= csv->count || !pab__csv_missing(csv->field[column]))
        status = pab__csv_decimal(csv, column, name, SIZE_DECIMALS, &size);
    if (status == PAB_OK && size < 0)
        status = pab__csv_fail(csv, PAB_E_RANGE, "%s is '%.40s'; expected a size from 0 on", name, csv->field[column]);
    *out = (double)size * SIZE_UNIT;
    return status;
}

/* A file that names its instrument in a column has one. */
static pab_status check_symbol(pab__reader *r)
{
    if (r->symbol == PAB__CSV_NONE)
        return PAB_OK;
    const char *text = r->csv.field[r->symbol];
    if (r->symbol_text[0] == '\0')
        pab__format(r->symbol_text, sizeof r->symbol_text, "%.60s", text);
    if (strncmp(r->symbol_text, text, 60) != 0)
        return pab__csv_fail(&r->csv, PAB_E_RANGE, "the row is of '%.40s', those before of '%.40s'; expected one "
                             "instrument in a file", text, r->symbol_text);
    return PAB_OK;
}

pab_status pab__next_row(pab__reader *r, uint32_t fields, int *more)
{
    pab_status status = pab__csv_next(&r->csv, more);
    if (status != PAB_OK || !*more)
        return status;
    while (r->csv.count > fields && r->csv.field[r->csv.count - 1][0] == '\0')
        r->csv.count--;
    if (r->csv.count != fields)
        return pab__csv_fail(&r->csv, PAB_E_SYNTAX, "%u fields; expected %u as in the header", r->csv.count, fields);
    r->counts.rows++;
    return check_symbol(r);
}

typedef struct quote_columns {
    uint32_t bid, bid_size, ask, ask_size, bid_venue, ask_venue;
} quote_columns;

static pab_status quote_header(pab__reader *r, quote_columns *c)
{
    pab_status status = pab__time_columns(r, 1);
    if (status == PAB_OK)
        status = pab__need_column(r, pab__bid_names, &c->bid);
    if (status == PAB_OK)
        status = pab__need_column(r, pab__ask_names, &c->ask);
    if (status == PAB_OK)
        status = pab__need_column(r, bid_sizes, &c->bid_size);
    if (status == PAB_OK)
        status = pab__need_column(r, ask_sizes, &c->ask_size);
    c->bid_venue = pab__find_column(r, bid_venues);
    c->ask_venue = pab__find_column(r, ask_venues);
    return status;
}

static uint32_t venue_of(const pab__reader *r, uint32_t column)
{
    return column != PAB__CSV_NONE ? pab__venue_of(r->csv.field[column]) : 0;
}

static pab_status quote_row(pab__reader *r, const quote_columns *c, const char *bid, const char *ask)
{
    pab__quote q = {0};
    int known = 0;
    pab_status status = pab__row_time(r, &q.time, &known);
    if (status != PAB_OK || !known)
        return status;
    status = pab__read_price(r, c->bid, bid, &q.bid);
    if (status == PAB_OK)
        status = pab__read_price(r, c->ask, ask, &q.ask);
    if (status == PAB_OK)
        status = pab__read_size(r, c->bid_size, "bid_size", &q.bid_size);
    if (status == PAB_OK)
        status = pab__read_size(r, c->ask_size, "ask_size", &q.ask_size);
    q.bid_venue = venue_of(r, c->bid_venue);
    q.ask_venue = venue_of(r, c->ask_venue);
    return status == PAB_OK ? pab__put_quote(r, &q) : status;
}

pab_status pab__read_quotes(pab__reader *r)
{
    quote_columns columns;
    uint32_t fields = r->csv.count;
    int more = 0;
    pab_status status = quote_header(r, &columns);
    int nano = status == PAB_OK && strstr(r->csv.field[columns.bid], "_px") != NULL;
    while (status == PAB_OK && (status = pab__next_row(r, fields, &more)) == PAB_OK && more)
        status = quote_row(r, &columns, nano ? "bid_px" : "bid", nano ? "ask_px" : "ask");
    return status;
}

/* --- Trades --- */

typedef struct trade_columns {
    uint32_t price, size, venue, type, action, maker, side;
    int32_t nano; /* a price without a decimal point may be in 1e-9 */
} trade_columns;

static pab_status trade_header(pab__reader *r, trade_columns *c)
{
    static const char *const price[] = {"price", NULL}, *const venue[] = {"exch", NULL}, *const type[] = {"type", NULL};
    static const char *const action[] = {"action", NULL}, *const side[] = {"side", "aggressor", "taker_side", NULL};
    static const char *const maker[] = {"buyer_is_maker", "is_buyer_maker", "isbuyermaker", NULL};
    pab_status status = pab__time_columns(r, 1);
    if (status == PAB_OK)
        status = pab__need_column(r, price, &c->price);
    if (status == PAB_OK)
        status = pab__need_column(r, sizes, &c->size);
    c->venue = pab__find_column(r, venue);
    c->type = pab__find_column(r, type);
    c->action = pab__find_column(r, action);
    c->maker = pab__find_column(r, maker);
    c->side = pab__find_column(r, side);
    c->nano = pab__csv_column(&r->csv, NULL, "ts_event") != PAB__CSV_NONE;
    return status;
}

static int same_word(const char *text, const char *word)
{
    while (*word && (*text == *word || (*text >= 'A' && *text <= 'Z' && *text - 'A' + 'a' == *word)))
        text++, word++;
    return *word == '\0' && *text == '\0';
}

/* Index of the text among the words (NULL at the end), -1 for none. */
static int word_of(const char *text, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (same_word(text, words[i]))
            return i;
    return -1;
}

/* Whether the row is a trade at all: exchanges also report insurance and block entries, by type, and changes of the
 * book, by action. */
static pab_status tell_trade(pab__reader *r, const trade_columns *c, int *is_trade, int32_t *sign)
{
    static const char *const trades[] = {"market", "limit", "trade", "fill", "t", "m", "l", "buy", "sell", NULL};
    static const char *const others[] = {"insurance", "insurance_fund", "adl", "na", "block", "liquidation", "rpi",
                                         "settlement", NULL};
    static const char *const changes[] = {"a", "c", "m", "r", "f", "n", NULL};
    const char *type = c->type != PAB__CSV_NONE ? r->csv.field[c->type] : "";
    const char *action = c->action != PAB__CSV_NONE ? r->csv.field[c->action] : "T";
    int kind = word_of(type, trades);
    *is_trade = 1;
    if (!same_word(action, "t") && word_of(action, changes) < 0)
        return pab__csv_fail(&r->csv, PAB_E_RANGE, "action is '%.40s'; expected T for trades", action);
    if (!same_word(action, "t") || word_of(type, others) >= 0)
        *is_trade = 0;
    else if (kind < 0 && !pab__csv_missing(type))
        return pab__csv_fail(&r->csv, PAB_E_RANGE, "type is '%.40s'; expected market, limit, buy, sell or nothing "
                             "for a "
                             "trade, insurance, adl, block or liquidation for what is none", type);
    if (kind >= 7)
        *sign = kind == 7 ? 1 : -1;
    return PAB_OK;
}

/* Who came last: from who was passive, or from the side. */
static pab_status tell_sign(pab__reader *r, const trade_columns *c, int32_t *sign)
{
    static const char *const yes[] = {"1", "true", "t", "yes", NULL}, *const no[] = {"0", "false", "f", "no", NULL};
    static const char *const buys[] = {"buy", "b", "bid", "1", "buyer", NULL};
    static const char *const sells[] = {"sell", "s", "a", "ask", "-1", "seller", NULL};
    static const char *const unknown[] = {"n", "unknown", "0", NULL};
    if (c->maker != PAB__CSV_NONE) {
        const char *text = r->csv.field[c->maker];
        if (word_of(text, yes) < 0 && word_of(text, no) < 0)
            return pab__csv_fail(&r->csv, PAB_E_SYNTAX, "buyer_is_maker is '%.40s'; expected 0, 1, true or false",
                                 text);
        *sign = word_of(text, yes) >= 0 ? -1 : 1;
    } else if (c->side != PAB__CSV_NONE) {
        const char *text = r->csv.field[c->side];
        if (word_of(text, buys) >= 0)
            *sign = 1;
        else if (word_of(text, sells) >= 0)
            *sign = -1;
        else if (!pab__csv_missing(text) && word_of(text, unknown) < 0)
            return pab__csv_fail(&r->csv, PAB_E_SYNTAX, "side is '%.40s'; expected buy or sell", text);
    }
    return PAB_OK;
}

static pab_status trade_row(pab__reader *r, const trade_columns *c)
{
    const pab__csv *csv = &r->csv;
    pab__trade t = {0};
    int known = 0, is_trade = 1;
    pab_status status = pab__row_time(r, &t.time, &known);
    if (status == PAB_OK && known)
        status = tell_trade(r, c, &is_trade, &t.sign);
    if (status != PAB_OK || !known)
        return status;
    if (!is_trade) {
        r->counts.not_trades++;
        return PAB_OK;
    }
    status = pab__read_price(r, c->price, c->nano ? "price_px" : "price", &t.price);
    if (status == PAB_OK)
        status = pab__read_size(r, c->size, "size", &t.size);
    if (status == PAB_OK)
        status = tell_sign(r, c, &t.sign);
    if (status == PAB_OK && t.price == 0)
        status = pab__csv_fail(csv, PAB_E_RANGE, "price is '%.40s'; expected more than 0", csv->field[c->price]);
    if (c->venue != PAB__CSV_NONE && strcmp(csv->field[c->venue], "D") == 0)
        t.flags = PAB_TRADE_OFF_BOOK;
    t.venue = venue_of(r, c->venue);
    return status == PAB_OK ? pab__put_trade(r, &t) : status;
}

pab_status pab__read_trades(pab__reader *r)
{
    trade_columns columns;
    uint32_t fields = r->csv.count;
    int more = 0;
    pab_status status = trade_header(r, &columns);
    while (status == PAB_OK && (status = pab__next_row(r, fields, &more)) == PAB_OK && more)
        status = trade_row(r, &columns);
    if (status == PAB_OK && r->counts.not_trades > 0 && r->counts.not_trades == r->counts.rows)
        status = pab__fail(PAB_E_RANGE, "%s: none of its %llu rows is a trade, by the columns type and action",
                           r->csv.path, (unsigned long long)r->counts.rows);
    return status;
}
