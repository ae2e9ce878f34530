/* Facts of the touch: time at one tick, how often it changes, how its size is distributed, what its imbalance tells. */
#include "stage0/realism.h"

#include <math.h>

#define HOUR (3600.0 * PAB__SECOND)

typedef struct touch_sums {
    double one, time, hours;
    uint64_t updates, moves;
} touch_sums;

static void add_day(const pab__day *day, const pab__day_leg *leg, touch_sums *s)
{
    s->hours += (double)(day->to - day->from) / HOUR;
    for (uint64_t i = 0; i < leg->quote_count; i++) {
        const pab__day_quote *q = &leg->quotes[i];
        int64_t from = q->time > day->from ? q->time : day->from;
        int64_t to = i + 1 < leg->quote_count && q[1].time < day->to ? q[1].time : day->to;
        double lasted = to > from ? (double)(to - from) : 0;
        s->one += llround(q->ask - q->bid) == 1 ? lasted : 0;
        s->time += lasted;
        if (q->time <= day->from || q->time >= day->to)
            continue;
        s->updates++;
        s->moves += i > 0 && fabs(pab__day_mid(q) - pab__day_mid(q - 1)) > 1e-9;
    }
}

static pab_status touch_sizes(const pab__day *days, uint32_t count, int leg, double *out)
{
    static const struct {
        int fact;
        double share;
    } quantiles[] = {{PAB_REALISM_TOUCH_Q01, 0.01}, {PAB_REALISM_TOUCH_Q10, 0.1}, {PAB_REALISM_TOUCH_Q25, 0.25},
                     {PAB_REALISM_TOUCH_Q50, 0.5},  {PAB_REALISM_TOUCH_Q75, 0.75}, {PAB_REALISM_TOUCH_Q90, 0.9},
                     {PAB_REALISM_TOUCH_Q99, 0.99}};
    pab__sample sizes = {.host = &days[0].host};
    for (uint32_t d = 0; d < count; d++) {
        for (int64_t t = days[d].from; t <= days[d].to; t += PAB__SECOND) {
            const pab__day_quote *q = pab__day_quote_at(&days[d].leg[leg], t);
            pab__sample_add(&sizes, q->bid_size);
            pab__sample_add(&sizes, q->ask_size);
        }
    }
    double mean = out[PAB_REALISM_TOUCH] = pab__sample_mean(&sizes);
    out[PAB_REALISM_TOUCH_CV] = mean > 0 ? pab__sample_sd(&sizes) / mean : NAN;
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles && mean > 0; i++)
        out[quantiles[i].fact] = pab__sample_quantile(&sizes, quantiles[i].share) / mean;
    pab_status status = sizes.failed ? pab__fail(PAB_E_MEMORY, "no memory for sizes of the touch") : PAB_OK;
    pab__sample_free(&sizes);
    return status;
}

/* The touch each five seconds, and where the mid moves next. */
static void add_imbalances(const pab__day *day, const pab__day_leg *leg, pab__sample *scores, pab__sample *labels)
{
    uint64_t next = 0;
    for (int64_t t = day->from; t < day->to; t += 5 * PAB__SECOND) {
        uint64_t j = pab__day_quotes_until(leg, t);
        if (j == 0)
            continue;
        const pab__day_quote *q = &leg->quotes[j - 1];
        double mid = pab__day_mid(q), depth = q->bid_size + q->ask_size;
        next = next > j ? next : j;
        while (next < leg->quote_count && !(fabs(pab__day_mid(&leg->quotes[next]) - mid) > 1e-9))
            next++;
        if (next == leg->quote_count)
            return;
        pab__sample_add(scores, depth > 0 ? (q->bid_size - q->ask_size) / depth : 0);
        pab__sample_add(labels, pab__day_mid(&leg->quotes[next]) > mid);
    }
}

pab_status pab__realism_quotes(const pab__day *days, uint32_t count, int leg, double *out)
{
    touch_sums s = {0};
    pab__sample scores = {.host = &days[0].host}, labels = {.host = &days[0].host};
    for (uint32_t d = 0; d < count; d++) {
        add_day(&days[d], &days[d].leg[leg], &s);
        add_imbalances(&days[d], &days[d].leg[leg], &scores, &labels);
    }
    out[PAB_REALISM_ONE_TICK] = s.time > 0 ? 100 * s.one / s.time : NAN;
    out[PAB_REALISM_MID_RATE] = (double)s.moves / s.hours;
    out[PAB_REALISM_QUOTE_RATE] = (double)s.updates / s.hours;
    out[PAB_REALISM_TOUCH_LIFE] = s.moves > 0 ? 3600 * s.hours / (double)s.moves : NAN;
    pab_status status = scores.failed || labels.failed ? pab__fail(PAB_E_MEMORY, "no memory for imbalances") : PAB_OK;
    if (status == PAB_OK)
        status = pab__sample_auc(&scores, &labels, &out[PAB_REALISM_AUC_IMBALANCE]);
    pab__sample_free(&scores);
    pab__sample_free(&labels);
    return status == PAB_OK ? touch_sizes(days, count, leg, out) : status;
}
