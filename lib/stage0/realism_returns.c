/* Facts of mids on a grid: volatility, kurtosis and memory of returns; of the pair: Epps curve, lead, spread. */
#include "stage0/realism.h"

#include <math.h>

#define HOUR (3600.0 * PAB__SECOND)

/* Log returns of a day over `step` ns. */
static void add_returns(const pab__day *day, int leg, int64_t step, pab__sample *out)
{
    double last = 0;
    for (int64_t t = day->from; t <= day->to; t += step) {
        double now = log(pab__day_mid(pab__day_quote_at(&day->leg[leg], t)));
        if (t > day->from)
            pab__sample_add(out, now - last);
        last = now;
    }
}

/* Autocorrelation of absolute returns about the mean of all windows, so that short ones are not biased; no product
 * crosses the end of a window. */
static double absolute_memory(const pab__sample *x, const uint64_t *ends, uint32_t count)
{
    double mean = 0, square = 0, sum = 0;
    uint64_t i = 0;
    for (uint64_t k = 0; k < x->count; k++)
        mean += fabs(x->at[k]) / (double)x->count;
    for (uint32_t d = 0; d < count; d++) {
        for (double last = 0, now = 0; i < ends[d]; i++, last = now) {
            now = fabs(x->at[i]) - mean;
            square += now * now;
            sum += now * last;
        }
    }
    return x->count > 3 && square > 0 ? sum / square : NAN;
}

pab_status pab__realism_returns(const pab__day *days, uint32_t count, int leg, double *out)
{
    static const struct {
        int fact, seconds, kurtosis;
    } scales[] = {{PAB_REALISM_VOL_1, 1, PAB_REALISM_KURTOSIS_1}, {PAB_REALISM_VOL_10, 10, PAB_REALISM_KURTOSIS_10},
                  {PAB_REALISM_VOL_60, 60, -1}, {PAB_REALISM_VOL_300, 300, -1}};
    const pab_host *host = &days[0].host;
    pab_status status = PAB_OK;
    uint64_t *ends = pab__alloc(host, count * sizeof *ends);
    if (!ends)
        return pab__fail(PAB_E_MEMORY, "no memory for the returns of %u days", count);
    for (size_t i = 0; i < sizeof scales / sizeof *scales && status == PAB_OK; i++) {
        pab__sample x = {.host = host};
        double hours = 0;
        for (uint32_t d = 0; d < count; d++) {
            add_returns(&days[d], leg, scales[i].seconds * PAB__SECOND, &x);
            ends[d] = x.count;
            hours += (double)(days[d].to - days[d].from) / HOUR;
        }
        out[scales[i].fact] = pab__volatility(x.at, x.count, hours);
        if (scales[i].kurtosis >= 0)
            out[scales[i].kurtosis] = x.count > 3 ? pab__excess_kurtosis(x.at, x.count) : NAN;
        if (scales[i].seconds == 60)
            out[PAB_REALISM_ABS_RETURN_60] = absolute_memory(&x, ends, count);
        status = x.failed ? pab__fail(PAB_E_MEMORY, "no memory for returns") : PAB_OK;
        pab__sample_free(&x);
    }
    pab__release(host, ends, count * sizeof *ends);
    return status;
}

/* Of 1 s returns: B a second later than A less B a second earlier; no pair of returns crosses a day's end. */
static pab_status lead(const pab__day *days, uint32_t count, double *out)
{
    pab__sample now[2], later[2];
    for (int k = 0; k < 2; k++) {
        now[k] = later[k] = (pab__sample){.host = &days[0].host};
        for (uint32_t d = 0; d < count; d++) {
            pab__sample x = {.host = &days[0].host};
            add_returns(&days[d], k, PAB__SECOND, &x);
            for (uint64_t i = 0; i + 1 < x.count; i++) {
                pab__sample_add(&now[k], x.at[i]);
                pab__sample_add(&later[k], x.at[i + 1]);
            }
            now[k].failed |= x.failed;
            pab__sample_free(&x);
        }
    }
    int failed = now[0].failed || now[1].failed || later[0].failed || later[1].failed;
    if (!failed)
        *out = pab__moments_correlation(now[0].at, later[1].at, now[0].count) -
               pab__moments_correlation(later[0].at, now[1].at, now[0].count);
    for (int k = 0; k < 2; k++) {
        pab__sample_free(&now[k]);
        pab__sample_free(&later[k]);
    }
    return failed ? pab__fail(PAB_E_MEMORY, "no memory for returns") : PAB_OK;
}

