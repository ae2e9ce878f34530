/* Bars: rows laid end to end, so that nights take no time, each with the time that its row names, where it does. */
#include "stage0/read.h"

#include <string.h>

#include "base/number.h"
#include "base/sort.h"

#define DEFAULT_BAR (60 * PAB__SECOND)
#define DAY (86400 * PAB__SECOND)

enum { KLINE_FIELDS = 12, KLINE_TIME = 0, KLINE_CLOSE = 4, KLINE_VOLUME = 5 };

typedef struct bar_columns {
    uint32_t close, volume, fields;
    int32_t first_row; /* 1: the row read last is data: a file without a header */
} bar_columns;

/* The three header rows of yfinance: what, of which ticker, and "Date" over the times. */
static pab_status read_tickers(pab__reader *r, bar_columns *c)
{
    unsigned char what[PAB__CSV_FIELDS] = {0};
    char ticker[64] = "";
    const char *name = r->options->instrument;
    int more = 0;
    for (uint32_t i = 1; i < c->fields; i++)
        what[i] = (unsigned char)((strcmp(r->csv.field[i], "Close") == 0) + 2 * (strcmp(r->csv.field[i],
                                                                                        "Volume") == 0));
    c->close = c->volume = PAB__CSV_NONE;
    pab_status status = pab__csv_next(&r->csv, &more);
    if (status != PAB_OK || !more || r->csv.count != c->fields)
        return status != PAB_OK ? status : pab__csv_fail(&r->csv, PAB_E_SYNTAX, "expected a row of tickers");
    for (uint32_t i = 1; i < c->fields; i++) {
        const char *field = r->csv.field[i];
        if (what[i] == 0 || (name && strcmp(name, field) != 0))
            continue;
        if (ticker[0] == '\0')
            pab__format(ticker, sizeof ticker, "%.60s", field);
        if (strncmp(ticker, field, 60) != 0)
            return pab__csv_fail(&r->csv, PAB_E_RANGE, "the file holds '%s' and '%.40s'; expected one instrument, or "
                                 "its name to choose by", ticker, field);
        *(what[i] == 1 ? &c->close : &c->volume) = i;
    }
    if (c->close == PAB__CSV_NONE)
        return pab__csv_fail(&r->csv, PAB_E_KEY, "instrument '%s': no column Close of it", name ? name : "");
    status = pab__csv_next(&r->csv, &more); /* "Datetime", then nothing */
    if (status == PAB_OK && (!more || r->csv.count != c->fields))
        status = pab__csv_fail(&r->csv, PAB_E_SYNTAX, "expected the row that names the times");
    r->time = (pab__time_column){.first = 0, .second = PAB__CSV_NONE, .decimals = -1, .name = "Date"};
    return status;
}

static pab_status bar_header(pab__reader *r, bar_columns *c)
{
    static const char *const close[] = {"close", "adj_close", "last", NULL}, *const volume[] = {"volume", "vol", NULL};
    int64_t number;
    c->fields = r->csv.count;
    if (pab__decimal_parse(r->csv.field[0], 0, &number) == 0 && c->fields == KLINE_FIELDS) {
        *c = (bar_columns){KLINE_CLOSE, KLINE_VOLUME, KLINE_FIELDS, 1};
        r->time = (pab__time_column){.first = KLINE_TIME, .second = PAB__CSV_NONE, .decimals = -1, .name = "open time"};
        return PAB_OK;
    }
    if (strcmp(r->csv.field[0], "Price") == 0 && pab__csv_column(&r->csv, NULL, "close") != PAB__CSV_NONE)
        return read_tickers(r, c);
    pab_status status = pab__time_columns(r, 0);
    if (status == PAB_OK)
        status = pab__need_column(r, close, &c->close);
    c->volume = pab__find_column(r, volume);
    return status;
}

/* Keeps the row's time of day, for the session. */
static int in_session(const pab__reader *r, int64_t stamp)
{
    int64_t from = r->options->session_from, to = r->options->session_to, clock = (stamp + r->offset) % DAY;
    if (r->options->from != r->options->to && (stamp < r->options->from || stamp >= r->options->to))
        return 0;
    return from == to || (clock >= from && clock < to);
}

/* One bar, whose own time is `stamp`; it is laid at a time made later, when the length of bars is known. */
static pab_status add_bar(pab__reader *r, int64_t stamp, int64_t close, double volume)
{
    pab_tape *tape = r->tape;
    uint64_t n = tape->quote_count;
    if (tape->stamped && n > 0 && stamp <= tape->stamps[n - 1]) {
        if (stamp == tape->stamps[n - 1] && close == tape->quotes[n - 1].bid) {
            r->counts.repeated++;
            return PAB_OK;
        }
        char now[PAB__STAMP_TEXT], before[PAB__STAMP_TEXT];
        return pab__csv_fail(&r->csv, PAB_E_RANGE, "the bar of %s comes after that of %s; expected each time once, "
                             "rows in "
                             "order", pab__stamp_text(stamp, now), pab__stamp_text(tape->stamps[n - 1], before));
    }
    int64_t last = n > 0 ? tape->quotes[n - 1].time : 0, time = last + 1;
    pab_status status = pab__tape_add_bar(tape, time, stamp, close, volume);
    r->rows = 1;
    return status;
}

