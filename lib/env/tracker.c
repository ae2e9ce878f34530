/* The tracker: quotes and volumes as they arrive, and running averages for signals and references. */
#include "env/tracker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 1 - 2^(-1/n) for half-lives in samples. */
#define SHORT 0.011486168      /* 60 */
#define LONG 0.0011545780      /* 600 */
#define LONG_OF_5S 0.011486168 /* 300 s of 5 s samples */

int64_t pab__tracker_touch(const pab__tracker *s, int side)
{
    return s->levels[side] > 0 ? s->depth[side][0].price : 0;
}

double pab__tracker_mid(const pab__tracker *s)
{
    if (s->levels[0] > 0 && s->levels[1] > 0)
        return 0.5 * (double)(s->depth[0][0].price + s->depth[1][0].price);
    return (double)s->last_trade;
}

double pab__tracker_spread(const pab__tracker *s)
{
    if (s->levels[0] == 0 || s->levels[1] == 0)
        return 0.0;
    return (double)(s->depth[1][0].price - s->depth[0][0].price);
}

int64_t pab__tracker_shares(const pab__tracker *s, int side, int levels)
{
    int64_t sum = 0;
    for (int i = 0; i < levels && i < s->levels[side]; i++)
        sum += s->depth[side][i].quantity;
    return sum;
}

/* --- Quotes --- */

/* Adds up how the shares near the touch changed: both lists run from the best price outwards. */
static void count_changes(pab__tracker *s, int side, const pab_level *fresh, int32_t n, int64_t edge)
{
    const pab_level *old = s->depth[side];
    int32_t i = 0, j = 0, left = s->levels[side];
    int64_t sign = side == 0 ? -1 : 1; /* of "farther out" */
    while (i < left || j < n) {
        int64_t p = i < left ? old[i].price : 0, q = j < n ? fresh[j].price : 0, change;
        int only_old = j >= n || (i < left && (p - q) * sign < 0);
        int only_fresh = !only_old && (i >= left || p != q);
        if (((only_fresh ? q : p) - edge) * sign > 0)
            return;
        change = (only_old ? 0 : fresh[j].quantity) - (only_fresh ? 0 : old[i].quantity);
        if (change > 0)
            s->added[side] += change;
        else
            s->gone[side] -= change;
        i += !only_fresh;
        j += !only_old;
    }
}

static void note_move(pab__tracker *s, int side, int64_t before, int64_t after)
{
    if (before == after || before == 0 || after == 0)
        return;
    int retreat = side == 0 ? after < before : after > before;
    s->retreats[side] = ((s->retreats[side] & 1) << 1) | retreat;
}

/* Cont, Kukanov & Stoikov: what the touch gained on the bid side less what it gained on the ask side. */
static double flow_of(const pab_level *bid, const pab_level *bid0, const pab_level *ask, const pab_level *ask0)
{
    int64_t flow = 0;
    flow += bid->price >= bid0->price ? bid->quantity : 0;
    flow -= bid->price <= bid0->price ? bid0->quantity : 0;
    flow -= ask->price <= ask0->price ? ask->quantity : 0;
    flow += ask->price >= ask0->price ? ask0->quantity : 0;
    return (double)flow;
}

static void store_side(pab__tracker *s, int side, const pab_level *fresh, int32_t n)
{
    memcpy(s->depth[side], fresh, (size_t)n * sizeof *fresh);
    memset(&s->depth[side][n], 0, (size_t)(PAB__TRACKER_LEVELS - n) * sizeof *fresh);
    s->levels[side] = n;
}

