/* Correlated fundamentals, compiled: the symbols whose oracle is of kind `correlated`, moving on one grid. */
#ifndef PAB_SCENARIO_CORRELATION_H
#define PAB_SCENARIO_CORRELATION_H

#include <stdint.h>

#include "base/host.h"

/* Most symbols that may be correlated: a step costs the square of their number. */
enum { PAB__CORRELATED_MAX = 64 };

/* Keys under `correlation`, but for the pairs. */
typedef struct pab__correlation_keys {
    int64_t grid;                    /* ns */
    double common_rate;              /* 1/h */
    double common_sd;                /* bps */
    int64_t common_delay;            /* ns */
    int32_t event;                   /* 1: one common jump in the window below */
    int64_t event_from, event_to;    /* ns */
    double event_sd, event_own_sd;   /* bps */
    int64_t event_delay;             /* ns */
} pab__correlation_keys;

/* One correlated symbol. Deviations are in ticks. */
typedef struct pab__correlated {
    uint32_t symbol;
    int32_t leader;     /* member that it follows, -1 for none */
    double beta;        /* ticks of this per tick of the leader */
    double keep;        /* share of its own deviation left after a grid step */
    double keep_jump;   /* the same of a common jump */
    uint32_t lag;       /* grid steps by which its value is late */
    uint32_t lag_first; /* first slot of its ring of late values */
} pab__correlated;

typedef struct pab__correlation {
    pab__correlation_keys keys;
    uint32_t count;      /* members, in order of symbols */
    uint32_t lag_slots;  /* of all rings together */
    pab__correlated *members;
    double *factor;      /* count x count, lower: shocks of a grid step = factor * standard normals, ticks */
} pab__correlation;

void pab__correlation_free(const pab_host *host, pab__correlation *c);

#endif
