/* Tapes: storage, window, tick, and mids on a grid. */
#include "stage0/tape.h"

#include <math.h>
#include <string.h>

#include "base/stamp.h"

#define FIRST_ROWS 1024

pab_status pab_tape_new(const pab_host *host, pab_tape **out)
{
    if (!out)
        return pab__fail(PAB_E_ARGUMENT, "out is NULL; expected a place for the tape");
    pab_host full;
    pab_status status = pab__host_take(host, &full);
    if (status != PAB_OK)
        return status;
    pab_tape *tape = pab__alloc(&full, sizeof *tape);
    if (!tape)
        return pab__fail(PAB_E_MEMORY, "no memory for a tape");
    tape->host = full;
    tape->report = pab__text_growing(&tape->host);
    *out = tape;
    return PAB_OK;
}

void pab_tape_free(pab_tape *tape)
{
    if (!tape)
        return;
    pab_host host = tape->host;
    pab__release(&host, tape->quotes, tape->quote_cap * sizeof *tape->quotes);
    pab__release(&host, tape->trades, tape->trade_cap * sizeof *tape->trades);
    pab__release(&host, tape->gaps, tape->gap_cap * sizeof *tape->gaps);
    pab__release(&host, tape->stamps, tape->stamp_cap * sizeof *tape->stamps);
    pab__text_free(&tape->report);
    pab__release(&host, tape, sizeof *tape);
}

void pab_tape_clear(pab_tape *tape)
{
    if (!tape)
        return;
    tape->quote_count = tape->trade_count = tape->gap_count = 0;
    tape->from = tape->to = 0;
    tape->bars = tape->stamped = tape->clock = tape->half_open = 0;
    tape->bar = 0;
    tape->stubs = 0;
    pab__text_free(&tape->report);
}

pab_status pab__tape_grow(pab_tape *tape, void **rows, uint64_t count, uint64_t *cap, size_t size)
{
    if (count < *cap)
        return PAB_OK;
    uint64_t more = *cap ? *cap * 2 : FIRST_ROWS;
    void *fresh = more <= SIZE_MAX / 2 / size ? pab__alloc(&tape->host, more * size) : NULL;
    if (!fresh)
        return pab__fail(PAB_E_MEMORY, "no memory for %llu rows of a tape", (unsigned long long)more);
    if (*rows)
        memcpy(fresh, *rows, count * size);
    pab__release(&tape->host, *rows, *cap * size);
    *rows = fresh;
    *cap = more;
    return PAB_OK;
}

static int usable_size(double size)
{
    return size >= 0 && size <= 1e15;
}

/* So that differences of times are times. */
static int usable_time(int64_t time)
{
    return time >= INT64_MIN / 2 && time <= INT64_MAX / 2;
}

pab_status pab_tape_add_quote(pab_tape *tape, int64_t time, int64_t bid, double bid_size, int64_t ask, double ask_size)
{
    if (!tape)
        return pab__fail(PAB_E_ARGUMENT, "tape is NULL; expected a tape");
    if (tape->quote_count > 0 && time < tape->quotes[tape->quote_count - 1].time)
        return pab__fail(PAB_E_RANGE, "a quote's time is %s; expected none before the last one's, %s",
                         pab__stamp_time(time).text, pab__stamp_time(tape->quotes[tape->quote_count - 1].time).text);
    if (!usable_time(time))
        return pab__fail(PAB_E_RANGE, "a quote's time is %lld ns; expected -4.6e18 to 4.6e18", (long long)time);
    if (bid < 0 || ask < 0 || bid > INT64_MAX / 4 || ask > INT64_MAX / 4)
        return pab__fail(PAB_E_RANGE, "a quote of %lld / %lld; expected prices from 0 on", (long long)bid,
                         (long long)ask);
    if (!usable_size(bid_size) || !usable_size(ask_size))
        return pab__fail(PAB_E_RANGE, "sizes of a quote are %g / %g; expected 0 to 1e15", bid_size, ask_size);
    void *rows = tape->quotes;
    pab_status status = pab__tape_grow(tape, &rows, tape->quote_count, &tape->quote_cap, sizeof *tape->quotes);
    if (status != PAB_OK)
        return status;
    tape->quotes = rows;
    tape->quotes[tape->quote_count++] = (pab__quote){time, bid, ask, bid_size, ask_size, 0, 0};
    return PAB_OK;
}

pab_status pab_tape_add_trade(pab_tape *tape, int64_t time, int64_t price, double size, int32_t sign, uint32_t flags)
{
    if (!tape)
        return pab__fail(PAB_E_ARGUMENT, "tape is NULL; expected a tape");
    if (tape->trade_count > 0 && time < tape->trades[tape->trade_count - 1].time)
        return pab__fail(PAB_E_RANGE, "a trade's time is %s; expected none before the last one's, %s",
                         pab__stamp_time(time).text, pab__stamp_time(tape->trades[tape->trade_count - 1].time).text);
    if (!usable_time(time))
        return pab__fail(PAB_E_RANGE, "a trade's time is %lld ns; expected -4.6e18 to 4.6e18", (long long)time);
    if (price <= 0 || price > INT64_MAX / 4)
        return pab__fail(PAB_E_RANGE, "a trade's price is %lld; expected more than 0", (long long)price);
    if (!usable_size(size))
        return pab__fail(PAB_E_RANGE, "a trade's size is %g; expected 0 to 1e15", size);
    if (sign < -1 || sign > 1 || (flags & ~(uint32_t)PAB_TRADE_OFF_BOOK) != 0)
        return pab__fail(PAB_E_ARGUMENT, "a trade's sign is %d and its flags %u; expected -1, 0 or 1, and 0 or 1", sign,
                         flags);
    void *rows = tape->trades;
    pab_status status = pab__tape_grow(tape, &rows, tape->trade_count, &tape->trade_cap, sizeof *tape->trades);
    if (status != PAB_OK)
        return status;
    tape->trades = rows;
    tape->trades[tape->trade_count++] = (pab__trade){time, price, size, sign, flags, 0};
    return PAB_OK;
}

