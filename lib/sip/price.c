/* The bound on tracking on the final seeds, and the price that keeps it. */
#include <math.h>

#include "sip/search.h"

int pab__sip_keeps(const pab__sip_search *s, double tracking)
{
    return s->bound == 0 || tracking <= s->bound;
}

double pab__sip_price(const pab__sip_search *s, const pab__sip_costs *costs, uint32_t n)
{
    double eta = s->how.eta;
    uint32_t best = 0;
    for (uint32_t i = 1; i < n; i++)
        if (pab__sip_objective(&costs[i], eta) < pab__sip_objective(&costs[best], eta))
            best = i;
    while (!pab__sip_keeps(s, costs[best].tracking)) { /* on to who is the best next, as eta grows */
        double least = INFINITY;
        uint32_t next = best;
        for (uint32_t i = 0; i < n; i++) {
            const double gain = costs[best].tracking - costs[i].tracking;
            const double at = (pab__sip_objective(&costs[i], 0) - pab__sip_objective(&costs[best], 0)) / gain;
            if (gain > 0 && (at < least || (at == least && costs[i].tracking < costs[next].tracking))) {
                least = at;
                next = i;
            }
        }
        if (!(least <= PAB__SIP_PRICE_MOST))
            break;
        eta = fmax(eta, least);
        best = next;
    }
    return eta;
}
