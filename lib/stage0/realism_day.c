/* Windows of tapes as days: quotes with both sides and trades on the book, in ticks, at one resolution of time. */
#include "stage0/realism.h"

#include <math.h>
#include <string.h>

#define LONGEST (60 * 86400 * PAB__SECOND)

static int64_t rounded(int64_t time, int64_t resolution)
{
    if (resolution <= 1)
        return time;
    int64_t rest = time % resolution;
    return time - (rest < 0 ? rest + resolution : rest);
}

static pab_status copy_quotes(const pab_tape *tape, const pab_pair_window *w, double tick, pab__day_leg *leg)
{
    uint64_t first = pab__tape_after(tape, w->from), end = pab__tape_after(tape, w->to), n = 0;
    first = first > 0 ? first - 1 : 0;
    leg->quote_cap = end - first;
    leg->quotes = pab__alloc(&tape->host, leg->quote_cap * sizeof *leg->quotes);
    if (!leg->quotes)
        return pab__fail(PAB_E_MEMORY, "no memory for %llu quotes of a day", (unsigned long long)leg->quote_cap);
    for (uint64_t i = first; i < end; i++) {
        const pab__quote *q = &tape->quotes[i];
        if (!(pab__quote_mid(q) > 0))
            continue;
        leg->quotes[n++] = (pab__day_quote){rounded(q->time, w->resolution), (double)q->bid / tick,
                                            (double)q->ask / tick, q->bid_size, q->ask_size, q->bid_venue,
                                            q->ask_venue};
    }
    leg->quote_count = n;
    return n > 0 ? PAB_OK : pab__fail(PAB_E_STATE, "a window of the pair has no quote with both sides");
}

/* Against the mid before it; at the mid, the tick test (Lee & Ready 1991). */
static int32_t sign_of(const pab__trade *t, double price, double mid, int32_t tick_test)
{
    if (t->sign != 0)
        return t->sign;
    if (fabs(price - mid) > 1e-7)
        return price > mid ? 1 : -1;
    return tick_test;
}

static pab_status copy_prints(const pab_tape *tape, const pab_pair_window *w, double tick, pab__day_leg *leg)
{
    double last = 0;
    int32_t tick_test = 1;
    leg->print_cap = tape->trade_count > 0 ? tape->trade_count : 1;
    leg->prints = pab__alloc(&tape->host, leg->print_cap * sizeof *leg->prints);
    if (!leg->prints)
        return pab__fail(PAB_E_MEMORY, "no memory for %llu trades of a day", (unsigned long long)leg->print_cap);
    for (uint64_t i = 0; i < tape->trade_count; i++) {
        const pab__trade *t = &tape->trades[i];
        if (t->time < w->from || t->time > w->to || (tape->half_open && t->time == w->to) ||
            (t->flags & PAB_TRADE_OFF_BOOK) != 0)
            continue;
        pab__day_print p = {.time = rounded(t->time, w->resolution), .price = (double)t->price / tick,
                            .size = t->size, .venue = t->venue};
        uint64_t before = pab__day_quotes_before(leg, p.time);
        p.before = pab__day_mid(&leg->quotes[before > 0 ? before - 1 : 0]);
        if (last > 0 && (p.price < last || p.price > last))
            tick_test = p.price > last ? 1 : -1;
        last = p.price;
        p.sign = sign_of(t, p.price, p.before, tick_test);
        leg->prints[leg->print_count++] = p;
    }
    return PAB_OK;
}

static pab_status make_day(const pab_pair_window *w, pab__day *day)
{
    static const char names[2] = {'A', 'B'};
    day->host = w->legs[0]->host;
    day->from = w->from;
    day->to = w->to;
    for (int k = 0; k < 2; k++) {
        const pab_tape *tape = w->legs[k];
        double tick = (double)pab__tape_tick(tape);
        if (tape->bars)
            return pab__fail(PAB_E_UNSUPPORTED, "leg %c has bars; expected quotes and trades", names[k]);
        if (tape->quote_count == 0 || !(tick > 0))
            return pab__fail(PAB_E_STATE, "leg %c has no quotes; expected some", names[k]);
        pab_status status = copy_quotes(tape, w, tick, &day->leg[k]);
        if (status == PAB_OK)
            status = copy_prints(tape, w, tick, &day->leg[k]);
        if (status != PAB_OK)
            return status;
    }
    return PAB_OK;
}

