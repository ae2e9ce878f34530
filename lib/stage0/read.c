/* Reading a file into a tape: which format it is, its times, its window; all or nothing. */
#include "stage0/read.h"

#include <string.h>

#include "base/number.h"
#include "base/stamp.h"

#define DAY (86400 * PAB__SECOND)

pab_status pab_read_options_init(pab_read_options *options, uint32_t size)
{
    pab_read_options full = {0};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    options->struct_size = size;
    return pab__record_out(options, &full, sizeof full, PAB__UPTO(pab_read_options, session_to), "read options");
}

uint32_t pab__find_column(const pab__reader *r, const char *const *names)
{
    for (; *names; names++) {
        uint32_t at = pab__csv_column(&r->csv, r->options->instrument, *names);
        if (at != PAB__CSV_NONE)
            return at;
    }
    return PAB__CSV_NONE;
}

pab_status pab__need_column(const pab__reader *r, const char *const *names, uint32_t *out)
{
    const char *prefix = r->options->instrument, *other = names[0] ? names[1] : NULL;
    char found[200];
    *out = pab__find_column(r, names);
    if (*out != PAB__CSV_NONE)
        return PAB_OK;
    pab__csv_show(&r->csv, found, sizeof found);
    return pab__csv_fail(&r->csv, PAB_E_KEY, "the header has no column '%s%s%s'%s%s%s; found: %s", prefix ? prefix : "",
                         prefix ? "_" : "", names[0], other ? " or '" : "", other ? other : "", other ? "'" : "",
                             found);
}

static pab_status unknown_header(const pab__reader *r, int numbers)
{
    const char *name = r->options->instrument;
    char found[200];
    pab__csv_show(&r->csv, found, sizeof found);
    return pab__csv_fail(&r->csv, PAB_E_KEY, "%s%s%s: no known columns; expected bid and ask, price, or close; "
                         "found: %s%s",
                         name ? "instrument '" : "the header", name ? name : "", name ? "'" : "", found,
                         numbers ? " (there seems to be no header: put one before the first row)"
                                 : r->csv.count == 1 ? " (one field: is the separator another one?)"
                                                     : "");
}

