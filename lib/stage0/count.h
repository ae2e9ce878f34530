/* What a crowd's tables are counted from: the queues, orders and moves of one leg while its spread is one tick.
 *
 * A fit of a scenario whose symbols are traded by flow agents counts these first (fit_plan.c) and writes them as the
 * keys of the same names (fit_crowd.c). */
#ifndef PAB_STAGE0_COUNT_H
#define PAB_STAGE0_COUNT_H

#include "stage0/realism.h"

enum { PAB__COUNT_BINS = 10, PAB__COUNT_KNOTS = 19 };

/* By own share of the touch in ten bins; rates are per second and side. */
typedef struct pab__counts {
    double time[PAB__COUNT_BINS];   /* s */
    double adds[PAB__COUNT_BINS];   /* orders added to the touch */
    double trades[PAB__COUNT_BINS]; /* clusters of trades against it, away from moves */
    double queues[PAB__COUNT_BINS]; /* mean shares */
    double falls[PAB__COUNT_BINS];  /* losses, by the share a tenth of a second before */
    double trade_sizes[PAB__COUNT_KNOTS], add_sizes[PAB__COUNT_KNOTS]; /* quantiles, shares */
    double odd_trades, odd_adds;    /* shares of orders that are no round lots */
    double cluster_single, cluster_more, cluster_gap; /* of clusters; gap in s */
    double depth;                   /* mean touch, shares */
} pab__counts;

/* PAB_E_RANGE, naming the leg, where there is too little to count. */
pab_status pab__count_leg(const pab__day *days, uint32_t count, int leg, pab__counts *out);

#endif