static pab_status bar_row(pab__reader *r, const bar_columns *c)
{
    int64_t stamp = 0, close = 0;
    double volume = 0;
    int known = 1;
    pab_status status = r->tape->stamped ? pab__row_stamp(r, &stamp, &known) : PAB_OK;
    if (status != PAB_OK || !known)
        return status;
    status = pab__read_price(r, c->close, "close", &close);
    if (status == PAB_OK && close == 0 && !pab__csv_missing(r->csv.field[c->close]))
        status = pab__csv_fail(&r->csv, PAB_E_RANGE, "close is '%.40s'; expected more than 0", r->csv.field[c->close]);
    if (status == PAB_OK && c->volume != PAB__CSV_NONE)
        status = pab__read_size(r, c->volume, "volume", &volume);
    if (status != PAB_OK)
        return status;
    r->counts.no_price += close == 0;
    if (close == 0 && !r->rows)
        pab__format(r->notes, sizeof r->notes, "%llu: close is '%.40s'", (unsigned long long)r->csv.line,
                    r->csv.field[c->close]);
    if (close == 0)
        return PAB_OK;
    if (r->tape->stamped && !in_session(r, stamp)) {
        r->counts.outside++;
        return PAB_OK;
    }
    return add_bar(r, stamp, close, volume);
}

/* The median distance of rows tells how long a bar is; 0 where there are too few. */
static pab_status told_bar(const pab_tape *tape, int64_t *out)
{
    uint64_t n = tape->quote_count;
    *out = 0;
    if (!tape->stamped || n < 5)
        return PAB_OK;
    double *steps = pab__alloc(&tape->host, n * sizeof *steps);
    if (!steps)
        return pab__fail(PAB_E_MEMORY, "no memory for the times of %llu bars", (unsigned long long)n);
    for (uint64_t i = 1; i < n; i++)
        steps[i - 1] = (double)(tape->stamps[i] - tape->stamps[i - 1]);
    pab__sort_reals(steps, n - 1);
    *out = (int64_t)steps[(n - 1) / 2];
    pab__release(&tape->host, steps, n * sizeof *steps);
    return PAB_OK;
}

/* Lays bars end to end and notes where one does not follow on the one before; nights between daily bars are no gaps. */
static pab_status lay_bars(pab_tape *tape)
{
    uint64_t trade = 0;
    tape->gap_count = 0;
    for (uint64_t i = 0; i < tape->quote_count; i++) {
        int64_t laid = tape->quotes[i].time, time = (int64_t)(i + 1) * tape->bar;
        for (; trade < tape->trade_count && tape->trades[trade].time == laid; trade++)
            tape->trades[trade].time = time;
        tape->quotes[i].time = time;
        if (i == 0 || !tape->stamped || tape->bar >= DAY || tape->stamps[i] - tape->stamps[i - 1] == tape->bar)
            continue;
        pab_status status = pab__tape_add_gap(tape, time - 1, time);
        if (status != PAB_OK)
            return status;
    }
    return PAB_OK;
}

static pab_status settle_bar(pab__reader *r)
{
    pab_tape *tape = r->tape;
    int64_t told = 0, given = r->options->bar;
    pab_status status = told_bar(tape, &told);
    if (status != PAB_OK)
        return status;
    if (given > 0 && told > 0 && given != told && !(given >= DAY && told >= DAY))
        return pab__fail(PAB_E_RANGE, "%s: rows are %lld s apart; expected bars of %lld s, as asked for", r->csv.path,
                         (long long)(told / PAB__SECOND), (long long)(given / PAB__SECOND));
    int64_t bar = given > 0 ? given : told > 0 ? told : DEFAULT_BAR;
    if (tape->bar != 0 && tape->bar != bar)
        return pab__fail(PAB_E_RANGE, "%s: bars of %lld s; expected %lld s as on the tape", r->csv.path,
                         (long long)(bar / PAB__SECOND), (long long)(tape->bar / PAB__SECOND));
    tape->bar = bar;
    pab__format(r->notes, sizeof r->notes, "%s", !tape->stamped ? "; no times: bars are matched by row, and nights "
                "count as returns"
                                                                : "");
    return lay_bars(tape);
}

pab_status pab__read_bars(pab__reader *r)
{
    bar_columns c = {0};
    pab_tape *tape = r->tape;
    int more = 1;
    if ((tape->quote_count > 0 && !tape->bars) || (tape->trade_count > 0 && !tape->bars))
        return pab__fail(PAB_E_STATE, "%s: has bars, the tape quotes or trades; expected one kind on a tape",
                         r->csv.path);
    pab_status status = bar_header(r, &c);
    if (status != PAB_OK)
        return status;
    int32_t stamped = r->time.first != PAB__CSV_NONE;
    if (tape->quote_count > 0 && stamped != tape->stamped)
        return pab__csv_fail(&r->csv, PAB_E_STATE, "bars %s times, those on the tape %s; expected the same",
                             stamped ? "have" : "have no", stamped ? "none" : "some");
    if (!stamped && (r->options->session_from != r->options->session_to || r->options->from != r->options->to))
        return pab__csv_fail(&r->csv, PAB_E_KEY, "the bars have no column of times; expected one for a session or "
                             "window");
    tape->stamped = stamped;
    tape->bars = 1;
    if (!c.first_row)
        status = pab__next_row(r, c.fields, &more);
    while (status == PAB_OK && more) {
        status = bar_row(r, &c);
        if (status == PAB_OK)
            status = pab__next_row(r, c.fields, &more);
    }
    if (status == PAB_OK && !r->rows && r->counts.no_price > 0)
        return pab__fail(PAB_E_RANGE, "%s:%s; expected more than 0", r->csv.path, r->notes);
    return status == PAB_OK && r->rows ? settle_bar(r) : status;
}