void pab__tape_widen(pab_tape *tape, int64_t from, int64_t to)
{
    int none = tape->from == tape->to;
    tape->from = none || from < tape->from ? from : tape->from;
    tape->to = none || to > tape->to ? to : tape->to;
}

pab_status pab_tape_set_window(pab_tape *tape, int64_t from, int64_t to)
{
    if (!tape)
        return pab__fail(PAB_E_ARGUMENT, "tape is NULL; expected a tape");
    if (from >= to || !usable_time(from) || !usable_time(to))
        return pab__fail(PAB_E_RANGE, "a window from %s to %s; expected it to end after it begins",
                         pab__stamp_time(from).text, pab__stamp_time(to).text);
    tape->from = from;
    tape->to = to;
    tape->half_open = 1;
    return PAB_OK;
}

pab_status pab_tape_set_tick(pab_tape *tape, double tick)
{
    if (!tape)
        return pab__fail(PAB_E_ARGUMENT, "tape is NULL; expected a tape");
    if (!(tick >= 0 && tick <= 1e9) || (tick > 0 && tick * PAB_TAPE_PRICE < 1))
        return pab__fail(PAB_E_RANGE, "a tick of %g; expected 0, or 1e-8 to 1e9 currency units", tick);
    tape->tick = llround(tick * PAB_TAPE_PRICE);
    return PAB_OK;
}

static int64_t divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

int64_t pab__tape_tick(const pab_tape *tape)
{
    int64_t tick = tape->tick;
    if (tick > 0)
        return tick;
    for (uint64_t i = 0; i < tape->quote_count && tick != 1; i++) {
        const pab__quote *q = &tape->quotes[i];
        if (tick == 0 || q->bid % tick != 0 || q->ask % tick != 0)
            tick = divisor(divisor(q->bid, q->ask), tick);
    }
    return tick;
}

/* The greatest power of ten, up to a second, that divides all times. */
static int64_t resolution_of(const pab_tape *tape)
{
    int64_t unit = PAB__SECOND;
    for (uint64_t i = 0; i < tape->quote_count; i++)
        while (tape->quotes[i].time % unit != 0)
            unit /= 10;
    for (uint64_t i = 0; i < tape->trade_count; i++)
        while (tape->trades[i].time % unit != 0)
            unit /= 10;
    return unit;
}

pab_status pab_tape_describe(const pab_tape *tape, pab_tape_info *out)
{
    if (!tape)
        return pab__fail(PAB_E_ARGUMENT, "tape is NULL; expected a tape");
    pab_tape_info full = {
        .format = tape->bars ? PAB_TAPE_BARS : PAB_TAPE_QUOTES,
        .quotes = tape->quote_count,
        .trades = tape->trade_count,
        .from = tape->from,
        .to = tape->to,
        .tick = (double)pab__tape_tick(tape) / PAB_TAPE_PRICE,
        .resolution = resolution_of(tape),
    };
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_tape_info, tick), "tape info");
}

uint64_t pab__tape_after(const pab_tape *tape, int64_t time)
{
    uint64_t low = 0, high = tape->quote_count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (tape->quotes[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The mid that holds at the window's beginning; NaN when there is none yet. */
static double opening_mid(const pab_tape *tape)
{
    for (uint64_t i = pab__tape_after(tape, tape->from); i > 0; i--) {
        double mid = pab__quote_mid(&tape->quotes[i - 1]);
        if (mid > 0)
            return mid;
    }
    return NAN;
}

pab_status pab_tape_mids(const pab_tape *tape, int64_t step, double *out, uint64_t cap, uint64_t *count)
{
    if (!tape || (!out && cap > 0))
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !tape ? "tape" : "out");
    if (step <= 0)
        return pab__fail(PAB_E_RANGE, "step is %lld ns; expected more than 0", (long long)step);
    if (tape->quote_count == 0)
        return pab__fail(PAB_E_STATE, "the tape has no quotes; expected some");
    uint64_t n = (uint64_t)((tape->to - tape->from) / step) + 1;
    if (count)
        *count = n;
    if (cap < n)
        return cap == 0 && !out ? PAB_OK
                                       : pab__fail(PAB_E_CAPACITY, "room for %llu mids; expected %llu",
                                                   (unsigned long long)cap, (unsigned long long)n);
    double mid = opening_mid(tape);
    uint64_t next = pab__tape_after(tape, tape->from);
    for (uint64_t k = 0; k < n; k++) {
        int64_t time = tape->from + (int64_t)k * step;
        for (; next < tape->quote_count && tape->quotes[next].time <= time; next++) {
            double now = pab__quote_mid(&tape->quotes[next]);
            mid = now > 0 ? now : mid;
        }
        out[k] = mid;
    }
    return PAB_OK;
}
