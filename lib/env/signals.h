/* Signals: what the executor knows of a book, a leg and the pair at a decision, in natural units.
 *
 * pab__signals has a double for each row of PAB_OBS_LEG_TABLE and PAB_OBS_PAIR_TABLE (env.h), named alike, in the
 * table's units. Three functions, in this order:
 *
 *     measure   from the executor's state, in full precision
 *     observe   scales them: the observation
 *     read      what an observation says, in natural units again
 *
 * Rules, tables and ensemble decide on signals that were read from the observation, so on float32 and within the bounds
 * of the features: a network that sees the observation can imitate them exactly, and ties such as a fifth of a queue
 * fall the same way for all of them. Tables and rules get them with pab__context_take (env/context.h). */
#ifndef PAB_ENV_SIGNALS_H
#define PAB_ENV_SIGNALS_H

#include <pairsabides/env.h>

#include "env/pair.h"

typedef struct pab__executor pab__executor; /* env/executor.h */

#define PAB__SIGNAL_FIELD(id, field, ...) double field;

typedef struct pab__leg_signals {
    PAB_OBS_LEG_TABLE(PAB__SIGNAL_FIELD)
} pab__leg_signals;

typedef struct pab__pair_signals {
    PAB_OBS_PAIR_TABLE(PAB__SIGNAL_FIELD)
} pab__pair_signals;

#undef PAB__SIGNAL_FIELD

typedef struct pab__signals {
    pab__leg_signals leg[PAB_ENV_LEGS];
    pab__pair_signals pair;
} pab__signals;

/* Signals that do not apply (a spread of an empty book) are 0, a queue without an order is 1. */
void pab__signals_measure(const pab__executor *x, const pab_scenario *scn, pab__signals *out);
void pab__signals_observe(const pab__signals *signals, float obs[PAB_ENV_OBSERVATIONS]);
void pab__signals_read(const float obs[PAB_ENV_OBSERVATIONS], pab__signals *out);

/* Measures and scales. */
void pab__observation_make(const pab__executor *x, const pab_scenario *scn, float obs[PAB_ENV_OBSERVATIONS]);

/* The adverse signal of a leg, -1 to 1: above 0 the price is expected to move away. */
static inline double pab__signals_alpha(const pab__leg_signals *leg)
{
    return 0.35 * leg->micro_price + 0.25 * leg->imbalance_5 + 0.2 * leg->trade_flow + 0.2 * leg->order_flow;
}

/* The probability that a side's touch withdraws, after IEX's crumbling quote indicator, and what it is made of: one
 * side of one book since the last decision. */
typedef struct pab__crumble_side {
    double touch, other;     /* shares at it and at the opposite touch */
    double depth3;           /* shares in 3 levels */
    double hit, gone, added; /* shares: taken by aggressors, cancelled, added */
    double spread;           /* ticks */
    double retreats;         /* 1: its last two moves were both away from the other side */
} pab__crumble_side;

enum { PAB__CRUMBLE_INPUTS = 7 };

void pab__crumble_measure(const pab__executor *x, int64_t interval, int i, int book_side, pab__crumble_side *out);
/* The inputs x1 .. x7; `usual` has the means, of which touch, depth3 and the spread's count. */
void pab__crumble_inputs(const pab__crumble_side *seen, const pab__reference *usual, double out[PAB__CRUMBLE_INPUTS]);
double pab__crumble_probability(const pab__executor *x, const pab_scenario *scn, int i, int book_side);

/* Row of the micro-price table: share of the bid in the touch, spread, its mean. */
int pab__micro_price_row(double share, double spread, double mean);

#endif
