/* Facts of orders that take: memory of their signs, sizes, and how they cluster in time. Fills of one instant and one
 * side are one order. */
#include "stage0/realism.h"

#include <math.h>

#define HOUR (3600.0 * PAB__SECOND)
#define BIN (10 * PAB__SECOND)
#define LOT 100
#define TAIL 0.01 /* share of orders that Hill's estimate is made of */

typedef struct order_sums {
    pab__sample signs, sizes, gaps, bins;
    double memory[6], days;  /* sums over days */
    double hours, open, noon, close, volumes;
} order_sums;

static const int lags[6] = {1, 2, 5, 10, 20, 50};

/* The orders of one instant, in order of their first fill; returns the print after them. */
static uint64_t add_instant(const pab__day_leg *leg, uint64_t i, order_sums *s)
{
    double size[2];
    int32_t first = leg->prints[i].sign;
    i = pab__day_instant(leg, i, size);
    for (int k = 0; k < 2; k++) {
        if (!(size[k] > 0))
            continue;
        pab__sample_add(&s->signs, k == 0 ? first : -first);
        pab__sample_add(&s->sizes, size[k]);
    }
    return i;
}

/* Numbers of fills in whole tens of seconds; a fill at the end of the last belongs to it. */
static void add_bins(const pab__day *day, const pab__day_leg *leg, order_sums *s)
{
    int64_t bins = (day->to - day->from) / BIN;
    uint64_t i = pab__day_prints_before(leg, day->from);
    for (int64_t b = 0; b < bins; b++) {
        int64_t end = day->from + (b + 1) * BIN;
        uint64_t next = b + 1 < bins ? pab__day_prints_before(leg, end) : pab__day_prints_until(leg, end);
        pab__sample_add(&s->bins, (double)(next - i));
        i = next;
    }
}

static double volume(const pab__day_leg *leg, int64_t from, int64_t to)
{
    double sum = 0;
    for (uint64_t i = pab__day_prints_before(leg, from); i < leg->print_count && leg->prints[i].time < to; i++)
        sum += leg->prints[i].size;
    return sum;
}

static void add_profile(const pab__day *day, const pab__day_leg *leg, order_sums *s)
{
    int64_t part = (day->to - day->from) / 13;
    if (day->to - day->from < 4 * (int64_t)HOUR)
        return;
    s->open += volume(leg, day->from, day->from + part);
    s->noon += volume(leg, day->from + 6 * part, day->from + 7 * part);
    s->close += volume(leg, day->from + 12 * part, day->to + 1);
    s->volumes += volume(leg, day->from, day->to + 1) / 13;
}

static void add_day(const pab__day *day, const pab__day_leg *leg, order_sums *s)
{
    int64_t last = 0;
    uint64_t start = s->signs.count;
    for (uint64_t i = 0; i < leg->print_count;) {
        int64_t time = leg->prints[i].time;
        if (i > 0)
            pab__sample_add(&s->gaps, (double)(time - last) / PAB__SECOND);
        last = time;
        i = add_instant(leg, i, s);
    }
    add_bins(day, leg, s);
    add_profile(day, leg, s);
    s->hours += (double)(day->to - day->from) / HOUR;
    uint64_t n = s->signs.count - start;
    if (n > 100) {
        for (size_t k = 0; k < 6; k++)
            s->memory[k] += pab__autocorrelation(s->signs.at + start, n, (uint64_t)lags[k]);
        s->days++;
    }
}

/* Of sorted sizes: one over the mean logarithm of the largest over the next. */
static double hill(const pab__sample *sorted)
{
    uint64_t k = (uint64_t)(TAIL * (double)sorted->count);
    double sum = 0, base = k > 1 ? sorted->at[sorted->count - 1 - k] : 0;
    for (uint64_t i = 0; i < k && base > 0; i++)
        sum += log(sorted->at[sorted->count - 1 - i] / base);
    return sum > 0 ? (double)k / sum : NAN;
}

static void tell_sizes(order_sums *s, double *out)
{
    double mean = pab__sample_mean(&s->sizes), round = 0;
    uint64_t n = s->sizes.count;
    for (uint64_t i = 0; i < n; i++)
        round += fmod(s->sizes.at[i], LOT) <= 0;
    out[PAB_REALISM_ORDER_RATE] = (double)n / s->hours;
    out[PAB_REALISM_ORDER_SIZE] = mean;
    if (n == 0 || !(mean > 0))
        return;
    out[PAB_REALISM_ROUND_LOTS] = 100 * round / (double)n;
    out[PAB_REALISM_SIZE_Q99] = pab__sample_quantile(&s->sizes, 0.99) / mean;
    out[PAB_REALISM_SIZE_MEDIAN] = pab__sample_quantile(&s->sizes, 0.5) / mean;
    out[PAB_REALISM_SIZE_TAIL] = hill(&s->sizes);
}

static void tell_times(const order_sums *s, double *out)
{
    static const int facts[6] = {PAB_REALISM_ORDER_SIGN_1,  PAB_REALISM_ORDER_SIGN_2,  PAB_REALISM_ORDER_SIGN_5,
                                 PAB_REALISM_ORDER_SIGN_10, PAB_REALISM_ORDER_SIGN_20, PAB_REALISM_ORDER_SIGN_50};
    for (size_t k = 0; k < 6 && s->days > 0; k++)
        out[facts[k]] = s->memory[k] / s->days;
    double mean = pab__sample_mean(&s->bins), sd = pab__sample_sd(&s->bins), fast = 0;
    out[PAB_REALISM_FANO] = mean > 0 ? sd * sd / mean : NAN;
    for (uint64_t i = 0; i < s->gaps.count; i++)
        fast += s->gaps.at[i] < 0.01;
    mean = pab__sample_mean(&s->gaps);
    out[PAB_REALISM_GAP_CV] = mean > 0 ? pab__sample_sd(&s->gaps) / mean : NAN;
    out[PAB_REALISM_GAP_10MS] = s->gaps.count > 0 ? 100 * fast / (double)s->gaps.count : NAN;
    if (s->volumes > 0) {
        out[PAB_REALISM_VOLUME_OPEN] = s->open / s->volumes;
        out[PAB_REALISM_VOLUME_NOON] = s->noon / s->volumes;
        out[PAB_REALISM_VOLUME_CLOSE] = s->close / s->volumes;
    }
}

pab_status pab__realism_orders(const pab__day *days, uint32_t count, int leg, double *out)
{
    const pab_host *host = &days[0].host;
    order_sums s = {.signs = {.host = host}, .sizes = {.host = host}, .gaps = {.host = host}, .bins = {.host = host}};
    for (uint32_t d = 0; d < count; d++)
        add_day(&days[d], &days[d].leg[leg], &s);
    int failed = s.signs.failed || s.sizes.failed || s.gaps.failed || s.bins.failed;
    if (!failed) {
        tell_times(&s, out);
        tell_sizes(&s, out);
    }
    pab__sample_free(&s.signs);
    pab__sample_free(&s.sizes);
    pab__sample_free(&s.gaps);
    pab__sample_free(&s.bins);
    return failed ? pab__fail(PAB_E_MEMORY, "no memory for the orders of %u days", count) : PAB_OK;
}
