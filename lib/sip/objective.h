/* What Stage 2 minimises: J = mean IS + eta * mean TE + 0.1 CVaR95 of IS. */
#ifndef PAB_SIP_OBJECTIVE_H
#define PAB_SIP_OBJECTIVE_H

#include "base/host.h"

/* Costs of one policy over seeds. */
typedef struct pab__sip_costs {
    double shortfall; /* mean, bps */
    double tracking;  /* mean, % */
    double tail;      /* CVaR95 of the shortfall, bps */
} pab__sip_costs;

/* `spare` has room for n. */
void pab__sip_costs_of(const double *shortfall, const double *tracking, uint32_t n, double *spare,
                       pab__sip_costs *out);
double pab__sip_objective(const pab__sip_costs *costs, double eta);

/* The objective of a less that of b on the same seeds, or of a alone (b NULL): bootstrap, 95 % by percentiles. */
typedef struct pab__sip_run {
    const double *shortfall, *tracking;
} pab__sip_run;

typedef struct pab__sip_interval {
    double value, low, high;
} pab__sip_interval;

pab_status pab__sip_compare(const pab_host *host, const pab__sip_run *a, const pab__sip_run *b, uint32_t n, double eta,
                            uint64_t key, pab__sip_interval *out);

/* front[i]: no other of n has both means no larger and one smaller. */
void pab__sip_front(const pab__sip_costs *costs, uint32_t n, uint8_t *front);

#endif
