/* Facts of the best quotes: spread, sizes, how often they change. */
#include "stage0/facts.h"

#include <math.h>

#define HOUR (3600.0 * PAB__SECOND)

/* Time-weighted sums. */
typedef struct quote_sums {
    double time, spread, spread_square, bps, one_tick, crossed; /* two-sided time only */
    double sized, size;      /* side-time and its size */
    double updates, moves;
    double last_mid;
} quote_sums;

static void add_quote(quote_sums *s, const pab__quote *q, double tick, double lasted)
{
    double mid = pab__quote_mid(q);
    if (mid > 0) {
        double spread = (double)(q->ask - q->bid) / tick;
        s->time += lasted;
        s->spread += spread * lasted;
        s->spread_square += spread * spread * lasted;
        s->bps += 1e4 * (double)(q->ask - q->bid) / PAB_TAPE_PRICE / mid * lasted;
        if (spread <= 0)
            s->crossed += lasted;
        else if (spread <= 1)
            s->one_tick += lasted;
    }
    double sides = (q->bid > 0) + (q->ask > 0);
    s->sized += sides * lasted;
    s->size += ((q->bid > 0 ? q->bid_size : 0) + (q->ask > 0 ? q->ask_size : 0)) * lasted;
}

static quote_sums sum_quotes(const pab_tape *tape, double tick)
{
    quote_sums s = {0};
    uint64_t first = pab__tape_after(tape, tape->from);
    for (uint64_t i = first > 0 ? first - 1 : 0; i < tape->quote_count && tape->quotes[i].time < tape->to; i++) {
        const pab__quote *q = &tape->quotes[i];
        int64_t from = q->time > tape->from ? q->time : tape->from;
        int64_t to = i + 1 < tape->quote_count && tape->quotes[i + 1].time < tape->to ? tape->quotes[i + 1].time
                                                                                      : tape->to;
        add_quote(&s, q, tick, (double)pab__tape_open_time(tape, from, to));
        double mid = pab__quote_mid(q);
        if (i >= first) {
            s.updates += 1;
            s.moves += mid > 0 && s.last_mid > 0 && (mid < s.last_mid || mid > s.last_mid);
        }
        s.last_mid = mid > 0 ? mid : s.last_mid;
    }
    return s;
}

/* Medians at whole seconds of the window. */
static pab_status medians(const pab_tape *tape, double tick, double *out)
{
    uint64_t n = (uint64_t)((tape->to - tape->from) / PAB__SECOND) + 1, spreads = 0, sizes = 0;
    double *spread = n < SIZE_MAX / 32 ? pab__alloc(&tape->host, 3 * n * sizeof *spread) : NULL;
    if (!spread)
        return pab__fail(PAB_E_MEMORY, "no memory for %llu samples of a tape", (unsigned long long)n);
    double *size = spread + n;
    uint64_t next = pab__tape_after(tape, tape->from);
    for (uint64_t k = 0; k < n; k++) {
        int64_t time = tape->from + (int64_t)k * PAB__SECOND;
        while (next < tape->quote_count && tape->quotes[next].time <= time)
            next++;
        if (next == 0 || pab__tape_closed(tape, time))
            continue;
        const pab__quote *q = &tape->quotes[next - 1];
        if (pab__quote_mid(q) > 0)
            spread[spreads++] = (double)(q->ask - q->bid) / tick;
        if (q->bid > 0)
            size[sizes++] = q->bid_size;
        if (q->ask > 0)
            size[sizes++] = q->ask_size;
    }
    out[PAB_FACT_SPREAD_MEDIAN] = pab__median(spread, spreads);
    out[PAB_FACT_TOUCH_SIZE_MEDIAN] = pab__median(size, sizes);
    pab__release(&tape->host, spread, 3 * n * sizeof *spread);
    return PAB_OK;
}

pab_status pab__facts_quotes(const pab_tape *tape, double *out)
{
    double tick = (double)pab__tape_tick(tape);
    if (!(tick > 0))
        return PAB_OK;
    quote_sums s = sum_quotes(tape, tick);
    double hours = (double)pab__tape_open_time(tape, tape->from, tape->to) / HOUR;
    if (s.time > 0) {
        double mean = s.spread / s.time, square = s.spread_square / s.time - mean * mean;
        out[PAB_FACT_SPREAD] = mean;
        out[PAB_FACT_SPREAD_SD] = sqrt(square > 0 ? square : 0);
        out[PAB_FACT_SPREAD_BPS] = s.bps / s.time;
        out[PAB_FACT_ONE_TICK] = 100 * s.one_tick / s.time;
        out[PAB_FACT_CROSSED] = 100 * s.crossed / s.time;
    }
    if (s.sized > 0)
        out[PAB_FACT_TOUCH_SIZE] = s.size / s.sized;
    out[PAB_FACT_QUOTE_RATE] = s.updates / hours;
    out[PAB_FACT_MID_RATE] = s.moves / hours;
    if (s.moves > 0)
        out[PAB_FACT_TOUCH_LIFE] = 3600 * hours / s.moves;
    return medians(tape, tick, out);
}