void pab__tracker_quote(pab__tracker *s, const pab_level *bids, int32_t n_bids, const pab_level *asks, int32_t n_asks,
                        int64_t last_trade, double band)
{
    const pab_level *fresh[2] = {bids, asks};
    int32_t n[2] = {n_bids, n_asks};
    int64_t reach = (int64_t)band;
    if (n_bids > 0 && n_asks > 0 && s->levels[0] > 0 && s->levels[1] > 0)
        s->flow += flow_of(&bids[0], &s->depth[0][0], &asks[0], &s->depth[1][0]);
    for (int side = 0; side < 2; side++) {
        if (n[side] == s->levels[side] && memcmp(fresh[side], s->depth[side], (size_t)n[side] * sizeof **fresh) == 0)
            continue; /* most news is of the other side */
        int64_t old = pab__tracker_touch(s, side), now = n[side] > 0 ? fresh[side][0].price : 0;
        int64_t best = old == 0 || (now != 0 && (side == 0 ? now > old : now < old)) ? now : old;
        count_changes(s, side, fresh[side], n[side], side == 0 ? best - reach : best + reach);
        note_move(s, side, old, now);
        store_side(s, side, fresh[side], n[side]);
    }
    s->last_trade = last_trade;
}

/* --- Samples --- */

/* An exponential average that starts as the plain mean of the first values. */
static void average(double *mean, double value, double weight, int64_t n)
{
    double w = (double)n * weight < 1.0 ? 1.0 / (double)n : weight;
    *mean += w * (value - *mean);
}

static void sample_depth(pab__tracker *s)
{
    double spread = pab__tracker_spread(s);
    int64_t n = ++s->known;
    average(&s->mean.spread, spread, LONG, n);
    average(&s->mean.spread_square, spread * spread, LONG, n);
    double *const means[3] = {&s->mean.touch, &s->mean.depth3, &s->mean.depth5};
    const int levels[3] = {1, 3, 5};
    for (int i = 0; i < 3; i++) {
        int64_t both = pab__tracker_shares(s, 0, levels[i]) + pab__tracker_shares(s, 1, levels[i]);
        average(means[i], 0.5 * (double)both, LONG, n);
    }
}

/* The return of the last second in bps; 0 where a mid is missing. */
static double sample_leg(pab__tracker *s, int64_t n)
{
    const int64_t last = n + PAB__TRACKER_SECONDS - 1;
    int64_t *row = s->tape[n % PAB__TRACKER_SECONDS], *before = s->tape[last % PAB__TRACKER_SECONDS];
    double mid = pab__tracker_mid(s);
    double move = mid > 0 && s->mid > 0 ? 1e4 * log(mid / s->mid) : 0.0;
    row[0] = s->bought;
    row[1] = s->sold;
    average(&s->mean.volume, (double)(row[0] - before[0] + row[1] - before[1]), LONG, n + 1);
    average(&s->mean.square, move * move, LONG, n + 1);
    s->returns[n % PAB__TRACKER_RETURNS] = (float)move;
    if (s->levels[0] > 0 && s->levels[1] > 0)
        sample_depth(s);
    s->mid = mid;
    return move;
}

static void sample_slow(pab__tracker *legs[2], pab__pair_tracker *c)
{
    double move[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        if (legs[i]->mid > 0 && legs[i]->mid5 > 0)
            move[i] = 1e4 * log(legs[i]->mid / legs[i]->mid5);
        legs[i]->mid5 = legs[i]->mid;
    }
    c->slow_known++;
    average(&c->slow[0], move[0] * move[0], LONG_OF_5S, c->slow_known);
    average(&c->slow[1], move[0] * move[1], LONG_OF_5S, c->slow_known);
    average(&c->slow[2], move[1] * move[1], LONG_OF_5S, c->slow_known);
}

static double residual_of(const pab__tracker *a, const pab__tracker *b, double beta)
{
    double x = pab__tracker_mid(a), y = pab__tracker_mid(b);
    return x > 0 && y > 0 ? log(x) - beta * log(y) : 0.0;
}

void pab__pair_tracker_sample(pab__tracker *legs[2], pab__pair_tracker *c, double beta, int64_t n)
{
    double a = sample_leg(legs[0], n), b = sample_leg(legs[1], n);
    if (legs[0]->mid <= 0 || legs[1]->mid <= 0)
        return;
    c->known++;
    average(&c->covariance[0], a * a, SHORT, c->known);
    average(&c->covariance[1], a * b, SHORT, c->known);
    average(&c->covariance[2], b * b, SHORT, c->known);
    /* Kept relative to the first value, so that the variance does not drown. */
    double residual = residual_of(legs[0], legs[1], beta);
    if (c->known == 1)
        c->origin = residual;
    average(&c->residual, residual - c->origin, LONG, c->known);
    average(&c->residual_square, (residual - c->origin) * (residual - c->origin), LONG, c->known);
    if (n % 5 == 0)
        sample_slow(legs, c);
}

