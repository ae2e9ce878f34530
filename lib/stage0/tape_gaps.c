/* What a tape leaves out: closed times, quotes where no market is, rows of a file that failed. */
#include "stage0/tape.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/number.h"
#include "stage0/facts.h"

#define LEAST_GAP (300 * PAB__SECOND)
#define USUAL 100     /* times the median interval between rows */
#define WIDE 2        /* a stub's quote is wider than this, as a ratio ... */
#define FAR 5         /* ... and the stub that far from where the mid was, as a ratio */

pab_status pab__tape_add_gap(pab_tape *tape, int64_t from, int64_t to)
{
    void *rows = tape->gaps;
    pab_status status = pab__tape_grow(tape, &rows, tape->gap_count, &tape->gap_cap, sizeof *tape->gaps);
    if (status != PAB_OK)
        return status;
    tape->gaps = rows;
    tape->gaps[tape->gap_count++] = (pab__gap){from, to};
    return PAB_OK;
}

/* First gap that ends after `time`. */
static uint64_t gap_after(const pab_tape *tape, int64_t time)
{
    uint64_t low = 0, high = tape->gap_count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (tape->gaps[middle].to <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int pab__tape_has_gap(const pab_tape *tape, int64_t from, int64_t to)
{
    uint64_t i = gap_after(tape, from);
    return i < tape->gap_count && tape->gaps[i].from < to;
}

int pab__tape_closed(const pab_tape *tape, int64_t time)
{
    uint64_t i = gap_after(tape, time);
    return i < tape->gap_count && tape->gaps[i].from < time;
}

int64_t pab__tape_open_time(const pab_tape *tape, int64_t from, int64_t to)
{
    int64_t open = to - from;
    if (tape->bars)
        return open;
    for (uint64_t i = gap_after(tape, from); i < tape->gap_count && tape->gaps[i].from < to; i++) {
        int64_t begin = tape->gaps[i].from > from ? tape->gaps[i].from : from;
        int64_t end = tape->gaps[i].to < to ? tape->gaps[i].to : to;
        open -= end - begin;
    }
    return open;
}

/* Time of the next quote or trade, in order; 0 past the last. */
static int next_time(const pab_tape *tape, uint64_t *q, uint64_t *t, int64_t *out)
{
    int quote = *q < tape->quote_count, trade = *t < tape->trade_count;
    if (!quote && !trade)
        return 0;
    if (quote && (!trade || tape->quotes[*q].time <= tape->trades[*t].time))
        *out = tape->quotes[(*q)++].time;
    else
        *out = tape->trades[(*t)++].time;
    return 1;
}

static pab_status usual_interval(const pab_tape *tape, double *out)
{
    uint64_t n = tape->quote_count + tape->trade_count, q = 0, t = 0, count = 0;
    double *steps = n < SIZE_MAX / sizeof *steps ? pab__alloc(&tape->host, n * sizeof *steps) : NULL;
    int64_t time = 0, last = 0;
    if (!steps)
        return pab__fail(PAB_E_MEMORY, "no memory for the intervals of %llu rows", (unsigned long long)n);
    next_time(tape, &q, &t, &last);
    for (; next_time(tape, &q, &t, &time); last = time)
        if (time > last)
            steps[count++] = (double)(time - last);
    *out = count > 0 ? pab__median(steps, count) : 0;
    pab__release(&tape->host, steps, n * sizeof *steps);
    return PAB_OK;
}

pab_status pab__tape_find_gaps(pab_tape *tape)
{
    int64_t time = 0, last = 0;
    uint64_t q = 0, t = 0;
    int long_rest = 0;
    tape->gap_count = 0;
    if (!next_time(tape, &q, &t, &last))
        return PAB_OK;
    for (; !long_rest && next_time(tape, &q, &t, &time); last = time)
        long_rest = time - last > LEAST_GAP;
    if (!long_rest)
        return PAB_OK;
    double usual = 0;
    pab_status status = usual_interval(tape, &usual);
    q = t = 0;
    next_time(tape, &q, &t, &last);
    for (; status == PAB_OK && next_time(tape, &q, &t, &time); last = time)
        if (time - last > LEAST_GAP && (double)(time - last) > USUAL * usual)
            status = pab__tape_add_gap(tape, last, time);
    return status;
}

pab_status pab__tape_add_bar(pab_tape *tape, int64_t time, int64_t stamp, int64_t close, double volume)
{
    void *rows = tape->stamps;
    uint64_t n = tape->quote_count;
    pab_status status = pab__tape_grow(tape, &rows, n, &tape->stamp_cap, sizeof *tape->stamps);
    if (status != PAB_OK)
        return status;
    tape->stamps = rows;
    status = pab_tape_add_quote(tape, time, close, 0, close, 0);
    if (status == PAB_OK)
        tape->stamps[n] = stamp;
    return status == PAB_OK && volume > 0 ? pab_tape_add_trade(tape, time, close, volume, 0,
                                                               PAB_TRADE_OFF_BOOK) : status;
}

static int is_wide(const pab__quote *q)
{
    return q->bid > 0 && q->ask > 0 && q->ask / WIDE > q->bid;
}

static int is_far(int64_t price, double mid)
{
    return (double)price > mid * FAR || (double)price * FAR < mid;
}

/* The first quote that is not wide gives the mid for those before it. */
void pab__tape_drop_stubs(pab_tape *tape)
{
    double mid = 0;
    uint64_t before = tape->stubs;
    for (uint64_t i = 0; i < tape->quote_count && !(mid > 0); i++)
        if (!is_wide(&tape->quotes[i]))
            mid = pab__quote_mid(&tape->quotes[i]) * PAB_TAPE_PRICE;
    for (uint64_t i = 0; i < tape->quote_count; i++) {
        pab__quote *q = &tape->quotes[i];
        if (!is_wide(q)) {
            double now = pab__quote_mid(q) * PAB_TAPE_PRICE;
            mid = now > 0 ? now : mid;
            continue;
        }
        int far_bid = mid > 0 ? is_far(q->bid, mid) : q->ask / (FAR * FAR) > q->bid;
        int far_ask = mid > 0 ? is_far(q->ask, mid) : far_bid;
        tape->stubs += (uint64_t)(far_bid + far_ask);
        q->bid = far_bid ? 0 : q->bid;
        q->ask = far_ask ? 0 : q->ask;
    }
    if (tape->stubs > before)
        pab__tape_warn(tape, "%llu sides of quotes are far from the market and taken as missing",
                       (unsigned long long)(tape->stubs - before));
}

void pab__tape_warn(pab_tape *tape, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    pab__format_list(text, sizeof text, format, args);
    va_end(args);
    pab__text_say(&tape->report, "warning: %s\n", text);
    pab__log(&tape->host, PAB_LOG_WARNING, "stage0", "%s", text);
}

void pab__tape_return(pab_tape *tape, const pab_tape *old)
{
    tape->quote_count = old->quote_count;
    tape->trade_count = old->trade_count;
    tape->bars = old->bars;
    tape->stamped = old->stamped;
    tape->bar = old->bar;
    tape->clock = old->clock;
    tape->from = old->from;
    tape->to = old->to;
    if (tape->report.len > old->report.len) {
        tape->report.len = old->report.len;
        tape->report.at[old->report.len] = '\0';
    }
}
