/* Reading a file into a tape: which format it is, its times, its window; all or nothing. */
#include "stage0/read.h"

#include <string.h>

pab_status pab_read_options_init(pab_read_options *options, uint32_t size)
{
    pab_read_options full = {.bar = 60 * PAB__SECOND};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    options->struct_size = size;
    return pab__record_out(options, &full, sizeof full, PAB__UPTO(pab_read_options, instrument), "read options");
}

static int has(const pab__csv *csv, const char *prefix, const char *name)
{
    return pab__csv_column(csv, prefix, name) != PAB__CSV_NONE;
}

static pab_status tell_format(const pab__reader *r, int32_t *format)
{
    const pab__csv *csv = &r->csv;
    const char *name = r->options->instrument;
    int64_t number = 0;
    if (csv->count >= 6 && pab__decimal_parse(csv->field[0], 9, &number) == 0)
        *format = PAB_TAPE_LOBSTER;
    else if (has(csv, name, "bid") && has(csv, name, "ask"))
        *format = PAB_TAPE_QUOTES;
    else if (has(csv, name, "price"))
        *format = PAB_TAPE_TRADES;
    else if (has(csv, name, "close"))
        *format = PAB_TAPE_BARS;
    else
        return pab__csv_fail(csv, PAB_E_KEY, "%s%s%s: no known columns; expected bid and ask, price, or close",
                             name ? "instrument '" : "the header", name ? name : "", name ? "'" : "");
    return PAB_OK;
}

pab_status pab__need_column(const pab__reader *r, const char *name, const char *other, uint32_t *out)
{
    const char *prefix = r->options->instrument;
    *out = pab__csv_column(&r->csv, prefix, name);
    if (*out == PAB__CSV_NONE && other)
        *out = pab__csv_column(&r->csv, prefix, other);
    if (*out != PAB__CSV_NONE)
        return PAB_OK;
    return pab__csv_fail(&r->csv, PAB_E_KEY, "the header has no column '%s%s%s'%s%s%s", prefix ? prefix : "",
                         prefix ? "_" : "", name, other ? " or '" : "", other ? other : "", other ? "'" : "");
}

pab_status pab__time_columns(const pab__csv *csv, pab__time_column *out)
{
    static const struct {
        const char *name;
        int decimals;
        int32_t coarse_prices;
    } known[] = {{"exch_ms", 6, 0}, {"local_ns", 0, 0}, {"time_ns", 0, 0}, {"time_ms", 6, 1}, {"time_s", 9, 1}};
    pab__time_column found = {.first = PAB__CSV_NONE, .second = PAB__CSV_NONE};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t at = pab__csv_column(csv, NULL, known[i].name);
        if (at == PAB__CSV_NONE)
            continue;
        if (found.first == PAB__CSV_NONE) {
            found.first = at;
            found.decimals_first = known[i].decimals;
            found.coarse_prices = known[i].coarse_prices;
        } else if (found.second == PAB__CSV_NONE) {
            found.second = at;
            found.decimals_second = known[i].decimals;
        }
    }
    if (found.first == PAB__CSV_NONE)
        return pab__csv_fail(csv, PAB_E_KEY,
                             "the header has no column of times: time_ns, time_ms, time_s, exch_ms or local_ns");
    *out = found;
    return PAB_OK;
}

pab_status pab__check_time(pab__reader *r, int64_t *time)
{
    if (r->rows && *time < r->last) {
        if (*time < r->last - PAB__STEP_BACK)
            return pab__csv_fail(&r->csv, PAB_E_RANGE, "time is %lld ns after one of %lld ns; expected rows in order",
                                 (long long)*time, (long long)r->last);
        *time = r->last;
    }
    if (*time < INT64_MIN / 2 || *time > INT64_MAX / 2)
        return pab__csv_fail(&r->csv, PAB_E_RANGE, "time is %lld ns; expected -4.6e18 to 4.6e18", (long long)*time);
    if (!r->rows)
        r->first = *time;
    r->last = *time;
    r->rows = 1;
    return PAB_OK;
}

pab_status pab__row_time(pab__reader *r, const pab__time_column *c, int64_t *out)
{
    int64_t time = 0;
    int other = c->second != PAB__CSV_NONE && c->first < r->csv.count && r->csv.field[c->first][0] == '\0';
    pab_status status = other ? pab__csv_decimal(&r->csv, c->second, "time", c->decimals_second, &time)
                              : pab__csv_decimal(&r->csv, c->first, "time", c->decimals_first, &time);
    if (status == PAB_OK)
        status = pab__check_time(r, &time);
    *out = time;
    return status;
}

static int windowed(const pab__reader *r)
{
    return r->options->from != r->options->to;
}

/* Says in which line the tape refused a row. */
static pab_status located(const pab__reader *r, pab_status status)
{
    char text[256];
    if (status == PAB_OK || status == PAB_E_MEMORY)
        return status;
    pab_last_error(text, sizeof text);
    return pab__csv_fail(&r->csv, status, "%s", text);
}