static void shift(double *ring, double value)
{
    memmove(&ring[1], &ring[0], (PAB__TRACKER_DECISIONS - 1) * sizeof *ring);
    ring[0] = value;
}

void pab__pair_tracker_decide(pab__tracker *legs[2], pab__pair_tracker *c, double beta)
{
    for (int i = 0; i < 2; i++)
        shift(legs[i]->grid_mid, pab__tracker_mid(legs[i]));
    shift(c->grid_z, pab__pair_tracker_residual_z(legs[0], legs[1], c, beta));
}

void pab__tracker_interval(pab__tracker *s)
{
    s->flow = 0;
    memset(s->added, 0, sizeof s->added);
    memset(s->gone, 0, sizeof s->gone);
}

int64_t pab__tracker_volume(const pab__tracker *s, int sold, int64_t seconds, int64_t n)
{
    int64_t back = seconds < PAB__TRACKER_SECONDS - 1 ? seconds : PAB__TRACKER_SECONDS - 1;
    int64_t total = sold ? s->sold : s->bought;
    if (n <= back)
        return total;
    return total - s->tape[(n - 1 - back) % PAB__TRACKER_SECONDS][sold];
}

double pab__tracker_volatility(const pab__tracker *s)
{
    double sum = 0;
    for (int i = 0; i < PAB__TRACKER_RETURNS; i++)
        sum += (double)s->returns[i] * (double)s->returns[i];
    double volatility = sqrt(sum / PAB__TRACKER_RETURNS);
    return volatility > 0.01 ? volatility : 0.01;
}

double pab__pair_tracker_residual_z(const pab__tracker *a, const pab__tracker *b, const pab__pair_tracker *c,
                                    double beta)
{
    double variance = c->residual_square - c->residual * c->residual;
    if (c->known < 2 || !(variance > 1e-16))
        return 0.0;
    return (residual_of(a, b, beta) - c->origin - c->residual) / sqrt(variance);
}

/* --- References --- */

static double either(double calibrated, double own)
{
    return calibrated > 0 ? calibrated : own;
}

double pab__tracker_spread_mean(const pab__tracker *s, const pab__reference *r)
{
    return either(r->spread_mean, s->mean.spread);
}

double pab__tracker_spread_sd(const pab__tracker *s, const pab__reference *r)
{
    double variance = s->mean.spread_square - s->mean.spread * s->mean.spread;
    return either(r->spread_sd, variance > 0 ? sqrt(variance) : 0.0);
}

double pab__tracker_touch_mean(const pab__tracker *s, const pab__reference *r)
{
    return either(r->touch_mean, s->mean.touch);
}

double pab__tracker_depth3_mean(const pab__tracker *s, const pab__reference *r)
{
    return either(r->depth3_mean, s->mean.depth3);
}

double pab__tracker_depth5_mean(const pab__tracker *s, const pab__reference *r)
{
    return either(r->depth5_mean, s->mean.depth5);
}

double pab__tracker_volatility_mean(const pab__tracker *s, const pab__reference *r)
{
    double own = sqrt(s->mean.square);
    return either(r->volatility, own > 0.01 ? own : 0.01);
}

double pab__tracker_volume_mean(const pab__tracker *s, const pab__reference *r)
{
    return either(r->volume_per_second, s->mean.volume);
}

double pab__tracker_half_spread(const pab__tracker *s, const pab__reference *r)
{
    double mid = pab__tracker_mid(s);
    return either(r->half_spread, mid > 0 ? 0.5e4 * pab__tracker_spread_mean(s, r) / mid : 0.0);
}
