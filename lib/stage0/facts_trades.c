/* Facts of trades: rates, sizes, signs, and where the mid goes after one. */
#include "stage0/facts.h"

#include <math.h>

/* Trades on the book in the window: their signs, and room for other series of the same length. */
typedef struct trade_series {
    double *sign, *size;
    uint64_t signs, sizes;
    double before, after_1, after_10; /* sums of sign * mid move */
    double volume, book_volume;
    uint64_t trades, instants, buys, moved_1, moved_10;
} trade_series;

/* The last mid at or before the instant (strictly before it when asked), from the quote `*next` on. */
static double mid_at(const pab_tape *tape, int64_t time, int strictly, uint64_t *next)
{
    while (*next < tape->quote_count &&
           (tape->quotes[*next].time < time || (!strictly && tape->quotes[*next].time == time)))
        (*next)++;
    for (uint64_t i = *next; i > 0 && *next - i < 64; i--) {
        double mid = pab__quote_mid(&tape->quotes[i - 1]);
        if (mid > 0)
            return mid;
    }
    return 0;
}

/* Against the mid before it; at the mid, the tick test (Lee & Ready 1991). */
static int sign_of(const pab__trade *t, double mid, int tick_test)
{
    double price = (double)t->price / PAB_TAPE_PRICE;
    if (t->sign != 0)
        return t->sign;
    if (mid > 0 && fabs(price - mid) > 1e-9 * mid)
        return price > mid ? 1 : -1;
    return tick_test;
}

static void walk(const pab_tape *tape, double tick, trade_series *s)
{
    uint64_t before = 0, after_1 = 0, after_10 = 0;
    int64_t last_price = 0, last_time = INT64_MIN;
    int tick_test = 0;
    for (uint64_t i = 0; i < tape->trade_count; i++) {
        const pab__trade *t = &tape->trades[i];
        if (t->time < tape->from || t->time > tape->to || (tape->half_open && t->time == tape->to))
            continue;
        s->trades++;
        s->volume += t->size;
        s->size[s->sizes++] = t->size;
        if (t->flags & PAB_TRADE_OFF_BOOK)
            continue;
        s->book_volume += t->size;
        if (last_price != 0 && t->price != last_price)
            tick_test = t->price > last_price ? 1 : -1;
        last_price = t->price;
        s->instants += t->time != last_time;
        last_time = t->time;
        double mid = mid_at(tape, t->time, 1, &before);
        int sign = sign_of(t, mid, tick_test);
        if (sign == 0)
            continue;
        s->sign[s->signs++] = sign;
        s->buys += sign > 0;
        double later = mid_at(tape, t->time + PAB__SECOND, 0, &after_1);
        if (mid > 0 && later > 0 && t->time + PAB__SECOND <= tape->to) {
            s->after_1 += sign * (later - mid) / tick;
            s->moved_1++;
        }
        later = mid_at(tape, t->time + 10 * PAB__SECOND, 0, &after_10);
        if (mid > 0 && later > 0 && t->time + 10 * PAB__SECOND <= tape->to) {
            s->after_10 += sign * (later - mid) / tick;
            s->moved_10++;
        }
    }
}

pab_status pab__facts_trades(const pab_tape *tape, double *out)
{
    double hours = (double)pab__tape_open_time(tape, tape->from, tape->to) / (3600.0 * PAB__SECOND);
    uint64_t n = tape->trade_count;
    if (n == 0)
        return PAB_OK;
    trade_series s = {.sign = pab__alloc(&tape->host, 2 * n * sizeof(double))};
    if (!s.sign)
        return pab__fail(PAB_E_MEMORY, "no memory for the signs of %llu trades", (unsigned long long)n);
    s.size = s.sign + n;
    walk(tape, (double)pab__tape_tick(tape) / PAB_TAPE_PRICE, &s);
    out[PAB_FACT_VOLUME_RATE] = s.volume / hours;
    if (!tape->bars) {
        out[PAB_FACT_BOOK_VOLUME_RATE] = s.book_volume / hours;
        out[PAB_FACT_TRADE_RATE] = (double)s.trades / hours;
        out[PAB_FACT_ORDER_RATE] = (double)s.instants / hours;
        out[PAB_FACT_TRADE_SIZE] = s.trades > 0 ? s.volume / (double)s.trades : NAN;
        out[PAB_FACT_TRADE_SIZE_MEDIAN] = pab__median(s.size, s.sizes);
        out[PAB_FACT_BUY_SHARE] = s.signs > 0 ? 100 * (double)s.buys / (double)s.signs : NAN;
        out[PAB_FACT_SIGN_1] = pab__autocorrelation(s.sign, s.signs, 1);
        out[PAB_FACT_SIGN_2] = pab__autocorrelation(s.sign, s.signs, 2);
        out[PAB_FACT_SIGN_5] = pab__autocorrelation(s.sign, s.signs, 5);
        out[PAB_FACT_SIGN_10] = pab__autocorrelation(s.sign, s.signs, 10);
        out[PAB_FACT_RESPONSE_1] = s.moved_1 > 0 ? s.after_1 / (double)s.moved_1 : NAN;
        out[PAB_FACT_RESPONSE_10] = s.moved_10 > 0 ? s.after_10 / (double)s.moved_10 : NAN;
    }
    pab__release(&tape->host, s.sign, 2 * n * sizeof(double));
    return PAB_OK;
}