pab_status pab__days_make(const pab_pair_window *windows, uint32_t count, pab__day **out)
{
    for (uint32_t i = 0; i < count; i++)
        if (!windows[i].legs[0] || !windows[i].legs[1] || windows[i].from >= windows[i].to ||
            windows[i].resolution < 0)
            return pab__fail(PAB_E_ARGUMENT, "window %u of a pair: expected two tapes, a beginning before its end, "
                             "and no negative resolution", i);
    for (uint32_t i = 0; i < count; i++)
        if (windows[i].to - windows[i].from > LONGEST)
            return pab__fail(PAB_E_RANGE, "window %u of a pair lasts %lld ns; expected at most 60 days", i,
                             (long long)(windows[i].to - windows[i].from));
    const pab_host *host = &windows[0].legs[0]->host;
    pab__day *days = pab__alloc(host, count * sizeof *days);
    *out = days;
    if (!days)
        return pab__fail(PAB_E_MEMORY, "no memory for %u days", count);
    days[0].host = *host;
    pab_status status = PAB_OK;
    for (uint32_t i = 0; i < count && status == PAB_OK; i++)
        status = make_day(&windows[i], &days[i]);
    return status;
}

void pab__days_free(pab__day *days, uint32_t count)
{
    if (!days)
        return;
    pab_host first = days[0].host;
    for (uint32_t i = 0; i < count; i++) {
        for (int k = 0; k < 2; k++) {
            pab__day_leg *leg = &days[i].leg[k];
            pab__release(&first, leg->quotes, leg->quote_cap * sizeof *leg->quotes);
            pab__release(&first, leg->prints, leg->print_cap * sizeof *leg->prints);
        }
    }
    pab__release(&first, days, count * sizeof *days);
}

/* Items of `stride` bytes that begin with their time: how many come before `time`. */
static uint64_t before(const void *items, size_t stride, uint64_t count, int64_t time)
{
    uint64_t low = 0;
    while (low < count) {
        uint64_t middle = low + (count - low) / 2;
        int64_t at;
        memcpy(&at, (const unsigned char *)items + middle * stride, sizeof at);
        if (at < time)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

uint64_t pab__day_quotes_before(const pab__day_leg *leg, int64_t time)
{
    return before(leg->quotes, sizeof *leg->quotes, leg->quote_count, time);
}

uint64_t pab__day_quotes_until(const pab__day_leg *leg, int64_t time)
{
    return before(leg->quotes, sizeof *leg->quotes, leg->quote_count, time + 1);
}

uint64_t pab__day_prints_before(const pab__day_leg *leg, int64_t time)
{
    return before(leg->prints, sizeof *leg->prints, leg->print_count, time);
}

uint64_t pab__day_prints_until(const pab__day_leg *leg, int64_t time)
{
    return before(leg->prints, sizeof *leg->prints, leg->print_count, time + 1);
}

const pab__day_quote *pab__day_quote_at(const pab__day_leg *leg, int64_t time)
{
    uint64_t n = pab__day_quotes_until(leg, time);
    return &leg->quotes[n > 0 ? n - 1 : 0];
}

int64_t pab__day_lost_at(const pab__day_leg *leg, uint64_t i, int64_t until, int side, double price)
{
    for (; i < leg->quote_count && leg->quotes[i].time <= until; i++) {
        double best = side > 0 ? leg->quotes[i].bid : leg->quotes[i].ask;
        if (side * (best - price) < -1e-9)
            return leg->quotes[i].time;
    }
    return INT64_MAX;
}

uint64_t pab__day_instant(const pab__day_leg *leg, uint64_t i, double size[2])
{
    const pab__day_print *first = &leg->prints[i];
    size[0] = size[1] = 0;
    for (; i < leg->print_count && leg->prints[i].time == first->time; i++)
        size[leg->prints[i].sign != first->sign] += leg->prints[i].size;
    return i;
}
