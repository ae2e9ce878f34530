/* Phantom orders: what happens to an order that joins the touch, behind all that is shown there or in front of it.
 *
 * One each ten seconds and side, while the spread is at most its usual one. In front, the first trade at its price or
 * through it fills it; behind, the trade that brings all such trades to the queue it found plus its own size. Both are
 * filled when the touch is lost. Trades on other venues than the one that shows the touch do not count. */
#include "stage0/realism.h"

#include <math.h>

#define STEP (10 * PAB__SECOND)
#define LIFE (60 * PAB__SECOND)
#define AFTER (10 * PAB__SECOND)
#define REST (130 * PAB__SECOND)
#define NEVER INT64_MAX
#define QUEUE_SHARE 0.004 /* own size over the mean touch, rounded up to lots where trades come in lots */
#define LOT 100

typedef struct fills {
    double orders, within[3], markouts, sum;
} fills;

typedef struct phantoms {
    const pab__day *day;
    const pab__day_leg *leg;
    double size, spread; /* own shares; the usual spread, ticks */
    fills behind, front;
} phantoms;

static void add_fill(fills *f, const phantoms *p, int side, double price, int64_t start, int64_t time)
{
    f->orders++;
    if (time == NEVER)
        return;
    f->within[0] += time - start <= 5 * PAB__SECOND;
    f->within[1] += time - start <= 30 * PAB__SECOND;
    f->within[2] += time - start <= LIFE;
    double mid = pab__day_mid(pab__day_quote_at(p->leg, time + AFTER));
    f->sum += side * (mid - price) / price * 1e4;
    f->markouts++;
}

static void place(phantoms *p, int64_t start, int side)
{
    const pab__day_leg *leg = p->leg;
    uint64_t j = pab__day_quotes_until(leg, start);
    const pab__day_quote *q = &leg->quotes[j > 0 ? j - 1 : 0];
    double spread = q->ask - q->bid, price = side > 0 ? q->bid : q->ask, sum = 0;
    uint32_t venue = side > 0 ? q->bid_venue : q->ask_venue;
    if (j == 0 || !(spread > 1e-9) || spread > p->spread + 1e-9)
        return;
    double queue = (side > 0 ? q->bid_size : q->ask_size) + p->size;
    int64_t lost = pab__day_lost_at(leg, j, start + LIFE, side, price), front = NEVER, behind = NEVER;
    for (uint64_t i = pab__day_prints_until(leg, start); i < leg->print_count; i++) {
        const pab__day_print *t = &leg->prints[i];
        if (t->time > start + LIFE || behind != NEVER)
            break;
        if (side * (t->price - price) > 1e-9 || (venue != 0 && t->venue != 0 && t->venue != venue))
            continue;
        front = front == NEVER ? t->time : front;
        sum += t->size;
        behind = sum >= queue ? t->time : NEVER;
    }
    add_fill(&p->front, p, side, price, start, front < lost ? front : lost);
    add_fill(&p->behind, p, side, price, start, behind < lost ? behind : lost);
}

/* The usual spread: its median at whole seconds of all days. */
static pab_status usual(const pab__day *days, uint32_t count, int leg, double *spread, double *size)
{
    pab__sample spreads = {.host = &days[0].host}, touches = spreads, trades = spreads;
    for (uint32_t d = 0; d < count; d++) {
        const pab__day_leg *l = &days[d].leg[leg];
        for (int64_t t = days[d].from; t <= days[d].to; t += PAB__SECOND) {
            const pab__day_quote *q = pab__day_quote_at(l, t);
            pab__sample_add(&spreads, q->ask - q->bid);
            pab__sample_add(&touches, (q->bid_size + q->ask_size) / 2);
        }
        for (uint64_t i = 0; i < l->print_count; i++)
            pab__sample_add(&trades, l->prints[i].size);
    }
    double median = pab__sample_quantile(&trades, 0.5);
    *spread = pab__sample_quantile(&spreads, 0.5);
    *size = QUEUE_SHARE * pab__sample_mean(&touches);
    *size = *size > median || !(median > 0) ? *size : median;
    if (fmod(median, LOT) <= 0)
        *size = ceil(*size / LOT) * LOT;
    int failed = spreads.failed || touches.failed || trades.failed;
    pab__sample_free(&spreads);
    pab__sample_free(&touches);
    pab__sample_free(&trades);
    return failed ? pab__fail(PAB_E_MEMORY, "no memory for spreads of %u days", count) : PAB_OK;
}

static void tell(const fills *f, double *within, double *markout)
{
    for (int i = 0; i < 3; i++)
        within[i] = f->orders > 0 ? f->within[i] / f->orders : NAN;
    *markout = f->markouts > 0 ? f->sum / f->markouts : NAN;
}

pab_status pab__realism_join(const pab__day *days, uint32_t count, int leg, double *out)
{
    phantoms p = {.size = 0};
    pab_status status = usual(days, count, leg, &p.spread, &p.size);
    if (status != PAB_OK)
        return status;
    for (uint32_t d = 0; d < count; d++) {
        p.day = &days[d];
        p.leg = &days[d].leg[leg];
        for (int64_t t = p.day->from + pab__day_warm_up(p.day); t < p.day->to - REST; t += STEP) {
            place(&p, t, 1);
            place(&p, t, -1);
        }
    }
    tell(&p.behind, &out[PAB_REALISM_BEHIND_5], &out[PAB_REALISM_BEHIND_MARKOUT]);
    tell(&p.front, &out[PAB_REALISM_FRONT_5], &out[PAB_REALISM_FRONT_MARKOUT]);
    return PAB_OK;
}
