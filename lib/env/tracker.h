/* The tracker of a leg's book: the latest quotes, without own orders, and running averages of them.
 *
 * The executor has one per leg and one of the pair (pab__pair_tracker). It feeds them quotes as they arrive, a sample
 * each second and a mark at each decision; signals.c and calibration read them. Plain data, zeroed at the start. */
#ifndef PAB_ENV_TRACKER_H
#define PAB_ENV_TRACKER_H

#include <pairsabides/market.h>

#include "env/pair.h"

enum {
    PAB__TRACKER_LEVELS = 10,   /* of a side */
    PAB__TRACKER_RETURNS = 60,  /* of one second, kept */
    PAB__TRACKER_SECONDS = 32,  /* of volumes, kept */
    PAB__TRACKER_DECISIONS = 8  /* back, kept */
};

/* Running averages of one leg, half-life 600 s. */
typedef struct pab__tracker_means {
    double spread, spread_square;  /* ticks, ticks^2 */
    double touch, depth3, depth5;  /* shares at one side */
    double square;                 /* squared return of 1 s, bps^2 */
    double volume;                 /* shares/s */
} pab__tracker_means;

/* One leg. Sides of the book: 0 bids, 1 asks. */
typedef struct pab__tracker {
    pab_level depth[2][PAB__TRACKER_LEVELS];
    int32_t levels[2];
    int64_t last_trade;
    int64_t bought, sold;          /* shares by aggressor since the open */
    int64_t tape[PAB__TRACKER_SECONDS][2];   /* bought and sold, each second */
    float returns[PAB__TRACKER_RETURNS];     /* of the last seconds, bps */
    double grid_mid[PAB__TRACKER_DECISIONS]; /* mids at the last decisions */
    double mid;                    /* at the last sample; 0 for none */
    double mid5;                   /* five samples ago or less, for returns of 5 s */
    double flow;                   /* order-flow imbalance of the touch since the last decision, shares */
    int64_t added[2], gone[2];     /* shares near each touch, since the last decision */
    int32_t retreats[2];           /* last two moves of each touch: bit 0 the last; 1: away from the other side */
    int64_t known;                 /* samples with a mid */
    pab__tracker_means mean;
} pab__tracker;

/* Both legs together. */
typedef struct pab__pair_tracker {
    double covariance[3];  /* AA, AB, BB of 1 s returns, half-life 60 s, bps^2/s */
    double slow[3];        /* of 5 s returns, half-life 300 s, bps^2 */
    double residual, residual_square; /* ln A - beta ln B, half-life 600 s */
    double grid_z[PAB__TRACKER_DECISIONS];
    double origin;         /* the first residual: the two above are relative to it */
    int64_t known, slow_known;
} pab__pair_tracker;

double pab__tracker_mid(const pab__tracker *s);    /* ticks; last trade where a side is empty, 0 for none */
double pab__tracker_spread(const pab__tracker *s); /* ticks, 0 where a side is empty */
int64_t pab__tracker_touch(const pab__tracker *s, int side); /* price, 0 for none */
int64_t pab__tracker_shares(const pab__tracker *s, int side, int levels);

/* A quote: levels best first, own shares already taken out. `band`: how near the touch changes count, ticks. */
void pab__tracker_quote(pab__tracker *s, const pab_level *bids, int32_t n_bids, const pab_level *asks, int32_t n_asks,
                        int64_t last_trade, double band);
/* A second has passed: takes sample number `n` of both legs. */
void pab__pair_tracker_sample(pab__tracker *legs[2], pab__pair_tracker *c, double beta, int64_t n);
/* A decision is due: keeps mids and the residual. */
void pab__pair_tracker_decide(pab__tracker *legs[2], pab__pair_tracker *c, double beta);
void pab__tracker_interval(pab__tracker *s); /* starts counting anew: an interval begins */
/* Shares bought (0) or sold (1) by aggressors in the last seconds; `n` samples were taken. */
int64_t pab__tracker_volume(const pab__tracker *s, int sold, int64_t seconds, int64_t n);

double pab__tracker_volatility(const pab__tracker *s); /* bps/sqrt(s), last 60 s; 0 where unknown */
double pab__pair_tracker_residual_z(const pab__tracker *a, const pab__tracker *b, const pab__pair_tracker *c,
                                    double beta);

/* References: calibrated, or the executor's own. */
double pab__tracker_spread_mean(const pab__tracker *s, const pab__reference *r);
double pab__tracker_spread_sd(const pab__tracker *s, const pab__reference *r);
double pab__tracker_touch_mean(const pab__tracker *s, const pab__reference *r);
double pab__tracker_depth3_mean(const pab__tracker *s, const pab__reference *r);
double pab__tracker_depth5_mean(const pab__tracker *s, const pab__reference *r);
double pab__tracker_volatility_mean(const pab__tracker *s, const pab__reference *r);
double pab__tracker_volume_mean(const pab__tracker *s, const pab__reference *r);
double pab__tracker_half_spread(const pab__tracker *s, const pab__reference *r); /* bps */

#endif