static pab_status tell_format(const pab__reader *r, int32_t *format)
{
    static const char *const price[] = {"price", NULL}, *const close[] = {"close", "adj_close", NULL};
    const pab__csv *csv = &r->csv;
    double number = 0;
    int numbers = pab__real_read(csv->field[0], &number);
    int file = strstr(csv->path, "message") != NULL;
    if (numbers && csv->count == 12 && number >= 1e9)
        *format = PAB_TAPE_BARS; /* klines of Binance */
    else if (numbers && csv->count >= 6 && (file || csv->count == 6))
        *format = PAB_TAPE_LOBSTER;
    else if (numbers)
        return unknown_header(r, 1);
    else if (pab__find_column(r, pab__bid_names) != PAB__CSV_NONE && pab__find_column(r,
                                                                                      pab__ask_names) != PAB__CSV_NONE)
        *format = PAB_TAPE_QUOTES;
    else if (strcmp(csv->field[0], "Price") == 0 && pab__csv_column(csv, NULL, "close") != PAB__CSV_NONE)
        *format = PAB_TAPE_BARS; /* yfinance */
    else if (pab__find_column(r, close) != PAB__CSV_NONE)
        *format = PAB_TAPE_BARS;
    else if (pab__find_column(r, price) != PAB__CSV_NONE)
        *format = PAB_TAPE_TRADES;
    else
        return unknown_header(r, 0);
    return PAB_OK;
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

static pab_status add_quote(pab__reader *r, int64_t time, const pab__quote *q)
{
    pab_status status = pab_tape_add_quote(r->tape, time, q->bid, q->bid_size, q->ask, q->ask_size);
    if (status == PAB_OK) {
        r->tape->quotes[r->tape->quote_count - 1].bid_venue = q->bid_venue;
        r->tape->quotes[r->tape->quote_count - 1].ask_venue = q->ask_venue;
    }
    return located(r, status);
}

static pab_status flush_before(pab__reader *r, int64_t time)
{
    const pab__quote *b = &r->before;
    if (!r->has_before)
        return PAB_OK;
    r->has_before = 0;
    return add_quote(r, time, b);
}

/* Start of the session of the row's day, and whether the row lies in it (-1: before it, 1: after it). */
static int place_in_session(const pab__reader *r, int64_t time, int64_t *start)
{
    int64_t from = r->options->session_from, to = r->options->session_to, local = time + r->offset;
    int64_t clock = local % DAY < 0 ? local % DAY + DAY : local % DAY;
    if (from == to)
        return 0;
    *start = time - clock + from;
    return clock < from ? -1 : clock >= to;
}

/* A quote before window or session still holds when that begins. */
pab_status pab__put_quote(pab__reader *r, const pab__quote *q)
{
    int64_t start = r->options->from;
    if (windowed(r) && q->time > r->options->to) {
        r->counts.outside++;
        return PAB_OK;
    }
    int place = place_in_session(r, q->time, &start);
    if (place > 0 || place < 0 || (windowed(r) && q->time <= r->options->from)) {
        r->counts.outside++;
        r->before = *q;
        r->has_before = place <= 0;
        return PAB_OK;
    }
    if (r->has_before && r->before.time > start - DAY) {
        pab_status status = flush_before(r, start);
        if (status != PAB_OK)
            return status;
    }
    r->has_before = 0;
    return add_quote(r, q->time, q);
}

pab_status pab__put_trade(pab__reader *r, const pab__trade *t)
{
    int64_t start;
    if ((windowed(r) && (t->time < r->options->from || t->time >= r->options->to)) ||
        place_in_session(r, t->time, &start) != 0) {
        r->counts.outside++;
        return PAB_OK;
    }
    pab_status status = pab_tape_add_trade(r->tape, t->time, t->price, t->size, t->sign, t->flags);
    if (status == PAB_OK)
        r->tape->trades[r->tape->trade_count - 1].venue = t->venue;
    return located(r, status);
}

static pab_status read_rows(pab__reader *r, int32_t *out)
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
    *out = format;
    r->symbol = pab__csv_column(&r->csv, NULL, "symbol");
    if (r->tape->bars && format != PAB_TAPE_BARS)
        return pab__fail(PAB_E_STATE, "%s: has quotes or trades, the tape bars; expected one kind on a tape",
                         r->csv.path);
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

/* The window is what quotes cover; that of a tape without quotes, what trades cover. */
static pab_status close_window(pab__reader *r, uint64_t quotes_before, uint64_t trades_before)
{
    pab_tape *tape = r->tape;
    int64_t from = r->first, to = r->last;
    if (windowed(r)) {
        from = from > r->options->from ? from : r->options->from;
        to = to < r->options->to ? to : r->options->to;
        if (from > to)
            return pab__fail(PAB_E_RANGE, "%s: no row in the window from %s to %s; its rows are of %s to %s",
                             r->csv.path, pab__stamp_time(r->options->from).text, pab__stamp_time(r->options->to).text,
                             pab__stamp_time(r->first).text, pab__stamp_time(r->last).text);
    }
    if (tape->quote_count == quotes_before && tape->trade_count == trades_before && !windowed(r))
        return pab__fail(PAB_E_RANGE, "%s: no row in the session", r->csv.path);
    if (r->options->session_from != r->options->session_to && tape->quote_count > 0) {
        from = tape->quotes[0].time;
        to = tape->quotes[tape->quote_count - 1].time;
    }
    if (tape->quote_count > quotes_before && quotes_before == 0)
        tape->from = tape->to = 0; /* trades that were there before give way */
    if (tape->quote_count == quotes_before && tape->quote_count > 0)
        return PAB_OK;
    pab__tape_widen(tape, from, to);
    return PAB_OK;
}

/* Quotes and trades of one instrument must be of one time, on one clock. */
static pab_status check_clocks(pab__reader *r)
{
    pab_tape *tape = r->tape;
    char a[PAB__STAMP_TEXT], b[PAB__STAMP_TEXT], c[PAB__STAMP_TEXT], d[PAB__STAMP_TEXT];
    int32_t clock = r->time.clock;
    if (clock != 0 && tape->clock != 0 && clock != tape->clock)
        return pab__fail(PAB_E_RANGE, "%s: times (%s) are those of the %s, the tape's those of the %s; expected one "
                         "clock",
                         r->csv.path, r->time.name, clock == PAB__CLOCK_LOCAL ? "receiver" : "exchange",
                         clock == PAB__CLOCK_LOCAL ? "exchange" : "receiver");
    tape->clock = clock != 0 ? clock : tape->clock;
    if (tape->quote_count == 0 || tape->trade_count == 0)
        return PAB_OK;
    int64_t first = tape->quotes[0].time, last = tape->quotes[tape->quote_count - 1].time;
    int64_t from = tape->trades[0].time, to = tape->trades[tape->trade_count - 1].time;
    if (from > last || to < first)
        return pab__fail(PAB_E_RANGE, "%s: quotes (%s to %s) and trades (%s to %s) of the instrument share no time; "
                         "expected "
                         "one clock and time zone", r->csv.path, pab__stamp_text(first, a), pab__stamp_text(last, b),
                         pab__stamp_text(from, c), pab__stamp_text(to, d));
    int64_t shared = (to < last ? to : last) - (from > first ? from : first);
    if (shared < (last - first) / 2 && shared < (to - from) / 2)
        pab__tape_warn(tape, "quotes (%s to %s) and trades (%s to %s) share little time", pab__stamp_text(first, a),
                       pab__stamp_text(last, b), pab__stamp_text(from, c), pab__stamp_text(to, d));
    return PAB_OK;
}

static pab_status close_rows(pab__reader *r, uint64_t quotes_before, uint64_t trades_before)
{
    pab_status status = windowed(r) && !r->tape->bars ? flush_before(r, r->options->from) : PAB_OK;
    if (status != PAB_OK)
        return status;
    if (!r->rows && r->counts.rows > 0 && r->counts.outside > 0)
        return pab__fail(PAB_E_RANGE, "%s: no row in the %s", r->csv.path, windowed(r) ? "window" : "session");
    if (!r->rows)
        return pab__fail(PAB_E_SYNTAX, "%s: no rows after the header", r->csv.path);
    if (r->tape->bars) {
        r->tape->from = r->tape->to = 0;
        pab__tape_widen(r->tape, r->tape->quotes[0].time, r->tape->quotes[r->tape->quote_count - 1].time);
        return PAB_OK;
    }
    status = close_window(r, quotes_before, trades_before);
    if (status == PAB_OK)
        status = check_clocks(r);
    if (status == PAB_OK)
        pab__tape_drop_stubs(r->tape);
    return status == PAB_OK ? pab__tape_find_gaps(r->tape) : status;
}

/* One line: what was read, left out and changed. */
static void report(const pab__reader *r, int32_t format, uint64_t quotes, uint64_t trades)
{
    static const char *const kinds[] = {"", "quotes", "trades", "bars", "LOBSTER"};
    const pab__read_counts *c = &r->counts;
    const struct {
        uint64_t count;
        const char *what;
    } left[] = {
        {c->no_time, "without time"}, {c->no_price, "without price"},         {c->outside, "outside window or session"},
        {c->not_trades, "no trades"}, {c->repeated, "the same as the row before"}, {r->csv.blank, "blank"},
    };
    pab__text *t = &r->tape->report;
    const char *slash = strrchr(r->csv.path, '/');
    pab__text_say(t, "%s: %s: %llu %s", slash ? slash + 1 : r->csv.path, kinds[format],
                  (unsigned long long)(quotes + (format == PAB_TAPE_TRADES ? trades : 0)),
                  format == PAB_TAPE_TRADES ? "trades" : format == PAB_TAPE_BARS ? "bars" : "quotes");
    if (format == PAB_TAPE_LOBSTER)
        pab__text_say(t, " and %llu trades", (unsigned long long)trades);
    if (r->time.form.kind != 0)
        pab__text_say(t, "; times are %s%s (%s)", pab__stamp_name(&r->time.form),
                      r->zoned ? " with a zone" : "", r->time.name);
    if (r->price_decimals == 4 && format != PAB_TAPE_LOBSTER)
        pab__text_put(t, "; prices are in 1/10000");
    if (r->price_decimals == -1)
        pab__text_put(t, "; prices are in 1e-9");
    if (format == PAB_TAPE_BARS)
        pab__text_say(t, "; bars of %lld s%s", (long long)(r->tape->bar / PAB__SECOND), r->notes);
    if (c->clamped > 0)
        pab__text_say(t, "; %llu times that step back taken as the time before", (unsigned long long)c->clamped);
    const char *before = "; left out: ";
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        if (left[i].count == 0)
            continue;
        pab__text_say(t, "%s%llu %s", before, (unsigned long long)left[i].count, left[i].what);
        before = ", ";
    }
    pab__text_put(t, "\n");
}