/* What a line through the log mids of one day, each minute, leaves: its deviation in bps, and its half-life in s. */
static void add_spread(const pab__day *day, pab__sample *sd, pab__sample *life)
{
    pab__sample y = {.host = &day->host}, z = {.host = &day->host};
    for (int64_t t = day->from; t <= day->to; t += 60 * PAB__SECOND) {
        pab__sample_add(&y, log(pab__day_mid(pab__day_quote_at(&day->leg[0], t))));
        pab__sample_add(&z, log(pab__day_mid(pab__day_quote_at(&day->leg[1], t))));
    }
    uint64_t n = y.failed || z.failed ? 0 : y.count;
    sd->failed |= y.failed || z.failed;
    pab__moments m = n > 8 ? pab__moments_of(y.at, z.at, n) : (pab__moments){0};
    double beta = m.syy > 0 ? m.sxy / m.syy : NAN, square = 0, next = 0, last = 0, start = 0;
    for (uint64_t i = 0; i < n && m.syy > 0; i++) {
        double e = y.at[i] - m.mean_x - beta * (z.at[i] - m.mean_y);
        square += e * e;
        next += i > 0 ? e * last : 0;
        start += i > 0 ? last * last : 0;
        last = e;
    }
    double rho = next / start;
    if (square > 0)
        pab__sample_add(sd, 1e4 * sqrt(square / m.n));
    if (rho > 0 && rho < 1)
        pab__sample_add(life, -60 * log(2) / log(rho));
    pab__sample_free(&y);
    pab__sample_free(&z);
}

pab_status pab__realism_pair(const pab__day *days, uint32_t count, double *out)
{
    static const struct {
        int fact, seconds;
    } scales[] = {{PAB__REALISM_PAIR(CORR_1), 1}, {PAB__REALISM_PAIR(CORR_2), 2}, {PAB__REALISM_PAIR(CORR_5), 5},
                  {PAB__REALISM_PAIR(CORR_10), 10}, {PAB__REALISM_PAIR(CORR_30), 30},
                  {PAB__REALISM_PAIR(CORR_60), 60}, {PAB__REALISM_PAIR(CORR_300), 300}};
    const pab_host *host = &days[0].host;
    pab_status status = PAB_OK;
    for (size_t i = 0; i < sizeof scales / sizeof *scales && status == PAB_OK; i++) {
        pab__sample a = {.host = host}, b = {.host = host};
        for (uint32_t d = 0; d < count; d++) {
            add_returns(&days[d], 0, scales[i].seconds * PAB__SECOND, &a);
            add_returns(&days[d], 1, scales[i].seconds * PAB__SECOND, &b);
        }
        if (a.failed || b.failed)
            status = pab__fail(PAB_E_MEMORY, "no memory for returns");
        else
            out[scales[i].fact] = pab__moments_correlation(a.at, b.at, a.count);
        pab__sample_free(&a);
        pab__sample_free(&b);
    }
    pab__sample sd = {.host = host}, life = {.host = host};
    for (uint32_t d = 0; d < count; d++)
        add_spread(&days[d], &sd, &life);
    out[PAB__REALISM_PAIR(PAIR_SD)] = pab__sample_mean(&sd);
    out[PAB__REALISM_PAIR(PAIR_HALF_LIFE)] = pab__sample_quantile(&life, 0.5);
    if (status == PAB_OK && (sd.failed || life.failed))
        status = pab__fail(PAB_E_MEMORY, "no memory for the spreads of %u days", count);
    pab__sample_free(&sd);
    pab__sample_free(&life);
    return status == PAB_OK ? lead(days, count, &out[PAB__REALISM_PAIR(LEAD_1)]) : status;
}