pab_status pab__put_quote(pab__reader *r, const pab__quote *q)
{
    if (windowed(r) && q->time <= r->options->from) {
        r->before = *q;
        r->has_before = 1;
        return PAB_OK;
    }
    if (windowed(r) && q->time > r->options->to)
        return PAB_OK;
    if (r->has_before) {
        r->has_before = 0;
        const pab__quote *b = &r->before;
        pab_status status =
            pab_tape_add_quote(r->tape, r->options->from, b->bid, b->bid_size, b->ask, b->ask_size);
        if (status != PAB_OK)
            return status;
    }
    return located(r, pab_tape_add_quote(r->tape, q->time, q->bid, q->bid_size, q->ask, q->ask_size));
}

pab_status pab__put_trade(pab__reader *r, const pab__trade *t)
{
    if (windowed(r) && (t->time < r->options->from || t->time > r->options->to))
        return PAB_OK;
    return located(r, pab_tape_add_trade(r->tape, t->time, t->price, t->size, t->sign, t->flags));
}

static pab_status read_rows(pab__reader *r)
{
    int more = 0;
    int32_t format = r->options->format;
    pab_status status = pab__csv_next(&r->csv, &more);
    if (status == PAB_OK && !more)
        status = pab__fail(PAB_E_SYNTAX, "%s: the file is empty", r->csv.path);
    if (status == PAB_OK && format == PAB_TAPE_AUTO)
        status = tell_format(r, &format);
    if (status != PAB_OK)
        return status;
    switch (format) {
    case PAB_TAPE_QUOTES:
        return pab__read_quotes(r);
    case PAB_TAPE_TRADES:
        return pab__read_trades(r);
    case PAB_TAPE_BARS:
        return pab__read_bars(r);
    default:
        return pab__read_lobster(r);
    }
}

/* A tape that only ever had trades keeps its window to what is read next. */
static pab_status close_rows(pab__reader *r)
{
    if (r->has_before) {
        const pab__quote *b = &r->before;
        pab_status status = pab_tape_add_quote(r->tape, r->options->from, b->bid, b->bid_size, b->ask, b->ask_size);
        if (status != PAB_OK)
            return status;
    }
    if (!r->rows)
        return pab__fail(PAB_E_SYNTAX, "%s: no rows after the header", r->csv.path);
    int64_t from = r->first, to = r->last;
    if (windowed(r)) {
        from = from > r->options->from ? from : r->options->from;
        to = to < r->options->to ? to : r->options->to;
        if (from > to)
            return pab__fail(PAB_E_RANGE, "%s: no row in the window of %lld to %lld ns", r->csv.path,
                             (long long)r->options->from, (long long)r->options->to);
    }
    pab__tape_widen(r->tape, from, to);
    return PAB_OK;
}

static pab_status check_options(const pab_read_options *given, pab_read_options *out)
{
    if (!given)
        return pab_read_options_init(out, sizeof *out);
    pab_status status = pab__record_in(out, sizeof *out, given,
                                       PAB__UPTO(pab_read_options, instrument), "read options");
    if (status != PAB_OK)
        return status;
    if (out->format < PAB_TAPE_AUTO || out->format > PAB_TAPE_LOBSTER)
        return pab__fail(PAB_E_ARGUMENT, "read options: format is %d; expected 0 to %d", out->format, PAB_TAPE_LOBSTER);
    if (out->from > out->to)
        return pab__fail(PAB_E_RANGE, "read options: from %lld to %lld ns; expected from before to",
                         (long long)out->from, (long long)out->to);
    if (out->bar < 0 || out->bar > 86400 * 366 * PAB__SECOND)
        return pab__fail(PAB_E_RANGE, "read options: a bar of %lld ns; expected 0 to a year", (long long)out->bar);
    out->bar = out->bar > 0 ? out->bar : 60 * PAB__SECOND;
    return PAB_OK;
}

pab_status pab_tape_read(pab_tape *tape, const char *path, const pab_read_options *options)
{
    if (!tape || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !tape ? "tape" : "path");
    pab_read_options full = {.struct_size = sizeof full};
    pab_status status = check_options(options, &full);
    if (status != PAB_OK)
        return status;
    pab__reader r = {.tape = tape, .options = &full};
    status = pab__csv_open(&tape->host, path, &r.csv);
    if (status != PAB_OK)
        return status;
    uint64_t quotes = tape->quote_count, trades = tape->trade_count, gaps = tape->gap_count;
    int32_t bars = tape->bars;
    status = read_rows(&r);
    if (status == PAB_OK)
        status = close_rows(&r);
    if (status != PAB_OK) {
        tape->quote_count = quotes;
        tape->trade_count = trades;
        tape->gap_count = gaps;
        tape->bars = bars;
    }
    pab__csv_close(&r.csv);
    return status;
}
