/* Where the mid goes after a trade, as a share of the half-spread that was paid, and what of it the maker keeps. */
#include "stage0/realism.h"

#include <math.h>

static const struct {
    int response, realised; /* -1: not told */
    int64_t lag;            /* ns */
} lags[] = {
    {PAB_REALISM_RESPONSE_01, PAB_REALISM_REALISED_01, PAB__SECOND / 10},
    {PAB_REALISM_RESPONSE_03, -1, 3 * (PAB__SECOND / 10)},
    {PAB_REALISM_RESPONSE_1, PAB_REALISM_REALISED_1, PAB__SECOND},
    {PAB_REALISM_RESPONSE_3, -1, 3 * PAB__SECOND},
    {PAB_REALISM_RESPONSE_10, PAB_REALISM_REALISED_10, 10 * PAB__SECOND},
    {PAB_REALISM_RESPONSE_30, -1, 30 * PAB__SECOND},
    {PAB_REALISM_RESPONSE_60, PAB_REALISM_REALISED_60, 60 * PAB__SECOND},
};

/* Mean bid in ticks: a tick is 1e4 over it in bps. */
static double mean_bid(const pab__day *days, uint32_t count, int leg)
{
    double sum = 0;
    for (uint32_t d = 0; d < count; d++) {
        const pab__day_leg *l = &days[d].leg[leg];
        double day = 0;
        for (uint64_t i = 0; i < l->quote_count; i++)
            day += l->quotes[i].bid;
        sum += day / (double)l->quote_count;
    }
    return sum / count;
}

pab_status pab__realism_response(const pab__day *days, uint32_t count, int leg, double *out)
{
    double tick = 1e4 / mean_bid(days, count, leg);
    for (size_t k = 0; k < sizeof lags / sizeof *lags; k++) {
        double moved = 0, paid = 0, n = 0;
        for (uint32_t d = 0; d < count; d++) {
            const pab__day_leg *l = &days[d].leg[leg];
            for (uint64_t i = 0; i < l->print_count; i++) {
                const pab__day_print *p = &l->prints[i];
                if (p->time + lags[k].lag > days[d].to)
                    break;
                moved += p->sign * (pab__day_mid(pab__day_quote_at(l, p->time + lags[k].lag)) - p->before);
                paid += p->sign * (p->price - p->before);
                n++;
            }
        }
        out[lags[k].response] = paid > 0 ? moved / paid : NAN;
        if (lags[k].realised >= 0)
            out[lags[k].realised] = n > 0 ? (paid - moved) / n * tick : NAN;
    }
    return PAB_OK;
}
