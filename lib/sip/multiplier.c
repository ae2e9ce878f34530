/* The constraint on tracking on the final seeds, and the multiplier at which it holds. */
#include <math.h>

#include "sip/search.h"

int pab__sip_is_feasible(const pab__sip_search *s, double tracking)
{
    return s->bound == 0 || tracking <= s->bound;
}

double pab__sip_multiplier(const pab__sip_search *s, const pab__sip_costs *costs, uint32_t n)
{
    double eta = s->how.eta;
    uint32_t best = 0;
    for (uint32_t i = 1; i < n; i++)
        if (pab__sip_objective(&costs[i], eta) < pab__sip_objective(&costs[best], eta))
            best = i;
    while (!pab__sip_is_feasible(s, costs[best].tracking)) { /* the next best as eta grows */
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
        if (!(least <= PAB__SIP_MULTIPLIER_MAX))
            break;
        eta = fmax(eta, least);
        best = next;
    }
    return eta;
}