static pab_status check_options(const pab_read_options *given, pab_read_options *out)
{
    if (!given)
        return pab_read_options_init(out, sizeof *out);
    pab_status status = pab__record_in(out, sizeof *out, given,
                                       PAB__UPTO(pab_read_options, session_to), "read options");
    if (status != PAB_OK)
        return status;
    if (out->format < PAB_TAPE_AUTO || out->format > PAB_TAPE_LOBSTER)
        return pab__fail(PAB_E_ARGUMENT, "read options: format is %d; expected 0 to %d", out->format, PAB_TAPE_LOBSTER);
    if (out->from > out->to)
        return pab__fail(PAB_E_RANGE, "read options: from %s to %s; expected from before to",
                         pab__stamp_time(out->from).text, pab__stamp_time(out->to).text);
    if (out->session_from < 0 || out->session_from > out->session_to || out->session_to > DAY)
        return pab__fail(PAB_E_RANGE, "read options: a session from %s to %s after midnight; expected it to "
                         "end after it begins, on one day", pab__stamp_span(out->session_from).text,
                         pab__stamp_span(out->session_to).text);
    if (out->bar < 0 || out->bar > 86400 * 366 * PAB__SECOND)
        return pab__fail(PAB_E_RANGE, "read options: a bar of %s; expected 0 to a year",
                         pab__stamp_span(out->bar).text);
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
    pab__reader r = {.tape = tape, .options = &full, .symbol = PAB__CSV_NONE};
    r.time.first = r.time.second = PAB__CSV_NONE;
    status = pab__csv_open(&tape->host, path, &r.csv);
    if (status != PAB_OK)
        return status;
    const pab_tape old = *tape;
    int32_t format = 0;
    status = read_rows(&r, &format);
    if (status == PAB_OK)
        status = close_rows(&r, old.quote_count, old.trade_count);
    if (status == PAB_OK)
        report(&r, format, tape->quote_count - old.quote_count, tape->trade_count - old.trade_count);
    else
        pab__tape_return(tape, &old);
    pab__csv_close(&r.csv);
    return status;
}

pab_status pab_tape_report(const pab_tape *tape, char *buf, size_t cap, size_t *needed)
{
    if (!tape || (!buf && cap > 0))
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !tape ? "tape" : "buf");
    pab__text out = pab__text_in(buf, cap);
    if (cap > 0)
        buf[0] = '\0';
    if (needed)
        *needed = tape->report.len;
    if (cap > 0 && cap <= tape->report.len)
        return pab__fail(PAB_E_CAPACITY, "the report takes %zu bytes, the buffer has %zu", tape->report.len + 1, cap);
    if (tape->report.len > 0)
        pab__text_put_bytes(&out, tape->report.at, tape->report.len);
    return PAB_OK;
}
