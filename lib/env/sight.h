/* What the executor has seen of the market: own orders are taken out of every depth. */
#ifndef PAB_ENV_SIGHT_H
#define PAB_ENV_SIGHT_H

#include <pairsabides/market.h>

#include "env/pair.h"

enum {
    PAB__DEPTH = 10,   /* levels of a side */
    PAB__RETURNS = 60, /* of one second, kept */
    PAB__TAPE = 32,    /* seconds of volumes, kept */
    PAB__GRID = 8      /* decisions back, kept */
};

/* Running averages of one leg, half-life 600 s. */
typedef struct pab__averages {
    double spread, spread_square;  /* ticks, ticks^2 */
    double touch, depth3, depth5;  /* shares at one side */
    double square;                 /* squared return of 1 s, bps^2 */
    double volume;                 /* shares/s */
} pab__averages;

/* One leg. Sides of the book: 0 bids, 1 asks. */
typedef struct pab__sight {
    pab_level depth[2][PAB__DEPTH];
    int32_t levels[2];
    int64_t last_trade;
    int64_t bought, sold;          /* shares by aggressor since the open */
    int64_t tape[PAB__TAPE][2];    /* bought and sold, each second */
    float returns[PAB__RETURNS];   /* of the last seconds, bps */
    double grid_mid[PAB__GRID];    /* mids at the last decisions */
    double mid;                    /* at the last sample; 0 for none */
    double mid5;                   /* five samples ago or less, for returns of 5 s */
    double flow;                   /* order-flow imbalance of the touch since the last decision, shares */
    int64_t added[2], gone[2];     /* shares near each touch, since the last decision */
    int32_t retreats[2];           /* last two moves of each touch: bit 0 the last; 1: away from the other side */
    int64_t known;                 /* samples with a mid */
    pab__averages mean;
} pab__sight;

/* Both legs together. */
typedef struct pab__couple {
    double covariance[3];  /* AA, AB, BB of 1 s returns, half-life 60 s, bps^2/s */
    double slow[3];        /* of 5 s returns, half-life 300 s, bps^2 */
    double residual, residual_square; /* ln A - beta ln B, half-life 600 s */
    double grid_z[PAB__GRID];
    double origin;         /* the first residual: the two above are relative to it */
    int64_t known, slow_known;
} pab__couple;

double pab__mid_of(const pab__sight *s);    /* ticks; last trade where a side is empty, 0 for none */
double pab__spread_of(const pab__sight *s); /* ticks, 0 where a side is empty */
int64_t pab__touch_of(const pab__sight *s, int side); /* price, 0 for none */
int64_t pab__shares_of(const pab__sight *s, int side, int levels);

/* A quote: levels best first, own shares already taken out. `band`: how near the touch changes count, ticks. */
void pab__sight_quote(pab__sight *s, const pab_level *bids, int32_t n_bids, const pab_level *asks, int32_t n_asks,
                      int64_t last_trade, double band);
/* A second has passed; sample number `n`. */
void pab__sight_sample(pab__sight *legs[2], pab__couple *c, double beta, int64_t n);
/* A decision is due. */
void pab__sight_grid(pab__sight *legs[2], pab__couple *c, double beta);
void pab__sight_interval(pab__sight *s); /* forgets what is counted since the last decision */
/* Shares bought (0) or sold (1) by aggressors in the last seconds; `n` samples were taken. */
int64_t pab__sight_volume(const pab__sight *s, int sold, int64_t seconds, int64_t n);

double pab__volatility(const pab__sight *s);              /* bps/sqrt(s), last 60 s; 0 where unknown */
double pab__residual_z(const pab__sight *a, const pab__sight *b, const pab__couple *c, double beta);

/* References: calibrated, or the executor's own. */
double pab__spread_mean(const pab__sight *s, const pab__reference *r);
double pab__spread_sd(const pab__sight *s, const pab__reference *r);
double pab__touch_mean(const pab__sight *s, const pab__reference *r);
double pab__depth3_mean(const pab__sight *s, const pab__reference *r);
double pab__depth5_mean(const pab__sight *s, const pab__reference *r);
double pab__volatility_mean(const pab__sight *s, const pab__reference *r);
double pab__volume_mean(const pab__sight *s, const pab__reference *r);
double pab__half_spread(const pab__sight *s, const pab__reference *r); /* bps */

#endif
